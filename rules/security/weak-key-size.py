import paramiko
from Crypto.PublicKey import RSA
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric import rsa as asymmetric


def make():
    # ruleid: weak-key-size
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    # ruleid: weak-key-size
    old = RSA.generate(1024)
    # ruleid: weak-key-size
    host = paramiko.RSAKey.generate(bits=1024)
    # ruleid: weak-key-size
    curve = ec.generate_private_key(ec.SECP192R1())
    # ok: weak-key-size
    rightly = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    # ok: weak-key-size
    least = RSA.generate(2048)
    # ok: weak-key-size
    good = ec.generate_private_key(ec.SECP256R1())
    return key, old, host, curve, rightly, least, good


async def make_later(pool, bits):
    # ruleid: weak-key-size
    key = asymmetric.generate_private_key(
        public_exponent=65537,
        key_size=512,
    )
    # ok: weak-key-size
    other = asymmetric.generate_private_key(public_exponent=65537, key_size=bits)
    await pool.put((key, other))
