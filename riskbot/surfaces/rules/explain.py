"""``riskbot rules explain``: everything about one rule."""

from __future__ import annotations

import argparse
import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskbot.domain.errors import UsageError
from riskbot.domain.suggest import did_you_mean
from riskbot.surfaces import output
from riskbot.surfaces.rules import inventory
from riskbot.surfaces.rules.list import as_json

if TYPE_CHECKING:
    from riskbot.surfaces.rules.inventory import Row

_WIDTH = 96
_LINES = 8  # of an example


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("rule", metavar="ID", help="the id of a rule, as riskbot rules list writes it")
    inventory.add_arguments(parser)
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to write it (default: text)"
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE, whole or not at all")


def run(arguments: argparse.Namespace) -> int:
    """Explain it; UsageError where there is no such rule."""
    rows = {row.rule.id: row for row in inventory.rows(arguments)}
    row = rows.get(arguments.rule)
    if row is None:
        raise UsageError(f"There is no rule {arguments.rule!r}.", mend=did_you_mean(arguments.rule, rows))
    examples, measured = _examples(row), _measured(row.rule.id)
    if arguments.format == "json":
        document = as_json(row) | {"examples": examples, "measured": measured}
        output.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n", arguments.output)
        return 0
    from riskbot.report.escape import visible

    lines = _lines(row, examples, measured)
    output.write("".join(f"{visible(line)}\n" for line in lines), arguments.output)
    return 0


def _lines(row: Row, examples: dict[str, str], measured: dict[str, Any] | None) -> Iterator[str]:
    rule = row.rule
    where = f"pack {row.pack}" if rule.pack else f"table of the {row.engine} detector"
    how = (
        f"semgrep on {', '.join(row.languages)}" if row.engine == "semgrep" else f"the {row.engine} detector"
    )
    yield rule.id
    yield f"{where}, found by {how}"
    own = f" (by itself {rule.severity.value})" if row.overridden else ""
    sure = f"{rule.confidence.value} confidence"
    yield f"{row.severity.value} severity{own}, {sure}, about {rule.category.value}"
    yield ""
    told = rule.help if rule.help.startswith(rule.title) else f"{rule.title}. {rule.help}"
    yield from textwrap.wrap(told, _WIDTH)
    for title, values in (("Weakness", rule.cwe), ("OWASP", rule.owasp), ("Read", rule.references)):
        for number, value in enumerate(values):
            yield from ["", title] if number == 0 else []
            yield f"  {value}"
            if title == "Weakness" and (found := re.match(r"CWE-(\d+)", value)):
                yield f"    https://cwe.mitre.org/data/definitions/{found[1]}.html"
    for title, code in examples.items():
        yield from ["", title]
        yield from (f"  {line}" for line in code.split("\n"))
    yield ""
    yield "Measured on real code"
    yield from textwrap.wrap(_figures(measured), _WIDTH, initial_indent="  ", subsequent_indent="  ")
    for one in row.suppressions:
        where = f" in {', '.join(one.paths.include)}" if one.paths.include else ""
        yield from ["", f"Suppressed here{where} until {one.until.isoformat()}: {one.reason} ({one.place})"]


def _figures(measured: dict[str, Any] | None) -> str:
    if measured is None:
        return "not measured"
    hits, note = f"{measured['hits']:,}" if measured["hits"] else "no", measured.get("note") or ""
    words = f"{hits} {'hit' if measured['hits'] == 1 else 'hits'} in {measured['lines']:,} lines"
    if measured["judged"]:
        words += f"; {measured['precise']} of {measured['judged']} that were read are right and worth saying"
    elif measured["hits"]:
        words += "; none of them was read"
    else:
        # The record of such a rule begins so; it is said already.
        note = re.sub(r"^no hits?\b\W*", "", note)
    return f"{words}{f'; {note}' if note else ''}."


def _measured(rule: str) -> dict[str, Any] | None:
    """Find what benchmarks/rules_table.py wrote beside the rules."""
    from riskbot.outside import bundled

    path = bundled.folder("rules") / "measured.json"
    if not path.is_file():
        return None
    table = json.loads(path.read_text("utf-8"))
    found: dict[str, Any] | None = table["rules"].get(rule)
    return None if found is None else {**found, "lines": table["lines"]}


def _examples(row: Row) -> dict[str, str]:
    """Take the first bad and good lines of the twin, or the first case of a native rule."""
    from riskbot.outside import bundled

    if not row.rule.pack:
        return {}
    file = bundled.folder("rules") / row.rule.pack / f"{row.rule.id}.yaml"
    if not file.is_file():
        return {}
    return _lines_of_twin(file, row) if row.languages else _case(file, row)


def _lines_of_twin(file: Path, row: Row) -> dict[str, str]:
    from riskbot.detect.rules.twins import Marks, twins_of

    for twin in twins_of(file, row.languages):
        text = twin.content.decode("utf-8", "replace")
        marks = Marks.of(text, row.rule.id)
        lines = text.split("\n")
        if marks.bad and marks.good:
            return {"Found": _example(lines, min(marks.bad)), "Not found": _example(lines, min(marks.good))}
    return {}


def _example(lines: list[str], first: int) -> str:
    """Cut out what begins at a marked line: up to a blank line, the next mark, or a line further out."""
    taken = [lines[first - 1]]
    indent = len(taken[0]) - len(taken[0].lstrip())
    for line in lines[first : first + _LINES - 1]:
        outside = line.strip() and len(line) - len(line.lstrip()) < indent
        if not line.strip() or outside or re.search(r"\b(?:todo)?(?:ruleid|ok): ", line):
            break
        taken.append(line)
    return textwrap.dedent("\n".join(taken))


def _case(file: Path, row: Row) -> dict[str, str]:
    from riskbot.detect.rules.cases import cases_file, read_cases

    cases = read_cases(cases_file(file), row.rule.id)
    found = {}
    for title, one in (
        ("Found", next((case for case in cases if case.finds), None)),
        ("Not found", next((case for case in cases if not case.finds), None)),
    ):
        if one is not None:
            found[f"{title}: {one.name}"] = "\n".join(_sides(one.before, one.after))
    return found


def _sides(before: dict[str, bytes], after: dict[str, bytes]) -> Iterator[str]:
    """Write the difference between the two sides of a case, as a diff does."""
    import difflib

    for path in sorted(before.keys() | after.keys()):
        old, new = (side.get(path, b"").decode("utf-8", "replace").splitlines() for side in (before, after))
        changed = [line for line in difflib.ndiff(old, new) if line[:1] in "+-"]
        if changed:
            yield path
            yield from changed[: 2 * _LINES]
