"""What the linter finds: one entry, with its place and the mend."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from riskbot.written.marked import Mark


class Severity(Enum):
    """*error*: lets somebody through, or locks all out. *warning*: probably not meant. *note*: to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Found:
    """One entry; ``code`` is for programs (docs/policy-lint.md lists them)."""

    code: str
    severity: Severity
    file: str
    line: int | None
    column: int | None
    message: str
    mend: str = ""


def at(mark: Mark | None, code: str, severity: Severity, message: str, mend: str = "") -> Found:
    """Make an entry that points at ``mark``."""
    if mark is None:
        return Found(code, severity, "", None, None, message, mend)
    return Found(code, severity, mark.file, mark.line, mark.column, message, mend)
