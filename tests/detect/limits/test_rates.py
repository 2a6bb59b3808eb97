"""Rates as text."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskbot.detect.limits import rates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10/minute", (10 / 60,)),
        ("5/m", (5 / 60,)),
        ("5/5m", (5 / 300,)),
        ("10 per 5 minutes", (10 / 300,)),
        ("100/day;1/second", (100 / 86400, 1.0)),
        ("1000 per hour", (1000 / 3600,)),
        ("5/month", (5 / 2_592_000,)),
        ("application/json", None),
        ("1/2", None),
        ("", None),
        (";", None),
    ],
)
def test_the_usual_forms_are_read(text, expected):
    found = rates.read(text)
    assert found == (None if expected is None else pytest.approx(expected))


@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    found = rates.read(text)
    assert found is None or all(rate >= 0 for rate in found)


@given(
    st.integers(1, 10**6), st.sampled_from([("second", 1), ("minute", 60), ("hour", 3600), ("day", 86400)])
)
def test_a_rate_is_said_as_it_was_read(number, unit):
    rate = rates.read(f"{number}/{unit[0]}")[0]
    words, _, said = rates.words(rate).partition(" a ")
    seconds = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}[said]
    assert float(words) / seconds == pytest.approx(rate)


def test_a_call_with_times_and_seconds_is_a_rate():
    call = ast.parse("RateLimiter(times=10, minutes=1, seconds=30)").body[0].value
    assert rates.of_call(call) == pytest.approx(10 / 90)
    assert rates.of_call(ast.parse("f(times=10)").body[0].value) is None
