import datetime as dt
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytz


def times(seconds):
    # ruleid: wrong-time-zone
    datetime(2026, 1, 1, tzinfo=pytz.timezone("Europe/Berlin"))
    # ruleid: wrong-time-zone
    datetime.now().replace(tzinfo=timezone.utc)
    # ruleid: wrong-time-zone
    dt.datetime.fromtimestamp(seconds).replace(tzinfo=dt.timezone.utc)
    # ruleid: wrong-time-zone
    pytz.utc.localize(dt.datetime.now())
    # ok: wrong-time-zone
    datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    # ok: wrong-time-zone
    datetime.now(timezone.utc).replace(microsecond=0)
    # ok: wrong-time-zone
    pytz.timezone("Europe/Berlin").localize(datetime(2026, 1, 1))
    # ok: wrong-time-zone
    return dt.datetime.fromtimestamp(seconds, tz=dt.timezone.utc)


async def stamp(event):
    # ruleid: wrong-time-zone
    event.at = event.at.replace(
        tzinfo=pytz.timezone("Europe/Berlin"),
    )
    # ok: wrong-time-zone
    event.seen = event.at.astimezone(pytz.timezone("Europe/Berlin"))
