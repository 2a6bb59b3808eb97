"""Verdict -> one plain, versioned document: what ``riskbot policy eval --format json`` writes.

The types below are the schema: :func:`schema` draws it from them. Every field is always there, and equal
verdicts give equal bytes. Foreign text is made to encode as UTF-8; paths inside sentences are shown, not
named. docs/verdict.md explains the document.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from riskbot import __version__
from riskbot.domain.verdict import Grade, Outcome, Status, Verdict

SCHEMA: Final = "riskbot.verdict/1"

_AccountId = Annotated[int, Meta(description="The account's numeric id at the forge.", ge=1)]
_Names = tuple[str, ...]


class _Record(Struct, kw_only=True, forbid_unknown_fields=True):
    """What all parts of the document share: every field named, no other field allowed."""


class SubjectEntry(_Record):
    """What exactly the verdict is of; it holds for nothing else."""

    repository: Annotated[str, Meta(description="The repository's name, without credentials.")]
    pull: Annotated[int | None, Meta(description="The pull request; null: not proposed yet.")]
    base_ref: Annotated[str | None, Meta(description="The branch it is to go into; null: not proposed yet.")]
    base: Annotated[str | None, Meta(description="The commit it starts from (the merge base); null: none.")]
    head: Annotated[str | None, Meta(description="The commit it ends with; null: what is not committed.")]


class PolicyEntry(_Record):
    """Which policy spoke."""

    name: Annotated[str, Meta(description="Its name.")]
    source: Annotated[str, Meta(description="Where it was read: a path and a revision, or bundled.")]
    sha256: Annotated[str, Meta(description="Its hash.")]
    included: Annotated[tuple[PolicyEntry, ...], Meta(description="The policies that it includes.")]


class NoteEntry(_Record):
    """Something a reader must know."""

    code: Annotated[str, Meta(description="What it is, for programs: docs/people.md lists the codes.")]
    reason: Annotated[str, Meta(description="What it is, in a sentence.")]
    evidence: Annotated[_Names, Meta(description="What that rests on.")]


class GroundEntry(_Record):
    """Why somebody is interested."""

    role: Annotated[str, Meta(description="The part they had: opener, pusher, author or the like.")]
    grade: Annotated[Grade, Meta(description="How sure: attested by the forge, signed, or only declared.")]
    evidence: Annotated[str, Meta(description="Where it was seen; may be empty.")]


class InterestEntry(_Record):
    """Somebody who has a part in the change and so cannot approve it."""

    who: Annotated[str, Meta(description="The login; the name or address where no account is known.")]
    account: Annotated[_AccountId | None, Meta(description="The account; null: none is known.")]
    grounds: Annotated[tuple[GroundEntry, ...], Meta(description="Every reason.")]


class OpinionEntry(_Record):
    """Somebody's newest opinion."""

    who: Annotated[str, Meta(description="The login.")]
    account: Annotated[_AccountId, Meta(description="The account.")]
    state: Annotated[str, Meta(description="What they said, in the forge's words.")]
    commit: Annotated[str, Meta(description="What they had looked at.")]
    at: Annotated[str, Meta(description="When (RFC 3339).")]
    counts: Annotated[bool, Meta(description="Whether it counts at all; clauses ask for more.")]
    code: Annotated[str, Meta(description="Why not, for programs; empty if it counts.")]
    reason: Annotated[str, Meta(description="Why not, in a sentence; may be empty if it counts.")]
    seconds_after_opening: Annotated[
        int | None, Meta(description="How long after the opening it came, for the record; null: unknown.")
    ]


class SuggestionEntry(_Record):
    """Somebody worth asking."""

    who: Annotated[str, Meta(description="Whom to ask.")]
    reasons: Annotated[_Names, Meta(description="Every reason, the most important first.")]
    clauses: Annotated[_Names, Meta(description="What their approval would count towards.")]


class ObligationEntry(_Record):
    """Something owed afterwards."""

    what: Annotated[str, Meta(description="What is owed.")]
    who: Annotated[_Names, Meta(description="By whom; any one of them.")]
    due: Annotated[str, Meta(description="By when (RFC 3339).")]
    met: Annotated[bool, Meta(description="Whether it is done.")]


class ClauseEntry(_Record):
    """One node of the verdict's tree."""

    name: Annotated[str, Meta(description="The clause's name.")]
    status: Annotated[Status, Meta(description="What it came to. Only satisfied lets a change through.")]
    reason: Annotated[str, Meta(description="Why, in a sentence.")]
    evidence: Annotated[_Names, Meta(description="What that rests on.")]
    could: Annotated[_Names, Meta(description="Who could satisfy it by approving; empty: nobody, or done.")]
    clauses: Annotated[tuple[ClauseEntry, ...], Meta(description="The clauses below it.")]


class VerdictEntry(_Record):
    """What the policy says, and everything that is needed to believe it or to change it."""

    outcome: Annotated[Outcome, Meta(description="allowed, held or undecided.")]
    awaits: Annotated[bool, Meta(description="Held, and only until people approve.")]
    exit_code: Annotated[
        int,
        Meta(
            description="What the command ends with: 0 allowed, 1 held, 3 undecided; a check of what is not"
            " proposed yet ends with 0 where only approvals are missing."
        ),
    ]
    subject: Annotated[SubjectEntry, Meta(description="What the verdict is of.")]
    policy: Annotated[PolicyEntry, Meta(description="Which policy spoke.")]
    clauses: Annotated[ClauseEntry, Meta(description="The whole reasoning: the root of a tree.")]
    blocks: Annotated[tuple[NoteEntry, ...], Meta(description="What stands in the way whoever approves.")]
    flags: Annotated[tuple[NoteEntry, ...], Meta(description="What only tells.")]
    interested: Annotated[tuple[InterestEntry, ...], Meta(description="Who cannot approve it, and why.")]
    accountable: Annotated[_Names, Meta(description="Who answers for the change; empty: not known.")]
    opinions: Annotated[tuple[OpinionEntry, ...], Meta(description="Everybody's newest opinion.")]
    unlocking: Annotated[
        tuple[_Names, ...],
        Meta(description="The smallest sets of people whose approval would allow it, all of one size."),
    ]
    unlocking_note: Annotated[str, Meta(description="Why there is none, or that there are more; or empty.")]
    suggested: Annotated[tuple[SuggestionEntry, ...], Meta(description="Whom to ask, the best first.")]
    obligations: Annotated[tuple[ObligationEntry, ...], Meta(description="What is owed afterwards.")]


class Document(VerdictEntry):
    """What a policy says of a facts document."""

    schema: Annotated[Literal["riskbot.verdict/1"], Meta(description="The version of this document.")]
    riskbot: Annotated[str, Meta(description="The version of riskbot that wrote it.")]


def schema() -> dict[str, Any]:
    """Describe the document as JSON schema (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A verdict of riskbot, {SCHEMA}",
        **msgspec.json.schema(Document),
    }


def build(verdict: Verdict) -> VerdictEntry:
    """Make the verdict's part of any document."""
    from riskbot.report.ruled import entry

    return entry(verdict)


def render(verdict: Verdict) -> str:
    """Write the whole document as indented JSON, ending with a newline."""
    from riskbot.report.escape import json_text

    head = {"schema": SCHEMA, "riskbot": __version__}
    encoded = msgspec.json.encode(head | msgspec.structs.asdict(build(verdict)))
    return json_text(msgspec.json.format(encoded, indent=2).decode()) + "\n"
