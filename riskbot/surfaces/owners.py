"""``riskbot owners``: who owns a path, by which line of which file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from riskbot.surfaces import output, terminal

if TYPE_CHECKING:
    from riskbot.judge.owners import Lint, Ownership, Roster
    from riskbot.report.owners import Answer, Oddity

STYLES = ("codeowners", "gerrit", "prow")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a path from the root of the repository; - reads them from standard input, one a line"
        " or, where there is a NUL, between NULs",
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--codeowners", metavar="FILE", help="read this CODEOWNERS file")
    source.add_argument("--repo", metavar="PATH", help="the repository (default: here)")
    parser.add_argument("--rev", metavar="REV", help="read the owners files at REV (default: HEAD)")
    parser.add_argument(
        "--style",
        choices=STYLES,
        default="codeowners",
        help="GitHub's CODEOWNERS, or OWNERS files as Gerrit or Prow has them (default: codeowners)",
    )
    parser.add_argument("--lint", action="store_true", help="list all that is odd in the owners files")
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to write it (default: text)"
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE, whole or not at all")
    parser.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="colour in text (default: auto)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Answer for every path, in the order asked; 0 whoever owns them."""
    from riskbot.domain.errors import UsageError

    if arguments.lint == bool(arguments.paths):
        raise UsageError(
            "--lint is about the whole file: it takes no PATH." if arguments.lint else "No PATH was given.",
            mend="Leave the paths out."
            if arguments.lint
            else "Name paths, - for standard input, or ask for --lint.",
        )
    roster = _roster(arguments)
    if roster.broken is not None:
        _warn(roster.broken.message)
    if arguments.lint:
        text = _lint(arguments, [_oddity(lint) for lint in roster.lints])
    else:
        text = _say(arguments, [_answer(arguments, roster.of(path)) for path in _paths(arguments.paths)])
    output.write(text, arguments.output)
    return 0


def _say(arguments: argparse.Namespace, answers: list[Answer]) -> str:
    from riskbot.report import owners as report

    if arguments.format == "json":
        return report.as_json(answers)
    color, width, unicode = _look(arguments)
    return report.as_text(answers, color=color, width=width, unicode=unicode)


def _lint(arguments: argparse.Namespace, oddities: list[Oddity]) -> str:
    from riskbot.report import owners as report

    if arguments.format == "json":
        return report.oddities_as_json(oddities)
    color, width, unicode = _look(arguments)
    return report.oddities_as_text(oddities, color=color, width=width, unicode=unicode)


def _look(arguments: argparse.Namespace) -> tuple[bool, int, bool]:
    """Return what the terminal can show: colour, its width, more than ASCII."""
    shown = arguments.output in {None, "-"}
    return (
        shown and terminal.wants_color(sys.stdout, arguments.color),
        terminal.width(sys.stdout),
        not shown or terminal.speaks_unicode(sys.stdout),
    )


def _warn(message: str) -> None:
    from riskbot.report.escape import terminal as harmless

    sys.stderr.write(f"warning: {harmless(message)}\n")


def _roster(arguments: argparse.Namespace) -> Roster:
    if arguments.codeowners is None:
        return _at_revision(arguments)
    from riskbot.domain.errors import UsageError
    from riskbot.judge.owners.codeowners import CodeOwners

    if arguments.rev is not None or arguments.style != "codeowners":
        raise UsageError("--codeowners reads one file, as it is.", mend="Leave --rev and --style out.")
    try:
        data = Path(arguments.codeowners).read_bytes()
    except OSError as problem:
        raise UsageError(
            f"{arguments.codeowners} cannot be read: {problem.strerror}.", mend="Name a CODEOWNERS file."
        ) from problem
    return CodeOwners.parse(data, arguments.codeowners)


def _at_revision(arguments: argparse.Namespace) -> Roster:
    from riskbot.domain.errors import UsageError
    from riskbot.gather.governing import owners_texts
    from riskbot.judge.owners.reading import read
    from riskbot.outside.git import Git

    git = Git.open(Path(arguments.repo or "."))
    revision = git.head() if arguments.rev is None else git.resolve(arguments.rev)
    if revision is None:
        raise UsageError("There is no commit yet.", mend="Commit, or name a file with --codeowners.")
    texts = owners_texts(git, revision, arguments.style)
    if not texts:
        kind = "CODEOWNERS" if arguments.style == "codeowners" else "OWNERS"
        _warn(f"There is no {kind} file at {revision[:12]}: nobody owns anything. --style reads other kinds.")
    return read(texts, arguments.style).owners


def _paths(given: Iterable[str]) -> list[str]:
    """Take the paths as given; ``-`` stands for those on standard input.

    Raises UsageError for what is no path from the root: a catch-all line would answer for it all the same.
    """
    from riskbot.domain.errors import UsageError

    paths = []
    for path in given:
        if path != "-":
            paths.append(path)
            continue
        data = sys.stdin.buffer.read()
        parts = data.split(b"\0" if b"\0" in data else b"\n")
        paths += [part.decode("utf-8", "surrogateescape") for part in parts if part]
    paths = [path.removeprefix("./") for path in paths]
    for path in paths:
        if not path or path.startswith("/") or ".." in path.split("/"):
            raise UsageError(
                f"{path[:200]!r} is no path from the root of the repository.",
                mend="Write it like src/app.py.",
            )
    return paths


def _answer(arguments: argparse.Namespace, ownership: Ownership) -> Answer:
    from riskbot.report.owners import Answer

    owners = [*ownership.names, *(["*"] if ownership.everyone else [])]
    lints = [_oddity(lint) for lint in ownership.lints]
    file = None if arguments.style == "codeowners" else ownership.file
    return Answer(ownership.path, owners, ownership.line, ownership.pattern, file, lints)


def _oddity(lint: Lint) -> Oddity:
    from riskbot.report.owners import Oddity

    return Oddity(lint.code, lint.message, lint.file, lint.line, lint.column)
