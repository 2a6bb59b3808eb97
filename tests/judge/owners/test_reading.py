"""Which of the texts at the base count as owners files."""

from __future__ import annotations

import pytest

from riskbot.facts.document import CODEOWNERS, Text
from riskbot.judge.owners import Nobody
from riskbot.judge.owners.codeowners import MAX_BYTES
from riskbot.judge.owners.reading import read


def text(path: str, content: str | None, *, mode: str = "100644", size: int | None = None) -> Text:
    return Text(path=path, text=content, size=len(content or "") if size is None else size, mode=mode)


def test_the_first_place_is_the_only_one():
    texts = [text(place, f"* @{number}\n") for number, place in enumerate(CODEOWNERS)]
    for number in range(3):
        ownership = read(texts[number:]).owners.of("x")
        assert (ownership.names, ownership.file) == ((f"@{number}",), CODEOWNERS[number])
    assert read([text("src/CODEOWNERS", "* @a"), text("codeowners", "* @a")]).owners == Nobody()


def test_an_empty_first_file_hides_the_others():
    assert read([text(CODEOWNERS[0], ""), text(CODEOWNERS[1], "* @a")]).owners.of("x").names == ()


@pytest.mark.parametrize(
    ("odd", "code"),
    [
        (text(CODEOWNERS[0], "../elsewhere", mode="120000"), "not_a_file"),
        (text(CODEOWNERS[0], None, mode="160000"), "not_a_file"),
        (text(CODEOWNERS[0], None, size=MAX_BYTES), "too_large"),
        (text(CODEOWNERS[0], "* @a\n", size=MAX_BYTES), "too_large"),
        (text(CODEOWNERS[0], None, size=10), "unreadable"),
    ],
)
def test_what_cannot_be_relied_on_says_so_and_hides_the_others(odd, code):
    owners = read([text(CODEOWNERS[1], "* @a"), odd]).owners
    assert owners.broken is not None
    assert owners.broken.code == code
    assert owners.of("x").names == ()
    assert [lint.code for lint in owners.lints] == [code]


def test_rosters_are_read_by_their_paths():
    texts = [text("CODEOWNERS", "* @a"), text(".riskbot/python-readability", "*.py @guru")]
    rosters = read(texts, rosters=(".riskbot/python-readability", ".riskbot/missing"))
    assert rosters.owners.of("x.py").names == ("@a",)
    assert rosters.others[".riskbot/python-readability"].of("x.py").names == ("@guru",)
    missing = rosters.others[".riskbot/missing"].broken
    assert missing is not None
    assert missing.code == "missing"


def test_paths_are_read_as_the_facts_write_them():
    rosters = read([text(".riskbot/caf\\xe9", "* @a")], rosters=(".riskbot/caf\udce9",))
    assert rosters.others[".riskbot/caf\udce9"].of("x").names == ("@a",)


@pytest.mark.parametrize(("style", "content"), [("gerrit", "a@x.org\n"), ("prow", "approvers: [a]\n")])
def test_owners_files_are_read_by_their_own_rules(style, content):
    owners = read([text("OWNERS", content), text("CODEOWNERS", "* @b")], style).owners
    assert [name.partition("@")[0] or name[1:] for name in owners.of("x").names] == ["a"]
