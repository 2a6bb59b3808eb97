"""What part a machine may have: each category by itself, and never less strict for not having looked."""

from __future__ import annotations

import itertools

import pytest
from msgspec.structs import replace

from riskbot.domain.authorship import Kind, Tier
from riskbot.domain.errors import ConfigError
from riskbot.domain.verdict import Outcome, Status
from riskbot.facts.document import (
    Authorship,
    CommitAuthorship,
    Correction,
    Permission,
    Share,
    Sign,
    Tool,
    Trailer,
)
from riskbot.judge.language.policy import load
from tests.judge.make_facts import (
    AGENT,
    ALICE,
    BOB,
    CAROL,
    DAVE,
    H1,
    H2,
    MALLORY,
    account,
    agent_run,
    approve,
    assessed,
    bot,
    case,
    changed,
    commit,
    joins,
    modified,
    opened_by,
    pulled,
    pushed_by,
    with_commits,
    with_files,
)
from tests.judge.predicates.asked import asked, heard, policy

HUMAN = {
    "attested": False,
    "declared": False,
    "assisted": False,
    "automation": False,
    "inferred": False,
}


def seen(**categories: bool | None):
    return assessed(authorship=Authorship(**{**HUMAN, **categories}))


@pytest.mark.parametrize(
    ("part", "attested", "declared", "status"),
    [
        ("forbidden", True, False, Status.PENDING),
        ("forbidden", True, True, Status.PENDING),
        ("forbidden", False, True, Status.SATISFIED),  # declared is another category
        ("forbidden", None, False, Status.ERROR),
        ("disclosed", True, False, Status.PENDING),
        ("disclosed", True, None, Status.PENDING),
        ("disclosed", True, True, Status.SATISFIED),
        ("disclosed", False, False, Status.SATISFIED),
        ("disclosed", None, False, Status.ERROR),
        ("disclosed", None, True, Status.SATISFIED),
        ("sponsored", False, True, Status.SATISFIED),
        ("sponsored", True, False, Status.SATISFIED),  # alice opened it and answers for it
        ("sponsored", None, False, Status.SATISFIED),
    ],
)
def test_what_is_attested(part, attested, declared, status):
    clause = asked(case(seen(attested=attested, declared=declared)), f"machine: {{attested: {part}}}")
    assert clause.status is status


def test_the_reasons():
    assert asked(case(seen(attested=True)), "machine: {attested: forbidden}").reason == (
        "The forge or a signature vouches that a machine took part, which is forbidden here."
    )
    assert asked(case(seen(attested=None)), "machine: {attested: forbidden}").reason == (
        "Nobody looked whether a machine took part (attested), which is forbidden here."
    )
    assert asked(case(seen(assisted=True)), "machine: {assisted: forbidden}").reason == (
        "Suggestions of a machine were taken over, which is forbidden here."
    )
    assert asked(case(seen(automation=True)), "machine: {automation: forbidden}").reason == (
        "A bot that is no language model took part, which is forbidden here."
    )


def test_nobody_looked_at_all():
    assert asked(case(), "machine: {declared: forbidden}").status is Status.ERROR
    assert asked(replace(case(), assessment=None), "machine: {attested: forbidden}").status is Status.ERROR


def test_an_agents_run_is_attested_whatever_the_code_looks_like():
    clause = asked(
        case(seen(), agent_run(None, ALICE, source="the run's record")), "machine: {attested: forbidden}"
    )
    assert clause.status is Status.PENDING
    assert clause.evidence == ("attested: a run of an agent (the run's record)",)
    declared = case(seen(), agent_run(None, ALICE, attested=False))
    assert asked(declared, "machine: {attested: forbidden}").status is Status.SATISFIED
    assert asked(declared, "machine: {declared: forbidden}").status is Status.PENDING


