"""S43: the population report finds what landed round the bot."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskbot.domain.verdict import Outcome, Subject
from riskbot.judge.population import Decision, Landed, exceptions
from tests.judge.make_facts import NOW, oid

M, H, D = oid("merge"), oid("head"), oid("direct")


def decided(
    head: str = H, outcome: Outcome = Outcome.ALLOWED, minutes: float = -10, **subject: object
) -> Decision:
    values = {"repository": "acme/shop", "pull": 7, "base_ref": "main", "base": oid("base"), "head": head}
    return Decision(Subject(**{**values, **subject}), outcome, NOW + timedelta(minutes=minutes))


def codes(line: list[Landed], decisions: list[Decision]) -> list[tuple[str, str]]:
    return [(one.commit, one.code) for one in exceptions("acme/shop", "main", line, decisions)]


MERGE = Landed(M, merged=H, at=NOW)


def test_a_push_past_the_bot_and_a_merge_that_overruled_it():
    line = [MERGE, Landed(D, at=NOW)]
    assert codes(line, [decided()]) == [(D, "no_verdict")]
    assert codes(line, [decided(outcome=Outcome.HELD)]) == [(M, "not_allowed"), (D, "no_verdict")]
    assert codes(line, []) == [(M, "no_verdict"), (D, "no_verdict")]


@pytest.mark.parametrize(
    ("landed", "decisions", "code"),
    [
        (MERGE, [decided()], None),
        (Landed(H, at=NOW), [decided()], None),  # a fast-forward: the head is the commit
        (Landed(M, merged=H), [decided(minutes=500)], None),  # when it landed is not known
        (MERGE, [decided(base_ref="sandbox")], "other_base"),  # S24: the sibling with the free policy
        (MERGE, [decided(repository="mallory/shop")], "other_base"),
        (MERGE, [decided(base_ref=None)], "other_base"),
        (MERGE, [decided(base_ref="sandbox"), decided()], None),
        (MERGE, [decided(minutes=1)], "no_verdict"),  # only afterwards
        (MERGE, [decided(), decided(outcome=Outcome.HELD, minutes=-5)], "not_allowed"),  # it was taken back
        (MERGE, [decided(outcome=Outcome.HELD), decided(minutes=-5)], None),
        (MERGE, [decided(), decided(outcome=Outcome.UNDECIDED)], "not_allowed"),  # equal times: the stricter
        (MERGE, [decided(), decided(outcome=Outcome.HELD, minutes=5)], None),
        (MERGE, [decided(head=None)], "no_verdict"),
        (Landed(M, merged=H, exact=False, at=NOW), [decided()], "no_verdict"),  # its tree is not the merge's
        (Landed(M, merged=H, exact=False, at=NOW), [decided(head=M)], None),
    ],
)
def test_each_way(landed, decisions, code):
    found = codes([landed], decisions)
    assert found == ([] if code is None else [(landed.commit, code)])


def test_the_reasons():
    (one,) = exceptions("acme/shop", "main", [MERGE], [decided(base_ref="sandbox")])
    assert one.reason == f"{M[:12]} landed on main, but was judged only for acme/shop sandbox."
    (one,) = exceptions("acme/shop", "main", [MERGE], [decided(outcome=Outcome.HELD)])
    assert one.reason == f"{M[:12]} landed on main although its verdict was held."
    (one,) = exceptions("acme/shop", "main", [MERGE], [decided(minutes=1)])
    assert one.reason == f"{M[:12]} landed on main and nobody judged it before it landed, only afterwards."


decisions = st.lists(
    st.builds(
        decided,
        head=st.sampled_from([H, M, D]),
        outcome=st.sampled_from(Outcome),
        minutes=st.integers(-3, 3),
        base_ref=st.sampled_from(["main", "sandbox"]),
    ),
    max_size=8,
)


@settings(max_examples=500, deadline=None)
@given(decisions=decisions, data=st.data())
def test_order_does_not_matter_and_an_objection_never_covers(decisions, data):
    line = [MERGE, Landed(D, at=NOW)]
    found = codes(line, decisions)
    assert codes(line, data.draw(st.permutations(decisions))) == found
    worse = [*decisions, decided(outcome=Outcome.HELD, minutes=0)]
    assert {commit for commit, _ in found} <= {commit for commit, _ in codes(line, worse)} | {M}
    assert (M, "not_allowed") in codes(line, worse)
