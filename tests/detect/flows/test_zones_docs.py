"""docs/zones.md and docs/zones-language.md say what is: examples load, rules and keys have their rows."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from riskbot.detect.flows import rules
from riskbot.detect.flows.edits import changes
from riskbot.detect.flows.language import declared
from riskbot.detect.flows.language.schema import schema
from riskbot.detect.flows.language.zones import load
from riskbot.detect.flows.others import dialects

DOCS = Path(__file__).parents[3] / "docs"
EXAMPLE = DOCS / "examples" / "zones.yaml"
CONCEPT = (DOCS / "zones.md").read_text(encoding="utf-8")
LANGUAGE = (DOCS / "zones-language.md").read_text(encoding="utf-8")


def test_the_example_loads_and_is_as_the_schema_says():
    zones = load(EXAMPLE.read_bytes(), str(EXAMPLE))
    assert [zone.id for zone in zones.zones] == ["payments", "contact"]
    jsonschema.validate(yaml.safe_load(EXAMPLE.read_text()), schema())


def test_the_example_uses_every_key_of_sources():
    used = {
        name
        for zone in load(EXAMPLE.read_bytes(), "z").zones
        for name in declared.SourcesBody.__struct_fields__
        if getattr(zone.sources, name)
    }
    assert used == set(declared.SourcesBody.__struct_fields__)


@pytest.mark.parametrize("block", re.findall(r"```yaml\n(zones:.*?)```", CONCEPT + LANGUAGE, re.DOTALL))
def test_zones_in_the_pages_load(block):
    assert load(block.encode(), "page").zones


def test_every_rule_has_its_row():
    for rule in (*rules.RULES, *changes.RULES):
        (row,) = re.findall(rf"^\| `{rule.id}` \|(.*)\|$", CONCEPT, re.MULTILINE)
        severity, confidence, what = (cell.strip() for cell in row.split("|", 2))
        assert severity.split(" ")[0] == rule.severity.value
        assert confidence == rule.confidence.value
        assert what.startswith(rule.title)


@pytest.mark.parametrize(
    "body",
    [
        declared.ZonesBody,
        declared.ZoneBody,
        declared.SourcesBody,
        declared.SinkBody,
        declared.ReclassifierBody,
    ],
)
def test_every_key_has_its_row(body):
    for name in body.__struct_encode_fields__:
        assert re.search(rf"^\| `{name}` \|", LANGUAGE, re.MULTILINE), name


def test_every_language_is_named():
    page = LANGUAGE.lower()
    assert all(dialect.language in page for dialect in dialects.DIALECTS)
