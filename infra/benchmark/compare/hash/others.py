"""Hashes a password with the implementation of Argon2id that is named, and prints how many milliseconds each hash took."""

import os
import sys
import time

HASHES = 40
PASSWORD = "correct horse battery staple"
MEMORY_KIB, PASSES, LANES = 19456, 2, 1


def argon2_cffi():
    """The C reference implementation."""
    from argon2 import PasswordHasher

    hasher = PasswordHasher(
        time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, hash_len=32, salt_len=16
    )
    return lambda: hasher.hash(PASSWORD)


def libsodium():
    """Its Argon2id has one lane and no other number of them."""
    from nacl.pwhash.argon2id import kdf

    password = PASSWORD.encode()
    return lambda: kdf(32, password, os.urandom(16), opslimit=PASSES, memlimit=MEMORY_KIB * 1024)


def openssl():
    """From version 3.2 on."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    password = PASSWORD.encode()
    return lambda: Argon2id(
        salt=os.urandom(16), length=32, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB
    ).derive(password)


hash_once = {"argon2-cffi": argon2_cffi, "libsodium": libsodium, "openssl": openssl}[sys.argv[1]]()
for _ in range(HASHES):
    begun = time.perf_counter()
    hash_once()
    print((time.perf_counter() - begun) * 1e3)
