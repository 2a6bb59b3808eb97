"""How many have approved, of whom, and whose approval does not count."""

from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from judge.make_facts import (
    ALICE,
    B0,
    BOB,
    CAROL,
    DAVE,
    H1,
    H2,
    MALLORY,
    RITA,
    Step,
    account,
    approve,
    at,
    bot,
    case,
    commit,
    joins,
    leaves,
    object_,
    pulled,
    push,
    team,
    with_commits,
)
from judge.predicates.asked import asked, heard, policy, told
from riskbot.domain.errors import ConfigError
from riskbot.domain.verdict import Outcome, Status
from riskbot.facts.document import Facts, Permission, Team
from riskbot.judge.language.policy import load

DEVS = 'approvals: {from: ["@acme/devs"]}'


def unread(name: str) -> Step:
    """Let the team exist, and nobody be able to read it."""

    def step(facts: Facts) -> Facts:
        kept = tuple(one for one in facts.teams or () if one.name != name)
        return replace(facts, teams=(*kept, Team(name=name)))

    return step


def test_it_says_who_did_and_who_could() -> None:
    clause = asked(case(approve(BOB)), "approvals: {count: 2, from: ['@acme/devs', dave]}")
    assert clause.status is Status.PENDING
    assert clause.reason == "1 of 2 approvals: bob."
    assert clause.could == ("carol", "dave")
    assert clause.evidence == ("bob approved",)
    clause = asked(case(approve(BOB), approve(DAVE)), "approvals: {count: 2, from: ['@acme/devs', dave]}")
    assert (clause.status, clause.reason) == (Status.SATISFIED, "2 of 2 approvals: bob, dave.")


def test_anyone_able_is_asked_by_default() -> None:
    clause = asked(case(), "approvals: {}")
    assert clause.could == ("bob", "carol", "dave", "erin", "mallory")


def test_too_few_people_is_said() -> None:
    assert (
        "only dave could, which is not enough" in asked(case(), "approvals: {count: 2, from: [dave]}").reason
    )
    clause = asked(case(), "approvals: {from: [alice]}")
    assert clause.status is Status.PENDING
    assert "nobody else is able" in clause.reason


def test_s01_the_author_does_not_count() -> None:
    clause = asked(case(approve(ALICE)), DEVS)
    assert clause.status is Status.PENDING
    assert "alice does not count (interested)" in told(clause)


def test_s04_an_approval_of_older_content_does_not_count() -> None:
    clause = asked(case(approve(BOB), push(H2)), DEVS)
    assert clause.status is Status.PENDING
    assert "bob does not count (stale)" in told(clause)


def test_s29_whoever_is_not_asked_does_not_count() -> None:
    clause = asked(case(approve(MALLORY)), DEVS)
    assert clause.status is Status.PENDING
    assert "mallory does not count here (not_asked)" in told(clause)


def test_s36_a_former_member_does_not_count() -> None:
    clause = asked(case(leaves(BOB, "acme/devs", at(10)), approve(BOB, when=at(20))), DEVS)
    assert clause.status is Status.PENDING
    assert "bob does not count here (former_member)" in told(clause)
    assert clause.could == ("carol",)


def test_a_member_who_leaves_after_approving_does_not_count_any_more() -> None:
    facts = case(approve(BOB, when=at(20)), leaves(BOB, "acme/devs", at(30)))
    assert asked(facts, DEVS).status is Status.PENDING
    assert asked(facts, DEVS, at(25)).status is Status.SATISFIED


def test_who_joins_after_approving_must_approve_again() -> None:
    facts = case(approve(MALLORY, when=at(20)), joins(MALLORY, "acme/devs", at(30)))
    clause = asked(facts, DEVS)
    assert clause.status is Status.PENDING
    assert "mallory does not count here (late_member)" in told(clause)
    assert "mallory" in clause.could


def test_s37_a_fresh_member_does_not_count_where_a_time_is_asked() -> None:
    facts = case(account(8, "sock"), joins(8, "acme/devs", at(10)), approve(8, when=at(20)))
    assert asked(facts, DEVS).status is Status.SATISFIED
    clause = asked(facts, DEVS, reviews="{member_for: 7d}")
    assert clause.status is Status.PENDING
    assert "sock does not count here (fresh_member)" in told(clause)
    later = asked(facts, DEVS, at(10) + timedelta(days=7), reviews="{member_for: 7d}")
    assert later.status is Status.PENDING
    assert "sock" in later.could


def test_s38_who_may_not_write_does_not_count() -> None:
    clause = asked(case(joins(RITA, "acme/devs"), approve(RITA)), DEVS)
    assert clause.status is Status.PENDING
    assert "rita does not count (no_permission)" in told(clause)
    assert "rita" not in clause.could


def test_a_clause_can_ask_for_more_permission_never_for_less() -> None:
    facts = case(account(8, "owen", permission=Permission.ADMIN), approve(BOB))
    clause = asked(facts, "approvals: {permission: maintain}")
    assert clause.status is Status.PENDING
    assert clause.could == ("owen",)
    assert "bob does not count here (no_permission): lacks maintain permission" in told(clause)
    assert asked(case(approve(RITA)), "approvals: {permission: read}").status is Status.PENDING


def test_outside_the_authors_teams() -> None:
    outside = "approvals: {outside_author_teams: true}"
    clause = asked(case(approve(BOB)), outside)
    assert clause.status is Status.PENDING
    assert "bob does not count here (author_team)" in told(clause)
    assert clause.could == ("dave", "erin", "mallory")
    assert asked(case(approve(DAVE)), outside).status is Status.SATISFIED


