"""Whose files are touched, who of the owners is able, and who steps in where none is."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from judge.make_facts import (
    ALICE,
    B0,
    BOB,
    CAROL,
    DAVE,
    ERIN,
    H1,
    H2,
    MALLORY,
    account,
    added,
    agent_run,
    approve,
    at,
    bot,
    case,
    coauthored,
    codeowners,
    commit,
    deleted,
    joins,
    leaves,
    modified,
    opened_by,
    pulled,
    push,
    pushed_by,
    renamed,
    text,
    with_commits,
    with_files,
)
from judge.predicates.asked import asked, policy, told
from riskbot.domain.change import FileStatus
from riskbot.domain.errors import ConfigError
from riskbot.domain.verdict import Status
from riskbot.facts.document import Facts, File, Team
from riskbot.judge.language.policy import load

OWNERS = "owners: {}"
GOV = {"owners": '{fallback: ["@acme/gov"]}'}


def test_each_touched_set_of_owners_is_asked() -> None:
    facts = case(with_files("src/a.py", "secure/x.py"), approve(BOB))
    clause = asked(facts, OWNERS)
    assert clause.status is Status.PENDING
    assert clause.reason == "1 of 2 sets of owners have approved."
    assert clause.could == ("dave",)
    assert ".github/CODEOWNERS:2" in told(clause)
    assert "src/a.py: @acme/devs (.github/CODEOWNERS:1); approved by bob" in clause.evidence
    both = case(with_files("src/a.py", "secure/x.py"), approve(BOB), approve(DAVE))
    assert asked(both, OWNERS).status is Status.SATISFIED


@pytest.mark.parametrize(
    "files",
    [
        (renamed("secure/x.py", "free/x.py"),),
        (renamed("free/x.py", "secure/x.py"),),
        (deleted("secure/x.py"), added("free/y.py")),
        (added("secure", "120000"),),
        (added("secure", "160000"),),
        (added("Secure/x.py"),),
        (added("SECURE/x.py"),),
    ],
    ids=["S32", "S32-back", "S33", "S34-link", "S34-submodule", "S35-case", "S35-upper"],
)
def test_there_is_no_way_round_an_owner(files: tuple[File, ...]) -> None:
    clause = asked(case(with_files(*files), approve(BOB)), OWNERS)
    assert clause.status is Status.PENDING
    assert clause.could == ("dave",)
    assert asked(case(with_files(*files), approve(BOB), approve(DAVE)), OWNERS).status is Status.SATISFIED


def test_s35_another_normal_form_is_the_same_path() -> None:
    facts = case(
        codeowners("* @acme/devs", "/caf\u00e9/ @acme/sec"), with_files("cafe\u0301/x"), approve(BOB)
    )
    assert asked(facts, OWNERS).could == ("dave",)


def test_a_copy_does_not_touch_its_source() -> None:
    facts = case(with_files(renamed("secure/x.py", "free/x.py", FileStatus.COPIED)), approve(BOB))
    assert asked(facts, OWNERS).status is Status.SATISFIED


def test_s27_an_owner_who_does_not_exist_frees_nothing() -> None:
    facts = case(codeowners("* @acme/devs", "/pay/ @ghost"), with_files("pay/x.py"), approve(BOB))
    clause = asked(facts, OWNERS, **GOV)
    assert clause.status is Status.PENDING
    assert "ghost_owner: @ghost does not exist" in told(clause)
    assert clause.could == ("erin",)
    facts = case(
        codeowners("* @acme/devs", "/pay/ @ghost"), with_files("pay/x.py"), approve(BOB), approve(ERIN)
    )
    assert asked(facts, OWNERS, **GOV).status is Status.SATISFIED


def test_s27_an_owner_who_may_not_write_frees_nothing() -> None:
    facts = case(codeowners("* @acme/devs", "/pay/ @rita"), with_files("pay/x.py"), approve(BOB))
    clause = asked(facts, OWNERS, **GOV)
    assert clause.could == ("erin",)
    assert "no_write_owner: rita may not approve" in told(clause)


def test_s46_a_sole_owner_who_is_the_author_frees_nothing() -> None:
    facts = case(codeowners("* @acme/devs", "/solo/ @alice"), with_files("solo/x.py"), approve(BOB))
    clause = asked(facts, OWNERS, **GOV)
    assert clause.could == ("erin",)
    assert "sole_owner: alice has a part in the change" in told(clause)


def test_naming_the_owner_as_co_author_lets_no_fallback_in() -> None:
    lines = codeowners("* @acme/devs", "/pay/ @dave")
    plain = case(lines, with_files("pay/x.py"), approve(ERIN))
    named = commit(H1, parents=(B0,), **coauthored("Dave <dave@acme.example>"))
    written = commit(H1, parents=(B0,), author=DAVE)
    assert asked(plain, OWNERS, **GOV).could == ("dave",)
    for one in (named, written):
        clause = asked(with_commits(one)(plain), OWNERS, **GOV)
        assert clause.status is Status.PENDING
        assert "declared_owner" in told(clause)
        assert clause.could == ()
    pushed = case(lines, with_files("pay/x.py"), pushed_by(DAVE), approve(ERIN))
    assert asked(pushed, OWNERS, **GOV).status is Status.SATISFIED


def test_an_empty_or_unknown_team_frees_nothing() -> None:
    facts = case(codeowners("* @acme/devs", "/pay/ @acme/nobody"), with_files("pay/x.py"), approve(BOB))
    clause = asked(facts, OWNERS, **GOV)
    assert clause.could == ("erin",)
    assert "ghost_owner: @acme/nobody" in told(clause)
    empty = replace(facts, teams=(*(facts.teams or ()), Team(name="acme/nobody", members=())))
    clause = asked(empty, OWNERS, **GOV)
    assert clause.could == ("erin",)
    assert "empty_team" in told(clause)


def test_without_a_fallback_nobody_can_help_and_that_is_said() -> None:
    facts = case(
        codeowners("* @acme/devs", "/pay/ @ghost"), with_files("pay/x.py"), approve(BOB), approve(ERIN)
    )
    clause = asked(facts, OWNERS)
    assert clause.status is Status.PENDING
    assert clause.could == ()
    assert clause.reason == "0 of 1 set of owners has approved. For it nobody's approval would do."
    assert "the policy names no fallback" in clause.evidence[0]
    clause = asked(facts, OWNERS, owners="{fallback: [alice]}")
    assert clause.status is Status.PENDING
    assert "nor can enough of the fallback" in clause.evidence[0]


def test_an_unread_team_is_an_error_unless_another_owner_approved() -> None:
    lines = ("* @acme/devs", "/pay/ @acme/pay @dave")
    facts = case(codeowners(*lines), with_files("pay/x.py"))
    facts = replace(facts, teams=(*(facts.teams or ()), Team(name="acme/pay")))
    clause = asked(facts, OWNERS, **GOV)
    assert clause.status is Status.ERROR
    assert "@acme/pay could not be read (unread_team)" in clause.reason
    assert asked(approve(DAVE)(facts), OWNERS, **GOV).status is Status.SATISFIED
    assert asked(approve(ERIN)(facts), OWNERS, **GOV).status is Status.ERROR


def test_what_nobody_owns_is_free_or_the_fallbacks() -> None:
    facts = case(text(".github/CODEOWNERS", "/src/ @acme/devs\n"), with_files("README.md"))
    clause = asked(facts, OWNERS, **GOV)
    assert clause.status is Status.SATISFIED
    assert "1 path is owned by nobody" in clause.reason
    clause = asked(facts, "owners: {unowned: fallback}", **GOV)
    assert clause.status is Status.PENDING
    assert clause.could == ("erin",)
    assert "README.md: nobody owns it (unowned)" in told(clause)
    clause = asked(facts, "owners: {unowned: fallback}")
    assert clause.status is Status.PENDING
    assert clause.could == ()


def test_only_the_paths_asked_about() -> None:
    facts = case(with_files("src/a.py", "secure/x.py"), approve(BOB))
    assert asked(facts, 'owners: {paths: ["src/**"]}').status is Status.SATISFIED
    assert asked(facts, 'owners: {paths: ["secure/**"]}').could == ("dave",)
    assert "Nothing" in asked(facts, 'owners: {paths: ["docs/**"]}').reason


def test_more_than_one_owner() -> None:
    facts = case(approve(BOB))
    clause = asked(facts, "owners: {count: 2}")
    assert clause.status is Status.PENDING
    assert clause.could == ("carol",)
    solo = case(codeowners("* @bob"), approve(BOB))
    clause = asked(solo, "owners: {count: 2}", **GOV)
    assert clause.status is Status.PENDING
    assert clause.could == ("erin",)
    assert "few_owners" in told(clause)


def test_owners_from_outside_the_authors_teams() -> None:
    facts = case(codeowners("* @acme/devs @dave"), approve(BOB))
    outside = "owners: {outside_author_teams: true}"
    clause = asked(facts, outside)
    assert clause.could == ("dave",)
    assert asked(approve(DAVE)(facts), outside).status is Status.SATISFIED
    clause = asked(case(approve(BOB)), outside, **GOV)
    assert clause.could == ("erin",)
    assert "author_team" in told(clause)


IMPLICIT = "owners: {author_counts: true}"


def test_an_author_who_owns_the_file_owns_it_implicitly_if_so_asked() -> None:
    assert asked(case(), OWNERS).status is Status.PENDING
    clause = asked(case(), IMPLICIT)
    assert clause.status is Status.SATISFIED
    assert "its author alice owns it" in told(clause)
    assert asked(case(with_files("secure/x.py")), IMPLICIT).status is Status.PENDING


@pytest.mark.parametrize(
    "facts",
    [
        case(opened_by(MALLORY)),
        case(opened_by(None)),
        case(push(H2, commit(H2, parents=(H1,), author=MALLORY), by=MALLORY)),
        case(push(H2, by=None)),
        case(pulled(pushes=None)),
        case(leaves(ALICE, "acme/devs", at(5))),
    ],
    ids=[
        "another opened it",
        "nobody known did",
        "another pushed too",
        "unknown pusher",
        "no pushes",
        "left",
    ],
)
def test_only_attested_people_who_all_own_it_own_implicitly(facts: Facts) -> None:
    assert asked(facts, IMPLICIT).status is not Status.SATISFIED


def test_who_joins_the_owners_after_opening_does_not_own_implicitly() -> None:
    facts = case(codeowners("* @acme/sec"), joins(ALICE, "acme/sec", at(1)))
    assert asked(facts, IMPLICIT).status is Status.PENDING


def test_an_agents_initiator_owns_implicitly_only_if_attested() -> None:
    made = (bot(20, "acme-agent[bot]"), opened_by(20), pushed_by(20))
    assert asked(case(*made, agent_run(20, ALICE)), IMPLICIT).status is Status.SATISFIED
    assert asked(case(*made, agent_run(20, MALLORY)), IMPLICIT).status is Status.PENDING
    declared = case(*made, agent_run(20, ALICE, attested=False))
    assert asked(declared, IMPLICIT).status is not Status.SATISFIED


def test_with_two_asked_the_author_stands_for_one() -> None:
    clause = asked(case(), "owners: {author_counts: true, count: 2}")
    assert clause.status is Status.PENDING
    assert asked(case(approve(BOB)), "owners: {author_counts: true, count: 2}").status is Status.SATISFIED


@pytest.mark.parametrize(
    ("body", "size", "mode", "code"),
    [
        (None, 3_145_729, "100644", "codeowners_too_large"),
        (None, 10, "100644", "unreadable"),
        ("* @acme/devs\n", None, "120000", "not_a_file"),
    ],
    ids=["S28", "binary", "link"],
)
def test_s28_an_owners_file_that_cannot_be_read_is_an_error(
    body: str | None, size: int | None, mode: str, code: str
) -> None:
    facts = case(text(".github/CODEOWNERS", body, size, mode), approve(BOB))
    clause = asked(facts, OWNERS)
    assert clause.status is Status.ERROR
    assert f"({code})" in clause.reason


def test_unknown_files_are_an_error() -> None:
    facts = case(approve(BOB))
    unknown = replace(facts, change=replace(facts.change, files=None))
    assert asked(unknown, OWNERS).status is Status.ERROR


def test_owners_files_know_no_groups_and_no_anyone() -> None:
    """Who writes an owners file must not reach the policy's own words."""
    facts = case(codeowners("* @anyone"), approve(MALLORY))
    clause = asked(facts, OWNERS, groups="{all: [mallory]}")
    assert clause.status is Status.PENDING
    assert "ghost_owner" in told(clause)


