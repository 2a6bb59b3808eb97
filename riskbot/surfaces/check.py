"""``riskbot check``: a local change down the road, and its verdict out."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from riskbot.report import FORMATS
from riskbot.surfaces import output, terminal

if TYPE_CHECKING:
    from datetime import datetime

    from riskbot.domain.verdict import Reviewed
    from riskbot.facts.document import Facts
    from riskbot.gather.limits import Limits
    from riskbot.gather.local import Gathered
    from riskbot.outside.git import Git


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "range",
        nargs="?",
        metavar="RANGE",
        help="A..B, A...B, A (up to HEAD) or X^! (one commit); always from the merge base."
        " Default: what a push would send",
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--staged", action="store_true", help="check what is staged, against HEAD")
    source.add_argument(
        "--worktree",
        action="store_true",
        help="check everything not committed, untracked files too, against HEAD",
    )
    source.add_argument(
        "--diff", metavar="FILE", help="check a unified diff, without a repository; - reads it from stdin"
    )
    parser.add_argument("--repo", metavar="PATH", default=".", help="the repository (default: here)")
    parser.add_argument("--format", choices=FORMATS, help="how to write the report (default: text)")
    parser.add_argument("--output", metavar="FILE", help="write the report to FILE, whole or not at all")
    parser.add_argument(
        "--explain", action="store_true", help="text: show every factor, clause, finding and omission"
    )
    parser.add_argument(
        "--policy",
        metavar="NAME",
        help="a shipped policy or one under .riskbot/ at the base (default: default)",
    )
    parser.add_argument(
        "--now", metavar="T", help="judge as of this time, RFC 3339 with its offset (default: now)"
    )
    parser.add_argument(
        "--write-facts",
        metavar="FILE",
        help="also write what the verdict was judged from, for `riskbot policy eval --facts FILE`",
    )
    parser.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="colour in text (default: auto)"
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def run(arguments: argparse.Namespace) -> int:
    """Check the change, write the report, return the verdict's exit code."""
    if arguments.range is not None and (arguments.staged or arguments.worktree or arguments.diff is not None):
        from riskbot.domain.errors import UsageError

        raise UsageError(
            "A RANGE cannot be combined with --staged, --worktree or --diff.", mend="Ask for one of them."
        )
    record = _recorder(arguments)
    now = None
    if arguments.now is not None:
        from riskbot.surfaces.policy import reading

        now = reading.now(arguments.now)
    flags = {"policy": arguments.policy, "format": arguments.format}
    with terminal.progress(quiet=arguments.quiet) as progress:
        git = None if arguments.diff is not None else _open(arguments.repo)
        verdict, format_ = evaluate(
            lambda limits: _gather(arguments, git, limits), flags, progress, git, now=now, record=record
        )
    show(verdict, format_, path=arguments.output, color=arguments.color, explain=arguments.explain)
    return verdict.exit_code


def evaluate(
    gather: "Callable[[Limits], Gathered]",
    flags: dict[str, object],
    progress: Callable[[str], None],
    git: "Git | None" = None,
    *,
    now: "datetime | None" = None,
    record: "Callable[[Facts], None] | None" = None,
) -> "tuple[Reviewed, str]":
    """Gather a change, build the tools that its base asks for, and review it.

    ``git`` is the change's repository, where it has one. ``flags`` are settings given on the command line
    (None: not given). ``now`` is the time to judge at (None: the clock's); ``record`` is given the facts.
    Returns the verdict and the report format that the settings come to.
    """
    import os

    from riskbot import settings, toolbox
    from riskbot.pipeline import review

    given = {name: value for name, value in flags.items() if value is not None}
    # How much is read is a setting too, and the base that says so is only known once it was read.
    limits = toolbox.limits(settings.load(None, os.environ, given))
    gathered = gather(limits)
    chosen = settings.load(gathered.change.charter, os.environ, given)
    if toolbox.limits(chosen) != limits:
        gathered = gather(toolbox.limits(chosen))
    tools = toolbox.build(chosen, gathered.change, git, now=now)
    verdict = review(gathered.change, tools, history=gathered.history, progress=progress, record=record)
    return verdict, chosen.format


def show(
    verdict: "Reviewed", format_: str, *, path: str | None = None, color: str = "auto", explain: bool = False
) -> None:
    """Render the verdict and write it to ``path``, or to standard output."""
    from riskbot import report

    words = format_ == "text"
    shown = path in {None, "-"}
    text = report.render(
        verdict,
        format_,
        color=words and shown and terminal.wants_color(sys.stdout, color),
        width=terminal.width(sys.stdout),
        explain=explain,
        unicode=not (words and shown) or terminal.speaks_unicode(sys.stdout),
    )
    output.write(text, path)


def _recorder(arguments: argparse.Namespace) -> "Callable[[Facts], None] | None":
    """Make what writes the facts down, where that is asked for."""
    path = arguments.write_facts
    if path is None:
        return None
    if path == "-" and arguments.output in {None, "-"}:
        from riskbot.domain.errors import UsageError

        raise UsageError(
            "The facts and the report cannot both go to standard output.",
            mend="Name a file for one of them: --write-facts FILE or --output FILE.",
        )

    def record(facts: "Facts") -> None:
        from riskbot.facts import write

        output.write(write(facts).decode() + "\n", path, "facts", "--write-facts")

    return record


def _open(repository: str) -> "Git":
    from riskbot.outside.git import Git

    return Git.open(Path(repository))


def _gather(arguments: argparse.Namespace, git: "Git | None", limits: "Limits") -> "Gathered":
    if git is None:
        from riskbot.gather import patch

        name, data = _read_diff(arguments.diff)
        return patch.from_patch(data, name, limits)
    from riskbot.gather import local

    if arguments.staged:
        return local.from_staged(git, limits)
    if arguments.worktree:
        return local.from_worktree(git, limits)
    if arguments.range is not None:
        return local.from_range(git, arguments.range, limits)
    return local.from_push(git, limits)


def _read_diff(name: str) -> tuple[str, bytes]:
    if name == "-":
        return "standard input", sys.stdin.buffer.read()
    from riskbot.domain.errors import UsageError

    try:
        return name, Path(name).read_bytes()
    except OSError as problem:
        raise UsageError(
            f"The diff {name} cannot be read: {problem.strerror}.",
            mend="Name a readable file, or - for standard input.",
        ) from problem
