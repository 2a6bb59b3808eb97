import hashlib
import hashlib as hl
import hmac
from hashlib import sha1

from Crypto.Cipher import AES
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import modes


def sign(data, key, password, secret, private):
    # ruleid: weak-hash-or-cipher
    hashlib.md5(password.encode()).hexdigest()
    # ruleid: weak-hash-or-cipher
    hl.new("md5", data + secret)
    # ruleid: weak-hash-or-cipher
    sha1(f"{data}{secret}".encode())
    # ruleid: weak-hash-or-cipher
    hmac.new(key, data, hashlib.md5)
    # ruleid: weak-hash-or-cipher
    private.sign(data, hashes.SHA1())
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
    hashlib.md5(data).hexdigest()
    # ok: weak-hash-or-cipher
    return hl.new("sha256", data)


def keep(user, password):
    digest = sha1()
    # ruleid: weak-hash-or-cipher
    digest.update(password.encode())
    # ok: weak-hash-or-cipher
    digest.update(user.name.encode())
    return digest


async def reset(users, form):
    # ruleid: weak-hash-or-cipher
    return hashlib.sha1((await form())["reset_token"].encode()).hexdigest()
