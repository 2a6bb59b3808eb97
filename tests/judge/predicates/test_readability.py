"""A reader for every language, apart from who owns the code."""

import pytest
from msgspec.structs import replace

from judge.make_facts import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    MALLORY,
    approve,
    case,
    clauses,
    joins,
    judged,
    opened_by,
    renamed,
    text,
    with_files,
)
from judge.predicates.asked import asked, policy, told
from riskbot.domain.errors import ConfigError
from riskbot.domain.verdict import Status
from riskbot.judge.language.policy import load

LISTED = 'readability: {paths: ["**/*.py"], from: [carol, dave]}'
ROSTER = ".riskbot/READABILITY"
BY_ROSTER = f"readability: {{roster: {ROSTER}}}"
READERS = text(ROSTER, "*.py @carol\n*.go @dave\n")


def test_one_reader_of_the_language_is_asked() -> None:
    clause = asked(case(approve(BOB)), LISTED)
    assert clause.status is Status.PENDING
    assert clause.could == ("carol", "dave")
    assert asked(case(approve(CAROL)), LISTED).status is Status.SATISFIED
    assert asked(case(with_files("a.go")), LISTED).status is Status.SATISFIED


def test_a_roster_names_the_readers_of_each_language() -> None:
    facts = case(READERS, with_files("src/a.py", "b.go", "README.md"), approve(CAROL))
    clause = asked(facts, BY_ROSTER)
    assert clause.status is Status.PENDING
    assert clause.could == ("dave",)
    assert clause.reason == "1 of 2 sets of readers have approved."
    assert clause.evidence[0].startswith("b.go: @dave")
    assert asked(approve(DAVE)(facts), BY_ROSTER).status is Status.SATISFIED


def test_the_author_may_read_their_own_language_unless_told_otherwise() -> None:
    own = 'readability: {paths: ["**/*.py"], from: [alice, carol]'
    assert asked(case(), own + "}").status is Status.SATISFIED
    assert asked(case(), own + ", author_counts: false}").could == ("carol",)
    assert asked(case(opened_by(MALLORY)), own + "}").status is Status.PENDING


def test_both_sides_of_a_rename_are_read() -> None:
    assert asked(case(with_files(renamed("a.py", "a.txt"))), LISTED).status is Status.PENDING


def test_a_roster_that_is_missing_or_too_large_is_an_error() -> None:
    clause = asked(case(approve(CAROL)), BY_ROSTER)
    assert clause.status is Status.ERROR
    assert ROSTER in clause.reason
    clause = asked(case(text(ROSTER, None, 3_145_729), approve(CAROL)), BY_ROSTER)
    assert clause.status is Status.ERROR
    assert "roster_too_large" in clause.reason


def test_unknown_files_are_an_error() -> None:
    facts = case(approve(CAROL))
    unknown = replace(facts, change=replace(facts.change, files=None))
    assert asked(unknown, LISTED).status is Status.ERROR


def test_readers_who_are_not_able_free_nothing() -> None:
    facts = case(text(ROSTER, "*.py @ghost\n"), approve(BOB))
    clause = asked(facts, BY_ROSTER)
    assert clause.status is Status.PENDING
    assert "ghost_owner" in told(clause)
    assert asked(facts, BY_ROSTER, owners="{fallback: [erin]}").could == ("erin",)


TWO_HATS = """\
version: 1
name: hats
requires:
  all:
    - clause: owner
      owners: {{}}
    - clause: reader
      readability: {{paths: ["**/*.py"], from: [bob, carol]}}
  distinct: {distinct}
"""


def test_owner_and_reader_may_be_made_to_differ() -> None:
    facts = case(approve(BOB))
    assert judged(facts, TWO_HATS.format(distinct="false")).root.status is Status.SATISFIED
    verdict = judged(facts, TWO_HATS.format(distinct="true"))
    assert verdict.root.status is Status.PENDING
    assert {clause.status for clause in clauses(verdict).values() if not clause.clauses} == {Status.SATISFIED}
    assert judged(approve(CAROL)(facts), TWO_HATS.format(distinct="true")).root.status is Status.SATISFIED


S45 = """\
version: 1
name: hats
requires:
  all:
    - clause: security
      approvals: {{from: ["@acme/sec"]}}
    - clause: developers
      approvals: {{from: ["@acme/devs"]}}
  distinct: {distinct}
"""


def test_s45_one_person_does_not_fill_two_roles_where_that_is_asked() -> None:
    facts = case(joins(DAVE, "acme/devs"), approve(DAVE))
    assert judged(facts, S45.format(distinct="false")).root.status is Status.SATISFIED
    assert judged(facts, S45.format(distinct="true")).root.status is Status.PENDING
    assert judged(approve(BOB)(facts), S45.format(distinct="true")).root.status is Status.SATISFIED
    assert judged(approve(ALICE)(facts), S45.format(distinct="true")).root.status is Status.PENDING


@pytest.mark.parametrize(
    "wrong",
    [
        "{}",
        "{paths: ['*.py']}",
        "{from: [bob]}",
        "{roster: x, paths: ['*.py'], from: [bob]}",
        "{roster: x, from: [bob]}",
    ],
)
def test_it_is_a_roster_or_a_list(wrong: str) -> None:
    with pytest.raises(ConfigError):
        load(policy(f"readability: {wrong}").encode(), file="p.yml", source="p.yml")
