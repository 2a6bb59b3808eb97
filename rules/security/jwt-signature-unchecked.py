import jwt
import jwt as pyjwt
from jose import jwt as jose_jwt
from jwt import decode


def user_of(token, key):
    # ruleid: jwt-signature-unchecked
    claims = jwt.decode(token, options={"verify_signature": False})
    # ruleid: jwt-signature-unchecked
    old = pyjwt.decode(token, verify=False)
    # ruleid: jwt-signature-unchecked
    loose = jose_jwt.get_unverified_claims(token)
    # ok: jwt-signature-unchecked
    checked = jwt.decode(token, key, algorithms=["RS256"])
    # ok: jwt-signature-unchecked
    header = jwt.get_unverified_header(token)
    # ok: jwt-signature-unchecked
    strict = decode(token, key, algorithms=["RS256"], options={"verify_signature": True})
    return claims, old, loose, checked, header, strict


async def user_later(request):
    # ruleid: jwt-signature-unchecked
    return decode(
        await request.token(),
        algorithms=["HS256"],
        options={"verify_aud": False, "verify_signature": False},
    )


def issuer_of(token):
    # ok: jwt-signature-unchecked
    return jwt.decode(token, options={"verify_signature": False})["iss"]


def key_for(token, keys):
    # ok: jwt-signature-unchecked
    unverified = jwt.decode(token, options={"verify_signature": False})
    return keys[unverified["iss"]]


def options_elsewhere(token):
    options = {"verify_signature": False}
    # todoruleid: jwt-signature-unchecked
    return jwt.decode(token, options=options)
