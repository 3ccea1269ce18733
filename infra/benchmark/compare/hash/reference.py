"""Hashes a password with the C reference implementation of Argon2, and prints how many milliseconds each hash took."""

import time

from argon2 import PasswordHasher

HASHES = 40

hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1, hash_len=32, salt_len=16)
for _ in range(HASHES):
    begun = time.perf_counter()
    hasher.hash("correct horse battery staple")
    print((time.perf_counter() - begun) * 1e3)
