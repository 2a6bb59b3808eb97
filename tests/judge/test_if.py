"""The whole ``if:`` language: each key both ways, what is not known applies, and why a clause does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskbot.domain.assessment import Band
from riskbot.domain.authorship import Tier
from riskbot.domain.change import OmissionKind
from riskbot.domain.errors import ConfigError
from riskbot.domain.finding import Category, Confidence, Severity
from riskbot.facts.document import (
    AgentRun,
    Authorship,
    CommitAuthorship,
    Facts,
    Failure,
    Finding,
    Label,
    Omission,
    Share,
    Tool,
    Zone,
)
from riskbot.judge.bench import Bench
from riskbot.judge.condition import Condition
from riskbot.judge.language.policy import load
from riskbot.judge.owners import Nobody, Rosters
from tests.judge.make_facts import (
    AGENT,
    ALICE,
    BOB,
    CAROL,
    DEPENDABOT,
    H1,
    H2,
    MALLORY,
    NOW,
    assessed,
    at,
    bot,
    case,
    changed,
    commit,
    label,
    opened_by,
    pulled,
    pushed_by,
    with_commits,
    with_files,
)

HUMAN = Authorship(
    attested=False, declared=False, assisted=False, inferred=False, automation=False, tools=(), commits=()
)
FLOWS = "[{flow: deps, bots: ['dependabot[bot]'], owner: [dave], paths: [package-lock.json]}]"


def source(condition: str, **declared: str) -> bytes:
    lines = [f"{key}: {value}" for key, value in declared.items()]
    head = [
        "version: 1",
        "name: one",
        *lines,
        "requires:",
        "  clause: it",
        f"  if: {condition}",
        "  analysed: {}",
    ]
    return "\n".join(head).encode()


def why(condition: str, facts: Facts, **declared: str) -> str:
    """Why the clause does not apply; empty where it does."""
    policy = load(source(condition, **declared), file="p.yml", source="a test")
    assert isinstance(policy.requires.when, Condition)
    bench = Bench(facts, policy.rules, Rosters(Nobody()), NOW)
    assert policy.requires.when.applies(bench) == (policy.requires.when.otherwise(bench) == "")
    return policy.requires.when.otherwise(bench)


def applies(condition: str, facts: Facts, **declared: str) -> bool:
    return not why(condition, facts, **declared)


def test_every_key_that_is_written_must_apply_and_the_one_that_does_not_is_told():
    facts = case(assessed(band=Band.YELLOW))
    assert applies("{paths: [src/**], band: {at_least: yellow}}", facts)
    assert (
        why("{paths: [src/**], band: {at_least: red}}", facts) == "The change is yellow, which is below red."
    )
    assert (
        why("{paths: [docs/**], band: {at_least: red}}", facts) == "The change touches nothing under docs/**."
    )


@pytest.mark.parametrize("floor", Band)
@pytest.mark.parametrize("band", Band)
def test_a_band_applies_from_its_floor_on(band, floor):
    order = list(Band)
    facts = case(assessed(band=band))
    assert applies(f"{{band: {{at_least: {floor.value}}}}}", facts) is (
        order.index(band) >= order.index(floor)
    )


@pytest.mark.parametrize(
    ("percentile", "expected"),
    [(89.9, False), (90.0, True), (100.0, True), (float("nan"), True), (-1.0, True), (float("inf"), True)],
)
def test_a_percentile_applies_from_its_floor_on_and_nonsense_applies(percentile, expected):
    assert applies("{percentile: {at_least: 90}}", case(assessed(percentile=percentile))) is expected


SECRET = Finding(
    rule="secret", severity=Severity.HIGH, confidence=Confidence.MEDIUM, category=Category.SECURITY
)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("{}", True),
        ("{categories: [security, privacy]}", True),
        ("{categories: [privacy]}", False),
        ("{severity: {at_least: high}}", True),
        ("{severity: {at_least: critical}}", False),
        ("{confidence: {at_least: medium}}", True),
        ("{confidence: {at_least: high}}", False),
        ("{categories: [security], severity: {at_least: critical}}", False),
    ],
)
def test_a_finding_must_pass_every_filter(asked, expected):
    assert applies(f"{{findings: {asked}}}", case(assessed(findings=(SECRET,)))) is expected


def test_a_silenced_finding_counts_and_an_old_one_does_not():
    def found(**fields: object) -> Facts:
        values = {"rule": "x", "severity": Severity.HIGH, "path": "a", **fields}
        return case(assessed(findings=(Finding(**values),)))

    assert applies("{findings: {}}", found(suppressed_by="a comment"))
    assert applies("{findings: {}}", found(on_changed_lines=False))
    assert why("{findings: {}}", found(introduced=False)) == "The change brings no such finding."


@pytest.mark.parametrize("kind", OmissionKind)
def test_findings_that_may_be_hidden_apply(kind):
    harmless = {OmissionKind.BINARY, OmissionKind.SHALLOW_HISTORY, OmissionKind.NO_HISTORY}
    facts = case(assessed(omissions=(Omission(kind=kind, step="semgrep"),)))
    assert applies("{findings: {categories: [security]}}", facts) is (kind not in harmless)
    assert applies("{findings: {}}", case(assessed(failures=(Failure(step="semgrep"),))))


def test_zones():
    facts = case(assessed(zones=(Zone(name="payments"),)))
    assert applies("{zones: [auth, payments]}", facts)
    assert why("{zones: [auth]}", facts) == "The change touches no zone named auth."
    assert not applies("{zones: [auth]}", case(assessed(zones=())))


@pytest.mark.parametrize(
    ("branch", "expected"),
    [
        ("main", True),
        ("Main", True),
        ("refs/heads/main", True),
        ("release/1", True),
        ("mainly", False),
        ("release/1/x", False),
    ],
)
def test_branches(branch, expected):
    assert applies("{branches: [main, release/*]}", case(pulled(base_ref=branch))) is expected
    if not expected:
        said = why("{branches: [main, release/*]}", case(pulled(base_ref=branch)))
        assert said == "The change does not go into main, release/*."


# Labels ---------------------------------------------------------------------------------------------------


def off(by: int | None, minutes: float = 40) -> dict[str, object]:
    return {"removed_by": by, "removed_at": at(minutes)}


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), False),
        ((label("other", BOB),), False),
        ((label("risky", BOB),), True),
        ((label("Risky", BOB),), True),
        ((label("risky", None),), True),
        ((label("risky", ALICE),), True),
        ((label("risky", BOB, **off(CAROL)),), False),
        ((label("risky", BOB, **off(ALICE)),), True),  # the author took it off
        ((label("risky", BOB, **off(None)),), True),
        ((label("risky", BOB, **off(99)),), True),  # an account that nobody knows
        ((bot(AGENT, "acme-agent[bot]"), label("risky", BOB, **off(AGENT))), True),  # anybody may drive a bot
        (
            (label("risky", BOB, **off(ALICE)), label("risky", BOB, **off(CAROL, 50))),
            False,
        ),  # carol settled it
        ((label("risky", BOB, **off(ALICE, 50)), label("risky", BOB, **off(CAROL, 40))), True),
        (
            (label("risky", BOB, **off(ALICE, 50)), label("risky", BOB, **off(CAROL, 50))),
            True,
        ),  # the stricter
        ((label("risky", BOB, removed_by=CAROL, removed_at=NOW + timedelta(hours=1)),), True),  # not yet
        ((pulled(labels=None),), True),
    ],
)
def test_a_label_applies_unless_it_was_taken_off_by_somebody_apart(steps, expected):
    assert applies("{labels: [urgent, risky]}", case(*steps)) is expected


def test_a_bot_that_the_policy_names_may_take_a_label_off():
    facts = case(bot(AGENT, "acme-agent[bot]"), label("risky", BOB, **off(AGENT)))
    assert not applies("{labels: [risky]}", facts, reviews="{bots: ['acme-agent[bot]']}")


# Machines and flows ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("category", ["attested", "declared", "assisted", "automation"])
def test_machine_categories_are_never_merged(category):
    others = {"attested", "declared", "assisted", "automation"} - {category}
    facts = case(assessed(authorship=Authorship(**{category: True}, **dict.fromkeys(others, False))))
    assert applies(f"{{machine: [{category}]}}", facts)
    for other in others:
        assert why(f"{{machine: [{other}]}}", facts) == f"No machine took part as far as it is {other}."
    unknown = case(assessed(authorship=Authorship(**dict.fromkeys(others, False))))
    assert applies(f"{{machine: [{category}]}}", unknown)


def test_an_agents_run_is_a_machines_part_whatever_was_seen_in_the_code():
    for attested, category, other in ((True, "attested", "declared"), (False, "declared", "attested")):
        facts = case(assessed(authorship=HUMAN), pulled(agent_runs=(AgentRun(attested=attested),)))
        assert applies(f"{{machine: [{category}]}}", facts)
        assert not applies(f"{{machine: [{other}]}}", facts)


def machines(*commits, **told):
    known = {key: any(getattr(one, key) for one in commits) for key in ("attested", "declared")}
    rest = {"assisted": False, "automation": False, "inferred": False}
    return assessed(authorship=Authorship(**{**known, **rest, **told, "commits": commits}))


def of_claude(commit=H1, **more):
    tool = Tool(tool="claude", tier=Tier.B)
    known = {"attested": False, "declared": True, "assisted": False, "automation": False}
    return CommitAuthorship(commit=commit, category="declared", **{**known, "tools": (tool,), **more})


HALF = Share(low=0.5, high=1.0, lines=200)


@pytest.mark.parametrize(
    ("key", "told", "expected"),
    [
        ("tools: [claude, devin]", {}, True),
        ("tools: [devin]", {}, False),
        ("tier: {at_least: B}", {}, True),
        ("tier: {at_least: A}", {}, False),
        ("share: {at_least: 0.5}", {"share": HALF}, True),
        ("share: {at_least: 0.6}", {"share": HALF}, False),
        ("share: {at_least: 0.6, counting: possible}", {"share": HALF}, True),
        ("share: {at_least: 0.6}", {}, True),  # nobody knows how much
        ("lines: {at_least: 100}", {"share": HALF}, True),
        ("lines: {at_least: 101}", {"share": HALF}, False),
        ("lines: {at_least: 101}", {}, True),
        ("categories: [attested]", {}, False),
        ("categories: [attested, declared], tools: [claude]", {}, True),
        ("disclosed: false", {}, True),
    ],
)
def test_a_machine_of_some_kind(key, told, expected):
    assert applies(f"{{machine: {{{key}}}}}", case(machines(of_claude(), **told))) is expected


def test_disclosing_is_of_every_commit_of_an_agent():
    both = case(machines(of_claude(disclosed=True), of_claude(H2, disclosed=True)))
    assert not applies("{machine: {disclosed: false}}", both)
    assert applies("{machine: {disclosed: false}}", case(machines(of_claude(disclosed=True), of_claude(H2))))


def test_a_tool_that_nobody_names_may_be_any():
    assert applies("{machine: {tools: [devin]}}", case(machines(of_claude(tools=()))))


def test_why_a_machine_clause_does_not_apply():
    facts = case(machines(of_claude(), share=HALF))
    assert why("{machine: {tools: [devin]}}", facts) == "None of the tools devin took part."
    assert why("{machine: {share: {at_least: 0.75}}}", facts) == (
        "Agents wrote 50 % of the added lines, which is less than 75 %."
    )
    assert (
        why("{machine: {lines: {at_least: 101}}}", facts) == "Agents wrote 100 lines, which is less than 101."
    )
    told = case(machines(of_claude(disclosed=True)))
    assert (
        why("{machine: {disclosed: false}}", told)
        == "Every commit of an agent says itself that one took part."
    )


def test_a_flow_applies_where_the_change_may_be_it():
    steps = (
        bot(DEPENDABOT, "dependabot[bot]"),
        opened_by(DEPENDABOT),
        pushed_by(DEPENDABOT),
        with_commits(commit(H1, DEPENDABOT)),
        with_files("package-lock.json"),
    )
    assert applies("{flows: [deps]}", case(*steps), flows=FLOWS)
    assert applies("{flows: [deps]}", case(*steps, pulled(pushes=None)), flows=FLOWS), "unknown applies"
    assert "outside the flow's paths" in why(
        "{flows: [deps]}", case(*steps, with_files("src/a.py")), flows=FLOWS
    )
    assert "alice" in why("{flows: [deps]}", case(with_files("package-lock.json")), flows=FLOWS)


# What is not known ----------------------------------------------------------------------------------------

EACH = [
    "{paths: [docs/**]}",
    "{band: {at_least: red}}",
    "{percentile: {at_least: 99}}",
    "{findings: {categories: [security]}}",
    "{zones: [payments]}",
    "{labels: [risky]}",
    "{branches: [release/*]}",
    "{machine: [attested]}",
    "{machine: {tools: [devin]}}",
    "{machine: {share: {at_least: 0.5}}}",
    "{machine: {lines: {at_least: 5}, tier: {at_least: A}, disclosed: false}}",
    "{flows: [deps]}",
]


@pytest.mark.parametrize("condition", EACH)
def test_each_key_can_fail_to_apply(condition):
    assert not applies(condition, case(assessed(authorship=HUMAN)), flows=FLOWS)


@pytest.mark.parametrize("condition", EACH)
def test_what_is_not_known_applies(condition):
    from msgspec.structs import replace

    nothing = replace(
        case(changed(files=None, commits=None)), pull=None, accounts=None, teams=None, assessment=None
    )
    assert applies(condition, nothing, flows=FLOWS)


@settings(max_examples=500, deadline=None)
@given(
    condition=st.sampled_from(EACH),
    hide=st.sets(st.sampled_from(["files", "assessment", "zones", "labels", "pushes", "authorship", "pull"])),
    touched=st.sampled_from(["docs/a", "src/a.py", "package-lock.json"]),
    band=st.sampled_from(Band),
    labelled=st.booleans(),
)
def test_forgetting_something_never_makes_a_requirement_drop_out(condition, hide, touched, band, labelled):
    from msgspec.structs import replace

    steps = [with_files(touched), assessed(band=band, authorship=HUMAN, zones=(Zone(name="payments"),))]
    if labelled:
        steps.append(label("risky", BOB))
    whole = case(*steps)
    assert whole.assessment is not None
    assert whole.pull is not None
    less = whole
    if "files" in hide:
        less = replace(less, change=replace(less.change, files=None))
    for field in ("zones", "authorship"):
        if field in hide:
            less = replace(less, assessment=replace(less.assessment, **{field: None}))
    for field in ("labels", "pushes"):
        if field in hide:
            less = replace(less, pull=replace(less.pull, **{field: None}))
    for field in ("assessment", "pull"):
        if field in hide:
            less = replace(less, **{field: None})
    if applies(condition, whole, flows=FLOWS):
        assert applies(condition, less, flows=FLOWS)


# What is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key", ["opened_before", "opened_after", "before", "title", "draft", "author", "not", "opened_at"]
)
def test_no_key_exempts_by_what_the_author_can_steer(key):
    """S31: an "opened before" would be met by reopening an old pull request with new commits."""
    with pytest.raises(ConfigError, match=f"There is no key '{key}' here"):
        load(source(f"{{{key}: '2024-01-01'}}"), file="p.yml", source="a test")


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("{}", "at least one key"),
        ("{labels: []}", "a list of at least 1"),
        ("{machine: [guessed]}", "'guessed'"),
        ("{machine: [inferred]}", "is a guess, which must not hold a change"),
        ("{machine: [declared, inferred]}", "is a guess, which must not hold a change"),
        ("{machine: {categories: [inferred]}}", "'inferred' is not known here"),
        ("{machine: {tools: []}}", "a list of at least 1"),
        ("{machine: {disclosed: true}}", "would reward hiding"),
        ("{machine: {share: {at_most: 0.5}}}", "'at_most'"),
        ("{band: {at_most: red}}", "'at_most'"),
        ("{percentile: {at_least: 0}}", "> 0"),
        ("{flows: [depz]}", "There is no flow 'depz' here"),
    ],
)
def test_what_is_not_the_language_is_refused(condition, says):
    with pytest.raises(ConfigError, match=says):
        load(source(condition, flows=FLOWS), file="p.yml", source="a test")


def test_many_labels_take_no_time():
    import time

    labels = tuple(Label(name="risky", by=BOB, removed_by=MALLORY, removed_at=at(1)) for _ in range(20_000))
    start = time.perf_counter()
    assert not applies("{labels: [risky]}", case(pulled(labels=labels)))
    assert time.perf_counter() - start < 2
