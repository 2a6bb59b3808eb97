"""``riskbot authorship stats``: the shares of commits by category over time, as bars, data or a picture."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from riskbot.domain.errors import UsageError
from riskbot.surfaces import output, terminal
from riskbot.surfaces.authorship import source

if TYPE_CHECKING:
    from riskbot.domain.change import Commit
    from riskbot.histories import Judged
    from riskbot.outside.git import Git
    from riskbot.report.authored.shares import By, Shares
    from riskbot.surfaces.authorship.source import Asked

_STEP = 500
_PERIODS = ("month", "quarter", "year")
_PICTURES = (".svg", ".png")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "range",
        nargs="?",
        metavar="RANGE",
        help="REV (its whole history) or A..B (default: HEAD)",
    )
    source.add_arguments(parser)
    parser.add_argument(
        "--since", metavar="DATE", type=_day, help="only what was committed on or after this day"
    )
    parser.add_argument("--until", metavar="DATE", type=_day, help="only what was committed before this day")
    parser.add_argument(
        "--by", choices=_PERIODS, help="how long a period is (default: what fits the time that is shown)"
    )
    parser.add_argument(
        "--dedup",
        action="store_true",
        help="count commits of the same author, time of writing and subject once: what rebasing leaves",
    )
    parser.add_argument(
        "--plot", metavar="FILE", type=_picture, help="also draw a picture into FILE.svg or FILE.png"
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "csv"),
        default="text",
        help="how to write it (default: text)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Count the commits and show their shares; 0 whatever they are."""
    from riskbot.outside.git import Git
    from riskbot.report.authored.shares import By, Shares

    git = Git.open(Path(arguments.repo))
    asked = _limited(_asked(git, arguments), arguments)
    shares = Shares(int(time.time()))
    with terminal.progress(quiet=arguments.quiet) as progress:
        _count(shares, source.judged(git, asked), arguments, progress)
    by = By[arguments.by.upper()] if arguments.by else shares.by
    if arguments.plot is not None:
        _plot(arguments.plot, shares, by, source.named(git), asked.origin)
    output.write(_written(git, asked, shares, by, arguments), arguments.output, "statistics")
    return 0


def _asked(git: Git, arguments: argparse.Namespace) -> Asked:
    given = [arguments.range, arguments.commits, arguments.all or None]
    if sum(one is not None for one in given) > 1:
        raise UsageError("A RANGE, --commits and --all cannot be combined.", mend="Ask for one of them.")
    if arguments.all:
        return source.everything(git)
    if arguments.commits is not None:
        return source.listed(git, arguments.commits)
    spec = arguments.range or "HEAD"
    if ".." in spec or spec.endswith("^!"):
        return source.ranged(git, spec)
    return source.history(git, spec)


def _limited(asked: Asked, arguments: argparse.Namespace) -> Asked:
    """Say in the origin which days are meant."""
    days = [("since", arguments.since), ("before", arguments.until)]
    told = [f"{word} {datetime.fromtimestamp(when, UTC).date()}" for word, when in days if when is not None]
    return replace(asked, origin=", ".join([asked.origin, *told]))


def _count(
    shares: Shares, judged: Iterator[Judged], arguments: argparse.Namespace, progress: Callable[[str], None]
) -> None:
    """Count what is within the days asked for; merges bring no lines of their own and are left out."""
    seen: set[int] = set()
    for number, one in enumerate(judged, 1):
        if number % _STEP == 0:
            progress(f"Looked at {number:,} commits")
        commit = one.commit
        if commit is not None and not _within(commit.committed_at, arguments.since, arguments.until):
            continue
        if commit is not None and len(commit.parents) > 1:
            shares.merges += 1
        elif arguments.dedup and commit is not None and (key := _key(commit)) in seen:
            shares.repeated += 1
        else:
            shares.add(one.authorship, one.committed_at)
            if arguments.dedup and commit is not None:
                seen.add(key)


def _within(seconds: int, since: int | None, until: int | None) -> bool:
    return (since is None or seconds >= since) and (until is None or seconds < until)


def _key(commit: Commit) -> int:
    """Say which change a commit is, however often it was rebased since it was written."""
    return hash((commit.author, commit.authored_at, commit.subject))


def _written(git: Git, asked: Asked, shares: Shares, by: By, arguments: argparse.Namespace) -> str:
    from riskbot import __version__
    from riskbot.report.authored import shares as document

    repository, notes = source.named(git), source.notes(git, asked)
    if arguments.format == "csv":
        return document.table(shares, by)
    if arguments.format == "json":
        return document.json(
            shares, by, version=__version__, repository=repository, origin=asked.origin, notes=notes
        )
    from riskbot.report.authored import bars

    shown = arguments.output in {None, "-"}
    return bars.written(
        shares,
        by,
        repository=repository,
        origin=asked.origin,
        notes=notes,
        color=shown and terminal.wants_color(sys.stdout, arguments.color),
        width=terminal.width(sys.stdout),
        unicode=not shown or terminal.speaks_unicode(sys.stdout),
    )


def _plot(path: str, shares: Shares, by: By, repository: str, origin: str) -> None:
    from riskbot.report.authored import picture, svg

    drawn = picture.draw(shares, by, repository=repository, origin=origin)
    if path.lower().endswith(".svg"):
        output.write(svg.written(drawn), path, "picture", "--plot")
        return
    from riskbot.surfaces.authorship import png

    output.write_bytes((png.written(drawn),), path, "picture", "--plot")


def _day(text: str) -> int:
    """Read a day, or a time with its offset (RFC 3339), as seconds since the epoch; a day begins in UTC."""
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-03-01") from None
    return int((day if day.tzinfo else day.replace(tzinfo=UTC)).timestamp())


def _picture(text: str) -> str:
    if not text.lower().endswith(_PICTURES):
        raise argparse.ArgumentTypeError(f"{text!r} ends neither in .svg nor in .png")
    return text
