import hmac
import os

import jwt
import jwt as pyjwt
from Crypto.Cipher import AES
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM as Gcm
from itsdangerous import URLSafeTimedSerializer

app = make_app()
# ruleid: crypto-key-literal
app.config["SECRET_KEY"] = "dev-key"
# ok: crypto-key-literal
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]


def sign(claims, key, data):
    # ruleid: crypto-key-literal
    token = jwt.encode(claims, "my-secret", algorithm="HS256")
    # ruleid: crypto-key-literal
    mac = hmac.new(b"my-secret", data, "sha256")
    # ruleid: crypto-key-literal
    serializer = URLSafeTimedSerializer("my-secret")
    # ruleid: crypto-key-literal
    box = Fernet(b"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    # ruleid: crypto-key-literal
    gcm = Gcm(b"0123456789abcdef")
    # ok: crypto-key-literal
    rightly = jwt.encode(claims, key, algorithm="HS256")
    # ok: crypto-key-literal
    read = hmac.new(os.environ["KEY"].encode(), data, "sha256")
    # ok: crypto-key-literal
    made = Fernet(Fernet.generate_key())
    return token, mac, serializer, box, gcm, rightly, read, made


async def open_later(request):
    # ruleid: crypto-key-literal
    cipher = AES.new(b"0123456789abcdef", AES.MODE_GCM, nonce=await request.nonce())
    # ruleid: crypto-key-literal
    return cipher, pyjwt.decode(
        await request.token(),
        "my-secret",
        algorithms=["HS256"],
    )


KEY = "my-secret"


def by_constant(claims):
    # ruleid: crypto-key-literal
    return jwt.encode(claims, KEY, algorithm="HS256")
