import jwt
import jwt as pyjwt
from authlib.jose import JsonWebToken
from jose import jwt as jose_jwt


def make(claims, key):
    # ruleid: jwt-algorithm-none
    token = jwt.encode(claims, None, algorithm=None)
    # ruleid: jwt-algorithm-none
    other = jose_jwt.encode(claims, "", algorithm="none")
    # ruleid: jwt-algorithm-none
    lib = JsonWebToken(["HS256", "none"])
    # ok: jwt-algorithm-none
    rightly = jwt.encode(claims, key, algorithm="EdDSA")
    # ok: jwt-algorithm-none
    strict = JsonWebToken(["ES256"])
    return token, other, lib, rightly, strict


async def read(request, key):
    token = await request.token()
    # ruleid: jwt-algorithm-none
    claims = pyjwt.decode(
        token,
        key,
        algorithms=["HS256", "none"],
    )
    # ok: jwt-algorithm-none
    return claims, pyjwt.decode(token, key, algorithms=["HS256"])