def test_hiding_the_sign_gains_nothing():
    """S15: what is forbidden when attested is not allowed by stripping the trailer."""
    for declared in (False, None, True):
        clause = asked(case(seen(attested=True, declared=declared)), "machine: {attested: forbidden}")
        assert clause.status is Status.PENDING


def test_the_evidence_is_told_by_category():
    signs = (
        Sign(what="Assisted-by: x", channel="trailer", commit=H1),
        Sign(what="signed by the app", channel="app", spoofable=False),
        Sign(what="even spacing", channel="style"),
    )
    facts = case(assessed(authorship=Authorship(attested=True, declared=True, inferred=True, evidence=signs)))
    clause = asked(facts, "machine: {attested: forbidden, declared: forbidden}")
    assert clause.evidence == ("declared: Assisted-by: x, in " + H1[:12], "attested: signed by the app")


# Sponsors -------------------------------------------------------------------------------------------------

BY_AGENT = (
    bot(AGENT, "acme-agent[bot]"),
    opened_by(AGENT),
    pushed_by(AGENT),
    with_commits(commit(H1, AGENT)),
    seen(attested=True),
)
SPONSORED = 'machine: {attested: sponsored, sponsors: ["@acme/devs"]}'


def test_the_initiator_sponsors_what_they_asked_for():
    """To sponsor is to answer for it; that somebody else reads it, approvals ask."""
    clause = asked(case(*BY_AGENT, agent_run(AGENT, ALICE)), SPONSORED)
    assert clause.status is Status.SATISFIED
    assert "alice sponsors it: asked an agent for it." in clause.reason


@pytest.mark.parametrize(
    "steps",
    [
        (agent_run(AGENT, MALLORY),),  # not among the sponsors
        (agent_run(AGENT, ALICE, attested=False),),  # anybody can write that into a trailer
        (agent_run(AGENT, ALICE), account(ALICE, "alice", permission=Permission.READ)),
        (agent_run(AGENT, ALICE), account(ALICE, "alice", active=False)),
        (joins(AGENT, "acme/devs"), agent_run(AGENT, AGENT)),
    ],
)
def test_nobody_else_sponsors_by_asking(steps):
    assert asked(case(*BY_AGENT, *steps), SPONSORED).status is Status.PENDING


def test_a_sponsor_may_approve_instead():
    steps = (*BY_AGENT, agent_run(AGENT, MALLORY))
    waiting = heard(case(*steps, approve(DAVE)), SPONSORED)
    assert waiting.outcome is Outcome.HELD
    assert set(waiting.unlocking) == {("alice",), ("bob",), ("carol",)}
    assert heard(case(*steps, approve(BOB)), SPONSORED).outcome is Outcome.ALLOWED


def test_where_nobody_looked_a_sponsor_is_asked_too():
    strict = 'machine: {declared: sponsored, sponsors: ["@acme/sec"]}'
    clause = asked(case(seen(declared=None)), strict)
    assert clause.status is Status.PENDING
    assert clause.could == ("dave",)
    assert clause.reason == (
        "Nobody looked whether a machine took part, so one of @acme/sec must answer for it or approve it."
    )
    assert asked(case(seen(declared=None), approve(DAVE)), strict).status is Status.SATISFIED


def test_a_refusal_in_one_category_is_not_mended_by_a_sponsor_in_another():
    both = "machine: {attested: forbidden, declared: sponsored}"
    verdict = heard(case(seen(attested=True, declared=True), approve(BOB)), both)
    assert (verdict.outcome, verdict.unlocking) == (Outcome.HELD, ())


def test_only_where_the_paths_are_touched():
    clause = "machine: {paths: [src/auth/**], attested: forbidden}"
    assert asked(case(seen(attested=True)), clause).status is Status.SATISFIED
    assert asked(case(seen(attested=True), with_files("src/auth/a.py")), clause).status is Status.PENDING


# Tools, tiers, shares -------------------------------------------------------------------------------------


