"""``riskbot authorship list``: of each commit, what is known of who wrote it, with the evidence."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from riskbot.domain.errors import UsageError
from riskbot.surfaces import output, terminal
from riskbot.surfaces.authorship import source

if TYPE_CHECKING:
    from riskbot.histories import Judged, Tally
    from riskbot.outside.git import Git
    from riskbot.report.authored.document import SummaryEntry
    from riskbot.surfaces.authorship.source import Asked

_STEP = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "range",
        nargs="?",
        metavar="RANGE",
        help="A..B, A...B, A (up to HEAD) or X^! (one commit); always from the merge base."
        " Default: what a push would send",
    )
    parser.add_argument("--history", metavar="REV", help="the whole history of REV, such as HEAD")
    source.add_arguments(parser)
    parser.add_argument(
        "--format",
        choices=("text", "json", "jsonl"),
        default="text",
        help="how to write it (default: text)",
    )
    parser.add_argument(
        "--lines", action="store_true", help="also say of each file which lines agents are on record for"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write what each commit bears; 0 whatever that is."""
    from riskbot import histories
    from riskbot.outside.git import Git

    git = Git.open(Path(arguments.repo))
    asked = _asked(git, arguments)
    shown = arguments.output in {None, "-"}
    # Where the words themselves go to the terminal, a spinner would stand between them.
    quiet = arguments.quiet or (shown and sys.stdout.isatty())
    tally = histories.Tally()
    with terminal.progress(quiet=quiet) as progress:
        judged = source.judged(git, asked, lines=arguments.lines)
        pieces = _written(git, asked, _counted(judged, tally, progress), tally, arguments)
        output.write_all(pieces, arguments.output, "list", flush=arguments.commits == "-")
    return 0


def _asked(git: Git, arguments: argparse.Namespace) -> Asked:
    given = [arguments.range, arguments.history, arguments.commits, arguments.all or None]
    if sum(one is not None for one in given) > 1:
        raise UsageError(
            "A RANGE, --history, --commits and --all cannot be combined.", mend="Ask for one of them."
        )
    if arguments.all:
        return source.everything(git)
    if arguments.commits is not None:
        return source.listed(git, arguments.commits)
    if arguments.history is not None:
        return source.history(git, arguments.history)
    return source.ranged(git, arguments.range)


def _counted(judged: Iterator[Judged], tally: Tally, progress: Callable[[str], None]) -> Iterator[Judged]:
    for one in judged:
        tally.add(one.authorship)
        if tally.commits % _STEP == 0:
            progress(f"Looked at {tally.commits:,} commits")
        yield one


def _written(
    git: Git, asked: Asked, judged: Iterator[Judged], tally: Tally, arguments: argparse.Namespace
) -> Iterator[str]:
    from riskbot import __version__
    from riskbot.report.authored import document

    if arguments.format == "jsonl":
        return (f"{document.line(one.authorship, one.committed_at)}\n" for one in judged)
    sums = _sums(tally, source.notes(git, asked))
    if arguments.format == "json":
        entries = (document.line(one.authorship, one.committed_at) for one in judged)
        return document.written(
            entries, version=__version__, repository=source.named(git), origin=asked.origin, sums=sums
        )
    from riskbot.report.authored import table

    shown = arguments.output in {None, "-"}
    rows = (
        table.Row(one.authorship, one.committed_at, "" if one.commit is None else one.commit.subject)
        for one in judged
    )
    return table.written(
        rows,
        sums,
        color=shown and terminal.wants_color(sys.stdout, arguments.color),
        width=terminal.width(sys.stdout),
        unicode=not shown or terminal.speaks_unicode(sys.stdout),
    )


def _sums(tally: Tally, notes: tuple[str, ...]) -> Iterator[SummaryEntry]:
    """Sum up when it is asked for: after the last commit."""
    from riskbot.domain.authorship import Category
    from riskbot.report.authored.document import SummaryEntry

    yield SummaryEntry(
        commits=tally.commits,
        categories={one: tally.categories[one] for one in Category},
        tools=dict(tally.tools.most_common()),
        contested=tally.contested,
        notes=notes,
    )
