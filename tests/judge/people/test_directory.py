"""Names -> accounts, and who was a member when."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from msgspec.structs import replace

from judge.make_facts import (
    ALICE,
    BOB,
    CAROL,
    ERIN,
    LONG_AGO,
    NOW,
    account,
    at,
    bot,
    case,
    email,
    joins,
    leaves,
    signature,
)
from riskbot.facts.document import Account, Facts, Membership, Team
from riskbot.judge.people.directory import Directory, noreply_login
from riskbot.judge.people.who import People, Who


def who(*names: str) -> People:
    return tuple(map(Who.parse, names))


def directory(facts: Facts | None = None, **groups: People) -> Directory:
    return Directory(facts or case(), groups)


@pytest.mark.parametrize(
    ("address", "account_id"),
    [
        (email(BOB), BOB),
        (f" {email(BOB).upper()} ", BOB),
        ("2+whatever@users.noreply.github.com", BOB),
        ("2+Whatever@Users.Noreply.GitHub.com", BOB),
        ("bob@users.noreply.github.com", BOB),
        ("999+bob@users.noreply.github.com", None),
        ("0+bob@users.noreply.github.com", None),
        ("bob@users.noreply.github.com.evil.example", None),
        ("x+2+bob@users.noreply.github.com", None),
        ("bob@acme.example.evil.example", None),
        ("", None),
    ],
)
def test_an_address(address: str, account_id: int | None) -> None:
    assert directory().by_email(address) == account_id


def test_a_login_alone_attributes_nothing() -> None:
    old = signature(None, "bob@users.noreply.github.com")
    assert directory().signed_by(old) == BOB
    assert directory().vouched(old) is None
    assert directory().vouched(signature(None, "2+bob@users.noreply.github.com")) == BOB
    assert noreply_login("7+Bob@users.noreply.github.com") == "bob"


def test_an_address_of_two_means_both_and_nobody() -> None:
    twice = directory(case(account(8, "eve", emails=(email(BOB).upper(),))))
    assert twice.named(email(BOB)) == (BOB, 8)
    assert twice.by_email(email(BOB)) is None


def test_names() -> None:
    people = who("alice", "id:2", email(CAROL), "@acme/gov", "nobody", "@acme/none", "group:us")
    standing = directory(us=who("erin", "@acme/sec")).resolve(people, NOW)
    assert standing.accounts == {ALICE, BOB, CAROL, ERIN, 4}
    assert standing.ghosts == ("nobody", "@acme/none")
    assert (standing.someone, standing.unread) == ((), ())


def test_unknown_is_not_empty() -> None:
    unread = replace(case(), teams=(Team(name="acme/devs"),))
    assert directory(unread).resolve(who("@acme/devs"), NOW).unread == ("@acme/devs",)
    none = directory(replace(case(), accounts=None, teams=None))
    standing = none.resolve(who("alice", "@acme/devs", "anyone"), NOW)
    assert (standing.accounts, standing.ghosts) == (frozenset(), ())
    assert set(standing.someone) == {"alice", "@acme/devs", "anyone entitled"}


def test_membership_holds_from_its_start_up_to_its_end() -> None:
    one = directory(case(leaves(BOB, "acme/devs", at(30))))
    devs = who("@acme/devs")
    assert one.belongs(devs, BOB, at(29))
    assert not one.belongs(devs, BOB, at(30))
    assert one.belongs(devs, BOB, LONG_AGO)
    assert not one.belongs(devs, BOB, LONG_AGO - timedelta(seconds=1))
    assert one.resolve(devs, at(29)).accounts == {ALICE, BOB, CAROL}
    assert one.resolve(devs, at(30)).accounts == {ALICE, CAROL}
    assert [stay.until for _, stay in one.stays(BOB)] == [at(30)]
    assert one.memberships(BOB, at(31)) == ()


def test_since_when() -> None:
    one = directory(case(joins(BOB, "acme/sec", since=at(5)), joins(8, "acme/sec")))
    assert one.since(who("@acme/sec"), BOB, NOW) == at(5)
    assert one.since(who("@acme/sec", "@acme/devs"), BOB, NOW) == LONG_AGO
    assert one.since(who("@acme/gov"), BOB, NOW) is None
    named = one.since(who("bob"), BOB, NOW)
    assert named is not None
    assert named < LONG_AGO


def test_everybody_who_ever_was_among_them() -> None:
    one = directory(case(leaves(BOB, "acme/devs", at(30))))
    assert one.ever(who("@acme/devs", "erin", "anyone", "nobody")) == {ALICE, BOB, CAROL, ERIN}


def test_machines() -> None:
    one = directory(case(bot(30, "al-bot"), account(31, "svc", controller=BOB)))
    assert [one.is_bot(id_) for id_ in (BOB, 30, 31, 99)] == [False, True, True, False]
    assert [one.is_person(id_) for id_ in (BOB, 30, 31, 99)] == [True, False, False, False]
    assert one.tied(31) == ((BOB, "controller"),)
    assert one.tied(BOB) == ((31, "bot"),)


def test_thousands_of_lists_of_owners_are_looked_up_fast() -> None:
    people = tuple(Account(id=id_, login=f"user{id_}") for id_ in range(1, 1001))
    teams = tuple(
        Team(
            name=f"acme/team{nth}",
            members=tuple(Membership(account=1 + (nth * 7 + m) % 1000) for m in range(20)),
        )
        for nth in range(500)
    )
    big = directory(replace(case(), accounts=people, teams=teams))
    lists = [who(f"@acme/team{nth % 500}", f"user{1 + nth % 1000}") for nth in range(2000)]
    start = time.perf_counter()
    for one in lists:
        big.resolve(one, NOW)
        for review in range(10):
            big.belongs(one, 1 + review, at(review))
    assert time.perf_counter() - start < 1
