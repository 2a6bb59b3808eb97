"""A verdict in words: the way out, who counts and who does not; bounded, safe, and in ASCII where asked."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from report.strategies import hostile
from riskbot.domain.verdict import (
    Clause,
    Grade,
    Ground,
    Interest,
    Note,
    Obligation,
    Opinion,
    Outcome,
    PolicyId,
    Status,
    Subject,
    Suggestion,
    Verdict,
)
from riskbot.report import ruling
from riskbot.report import verdict as document

SGR = re.compile(r"\x1b\[[0-9;]*m")
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def make(word: str = "bob", *, many: int = 1, outcome: Outcome = Outcome.HELD) -> Verdict:
    """A held verdict with something in every part; ``word`` stands wherever others' words may."""
    waiting = Clause(
        f"owners {word}", Status.PENDING, f"nobody yet {word}", (word,) * many, could=(word,) * many
    )
    red = Clause("the risk is not red", Status.PENDING, "It is red.")
    fine = Clause("analysed", Status.SATISFIED, "Nothing was left out.")
    return Verdict(
        outcome,
        Clause("all of", Status.PENDING, "1 of 3", clauses=(waiting, red, fine)),
        PolicyId(f"acme {word}", f"https://user:secret@host/{word}", "0" * 64),
        Subject(f"acme/{word}", 7, f"main{word}", "b" * 40, "c" * 40),
        blocks=(Note("truncated", f"cut {word}", (word,)),),
        flags=(Note("fresh_member", f"new {word}", (word,) * many),),
        interested=tuple(
            Interest(word, at or None, (Ground(f"author {word}", Grade.DECLARED, word),))
            for at in range(many)
        ),
        accountable=(word,),
        opinions=tuple(
            Opinion(
                word, at + 1, "APPROVED", "c" * 40, "2026-01-01T00:00:00Z", bool(at % 2), "stale", word, 2
            )
            for at in range(many)
        ),
        unlocking=((word, "dave"),) * many,
        unlocking_note=f"There are more {word}.",
        suggested=(Suggestion(word, (f"owns it {word}",) * many, (word,)),),
        obligations=(Obligation(f"a review {word}", (word,), "2026-01-03T00:00:00Z"),),
    )


def test_the_gist_says_what_holds_it_back_and_the_way_out():
    written = ruling.render(make())
    lines = written.splitlines()
    assert lines[0].startswith("HELD  The policy holds this change back")
    assert "acme/bob #7 into mainbob: bbbbbbbbbbbb \u2192 cccccccccccc" in written
    assert "secret" not in written
    assert "  \u2026 owners bob: nobody yet bob" in lines
    assert "  \u2717 the risk is not red: It is red." in lines
    assert "analysed" not in written
    assert "  ! truncated: cut bob" in lines
    assert "  \u00b7 bob approved cccccccccccc; it does not count (stale): bob" in lines
    assert "  \u2717 bob: author bob (declared)" in lines
    assert "  \u2192 bob and dave" in lines
    assert "  1. bob: owns it bob" in lines
    assert "  ! a review bob, by 2026-01-03T00:00:00Z, from bob." in lines


def test_explained_it_shows_every_clause_and_all_evidence():
    written = ruling.render(make(many=30), explain=True)
    assert "\u2713 analysed: Nothing was left out." in written
    assert " more\n" not in written
    assert written.count("2 seconds after opening") == 30
    assert "counts towards: bob" in written


@pytest.mark.parametrize("explain", [True, False])
def test_the_gist_is_bounded_however_large_the_verdict_is(explain):
    written = ruling.render(make(many=3000), explain=explain)
    assert (len(written.splitlines()) < 80) is not explain


def test_a_group_only_waits_where_all_that_is_open_in_it_waits():
    waiting = Clause("owners", Status.PENDING, "", could=("bob",))
    done = Clause("done", Status.SATISFIED, "")
    never = Clause("red", Status.PENDING, "")
    wrong = Clause("wrong", Status.ERROR, "")
    assert ruling.waits(Clause("all of", Status.PENDING, "", clauses=(waiting, done)))
    assert not ruling.waits(Clause("all of", Status.PENDING, "", clauses=(waiting, never)))
    assert not ruling.waits(Clause("any of", Status.PENDING, "", clauses=(waiting, wrong)))
    assert not ruling.waits(done)


def test_an_allowed_verdict_names_nobody_to_ask():
    written = ruling.render(make(outcome=Outcome.ALLOWED))
    assert written.startswith("ALLOWED")
    for title in ("What holds it back", "Who could unlock it", "Whom to ask"):
        assert title not in written


@settings(max_examples=300, deadline=None)
@given(hostile, st.integers(20, 120), st.booleans(), st.booleans(), st.booleans())
def test_no_word_reaches_the_terminal_unescaped_and_no_line_is_too_long(word, width, color, explain, unicode):
    written = ruling.render(make(word), color=color, width=width, explain=explain, unicode=unicode)
    plain = SGR.sub("", written) if color else written
    assert not UNSAFE.search(plain)
    assert unicode or plain.isascii()
    assert all(cell_len(line) <= max(40, width) for line in plain.splitlines()) or not unicode
    written.encode()


@settings(max_examples=300, deadline=None)
@given(hostile)
def test_the_document_is_the_schemas_and_equal_verdicts_give_equal_bytes(word):
    text = document.render(make(word))
    assert text == document.render(make(word))
    assert not re.search("[\x00-\x09\x0b-\x1f\u2028-\u202e\ud800-\udfff]", text)
    told = json.loads(text.encode())
    jsonschema.Draft202012Validator(document.schema()).validate(told)
    assert told["clauses"]["clauses"][0]["status"] == "pending"
    assert told["policy"]["source"].startswith("https://host/")


def test_every_field_of_the_verdict_is_in_the_document():
    told = json.loads(document.render(make()))
    nouns = {"root": "clauses"}
    assert {nouns.get(field, field) for field in Verdict.__dataclass_fields__} <= set(told)
    assert told["opinions"][0]["seconds_after_opening"] == 2
    assert json.loads(document.render(replace(make(), outcome=Outcome.UNDECIDED)))["exit_code"] == 3
