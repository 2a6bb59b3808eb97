"""Every commit of a history with its time, its parents and its message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from riskbot.domain.errors import EvaluationError
from riskbot.outside.git import Git

MESSAGE_READ = 20_000
"""So many characters of a message are kept: a longer one is a pasted log."""


@dataclass(frozen=True, slots=True)
class Logged:
    """One commit; times are seconds since the epoch, 0 where there is none that can be read."""

    id: str
    parents: int
    committed_at: int
    message: str


def history(git: Git, tip: str) -> Iterator[Logged]:
    """Yield every commit that ``tip`` (a commit id) reaches, parents before children.

    Raises EvaluationError where git fails.
    """
    with git.stream("log", "-z", "--topo-order", "--reverse", "--format=%H%x01%P%x01%ct%x01%B", tip) as out:
        rest = b""
        while chunk := out.read(1 << 20):
            *whole, rest = (rest + chunk).split(b"\0")
            yield from map(_logged, whole)
        if rest:
            yield _logged(rest)


def _logged(record: bytes) -> Logged:
    words = record.split(b"\1", 3)
    if len(words) != 4:
        raise EvaluationError(f"git log gave something unexpected: {record[:80]!r}.")
    name, parents, at, message = words
    seconds = int(at) if at.isdigit() and len(at) < 19 else 0
    text = message[: MESSAGE_READ * 4].decode("utf-8", "replace")[:MESSAGE_READ]
    return Logged(name.decode("ascii"), len(parents.split()), seconds, text)
