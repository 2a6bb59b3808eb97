"""What an approval is bound to, where reading it wrongly would bind it to something else."""

from __future__ import annotations

import pytest

from judge.make_facts import B0, BOB, H1, MALLORY, POLICY, approve, case, changed, commit, judged, oid, push
from riskbot.domain.verdict import Outcome
from riskbot.facts.document import Replay
from riskbot.judge.language.declarations import ReviewRules
from riskbot.judge.people.binding import Binding

STICKY = POLICY + "reviews: {carry_over: [clean-update]}\n"
M = oid("M")


def test_an_update_with_ones_own_side_branch_carries_no_approval_over() -> None:
    """It was done again and is clean, but what it brings in is part of the change and not of the base."""
    side = commit(oid("side"), author=MALLORY, parents=(B0,))
    merge = commit(M, parents=(H1, side.id), tree=oid("m"), recomputed_tree=oid("m"))
    replays = (Replay(kind="update", commit=H1, onto=side.id, tree=oid("m")),)
    verdict = judged(case(approve(BOB), push(M, side, merge), changed(replays=replays)), STICKY)
    assert verdict.outcome is Outcome.HELD
    assert [one.code for one in verdict.opinions] == ["stale"]


@pytest.mark.parametrize(
    ("prefix", "full"),
    [
        ("a" * 12, "a" * 12),  # two begin so
        ("a" * 13, "a" * 13 + "b" * 27),
        ("c" * 12, "c" * 40),  # the head, although another begins so too
        ("d" * 12, "d" * 12),
    ],
)
def test_an_abbreviated_commit_is_completed_where_it_means_one(prefix: str, full: str) -> None:
    ids = ["a" * 12 + "b" * 28, "a" * 13 + "b" * 27, "c" * 12 + "b" * 28, "c" * 40]
    facts = case(changed(head="c" * 40, commits=tuple(commit(id_) for id_ in ids)))
    assert Binding(facts, ReviewRules()).full(prefix) == full
