"""A small applied suggestion: when its writer may approve all the same."""

from __future__ import annotations

import pytest

from judge.make_facts import (
    ALICE,
    BOB,
    CAROL,
    CODEOWNERS,
    DAVE,
    H1,
    H2,
    LONG_AGO,
    NOW,
    Step,
    account,
    case,
    commit,
    leaves,
    push,
    with_files,
)
from riskbot.facts.document import Suggestion, Text, Verification
from riskbot.judge.language.declarations import AuthorRules, ReviewRules, Tolerance
from riskbot.judge.owners.reading import read
from riskbot.judge.people.directory import Directory
from riskbot.judge.people.interest import Interested, interested
from riskbot.judge.people.tolerance import tolerant

WEB_FLOW = 40
RULES = ReviewRules(suggestions=Tolerance(lines=3))


def applied(lines: int = 1) -> Step:
    made = commit(
        H2,
        author=BOB,
        committer=WEB_FLOW,
        parents=(H1,),
        suggestions=(Suggestion(by=BOB, lines=lines),),
        verification=Verification.VERIFIED,
    )
    return push(H2, made)


def found(*steps: Step, owners: str = CODEOWNERS, lines: int = 1, rules: ReviewRules = RULES) -> Interested:
    facts = case(account(WEB_FLOW, "web-flow", permission=None), applied(lines), *steps)
    text = Text(path="CODEOWNERS", text=owners, size=len(owners))
    directory = Directory(facts, {})
    who = interested(facts, AuthorRules(), rules, (), directory, now=NOW)
    roster = read((text,), "codeowners").owners
    return tolerant(who, rules, directory, roster, facts.change.files or (), now=NOW)


def test_a_small_one_where_nothing_is_owned_specially() -> None:
    who = found()
    assert BOB not in who.accounts
    assert ALICE in who.accounts
    assert [note.code for note in who.flags] == ["suggestion_tolerated"]


@pytest.mark.parametrize(
    "step",
    [
        with_files("secure/x.py"),
        with_files("src/a.py", "secure/x.py"),
        leaves(CAROL, "acme/devs", LONG_AGO),
        account(CAROL, "carol", active=False),
        account(CAROL, "carol", controller=DAVE),
        account(CAROL, "carol", permission=None),
    ],
    ids=["owned", "one owned", "left", "away", "machine", "powerless"],
)
def test_not_where_a_path_is_owned_or_nobody_else_could(step: Step) -> None:
    assert BOB in found(step).accounts


def test_not_where_it_is_large_or_nobody_chose_it() -> None:
    assert BOB not in found(lines=3).accounts
    assert BOB in found(lines=4).accounts
    assert BOB in found(rules=ReviewRules()).accounts


def test_somebody_of_no_team_can_be_replaced_by_anybody() -> None:
    """Of a team only by its other members: they are who could have approved in the same role."""
    alone = leaves(CAROL, "acme/devs", LONG_AGO)
    assert BOB in found(alone).accounts
    assert BOB not in found(alone, leaves(BOB, "acme/devs", LONG_AGO)).accounts
