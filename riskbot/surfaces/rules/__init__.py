"""``riskbot rules``: what the rules are, whether they are sound, and what each says."""

from __future__ import annotations

import argparse

from riskbot.surfaces import lazy

# As in riskbot/surfaces/cli.py: a module with `add_arguments(parser)` and `run(arguments) -> int`, and a word
# about it.
ACTIONS = {
    "list": ("riskbot.surfaces.rules.list", "list all rules, also those of a repository and what it changes"),
    "explain": ("riskbot.surfaces.rules.explain", "say everything about one rule, with examples"),
    "validate": ("riskbot.surfaces.rules.validate", "read rules strictly, and let semgrep read them too"),
    "test": ("riskbot.surfaces.rules.test", "run the twins of rules: what each must find and must not"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions."""
    lazy.add_commands(parser, ACTIONS, "action")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked and return the exit code."""
    return lazy.run(arguments, ACTIONS, "action")
