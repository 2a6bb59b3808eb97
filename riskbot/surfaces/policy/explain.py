"""``riskbot policy explain``: the same as ``eval``, with everything that the verdict rests on, in words."""

from __future__ import annotations

import argparse

from riskbot.surfaces.policy import reading, showing


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    reading.add_policy(parser)
    reading.add_facts(parser)
    showing.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judge, explain the verdict, return its exit code."""
    verdict = reading.judged(arguments)
    showing.show(verdict, arguments, explain=True)
    return verdict.outcome.exit_code