def test_locally_the_names_of_the_owners_are_shown() -> None:
    facts = replace(case(with_files("secure/x.py")), pull=None, accounts=None, teams=None)
    clause = asked(facts, OWNERS)
    assert clause.status is Status.PENDING
    assert clause.could == ("@acme/sec",)
    assert clause.reason.startswith("No reviews are known yet.")


def test_before_it_is_proposed_the_authors_own_files_are_foreseen_for_the_fallback() -> None:
    facts = case(codeowners("* @acme/devs", "/solo/ @alice"), with_files("solo/x.py"))
    clause = asked(replace(facts, pull=None), OWNERS, **GOV)
    assert clause.could == ("erin",)
    assert "sole_owner" in told(clause)


def test_the_order_of_names_on_a_line_makes_no_further_set() -> None:
    lines = codeowners("a @bob @carol", "b @carol @bob", "c @Bob @carol")
    clause = asked(case(lines, with_files("a", "b", "c")), OWNERS)
    assert clause.reason == "0 of 1 set of owners has approved."
    assert clause.evidence[0].startswith("a and 2 more: @bob, @carol")


def test_evidence_shows_what_is_open_first_and_is_bounded() -> None:
    lines = codeowners(*(f"/f{number} @{who}" for number in range(40) for who in ("bob",)), "/open @dave")
    facts = case(lines, with_files(*(f"f{number}" for number in range(40)), "open"), approve(BOB))
    clause = asked(facts, OWNERS)
    assert clause.evidence[0].startswith("open: @dave")
    assert len(clause.evidence) <= 11


