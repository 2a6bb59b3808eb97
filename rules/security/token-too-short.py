import os
import secrets
import secrets as safe
from secrets import token_hex


def make(user):
    # ruleid: token-too-short
    token = secrets.token_hex(4)
    # ruleid: token-too-short
    user.reset_token = safe.token_urlsafe(8)
    # ruleid: token-too-short
    secret = os.urandom(8).hex()
    # ok: token-too-short
    rightly_token = secrets.token_urlsafe()
    # ok: token-too-short
    api_key = secrets.token_hex(32)
    # ok: token-too-short
    suffix = secrets.token_hex(4)
    # ok: token-too-short
    salt = os.urandom(8)
    return token, secret, rightly_token, api_key, suffix, salt


async def invite(store, user):
    # ruleid: token-too-short
    await store.put(
        user=user,
        invite_token=token_hex(5),
    )
    # ok: token-too-short
    await store.put(user=user, invite_token=token_hex(16))
