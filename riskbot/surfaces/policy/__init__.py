"""``riskbot policy``: what policies say of stored facts, and what is wrong with policies themselves."""

from __future__ import annotations

import argparse

from riskbot.surfaces import lazy

# As in riskbot/surfaces/cli.py: a module with `add_arguments(parser)` and `run(arguments) -> int`, and a word
# about it.
ACTIONS = {
    "eval": ("riskbot.surfaces.policy.eval", "judge a facts document by a policy"),
    "explain": (
        "riskbot.surfaces.policy.explain",
        "the same, with every clause, person and way out in words",
    ),
    "test": ("riskbot.surfaces.policy.test", "run the cases of policies, and say what they never show"),
    "lint": ("riskbot.surfaces.policy.lint", "find what is wrong with policies and owners files"),
    "diff": ("riskbot.surfaces.policy.diff", "show which verdicts change from one policy to another"),
    "population": (
        "riskbot.surfaces.policy.population",
        "list what landed on a branch without a verdict that allowed it",
    ),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions."""
    lazy.add_commands(parser, ACTIONS, "action")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked and return the exit code."""
    return lazy.run(arguments, ACTIONS, "action")
