"""Corrections that people put on record: what they say of a commit's authorship, and why. Pure.

They stand in a note on the commit (``refs/notes/riskbot-authorship``), one JSON object a line, blank lines
between: ``{"commit": …, "says": …, "reason": …, "by": …, "at": …, "tool": …}``. Notes are written by whoever
may push them, so a correction is shown beside the evidence and never takes its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from riskbot.domain.authorship import SAYS, Correction

MAX_BYTES: Final = 1 << 20
"""A larger note is not read."""
MAX_LINES: Final = 100
"""So many corrections of one commit are read: the newest, which stand last."""
MAX_REASON: Final = 1_000
"""So many characters of a reason are kept."""


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    commit: Annotated[str, Meta(pattern=r"\A(?:[0-9a-f]{40}|[0-9a-f]{64})\Z")]
    says: str
    reason: Annotated[str, Meta(min_length=1)]
    by: Annotated[str, Meta(min_length=1, max_length=400)]
    at: Annotated[int, Meta(ge=0, lt=1 << 40)]
    tool: Annotated[str, Meta(max_length=64)] = ""


@dataclass(frozen=True, slots=True)
class Corrections:
    """The corrections of one commit, oldest first, and in words what was passed over."""

    corrections: tuple[Correction, ...] = ()
    problems: tuple[str, ...] = ()


def parse(commit: str, note: bytes) -> Corrections:
    """Read the note of ``commit`` (an id); never raises.

    Strict: an unknown key, another commit's id or an unknown word makes a line a problem, not a correction.
    """
    if len(note) > MAX_BYTES:
        return Corrections(problems=(f"the corrections of {commit[:12]} are over {MAX_BYTES:,} bytes",))
    problems: dict[str, None] = {}
    lines = [line for line in note.split(b"\n") if line.strip()]
    if len(lines) > MAX_LINES:
        problems[f"only the newest {MAX_LINES} corrections of {commit[:12]} are read"] = None
    return Corrections(tuple(_read(commit, lines[-MAX_LINES:], problems)), tuple(problems))


def _read(commit: str, lines: list[bytes], problems: dict[str, None]) -> Iterator[Correction]:
    for line in lines:
        try:
            one = msgspec.json.decode(line, type=_Line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError):
            problems[f"a correction of {commit[:12]} cannot be read"] = None
            continue
        if one.commit != commit:
            problems[f"a correction at {commit[:12]} speaks of another commit"] = None
        elif one.says not in SAYS:
            problems[f"a correction of {commit[:12]} says no category"] = None
        else:
            yield Correction(one.commit, one.says, one.reason[:MAX_REASON], one.by, one.at, one.tool)
