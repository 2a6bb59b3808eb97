"""``riskbot schema``: the JSON schemas of what riskbot writes."""

import argparse
import json
import sys

SCHEMAS = ("report",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("what", choices=SCHEMAS, help="report: what `riskbot check --format json` writes")


def run(arguments: argparse.Namespace) -> int:
    """Print the schema asked for."""
    from riskbot.report import document

    schemas = {"report": document.schema}
    sys.stdout.write(json.dumps(schemas[arguments.what](), indent=2) + "\n")
    return 0