def by(*commits: CommitAuthorship, **told: object):
    """The change's commits as the assessment saw them; the categories follow from them."""
    known = {
        key: any(getattr(one, key) for one in commits)
        for key in ("attested", "declared", "assisted", "automation")
    }
    agents = [one for one in commits if one.attested or one.declared]
    disclosed = all(one.disclosed for one in agents) if agents else None
    return assessed(
        authorship=Authorship(
            **{**known, "inferred": False, "disclosed": disclosed, **told, "commits": commits}
        )
    )


def agents(commit: str = H1, tool: str = "claude", tier: Tier = Tier.B, **more: object) -> CommitAuthorship:
    """A commit that an agent is on record for."""
    known = {
        "attested": tier is Tier.A,
        "declared": tier is not Tier.A,
        "assisted": False,
        "automation": False,
    }
    tools = (Tool(tool=tool, tier=tier),) if tool else ()
    return CommitAuthorship(commit=commit, category="declared", **{**known, "tools": tools, **more})


NOBODYS = CommitAuthorship(
    commit=H2, category="none", attested=False, declared=False, assisted=False, automation=False
)


@pytest.mark.parametrize(
    ("clause", "tool", "status", "says"),
    [
        ("{allow: [claude]}", "claude", Status.SATISFIED, ""),
        ("{allow: [Claude, copilot]}", "CLAUDE", Status.SATISFIED, ""),
        (
            "{allow: [copilot]}",
            "claude",
            Status.PENDING,
            "claude took part, and only copilot is allowed here.",
        ),
        (
            "{forbid: [devin, claude]}",
            "claude",
            Status.PENDING,
            "claude took part, and claude, devin are forbidden",
        ),
        ("{forbid: [devin]}", "claude", Status.SATISFIED, ""),
        (
            "{allow: [claude]}",
            "",
            Status.PENDING,
            "nobody says which, and only claude is allowed here: name it",
        ),
        ("{forbid: [devin]}", "", Status.ERROR, "nobody says which, and devin is forbidden here."),
    ],
)
def test_tools(clause, tool, status, says):
    found = asked(case(by(agents(tool=tool))), f"machine: {{tools: {clause}}}")
    assert found.status is status
    assert says in found.reason


def test_tools_where_no_machine_took_part_and_where_nobody_looked():
    for clause in ("{allow: [claude]}", "{forbid: [devin]}"):
        assert asked(case(by(NOBODYS)), f"machine: {{tools: {clause}}}").status is Status.SATISFIED
        assert asked(case(), f"machine: {{tools: {clause}}}").status is Status.ERROR


def test_old_facts_that_name_no_tool_are_not_taken_for_an_allowed_one():
    assert asked(case(seen(declared=True)), "machine: {tools: {allow: [claude]}}").status is Status.PENDING


def test_an_agents_run_counts_under_its_own_login():
    steps = (bot(AGENT, "acme-agent[bot]"), agent_run(AGENT, ALICE, commits=(H1,)))
    facts = case(by(agents(), NOBODYS), *steps)
    assert asked(facts, "machine: {tools: {allow: [claude]}}").status is Status.PENDING, (
        "a trailer frees nothing"
    )
    both = 'machine: {tools: {allow: [claude, "acme-agent[bot]"]}}'
    assert asked(facts, both).status is Status.SATISFIED


def test_automation_is_no_tool_of_a_language_model():
    robot = CommitAuthorship(
        commit=H1,
        category="automation",
        **{**dict.fromkeys(("attested", "declared", "assisted"), False), "automation": True},
        tools=(Tool(tool="dependabot", kind=Kind.AUTOMATION, tier=Tier.B),),
    )
    assert asked(case(by(robot)), "machine: {tools: {allow: [claude]}}").status is Status.SATISFIED
    assert asked(case(by(robot)), "machine: {automation: forbidden}").status is Status.PENDING


