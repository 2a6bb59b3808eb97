import datetime
import datetime as dt
from datetime import datetime as moment
from datetime import timezone


def now(seconds):
    # ruleid: deprecated-utc-clock
    datetime.datetime.utcnow()
    # ruleid: deprecated-utc-clock
    dt.datetime.utcnow().isoformat()
    # ruleid: deprecated-utc-clock
    moment.utcfromtimestamp(seconds)
    # ruleid: deprecated-utc-clock
    field = dict(default_factory=moment.utcnow)
    # ok: deprecated-utc-clock
    moment.now(timezone.utc)
    # ok: deprecated-utc-clock
    dt.datetime.fromtimestamp(seconds, dt.timezone.utc)
    # ok: deprecated-utc-clock
    return field, moment.now(
        tz=timezone.utc,
    )


async def stamp(event):
    # ruleid: deprecated-utc-clock
    event.at = moment.utcnow()
    return event