def test_thousands_of_files_under_thousands_of_lines_take_no_time() -> None:
    people = [account(100 + number, f"u{number}") for number in range(200)]
    lines = [f"/d{number}/ @u{number % 200} @u{(number * 7) % 200}" for number in range(2000)]
    files = [modified(f"d{(number * 3) % 2000}/f{number}.py") for number in range(3000)]
    facts = case(*people, codeowners("* @acme/devs", *lines), with_files(*files), approve(100), approve(150))
    asked(facts, OWNERS, **GOV)
    begun = time.process_time()
    assert asked(facts, OWNERS, **GOV).status is Status.PENDING
    assert time.process_time() - begun < 1.5  # the whole verdict, on a busy machine


# P8 and P9: whoever had to approve still has to.

NAMES = st.sampled_from(["a.py", "x.py", "sub/x.py", "caf\u00e9"])
FOLDERS = st.sampled_from(["secure", "free", "pay", "solo", "docs/api"])
LINES = st.lists(
    st.builds(
        "{}{} {}".format,
        st.sampled_from(["", "/", "**/"]),
        st.sampled_from(["secure/", "free/", "pay/", "docs/", "*.py", "caf\u00e9", "solo", "docs/api/*"]),
        st.sampled_from(["@dave", "@bob", "@acme/sec", "@acme/devs @dave", "@ghost", "@rita", "@alice", ""]),
    ),
    max_size=6,
)
PATHS = st.builds("{}/{}".format, FOLDERS, NAMES)
APPROVERS = st.sets(st.sampled_from([BOB, CAROL, DAVE, ERIN, MALLORY]))


