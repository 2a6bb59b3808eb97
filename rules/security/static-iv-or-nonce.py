import os

from Crypto.Cipher import AES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305 as Box


def seal(key, text):
    # ruleid: static-iv-or-nonce
    cipher = Cipher(algorithms.AES(key), modes.CBC(b"0123456789abcdef"))
    # ruleid: static-iv-or-nonce
    old = AES.new(key, AES.MODE_CBC, b"\x00" * 16)
    # ruleid: static-iv-or-nonce
    named = AES.new(key, AES.MODE_GCM, nonce=bytes(12))
    # ruleid: static-iv-or-nonce
    direct = AESGCM(key).encrypt(b"unique nonce", text, None)
    # ok: static-iv-or-nonce
    rightly = AESGCM(key).encrypt(os.urandom(12), text, None)
    # ok: static-iv-or-nonce
    fresh = AES.new(key, AES.MODE_GCM)
    # ok: static-iv-or-nonce
    random = Cipher(algorithms.AES(key), modes.CBC(os.urandom(16)))
    return cipher, old, named, direct, rightly, fresh, random


async def seal_later(key, read):
    box = Box(key)
    nonce = os.urandom(12)
    # ok: static-iv-or-nonce
    good = box.encrypt(nonce, await read(), None)
    return good, box.encrypt(
        # ruleid: static-iv-or-nonce
        b"000000000000",
        await read(),
        None,
    )


def by_variable(key, text):
    iv = b"\x00" * 16
    # ruleid: static-iv-or-nonce
    return AES.new(key, AES.MODE_CBC, iv).encrypt(text)


NONCE = b"000000000000"


def by_constant(key, text):
    box = AESGCM(key)
    # ruleid: static-iv-or-nonce
    return box.encrypt(NONCE, text, None)
