"""``riskbot policy population``: what landed on a branch without a verdict that allowed it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from riskbot.domain.errors import ConfigError, UsageError
from riskbot.surfaces import output
from riskbot.surfaces.policy import reading

if TYPE_CHECKING:
    from riskbot.domain.change import Commit
    from riskbot.judge.population import Decision, Landed, Uncovered
    from riskbot.outside.git import Git

# Merging a pair of trees again takes a moment; whoever asks for evidence has that time.
_SECONDS = 300.0
_START = datetime(1970, 1, 1, tzinfo=UTC)


class _Subject(msgspec.Struct):
    """Of a verdict's subject, what matters here."""

    repository: str
    pull: int | None
    base_ref: str | None
    base: str | None
    head: str | None


class _Verdict(msgspec.Struct):
    """Of a verdict document, what matters here."""

    schema: Literal["riskbot.verdict/1"]
    outcome: Annotated[str, msgspec.Meta(pattern=r"\A(allowed|held|undecided)\Z")]
    subject: _Subject


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--verdicts",
        metavar="FILE",
        nargs="+",
        required=True,
        help="verdicts as `riskbot policy eval --format json` writes them, in the order they were judged in;"
        " a folder stands for its *.json by name",
    )
    parser.add_argument(
        "--repository", metavar="NAME", required=True, help="the repository, as the verdicts call it"
    )
    parser.add_argument("--branch", metavar="NAME", required=True, help="the branch, as the verdicts call it")
    parser.add_argument("--repo", metavar="PATH", default=".", help="the repository here (default: here)")
    parser.add_argument("--rev", metavar="REV", help="what the branch holds (default: the branch's name)")
    parser.add_argument("--since", metavar="REV", help="only what landed after this commit")
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to write it (default: text)"
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE, whole or not at all")


def run(arguments: argparse.Namespace) -> int:
    """List the commits that no allowing verdict covers; 1 where there is one."""
    from riskbot.judge.population import exceptions
    from riskbot.outside.git import Git

    decisions = list(_decisions(arguments.verdicts))
    git = Git.open(Path(arguments.repo))
    commits = _line(git, arguments.rev or arguments.branch, arguments.since)
    judged = {one.subject.head for one in decisions}
    found = exceptions(arguments.repository, arguments.branch, _landed(git, commits, judged), decisions)
    if arguments.format == "json":
        text = json.dumps(_document(arguments, commits, found), indent=2) + "\n"
    else:
        from riskbot.report.escape import terminal

        text = "".join(f"{terminal(line)}\n" for line in _lines(commits, found))
    output.write(text, arguments.output)
    return 1 if found else 0


def _decisions(names: list[str]) -> Iterator[Decision]:
    """Read the verdicts; the later one is the newer one."""
    from riskbot.domain.verdict import Outcome, Subject
    from riskbot.judge.population import Decision

    for number, file in enumerate(_files(names)):
        data = reading.bytes_of(file, "verdict")
        try:
            one = msgspec.json.decode(data, type=_Verdict)
        except (msgspec.DecodeError, UnicodeDecodeError) as problem:
            raise ConfigError(
                f"This is no verdict: {str(problem)[:300].rstrip('.')}.",
                file=file,
                mend="Give what `riskbot policy eval --format json` wrote.",
            ) from None
        subject = Subject(**msgspec.structs.asdict(one.subject))
        yield Decision(subject, Outcome(one.outcome), _START + timedelta(seconds=number))


def _files(names: list[str]) -> Iterator[str]:
    for name in names:
        if Path(name).is_dir():
            yield from (str(path) for path in sorted(Path(name).glob("*.json")))
        else:
            yield name


def _line(git: Git, tip: str, since: str | None) -> tuple[Commit, ...]:
    """List the branch's first-parent line, the newest first; UsageError where a part of it is not here."""
    from riskbot.gather.commits import read_commits
    from riskbot.gather.limits import Limits

    tips = ["--first-parent", git.resolve(tip)]
    if since is not None:
        tips.append(f"^{git.resolve(since)}")
    commits, omissions = read_commits(git, tips, None, Limits())
    if omissions:
        raise UsageError(
            f"Not every commit that landed can be seen: {omissions[0].reason}.",
            mend="Fetch the whole history, or say with --since from where on.",
        )
    if not commits:
        raise UsageError("Nothing landed there.", mend="Name an older commit with --since.")
    return commits


def _landed(git: Git, commits: tuple[Commit, ...], judged: set[str | None]) -> Iterator[Landed]:
    """Say what each commit brought in, and whether it holds just that.

    The times that commits state are their makers' own, so none is used.
    """
    from riskbot.gather import makers
    from riskbot.judge.population import Landed

    merges = [one for one in commits if len(one.parents) == 2 and one.parents[1] in judged]
    trees = makers.redone(git, merges, seconds=_SECONDS, most=len(merges))
    for one in commits:
        # A merge that could not be done again, or of more than two, may hold anything.
        merged = one.parents[1] if len(one.parents) == 2 else None
        yield Landed(one.id, merged, exact=None if merged is None else trees.get(one.id) == one.tree)


def _lines(commits: tuple[Commit, ...], found: tuple[Uncovered, ...]) -> Iterator[str]:
    subjects = {one.id: one.subject for one in commits}
    for one in found:
        yield f"{one.commit}  {one.code}  {subjects[one.commit]}"
        yield f"    {one.reason}"
    yield f"{len(found):,} of {len(commits):,} commits landed without a verdict that allowed them."


def _document(
    arguments: argparse.Namespace, commits: tuple[Commit, ...], found: tuple[Uncovered, ...]
) -> dict[str, Any]:
    """Make the document: {"schema", "repository", "branch", "tip", "commits", "exceptions": […]}."""
    return {
        "schema": "riskbot.population/1",
        "repository": arguments.repository,
        "branch": arguments.branch,
        "tip": commits[0].id,
        "commits": len(commits),
        "exceptions": [{"commit": one.commit, "code": one.code, "reason": one.reason} for one in found],
    }
