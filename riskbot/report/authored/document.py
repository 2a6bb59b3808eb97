"""What is known of each commit, for programs: ``riskbot authorship --format json`` and ``--format jsonl``.

The types below are the schema. A commit's entry is the same in both formats; the document adds what was asked
and the sums. Every field is always there. Nothing here counts or names people, but for those who put a
correction on record under their own name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from riskbot.domain.authorship import Category, CommitAuthorship, FileAuthorship, Kind, Sign, Tier
from riskbot.report import escape

SCHEMA: Final = "riskbot.authorship/1"

_Share = Annotated[float, Meta(ge=0, le=1)]
_Count = Annotated[int, Meta(ge=0)]
_Line = Annotated[int, Meta(ge=1)]


class _Record(Struct, kw_only=True, forbid_unknown_fields=True):
    """What all parts of the document share: every field named, no other field allowed."""


class EvidenceEntry(_Record):
    """One thing that was seen on the commit."""

    channel: Annotated[
        str,
        Meta(
            description="Where: author, committer, trailer, session, footer, subject, branch, account,"
            " signature, notes, trace, label, config, style."
        ),
    ]
    seen: Annotated[str, Meta(description="What was seen, at most 200 characters of it.")]
    tool: Annotated[str | None, Meta(description="Whose sign it is; null: it names no tool.")]
    model: Annotated[str | None, Meta(description="The model, as the sign says it; null: it says none.")]
    tier: Annotated[
        Tier,
        Meta(
            description="How good it is: A vouched for by others than the writer, B exact, C misfires,"
            " D context."
        ),
    ]
    kind: Annotated[Kind, Meta(description="What it speaks of: agent, assisted, automation, context.")]
    counts: Annotated[bool, Meta(description="Whether it is enough by itself for a category.")]
    spoofable: Annotated[bool, Meta(description="Whether anyone who can commit could have left it.")]
    anachronistic: Annotated[
        bool, Meta(description="Dated before the tool can have left it; then it does not count.")
    ]
    signature: Annotated[str | None, Meta(description="The catalogue's entry that matched; null: none.")]
    path: Annotated[str | None, Meta(description="The file it was seen on; null: the commit itself.")]
    note: Annotated[str, Meta(description="What limits it; else empty.")]


class ShareEntry(_Record):
    """What part of the added lines agents wrote, as two bounds."""

    low: Annotated[_Share, Meta(description="The part of lines that bear a sign.")]
    high: Annotated[_Share, Meta(description="That, and the part of which nothing is known.")]
    lines: Annotated[_Count, Meta(description="How many lines were added.")]


class SpanEntry(_Record):
    """A run of lines that line-level attribution speaks of."""

    start: Annotated[_Line, Meta(description="The first line, in the commit's own version of the file.")]
    end: Annotated[_Line, Meta(description="The last line, itself included.")]
    kind: Annotated[Literal["agent", "person"], Meta(description="Who is on record for it.")]
    tool: Annotated[str | None, Meta(description="The tool; null: not said, or a person.")]
    model: Annotated[str | None, Meta(description="The model; null: not said, or a person.")]


class FileEntry(_Record):
    """What line-level attribution says of one file. Lines that it does not speak of are not known."""

    path: Annotated[str, Meta(description="The file's path, escaped as in the report of `riskbot check`.")]
    added: Annotated[_Count, Meta(description="How many lines the commit adds to it.")]
    agent: Annotated[_Count, Meta(description="How many of them agents are on record for.")]
    human: Annotated[_Count, Meta(description="How many of them people are on record for.")]
    spans: Annotated[tuple[SpanEntry, ...], Meta(description="The runs of lines.")]


class CorrectionEntry(_Record):
    """What somebody put on record with `riskbot authorship contest`. Nobody vouches for it."""

    says: Annotated[str, Meta(description="What it was: a category, or human.")]
    reason: Annotated[str, Meta(description="Why, in that person's words.")]
    by: Annotated[str, Meta(description="Who, by their own account.")]
    at: Annotated[int, Meta(description="When, in seconds since 1970 UTC, by their own account.")]
    tool: Annotated[str | None, Meta(description="Which tool it was, they say; null: not said.")]


class CommitEntry(_Record):
    """What is known of one commit."""

    commit: Annotated[str, Meta(description="Its id, or what was asked for where that names no commit.")]
    category: Annotated[
        Category, Meta(description="How it is known what wrote it. none is not human: no sign was found.")
    ]
    tool: Annotated[str | None, Meta(description="The tool of the best sign that counts; null: none.")]
    confidence: Annotated[
        _Share | None, Meta(description="How often such a sign is what it seems; null: no sign counts.")
    ]
    evidence: Annotated[tuple[EvidenceEntry, ...], Meta(description="All that was seen.")]
    model: Annotated[str | None, Meta(description="The model, as the signs say it; null: not said.")]
    disclosed: Annotated[bool, Meta(description="Whether a trailer of its own says that an agent took part.")]
    probability: Annotated[
        _Share | None, Meta(description="What its style says; null: not asked, or no answer.")
    ]
    share: Annotated[ShareEntry | None, Meta(description="The part that agents wrote; null: not counted.")]
    files: Annotated[tuple[FileEntry, ...], Meta(description="Lines by file; only with --lines.")]
    corrections: Annotated[
        tuple[CorrectionEntry, ...], Meta(description="Corrections on record; they change nothing above.")
    ]
    committed_at: Annotated[
        int | None, Meta(description="When it was committed, in seconds since 1970 UTC; null: not known.")
    ]
    note: Annotated[str, Meta(description="Why it is unknown, or what limits the answer; else empty.")]


class SummaryEntry(_Record):
    """The commits counted."""

    commits: Annotated[_Count, Meta(description="How many were asked for.")]
    categories: Annotated[dict[Category, _Count], Meta(description="How many of each category.")]
    tools: Annotated[
        dict[str, _Count], Meta(description="How many whose best sign is each tool's, the most first.")
    ]
    contested: Annotated[_Count, Meta(description="How many bear a correction.")]
    notes: Annotated[tuple[str, ...], Meta(description="What was not looked at, and why.")]


class Document(_Record):
    """What `riskbot authorship --format json` writes."""

    schema: Annotated[Literal["riskbot.authorship/1"], Meta(description="The version of this document.")]
    riskbot: Annotated[str, Meta(description="The version of riskbot that wrote it.")]
    repository: Annotated[str, Meta(description="The repository's name.")]
    origin: Annotated[str, Meta(description="Which commits were asked for, in words.")]
    commits: Annotated[
        tuple[CommitEntry, ...], Meta(description="The commits, in the order asked, else the newest first.")
    ]
    summary: Annotated[SummaryEntry, Meta(description="The commits counted.")]


_encode = msgspec.json.Encoder().encode


def entry(one: CommitAuthorship, committed_at: int | None) -> CommitEntry:
    """Write down what is known of one commit."""
    share = one.share
    return CommitEntry(
        commit=escape.prose(one.commit),
        category=one.category,
        tool=one.tool or None,
        confidence=one.confidence,
        evidence=tuple(map(_evidence, one.signs)),
        model=_said(one.model),
        disclosed=one.disclosed,
        probability=one.probability,
        share=None if share is None else ShareEntry(low=share.low, high=share.high, lines=share.lines),
        files=tuple(map(_file, one.files)),
        corrections=tuple(
            CorrectionEntry(
                says=escape.prose(each.says),
                reason=escape.prose(each.reason),
                by=escape.prose(each.by),
                at=each.at,
                tool=_said(each.tool),
            )
            for each in one.corrections
        ),
        committed_at=committed_at,
        note=escape.prose(one.note),
    )


def line(one: CommitAuthorship, committed_at: int | None) -> str:
    """Write one commit as a line of JSON, without its end."""
    return escape.json_text(_encode(entry(one, committed_at)).decode())


def written(
    entries: Iterable[str], *, version: str, repository: str, origin: str, sums: Iterable[SummaryEntry]
) -> Iterator[str]:
    """Write the document piece by piece, for a history may be long.

    ``entries`` are commits as :func:`line` writes them; ``sums`` is asked for one when all are written.
    """
    head = {"schema": SCHEMA, "riskbot": version, "repository": escape.prose(repository), "origin": origin}
    for name, value in head.items():
        yield ("{" if name == "schema" else "") + f"\n  {_json(name)}: {_json(value)},"
    yield '\n  "commits": ['
    between = "\n    "
    for each in entries:
        yield between + each
        between = ",\n    "
    summary = msgspec.json.format(_encode(next(iter(sums))), indent=2).decode().replace("\n", "\n  ")
    yield ("\n  " if between[0] == "," else "") + f'],\n  "summary": {escape.json_text(summary)}\n}}\n'


def schema() -> dict[str, Any]:
    """Describe the document as JSON schema (draft 2020-12)."""
    return _schema(Document, f"What riskbot authorship --format json writes, {SCHEMA}")


def line_schema() -> dict[str, Any]:
    """Describe one line of JSON Lines."""
    return _schema(CommitEntry, f"One line of riskbot authorship --format jsonl, {SCHEMA}")


def _schema(kind: type[Struct], title: str) -> dict[str, Any]:
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, "title": title, **msgspec.json.schema(kind)}


def _json(value: str) -> str:
    return escape.json_text(_encode(value).decode())


def _said(text: str) -> str | None:
    return escape.prose(text) or None


def _evidence(sign: Sign) -> EvidenceEntry:
    return EvidenceEntry(
        channel=sign.channel,
        seen=escape.prose(sign.seen),
        tool=_said(sign.tool),
        model=_said(sign.model),
        tier=sign.tier,
        kind=sign.kind,
        counts=sign.counts,
        spoofable=sign.spoofable,
        anachronistic=sign.anachronistic,
        signature=_said(sign.signature),
        path=None if sign.path is None else escape.path(sign.path),
        note=escape.prose(sign.note),
    )


def _file(one: FileAuthorship) -> FileEntry:
    return FileEntry(
        path=escape.path(one.path),
        added=one.added,
        agent=one.agent,
        human=one.human,
        spans=tuple(
            SpanEntry(
                start=span.start,
                end=span.end,
                kind="person" if span.kind is None else "agent",
                tool=_said(span.tool),
                model=_said(span.model),
            )
            for span in one.spans
        ),
    )
