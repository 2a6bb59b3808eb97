import hashlib
import os
import secrets
import time
import time as clock
import uuid
from datetime import datetime
from uuid import uuid1, uuid4


def make(user):
    # ruleid: token-from-clock
    token = str(uuid.uuid1())
    # ruleid: token-from-clock
    user.api_key = hashlib.sha256(str(time.time()).encode()).hexdigest()
    # ruleid: token-from-clock
    session_id = f"{user.name}-{datetime.now()}"
    # ruleid: token-from-clock
    user.reset_code = "%d-%d" % (os.getpid(), clock.time_ns())
    # ok: token-from-clock
    rightly_token = secrets.token_urlsafe()
    # ok: token-from-clock
    other_token = str(uuid4())
    # ok: token-from-clock
    trace_id = str(uuid1())
    # ok: token-from-clock
    user.token_expires = time.time() + 600
    # ok: token-from-clock
    stamped = f"{secrets.token_urlsafe()}.{time.time()}"
    return token, session_id, rightly_token, other_token, trace_id, stamped


async def invite(store):
    # ruleid: token-from-clock
    await store.put(invite_token=uuid1().hex)
    # ok: token-from-clock
    await store.put(created=time.time())


def by_variable(user):
    now = time.time()
    # todoruleid: token-from-clock
    user.reset_token = hashlib.sha256(f"{user.name}{now}".encode()).hexdigest()
