"""docs/facts.md and docs/verdict.md say what the schemas say, field by field, and their examples hold."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import jsonschema
import pytest

from riskbot import facts
from riskbot.report import verdict

DOCS = Path(__file__).parents[1] / "docs"
MARKS = "<!-- fields: drawn from the schema -->", "<!-- end of fields -->"
PAGES = {"facts.md": (facts.schema, "Facts"), "verdict.md": (verdict.schema, "Document")}


class Tables:
    """Draws one table for each part of a schema, in the order in which they are first spoken of."""

    def __init__(self, schema: dict, root: str) -> None:
        self.parts = schema["$defs"]
        self.order: list[str] = []
        self._visit(root)

    def _visit(self, name: str) -> None:
        if name in self.order or self.parts[name].get("type") != "object":
            return
        self.order.append(name)
        for found in re.findall(r'"#/\$defs/(\w+)"', json.dumps(self.parts[name]["properties"])):
            self._visit(found)

    def kind(self, field: dict) -> str:
        if "$ref" in field:
            name = field["$ref"].rpartition("/")[2]
            return (
                f"[{name}](#{name.lower()})" if name in self.order else self._words(self.parts[name]["enum"])
            )
        if "anyOf" in field:
            return " or ".join(self.kind(each) for each in field["anyOf"])
        if field.get("type") == "array":
            return f"list of {self.kind(field['items'])}"
        if "enum" in field:
            return self._words(field["enum"])
        if field.get("format") == "date-time":
            return "time"
        return f"`{field['const']}`" if "const" in field else field.get("type", "any")

    @staticmethod
    def _words(values: list[str]) -> str:
        return " / ".join(f"`{value}`" for value in values)

    def table(self, name: str) -> str:
        part = self.parts[name]
        text = " ".join(part["description"].split()).replace("``", "`")
        rows = []
        some = set(part["properties"]) != set(part["required"])
        for field, each in part["properties"].items():
            words = " ".join(each.get("description", "").split()).replace("|", "&#124;")
            needed = " Required." if some and field in part["required"] else ""
            rows.append(f"| `{field}` | {self.kind(each)} | {(words + needed).strip()} |")
        return "\n".join([f"### {name}", "", text, "", "| field | type | meaning |", "|---|---|---|", *rows])

    def drawn(self) -> str:
        return "\n\n".join(map(self.table, self.order))


@pytest.mark.parametrize("page", PAGES)
def test_the_field_tables_are_those_of_the_schema(page):
    schema, root = PAGES[page]
    drawn = Tables(schema(), root).drawn()
    text = (DOCS / page).read_text(encoding="utf-8")
    before, middle, after = re.split("|".join(map(re.escape, MARKS)), text)
    if os.environ.get("GOLDEN") == "write":
        middle = f"\n\n{drawn}\n\n"
        (DOCS / page).write_text(f"{before}{MARKS[0]}{middle}{MARKS[1]}{after}", encoding="utf-8")
    assert middle.strip() == drawn


def example() -> bytes:
    (found,) = re.findall(r"<!-- example -->\n```json\n(.*?)```", (DOCS / "facts.md").read_text(), re.DOTALL)
    return found.encode()


def test_the_example_of_facts_is_right_and_carol_is_asked_when_bob_is_silent(capsysbinary, tmp_path):
    from riskbot.surfaces import cli

    jsonschema.validate(json.loads(example()), facts.schema())
    policy, file = tmp_path / "p.yml", tmp_path / "f.json"
    policy.write_text("version: 1\nname: own\nrequires: {clause: owners approve, owners: {}}\n")
    file.write_bytes(example())
    arguments = ["policy", "eval", "--policy", str(policy), "--facts", str(file), "--format", "json"]
    assert cli.main(arguments) == 0
    said = json.loads(capsysbinary.readouterr().out)
    jsonschema.validate(said, verdict.schema())
    assert said["outcome"] == "allowed"
    assert [one["who"] for one in said["opinions"] if one["counts"]] == ["bob"]

    silent = json.loads(example())
    silent["pull"]["reviews"] = []
    file.write_text(json.dumps(silent))
    assert cli.main(arguments) == 1
    said = json.loads(capsysbinary.readouterr().out)
    assert said["unlocking"] == [["carol"], ["bob"]]
    assert said["suggested"][0] == {
        "who": "carol",
        "reasons": [
            "this one approval is enough",
            "owns 1 touched path",
            "lately wrote 9 of the touched lines, last on 2026-02-20",
            "has 1 open review request",
        ],
        "clauses": ["owners approve"],
    }
