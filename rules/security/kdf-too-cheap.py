import hashlib
import hashlib as digests

import bcrypt
from bcrypt import gensalt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC


def store(password, salt):
    # ruleid: kdf-too-cheap
    one = hashlib.pbkdf2_hmac("sha256", password, salt, 1000)
    # ruleid: kdf-too-cheap
    two = bcrypt.hashpw(password, gensalt(rounds=4))
    # ruleid: kdf-too-cheap
    three = hashlib.scrypt(password, salt=salt, n=1024, r=8, p=1)
    # ruleid: kdf-too-cheap
    four = PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt=salt, iterations=10_000)
    # ok: kdf-too-cheap
    rightly = hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)
    # ok: kdf-too-cheap
    usual = bcrypt.hashpw(password, bcrypt.gensalt())
    # ok: kdf-too-cheap
    twelve = bcrypt.gensalt(12)
    return one, two, three, four, rightly, usual, twelve


async def store_later(read, salt, rounds):
    # ruleid: kdf-too-cheap
    cheap = digests.pbkdf2_hmac(
        "sha256",
        await read(),
        salt,
        iterations=5000,
    )
    # ok: kdf-too-cheap
    return cheap, digests.pbkdf2_hmac("sha256", await read(), salt, rounds)
