"""``riskbot zones check``: whole files and folders held against the zones, without git."""

from __future__ import annotations

import argparse

from riskbot.surfaces import output, terminal
from riskbot.surfaces.zones import looking


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    looking.add_arguments(parser)
    parser.add_argument(
        "--format", choices=("text", "json", "sarif"), default="text", help="how to write it (default: text)"
    )
    parser.add_argument(
        "--semgrep", action="store_true", help="run the compiled zones on Python, too, beside the engine"
    )
    looking.add_output(parser)
    parser.epilog = (
        "exit codes: 0 no flow that an enforced zone forbids, 1 such flows, 2 usage or configuration error,\n"
        "3 something could not be analysed, and no such flow was found"
    )


def run(arguments: argparse.Namespace) -> int:
    """Check and report; what could not be analysed is never a pass."""
    ground = looking.open_ground(arguments)
    with terminal.progress() as progress:
        checked = looking.check(ground, progress, semgrep=arguments.semgrep)
    if arguments.format == "json":
        from riskbot.report.zones import document

        text = document.render(checked)
    elif arguments.format == "sarif":
        from riskbot.report.zones import sarif

        text = sarif.render(checked)
    else:
        from riskbot.report.zones import text as words

        color, width, unicode = looking.look(arguments)
        text = words.render(checked, color=color, width=width, unicode=unicode)
    output.write(text, arguments.output)
    if arguments.format != "text":
        looking.tell(checked.omissions)
    return checked.exit_code
