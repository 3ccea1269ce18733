"""Writes shared/src/domain/common_passwords.bin: the most common passwords that could be set at all, as the first four bytes of their
SHA-256, in order.

    pip install zxcvbn==4.5.0 && python infra/common-passwords.py

They are the first of the list of passwords in zxcvbn, by how often leaks had them. The list is Copyright (c) 2012-2016 Dan Wheeler and
Dropbox, Inc., under the MIT license; the package, Copyright (c) 2016 Daniel Wolf, likewise.
"""

import hashlib
import pathlib

from zxcvbn.frequency_lists import FREQUENCY_LISTS

MOST = 5000
common = [password for password in FREQUENCY_LISTS["passwords"] if len(password) >= 8][:MOST]
assert all(password.isascii() and password == password.lower() for password in common)
digests = sorted(hashlib.sha256(password.encode()).digest()[:4] for password in common)
pathlib.Path("shared/src/domain/common_passwords.bin").write_bytes(b"".join(digests))
