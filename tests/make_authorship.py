"""Builders for tests: what is known of who or what wrote a change."""

from __future__ import annotations

from dataclasses import replace

from make_verdict import make_assessment, make_commit_noun, make_finding, make_shop_change, make_verdict

from riskbot.domain.authorship import (
    Authorship,
    Category,
    CommitAuthorship,
    Correction,
    FileAuthorship,
    Kind,
    Share,
    Sign,
    Tier,
)
from riskbot.domain.finding import Severity
from riskbot.domain.verdict import Reviewed

C1, C2, C3 = "1" * 40, "2" * 40, "3" * 40


def make_sign(channel: str = "trailer", tier: Tier = Tier.B, **fields: object) -> Sign:
    """Build a sign of Claude, in a trailer unless told otherwise."""
    sign = Sign(
        Kind.AGENT,
        tier,
        channel,
        "Co-authored-by: Claude Opus 4.5 <noreply@anthropic.com>",
        tool="claude",
        model="Claude Opus 4.5",
        signature="claude-address",
        confidence=0.99,
        commit=C1,
    )
    return replace(sign, **fields)  # type: ignore[arg-type]


def make_authorship(**fields: object) -> Authorship:
    """Build what is known of three commits: two of an agent, of which one does not say so, and one without signs."""
    seen = "Generated with [Claude Code](https://claude.com/claude-code)"
    footer = make_sign("footer", Tier.C, seen=seen, model="", commit=C2)
    weak = make_sign("branch", Tier.C, seen="claude/search-orders", model="", commit=None, counts=False)
    config = Sign(Kind.CONTEXT, Tier.D, "config", "CLAUDE.md", "claude", counts=False, path="CLAUDE.md")
    correction = Correction(C2, "human", "the footer came with a template", "Frida", 1_772_000_000)
    commits = (
        CommitAuthorship(
            C1,
            Category.DECLARED,
            "claude",
            "Claude Opus 4.5",
            0.99,
            (make_sign(),),
            disclosed=True,
            share=Share(1.0, 1.0, 10),
        ),
        CommitAuthorship(
            C2,
            Category.DECLARED,
            "claude",
            confidence=0.9,
            signs=(footer,),
            share=Share(1.0, 1.0, 2),
            corrections=(correction,),
        ),
        CommitAuthorship(C3, Category.NONE, share=Share(0.0, 1.0, 8)),
    )
    told = Authorship(
        Category.MIXED,
        attested=False,
        declared=True,
        assisted=False,
        automation=False,
        disclosed=False,
        tools=("claude",),
        share=Share(0.6, 1.0, 20),
        signs=(weak, config),
        commits=commits,
        files=(FileAuthorship("shop/orders.py", 9, 4, 2, commit=C1),),
        notes=("There are no git notes of line-level attribution here.",),
    )
    return replace(told, **fields)  # type: ignore[arg-type]


def make_agents_verdict(told: Authorship | None = None) -> Reviewed:
    """Build the verdict on the shop change, of three commits, two of them an agent's."""
    commits = tuple(replace(make_commit_noun(), id=commit) for commit in (C1, C2, C3))
    missing = make_finding(
        "disclosure-missing",
        "README.md",
        severity=Severity.INFO,
        message="222222222222 bears signs of Claude, and no trailer says so. Add: Assisted-by: Claude Code",
    )
    assessment = make_assessment(
        replace(make_shop_change(), commits=commits),
        findings=(missing,),
        authorship=make_authorship() if told is None else told,
    )
    return make_verdict(assessment)
