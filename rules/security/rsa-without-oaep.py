from Crypto.Cipher import PKCS1_OAEP, PKCS1_v1_5
from Crypto.Signature import pkcs1_15
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import padding as pad

OAEP = padding.OAEP(mgf=padding.MGF1(algorithm=hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


def seal(key, text):
    # ruleid: rsa-without-oaep
    one = key.encrypt(text, padding.PKCS1v15())
    # ruleid: rsa-without-oaep
    two = PKCS1_v1_5.new(key)
    # ok: rsa-without-oaep
    rightly = key.encrypt(text, OAEP)
    # ok: rsa-without-oaep
    other = PKCS1_OAEP.new(key)
    # ok: rsa-without-oaep
    signature = key.sign(text, padding.PKCS1v15(), hashes.SHA256())
    # ok: rsa-without-oaep
    signer = pkcs1_15.new(key)
    return one, two, rightly, other, signature, signer


async def unseal(key, read):
    # ruleid: rsa-without-oaep
    return key.decrypt(
        await read(),
        pad.PKCS1v15(),
    )
