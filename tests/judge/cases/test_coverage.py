"""Coverage: what cases show of a policy's clauses, conditions, alternatives and flows, and what they never do."""

from __future__ import annotations

import time

import pytest

from riskbot.judge import cases
from riskbot.judge.cases.contrast import contrast
from riskbot.judge.cases.coverage import coverage
from riskbot.judge.language import policy
from riskbot.judge.lint.implied import implies

POLICY = b"""version: 1
name: t
flows:
  - {flow: deps, bots: ["deps[bot]"], owner: [bob], paths: ["*.lock"]}
requires:
  any:
    - clause: automatic
      flow: {flows: [deps]}
    - all:
        - clause: reviewed
          approvals: {}
        - clause: payments
          if: {paths: [pay/**]}
          all:
            - clause: calm
              risk: {band: {at_most: yellow}}
"""
PEOPLE = 'people: {bob: write, "deps[bot]": write}\ncases:\n'


def missing(*facts: str) -> dict[tuple[str, str], tuple[str, ...]]:
    loaded = policy.load(POLICY, file="t.yml", source="a test")
    text = PEOPLE + "".join(
        f"  - {{case: c{at}, facts: {{{one}}}, expect: held}}\n" for at, one in enumerate(facts)
    )
    listed = cases.load(text.encode(), "t.cases.yml")
    rows = coverage(loaded, ((case, cases.verdict_of(case, loaded)) for case in listed))
    return {(row.kind, row.name): row.missing for row in rows}


REVIEWED = "reviews: [bob]"
RED = "band: red, files: [pay/a]"
YELLOW = "reviews: [bob], files: [pay/a]"
FLOW = 'opened_by: "deps[bot]", files: [a.lock]'


def test_without_cases_nothing_is_shown():
    rows = missing(REVIEWED)
    assert rows["clause", "reviewed"] == ("not satisfied",)
    assert rows["clause", "calm"] == ("satisfied", "not satisfied")
    assert rows["condition", "payments"] == ("applied",)
    assert rows["flow", "deps"] == ("valid",)
    assert rows["alternative", "automatic"] == ("deciding alone",)


def test_with_all_sides_shown_nothing_is_missing():
    assert set(missing(REVIEWED, RED, YELLOW, FLOW).values()) == {()}


@pytest.mark.parametrize(
    ("left_out", "lacks"),
    [
        (0, {("condition", "payments"): ("skipped",)}),
        (1, {("clause", "calm"): ("not satisfied",)}),
        (2, {("clause", "calm"): ("satisfied",)}),
        (3, {("flow", "deps"): ("valid",), ("clause", "automatic"): ("satisfied",)}),
    ],
)
def test_each_case_is_needed(left_out, lacks):
    shown = [REVIEWED, RED, YELLOW, FLOW]
    # The flow's change skips the payments condition too, so without it the first is what shows that.
    del shown[left_out]
    if left_out == 0:
        shown.remove(FLOW)
    rows = missing(*shown)
    assert {key: rows[key] for key in lacks} == lacks


def test_two_verdicts_are_contrasted():
    (case,) = cases.load((PEOPLE + "  - {case: c, facts: {reviews: [bob]}, expect: held}\n").encode(), "c")
    before, after = (
        policy.load(
            f"version: 1\nname: t\nrequires: {{clause: r, approvals: {{count: {count}}}}}\n".encode(),
            file="t",
            source="t",
        )
        for count in (2, 1)
    )
    found = contrast(cases.verdict_of(case, before), cases.verdict_of(case, after))
    assert (found.same, found.looser) == (False, True)
    assert [(one.name, one.before, one.after) for one in found.clauses] == [("r", "pending", "satisfied")]
    same = contrast(cases.verdict_of(case, before), cases.verdict_of(case, before))
    assert (same.same, same.looser, same.clauses) == (True, False, ())


def test_comparing_deep_trees_takes_no_time():
    leaf = "{clause: %s, analysed: {}}"
    text = leaf % "a"
    for depth in range(12):
        text = f"{{{'all' if depth % 2 else 'any'}: [{text}, {leaf % f'x{depth}'}]}}"
    deep = policy.load(f"version: 1\nname: t\nrequires: {text}\n".encode(), file="t", source="t").requires
    start = time.perf_counter()
    assert implies(deep, deep, {})
    assert time.perf_counter() - start < 1
