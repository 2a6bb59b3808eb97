"""Windows of wall-clock time in a named zone, and whether a moment lies in one.

The zone data comes from the package ``tzdata`` (the IANA database, https://www.iana.org/time-zones) and is
read when a policy is loaded: the machine's own zones are never asked, so that a verdict does not depend on
where it was computed.

A window is half-open: it holds from the first moment at which the clocks show its start or later, up to but
not at the moment from which on they never show less than its end. So where clocks are put back and both exist
twice, it holds from the first start to the second end; where they are put forward over one, from (or to) the
moment of the change. A window has no holes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import cache
from importlib import resources
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import msgspec

from riskbot.domain.suggest import did_you_mean

_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)


class Zone:
    """A time zone by its IANA name; ValueError, with the nearest name, for one that is not."""

    __slots__ = ("info", "name")

    def __init__(self, name: str) -> None:
        if name not in _names():
            raise ValueError(f"{name[:80]!r} is no time zone. {_near(name)}")
        self.name = name
        self.info = _info(name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Zone) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"Zone({self.name!r})"

    def first(self, wall: datetime) -> datetime:
        """The first moment (UTC) at which the zone's clocks show ``wall`` or later."""
        early, late = self._readings(wall)
        return early if early <= late else self._leap(late, early)

    def last(self, wall: datetime) -> datetime:
        """The first moment (UTC) from which on the zone's clocks never show less than ``wall`` again."""
        early, late = self._readings(wall)
        if early > late:
            return self._leap(late, early)
        # Put back exactly to this time, the clocks never show less again after the first one.
        return late if self.wall(late - _SECOND) < wall else early

    def wall(self, moment: datetime) -> datetime:
        """What the zone's clocks show, without an offset."""
        return moment.astimezone(self.info).replace(tzinfo=None)

    def _readings(self, wall: datetime) -> tuple[datetime, datetime]:
        """The moments by the offset before and after a change of clocks nearby; equal far from any.

        The second is the earlier one exactly where the clocks jump over ``wall`` (PEP 495).
        """
        first = wall.replace(tzinfo=self.info, fold=0).astimezone(UTC)
        return first, wall.replace(tzinfo=self.info, fold=1).astimezone(UTC)

    def _leap(self, before: datetime, after: datetime) -> datetime:
        """The moment between the two at which the clocks were put forward."""
        offset = before.astimezone(self.info).utcoffset()
        while after - before > _SECOND:
            middle = before + (after - before) // 2
            if middle.astimezone(self.info).utcoffset() == offset:
                before = middle
            else:
                after = middle
        return after.replace(microsecond=0)


@cache
def _names() -> frozenset[str]:
    """Every name that the database has: names from outside are held against this list, never a path."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text(encoding="ascii").split())


@cache
def _info(name: str) -> ZoneInfo:
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def _near(name: str) -> str:
    """Name the nearest zone, by its city too."""
    same = [one for one in sorted(_names()) if one.rpartition("/")[2].casefold() == name.casefold()]
    if same:
        return f"Did you mean {same[0]!r}?"
    near = did_you_mean(name, _names())
    return near if near.startswith("Did") else "Write one like Europe/Berlin, America/New_York or UTC."


class Day(Enum):
    """A day of the week, ordered from Monday as :meth:`datetime.date.weekday` numbers them."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class Moment:
    """A wall-clock time: ``2026-12-20T00:00``, or ``18:00`` for every named day; ``24:00`` ends a day."""

    __slots__ = ("date", "offset", "text")

    def __init__(self, text: str) -> None:
        match = re.fullmatch(r"(?:(\d{4})-(\d{2})-(\d{2})T)?(\d{2}):(\d{2})", text, re.ASCII)
        if match is None:
            raise ValueError(f"{text[:40]!r} is no time; write 2026-12-20T00:00, or 18:00 beside days.")
        year, month, day, hour, minute = (int(part) if part is not None else 0 for part in match.groups())
        if (hour, minute) > (24, 0) or minute > 59:
            raise ValueError(f"{text!r} is no time of the day; they go from 00:00 to 24:00.")
        try:
            self.date = date(year, month, day) if match[1] is not None else None
        except ValueError:
            raise ValueError(f"{text!r} names no day of the calendar.") from None
        if year == 9999:
            raise ValueError(f"{text!r} is too late for a calendar; write a nearer year.")
        self.offset = timedelta(hours=hour, minutes=minute)
        self.text = text

    def on(self, day: date) -> datetime:
        """This time of ``day``; 24:00 is the next day's 00:00."""
        return datetime.combine(day, time()) + self.offset

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Moment) and (self.date, self.offset) == (other.date, other.offset)

    def __hash__(self) -> int:
        return hash((self.date, self.offset))

    def __repr__(self) -> str:
        return f"Moment({self.text!r})"


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """``{from: "2026-12-20T00:00", until: "2027-01-04T06:00"}``, or with ``days`` one that comes every week.

    A weekly window whose end is not after its start goes on into the next day.
    """

    from_: Moment
    until: Moment
    days: Annotated[tuple[Day, ...], msgspec.Meta(min_length=1)] | None = None

    def __post_init__(self) -> None:
        start, end = self.from_, self.until
        if self.days is not None:
            if start.date is not None or end.date is not None:
                raise ValueError("A window with days takes times of the day, without a date")
            if start.offset in {end.offset, _DAY}:
                raise ValueError("A weekly window needs two different times; the whole day is 00:00 to 24:00")
            return
        if start.date is None or end.date is None:
            raise ValueError("A window without days takes dates: 2026-12-20T00:00")
        if end.on(end.date) <= start.on(start.date):
            raise ValueError("The window ends before it starts")

    def around(self, now: datetime, zone: Zone) -> Iterator[tuple[datetime, datetime]]:
        """The occurrences that ``now`` could lie in, as moments in UTC.

        Raises OverflowError where ``now`` is at an end of the calendar.
        """
        start, end = self.from_, self.until
        if start.date is not None and end.date is not None:
            yield zone.first(start.on(start.date)), zone.last(end.on(end.date))
            return
        days = {list(Day).index(day) for day in self.days or ()}
        over = timedelta() if end.offset > start.offset else _DAY
        today = zone.wall(now).date()
        # One that started yesterday may last; where the clocks jump a whole day, the day before too.
        for back in range(-1, 3):
            day = today - back * _DAY
            if day.weekday() in days:
                yield zone.first(start.on(day)), zone.last(end.on(day + over))


def until(windows: tuple[Window, ...], zone: Zone, now: datetime) -> datetime | None:
    """The end of the window that ``now`` lies in (of several, the last one's end); None: it lies in none."""
    ends = [end for window in windows for start, end in window.around(now, zone) if start <= now < end]
    return max(ends, default=None)
