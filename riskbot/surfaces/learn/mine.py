"""``riskbot learn mine``: reads histories into tables, from a configuration or straight from clones."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from riskbot.surfaces.learn import extra, step

if TYPE_CHECKING:
    from riskbot.learn.config import Config


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="a clone, a folder of clones, or a file that lists them"
    )
    parser.add_argument("--config", metavar="FILE", help="the run's configuration, instead of PATH and --out")
    parser.add_argument("--out", metavar="DIR", help="the run's work folder, where PATH is given")
    step.add_running(parser)


def run(arguments: argparse.Namespace) -> int:
    """Mine every repository that has changed since it was mined."""
    extra.need(["mine"])
    return step.go(_config(arguments), ["mine"], arguments)


def _config(arguments: argparse.Namespace) -> Config:
    from riskbot.domain.errors import UsageError
    from riskbot.learn import config, repositories

    if arguments.config is not None:
        if arguments.paths or arguments.out is not None:
            raise UsageError(
                "--config names the repositories and the work folder.", mend="Leave PATH and --out out."
            )
        return config.load(Path(arguments.config))
    if not arguments.paths or arguments.out is None:
        raise UsageError(
            "It is not said what to mine, and where to.", mend="Give PATH... and --out DIR, or --config FILE."
        )
    return config.Config(Path(arguments.out), repositories.of_paths(map(Path, arguments.paths)))
