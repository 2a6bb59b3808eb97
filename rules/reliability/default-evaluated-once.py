import time
import uuid
from datetime import datetime
from datetime import datetime as moment

import sqlalchemy as sa
from django.db import models
from django.utils import timezone


# ruleid: default-evaluated-once
def log(text, at=datetime.now()):
    return text, at


# ruleid: default-evaluated-once
async def start(job, key: str = uuid.uuid4(), *, began=time.time()):
    return job, key, began


class Order(models.Model):
    # ruleid: default-evaluated-once
    made = models.DateTimeField(default=timezone.now())
    # ok: default-evaluated-once
    sent = models.DateTimeField(default=timezone.now)


class Row:
    # ruleid: default-evaluated-once
    made = sa.Column(sa.DateTime, default=moment.utcnow())
    # ok: default-evaluated-once
    sent = sa.Column(sa.DateTime, default=moment.utcnow)


def log_rightly(text, at=None):
    # ok: default-evaluated-once
    return text, at or datetime.now()


# ok: default-evaluated-once
async def wait(seconds=10, clock=time.time):
    return clock() + seconds
