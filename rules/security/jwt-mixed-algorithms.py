import jwt
import jwt as pyjwt
from authlib.jose import JsonWebToken
from jose import jwt as jose_jwt


def read(token, key):
    # ruleid: jwt-mixed-algorithms
    claims = jwt.decode(token, key, algorithms=["HS256", "RS256"])
    # ruleid: jwt-mixed-algorithms
    other = jose_jwt.decode(token, key, algorithms=["RS256", "ES256", "HS512"])
    # ruleid: jwt-mixed-algorithms
    lib = JsonWebToken(["HS256", "EdDSA"])
    # ok: jwt-mixed-algorithms
    rightly = jwt.decode(token, key, algorithms=["RS256"])
    # ok: jwt-mixed-algorithms
    shared = pyjwt.decode(token, key, algorithms=["HS256", "HS512"])
    return claims, other, lib, rightly, shared


async def read_later(request, key):
    token = await request.token()
    # ruleid: jwt-mixed-algorithms
    claims = pyjwt.decode(
        token,
        key,
        algorithms=["HS256", "RS512"],
    )
    # ok: jwt-mixed-algorithms
    return claims, pyjwt.decode(token, key, algorithms=["RS256", "PS256"])
