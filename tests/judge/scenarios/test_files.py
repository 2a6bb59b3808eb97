"""Policies and owners files: powerless owners, padding, hidden rules, pattern bombs, carve-outs."""

from __future__ import annotations

import pytest
from clock import seconds

from judge.make_facts import (
    BOB,
    CODEOWNERS,
    ERIN,
    MALLORY,
    POLICY,
    approve,
    case,
    clauses,
    codeowners,
    expect,
    judged,
    policy,
    text,
    with_files,
)
from riskbot.domain.errors import ConfigError
from riskbot.domain.verdict import Outcome, Status

HELD, ALLOWED, UNDECIDED = Outcome.HELD, Outcome.ALLOWED, Outcome.UNDECIDED
DEV, OWN = "a developer approves", "owners approve"
OWNERS_ONLY = """\
version: 1
name: owners
owners: {fallback: ["@acme/gov"]}
requires: {clause: owners approve, owners: {}}
"""


@pytest.mark.parametrize(
    ("owner", "code"),
    [
        ("@ghost", "ghost_owner"),
        ("@rita", "no_write_owner"),
        ("@acme/ghosts", "ghost_owner"),
        ("ghost@acme.example", "ghost_owner"),
    ],
)
def test_s27_a_powerless_owner_is_not_nobody(owner: str, code: str) -> None:
    facts = case(with_files("pay/x.py"), codeowners(f"/pay/ {owner}"), approve(BOB))
    verdict = judged(facts)
    expect(verdict, HELD, counts=["bob"], open_=[OWN], unlock=[["erin"]])
    assert any(code in piece for piece in clauses(verdict)[OWN].evidence), clauses(verdict)[OWN]
    allowed = case(with_files("pay/x.py"), codeowners(f"/pay/ {owner}"), approve(BOB), approve(ERIN))
    expect(judged(allowed), ALLOWED)


def test_s27_without_a_fallback_nobody_can_and_it_is_not_free() -> None:
    bare = OWNERS_ONLY.replace('owners: {fallback: ["@acme/gov"]}\n', "")
    facts = case(with_files("pay/x.py"), codeowners("/pay/ @ghost"), approve(BOB), approve(ERIN))
    verdict = judged(facts, bare)
    assert verdict.outcome is not ALLOWED
    assert verdict.unlocking == ()


def test_s27_a_team_that_cannot_be_read_is_not_nobody() -> None:
    from msgspec.structs import replace

    facts = case(with_files("secure/x.py"), approve(BOB))
    teams = tuple(replace(one, members=None) if one.name == "acme/sec" else one for one in facts.teams or ())
    assert judged(replace(facts, teams=teams)).outcome is not ALLOWED


PADDED = 3_000_000


@pytest.mark.parametrize("body", [None, "whole"])
def test_s28_padding(body: str | None) -> None:
    """Three megabytes and one byte: GitHub would load nothing and tell nobody."""
    filler = CODEOWNERS + "#" * (PADDED + 1 - len(CODEOWNERS))
    facts = case(
        text(".github/CODEOWNERS", body and filler, size=PADDED + 1), with_files("free.py"), approve(BOB)
    )
    expect(judged(facts), UNDECIDED, blocks=["codeowners_too_large"])


def test_s28_one_byte_less_is_read() -> None:
    filler = CODEOWNERS + "#" * (PADDED - 1 - len(CODEOWNERS))
    facts = case(text(".github/CODEOWNERS", filler), approve(BOB))
    expect(judged(facts), ALLOWED, counts=["bob"])


def test_s28_a_file_that_is_no_text_is_not_empty() -> None:
    facts = case(text(".github/CODEOWNERS", None, size=100), approve(BOB))
    verdict = judged(facts)
    assert verdict.outcome is UNDECIDED


def test_s28_a_link_in_its_place_is_not_followed_and_not_empty() -> None:
    facts = case(text(".github/CODEOWNERS", "../elsewhere", mode="120000"), approve(BOB))
    assert judged(facts).outcome is UNDECIDED


