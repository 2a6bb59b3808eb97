import hashlib
import os

import bcrypt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC as Derive
from hashlib import pbkdf2_hmac as derive

SALT = b"pepper-and-salt"


def store(password):
    # ruleid: static-salt
    one = hashlib.pbkdf2_hmac("sha256", password, b"salt", 600_000)
    # ruleid: static-salt
    two = derive("sha256", password, SALT, 600_000)
    # ruleid: static-salt
    three = Derive(algorithm=hashes.SHA256(), length=32, salt=b"salt", iterations=600_000)
    # ruleid: static-salt
    four = hashlib.scrypt(password, salt="salt".encode(), n=2**15, r=8, p=1)
    # ok: static-salt
    rightly = hashlib.pbkdf2_hmac("sha256", password, os.urandom(16), 600_000)
    # ok: static-salt
    other = bcrypt.hashpw(password, bcrypt.gensalt())
    # ok: static-salt
    kept = Derive(algorithm=hashes.SHA256(), length=32, salt=load(), iterations=600_000)
    return one, two, three, four, rightly, other, kept


async def store_later(read):
    # ruleid: static-salt
    return bcrypt.hashpw(
        await read(),
        b"$2b$12$abcdefghijklmnopqrstuv",
    )
