"""Write the tables of rules: in docs/rules.md from the rules, in rules/README.md from what was measured.

    python benchmarks/rules_table.py [--check]

``benchmarks/data/rules/<pack>.json`` holds, for each rule, its hits over the trees that ``projects.json`` in
the same folder lists, how many of them were read, and how many were right and worth saying. Rules without
a record are named. ``rules/measured.json`` is the same for ``riskbot rules explain``. With ``--check``
nothing is written, and the exit code says whether anything would change.
"""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from riskbot.detect.adjust import EXPIRED
from riskbot.detect.authorship.detector import DISCLOSURE_MISSING
from riskbot.detect.charter import _ALL as CHARTER
from riskbot.detect.rules import Pack, load
from riskbot.detect.text import _RULES as TEXT
from riskbot.domain.finding import Rule

ROOT = Path(__file__).resolve().parent.parent
RECORDS = ROOT / "benchmarks" / "data" / "rules"
BEGIN, END = "<!-- table: {} -->", "<!-- end of table -->"
NONE = "\u2013"
HEAD = "| rule | severity | confidence | weakness | what it finds |\n|---|---|---|---|---|"


def row(rule: Rule) -> str:
    """One rule's row in the docs."""
    weakness = ", ".join(one.partition(":")[0] for one in rule.cwe) or NONE
    title = rule.title.replace("|", "&#124;").replace("<", "&lt;")
    return f"| `{rule.id}` | {rule.severity.value} | {rule.confidence.value} | {weakness} | {title}. |"


def tables(pack: Pack) -> dict[str, str]:
    """The docs' tables by name: one for each pack, and those of the detectors that have their own."""
    groups: dict[str, list[Rule]] = {}
    for rule in pack.rules.values():
        groups.setdefault(rule.pack, []).append(rule)
    groups |= {"text": list(TEXT), "charter": list(CHARTER), "authorship": [DISCLOSURE_MISSING]}
    groups["rules"] = [EXPIRED]
    return {
        name: "\n".join([HEAD, *(row(rule) for rule in sorted(rules, key=lambda one: one.id))])
        for name, rules in groups.items()
    }


def page(text: str, pack: Pack) -> str:
    """Put the tables into a page; one that has no place there is an error."""
    for name, table in tables(pack).items():
        begin = BEGIN.format(name)
        if begin not in text:
            sys.exit(f"docs/rules.md has no place for the table {name!r}: write {begin} … {END}")
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(END)
        text = f"{before}{begin}\n\n{table}\n\n{END}{after}"
    return text


def records() -> dict[str, dict[str, Any]]:
    """What was measured, by rule."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(RECORDS.glob("*.json")):
        if path.name != "projects.json":
            found |= json.loads(path.read_text("utf-8"))
    return found


def measured(pack: Pack) -> dict[str, Any]:
    """The figures for riskbot rules explain."""
    lines = sum(project["python_lines"] for project in projects())
    keys = ("hits", "judged", "precise", "note")
    kept = {
        rule: {key: record.get(key, "" if key == "note" else 0) for key in keys}
        for rule, record in sorted(records().items())
        if rule in pack.rules
    }
    return {"lines": lines, "rules": kept}


def projects() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((RECORDS / "projects.json").read_text("utf-8"))
    return found


def readme(pack: Pack) -> str:
    """rules/README.md."""
    table = measured(pack)
    return "\n".join(_readme(pack, table)) + "\n"


def _readme(pack: Pack, table: dict[str, Any]) -> Iterator[str]:
    figures, lines = table["rules"], table["lines"]
    judged = sum(one["judged"] for one in figures.values())
    precise = sum(one["precise"] for one in figures.values())
    silent = sum(one["hits"] == 0 for one in figures.values())
    yield "# Rules, measured on real code"
    share = f" ({precise / judged:.0%})" if judged else ""
    text = f"""
{len(pack.rules)} rules; docs/rules.md says what they are and how to write one. This page says what they find
in {len(projects())} projects that many know: {lines:,} lines of Python, tests included.

Up to 20 hits of each rule were drawn and read. *Precise* counts those where the stated thing is there and a
reviewer would be glad that it was said. The same people wrote the rules and judged them, and rules were
mended on these projects: expect somewhat less elsewhere.

Of {len(figures)} measured rules {silent} found nothing here. Of {judged:,} hits that were read {precise:,}
were precise{share}.

Made by `python benchmarks/rules_table.py` from `benchmarks/data/rules/`; do not edit it by hand.
"""
    for paragraph in text.strip().split("\n\n"):
        yield from ["", *textwrap.wrap(" ".join(paragraph.split()), 110)]
    for name in dict.fromkeys(rule.pack for rule in pack.rules.values()):
        yield from ["", f"## {name}", ""]
        yield "| rule | severity | confidence | hits | per 1,000 lines | judged | precise | note |"
        yield "|---|---|---|---:|---:|---:|---:|---|"
        for rule in sorted((one for one in pack.rules.values() if one.pack == name), key=lambda one: one.id):
            yield _figures(rule, figures.get(rule.id), lines)
    yield from ["", "## Commits", "", "| project | commit | lines of Python |", "|---|---|---:|"]
    for project in projects():
        link = f"[{project['name']}]({project['repository']})"
        yield f"| {link} | `{project['commit']}` | {project['python_lines']:,} |"


def _figures(rule: Rule, record: dict[str, Any] | None, lines: int) -> str:
    start = f"| `{rule.id}` | {rule.severity.value} | {rule.confidence.value} |"
    if record is None:
        return f"{start} {NONE} | {NONE} | {NONE} | {NONE} | not measured |"
    share = f"{record['precise'] / record['judged']:.0%}" if record["judged"] else NONE
    note = " ".join(str(record["note"]).split()).replace("|", "&#124;").replace("<", "&lt;")
    rate = 1000 * record["hits"] / lines
    return f"{start} {record['hits']:,} | {rate:.4f} | {record['judged']} | {share} | {note} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; say what would change")
    arguments = parser.parse_args()
    pack = load(ROOT / "rules")
    docs = ROOT / "docs" / "rules.md"
    wanted = {
        docs: page(docs.read_text("utf-8"), pack),
        ROOT / "rules" / "README.md": readme(pack),
        ROOT / "rules" / "measured.json": json.dumps(measured(pack), indent=1, ensure_ascii=False) + "\n",
    }
    old = [path for path, text in wanted.items() if not path.is_file() or path.read_text("utf-8") != text]
    for path in old:
        print(f"{'would change' if arguments.check else 'wrote'} {path.relative_to(ROOT)}")
        if not arguments.check:
            path.write_text(wanted[path], "utf-8")
    without = sorted(pack.rules.keys() - records().keys())
    if without:
        print(f"{len(without)} rules without a record: {', '.join(without)}", file=sys.stderr)
    gone = sorted(records().keys() - pack.rules.keys())
    if gone:
        print(f"records of rules that are not there: {', '.join(gone)}")
    return 1 if old and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
