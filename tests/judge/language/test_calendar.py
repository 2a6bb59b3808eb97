"""Windows of wall-clock time: against a walk minute by minute, over every kind of change of clocks."""

from __future__ import annotations

import os
import subprocess
import sys
import time as clock
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from riskbot.judge.language.calendar import Day, Moment, Window, Zone, until

BERLIN, APIA, LORD_HOWE, NEW_YORK, TROLL = (
    Zone(name)
    for name in (
        "Europe/Berlin",
        "Pacific/Apia",
        "Australia/Lord_Howe",
        "America/New_York",
        "Antarctica/Troll",
    )
)
MINUTE = timedelta(minutes=1)


def dated(start: str, end: str) -> Window:
    return Window(from_=Moment(start), until=Moment(end))


def weekly(days: str, start: str, end: str) -> Window:
    return Window(from_=Moment(start), until=Moment(end), days=tuple(Day(day) for day in days.split()))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def holds(window: Window, zone: Zone, at: str) -> bool:
    return until((window,), zone, utc(at)) is not None


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2026-12-19T22:59:59", False),
        ("2026-12-19T23:00:00", True),  # midnight in Berlin: the start belongs to it
        ("2027-01-04T04:59:59", True),
        ("2027-01-04T05:00:00", False),  # the end does not
    ],
)
def test_a_dated_window_is_half_open_in_its_own_zone(at, inside):
    assert holds(dated("2026-12-20T00:00", "2027-01-04T06:00"), BERLIN, at) is inside


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2026-03-06T22:59", False),  # Friday 23:59 in Berlin
        ("2026-03-06T23:00", True),
        ("2026-03-08T22:59", True),
        ("2026-03-08T23:00", False),  # Monday 00:00
    ],
)
def test_the_weekend_is_whole(at, inside):
    assert holds(weekly("sat sun", "00:00", "24:00"), BERLIN, at) is inside


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2026-03-08T20:59", False),
        ("2026-03-08T21:00", True),  # Sunday 22:00
        ("2026-03-09T04:59", True),  # over midnight and the end of the week
        ("2026-03-09T05:00", False),
        ("2026-03-09T21:30", False),  # Monday evening is not named
    ],
)
def test_a_weekly_window_may_cross_midnight_and_the_end_of_the_week(at, inside):
    assert holds(weekly("sun", "22:00", "06:00"), BERLIN, at) is inside


def test_an_hour_that_comes_twice_is_held_to_its_second_end_without_a_hole():
    # On 2026-10-25 Berlin's clocks show 02:00 to 03:00 twice: from 00:00 and from 01:00 UTC.
    window = dated("2026-10-25T02:15", "2026-10-25T02:45")
    assert not holds(window, BERLIN, "2026-10-25T00:14")
    assert holds(window, BERLIN, "2026-10-25T00:15")
    assert holds(window, BERLIN, "2026-10-25T00:50"), "the first 02:50 lies between the two"
    assert holds(window, BERLIN, "2026-10-25T01:44")
    assert not holds(window, BERLIN, "2026-10-25T01:45")


def test_an_hour_that_does_not_exist_starts_and_ends_where_the_clocks_jump():
    # On 2026-03-29 Berlin's clocks go from 02:00 to 03:00 at 01:00 UTC.
    starting = dated("2026-03-29T02:30", "2026-03-29T04:00")
    assert not holds(starting, BERLIN, "2026-03-29T00:59:59")
    assert holds(starting, BERLIN, "2026-03-29T01:00")
    ending = dated("2026-03-29T01:00", "2026-03-29T02:30")
    assert holds(ending, BERLIN, "2026-03-29T00:59:59")
    assert not holds(ending, BERLIN, "2026-03-29T01:00")
    inside = dated("2026-03-29T02:10", "2026-03-29T02:50")
    assert not any(
        holds(inside, BERLIN, f"2026-03-29T0{hour}:{minute:02}") for hour in range(3) for minute in range(60)
    )


