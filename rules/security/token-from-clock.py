import hashlib
import secrets
import time
import uuid
from datetime import datetime
from uuid import uuid1, uuid4
from uuid import uuid1 as number


def make(user):
    # ruleid: token-from-clock
    token = str(uuid.uuid1())
    # ruleid: token-from-clock
    user.api_key = hashlib.sha256(str(time.time()).encode()).hexdigest()
    # ruleid: token-from-clock
    session_id = f"{user.name}-{datetime.now()}"
    # ok: token-from-clock
    rightly_token = secrets.token_urlsafe()
    # ok: token-from-clock
    other_token = str(uuid4())
    # ok: token-from-clock
    trace_id = str(uuid1())
    # ok: token-from-clock
    user.token_expires = time.time() + 600
    return token, session_id, rightly_token, other_token, trace_id


async def invite(store):
    # ruleid: token-from-clock
    await store.put(invite_token=number().hex)
    # ok: token-from-clock
    await store.put(created=time.time())
