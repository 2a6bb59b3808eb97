"""Corrections on record: strict line by line, and bounded."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskbot.detect.authorship.corrections import MAX_BYTES, MAX_LINES, MAX_REASON, parse
from riskbot.domain.authorship import SAYS, Correction

ID = "c" * 40


def line(**other: object) -> bytes:
    said = {"commit": ID, "says": "human", "reason": "Typed by hand.", "by": "Ada <ada@example.org>", "at": 7}
    return json.dumps(said | other).encode()


def test_lines_become_corrections_in_their_order():
    read = parse(ID, line() + b"\n\n" + line(says="declared", tool="cursor", at=8) + b"\n")
    assert read.problems == ()
    assert read.corrections == (
        Correction(ID, "human", "Typed by hand.", "Ada <ada@example.org>", 7),
        Correction(ID, "declared", "Typed by hand.", "Ada <ada@example.org>", 8, "cursor"),
    )


@pytest.mark.parametrize("word", SAYS)
def test_every_category_may_be_said(word):
    assert parse(ID, line(says=word)).corrections[0].says == word


@pytest.mark.parametrize(
    "bad",
    [
        b"not json",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        line(extra=1),
        line(says="robot"),
        line(says=""),
        line(reason=""),
        line(by=""),
        line(by="x" * 500),
        line(at=-1),
        line(at="now"),
        line(at=1.5),
        line(at=10**40),
        line(tool=None),
        line(commit="HEAD"),
        line(commit="d" * 40),
        line(commit=ID + "\n"),
    ],
)
def test_a_line_that_is_no_correction_is_a_problem_and_spoils_no_other(bad):
    read = parse(ID, line() + b"\n" + bad + b"\n" + line(at=9))
    assert [one.at for one in read.corrections] == [7, 9]
    assert len(read.problems) == 1


def test_only_the_newest_are_read_and_long_reasons_are_cut():
    read = parse(ID, b"\n".join(line(at=n) for n in range(MAX_LINES + 5)))
    assert [one.at for one in read.corrections] == list(range(5, MAX_LINES + 5))
    assert len(read.problems) == 1
    assert len(parse(ID, line(reason="x" * 5000)).corrections[0].reason) == MAX_REASON


def test_a_large_note_is_not_read():
    read = parse(ID, line() + b"\n" * MAX_BYTES)
    assert (read.corrections, len(read.problems)) == ((), 1)


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(blob):
    assert parse(ID, blob).corrections == ()
