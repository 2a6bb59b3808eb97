"""What policies get to know of authorship: categories kept apart, the files that signs speak of, no person."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from make import make_change

from riskbot import facts
from riskbot.domain.authorship import (
    Authorship,
    Category,
    CommitAuthorship,
    Correction,
    FileAuthorship,
    Kind,
    Share,
    Sign,
    Tier,
)
from riskbot.domain.change import Change, Provenance
from riskbot.facts.assessed import Authored
from riskbot.facts.authored import MAX_SIGNS, authored
from riskbot.facts.document import Tool

C1, C2 = "1" * 40, "2" * 40
TRAILER = Sign(
    Kind.AGENT, Tier.B, "trailer", "Co-authored-by: Claude <noreply@anthropic.com>", "claude", commit=C1
)
NOTE = Sign(Kind.AGENT, Tier.A, "notes", "agent lines", "cursor", commit=C1)
ASSISTANT = Sign(
    Kind.ASSISTED, Tier.B, "trailer", "Co-authored-by: gemini-code-assist[bot]", "gemini-code-assist"
)
STYLE = Sign(Kind.AGENT, Tier.C, "style", "the style of the added lines", counts=False)
SIGNOFF = Sign(
    Kind.CONTEXT, Tier.D, "trailer", "Signed-off-by: Claude <noreply@anthropic.com>", "claude", counts=False
)


def change(lines: dict[str, list[str]] | None = None) -> Change:
    from dataclasses import replace

    told = tuple((commit, tuple((path, 1) for path in paths)) for commit, paths in (lines or {}).items())
    return replace(make_change({"a.py": ("", "x\n")}), provenance=Provenance(lines=told))


def one(*signs: Sign, category: Category = Category.DECLARED, lines=None, **more):
    told = Authorship(category, declared=True, commits=(CommitAuthorship(C1, category, signs=signs, **more),))
    (commit,) = authored(told, change(lines)).commits
    return commit


def test_the_names_of_categories_are_those_of_the_domain():
    assert set(get_args(Authored)) == {category.value for category in Category}


def test_the_whole_is_written_and_read_back():
    told = Authorship(
        Category.MIXED,
        attested=False,
        declared=True,
        assisted=True,
        automation=False,
        disclosed=True,
        tools=("claude",),
        share=Share(0.4, 0.7, 10),
        signs=(Sign(Kind.AGENT, Tier.C, "branch", "claude/x", "claude", counts=False),),
        commits=(
            CommitAuthorship(C1, Category.DECLARED, "claude", "claude-opus-4.5", 0.99, (TRAILER, ASSISTANT)),
            CommitAuthorship(C2, Category.NONE),
        ),
        files=(FileAuthorship("caf\udce9.py", 10, 4, 3),),
        notes=("No notes were fetched.",),
    )
    written = authored(told, change())
    assert (written.category, written.declared, written.assisted, written.inferred) == (
        "mixed",
        True,
        True,
        None,
    )
    assert (written.share.low, written.share.high, written.share.lines) == (0.4, 0.7, 10)
    assert written.tools == (
        Tool(tool="claude", kind=Kind.AGENT, tier=Tier.B),
        Tool(tool="gemini-code-assist", kind=Kind.ASSISTED, tier=Tier.B),
    )
    assert [sign.channel for sign in written.evidence] == ["branch", "trailer", "trailer"]
    assert written.files[0].path == "caf\\xe9.py"
    assert written.notes == ("No notes were fetched.",)
    from msgspec.structs import replace

    from tests.judge.make_facts import case

    whole = case()
    whole = replace(whole, assessment=replace(whole.assessment, authorship=written))
    assert facts.read(facts.write(whole), "f") == whole


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ((TRAILER,), (False, True, False, False)),
        ((NOTE,), (True, False, False, False)),
        ((NOTE, TRAILER, ASSISTANT), (True, True, True, False)),
        (
            (Sign(Kind.AUTOMATION, Tier.B, "author", "dependabot[bot]", "dependabot"),),
            (False, False, False, True),
        ),
        ((Sign(Kind.AGENT, Tier.C, "trailer", "Co-authored-by: Claude", counts=False),), (False,) * 4),
        ((Sign(Kind.AGENT, Tier.B, "trailer", "x", anachronistic=True),), (False,) * 4),
        ((SIGNOFF,), (False,) * 4),
        ((STYLE,), (False,) * 4),
    ],
)
def test_each_category_of_a_commit_stands_for_itself(signs, expected):
    found = one(*signs, category=Category.NONE)
    assert (found.attested, found.declared, found.assisted, found.automation) == expected


def test_a_guess_is_no_declaration_and_what_was_not_asked_is_unknown():
    assert one(STYLE, category=Category.INFERRED, probability=0.9).inferred is True
    assert one(TRAILER, probability=0.1).inferred is False
    assert one(TRAILER).inferred is None


def test_a_commit_that_nobody_could_look_at_is_unknown():
    found = one(category=Category.UNKNOWN)
    assert {found.attested, found.declared, found.assisted, found.automation, found.inferred} == {None}


def test_an_agents_sign_off_is_written_down_as_such():
    found = one(SIGNOFF, SIGNOFF)
    assert found.agent_signoffs == ("Claude <noreply@anthropic.com>",)
    assert found.tools == ()


# The files that signs speak of ----------------------------------------------------------------------------

ATTRIBUTED = (FileAuthorship("a.py", 5, 5, 0), FileAuthorship("b.py", 5, 0, 2))


def test_a_trailer_speaks_of_every_file_of_its_commit():
    assert one(TRAILER, lines={C1: ["a.py", "b.py"]}).files == ("a.py", "b.py")
    assert one(NOTE, TRAILER, lines={C1: ["a.py", "b.py"]}, files=ATTRIBUTED).files == ("a.py", "b.py")


def test_attributed_lines_speak_of_their_files():
    assert one(NOTE, lines={C1: ["a.py", "b.py"]}, files=ATTRIBUTED).files == ("a.py",)


def test_files_that_nobody_listed_are_unknown_not_none():
    assert one(TRAILER).files is None
    assert one(TRAILER, lines={C2: ["a.py"]}, files=ATTRIBUTED).files is None


# What stays out -------------------------------------------------------------------------------------------


def test_a_correction_is_kept_without_its_author_and_reason():
    correction = Correction(
        C1, "human", "Frida wrote it on the train", "Frida <frida@example.org>", 1_700_000_000
    )
    told = Authorship(Category.DECLARED, declared=True)
    told = Authorship(
        Category.DECLARED,
        declared=True,
        commits=(CommitAuthorship(C1, Category.DECLARED, corrections=(correction,)),),
    )
    written = authored(told, change())
    (kept,) = written.corrections
    assert (kept.commit, kept.says, kept.at.year) == (C1, "human", 2023)
    import msgspec

    assert "rida" not in json.dumps(msgspec.to_builtins(written))


def test_a_flood_of_signs_is_cut_and_counted():
    told = Authorship(Category.DECLARED, signs=(TRAILER,) * (MAX_SIGNS + 1))
    written = authored(told, change())
    assert len(written.evidence) == MAX_SIGNS
    assert written.notes == (f"Of {MAX_SIGNS + 1:,} signs the first {MAX_SIGNS:,} are listed.",)


def test_hostile_text_still_encodes():
    sign = Sign(Kind.AGENT, Tier.B, "trailer", "Tool: \udcff\x1b[31m", "claude\ud800", path="\udce9")
    written = authored(Authorship(Category.DECLARED, signs=(sign,)), change())
    import msgspec

    assert b"\\xff" in msgspec.json.encode(written).replace(b"\\\\", b"\\")
