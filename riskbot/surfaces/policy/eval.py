"""``riskbot policy eval``: a facts document and a policy in, the verdict out."""

from __future__ import annotations

import argparse

from riskbot.surfaces.policy import reading, showing


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    reading.add_policy(parser)
    reading.add_facts(parser)
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to write the verdict (default: text)"
    )
    showing.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judge, write the verdict, return its exit code."""
    verdict = reading.judged(arguments)
    showing.show(verdict, arguments, format_=arguments.format)
    return verdict.outcome.exit_code
