"""docs/report.md says what the schema says, field by field."""

from __future__ import annotations

import os
import re
from pathlib import Path

from riskbot.report import document, jsonl, markdown, sarif, text

DOCS = Path(__file__).parents[2] / "docs" / "report.md"
MARKS = "<!-- fields: drawn from the schema -->", "<!-- end of fields -->"


def kind(field: dict) -> str:
    """Say a field's type in the words of the page."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return TITLES.get(name) or " / ".join(f"`{value}`" for value in DEFINITIONS[name]["enum"])
    if "anyOf" in field:
        return " or ".join(kind(each) for each in field["anyOf"])
    if field.get("type") == "array":
        return f"list of {kind(field['items'])}"
    if "enum" in field or "const" in field:
        return f"`{field.get('const', field.get('enum', [''])[0])}`"
    return field.get("type", "any")


DEFINITIONS = document.schema()["$defs"]
ORDER = (
    ("Report", "The report"),
    ("ChangeEntry", "change"),
    ("CommitEntry", "commit"),
    ("Person", "person"),
    ("FileEntry", "file"),
    ("FindingEntry", "finding"),
    ("EvidenceEntry", "evidence"),
    ("Place", "place"),
    ("AssessmentEntry", "assessment"),
    ("FactorEntry", "factor"),
    ("HunkEntry", "hunk"),
    ("GateEntry", "gate"),
    ("DimensionEntry", "kind of risk"),
    ("SignEntry", "sign"),
    ("FailureEntry", "failure"),
    ("OmissionEntry", "omission"),
    ("ModelEntry", "model"),
    ("HistoryEntry", "history"),
    ("MetricsEntry", "metrics"),
    ("FileHistoryEntry", "file history"),
    ("AuthorEntry", "author"),
    ("AuthorshipEntry", "authorship"),
    ("AuthoredShare", "share of agents"),
    ("AuthoredSign", "sign of authorship"),
    ("AuthoredCommit", "authored commit"),
    ("AuthoredFile", "authored file"),
    ("CorrectionEntry", "correction"),
    ("VerdictEntry", "verdict"),
    ("SubjectEntry", "subject"),
    ("PolicyEntry", "policy"),
    ("ClauseEntry", "clause"),
    ("NoteEntry", "note"),
    ("InterestEntry", "interest"),
    ("GroundEntry", "ground"),
    ("OpinionEntry", "opinion"),
    ("SuggestionEntry", "suggestion"),
    ("ObligationEntry", "obligation"),
)
TITLES = dict(ORDER)


def tables() -> str:
    """Draw one table for each part of the report."""
    parts = []
    for name, title in ORDER:
        rows = [
            f"| `{field}` | {kind(each)} | {each['description'].replace('|', '&#124;')} |"
            for field, each in DEFINITIONS[name]["properties"].items()
        ]
        parts.append(
            "\n".join(
                [
                    f"### {title}",
                    "",
                    DEFINITIONS[name]["description"],
                    "",
                    "| field | type | meaning |",
                    "|---|---|---|",
                    *rows,
                ]
            )
        )
    return "\n\n".join(parts)


def test_every_part_of_the_report_is_on_the_page():
    parts = {name for name, each in DEFINITIONS.items() if each.get("type") == "object"}
    assert parts == set(TITLES)


def test_the_field_tables_are_those_of_the_schema():
    page = DOCS.read_text(encoding="utf-8")
    before, middle, after = re.split("|".join(map(re.escape, MARKS)), page)
    if os.environ.get("GOLDEN") == "write":
        middle = f"\n\n{tables()}\n\n"
        DOCS.write_text(f"{before}{MARKS[0]}{middle}{MARKS[1]}{after}", encoding="utf-8")
    assert middle.strip() == tables()


def test_every_kind_of_line_and_every_limit_is_on_the_page():
    page = DOCS.read_text(encoding="utf-8")
    assert [each for each in jsonl.KINDS if f"`{each}`" not in page] == []
    limits = (
        f"{text.FACTORS} reasons",
        f"{text.HUNKS} places",
        f"{text.FINDINGS} findings with code",
        f"{text.FINDINGS_BRIEFLY} more without",
        f"{text.CLAUSES} clauses",
        f"{text.OMISSIONS} kinds",
        f"{markdown.LIMIT:,} characters",
        f"{markdown.FINDINGS} findings",
        f"{sarif.MOST_RESULTS:,} results",
        f"{sarif.MOST_SHOWN:,}",
        f"{sarif.MOST_TAGS} tags",
    )
    assert [each for each in limits if each not in page] == []
