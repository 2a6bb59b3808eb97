import hashlib
import hashlib as hl
from hashlib import sha1

from Crypto.Cipher import AES
from cryptography.hazmat.primitives.ciphers import modes


def sign(data, key):
    # ruleid: weak-hash-or-cipher
    hashlib.md5(data).hexdigest()
    # ruleid: weak-hash-or-cipher
    hl.new("md5", data)
    # ruleid: weak-hash-or-cipher
    sha1(data + key)
    # ruleid: weak-hash-or-cipher
    AES.new(key, AES.MODE_ECB)
    # ruleid: weak-hash-or-cipher
    modes.ECB()
    # ok: weak-hash-or-cipher
    hashlib.sha256(data).hexdigest()
    # ok: weak-hash-or-cipher
    hashlib.md5(data, usedforsecurity=False).hexdigest()
    # ok: weak-hash-or-cipher
    AES.new(key, AES.MODE_GCM)
    # ok: weak-hash-or-cipher
    return hl.new("sha256", data)


async def etag(response):
    # ruleid: weak-hash-or-cipher
    return hashlib.sha1(await response.body()).hexdigest()
