"""The forge's surface: forged statuses, truncated lists, and commits that went round the bot."""

from __future__ import annotations

from datetime import timedelta

import pytest

from judge.make_facts import (
    BOB,
    H1,
    H2,
    NOW,
    POLICY,
    Step,
    approve,
    case,
    changed,
    commit,
    expect,
    judged,
    oid,
    pulled,
    push,
    with_commits,
    with_files,
)
from riskbot.domain.verdict import Outcome
from riskbot.facts.document import Check, Facts
from riskbot.judge.population import Decision, Landed, exceptions

HELD, ALLOWED, UNDECIDED = Outcome.HELD, Outcome.ALLOWED, Outcome.UNDECIDED
BUILT = POLICY + "    - clause: it was built\n      checks: {name: build, app: 15368}\n"


def checked(**fields: object) -> Step:
    values = {"name": "build", "commit": H1, "conclusion": "success", "app": 15368, **fields}
    return pulled(checks=(Check(**values),))  # type: ignore[arg-type]


def test_s41_the_apps_own_check_run_counts() -> None:
    expect(judged(case(checked(), approve(BOB)), BUILT), ALLOWED)


@pytest.mark.parametrize(
    "fields",
    [
        {"app": None},
        {"app": 666},
        {"commit": H2},
        {"commit": H1[:12]},
        {"conclusion": "failure"},
        {"conclusion": None},
        {"conclusion": "skipped"},
        {"conclusion": "neutral"},
        {"conclusion": "SUCCESS "},
        {"name": "build "},
        {"name": "Build"},
    ],
    ids=str,
)
def test_s41_a_forged_or_other_status_does_not(fields: dict[str, object]) -> None:
    verdict = judged(case(checked(**fields), approve(BOB)), BUILT)
    expect(verdict, HELD, open_=["it was built"], unlock=[])


def test_s41_a_forged_success_beside_the_apps_failure() -> None:
    both = pulled(
        checks=(
            Check(name="build", commit=H1, conclusion="success"),
            Check(name="build", commit=H1, conclusion="failure", app=15368),
        )
    )
    expect(judged(case(both, approve(BOB)), BUILT), HELD, open_=["it was built"])


@pytest.mark.parametrize("turn", [1, -1])
def test_s41_of_two_runs_the_worse_one_holds(turn: int) -> None:
    runs = (
        Check(name="build", commit=H1, conclusion="success", app=15368),
        Check(name="build", commit=H1, conclusion="failure", app=15368),
    )[::turn]
    assert judged(case(pulled(checks=runs), approve(BOB)), BUILT).outcome is HELD


def test_s41_checks_that_nobody_could_read() -> None:
    assert judged(case(pulled(checks=None), approve(BOB)), BUILT).outcome is not ALLOWED


def test_s42_fewer_files_than_the_forge_counts() -> None:
    files = with_files(*(f"src/{n}.py" for n in range(3000)), declared=3001)
    expect(judged(case(files, approve(BOB))), UNDECIDED, blocks=["truncated"], unlock=[])


def test_s42_fewer_commits_than_the_forge_counts() -> None:
    listed = [commit(oid(f"C{n}")) for n in range(249)]
    facts = case(with_commits(*listed, commit(H1)), changed(declared_commits=251), approve(BOB))
    expect(judged(facts), UNDECIDED, blocks=["truncated"])


def test_s42_a_comparison_cut_at_300_files() -> None:
    files = with_files(*(f"src/{n}.py" for n in range(300)), declared=301)
    expect(judged(case(files, approve(BOB))), UNDECIDED, blocks=["truncated"])


def test_s42_fewer_reviews_than_the_forge_counts() -> None:
    expect(judged(case(approve(BOB), pulled(declared_reviews=2))), UNDECIDED, blocks=["truncated"])


def test_s42_commits_of_an_earlier_head_do_not_fill_the_gap() -> None:
    facts = case(push(H2, rewrite=True), changed(declared_commits=2), approve(BOB, H2))
    expect(judged(facts), UNDECIDED, blocks=["truncated"])


def test_s42_the_head_itself_is_missing() -> None:
    facts = case(with_commits(commit(oid("other"))), approve(BOB))
    expect(judged(facts), UNDECIDED, blocks=["truncated"])


def test_s42_files_that_nobody_knows() -> None:
    facts = case(changed(files=None, declared_files=None), approve(BOB))
    expect(judged(facts), UNDECIDED, blocks=["files_unknown"])


def test_s42_whole_lists_are_judged() -> None:
    files = with_files(*(f"src/{n}.py" for n in range(3000)))
    expect(judged(case(files, approve(BOB))), ALLOWED)


def test_the_head_is_unknown() -> None:
    facts = case(changed(head=None), approve(BOB))
    expect(judged(facts), UNDECIDED, blocks=["head_unknown"])


def verdicts(*facts: Facts) -> list[Decision]:
    """The records of these cases, judged an hour before anything landed."""
    return [Decision(one.subject, one.outcome, NOW) for one in map(judged, facts)]


LANDED = NOW + timedelta(hours=1)
D = oid("D")


def test_s43_a_commit_pushed_straight_to_the_branch_is_an_exception() -> None:
    line = [Landed(oid("merge"), merged=H1, at=LANDED), Landed(D, at=LANDED)]
    (exception,) = exceptions("acme/shop", "main", line, verdicts(case(approve(BOB))))
    assert (exception.commit, exception.code) == (D, "no_verdict")


def test_s43_so_is_a_merge_that_overruled_the_verdict() -> None:
    line = [Landed(oid("merge"), merged=H1, at=LANDED)]
    (exception,) = exceptions("acme/shop", "main", line, verdicts(case()))
    assert exception.code == "not_allowed"


def test_s43_and_one_whose_verdict_came_afterwards_or_was_for_another_branch() -> None:
    early = [Landed(oid("merge"), merged=H1, at=NOW - timedelta(hours=1))]
    (exception,) = exceptions("acme/shop", "main", early, verdicts(case(approve(BOB))))
    assert exception.code == "no_verdict"
    line = [Landed(oid("merge"), merged=H1, at=LANDED)]
    elsewhere = verdicts(case(pulled(base_ref="sandbox"), approve(BOB)))
    (exception,) = exceptions("acme/shop", "main", line, elsewhere)
    assert exception.code == "other_base"


def test_s43_a_merge_that_holds_more_than_was_judged_is_not_covered_by_its_verdict() -> None:
    line = [Landed(oid("merge"), merged=H1, exact=False, at=LANDED)]
    (exception,) = exceptions("acme/shop", "main", line, verdicts(case(approve(BOB))))
    assert exception.code == "no_verdict"


def test_s43_what_was_judged_and_allowed_is_none() -> None:
    line = [Landed(oid("merge"), merged=H1, exact=True, at=LANDED)]
    assert exceptions("acme/shop", "main", line, verdicts(case(approve(BOB)))) == ()