def test_a_day_that_a_country_skipped_is_no_time_at_all():
    # Samoa went from Thursday 2011-12-29 to Saturday 2011-12-31, crossing the date line.
    assert not any(
        holds(dated("2011-12-30T00:00", "2011-12-31T00:00"), APIA, f"2011-12-{day}T{hour:02}:00")
        for day in (29, 30, 31)
        for hour in range(24)
    )
    assert holds(weekly("thu", "12:00", "11:00"), APIA, "2011-12-30T09:59")
    assert holds(weekly("sat", "00:00", "24:00"), APIA, "2011-12-30T10:00")


def test_of_windows_that_overlap_the_last_end_is_told():
    windows = (dated("2026-12-20T00:00", "2026-12-27T00:00"), dated("2026-12-26T00:00", "2026-12-28T00:00"))
    assert until(windows, BERLIN, utc("2026-12-26T12:00")) == utc("2026-12-27T23:00")
    assert until(windows, BERLIN, utc("2026-12-24T12:00")) == utc("2026-12-26T23:00")
    assert until(windows, BERLIN, utc("2026-12-29T12:00")) is None


# A walk over the minutes: the window runs from the first minute whose clock shows its start or later, up to
# the first after which no clock shows less than its end.


@cache
def clocks(zone: Zone, first: datetime, days: int) -> tuple[list[datetime], list[datetime]]:
    minutes = [first + number * MINUTE for number in range(days * 1440)]
    return minutes, [zone.wall(minute) for minute in minutes]


def walked(zone: Zone, window: Window, first: datetime, days: int) -> set[datetime]:
    minutes, walls = clocks(zone, first, days)
    inside: set[datetime] = set()
    for start, end in spans(window, walls[0].date(), days):
        begins = next((at for at, wall in enumerate(walls) if wall >= start), len(walls))
        ends = next((at for at in range(len(walls), 0, -1) if walls[at - 1] < end), 0)
        inside.update(minutes[begins:ends])
    return inside


def spans(window: Window, first: date, days: int):
    if window.days is None:
        yield window.from_.on(window.from_.date), window.until.on(window.until.date)
        return
    named = {list(Day).index(day) for day in window.days}
    for number in range(days + 1):
        day = first + timedelta(days=number)
        if day.weekday() in named:
            crossing = window.until.offset <= window.from_.offset
            yield window.from_.on(day), window.until.on(day + timedelta(days=crossing))


CHANGES = [  # a zone, and a moment near which its clocks change (or do not)
    (BERLIN, utc("2026-03-29T01:00")),
    (BERLIN, utc("2026-10-25T01:00")),
    (BERLIN, utc("2026-06-03T12:00")),
    (NEW_YORK, utc("2026-03-08T07:00")),
    (NEW_YORK, utc("2026-11-01T06:00")),
    (LORD_HOWE, utc("2026-04-04T15:00")),  # half an hour
    (LORD_HOWE, utc("2026-10-03T15:30")),
    (TROLL, utc("2026-03-29T01:00")),  # two hours
    (TROLL, utc("2026-10-25T01:00")),
    (APIA, utc("2011-12-30T10:00")),  # a whole day
    (Zone("UTC"), utc("2026-03-29T01:00")),
]
times = st.integers(0, 1440)


@settings(max_examples=500, deadline=None)
@given(
    change=st.sampled_from(CHANGES), start=times, end=times, days=st.sets(st.sampled_from(Day), min_size=1)
)
@example(change=CHANGES[1], start=135, end=165, days={Day.SUN})
@example(change=CHANGES[0], start=150, end=150 + 60, days={Day.SUN})
@example(change=CHANGES[9], start=0, end=1440, days={Day.FRI})
def test_weekly_windows_are_as_a_walk_over_the_minutes_has_them(change, start, end, days):
    if start in {end, 1440}:
        return
    zone, moment = change
    window = weekly(" ".join(day.value for day in days), clocked(start), clocked(end))
    agree(zone, window, moment)


