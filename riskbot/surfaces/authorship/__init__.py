"""``riskbot authorship``: which commits bear signs of an agent or a bot, over a range or a whole history."""

from __future__ import annotations

import argparse

from riskbot.surfaces import lazy

# As in riskbot/surfaces/cli.py: a module with `add_arguments(parser)` and `run(arguments) -> int`, and a word
# about it.
ACTIONS = {
    "list": (
        "riskbot.surfaces.authorship.listing",
        "say of each commit what it bears (this is meant where no action is named)",
    ),
    "contest": ("riskbot.surfaces.authorship.contest", "put on record what riskbot got wrong about a commit"),
    "stats": ("riskbot.surfaces.authorship.stats", "show the shares of commits by category over time"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions."""
    lazy.add_commands(parser, ACTIONS, "action", fallback="list")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked and return the exit code."""
    return lazy.run(arguments, ACTIONS, "action")
