"""``riskbot zones compile``: the zones as taint rules that semgrep runs."""

from __future__ import annotations

import argparse
import json
import sys

from riskbot.surfaces import output
from riskbot.surfaces.zones import looking


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    from riskbot.detect.flows.others.compiled import languages

    looking.add_arguments(parser, paths=False)
    parser.add_argument(
        "--language",
        action="append",
        choices=languages(),
        help="only this language; may be given several times (default: all)",
    )
    parser.add_argument(
        "--format", choices=("yaml", "json"), default="yaml", help="how to write it (default: yaml)"
    )
    looking.add_output(parser, color=False)


def run(arguments: argparse.Namespace) -> int:
    """Print the rules; what they cannot say goes to standard error."""
    from riskbot.detect.flows.others.compiled import compile_zones, languages, merged

    _, _, zones, _ = looking.open_zones(arguments)
    compiled = compile_zones(zones, arguments.language or languages())
    document = json.loads(json.dumps({"rules": merged(compiled)}))  # without anchors for what stands twice
    if arguments.format == "json":
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    else:
        import yaml

        text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
    output.write(text, arguments.output)
    for what, where in compiled.unsaid.items():
        sys.stderr.write(f"not said in {', '.join(where)}: {what}\n")
    return 0
