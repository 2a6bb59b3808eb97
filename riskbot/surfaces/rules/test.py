"""``riskbot rules test``: run the twins of rules."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from riskbot.surfaces import output

if TYPE_CHECKING:
    from riskbot.detect.rules.twins import Result


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "rules",
        metavar="RULE",
        nargs="*",
        help="ids of rules or packs, rule files or folders of them (default: all that are shipped)",
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to write it (default: text)"
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE, whole or not at all")


def run(arguments: argparse.Namespace) -> int:
    """Run the twins; 1 where one comes out otherwise."""
    from riskbot.detect.rules import twins
    from riskbot.surfaces.rules import cases, chosen

    files = chosen.files(arguments.rules)
    results = [*twins.run(files), *cases.run(files, lambda _rule: None)]
    if arguments.format == "json":
        text = json.dumps(_document(results), indent=2) + "\n"
    else:
        from riskbot.report.escape import terminal

        text = "".join(f"{terminal(line)}\n" for line in _lines(results))
    output.write(text, arguments.output)
    return 1 if any(result.misses for result in results) else 0


def _lines(results: Sequence[Result]) -> Iterator[str]:
    """Write what came out otherwise, each thing with its place, then the sum."""
    bad = [result for result in results if result.misses]
    for result in bad:
        yield f"FAIL  {result.rule}" + (f"  ({result.pack})" if result.pack else "")
        for miss in result.misses:
            place = miss.file if miss.line is None else f"{miss.file}:{miss.line}"
            yield f"      {place}: {miss.what}"
    tried = sum(result.tried for result in results)
    done = len(results) - len(bad)
    yield f"{done} of {len(results)} rules do as their twins say ({tried} lines and cases)."


def _document(results: Sequence[Result]) -> dict[str, Any]:
    """Make the document: {"passed", "rules": [{"rule", "pack", "tried", "misses": [...]}]}."""
    return {
        "schema": "riskbot.rules-test/1",
        "passed": not any(result.misses for result in results),
        "rules": [
            {
                "rule": result.rule,
                "pack": result.pack,
                "tried": result.tried,
                "misses": [
                    {"file": miss.file, "line": miss.line, "what": miss.what} for miss in result.misses
                ],
            }
            for result in results
        ],
    }
