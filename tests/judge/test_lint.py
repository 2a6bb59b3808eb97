"""The linter: every code is shown found, with its place, and not found where nothing is wrong."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.make_bench import judged
from riskbot.facts.reading import read_directory
from riskbot.judge.cases import Facts
from riskbot.judge.language import policy
from riskbot.judge.lint import Found, Severity, Surroundings, lint, worst
from riskbot.judge.lint.implied import implies
from riskbot.judge.owners import Rosters
from riskbot.judge.owners.codeowners import CodeOwners

NOW = datetime(2026, 3, 4, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
DIRECTORY = read_directory(
    b"""{"accounts": [
      {"id": 1, "login": "alice", "permission": "write"}, {"id": 2, "login": "bob", "permission": "write"},
      {"id": 3, "login": "carol", "permission": "write"}, {"id": 4, "login": "rita", "permission": "read"},
      {"id": 5, "login": "al-bot", "type": "Bot", "permission": "write"}],
    "teams": [{"name": "acme/devs", "members": [{"account": 1}, {"account": 2}, {"account": 3}]},
      {"name": "acme/pair", "members": [{"account": 1}, {"account": 2}]},
      {"name": "acme/readers", "members": [{"account": 4}]}, {"name": "acme/hidden"}]}""",
    "dir.json",
)
FALLBACK = 'owners: {fallback: ["@acme/devs"]}\n'
REVIEW = '{clause: review, approvals: {from: ["@acme/devs"]}}'
PAIR = '{clause: pair, approvals: {count: 2, from: ["@acme/devs"]}}'
CALM = "{clause: calm, risk: {band: {at_most: weekend}}}"


def found(requires: str, top: str = FALLBACK, around: Surroundings | None = None) -> tuple[Found, ...]:
    text = f"version: 1\nname: t\n{top}requires: {requires}\n".encode()
    loaded = policy.load(text, file="p.yml", source="a test")
    return lint(loaded, text, "p.yml", NOW, around)


def codes(*arguments: object) -> list[str]:
    return [one.code for one in found(*arguments)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("requires", "expected"),
    [
        (REVIEW, []),
        (f"{{all: [{REVIEW}, {CALM}]}}", []),
        (f"{{any: [{REVIEW}, {CALM}]}}", ["free_branch"]),
        (f"{{any: [{REVIEW}, {{clause: a, authors: {{people: [alice]}}}}]}}", ["free_branch"]),
        (f"{{any: [{REVIEW}, {{clause: a, checks: {{name: ci, app: 1}}}}]}}", ["free_branch"]),
        (f"{{any: [{REVIEW}, {{all: [{CALM}, {{clause: a, analysed: {{}}}}]}}]}}", ["free_branch"]),
        (f"{{any: [{REVIEW}, {{all: [{CALM}, {{clause: b, approvals: {{}}}}]}}]}}", []),
        (f"{{any: [{PAIR}, {{all: [{REVIEW}, {CALM}]}}]}}", []),
        (f"{{any: [{REVIEW}, {{clause: k, label: {{name: x, set_by: [bob]}}}}]}}", []),
        (f"{{any: [{REVIEW}, {{clause: k, label: {{name: x, set_by: [anyone]}}}}]}}", ["label_by_anyone"]),
        (f"{{any: [{REVIEW}, {{clause: o, owners: {{}}}}]}}", ["maybe_free_branch"]),
        (f"{{any: [{REVIEW}, {{clause: o, owners: {{unowned: fallback}}}}]}}", []),
        (f"{{any: [{REVIEW}, {PAIR}]}}", ["unreachable_branch"]),
        (f"{{all: [{REVIEW}, {PAIR}]}}", ["redundant_clause"]),
        (f"{{all: [{REVIEW}, {PAIR}], distinct: true}}", []),
        (f"{{all: [{REVIEW}, {CALM}], distinct: true}}", ["idle_distinct"]),
        (CALM, ["asks_nobody"]),
        (f"{{all: [{REVIEW}, {{clause: m, machine: {{declared: forbidden}}}}]}}", ["rewards_hiding"]),
        (f"{{all: [{REVIEW}, {{clause: m, machine: {{declared: disclosed, attested: forbidden}}}}]}}", []),
        (
            f"{{all: [{REVIEW}, {{clause: m, machine: {{attested: disclosed, declared: forbidden}}}}]}}",
            ["contradictory", "rewards_hiding"],
        ),
        (
            (
                f"{{all: [{REVIEW}, {{clause: a, machine: {{tools: {{allow: [claude]}}}}}},"
                " {clause: b, machine: {tools: {forbid: [Claude]}}}]}"
            ),
            ["no_tool_left"],
        ),
        (
            (
                f"{{all: [{REVIEW}, {{clause: a, machine: {{tools: {{allow: [claude, amp]}}}}}},"
                " {clause: b, machine: {tools: {forbid: [claude]}}}]}"
            ),
            [],
        ),
        (
            (
                f"{{all: [{REVIEW}, {{clause: m, machine: {{attested: forbidden, declared: forbidden,"
                " lines: {at_most: 4}}}]}"
            ),
            ["idle_limit"],
        ),
        (
            (
                f"{{all: [{REVIEW}, {{clause: m, machine: {{attested: sponsored, declared: sponsored,"
                " tier: {at_least: A}}}]}"
            ),
            ["idle_limit"],
        ),
        (f"{{any: [{CALM}, {{clause: a, analysed: {{}}}}]}}", ["asks_nobody"]),
        (
            f"{{all: [{CALM}, {{clause: red, if: {{band: {{at_least: red}}}}, approvals: {{}}}}]}}",
            ["unreachable_clause"],
        ),
        (
            f"{{all: [{CALM}, {{clause: w, if: {{band: {{at_least: weekend}}}}, approvals: {{}}}}]}}",
            [],
        ),
        (
            (
                f"{{all: [{REVIEW}, {{clause: r, if: {{band: {{at_least: red}}}},"
                " risk: {band: {at_most: yellow}}}]}"
            ),
            ["never_satisfied"],
        ),
        (
            "{if: {branches: [main]}, all: [{clause: a, if: {branches: ['release/*']}, approvals: {}}]}",
            ["unreachable_clause"],
        ),
        ("{if: {branches: [main]}, all: [{clause: a, if: {branches: ['ma*']}, approvals: {}}]}", []),
    ],
)
def test_the_clauses(requires, expected):
    assert codes(requires) == expected


def test_a_free_branch_is_an_error_unless_others_ask_people_in_any_case():
    (alone,) = found(f"{{any: [{REVIEW}, {CALM}]}}")
    assert (alone.severity, alone.file, alone.line) == (Severity.ERROR, "p.yml", 4)
    always = "{clause: always, label: {name: ok, set_by: [bob]}}"
    (beside,) = found(f"{{all: [{always}, {{any: [{REVIEW}, {CALM}]}}]}}")
    assert (beside.code, beside.severity) == ("free_branch", Severity.WARNING)


def test_a_free_branch_really_lets_its_author_through():
    """The claim, judged: nobody approved, and the change is allowed."""
    text = f"version: 1\nname: t\nrequires: {{any: [{REVIEW}, {CALM}]}}\n".encode()
    loaded = policy.load(text, file="p.yml", source="a test")
    assert judged(Facts(), loaded).outcome.value == "allowed"


@pytest.mark.parametrize(
    ("top", "requires", "expected"),
    [
        ('groups: {gov: ["@acme/devs"]}\n', REVIEW, ["unused_group"]),
        ('groups: {gov: ["@acme/devs"]}\n', '{clause: a, approvals: {from: ["group:gov"]}}', []),
        (
            'flows:\n- {flow: deps, bots: ["d[bot]"], owner: [bob], paths: [a.lock]}\n',
            REVIEW,
            ["unused_flow"],
        ),
        (
            'flows:\n- {flow: deps, bots: ["d[bot]"], owner: [bob], paths: [a.lock]}\n',
            f"{{any: [{REVIEW}, {{clause: f, flow: {{flows: [deps]}}}}]}}",
            [],
        ),
        ("", f"{{all: [{REVIEW}, {{clause: o, owners: {{}}}}]}}", ["no_fallback"]),
        ("", f"{{all: [{REVIEW}, {{clause: o, owners: {{unowned: fallback}}}}]}}", ["no_fallback"]),
        ("break_glass: {people: [bob], reviewers: [bob], review_within: 48h}\n", REVIEW, ["own_review"]),
        ("break_glass: {people: [bob], reviewers: [carol], review_within: 48h}\n", REVIEW, []),
    ],
)
def test_the_declarations(top, requires, expected):
    assert codes(requires, top) == expected


@pytest.mark.parametrize(
    ("who", "count", "expected"),
    [
        ('"@acme/devs"', 1, []),
        ('"@acme/devs"', 2, []),
        ('"@acme/devs"', 3, ["author_deadlock"]),
        ('"@acme/devs"', 4, ["not_enough_people"]),
        ('"@acme/pair"', 2, ["author_deadlock"]),
        ('"@acme/dev"', 1, ["not_enough_people", "unknown_team"]),
        ('"@acme/devs", bbo', 1, ["unknown_login"]),
        ("al-bot, bob", 2, ["not_enough_people"]),
        ('"@acme/readers"', 1, ["not_enough_people"]),
        ('"@acme/hidden"', 5, []),
    ],
)
def test_people_against_a_directory(who, count, expected):
    requires = f"{{clause: a, approvals: {{count: {count}, from: [{who}]}}}}"
    assert sorted(codes(requires, FALLBACK, Surroundings(directory=DIRECTORY))) == expected


def test_a_name_that_is_not_there_is_pointed_at_and_a_near_one_named():
    requires = "{clause: a, approvals: {count: 1, from: [alice, carol, bbo]}}"
    (one,) = found(requires, FALLBACK, Surroundings(directory=DIRECTORY))
    assert (one.line, one.column) == (4, requires.index("bbo") + len("requires: ") + 1)
    assert "'bob'" in one.mend


@pytest.mark.parametrize(
    ("line", "known", "unknown"),
    [
        ("* @acme/devs", [], []),
        ("* @ghost", ["ghost_owner"], ["sole_owner"]),
        ("* @acme/ghosts", ["unknown_team"], []),
        ("* @rita", ["no_write_owner"], ["sole_owner"]),
        ("* @acme/readers", ["no_write_owner"], []),
        ("* @alice", ["sole_owner"], ["sole_owner"]),
        ("* @alice @rita", ["no_write_owner", "sole_owner"], []),
        ("* @alice @bob", [], []),
        ("/a/ @acme/devs\n* @acme/devs", ["shadowed"], ["shadowed"]),
        ("* @acme/devs # \u2028 * @alice", ["control_char"], ["control_char"]),
    ],
)
def test_owners_files(line, known, unknown):
    rosters = Rosters(CodeOwners.parse(f"{line}\n", "CODEOWNERS"))
    for directory, expected in ((DIRECTORY, known), (None, unknown)):
        got = found(REVIEW, FALLBACK, Surroundings(rosters, directory))
        assert sorted(one.code for one in got) == expected
        assert all(one.file == "CODEOWNERS" for one in got)


def test_a_sole_owner_is_an_error_where_nobody_can_step_in():
    rosters = Rosters(CodeOwners.parse("* @alice\n", "CODEOWNERS"))
    (helped,) = found(REVIEW, FALLBACK, Surroundings(rosters, DIRECTORY))
    (alone,) = found(REVIEW, "", Surroundings(rosters, DIRECTORY))
    (herself,) = found(REVIEW, "owners: {fallback: [alice]}\n", Surroundings(rosters, DIRECTORY))
    assert [helped.severity, alone.severity, herself.severity] == [
        Severity.WARNING,
        Severity.ERROR,
        Severity.ERROR,
    ]


def test_every_code_is_documented():
    docs = (ROOT / "docs" / "policy-lint.md").read_text()
    said = {
        code
        for path in (ROOT / "riskbot" / "judge" / "lint").glob("*.py")
        for code in re.findall(r'"([a-z]+(?:_[a-z]+)+)"', path.read_text())
    } - {
        "set_by",
        "lift_coauthor_ban",
        "break_glass",
        "on_changed_lines",
        "control_char",
        "too_large",
        "not_a_file",
    }
    assert [code for code in sorted(said) if f"`{code}`" not in docs] == []


def test_shipped_policies_have_no_errors():
    for path in sorted((ROOT / "policies").glob("*.yml")):
        if not path.name.endswith(".cases.yml"):
            data = path.read_bytes()
            got = lint(policy.load(data, file=path.name, source="shipped"), data, path.name, NOW)
            assert worst(got) is not Severity.ERROR, got


bands = st.sampled_from(["green", "weekend", "yellow", "red"])
predicates = st.one_of(
    st.builds(lambda band: f"risk: {{band: {{at_most: {band}}}}}", bands),
    st.builds(lambda limit: f"risk: {{percentile: {{below: {limit}}}}}", st.sampled_from([30, 60, 93, 98])),
    st.builds(lambda most: f"findings: {{at_most: {most}}}", st.integers(0, 2)),
    st.sampled_from(["analysed: {}", "analysed: {tolerate: [binary]}"]),
)


def trees():
    return st.recursive(
        predicates.map(lambda text: ("leaf", text)),
        lambda below: st.tuples(st.sampled_from(["all", "any"]), st.lists(below, min_size=1, max_size=3)),
        max_leaves=5,
    )


def written(tree, names):
    kind, rest = tree
    if kind == "leaf":
        return f"{{clause: c{next(names)}, {rest}}}"
    return f"{{{kind}: [{', '.join(written(one, names) for one in rest)}]}}"


@given(trees(), trees(), bands, st.integers(0, 3), st.booleans())
@settings(max_examples=500, deadline=None)
def test_what_is_said_to_follow_does_follow(one, other, band, findings, binary):
    """Soundness, judged: where ``a`` implies ``b``, no change satisfies a and not b."""
    import itertools

    names = itertools.count()
    a, b = (
        policy.load(f"version: 1\nname: t\nrequires: {written(tree, names)}\n".encode(), file="t", source="t")
        for tree in (one, other)
    )
    if implies(a.requires, b.requires, {}):
        from riskbot.domain.assessment import Band
        from riskbot.domain.change import OmissionKind
        from riskbot.domain.finding import Severity as Grave
        from riskbot.judge.cases import FindingFacts

        facts = Facts(
            band=Band(band),
            findings=(FindingFacts(Grave.HIGH),) * findings,
            omissions=(OmissionKind.BINARY,) if binary else (),
        )
        if judged(facts, a).outcome.value == "allowed":
            assert judged(facts, b).outcome.value == "allowed"
