"""The runner of policy cases: it passes what agrees, and names what does not."""

from __future__ import annotations

import pytest

from riskbot.domain.errors import ConfigError
from riskbot.judge import cases, policy

POLICY = policy.load(
    b"version: 1\nname: t\nrequires: {all: [{clause: calm, risk: {band: {at_most: green}}}, {clause: read, analysed: {}}]}\n",
    file="t.yml",
    source="a test",
)


def case(text: str) -> cases.Case:
    return cases.load(f"cases:\n  - {{case: c, {text}}}\n".encode(), "t.cases.yml")[0]


def test_a_case_that_agrees_passes():
    assert cases.run(case("facts: {}, expect: allowed"), POLICY) is None
    assert cases.run(case("facts: {band: red}, expect: held, because: [calm]"), POLICY) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "facts: {band: red}, expect: allowed",
            "expected allowed because of nothing, came out as held because of ['calm']",
        ),
        ("facts: {band: red}, expect: held, because: [read]", "came out as held because of ['calm']"),
        ("facts: {band: red}, expect: undecided, because: [calm]", "came out as held"),
        ("facts: {}, expect: allowed, because: [calm]", "came out as allowed because of nothing"),
        ("facts: {band: red}, expect: held, because: [clam]", "because of ['clam']"),
    ],
)
def test_a_case_that_disagrees_is_named_with_its_place(text, says):
    wrong = cases.run(case(text), POLICY)
    assert wrong is not None
    assert wrong.message.startswith("t.cases.yml:2:5: c: ")
    assert says in wrong.message


def test_clauses_never_shown_both_ways_are_listed():
    shown = cases.load(
        b"cases:\n- {case: a, facts: {}, expect: allowed}\n- {case: b, facts: {band: red}, expect: held}\n",
        "t",
    )
    assert cases.unexercised(POLICY, shown) == ["read"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"cases: []\n", "lists no cases"),
        (b"case: []\n", "no key 'case'"),
        (b"cases: [{case: a, facts: {}, expect: allowedd}]\n", "Did you mean 'allowed'?"),
        (b"cases: [{case: a, facts: {bnd: red}, expect: held}]\n", "Did you mean 'band'?"),
        (b"cases: [{case: a, expect: held}]\n", "'facts' is missing"),
    ],
)
def test_a_file_of_cases_is_read_as_strictly_as_a_policy(data, says):
    with pytest.raises(ConfigError) as caught:
        cases.load(data, "t.cases.yml")
    assert says in str(caught.value)