@pytest.mark.parametrize(
    ("floor", "tier", "status"),
    [
        ("A", Tier.A, Status.PENDING),
        ("A", Tier.B, Status.SATISFIED),
        ("B", Tier.B, Status.PENDING),
        ("B", Tier.C, Status.SATISFIED),
        ("C", Tier.C, Status.PENDING),
        ("A", None, Status.PENDING),  # nobody says how good it is
    ],
)
def test_evidence_below_the_tier_does_not_count(floor, tier, status):
    commit = agents(tier=tier or Tier.B, tools=(Tool(tool="x", tier=tier),))
    clause = f"machine: {{attested: forbidden, declared: forbidden, tier: {{at_least: {floor}}}}}"
    assert asked(case(by(commit)), clause).status is status


@pytest.mark.parametrize(
    ("share", "clause", "status"),
    [
        (Share(low=0.5, high=1, lines=100), "share: {at_most: 0.5}", Status.SATISFIED),
        (Share(low=0.501, high=1, lines=1000), "share: {at_most: 0.5}", Status.PENDING),
        (Share(low=0.2, high=0.6, lines=100), "share: {at_most: 0.5, counting: possible}", Status.PENDING),
        (Share(low=0, high=0, lines=0), "share: {at_most: 0.5}", Status.SATISFIED),
        (None, "share: {at_most: 0.5}", Status.ERROR),
        (Share(low=0.4, high=1, lines=1000), "lines: {at_most: 400}", Status.SATISFIED),
        (Share(low=0.401, high=1, lines=1000), "lines: {at_most: 400}", Status.PENDING),
        (Share(low=0.4, high=1, lines=1000), "lines: {at_most: 400, counting: possible}", Status.PENDING),
        (None, "lines: {at_most: 400}", Status.SATISFIED),  # the whole change is smaller
        (None, "lines: {at_most: 1}", Status.ERROR),
    ],
)
def test_how_much_agents_may_write(share, clause, status):
    large = with_files(replace(modified("src/a.py"), added=1000 if share else 3))
    found = asked(case(by(agents(), share=share), large), f"machine: {{{clause}}}")
    assert found.status is status, found.reason


def test_agents_write_no_more_lines_than_the_change_adds():
    """Commits add also what later ones take away again."""
    told = by(agents(), share=Share(low=1, high=1, lines=1000))
    assert asked(case(told), "machine: {lines: {at_most: 3}}").status is Status.SATISFIED
    assert asked(case(told), "machine: {lines: {at_most: 2}}").status is Status.PENDING


def test_lines_without_a_sign_are_held_against_nobody():
    facts = case(by(NOBODYS, share=Share(low=0, high=1, lines=900)))
    for clause in ("share: {at_most: 0.1, counting: possible}", "lines: {at_most: 1, counting: possible}"):
        assert asked(facts, f"machine: {{{clause}}}").status is Status.SATISFIED


def test_an_unknown_share_where_nobody_looked_is_within_no_limit():
    assert asked(case(seen(attested=None)), "machine: {share: {at_most: 0.5}}").status is Status.ERROR


# Disclosing and signing off -------------------------------------------------------------------------------

DISCLOSE = "machine: {attested: disclosed, declared: disclosed}"


def test_every_commit_of_an_agent_must_say_so():
    whole = case(by(agents(disclosed=True), NOBODYS))
    assert asked(whole, DISCLOSE).status is Status.SATISFIED
    silent = asked(case(by(agents(disclosed=True), agents(H2))), DISCLOSE)
    assert silent.status is Status.PENDING
    lacking = f"{H2[:12]} does not say so: add a trailer, such as Assisted-by: claude"
    assert silent.evidence[0] == lacking


def test_disclosing_one_commit_does_not_disclose_a_run_of_an_agent():
    facts = case(by(agents(disclosed=True), NOBODYS), agent_run(None, ALICE, commits=(H2,)))
    assert asked(facts, DISCLOSE).status is Status.PENDING


