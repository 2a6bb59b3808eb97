"""``riskbot zones``: which data flows where, held against the policy zones that the team declared."""

from __future__ import annotations

import argparse

from riskbot.surfaces import lazy

# As in riskbot/surfaces/cli.py: a module with `add_arguments(parser)` and `run(arguments) -> int`, and a word
# about it.
ACTIONS = {
    "check": ("riskbot.surfaces.zones.check", "find the flows of data that zones forbid in whole files"),
    "explain": (
        "riskbot.surfaces.zones.explain",
        "say in words what the zones declare, and where the code has it",
    ),
    "graph": ("riskbot.surfaces.zones.graph", "draw data, functions and sinks as DOT or SVG"),
    "compile": ("riskbot.surfaces.zones.compile", "print the zones as taint rules for semgrep"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions."""
    lazy.add_commands(parser, ACTIONS, "action")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked and return the exit code."""
    return lazy.run(arguments, ACTIONS, "action")
