import datetime
import datetime as dt
from datetime import datetime as moment
from datetime import timezone

import sqlalchemy as sa


class Order:
    def __init__(self, seconds):
        # ruleid: naive-local-time
        self.made = moment.now()
        # ok: naive-local-time
        self.sent = dt.datetime.fromtimestamp(seconds, dt.timezone.utc)
        # ok: naive-local-time
        self.name = moment.now().strftime("%Y%m%d")
        # ok: naive-local-time
        self.paid = moment.now(timezone.utc)
        # ok: naive-local-time
        self.seen = moment.now().astimezone()
        # ok: naive-local-time
        self.day = datetime.date.today()


async def expired(token):
    # ruleid: naive-local-time
    return token.expires < datetime.datetime.now()


class Row:
    # ruleid: naive-local-time
    made = sa.Column(sa.DateTime, default=datetime.datetime.now)
    # ok: naive-local-time
    sent = sa.Column(sa.DateTime, default=lambda: moment.now(timezone.utc))


async def expired_rightly(token):
    # ok: naive-local-time
    return token.expires < datetime.datetime.now(datetime.timezone.utc)
