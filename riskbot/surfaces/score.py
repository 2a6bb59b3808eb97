"""``riskbot score``: many commits of a repository, scored in one go, as JSON Lines."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from riskbot.surfaces import output, terminal

if TYPE_CHECKING:
    from riskbot.assess import Speaker
    from riskbot.bulk import Load
    from riskbot.outside.git import Git
    from riskbot.settings import Settings

MAX_BYTES = 64 << 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--repo", metavar="PATH", default=".", help="the repository (default: here)")
    parser.add_argument(
        "--commits",
        metavar="FILE",
        required=True,
        help="the commits, one a line, by id or any other name; - reads them from standard input",
    )
    parser.add_argument(
        "--jobs", metavar="N", type=_jobs, help="so many processes work at a time (default: one a core)"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--baseline", choices=("metrics",), help="score with the small model that reads no diff"
    )
    which.add_argument(
        "--model",
        metavar="FOLDER",
        help="score with the model in FOLDER, as `riskbot learn` makes it (default: the setting's)",
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE, whole or not at all")
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def run(arguments: argparse.Namespace) -> int:
    """Score the commits, a line each, in the order given; 3 where some could not be scored."""
    from riskbot import bulk, toolbox
    from riskbot.outside.git import Git
    from riskbot.workers import cores

    git = Git.open(Path(arguments.repo))
    commits = bulk.names(_read(arguments.commits))
    chosen = _settings(git)
    if arguments.baseline is not None:
        chosen = replace(chosen, model=arguments.baseline)
    load = _load(git, chosen, None if arguments.model is None else Path(arguments.model))
    jobs, limits = arguments.jobs or cores(), toolbox.limits(chosen)
    failed = 0
    with terminal.progress(quiet=arguments.quiet) as progress:
        scored = bulk.score_commits(
            git, commits, load, jobs=jobs, seconds=chosen.detector_seconds, limits=limits
        )
        lines = []
        for count, one in enumerate(scored, 1):
            failed += one.score is None
            lines.append(one.line())
            progress(f"Scored {count:,} of {len(commits):,} commits")
    output.write("".join(f"{line}\n" for line in lines), arguments.output, "scores")
    if failed:
        terminal.error(f"{failed:,} of {len(commits):,} commits could not be scored; their lines say why.")
    return 3 if failed else 0


def _load(git: Git, settings: Settings, folder: Path | None) -> Load:
    """Say how to load the model: the one in ``folder``, or the settings', with what it is compared with."""
    load = partial(_speakers, settings, folder)
    head = git.head()
    if settings.percentile_reference != "repository" or head is None:
        return load
    from riskbot.reference import own_scores

    (model, _), _ = load()
    return partial(load, own_scores(git, head, model, load))


def _speakers(
    settings: Settings, folder: Path | None, own: tuple[float, ...] = ()
) -> tuple[Speaker, Speaker | None]:
    """Load who speaks, and the small model, for where there is no text; ``own``: what to compare with."""
    from riskbot import toolbox

    if folder is None:
        (model, scale), fallback = toolbox.scorers(settings)
    else:
        (model, scale), fallback = _own(settings, folder), toolbox.metrics_scorer(settings)
    return (model, scale.against(own)), fallback


def _own(settings: Settings, folder: Path) -> Speaker:
    from riskbot import toolbox
    from riskbot.assess import RiskModel

    model = RiskModel.load(folder, author_features=settings.author_features)
    return model, toolbox.scale(settings, model)


def _jobs(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 256):
        raise argparse.ArgumentTypeError("a whole number from 1 to 256 is needed")
    return int(text)


def _read(name: str) -> bytes:
    """Read the list of commits, whole."""
    from riskbot.domain.errors import UsageError

    try:
        if name == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except OSError as problem:
        raise UsageError(
            f"The list of commits {name} cannot be read: {problem.strerror}.",
            mend="Name a readable file, or - for standard input.",
        ) from problem
    if len(data) > MAX_BYTES:
        raise UsageError(f"The list of commits has more than {MAX_BYTES} bytes.", mend="Score it in parts.")
    return data


def _settings(git: Git) -> Settings:
    """Read the settings as they are at HEAD: many commits have no one base."""
    import os

    from riskbot import settings, toolbox
    from riskbot.gather.charter import read_charter

    limits = toolbox.limits(settings.load(None, os.environ))
    with git.blobs() as blobs:
        charter = read_charter(git, git.head(), blobs, limits)
    return settings.load(charter, os.environ)
