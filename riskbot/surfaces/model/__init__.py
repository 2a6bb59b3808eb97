"""``riskbot model``: what the models are that score changes, and whether their files are whole."""

from __future__ import annotations

import argparse

from riskbot.surfaces import lazy

ACTIONS = {
    "info": ("riskbot.surfaces.model.info", "say what a model is, reads and was measured to do"),
    "verify": ("riskbot.surfaces.model.verify", "check the hash of every file of the models, and load them"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions."""
    lazy.add_commands(parser, ACTIONS, "action")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked and return the exit code."""
    return lazy.run(arguments, ACTIONS, "action")
