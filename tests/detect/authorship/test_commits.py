"""What signs add up to: the order of categories, the best sign, shares, and what lies beside a commit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from detect.authorship.made import SHIPPED, commit
from make import make_file

from riskbot.detect.authorship.commits import Beside, Guess, judge
from riskbot.domain.authorship import Category, Correction, Share, Tier

CLAUDE = "Co-authored-by: Claude Opus 4.5 <noreply@anthropic.com>"
SUGGESTED = "Co-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>"
BOT = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"
NOTE = b"""a.py
  0123456789abcdef 1-2
---
{"schema_version": "authorship/3.0.0", "prompts": {"0123456789abcdef":
 {"agent_id": {"tool": "claude", "id": "x", "model": "claude-opus-4.5"}, "human_author": null, "messages": []}}}
"""
PATCH = (make_file("a.py", "", "a\nb\nc\nd\n"),)


def test_what_bears_nothing_is_none_and_never_human():
    found = judge(commit(), SHIPPED)
    assert (found.category, found.tool, found.confidence, found.signs) == (Category.NONE, "", None, ())


def test_the_first_category_that_holds_is_the_commits():
    message = f"s\n\n{CLAUDE}\n{SUGGESTED}"
    assert judge(commit(message, author=BOT), SHIPPED).category is Category.DECLARED
    assert judge(commit(f"s\n\n{SUGGESTED}", author=BOT), SHIPPED).category is Category.ASSISTED
    assert judge(commit(author=BOT), SHIPPED).category is Category.AUTOMATION
    assert judge(commit(message), SHIPPED, beside=Beside(verified="noreply@anthropic.com")).category is (
        Category.ATTESTED
    )
    assert (
        judge(commit(), SHIPPED, beside=Beside(missing="Its note is not here.")).category is Category.UNKNOWN
    )


def test_the_best_sign_gives_tool_model_and_confidence():
    message = f"s\n\nMade-with: Cursor\n{CLAUDE}\nAssisted-by-AI: x"
    found = judge(
        commit(message, author="Devin <158243242+devin-ai-integration[bot]@users.noreply.github.com>"),
        SHIPPED,
    )
    assert (found.tool, found.model) == ("devin", "")
    assert {sign.tool for sign in found.signs} == {"devin", "cursor", "claude", "llm"}
    assert found.confidence == next(sign.confidence for sign in found.signs if sign.tool == "devin")
    named = judge(commit("s\n\nAI-assisted: true\nMade-with: Cursor"), SHIPPED)
    assert named.tool == "cursor", "a sign that names no tool stands behind one that does"
    elsewhere = judge(commit(f"s\n\n{CLAUDE}", author="Claude <noreply@anthropic.com>"), SHIPPED)
    assert elsewhere.model == "Claude Opus 4.5"


def test_only_a_trailer_discloses():
    assert judge(commit(f"s\n\n{CLAUDE}"), SHIPPED).disclosed
    for line in (
        "https://claude.ai/code/session_01Ab",
        "Claude-Session: https://claude.ai/code/session_01Ab",
    ):
        found = judge(commit(f"s\n\n{line}"), SHIPPED)
        assert (found.category, found.disclosed) == (Category.DECLARED, False)
    author = judge(commit(author="Claude <noreply@anthropic.com>"), SHIPPED)
    assert not author.disclosed
    assert not judge(commit("s\n\nSigned-off-by: Claude <noreply@anthropic.com>"), SHIPPED).disclosed


@pytest.mark.parametrize(
    ("made", "share"),
    [
        (commit(f"s\n\n{CLAUDE}"), Share(1, 1, 9)),
        (commit(), Share(0, 1, 9)),
        (commit(f"s\n\n{SUGGESTED}"), Share(0, 1, 9)),
        (commit(author=BOT), Share(0, 0, 9)),
    ],
)
def test_the_share_is_bounded_by_what_is_known(made, share):
    assert judge(made, SHIPPED, beside=Beside(added=9)).share == share
    assert judge(made, SHIPPED).share is None


def test_lines_that_a_note_attests_make_it_mixed_or_attested():
    some = judge(commit(), SHIPPED, beside=Beside(note=NOTE, patch=PATCH))
    assert (some.category, some.tool, some.model) == (Category.MIXED, "claude", "claude-opus-4.5")
    assert some.share == Share(0.5, 1, 4)
    assert some.signs[0].tier is Tier.A
    whole = judge(commit(), SHIPPED, beside=Beside(note=NOTE, patch=(make_file("a.py", "", "a\nb\n"),)))
    assert whole.category is Category.ATTESTED
    other = (make_file("b.py", "", "a\nb\n"),)
    declared = judge(commit(f"s\n\n{CLAUDE}"), SHIPPED, beside=Beside(note=NOTE, patch=other))
    assert declared.category is Category.DECLARED
    assert declared.share == Share(1, 1, 2), "untracked lines of a declared commit are the agent's"


def test_where_a_note_names_no_tool_a_trailer_does():
    nameless = b'a.py\n  0123456789abcdef 1-2\n---\n{"schema_version": "authorship/3.0.0"}\n'
    found = judge(commit(f"s\n\n{CLAUDE}"), SHIPPED, beside=Beside(note=nameless, patch=PATCH))
    assert (found.category, found.tool) == (Category.MIXED, "claude")


def test_a_note_that_cannot_be_read_is_told():
    found = judge(commit(), SHIPPED, beside=Beside(note=b"\xff" * 10, patch=PATCH))
    assert found.note


def test_a_verified_signature_names_the_tool():
    for owner, tool in [("noreply@anthropic.com", "claude"), ("Cursor Agent", "cursor"), ("devin", "devin")]:
        found = judge(commit(), SHIPPED, beside=Beside(verified=owner))
        assert (found.category, found.tool) == (Category.ATTESTED, tool)
        assert not found.signs[0].spoofable


def test_a_correction_stands_beside_the_evidence():
    said = Correction("a" * 40, "human", "I wrote it by hand.", "Ada Example", 1_790_000_000)
    found = judge(commit(f"s\n\n{CLAUDE}"), SHIPPED, beside=Beside(corrections=(said,)))
    assert (found.category, found.corrections) == (Category.DECLARED, (said,))


def test_style_infers_only_where_nothing_else_is_known():
    def style(_commit: object, patch: object) -> Guess | None:
        return Guess(0.97, flagged=True) if patch else None

    beside = Beside(patch=PATCH, added=4)
    found = judge(commit(), SHIPPED, beside=beside, style=style)
    assert (found.category, found.probability, found.tool) == (Category.INFERRED, 0.97, "")
    assert found.confidence is None
    assert [sign.counts for sign in found.signs] == [False]
    assert found.share == Share(0, 1, 4)
    told = judge(commit(f"s\n\n{CLAUDE}"), SHIPPED, beside=beside, style=style)
    assert (told.category, told.probability) == (Category.DECLARED, 0.97)
    assert judge(commit(), SHIPPED, beside=replace(beside, patch=()), style=style).category is Category.NONE
    assert judge(commit(), SHIPPED, style=style).probability is None
