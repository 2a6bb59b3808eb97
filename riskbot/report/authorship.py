"""Authorship -> the report's entry: what is known of who or what wrote the change, category by category.

The types are part of the schema of :mod:`riskbot.report.document`. What people wrote into notes is not here;
a correction is, with the name under which somebody recorded it.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from riskbot.domain import authorship as seen
from riskbot.domain.authorship import Kind, Tier
from riskbot.report.escape import path, prose

_Share = Annotated[float, Meta(ge=0, le=1)]
_Count = Annotated[int, Meta(ge=0)]
#: The values of :class:`riskbot.domain.authorship.Category`; findings have categories too.
_Category = Literal["attested", "mixed", "declared", "assisted", "automation", "inferred", "none", "unknown"]

NOT_EVALUATED: Final = "Nothing has looked at who or what wrote this change; it says nothing either way."
MEANS: Final[dict[seen.Category, str]] = {
    seen.Category.ATTESTED: "The forge, a signature or attributed lines vouch that an agent took part.",
    seen.Category.MIXED: "Some of it bears an agent's signs, and some of it does not.",
    seen.Category.DECLARED: "The change says itself that an agent took part.",
    seen.Category.ASSISTED: "Suggestions of a machine were taken over.",
    seen.Category.AUTOMATION: "A bot that is no language model took part.",
    seen.Category.INFERRED: "Its style resembles that of commits which agents declared as theirs: an"
    " experimental guess, and no evidence.",
    seen.Category.NONE: "No sign was found; that is not evidence of a human author.",
    seen.Category.UNKNOWN: "It could not be looked at; it says nothing either way.",
}


class _Record(Struct, kw_only=True, forbid_unknown_fields=True):
    """What all parts share: every field named, no other field allowed."""


class AuthoredSign(_Record):
    """One thing that was seen and tells who or what wrote some of it."""

    channel: Annotated[str, Meta(description="Where it was seen: author, trailer, session, notes, style, ….")]
    seen: Annotated[str, Meta(description="What was seen, at most 200 characters.")]
    about: Annotated[Kind, Meta(description="What it speaks of: agent, assisted, automation, context.")]
    tier: Annotated[
        Tier, Meta(description="How good it is: A somebody else vouches, B exact, C misfires, D context.")
    ]
    tool: Annotated[str | None, Meta(description="Whose sign it is; null: it names no tool.")]
    model: Annotated[str | None, Meta(description="The model as the sign says it; null: it says none.")]
    counts: Annotated[bool, Meta(description="Whether it is enough by itself for a category.")]
    spoofable: Annotated[bool, Meta(description="Whether the writer could have made it up.")]
    anachronistic: Annotated[
        bool, Meta(description="Dated before its tool can have left it; then it does not count.")
    ]
    confidence: Annotated[_Share, Meta(description="How often such a sign is what it seems.")]
    signature: Annotated[str | None, Meta(description="The catalogue's entry that matched; null: none.")]
    commit: Annotated[str | None, Meta(description="The commit that bears it; null: the change as a whole.")]
    file: Annotated[str | None, Meta(description="The file's path; null: no single file.")]
    note: Annotated[str, Meta(description="What limits it; else empty.")]


class AuthoredShare(_Record):
    """What part of the added lines agents wrote, between two bounds."""

    low: Annotated[_Share, Meta(description="The part that bears signs.")]
    high: Annotated[_Share, Meta(description="That, and the part of which nothing is known.")]
    lines: Annotated[_Count, Meta(description="How many lines were added.")]


class AuthoredCommit(_Record):
    """What is known of one commit."""

    commit: Annotated[str, Meta(description="The commit's id.")]
    category: Annotated[_Category, Meta(description="The first category that holds.")]
    tool: Annotated[str | None, Meta(description="The tool of its best sign; null: none.")]
    model: Annotated[str | None, Meta(description="The model as its signs say it; null: not said.")]
    confidence: Annotated[_Share | None, Meta(description="That of its best sign; null: none counts.")]
    disclosed: Annotated[bool, Meta(description="Whether a trailer of its own says that an agent took part.")]
    probability: Annotated[
        _Share | None, Meta(description="That of the style; null: not asked, or no answer.")
    ]
    share: Annotated[AuthoredShare | None, Meta(description="The agents' part; null: not counted.")]
    note: Annotated[str, Meta(description="What limits the answer; else empty.")]


class AuthoredFile(_Record):
    """What attribution line by line says of one file; the rest of its added lines is untracked."""

    file: Annotated[str, Meta(description="The file's path.", min_length=1)]
    commit: Annotated[str | None, Meta(description="The commit that added them; null: the whole change.")]
    added: Annotated[_Count, Meta(description="How many lines were added.")]
    agent: Annotated[_Count, Meta(description="How many of them agents are on record for.")]
    human: Annotated[_Count, Meta(description="How many of them people are on record for.")]


class CorrectionEntry(_Record):
    """What somebody put on record about a commit: beside the evidence, never in its place."""

    commit: Annotated[str, Meta(description="The commit's id.")]
    says: Annotated[str, Meta(description="What they say it was: a category, or human.")]
    reason: Annotated[str, Meta(description="Why, in their words.")]
    by: Annotated[str, Meta(description="Who, by their own account; nobody vouches for it.")]
    at: Annotated[int, Meta(description="When, in seconds since 1970 UTC, by their own account.")]
    tool: Annotated[str | None, Meta(description="Which tool it was, they say; null: not said.")]


class AuthorshipEntry(_Record):
    """Who or what wrote the change, as far as it left signs. Never part of the score.

    The categories are kept apart: each is true, false, or null where nobody looked.
    """

    status: Annotated[
        Literal["evaluated", "not evaluated"], Meta(description="Whether a detector for it has looked.")
    ]
    note: Annotated[str, Meta(description="What the category means, in words.")]
    category: Annotated[
        _Category | None, Meta(description="The first category that holds; null: not evaluated.")
    ]
    attested: Annotated[
        bool | None, Meta(description="The forge, a signature or attributed lines vouch for an agent.")
    ]
    declared: Annotated[bool | None, Meta(description="The change says itself that an agent took part.")]
    assisted: Annotated[bool | None, Meta(description="A person took over a machine's suggestion.")]
    automation: Annotated[bool | None, Meta(description="A bot that is no language model took part.")]
    inferred: Annotated[bool | None, Meta(description="A guess from style; experimental, and no evidence.")]
    disclosed: Annotated[
        bool | None,
        Meta(description="Whether every commit of an agent says so in a trailer; null: there is none."),
    ]
    probability: Annotated[_Share | None, Meta(description="The greatest of the style's; null: none.")]
    tools: Annotated[tuple[str, ...], Meta(description="The tools of the signs that count, by name.")]
    share: Annotated[AuthoredShare | None, Meta(description="The agents' part; null: not counted.")]
    evidence: Annotated[tuple[AuthoredSign, ...], Meta(description="All signs, even if they do not count.")]
    commits: Annotated[tuple[AuthoredCommit, ...], Meta(description="What is known of each commit.")]
    files: Annotated[tuple[AuthoredFile, ...], Meta(description="Where attribution line by line is known.")]
    corrections: Annotated[tuple[CorrectionEntry, ...], Meta(description="What people put on record.")]
    notes: Annotated[tuple[str, ...], Meta(description="What was not looked at, and what limits the answer.")]


def entry(told: seen.Authorship | None) -> AuthorshipEntry:
    """Write what is known; None: nothing has looked."""
    told_ = told or seen.Authorship(seen.Category.UNKNOWN)
    return AuthorshipEntry(
        status="not evaluated" if told is None else "evaluated",
        note=NOT_EVALUATED if told is None else MEANS[told.category],
        category=None if told is None else told.category.value,
        attested=told_.attested,
        declared=told_.declared,
        assisted=told_.assisted,
        automation=told_.automation,
        inferred=told_.inferred,
        disclosed=told_.disclosed,
        probability=told_.probability,
        tools=tuple(map(prose, told_.tools)),
        share=_share(told_.share),
        evidence=tuple(_sign(one) for one in signs(told_)),
        commits=tuple(map(_commit, told_.commits)),
        files=tuple(
            AuthoredFile(
                file=path(one.path), commit=one.commit, added=one.added, agent=one.agent, human=one.human
            )
            for one in told_.files
        ),
        corrections=tuple(_correction(one) for commit in told_.commits for one in commit.corrections),
        notes=tuple(map(prose, told_.notes)),
    )


def signs(told: seen.Authorship) -> tuple[seen.Sign, ...]:
    """List all signs: of the change as a whole, then commit by commit."""
    return (*told.signs, *(sign for commit in told.commits for sign in commit.signs))


def _sign(told: seen.Sign) -> AuthoredSign:
    return AuthoredSign(
        channel=prose(told.channel),
        seen=prose(told.seen),
        about=told.kind,
        tier=told.tier,
        tool=prose(told.tool) or None,
        model=prose(told.model) or None,
        counts=told.counts,
        spoofable=told.spoofable,
        anachronistic=told.anachronistic,
        confidence=told.confidence,
        signature=prose(told.signature) or None,
        commit=told.commit,
        file=None if not told.path else path(told.path),
        note=prose(told.note),
    )


def _share(told: seen.Share | None) -> AuthoredShare | None:
    return None if told is None else AuthoredShare(low=told.low, high=told.high, lines=told.lines)


def _commit(told: seen.CommitAuthorship) -> AuthoredCommit:
    return AuthoredCommit(
        commit=told.commit,
        category=told.category.value,
        tool=prose(told.tool) or None,
        model=prose(told.model) or None,
        confidence=told.confidence,
        disclosed=told.disclosed,
        probability=told.probability,
        share=_share(told.share),
        note=prose(told.note),
    )


def _correction(told: seen.Correction) -> CorrectionEntry:
    return CorrectionEntry(
        commit=told.commit,
        says=prose(told.says),
        reason=prose(told.reason),
        by=prose(told.by),
        at=told.at,
        tool=prose(told.tool) or None,
    )
