import jwt
import jwt as pyjwt
from jose import jwt as jose_jwt


def read(token, key):
    # ruleid: jwt-claim-unchecked
    claims = jwt.decode(token, key, algorithms=["HS256"], options={"verify_exp": False})
    # ruleid: jwt-claim-unchecked
    other = jose_jwt.decode(token, key, options={"verify_aud": False, "leeway": 5})
    # ok: jwt-claim-unchecked
    rightly = jwt.decode(token, key, algorithms=["HS256"], audience="shop", leeway=5)
    # ok: jwt-claim-unchecked
    strict = pyjwt.decode(token, key, algorithms=["HS256"], options={"require": ["exp"]})
    # ok: jwt-claim-unchecked
    unsigned = jwt.decode(token, options={"verify_signature": False, "verify_exp": False})
    return claims, other, rightly, strict, unsigned


async def read_later(request, key):
    # ruleid: jwt-claim-unchecked
    return pyjwt.decode(
        await request.token(),
        key,
        algorithms=["RS256"],
        options={"verify_iss": False},
    )