@settings(max_examples=500, deadline=None)
@given(change=st.sampled_from(CHANGES), start=st.integers(-2000, 2000), length=st.integers(1, 3000))
@example(change=CHANGES[1], start=-30, length=30)
@example(change=CHANGES[6], start=-15, length=60)
def test_dated_windows_are_as_a_walk_over_the_minutes_has_them(change, start, length):
    zone, moment = change
    begin = zone.wall(moment) + start * MINUTE
    window = dated(*(f"{wall:%Y-%m-%dT%H:%M}" for wall in (begin, begin + length * MINUTE)))
    agree(zone, window, moment)


def clocked(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def agree(zone: Zone, window: Window, moment: datetime) -> None:
    """Compare around the moment; the walk goes on further, to see the whole of each window."""
    first = moment - timedelta(days=4)
    expected = walked(zone, window, first, 8)
    for number in range(-1500, 1501, 15):
        for at in (moment + number * MINUTE, moment + number * MINUTE + 7 * MINUTE):
            assert (until((window,), zone, at) is not None) == (at in expected), at


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("Berlin", "Did you mean 'Europe/Berlin'?"),
        ("Europe/Berlinn", "Did you mean 'Europe/Berlin'?"),
        ("../../etc/passwd", "Write one like"),
        ("/etc/localtime", "Write one like"),
        ("", "Write one like"),
        ("CET-1", "Did you mean 'CET'?"),
    ],
)
def test_only_names_of_the_database_are_zones(text, mend):
    with pytest.raises(ValueError, match="is no time zone") as caught:
        Zone(text)
    assert mend in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "24:01",
        "25:00",
        "12:60",
        "1:00",
        "noon",
        "2026-02-30T00:00",
        "0000-01-01T00:00",
        "9999-12-31T24:00",
        "2026-12-20",
        "2026-12-20T00:00:00",
        "\uff12\uff10:00",
        "12:00 ",
    ],
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError):
        Moment(text)


@pytest.mark.parametrize(
    ("start", "end", "days", "says"),
    [
        ("18:00", "18:00", (Day.MON,), "two different times"),
        ("24:00", "06:00", (Day.MON,), "two different times"),
        ("2026-01-01T00:00", "06:00", (Day.MON,), "without a date"),
        ("18:00", "06:00", None, "takes dates"),
        ("2026-01-02T00:00", "2026-01-01T00:00", None, "before it starts"),
        ("2026-01-01T24:00", "2026-01-02T00:00", None, "before it starts"),
    ],
)
def test_windows_that_mean_nothing_are_refused(start, end, days, says):
    with pytest.raises(ValueError, match=says):
        Window(from_=Moment(start), until=Moment(end), days=days)


@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_the_ends_of_the_calendar_raise_what_the_caller_expects(at):
    with pytest.raises(OverflowError):
        until((weekly("mon", "00:00", "24:00"),), BERLIN, at)


def test_the_machines_own_zones_are_never_asked(tmp_path):
    """A machine without zones, in another zone, says the same."""
    script = (
        "from datetime import datetime, UTC\n"
        "from riskbot.judge.language.calendar import Zone\n"
        "print(Zone('Europe/Berlin').wall(datetime(2026, 7, 1, tzinfo=UTC)))\n"
    )
    environment = {**os.environ, "PYTHONTZPATH": str(tmp_path), "TZ": "Asia/Tokyo"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "2026-07-01 02:00:00"


def test_many_windows_take_no_time():
    windows = tuple(weekly("mon tue wed thu fri sat sun", "00:00", "23:59") for _ in range(200))
    start = clock.perf_counter()
    until(windows, BERLIN, utc("2026-03-29T21:59:30"))
    assert clock.perf_counter() - start < 1
