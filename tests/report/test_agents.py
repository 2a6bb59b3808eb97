"""What a check says of agents: a line, the evidence, and never more than was seen."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from make_authorship import C1, C2, C3, make_agents_verdict, make_authorship, make_sign

from riskbot.domain.authorship import Authorship, Category, CommitAuthorship, Kind, Share, Sign, Tier
from riskbot.report import agents, render

STYLE = Sign(Kind.AGENT, Tier.C, "style", "the style of the added lines", counts=False, commit=C1)


def one(category: Category, **fields: object) -> Authorship:
    """Build a change of one commit."""
    commit = CommitAuthorship(C1, category, **fields)  # type: ignore[arg-type]
    return Authorship(category, commits=(commit,))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            make_authorship(),
            (
                "mixed: claude (Claude Opus 4.5) in 2 of 3 commits, 60 to 100 % of the added lines, 1 commit does"
                " not disclose it"
            ),
        ),
        (make_authorship(share=None, disclosed=True), "mixed: claude (Claude Opus 4.5) in 2 of 3 commits"),
        (one(Category.DECLARED, tool="cursor"), "declared: cursor"),
        (one(Category.DECLARED), "declared: a tool that is not named"),
        (one(Category.ATTESTED, tool="copilot", model="GPT-5"), "attested: copilot (GPT-5)"),
        (one(Category.ASSISTED, tool="coderabbit"), "assisted: coderabbit"),
        (one(Category.AUTOMATION, tool="dependabot"), "automation: dependabot"),
        (one(Category.NONE), "no sign was found, which is not evidence of a human author"),
        (one(Category.UNKNOWN), "could not be looked at, so nobody knows"),
        (one(Category.INFERRED), "a guess from style, experimental and no evidence"),
        (
            replace(one(Category.INFERRED), probability=0.876),
            "a guess from style, experimental and no evidence (probability 0.88)",
        ),
        (
            Authorship(
                Category.DECLARED,
                disclosed=False,
                share=Share(0.0, 0.0, 0),
                signs=(make_sign("account", tool="devin", commit=None),),
                commits=(CommitAuthorship(C1, Category.NONE),),
            ),
            "declared: devin, by the account, no commit discloses it",
        ),
    ],
)
def test_the_line(told, expected):
    assert agents.gist(told) == expected


def test_many_tools_are_counted_the_most_frequent_first():
    tools = ("amp", "cursor", "claude", "devin", "cursor")
    commits = tuple(CommitAuthorship(f"{n}" * 40, Category.DECLARED, tool) for n, tool in enumerate(tools))
    told = Authorship(Category.DECLARED, commits=commits)
    assert agents.gist(told) == "declared: cursor, amp, claude and 1 more tool in 5 of 5 commits"


def test_a_sign_of_many_commits_is_shown_once():
    signs = tuple(make_sign(commit=commit) for commit in (C1, C2, C3))
    commits = tuple(CommitAuthorship(sign.commit or "", Category.DECLARED, signs=(sign,)) for sign in signs)
    (seen,) = agents.evidence(Authorship(Category.DECLARED, commits=commits))
    assert seen.commits == (C1, C2, C3)
    assert agents.where(seen) == "trailer of 3 commits"


def test_what_counts_comes_first_and_the_better_tier_before_it():
    told = make_authorship()
    assert [(one.sign.counts, one.sign.tier.value) for one in agents.evidence(told)] == [
        (True, "B"),
        (True, "C"),
        (False, "C"),
        (False, "D"),
    ]


@pytest.mark.parametrize("how", ["text", "markdown", "json", "jsonl", "sarif"])
@pytest.mark.parametrize("category", [Category.INFERRED, Category.NONE, Category.UNKNOWN])
def test_style_and_silence_are_never_told_as_evidence(category, how):
    told = one(category, signs=(STYLE,) if category is Category.INFERRED else ())
    written = render(make_agents_verdict(told), format=how, **({"explain": True} if how == "text" else {}))
    for claim in ("AI-generated", "written by an AI", "written by AI", "human-written", "written by a human"):
        assert claim.casefold() not in written.casefold()


def test_no_sign_is_one_quiet_line():
    verdict = make_agents_verdict(one(Category.NONE))
    text = render(verdict, format="text")
    assert "Agents  no sign was found, which is not evidence of a human author" in text
    assert "Machine authorship" not in text
    assert "\x1b[2mno sign" in render(verdict, format="text", color=True)
    markdown = render(verdict, format="markdown")
    assert "Machine authorship" not in markdown
    assert markdown.rstrip().endswith("no sign was found, which is not evidence of a human author.</sub>")


def test_nothing_is_said_where_nothing_has_looked():
    verdict = make_agents_verdict()
    verdict = replace(verdict, assessment=replace(verdict.assessment, authorship=None))
    assert "Agents" not in render(verdict, format="text")
    entry = json.loads(render(verdict, format="json"))["authorship"]
    assert (entry["status"], entry["category"], entry["evidence"]) == ("not evaluated", None, [])
    assert "says nothing either way" in entry["note"]


def test_the_document_keeps_the_categories_apart():
    entry = json.loads(render(make_agents_verdict(), format="json"))["authorship"]
    assert entry["status"] == "evaluated"
    assert [entry[key] for key in ("attested", "declared", "assisted", "automation", "inferred")] == [
        False,
        True,
        False,
        False,
        None,
    ]
    assert entry["share"] == {"low": 0.6, "high": 1.0, "lines": 20}
    assert [commit["category"] for commit in entry["commits"]] == ["declared", "declared", "none"]
    assert [sign["counts"] for sign in entry["evidence"]] == [False, False, True, True]
    assert entry["corrections"][0]["says"] == "human"
    assert entry["files"] == [{"file": "shop/orders.py", "commit": C1, "added": 9, "agent": 4, "human": 2}]


def test_sarif_says_it_in_the_properties_of_the_run():
    run = json.loads(render(make_agents_verdict(), format="sarif"))["runs"][0]
    told = run["properties"]["authorship"]
    assert (told["category"], told["declared"], told["disclosed"], told["tools"]) == (
        "mixed",
        True,
        False,
        ["claude"],
    )
    assert (told["signs"], told["corrections"]) == (4, 1)


def test_a_line_of_its_own_for_each_part():
    kinds = [json.loads(line)["kind"] for line in render(make_agents_verdict(), format="jsonl").splitlines()]
    counts = [
        kinds.count(kind) for kind in ("authorship", "authorship-sign", "authored-commit", "authored-file")
    ]
    assert counts == [1, 4, 3, 1]
    assert kinds.count("correction") == 1


HOSTILE = "\x1b]0;owned\x07 @octocat | <img src=x onerror=alert(1)> `#1` https://evil.example\u202e"


def hostile() -> Authorship:
    sign = make_sign(seen=HOSTILE, tool=HOSTILE, model=HOSTILE)
    commit = CommitAuthorship(C1, Category.DECLARED, HOSTILE, HOSTILE, 0.9, (sign,), note=HOSTILE)
    return Authorship(Category.DECLARED, declared=True, commits=(commit,), notes=(HOSTILE,))


@pytest.mark.parametrize("explain", [False, True])
def test_a_hostile_commit_writes_no_escape_to_the_terminal(explain):
    written = render(make_agents_verdict(hostile()), format="text", explain=explain)
    assert "\x1b" not in written
    assert "\u202e" not in written
    assert "\\x1b]0;owned\\x07 @octocat" in written


def test_a_hostile_commit_mentions_nobody_in_a_comment():
    from markdown_it import MarkdownIt

    html = MarkdownIt("gfm-like", {"linkify": False}).render(
        render(make_agents_verdict(hostile()), format="markdown")
    )
    assert "<img" not in html
    assert 'https://evil.example"' not in html
    import re

    outside = re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)
    assert "@octocat" not in outside
