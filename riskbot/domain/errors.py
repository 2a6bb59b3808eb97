"""Every error that riskbot raises on purpose, in one tree; one exit code per branch.

::

    RiskbotError              3  could not evaluate
    |-- EvaluationError       3  the world failed: git, semgrep, the disk
    `-- UsageError            2  the request is wrong: a flag, a revision, an empty range
        `-- ConfigError       2  a file that configures riskbot is wrong: names file, line, column

A policy that says no is a :class:`~riskbot.domain.verdict.Verdict`, never an exception (exit code 1),
and Ctrl-C ends with 130.
"""

from __future__ import annotations


def place(file: str, line: int | None = None, column: int | None = None) -> str:
    """Write a place as editors and terminals link it: ``file:line:column``, without what is not known."""
    return ":".join(str(part) for part in (file, line, column) if part is not None)


class RiskbotError(Exception):
    """The root. ``str(error)`` is one plain paragraph; ``mend`` says what to do about it."""

    exit_code = 3

    def __init__(self, message: str, *, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.message} {self.mend}".strip()


class EvaluationError(RiskbotError):
    """The change could not be evaluated: git or semgrep failed, the disk is full."""


class UsageError(RiskbotError):
    """What was asked for makes no sense here: an unknown revision, an empty range, a bad flag."""

    exit_code = 2


class ConfigError(UsageError):
    """A file that configures riskbot cannot be used; the message starts with ``file:line:column``."""

    def __init__(
        self, message: str, *, file: str, line: int | None = None, column: int | None = None, mend: str = ""
    ) -> None:
        where = place(file, line, column)
        super().__init__(f"{where}: {message}", mend=mend)
        self.file = file
        self.line = line
        self.column = column
