"""How the ``riskbot policy`` commands write a verdict."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from riskbot.surfaces import output, terminal

if TYPE_CHECKING:
    from riskbot.domain.verdict import Verdict


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the words go, and in what colours."""
    parser.add_argument("--output", metavar="FILE", help="write to FILE, whole or not at all")
    parser.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="colour in text (default: auto)"
    )


def show(
    verdict: Verdict, arguments: argparse.Namespace, *, format_: str = "text", explain: bool = False
) -> None:
    """Write the verdict to where the arguments say."""
    output.write(_written(verdict, arguments, format_, explain=explain), arguments.output)


def _written(verdict: Verdict, arguments: argparse.Namespace, format_: str, *, explain: bool) -> str:
    if format_ == "json":
        from riskbot.report import verdict as document

        return document.render(verdict)
    from riskbot.report import ruling

    shown = arguments.output in {None, "-"}
    return ruling.render(
        verdict,
        color=shown and terminal.wants_color(sys.stdout, arguments.color),
        width=terminal.width(sys.stdout),
        explain=explain,
        unicode=not shown or terminal.speaks_unicode(sys.stdout),
    )
