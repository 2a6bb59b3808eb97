"""``riskbot rules list``: every rule in a line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from riskbot.domain.errors import UsageError
from riskbot.domain.suggest import did_you_mean
from riskbot.surfaces import output, terminal
from riskbot.surfaces.rules import inventory

if TYPE_CHECKING:
    from riskbot.surfaces.rules.inventory import Row

_COLORS = {"critical": "1;31", "high": "31", "medium": "33", "low": "36", "info": "2"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    inventory.add_arguments(parser)
    parser.add_argument(
        "--pack",
        metavar="PACK",
        action="append",
        help="only this pack, or this detector's own table; repeatable",
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to write it (default: text)"
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE, whole or not at all")
    parser.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="colour in text (default: auto)"
    )


def run(arguments: argparse.Namespace) -> int:
    """List them; 0 whatever there is."""
    rows = inventory.rows(arguments)
    known = {row.pack for row in rows}
    for name in arguments.pack or ():
        if name not in known:
            raise UsageError(f"There is no pack {name!r}.", mend=did_you_mean(name, known))
    rows = [row for row in rows if not arguments.pack or row.pack in arguments.pack]
    if arguments.format == "json":
        text = json.dumps(_document(rows), indent=2, ensure_ascii=False) + "\n"
    else:
        from riskbot.report.escape import visible

        shown = arguments.output in {None, "-"}
        color = shown and terminal.wants_color(sys.stdout, arguments.color)
        width = terminal.width(sys.stdout) if shown and sys.stdout.isatty() else 10_000
        lines = ((style, visible(line)) for style, line in _lines(rows, width))
        text = "".join(f"{_painted(line, style if color else '')}\n" for style, line in lines)
    output.write(text, arguments.output)
    return 0


def _painted(line: str, style: str) -> str:
    return f"\x1b[{style}m{line}\x1b[0m" if style and line else line


def _lines(rows: Sequence[Row], width: int) -> Iterator[tuple[str, str]]:
    """Write a heading for each pack and a line for each rule, with its style; what the base says below it."""
    wide = max((len(row.rule.id) for row in rows), default=0)
    engines = max((len(row.engine) for row in rows), default=0)
    for pack, group in groupby(rows, key=lambda row: row.pack):
        members = list(group)
        yield "1", f"{pack} ({len(members)} rule{'' if len(members) == 1 else 's'})"
        for row in members:
            rule = row.rule
            line = (
                f"  {rule.id:<{wide}}  {row.severity.value:<8}  {rule.confidence.value:<6}"
                f"  {row.engine:<{engines}}  {rule.title}"
            )
            yield _COLORS[row.severity.value], line if len(line) <= width else line[: width - 1] + "…"
            for said in _said(row):
                yield "2", f"  {'':<{wide}}  {said}"
        yield "", ""
    packs = len({row.pack for row in rows})
    yield "", f"{len(rows)} rules in {packs} packs and tables. riskbot rules explain ID says more of one."


def _said(row: Row) -> Iterator[str]:
    """Say what the repository changes of the rule."""
    if row.overridden:
        yield f"{row.severity.value} here, {row.rule.severity.value} by itself"
    for one in row.suppressions:
        where = f" in {', '.join(one.paths.include)}" if one.paths.include else ""
        yield f"suppressed{where} until {one.until.isoformat()}: {one.reason} ({one.place})"


def _document(rows: Sequence[Row]) -> dict[str, Any]:
    return {"schema": "riskbot.rules/1", "rules": [as_json(row) for row in rows]}


def as_json(row: Row) -> dict[str, Any]:
    """Write one rule for programs."""
    rule = row.rule
    return {
        "id": rule.id,
        "pack": row.pack,
        "engine": row.engine,
        "languages": list(row.languages),
        "severity": row.severity.value,
        "default_severity": rule.severity.value,
        "confidence": rule.confidence.value,
        "category": rule.category.value,
        "title": rule.title,
        "help": rule.help,
        "cwe": list(rule.cwe),
        "owasp": list(rule.owasp),
        "references": list(rule.references),
        "suppressions": [
            {
                "paths": list(one.paths.include),
                "reason": one.reason,
                "until": one.until.isoformat(),
                "line": one.line,
            }
            for one in row.suppressions
        ],
    }
