"""Which lines of a message speak for themselves, and how trailers and patterns are read."""

from __future__ import annotations

import pytest
from clock import seconds
from hypothesis import given
from hypothesis import strategies as st

from riskbot.detect.authorship import message
from riskbot.detect.authorship.pattern import compiled


def texts(text: str) -> list[str]:
    return [line.text for line in message.spoken(text)]


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("a\n  b\n\tc\nd", ["a", "d"]),
        ("a\n```\nb\n```\nc", ["a", "c"]),
        ("a\n```python\nb\n~~~\n```\nc", ["a", "c"]),
        ("a\n````\nb\n```\nc\n````\nd", ["a", "d"]),
        ("a\n```\nb", ["a", "```", "b"]),
        ("a\n```\nb\n```\nc\n```\nd", ["a", "c", "```", "d"]),
        ("``` not `a` fence ```\nb", ["``` not `a` fence ```", "b"]),
        ("a\r\nb\r\n", ["a", "b"]),
        ("", []),
    ],
)
def test_lines_that_are_indented_or_fenced_do_not_speak(text, spoken):
    assert texts(text) == spoken


def test_quoted_lines_are_marked_and_long_ones_cut():
    (line,) = message.spoken("> q")
    assert line.quoted
    (line,) = message.spoken("x" * 5000)
    assert len(line.text) == message.LINE_LIMIT


@pytest.mark.parametrize(
    ("line", "pair"),
    [
        ("Co-authored-by: A <a@b>", ("co-authored-by", "A <a@b>")),
        ("CO_AUTHORED BY : x", ("co-authored-by", "x")),
        ("Key:", ("key", "")),
        ("https://example.org", ("https", "//example.org")),
        ("1. x: y", None),
        ("no colon", None),
        (": x", None),
        ("é: x", None),
        ("k" * 80 + ": x", None),
    ],
)
def test_trailers_are_key_and_value(line, pair):
    assert message.trailer(line) == pair


@pytest.mark.parametrize(
    ("value", "pairs"),
    [
        ("Ann Example <ann@example.org>", [("Ann Example", "ann@example.org")]),
        ("Ann <a@b.c>, Ben <d@e.f>", [("Ann", "a@b.c"), ("Ben", "d@e.f")]),
        ("<a@b.c>", [("", "a@b.c")]),
        ("a@b.c", [("", "a@b.c")]),
        ("Ann", []),
        ("Ann <nowhere>", []),
        ("Ann <a@b.c", [("Ann", "a@b.c")]),
    ],
)
def test_identities_are_names_with_addresses(value, pairs):
    assert list(message.identities(value)) == pairs


def test_a_folded_value_is_completed():
    lines = ["Key: a", "  b", "  c", "d"]
    assert message.unfolded(lines, 0, "a") == "a b c"
    assert message.unfolded(lines, 3, "d") == "d"


@given(st.text())
def test_no_text_makes_the_parser_crash(text):
    for line in message.spoken(text):
        message.trailer(line.text)
        list(message.identities(line.text))
        message.bare(line.text)


@pytest.mark.parametrize(
    ("pattern", "line", "matches"),
    [
        ("Made by Robot", "made  BY robot", True),
        ("Made by Robot", "Made by Robots", False),
        ("Made by Robot", "It was Made by Robot", False),
        ("{any}Made by Robot{any}", "It was made by robot 7", True),
        ("https://example.org/s/{uuid}", "https://example.org/s/01234567-89AB-cdef-0123-456789abcdef", True),
        ("https://example.org/s/{uuid}", "https://example.org/s/0123", False),
        ("https://example.org/s/{hex}", "https://example.org/s/0123456", True),
        ("https://example.org/{token}/x", "https://example.org/o/r/x", True),
        ("a.b* (c)", "a.b* (c)", True),
        ("a.b* (c)", "axbb (c)", False),
    ],
)
def test_patterns_are_plain_text_with_placeholders(pattern, line, matches):
    assert compiled(pattern).matches(line) is matches


@pytest.mark.parametrize(
    "pattern", ["{any}https://example.org/{token}/sessions/{uuid}{any}", "Robot {hex}x{token}"]
)
def test_no_line_makes_a_pattern_slow(pattern):
    one = compiled(pattern)
    for piece in ("https://example.org/", "/sessions/", "Robot aaaaaaa", "a/", "robot "):
        line = (piece * 1000)[: message.LINE_LIMIT]
        assert seconds(lambda line=line: one.matches(line)) < 0.1
