"""Which commits are meant: a range, a list, or whole histories; as a stream, with what governs them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from riskbot.domain.errors import UsageError

if TYPE_CHECKING:
    from riskbot.gather.stream import Streamed
    from riskbot.histories import Judged
    from riskbot.outside.git import Git

_CHUNK = 1 << 16
_LONGEST = 4096  # a longer line names no commit


@dataclass(frozen=True, slots=True)
class Asked:
    """Commits that were asked for. ``base`` is where settings and catalogue are read; None: nowhere.

    ``whole``: the history goes back to its beginning, as far as it is here.
    """

    batches: Iterator[list[Streamed]]
    origin: str
    base: str | None
    whole: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which commits are meant, and where the words go."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--all", action="store_true", help="all that any branch, tag or other ref leads to")
    which.add_argument(
        "--commits",
        metavar="FILE",
        help="the commits, one a line, by id or any other name; - reads them from standard input",
    )
    parser.add_argument("--repo", metavar="PATH", default=".", help="the repository (default: here)")
    parser.add_argument("--output", metavar="FILE", help="write to FILE, whole or not at all")
    parser.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="colour in text (default: auto)"
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def everything(git: Git) -> Asked:
    """Take all that refs lead to, but for git notes."""
    from riskbot.gather import stream

    return Asked(
        stream.batched(stream.history(git, stream.every_tip(git))),
        "everything that a ref leads to",
        git.head(),
        whole=True,
    )


def history(git: Git, name: str) -> Asked:
    """Take the whole history of one commit."""
    from riskbot.gather import stream

    tip = git.resolve(name)
    return Asked(stream.batched(stream.history(git, [tip])), f"the whole history of {name}", tip, whole=True)


def ranged(git: Git, spec: str | None) -> Asked:
    """Take a range as `riskbot check` does; None: what a push would send."""
    from riskbot.gather import ranges, stream

    chosen = ranges.upstream(git) if spec is None else ranges.parse(git, spec)
    return Asked(stream.batched(stream.history(git, chosen.commits)), chosen.origin, chosen.base)


def listed(git: Git, name: str) -> Asked:
    """Take the commits that a file names, or standard input."""
    from riskbot.gather import stream

    origin = "the commits named on standard input" if name == "-" else f"the commits named in {name}"
    return Asked(stream.listed(git, _batches(name)), origin, git.head())


def _batches(name: str) -> Iterator[Sequence[str]]:
    """Read names as they come: what is there at once is one batch; blank lines and comments do not count."""
    with ExitStack() as opened:
        try:
            file: IO[bytes] = sys.stdin.buffer if name == "-" else opened.enter_context(Path(name).open("rb"))
            tail = b""
            while chunk := file.read1(_CHUNK):  # type: ignore[attr-defined]
                *lines, tail = (tail + chunk).split(b"\n")
                tail = tail[:_LONGEST]
                if batch := _names(lines):
                    yield batch
        except OSError as problem:
            raise UsageError(
                f"The list of commits {name} cannot be read: {problem.strerror}.",
                mend="Name a readable file, or - for standard input.",
            ) from problem
    if batch := _names([tail]):
        yield batch


def _names(lines: Sequence[bytes]) -> list[str]:
    texts = (line[:_LONGEST].decode("utf-8", "surrogateescape").strip() for line in lines)
    return [text for text in texts if text and not text.startswith("#")]


def judged(git: Git, asked: Asked, *, lines: bool = False) -> Iterator[Judged]:
    """Judge the commits by the settings and the catalogue at the base: a change cannot choose its own."""
    from riskbot import histories, settings, toolbox
    from riskbot.detect.authorship import catalogue
    from riskbot.gather.charter import read_charter

    limits = toolbox.limits(settings.load(None, os.environ))
    with git.blobs() as blobs:
        charter = read_charter(git, asked.base, blobs, limits)
    chosen = settings.load(charter, os.environ)
    beside = histories.Surroundings(git, charter, toolbox.limits(chosen), lines=lines)
    return histories.judged(asked.batches, catalogue.load(charter), beside, weak=chosen.authorship_weak)


def notes(git: Git, asked: Asked) -> tuple[str, ...]:
    """Say what the answer cannot hold."""
    if asked.whole and git.is_shallow():
        return ("This clone is shallow: what came before was not looked at (git fetch --unshallow).",)
    return ()


def named(git: Git) -> str:
    """Name the repository for readers: its folder's name."""
    return git.root.name.removesuffix(".git") or git.root.name
