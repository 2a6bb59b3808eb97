"""A whole change: its commits and its pull request together, and what was not looked at."""

from __future__ import annotations

import pytest
from detect.authorship.made import SHIPPED, commit
from make import make_change

from riskbot.detect.authorship.change import authorship
from riskbot.domain.authorship import Category, Share
from riskbot.domain.change import Change, Omission, OmissionKind, Proposal, Provenance

AGENT = commit("s\n\nCo-authored-by: Claude <noreply@anthropic.com>", id="1" * 40)
PERSON = commit("t", id="2" * 40)
SIGNED = commit("u\n\nMade-with: Cursor", id="3" * 40)
BOT = commit("v", author="dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>", id="4" * 40)
TAKEN = commit("w\n\nCo-authored-by: c <175728472+Copilot@users.noreply.github.com>", id="5" * 40)
MERGE = commit("Merge branch 'x'", id="6" * 40, parents=2)
CODEX = Proposal(opener="Copilot", opener_id=198982749, opener_bot=True)


def made(*commits: object, **beside: object) -> Change:
    return make_change({"a.py": ("", "x\n")}, commits=commits, provenance=Provenance(**beside))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("commits", "category"),
    [
        ((AGENT,), Category.DECLARED),
        ((AGENT, SIGNED), Category.DECLARED),
        ((AGENT, PERSON), Category.MIXED),
        ((AGENT, BOT), Category.MIXED),
        ((AGENT, MERGE), Category.DECLARED),
        ((PERSON, TAKEN), Category.ASSISTED),
        ((PERSON, BOT), Category.AUTOMATION),
        ((PERSON, MERGE), Category.NONE),
        ((), Category.UNKNOWN),
    ],
)
def test_the_commits_make_the_category(commits, category):
    assert authorship(made(*commits), SHIPPED).category is category


def test_each_kind_of_evidence_is_told_for_itself():
    found = authorship(
        made(AGENT, PERSON, BOT, TAKEN, verified=((PERSON.id, "cursoragent@cursor.com"),)), SHIPPED
    )
    assert (found.attested, found.declared, found.assisted, found.automation) == (True, True, True, True)
    assert found.inferred is None
    assert found.tools == ("claude", "copilot-review", "cursor", "dependabot")
    nothing = authorship(made(PERSON), SHIPPED)
    assert (nothing.attested, nothing.declared, nothing.assisted, nothing.automation) == (False,) * 4
    assert not nothing.agent


def test_attested_needs_every_commit():
    both = ((AGENT.id, "noreply@anthropic.com"), (SIGNED.id, "cursoragent@cursor.com"))
    assert authorship(made(AGENT, SIGNED, verified=both), SHIPPED).category is Category.ATTESTED
    assert authorship(made(AGENT, SIGNED, verified=both[:1]), SHIPPED).category is Category.DECLARED


def test_the_forge_vouches_for_the_whole():
    found = authorship(made(PERSON, proposal=CODEX), SHIPPED)
    assert (found.category, found.attested, found.disclosed) == (Category.ATTESTED, True, False)
    assert found.tools == ("copilot",)
    assert authorship(made(PERSON, AGENT, proposal=CODEX), SHIPPED).category is Category.MIXED


def test_a_branch_alone_is_shown_and_does_not_count():
    found = authorship(made(PERSON, branch="codex/fix"), SHIPPED)
    assert (found.category, [sign.tool for sign in found.signs]) == (Category.NONE, ["codex"])
    weak = authorship(made(PERSON, branch="codex/fix"), SHIPPED, weak=True)
    assert (weak.category, weak.declared, weak.disclosed) == (Category.DECLARED, True, False)


def test_disclosed_is_about_every_commit_that_bears_signs():
    author = commit(author="Claude <noreply@anthropic.com>", id="7" * 40)
    assert authorship(made(AGENT, PERSON), SHIPPED).disclosed is True
    assert authorship(made(AGENT, author), SHIPPED).disclosed is False
    assert authorship(made(PERSON), SHIPPED).disclosed is None


def test_the_share_is_bounded_by_lines():
    lines = tuple(
        (one.id, (("a.py", n), ("poetry.lock", 500))) for one, n in ((AGENT, 30), (PERSON, 50), (BOT, 20))
    )
    assert authorship(made(AGENT, PERSON, BOT, lines=lines), SHIPPED).share == Share(0.3, 0.8, 100)
    assert authorship(made(AGENT, PERSON, BOT, lines=lines[:2]), SHIPPED).share is None
    assert authorship(made(AGENT), SHIPPED).share is None


def test_what_was_not_looked_at_is_told():
    bare = make_change({"a.py": ("", "x\n")}, base=None, head=None)
    found = authorship(bare, SHIPPED)
    assert (found.category, found.attested, found.declared) == (Category.UNKNOWN, None, None)
    assert "no commits" in found.notes[0]
    assert any("was not read" in note for note in found.notes)
    here = authorship(made(PERSON), SHIPPED)
    assert [word for word in ("refs/notes/ai", "branch", "pull request") if word in " ".join(here.notes)] == [
        "refs/notes/ai",
        "branch",
        "pull request",
    ]
    known = made(
        PERSON, notes=(), branch="main", proposal=Proposal(), omitted=("The trace is over the limit.",)
    )
    assert authorship(known, SHIPPED).notes == ("The trace is over the limit.",)
    shallow = Omission(OmissionKind.SHALLOW_HISTORY, "gather", "the clone is shallow")
    cut = make_change({}, commits=(PERSON,), omissions=(shallow,))
    assert any("shallow" in note for note in authorship(cut, SHIPPED).notes)
    assert authorship(cut, SHIPPED).attested is None
