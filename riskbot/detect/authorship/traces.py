"""Agent Trace records: lines that a tool says it wrote, believed only where the content checks. Pure.

Reads Agent Trace 0.1.0 (https://github.com/cursor/agent-trace, a request for comments), one JSON record, or
one on each line (``.agent-trace/traces.jsonl``, where the reference code appends). What the records are
worth:

* Nobody signs them, and the file lies in the tree like any other. * ``vcs.revision`` is what was checked out
while the tool wrote, so the *parent* of the commit. * Where the reference code does not find an edit again,
it gives lines 1 to so many. So ranges alone say nothing.

A range counts, tier A, where its ``content_hash`` fits lines of the change's head. The specification leaves
open what is hashed; read are ``murmur3:`` (8 hex digits: x86, 32 bits, seed 0) and ``sha256:`` over the
range's lines joined by line feeds, with or without the last one. All other ranges are shown, tier C, and only
where their record was made on a parent of one of the change's commits. Conversations' addresses, often paths
of somebody's disk, are never decoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from riskbot.detect.authorship.named import model_name, tool_id

MAX_BYTES: Final = 8 << 20
"""A larger file of records is not read."""
MAX_CLAIMS: Final = 100_000
"""So many ranges are read of a file; the newest, which stand last."""
_MAX_PROBLEMS: Final = 10

# The schema asks for two numbers, the specification for three, and the reference code writes 1.0.
_VERSION: Final = re.compile(r"[01]\.\d{1,4}(?:\.\d{1,4})?")
# The reference code's names for what is no file: a shell command, the beginning of a session.
_NO_FILES: Final = frozenset([".shell-history", ".sessions", ".unknown"])
_TYPES: Final = frozenset(["ai", "human", "mixed"])


@dataclass(frozen=True, slots=True)
class Claim:
    """What a record says of lines ``start`` to ``end`` (1-based, inclusive) of one file.

    ``contributor`` is ai, human or mixed. ``revision`` is the git commit that was checked out, "" if none is
    given; ``content_hash`` is as written, "" if there is none.
    """

    path: str
    start: int
    end: int
    contributor: str
    tool: str = ""
    model: str = ""
    revision: str = ""
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class Traces:
    """What the records of one file claim, oldest first; ``problems`` say what was passed over, each once."""

    claims: tuple[Claim, ...] = ()
    problems: tuple[str, ...] = ()


class _Contributor(msgspec.Struct):
    type: str
    model_id: str | None = None


class _Range(msgspec.Struct):
    start_line: int
    end_line: int
    content_hash: str | None = None
    contributor: _Contributor | None = None


class _Conversation(msgspec.Struct):
    ranges: list[_Range]
    contributor: _Contributor | None = None


class _File(msgspec.Struct):
    path: str
    conversations: list[_Conversation]


class _Vcs(msgspec.Struct):
    type: str
    revision: str


class _Tool(msgspec.Struct):
    name: str | None = None


class _Record(msgspec.Struct):
    """Fields that are not named here, addresses among them, are passed over undecoded."""

    version: str
    files: list[_File]
    vcs: _Vcs | None = None
    tool: _Tool | None = None


def parse(blob: bytes) -> Traces:
    """Read a file of records; never raises. Time and memory are linear in ``blob``, which is bounded."""
    if len(blob) > MAX_BYTES:
        return Traces(problems=(f"more than the {MAX_BYTES:,} bytes that are read",))
    problems: dict[str, None] = {}
    claims = [claim for record in _records(blob, problems) for claim in _claims(record, problems)]
    if len(claims) > MAX_CLAIMS:
        problems[f"more than the {MAX_CLAIMS:,} ranges that are read"] = None
    return Traces(tuple(claims[-MAX_CLAIMS:]), tuple(problems)[:_MAX_PROBLEMS])


def _records(blob: bytes, problems: dict[str, None]) -> Iterator[_Record]:
    """Read one record, or one a line."""
    whole = _record(blob)
    if whole is not None:
        yield whole
        return
    for line in blob.splitlines():
        record = _record(line) if line.strip() else None
        if record is not None:
            yield record
        elif line.strip():
            problems["a record that cannot be read"] = None


def _record(text: bytes) -> _Record | None:
    try:
        return msgspec.json.decode(text, type=_Record)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError):
        return None


def _claims(record: _Record, problems: dict[str, None]) -> Iterator[Claim]:
    if not _VERSION.fullmatch(record.version):
        problems["a record of an unknown version"] = None
        return
    tool = tool_id((record.tool.name if record.tool else None) or "")
    revision = record.vcs.revision if record.vcs is not None and record.vcs.type == "git" else ""
    for file in record.files:
        if file.path in _NO_FILES:
            continue
        for conversation in file.conversations:
            for one in conversation.ranges:
                contributor = one.contributor or conversation.contributor
                if contributor is None or contributor.type not in _TYPES:
                    continue
                if not 1 <= one.start_line <= one.end_line:
                    problems["a range that begins before line 1, or ends before it begins"] = None
                    continue
                yield Claim(
                    file.path,
                    one.start_line,
                    one.end_line,
                    contributor.type,
                    "" if tool == "unknown" else tool,
                    model_name(contributor.model_id or ""),
                    revision,
                    one.content_hash or "",
                )