def test_an_agents_sign_of_the_pull_request_alone_is_disclosed_by_any_commit():
    branch = Sign(what="claude/x", channel="branch", tier=Tier.C, tool="claude")
    told = {"declared": True, "evidence": (branch,), "disclosed": False}
    assert asked(case(by(NOBODYS, **told)), DISCLOSE).status is Status.PENDING
    said = replace(NOBODYS, disclosed=True)
    assert asked(case(by(said, **told)), DISCLOSE).status is Status.SATISFIED


ASSISTED = CommitAuthorship(
    commit=H1, category="assisted", attested=False, declared=False, assisted=True, automation=False
)
SIGNED = "machine: {assisted: signed-off, declared: signed-off}"


def signed(*values: str, **more: object):
    return with_commits(
        commit(H1, trailers=tuple(Trailer(key="Signed-off-by", value=value) for value in values), **more)
    )


@pytest.mark.parametrize(
    ("values", "status"),
    [
        (("Alice <alice@acme.example>",), Status.SATISFIED),
        (("Nobody Known <someone@elsewhere.example>",), Status.SATISFIED),
        ((), Status.PENDING),
        (("alice",), Status.PENDING),  # a name without an address names nobody
        (("Claude <noreply@anthropic.com>",), Status.PENDING),
        (("acme-agent[bot] <20+acme-agent[bot]@users.noreply.github.com>",), Status.PENDING),
        (("Robot <robot@acme.example>",), Status.PENDING),  # an account that is a bot's
        (("Claude <noreply@anthropic.com>", "Alice <alice@acme.example>"), Status.SATISFIED),
    ],
)
def test_a_person_signs_off(values, status):
    told = replace(ASSISTED, agent_signoffs=("Claude <noreply@anthropic.com>",))
    robot = bot(30, "robot", emails=("robot@acme.example",))
    found = asked(case(by(told), robot, signed(*values)), SIGNED)
    assert found.status is status, found.reason


def test_only_what_bears_signs_must_be_signed_off():
    commits = with_commits(commit(H1), commit(H2, parents=(H1,)))
    told = by(NOBODYS, replace(NOBODYS, commit=H1))
    assert asked(case(told, commits), SIGNED).status is Status.SATISFIED
    unsigned = asked(case(by(ASSISTED, NOBODYS), commits), SIGNED)
    assert unsigned.evidence[0] == f"{H1[:12]} has no Signed-off-by of a person"
    assert unsigned.reason == "Suggestions of a machine were taken over, which a person must sign off."


def test_where_it_may_be_any_commit_all_must_be_signed_off():
    assert asked(case(seen(assisted=True)), SIGNED).status is Status.PENDING
    assert asked(case(seen(assisted=None)), SIGNED).status is Status.ERROR
    alice = signed("Alice <alice@acme.example>")
    assert asked(case(seen(assisted=None), alice), SIGNED).status is Status.SATISFIED
    unknown = case(seen(assisted=True), changed(commits=None))
    assert asked(unknown, SIGNED).status is Status.ERROR


def test_an_agents_own_sign_off_can_be_forbidden():
    clause = "machine: {agent_signoff: forbidden}"
    told = replace(NOBODYS, commit=H1, agent_signoffs=("Claude <noreply@anthropic.com>",))
    found = asked(case(by(told)), clause)
    assert found.status is Status.PENDING
    assert found.evidence == (f"Signed-off-by: Claude <noreply@anthropic.com>, in {H1[:12]}",)
    assert asked(case(by(NOBODYS)), clause).status is Status.SATISFIED
    assert asked(case(seen()), clause).status is Status.ERROR


# Paths ----------------------------------------------------------------------------------------------------

KEYS = "machine: {paths: [keys/**], attested: forbidden, declared: forbidden}"


