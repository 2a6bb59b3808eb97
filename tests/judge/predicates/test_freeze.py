"""Freezes: only calm changes land, escalation lets others through, and no time of the author's counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from riskbot.domain.errors import ConfigError
from riskbot.domain.verdict import Outcome, Status
from riskbot.facts.document import Team
from riskbot.judge.language.policy import load
from tests.judge.make_facts import (
    ALICE,
    BOB,
    CAROL,
    ERIN,
    LONG_AGO,
    NOW,
    approve,
    assessed,
    at,
    case,
    joins,
    pulled,
)
from tests.judge.predicates.asked import asked, heard, policy, told

WEEK = '{from: "2026-03-01T00:00", until: "2026-03-08T00:00"}'
DURING, AFTER = NOW, NOW + timedelta(days=7)


def freeze(rest: str = "", windows: str = WEEK) -> str:
    return f"freeze: {{zone: Europe/Berlin, windows: [{windows}]{rest}}}"


CALM = freeze(", percentile: {below: 40}")
ESCALATION = freeze(', percentile: {below: 40}, escalation: ["@acme/gov"]')


def test_outside_the_windows_there_is_no_freeze():
    clause = asked(case(), CALM, AFTER)
    assert clause.status is Status.SATISFIED
    assert clause.reason == "There is no freeze at 2026-03-10 13:00 (Europe/Berlin)."


@pytest.mark.parametrize(
    ("percentile", "status"),
    [(39.9, Status.SATISFIED), (40.0, Status.PENDING), (float("nan"), Status.PENDING)],
)
def test_only_what_is_below_the_percentile_lands(percentile, status):
    from riskbot.judge import judge
    from riskbot.judge.owners import Nobody, Rosters
    from tests.judge.make_facts import clauses
    from tests.judge.make_facts import policy as load_policy

    of = load_policy(policy(CALM))
    verdict = judge(case(assessed(percentile=percentile)), of, Rosters(Nobody()), DURING)
    assert clauses(verdict)["it"].status is status


def test_a_change_that_nobody_assessed_is_not_calm():
    from msgspec.structs import replace

    clause = asked(replace(case(), assessment=None), CALM, DURING)
    assert clause.status is Status.PENDING
    assert "A freeze holds until 2026-03-08 00:00 (Europe/Berlin)" in clause.reason
    assert "was not assessed" in told(clause)


def test_without_a_percentile_nothing_lands_and_without_escalation_nobody_can_let_it():
    verdict = heard(case(assessed(percentile=0.0), approve(ERIN)), freeze(), DURING)
    assert verdict.outcome is Outcome.HELD
    assert verdict.unlocking == ()
    assert "nobody can let the change through" in verdict.root.reason


def test_escalation_lets_a_change_through():
    waiting = heard(case(assessed(percentile=60.0), approve(BOB)), ESCALATION, DURING)
    assert waiting.outcome is Outcome.HELD
    assert waiting.unlocking == (("erin",),)
    let = asked(case(assessed(percentile=60.0), approve(ERIN)), ESCALATION, DURING)
    assert let.status is Status.SATISFIED
    assert let.reason == "A freeze holds until 2026-03-08 00:00 (Europe/Berlin); erin let the change through."


def test_whoever_has_a_part_in_it_cannot_let_it_through():
    facts = case(assessed(percentile=60.0), joins(ALICE, "acme/gov"), approve(ALICE))
    assert asked(facts, ESCALATION, DURING).status is Status.PENDING


def test_a_team_that_could_not_be_read_is_an_error_and_never_lets_through():
    from msgspec.structs import replace

    facts = case(assessed(percentile=60.0), approve(ERIN))
    facts = replace(facts, teams=(Team(name="acme/gov", members=None),))
    assert asked(facts, ESCALATION, DURING).status is Status.ERROR


@pytest.mark.parametrize("opened", [LONG_AGO, NOW, None])
def test_when_it_was_opened_does_not_matter(opened):
    """S31: a freeze asks the time of the judgement, nothing that the author chose."""
    facts = case(assessed(percentile=60.0), pulled(opened_at=opened), approve(CAROL, when=at(1)))
    assert asked(facts, CALM, DURING).status is Status.PENDING


def test_a_weekly_freeze_holds_over_the_night():
    weekly = freeze(windows='{days: [fri], from: "18:00", until: "08:00"}')
    friday = datetime(2026, 3, 6, tzinfo=UTC)
    for hours, status in (
        (16.9, Status.SATISFIED),
        (17, Status.PENDING),
        (30.9, Status.PENDING),
        (31, Status.SATISFIED),
    ):
        assert asked(case(), weekly, friday + timedelta(hours=hours)).status is status


@pytest.mark.parametrize("now", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_the_ends_of_the_calendar_are_an_error_and_no_traceback(now):
    weekly = freeze(windows='{days: [fri], from: "18:00", until: "08:00"}')
    assert asked(case(), weekly, now).status is Status.ERROR


@pytest.mark.parametrize(
    ("clause", "says"),
    [
        (freeze(", opened_before: '2024-01-01'"), "There is no key 'opened_before' here"),
        (freeze(windows='{days: [friday], from: "18:00", until: "08:00"}'), "'friday' is not known here"),
        (freeze(windows="{from: '2026-03-01', until: '2026-03-02'}"), "is no time; write 2026-12-20T00:00"),
        (freeze(windows="{from: 18:00, until: '24:00', days: [fri]}"), "YAML readers disagree"),
        (freeze(windows=""), "a list of at least 1"),
        ("freeze: {zone: Berlin, windows: [" + WEEK + "]}", "Did you mean 'Europe/Berlin'"),
        ("freeze: {windows: [" + WEEK + "]}", "'zone' is missing"),
        (freeze(windows="{from: '2026-03-02T00:00', until: '2026-03-01T00:00'}"), "ends before it starts"),
    ],
)
def test_what_is_wrong_is_refused_at_its_place(clause, says):
    with pytest.raises(ConfigError, match=says) as caught:
        load(policy(clause).encode(), file="p.yml", source="a test")
    assert caught.value.message.startswith("p.yml:5:")
