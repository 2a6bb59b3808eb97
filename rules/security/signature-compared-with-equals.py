import hashlib
import hmac
from hmac import compare_digest
from hmac import new as sign

KEY = load()


def check(body, given):
    expected = hmac.new(KEY, body, hashlib.sha256).hexdigest()
    # ruleid: signature-compared-with-equals
    if expected == given:
        return True
    # ruleid: signature-compared-with-equals
    if given != f"sha256={expected}":
        return False
    # ok: signature-compared-with-equals
    return compare_digest(expected, given)


def check_at_once(body, given):
    # ruleid: signature-compared-with-equals
    return given == sign(KEY, body, "sha256").hexdigest()


async def check_later(request):
    mac = hmac.digest(KEY, await request.body(), "sha256")
    # ok: signature-compared-with-equals
    if len(mac) == 32:
        # ok: signature-compared-with-equals
        return hmac.compare_digest(mac, request.headers["X-Signature"].encode())
    return None


def checksum(body, given):
    # ok: signature-compared-with-equals
    return hashlib.sha256(body).hexdigest() == given
