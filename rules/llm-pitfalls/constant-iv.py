import os

from Crypto.Cipher import AES
from Crypto.Cipher import AES as Aes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FIXED = b"0123456789abcdef"


def lock(key, data):
    # ruleid: constant-iv
    AES.new(key, AES.MODE_CBC, b"0000000000000000").encrypt(data)
    # ruleid: constant-iv
    Aes.new(key, Aes.MODE_CBC, iv=FIXED).encrypt(data)
    # ruleid: constant-iv
    Cipher(algorithms.AES(key), modes.CTR(b"\x00" * 16))
    # ruleid: constant-iv
    Cipher(algorithms.AES(key), modes.CBC(bytes(16)))
    # ok: constant-iv
    AES.new(key, AES.MODE_CBC, os.urandom(16)).encrypt(data)
    # ok: constant-iv
    AES.new(key, AES.MODE_GCM).encrypt_and_digest(data)
    # ok: constant-iv
    return Cipher(algorithms.AES(key), modes.GCM(os.urandom(12)))


async def lock_later(key, file):
    iv = b"fixed nonce!"
    # todoruleid: constant-iv
    sealed = AESGCM(key).encrypt(iv, await file.read(), None)
    # ruleid: constant-iv
    sealed = AESGCM(key).encrypt(b"fixed nonce!", await file.read(), None)
    nonce = os.urandom(12)
    # ok: constant-iv
    return sealed, AESGCM(key).encrypt(nonce, await file.read(), None)


def unlock(key, blob):
    # ok: constant-iv
    return AES.new(key, AES.MODE_CBC, blob[:16]).decrypt(blob[16:])
