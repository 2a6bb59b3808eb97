"""Putting on record what riskbot got wrong about a commit: one line more in its note, never one less.

The record is a git note of the commit (``refs/notes/riskbot-authorship``); what reads it is
:mod:`riskbot.detect.authorship.corrections`. It stays on this machine until somebody pushes that ref.
"""

from __future__ import annotations

import json
import re
import time
from typing import Final

from riskbot.domain.authorship import SAYS, Correction
from riskbot.domain.errors import EvaluationError, UsageError
from riskbot.domain.suggest import did_you_mean
from riskbot.gather.names import decode
from riskbot.gather.notes import CORRECTIONS
from riskbot.outside.git import Git

MAX_REASON: Final = 1_000
_TOOL: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?")
_IDENT: Final = re.compile(r"(.*>) \d+ [+-]\d{4}", re.DOTALL)


def record(
    git: Git, commit: str, says: str, reason: str, tool: str = "", *, at: int | None = None
) -> Correction:
    """Append a correction to the note of ``commit`` (any name of a revision), and return it.

    ``says`` is one of :data:`riskbot.domain.authorship.SAYS`, ``reason`` says why in the person's own words,
    ``tool`` names the tool where one took part. The author is who git's settings say (git-var(1),
    GIT_AUTHOR_IDENT); ``at`` is in seconds since the epoch, now by default. Raises UsageError for a word,
    reason, tool or commit that will not do and where git does not know who commits, EvaluationError where
    git cannot write.
    """
    if says not in SAYS:
        raise UsageError(f"{says!r} is no category.", mend=did_you_mean(says, SAYS))
    reason = " ".join(reason.split())
    if not reason or len(reason) > MAX_REASON or not reason.isprintable():
        raise UsageError(
            f"The reason has {len(reason):,} characters, or some that cannot be printed.",
            mend=f"Say in 1 to {MAX_REASON:,} characters why it is otherwise.",
        )
    if tool and not _TOOL.fullmatch(tool):
        raise UsageError(
            f"{tool!r} is no name of a tool.", mend="Name it as the catalogue does, for example `cursor`."
        )
    told = Correction(
        commit=git.resolve(commit),
        says=says,
        reason=reason,
        by=_identity(git),
        at=int(time.time()) if at is None else at,
        tool=tool,
    )
    fields = ("commit", "says", "reason", "by", "at", "tool")
    line = json.dumps({name: getattr(told, name) for name in fields if getattr(told, name) != ""})
    # git-notes(1): append makes the note where there is none, and parts what it adds with a blank line.
    git.ask("notes", f"--ref={CORRECTIONS}", "append", "-F", "-", told.commit, stdin=line.encode() + b"\n")
    return told


def _identity(git: Git) -> str:
    """Say who commits here, as ``NAME <ADDRESS>``."""
    try:
        said = decode(git.ask("var", "GIT_AUTHOR_IDENT")).strip()
    except EvaluationError as problem:
        raise UsageError(
            "git does not know who you are, so nobody would stand behind the correction.",
            mend="Set user.name and user.email with `git config`.",
        ) from problem
    match = _IDENT.fullmatch(said)
    # Not valid UTF-8 would be surrogates, which no note can hold.
    return (match[1] if match else said).encode("utf-8", "replace").decode()[:400]