def test_what_an_agent_wrote_elsewhere_is_not_forbidden_under_the_path():
    touched = with_files("keys/a.py", "docs/b.md")
    assert asked(case(touched, by(agents(files=("docs/b.md",)), NOBODYS)), KEYS).status is Status.SATISFIED
    assert asked(case(touched, by(agents(files=("docs/b.md", "Keys/a.py")))), KEYS).status is Status.PENDING
    assert asked(case(touched, by(agents(files=None))), KEYS).status is Status.PENDING, "the whole change"


@pytest.mark.parametrize(
    "more",
    [
        (agent_run(None, ALICE),),
        (agent_run(None, ALICE, commits=(H2,)),),
    ],
)
def test_what_may_be_of_any_file_is_of_the_path(more):
    touched = with_files("keys/a.py", "docs/b.md")
    facts = case(touched, by(agents(files=("docs/b.md",)), NOBODYS), *more)
    assert asked(facts, KEYS).status is Status.PENDING


def test_a_sign_of_the_whole_change_is_of_every_path():
    branch = Sign(what="claude/x", channel="branch", tier=Tier.C, tool="claude")
    told = by(agents(files=("docs/b.md",)), evidence=(branch,))
    assert asked(case(with_files("keys/a.py"), told), KEYS).status is Status.PENDING


# Corrections ----------------------------------------------------------------------------------------------


def test_a_correction_names_no_tool_for_what_was_seen():
    """The commit's own signs name none, and a list of tools must not be met by whoever can push a note."""
    told = by(agents(tool=""), corrections=(Correction(commit=H1, says="declared", tool="claude"),))
    assert asked(case(told), "machine: {tools: {allow: [claude]}}").status is Status.PENDING


def test_a_model_that_is_not_named_is_no_tool():
    assert asked(case(by(agents(tool="llm"))), "machine: {tools: {forbid: [devin]}}").status is Status.ERROR


@pytest.mark.parametrize("says", ["human", "none", "assisted", "automation", "unknown", "inferred"])
@pytest.mark.parametrize(
    "clause",
    [
        "attested: forbidden, declared: forbidden",
        "declared: disclosed, attested: disclosed",
        "tools: {forbid: [claude]}",
    ],
)
def test_a_correction_lifts_nothing(says, clause):
    """What a change says of itself can only bar: anybody who can push could write it."""
    told = by(agents(), corrections=(Correction(commit=H1, says=says),))
    assert asked(case(told), f"machine: {{{clause}}}").status is Status.PENDING


@pytest.mark.parametrize(
    ("says", "key"),
    [("declared", "declared"), ("attested", "declared"), ("mixed", "declared"), ("assisted", "assisted")],
)
def test_a_correction_can_add(says, key):
    told = by(replace(NOBODYS, commit=H1), corrections=(Correction(commit=H1, says=says, tool="claude"),))
    found = asked(case(told), f"machine: {{{key}: forbidden}}")
    assert found.status is Status.PENDING
    assert found.evidence == (f"{key}: a correction on record says {says}, of {H1[:12]}",)
    assert asked(case(told), "machine: {attested: forbidden}").status is Status.SATISFIED, (
        "nobody vouches for it"
    )
    assert asked(case(told), "machine: {tools: {allow: [copilot]}}").status is Status.PENDING


def test_assisted_by_lifts_no_ban():
    both = agents(tier=Tier.A, assisted=True, disclosed=True)
    assert asked(case(by(both)), "machine: {attested: forbidden}").status is Status.PENDING


# A guess --------------------------------------------------------------------------------------------------

GUESS = seen(inferred=True)


@pytest.mark.parametrize(
    "clause",
    [
        "inferred: noted",
        "inferred: asked, sponsors: [erin]",
        "inferred: noted, attested: forbidden, declared: sponsored, assisted: signed-off, automation: forbidden",
        "attested: disclosed, declared: disclosed, tools: {allow: [claude]}, share: {at_most: 0.1}",
    ],
)
@pytest.mark.parametrize("inferred", [True, False, None])
def test_a_guess_never_holds(clause, inferred):
    """Whatever a clause says of it, and whatever the other keys are: the verdict is that without the guess."""
    told = Authorship(**HUMAN | {"inferred": inferred}, probability=0.9)
    verdict = heard(case(assessed(authorship=told)), f"machine: {{{clause}}}")
    assert verdict.outcome is Outcome.ALLOWED


