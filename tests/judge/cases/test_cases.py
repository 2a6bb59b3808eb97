"""Cases of policies: the short form stands for what it says, and the runner names what does not agree."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskbot.domain.errors import ConfigError
from riskbot.judge import cases
from riskbot.judge.cases import short
from riskbot.judge.language import policy

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
            "expected allowed, came out as held because of 'calm'",
        ),
        ("facts: {band: red}, expect: held, because: [read]", "came out as held because of 'calm'"),
        ("facts: {band: red}, expect: undecided, because: [calm]", "came out as held"),
        ("facts: {}, expect: allowed, because: [calm]", "came out as allowed."),
        ("facts: {band: red}, expect: held, because: [clam]", "because of 'clam'"),
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


PEOPLE = policy.load(
    b"""version: 1
name: people
requires:
  all:
    - {clause: a second person approves, approvals: {from: ["@acme/devs"]}}
    - {clause: nobody objects, unopposed: {}}
""",
    file="people.yml",
    source="a test",
)
HEAD = """people: {bob: write, carol: write, rita: read, "helper[bot]": {permission: write, controller: carol}}
teams: {acme/devs: [alice, bob, carol, rita]}
cases:
"""
A, B = "a second person approves", "nobody objects"


def outcomes(text: str, by: policy.Policy = PEOPLE) -> list[tuple[str, ...]]:
    return [cases.try_(one, by).wrong for one in cases.load((HEAD + text).encode(), "p.cases.yml")]


@pytest.mark.parametrize(
    "body",
    [
        f"facts: {{}}, expect: held, because: [{A}], unlocks: [[bob], [carol]], could: {{{A}: [bob, carol]}}",
        f"facts: {{reviews: [alice]}}, expect: held, because: [{A}], ignored: {{alice: interested}}",
        "facts: {reviews: [bob]}, expect: allowed, counted: [bob], accountable: [alice]",
        f"facts: {{reviews: [rita]}}, expect: held, because: [{A}]",
        (
            "facts: {commits: [alice, alice], pushes: [alice, alice], reviews: [{by: bob, of: old}]}, expect: held,"
            f" because: [{A}], ignored: {{bob: stale}}"
        ),
        (
            "facts: {commits: [alice, bob], reviews: [bob]}, expect: held,"
            f" because: [{A}], ignored: {{bob: interested}}, unlocks: [[carol]]"
        ),
        (
            "facts: {commits: [{coauthors: [bob]}], reviews: [bob]}, expect: held,"
            f" because: [{A}], ignored: {{bob: interested}}"
        ),
        (
            "facts: {pushes: [bob], reviews: [bob]}, expect: held,"
            f" because: [{A}], ignored: {{bob: interested}}"
        ),
        (
            "facts: {commits: [{email: nobody@nowhere.example}], reviews: [bob]}, expect: held,"
            " blocks: [unattributed], counted: [bob]"
        ),
        "facts: {reviews: [bob, {by: carol, state: changes-requested}]}, expect: held, because: [nobody objects]",
        f"facts: {{reviews: [bob, {{by: bob, state: changes-requested}}]}}, expect: held, because: [{A}, {B}]",
        "facts: {reviews: [bob, {by: carol, state: changes-requested, dismissed_by: bob}]}, expect: allowed",
        "facts: {reviews: [bob], declared: {files: 2}}, expect: undecided, blocks: [truncated]",
        f"facts: {{unknown: [reviews]}}, expect: held, because: [{A}, {B}]",
        "facts: {reviews: [bob], patch: {pull: {number: 9}}}, expect: allowed",
        "people: {dave: write}, teams: {acme/devs: [dave]}, facts: {reviews: [dave]}, expect: allowed",
    ],
)
def test_what_people_did_is_said_in_short(body):
    (wrong,) = outcomes(f"  - {{case: c, {body}}}\n")
    if "unknown: [reviews]" in body:  # what nobody knows is never satisfied, whatever the status is called
        assert not any("came out as allowed" in one for one in wrong)
        return
    assert wrong == ()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            "facts: {reviews: [bob]}, expect: allowed, counted: [carol]",
            "counted 'carol', came out as 'bob'",
        ),
        (
            "facts: {reviews: [bob]}, expect: allowed, ignored: {bob: stale}",
            "bob ignored as stale, came out counted",
        ),
        ("facts: {reviews: [bob]}, expect: allowed, ignored: {carol: stale}", "came out without an opinion"),
        (
            "facts: {reviews: [bob]}, expect: allowed, blocks: [unattributed]",
            "blocks 'unattributed', came out",
        ),
        (
            f"facts: {{}}, expect: held, because: [{A}], unlocks: [[bob]]",
            "to unlock: bob, came out as bob or carol",
        ),
        (
            f"facts: {{}}, expect: held, because: [{A}], could: {{{A}: [bob]}}",
            "could be met by 'bob', came out",
        ),
        (
            "facts: {reviews: [bob]}, expect: allowed, interested: [bob]",
            "interested 'bob', came out as 'alice'",
        ),
    ],
)
def test_every_expectation_can_fail(body, says):
    (wrong,) = outcomes(f"  - {{case: c, {body}}}\n")
    assert any(says in one for one in wrong), wrong


@pytest.mark.parametrize(
    ("body", "place", "says"),
    [
        ("facts: {reviews: [bbo]}, expect: held", "4:33", "nobody called 'bbo'"),
        ("facts: {opened_by: bbo}, expect: held", "4:34", "nobody called 'bbo'"),
        ("facts: {reviews: [{by: bob, of: 7}]}, expect: held", "4:47", "no commit 7"),
        ("facts: {reviews: [{by: bob, at: noon}]}, expect: held", "4:47", "no time"),
        ("facts: {pushes: [bob, bob]}, expect: held", "4:32", "brings no commit"),
        ("facts: {commits: [{parents: [2]}]}, expect: held", "4:44", "no commit before"),
        ("facts: {patch: {pull: {number: x}}}, expect: held", "4:30", "patched facts are wrong"),
        ("teams: {acme/devs: [bbo]}, facts: {}, expect: held", "4:35", "nobody called 'bbo'"),
        ("now: today, facts: {}, expect: held", "4:20", "no time"),
        ("facts: {reviews: [{by: bob, on: old}]}, expect: held", "4:43", "YAML readers disagree"),
        ("people: {yan: {id: 3}, zoe: {id: 3}}, facts: {}, expect: held", "4:34", "same id"),
    ],
)
def test_facts_that_do_not_fit_each_other_have_a_place(body, place, says):
    with pytest.raises(ConfigError) as caught:
        outcomes(f"  - {{case: c, {body}}}\n")
    assert caught.value.message.startswith(f"p.cases.yml:{place}: ")
    assert says in caught.value.message


def test_what_the_whole_file_says_wrongly_is_named_there():
    with pytest.raises(ConfigError) as caught:
        cases.load(b"teams: {a/b: [zed]}\ncases: [{case: c, facts: {}, expect: held}]\n", "f")
    assert caught.value.message.startswith("f:1:15: ")


@pytest.mark.parametrize("fact", ["reviews: [bob]", "opened_by: bob", "labels: [x]", "merge: {by: bob}"])
def test_without_people_nothing_can_be_said_about_people(fact):
    with pytest.raises(ConfigError, match="people"):
        cases.load(f"cases: [{{case: c, facts: {{{fact}}}, expect: held}}]\n".encode(), "f")


def test_without_people_a_case_is_like_a_local_check():
    (one,) = cases.load(b"cases: [{case: c, facts: {}, expect: held}]\n", "f")
    assert (one.facts.accounts, one.facts.teams, one.facts.pull) == (None, None, None)


def test_two_cases_of_one_name_are_refused():
    text = b"cases: [{case: c, facts: {}, expect: held}, {case: c, facts: {}, expect: held}]\n"
    with pytest.raises(ConfigError, match="on line 1 already"):
        cases.load(text, "f")


def test_the_same_short_facts_make_the_same_bytes():
    from riskbot.facts import write

    text = f"{HEAD}  - {{case: c, facts: {{reviews: [bob], labels: [x]}}, expect: allowed}}\n".encode()
    first, second = (write(cases.load(text, "f")[0].facts) for _ in range(2))
    assert first == second


def test_the_example_of_the_docs_runs():
    docs = (Path(__file__).parents[3] / "docs" / "cases.md").read_text()
    example = re.findall(r"```yaml\n(.*?)```", docs, re.DOTALL)[0]
    found = cases.load(example.encode(), "docs/cases.md")
    assert [cases.try_(one, PEOPLE).wrong for one in found] == [()] * 3


def test_the_docs_name_every_key():
    docs = (Path(__file__).parents[3] / "docs" / "cases.md").read_text()
    kinds = [one for one in vars(short).values() if isinstance(one, type) and issubclass(one, msgspec.Struct)]
    keys = {key for kind in kinds for key in kind.__struct_encode_fields__}
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", docs)] == []


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_cases_or_an_error_that_says_where(data):
    with contextlib.suppress(ConfigError):
        cases.load(data, "f")


@given(st.data())
@settings(max_examples=500, deadline=None)
def test_damaged_cases_are_refused_or_run(data):
    docs = (Path(__file__).parents[3] / "docs" / "cases.md").read_text()
    text = bytearray(re.findall(r"```yaml\n(.*?)```", docs, re.DOTALL)[0].encode())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text) - 1))
        end = min(start + data.draw(st.integers(0, 10)), len(text))
        text[start:end] = data.draw(
            st.sampled_from([b"", b"x", b"9", b"[", b"}", b"\n", b": ", b"alice", b"-1"])
        )
    with contextlib.suppress(ConfigError):
        for one in cases.load(bytes(text), "f"):
            cases.try_(one, PEOPLE)