def test_leaving_the_team_after_opening_makes_no_outsider() -> None:
    facts = case(leaves(BOB, "acme/devs", at(10)), approve(BOB))
    assert asked(facts, "approvals: {outside_author_teams: true}").status is Status.PENDING
    facts = case(leaves(BOB, "acme/devs", at(-10)), approve(BOB))
    assert asked(facts, "approvals: {outside_author_teams: true}").status is Status.SATISFIED


def test_nobody_is_known_to_be_outside_where_a_team_is_unread() -> None:
    facts = case(approve(DAVE), unread("acme/ops"))
    clause = asked(facts, "approvals: {outside_author_teams: true}")
    assert clause.status is Status.ERROR
    assert "unread_team" in clause.reason


def test_an_unread_team_is_an_error_unless_it_is_not_needed() -> None:
    both = "approvals: {from: ['@acme/devs', dave]}"
    clause = asked(case(unread("acme/devs")), both)
    assert clause.status is Status.ERROR
    assert "@acme/devs could not be read (unread_team)" in clause.reason
    assert asked(case(unread("acme/devs"), approve(DAVE)), both).status is Status.SATISFIED


def test_an_unknown_team_has_no_members() -> None:
    clause = asked(case(approve(BOB)), "approvals: {from: ['@acme/ghosts']}")
    assert clause.status is Status.PENDING
    assert "@acme/ghosts does not exist (unknown_team)" in told(clause)


def test_bots_count_only_by_name() -> None:
    facts = case(bot(30, "al-bot"), joins(30, "acme/devs"), approve(30))
    assert asked(facts, DEVS).status is Status.PENDING
    assert asked(facts, DEVS, reviews="{bots: [al-bot]}").status is Status.SATISFIED


def test_a_person_and_their_machine_are_one_voice() -> None:
    two = "approvals: {count: 2, from: ['@acme/devs', mallory]}"
    rules = {"reviews": "{bots: [al-bot]}"}
    machine = (bot(30, "al-bot", controller=BOB), joins(30, "acme/devs"))
    clause = asked(case(*machine, approve(BOB), approve(30)), two, **rules)
    assert clause.status is Status.PENDING
    assert clause.reason == "1 of 2 approvals: bob."
    clause = asked(case(*machine, approve(30)), two, **rules)
    assert clause.reason == "0 of 2 approvals."
    assert asked(case(*machine), two, **rules).could == ("bob", "carol", "mallory")
    gone = account(8, "gone", active=False)
    both = (bot(30, "al-bot", controller=8), bot(31, "bo-bot", controller=8))
    both = (gone, *both, joins(30, "acme/devs"), joins(31, "acme/devs"), approve(30), approve(31))
    clause = asked(case(*both), two, reviews="{bots: [al-bot, bo-bot]}")
    assert clause.reason.startswith("1 of 2 approvals: al-bot.")


def test_what_nobody_is_known_to_have_made_costs_one_more() -> None:
    facts = case(approve(BOB), push(H2, commit(H2, parents=(H1,), author=None)), approve(BOB, H2))
    rules = {"authors": "{unattributed: one-more}"}
    clause = asked(facts, DEVS, **rules)
    assert clause.status is Status.PENDING
    assert clause.reason.startswith("1 of 2 approvals: bob.")
    assert "1 approval more than usual" in clause.reason


def test_reviews_that_are_not_known_are_no_empty_list() -> None:
    clause = asked(case(pulled(reviews=None)), DEVS)
    assert clause.status is Status.PENDING
    assert clause.reason.startswith("No reviews are known yet.")
    assert clause.could == ("bob", "carol")


def test_locally_names_stay_names() -> None:
    facts = replace(case(), pull=None, accounts=None, teams=None)
    clause = asked(facts, "approvals: {count: 2, from: ['@acme/devs', dave]}")
    assert clause.status is Status.PENDING
    assert clause.could == ("@acme/devs", "dave")
    assert asked(facts, "approvals: {}").could == ("anyone entitled",)


def test_locally_the_author_is_known_by_address() -> None:
    unknown = commit(H1, parents=(B0,), author=None, committer=None)
    facts = replace(case(with_commits(unknown)), pull=None, accounts=None, teams=None)
    clause = asked(facts, f"approvals: {{from: ['{unknown.author.email}', dave@acme.example]}}")
    assert clause.could == ("dave@acme.example",)


def test_an_objection_is_no_approval() -> None:
    assert asked(case(approve(CAROL), object_(CAROL)), DEVS).status is Status.PENDING


def test_a_team_name_is_read_in_any_case() -> None:
    facts = replace(case(approve(BOB)), teams=(team("Acme/Devs", ALICE, BOB),))
    assert asked(facts, "approvals: {from: ['@ACME/devs']}").status is Status.SATISFIED


@pytest.mark.parametrize(
    "wrong",
    ["{count: 0}", "{from: []}", "{count: 101}", "{who: [bob]}", "{permission: owner}", "{from: ['a b']}"],
)
def test_what_is_not_the_language_is_refused(wrong: str) -> None:
    with pytest.raises(ConfigError):
        load(policy(f"approvals: {wrong}").encode(), file="p.yml", source="p.yml")


def test_the_verdict_is_allowed_by_the_last_approval() -> None:
    assert heard(case(approve(BOB)), DEVS).outcome is Outcome.ALLOWED
    verdict = heard(case(), DEVS)
    assert verdict.outcome is Outcome.HELD
    assert msgspec.to_builtins(verdict)["root"]["status"] == "pending"