def test_a_guess_is_told_and_says_what_it_is():
    verdict = heard(
        case(assessed(authorship=Authorship(**HUMAN | {"inferred": True}, probability=0.91))),
        "machine: {inferred: asked, sponsors: [erin]}",
    )
    (note,) = (flag for flag in verdict.flags if flag.code == "style_guess")
    assert "experimental, probability 0.91" in note.reason
    assert "no evidence" in note.reason
    assert "one of erin could look at it" in note.reason
    assert (verdict.outcome, verdict.unlocking) == (Outcome.ALLOWED, ())


@pytest.mark.parametrize(
    ("steps", "clause"),
    [
        ((GUESS,), "declared: forbidden"),  # nobody asked to be told
        ((seen(inferred=False),), "inferred: noted"),
        ((seen(inferred=None),), "inferred: noted"),
        ((seen(inferred=True, declared=True),), "inferred: noted"),  # what is on record needs no guess
        ((GUESS,), "inferred: noted, paths: [other/**]"),
    ],
)
def test_no_guess_no_word(steps, clause):
    flags = heard(case(*steps), f"machine: {{{clause}}}").flags
    assert [one for one in flags if one.code == "style_guess"] == []


# Whatever is not known ------------------------------------------------------------------------------------

ORDER = ["allowed", "disclosed", "signed-off", "sponsored", "forbidden"]


@pytest.mark.parametrize("category", ["attested", "declared"])
def test_looking_less_never_allows_more(category):
    """A category that nobody looked at is never better than one where nothing was found."""
    for part, other in itertools.product(ORDER[1:], (True, False, None)):
        others = {name: other for name in ("attested", "declared") if name != category}
        clause = f"machine: {{{category}: {part}}}"
        base = (pulled(opened_by=MALLORY), approve(CAROL)) if part == "sponsored" else ()
        found = {
            value: asked(case(*base, seen(**{**others, category: value})), clause).status
            for value in (True, False, None)
        }
        if found[None] is Status.SATISFIED:
            assert found[False] is Status.SATISFIED


@pytest.mark.parametrize(
    ("clause", "says"),
    [
        ("machine: {inferred: forbidden}", "is a guess, which must not hold"),
        ("machine: {}", "asks nothing"),
        ("machine: {attested: allowed}", "asks nothing"),
        ("machine: {attested: forbidden, sponsors: [bob]}", "never be asked"),
        ("machine: {attested: never}", "'never' is not known here"),
        ("machine: {inferred: disclosed}", "is a guess, which must not hold"),
        ("machine: {inferred: sponsored}", "is a guess, which must not hold"),
        ("machine: {inferred: signed-off}", "is a guess, which must not hold"),
        ("machine: {automation: disclosed}", "'disclosed' is not known here"),
        ("machine: {assisted: disclosed}", "'disclosed' is not known here"),
        ("machine: {tools: {}}", "either allowed or forbidden"),
        ("machine: {tools: {allow: [a], forbid: [b]}}", "either allowed or forbidden"),
        ("machine: {tools: {allow: []}}", "a list of at least 1"),
        ("machine: {share: {at_most: 1}}", "< 1"),
        ("machine: {lines: {at_most: 0}}", ">= 1"),
        ("machine: {tier: {at_least: B}}", "asks nothing"),
        ("machine: {tier: {at_least: D}, declared: forbidden}", "'D' is not known here"),
        ("machine: {inferred: noted, sponsors: [bob]}", "never be asked"),
    ],
)
def test_what_means_nothing_is_refused(clause, says):
    with pytest.raises(ConfigError, match=says):
        load(policy(clause).encode(), file="p.yml", source="a test")
