"""Authorship notes of git-ai: which lines of a commit an agent's session or a known person wrote. Pure.

Reads the Git AI Standard v3.0.0
(https://github.com/git-ai-project/git-ai/blob/main/specs/git_ai_standard_v3.0.0.md, section 1.2), a note
under ``refs/notes/ai``: an attestation section, a line ``---``, a JSON object. Paths stand unindented, below
each its entries, indented by two blanks: a key, a blank, ranges (``1-4,9``), in the numbers of the commit's
own version. The key's form says who: ``s_<14 hex>::t_<14 hex>`` a session, ``h_<14 hex>`` a known person, 16
hex digits (before 1.0: 7, or a UUID) an older prompt.

The standard tells what to write; this tells what can be read of it. What is not a note at all is an *error*,
what cannot be read within one is a *problem*, and neither is an exception. Of the metadata nothing is decoded
but the version and each agent's tool and model: people's names, addresses of transcripts and transcripts stay
bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import msgspec

from riskbot.detect.authorship.named import model_name, tool_id
from riskbot.domain.authorship import Kind

MAX_BYTES: Final = 8 << 20
"""A larger note is not read; the largest of 10,685 in git-ai's own repository has 3.2 MB."""
MAX_RANGES: Final = 200_000
"""A note of more ranges is not read; the most in that repository are 4,264."""
MAX_LINE: Final = 10_000_000
"""No file has so many lines; larger numbers are a mistake or an attack."""
_MAX_PROBLEMS: Final = 10

_DIVIDER: Final = b"---"
_RANGES: Final = re.compile(rb"[0-9]{1,9}(?:-[0-9]{1,9})?(?:,[0-9]{1,9}(?:-[0-9]{1,9})?)*")
_SESSION: Final = re.compile(rb"(s_[0-9a-f]{14})(?:::t_[0-9a-f]{14})?")
_HUMAN: Final = re.compile(rb"h_[0-9a-f]{14}")
_PROMPT: Final = re.compile(
    rb"[0-9a-f]{16}|[0-9a-f]{7}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
_ESCAPE: Final = re.compile(rb'\\([0-3][0-7]{2}|[abtnvfr"\\])')
_SIMPLE: Final = dict(zip(b'abtnvfr"\\', b'\a\b\t\n\v\f\r"\\', strict=True))


@dataclass(frozen=True, slots=True)
class Entry:
    """Ranges of lines (1-based, both ends inclusive) of one file that one author wrote.

    ``kind`` is AGENT, or None for a known person, of whom nothing else is kept.
    """

    path: str
    kind: Kind | None
    ranges: tuple[tuple[int, int], ...]
    tool: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What a note says, entries in its order. ``error``: it is no note that can be read, and says nothing.

    ``problems`` say what was passed over, each once, at most ten.
    """

    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()
    error: str = ""


class _Agent(msgspec.Struct):
    """Unknown fields, the conversation's id among them, are passed over undecoded."""

    tool: str = ""
    model: str = ""


class _Session(msgspec.Struct):
    agent_id: _Agent | None = None


class _Metadata(msgspec.Struct):
    schema_version: str
    prompts: dict[str, msgspec.Raw] | None = None
    sessions: dict[str, msgspec.Raw] | None = None


@dataclass(slots=True)
class _Authors:
    """Who stands behind a key."""

    metadata: _Metadata
    known: dict[bytes, tuple[Kind | None, str, str] | None] = field(default_factory=dict)

    def of(self, key: bytes) -> tuple[Kind | None, str, str] | None:
        """Give kind, tool and model; None for a key of no known form."""
        if key not in self.known:
            self.known[key] = self._look(key)
        return self.known[key]

    def _look(self, key: bytes) -> tuple[Kind | None, str, str] | None:
        if _HUMAN.fullmatch(key):
            return None, "", ""
        if match := _SESSION.fullmatch(key):
            return Kind.AGENT, *_agent((self.metadata.sessions or {}).get(match[1].decode()))
        if _PROMPT.fullmatch(key):
            return Kind.AGENT, *_agent((self.metadata.prompts or {}).get(key.decode()))
        return None


def parse(blob: bytes) -> Note:
    """Read a note; never raises. Time and memory are linear in ``blob``, which is bounded."""
    if len(blob) > MAX_BYTES:
        return Note(error=f"the note has {len(blob):,} bytes, more than the {MAX_BYTES:,} that are read")
    attested, found, metadata = _parted(blob)
    if not found:
        return Note(error="the note has no line --- between its two parts")
    if attested.count(b",") + attested.count(b"\n") > MAX_RANGES:
        return Note(error=f"the note has more than the {MAX_RANGES:,} ranges that are read")
    try:
        known = msgspec.json.decode(metadata, type=_Metadata)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Note(error="the note's metadata is not the JSON object that the standard asks for")
    if not re.fullmatch(r"authorship/3\.\d{1,4}\.\d{1,4}", known.schema_version):
        return Note(error="the note is of another version than authorship/3")
    problems: dict[str, None] = {}
    entries = tuple(_entries(attested, _Authors(known), problems))
    return Note(entries, tuple(problems)[:_MAX_PROBLEMS])


def _parted(blob: bytes) -> tuple[bytes, bool, bytes]:
    """Part a note at its first line ``---``; a note without attestations begins with it."""
    if blob.startswith(_DIVIDER + b"\n"):
        return b"", True, blob[len(_DIVIDER) + 1 :]
    attested, found, metadata = blob.partition(b"\n" + _DIVIDER + b"\n")
    return attested, bool(found), metadata


def _entries(attested: bytes, authors: _Authors, problems: dict[str, None]) -> Iterator[Entry]:
    """Read the attestation section; ``problems`` is told what is passed over."""
    path: str | None = None
    for line in attested.split(b"\n"):
        if not line.startswith(b" "):
            path = _path(line)
            if path is None and line:
                problems["a path whose quotes are not closed"] = None
            continue
        key, _, ranges = line[2:].partition(b" ")
        if path is None:
            problems["lines of no file"] = None
        elif not line.startswith(b"  ") or not _RANGES.fullmatch(ranges):
            problems["ranges that cannot be read"] = None
        elif (author := authors.of(key)) is None:
            problems["a key of no known form"] = None
        elif read := tuple(_ranges(ranges, problems)):
            kind, tool, model = author
            yield Entry(path, kind, read, tool, model)


def _path(line: bytes) -> str | None:
    """Read a path line, perhaps quoted; None for an empty one, or quotes that are not closed."""
    if line.startswith(b'"'):
        if len(line) < 3 or not line.endswith(b'"'):
            return None
        line = _ESCAPE.sub(_unescaped, line[1:-1])
    return line.decode("utf-8", "surrogateescape") or None


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8) if len(code) == 3 else _SIMPLE[code[0]]])


def _ranges(text: bytes, problems: dict[str, None]) -> Iterator[tuple[int, int]]:
    for part in text.split(b","):
        first, _, last = part.partition(b"-")
        start, end = int(first), int(last or first)
        if 1 <= start <= end <= MAX_LINE:
            yield start, end
        else:
            problems["a range that begins before line 1, or ends before it begins, or beyond any file"] = None


def _agent(record: msgspec.Raw | None) -> tuple[str, str]:
    """Give tool and model of a session's or a prompt's record, empty where it does not say."""
    try:
        found = msgspec.json.decode(record, type=_Session).agent_id if record is not None else None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        found = None
    return (tool_id(found.tool), model_name(found.model)) if found is not None else ("", "")