@pytest.mark.parametrize("separator", ["\u2028", "\u0085", "\x0b", "\x0c", "\u2029", "\x1c", "\r"])
def test_s29_a_hidden_rule(separator: str) -> None:
    facts = case(codeowners(f"# note{separator}* @mallory"), approve(MALLORY))
    verdict = judged(facts)
    expect(verdict, HELD, open_=[DEV, OWN], flags=["control_char"], unlock=[["bob"], ["carol"]])
    expect(judged(facts, OWNERS_ONLY), HELD, open_=[OWN], unlock=[["bob"], ["carol"]])


@pytest.mark.parametrize(
    "line", ["*.py @acme/devs # ask @mallory", "*.py @acme/devs #@mallory", "*.py @acme/devs\t# @mallory"]
)
def test_s29_a_name_in_a_comment_owns_nothing(line: str) -> None:
    facts = case(codeowners(line), approve(MALLORY))
    expect(judged(facts, OWNERS_ONLY), HELD, open_=[OWN], unlock=[["bob"], ["carol"]])


def test_s29_a_line_that_is_wrong_takes_no_ownership_away() -> None:
    for line in ("/src/ mallory", "!src/a.py", "/src/[a].py @mallory", "\\#src @mallory", "/src/a.py bob"):
        facts = case(codeowners(line), approve(MALLORY))
        expect(judged(facts, OWNERS_ONLY), HELD, unlock=[["bob"], ["carol"]])


STARS = "*".join("abcdefghijklmnopqrs")  # 18 stars
ALMOST = "".join(letter * 2 for letter in "abcdefghijklmnopqrs")[:-2] + "xx"


def test_s30_a_pattern_bomb_in_codeowners() -> None:
    facts = case(codeowners(f"{STARS} @mallory"), with_files(ALMOST), approve(BOB))
    assert judged(facts).outcome is ALLOWED
    assert seconds(lambda: judged(facts)) < 0.1


@pytest.mark.parametrize("format_", ["gerrit", "prow"])
def test_s30_a_pattern_bomb_in_owners_files(format_: str) -> None:
    rules = {
        "gerrit": f"per-file {STARS}=mallory@acme.example\nerin@acme.example\n",
        "prow": "filters:\n  '"
        + "(a*)*" * 9
        + "b':\n    approvers: [mallory]\n  '.*':\n    approvers: [erin]\n",
    }
    source = OWNERS_ONLY.replace("owners: {", f"owners: {{format: {format_}, ", 1)
    facts = case(text("OWNERS", rules[format_]), with_files(ALMOST), approve(ERIN))
    assert seconds(lambda: judged(facts, source)) < 0.1


def test_s30_a_pattern_bomb_in_the_policy() -> None:
    source = POLICY.replace("      owners: {}\n", f'      if: {{paths: ["{STARS}"]}}\n      owners: {{}}\n')
    facts = case(with_files(ALMOST), approve(BOB))
    of = policy(source)
    assert seconds(lambda: judged(facts, of)) < 0.1


@pytest.mark.parametrize("key", ["opened_before", "opened_at", "created_before", "before", "title", "body"])
def test_s31_no_carve_out_on_what_the_author_can_steer(key: str) -> None:
    source = POLICY.replace("      owners: {}\n", f"      if: {{{key}: '2024-01-01'}}\n      owners: {{}}\n")
    with pytest.raises(ConfigError) as error:
        policy(source)
    assert error.value.line is not None


def test_s31_an_old_pull_request_is_judged_as_any_other() -> None:
    from datetime import UTC, datetime

    from judge.make_facts import pulled

    facts = case(pulled(opened_at=datetime(2023, 5, 1, tzinfo=UTC)))
    expect(judged(facts), HELD, open_=[DEV, OWN])


def test_a_line_without_owners_removes_ownership_only_as_the_base_says() -> None:
    facts = case(codeowners("/src/"), approve(MALLORY))
    verdict = judged(facts, OWNERS_ONLY)
    assert clauses(verdict)[OWN].status is Status.SATISFIED


def test_no_owners_file_at_all_is_said_and_the_other_clauses_still_ask() -> None:
    from msgspec.structs import replace

    facts = replace(case(approve(MALLORY)), texts=())
    expect(judged(facts), HELD, open_=[DEV])


def test_the_first_of_the_three_places_wins() -> None:
    facts = case(
        text("CODEOWNERS", "* @mallory\n"), text("docs/CODEOWNERS", "* @mallory\n"), approve(MALLORY)
    )
    expect(judged(facts, OWNERS_ONLY), HELD, open_=[OWN])