def satisfied(lines: list[str], file: File, approvers: set[int]) -> bool:
    facts = case(codeowners("* @acme/devs", *lines), with_files(file), *map(approve, sorted(approvers)))
    return asked(facts, OWNERS, **GOV).status is Status.SATISFIED


@settings(max_examples=500, deadline=None)
@given(LINES, PATHS, PATHS, APPROVERS)
def test_p8_renaming_never_shrinks_who_must_approve(
    lines: list[str], old: str, new: str, approvers: set[int]
) -> None:
    if satisfied(lines, renamed(old, new), approvers):
        assert satisfied(lines, modified(old), approvers)
        assert satisfied(lines, modified(new), approvers)


@settings(max_examples=500, deadline=None)
@given(LINES, PATHS, st.sampled_from([str.upper, str.title, str.casefold]), APPROVERS)
def test_p9_another_letter_case_never_shrinks_who_must_approve(
    lines: list[str], path: str, spelled: type[str], approvers: set[int]
) -> None:
    if satisfied(lines, added(spelled(path)), approvers):
        assert satisfied(lines, modified(path), approvers)


@pytest.mark.parametrize(
    "wrong", ["{count: 0}", "{unowned: everybody}", "{paths: []}", "{author_counts: maybe}", "{owner: x}"]
)
def test_what_is_not_the_language_is_refused(wrong: str) -> None:
    with pytest.raises(ConfigError):
        load(policy(f"owners: {wrong}").encode(), file="p.yml", source="p.yml")


def test_owners_who_joined_too_lately_are_named_as_such() -> None:
    facts = case(codeowners("* @acme/devs"), with_files("a"))
    assert facts.pull is not None
    opened = facts.pull.opened_at
    teams = [
        replace(team, members=tuple(replace(one, since=opened) for one in team.members or ()))
        for team in facts.teams or ()
    ]
    late = replace(facts, teams=tuple(teams))
    clause = asked(late, OWNERS, reviews="{member_for: 60d}", owners="{fallback: [dave]}")
    assert "fresh_member: bob, carol" in clause.evidence[0]
