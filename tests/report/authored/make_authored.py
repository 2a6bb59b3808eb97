"""Commits with what is known of them, made by hand."""

from __future__ import annotations

from riskbot.domain.authorship import (
    Category,
    CommitAuthorship,
    Correction,
    FileAuthorship,
    Kind,
    Share,
    Sign,
    Span,
    Tier,
)

ID = "a" * 40
TRAILER = Sign(
    Kind.AGENT,
    Tier.B,
    "trailer",
    "Co-authored-by: Claude Opus 4.5 <noreply@anthropic.com>",
    tool="claude",
    model="Claude Opus 4.5",
    signature="claude-email",
    confidence=0.97,
    commit=ID,
)
FULL = CommitAuthorship(
    ID,
    Category.MIXED,
    "claude",
    "Claude Opus 4.5",
    0.97,
    (TRAILER, Sign(Kind.AGENT, Tier.C, "footer", "old", counts=False, anachronistic=True, path="caf\udce9")),
    disclosed=True,
    share=Share(0.4, 0.55, 120),
    files=(
        FileAuthorship(
            "a\\b.py", 120, 48, 54, (Span(1, 48, Kind.AGENT, "claude"), Span(60, 113, None)), commit=ID
        ),
    ),
    corrections=(Correction(ID, "human", "I wrote it \x1b[31m", "A <a@example.org>", 1_780_000_000),),
    note="something \udcff",
)


def plain(category: Category = Category.NONE, tool: str = "", name: str = ID) -> CommitAuthorship:
    """A commit of a category, without details."""
    return CommitAuthorship(name, category, tool)
