"""The way that data took, as each format of a check tells it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from make import make_change
from make_verdict import make_assessment, make_finding, make_verdict

from riskbot.domain.finding import Category, Evidence, Location, Side
from riskbot.report import flowing, render

SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0.json").read_text())
APP = "import vault\n\n\ndef charge(uid):\n    card = vault.get_card(uid)\n    print(card)\n"


def steps(number: int) -> tuple[Evidence, ...]:
    return tuple(Evidence(f"step {at}", Location("app.py", at, at)) for at in range(1, number + 1))


def verdict(flow=None, **fields):
    flow = flow or (
        Evidence("`vault.get_card` returns payments", Location("lib/vault.py", 3, 3)),
        Evidence("assigned to `card`", Location("app.py", 5, 5)),
        Evidence("given to `print`", Location("app.py", 6, 6)),
    )
    finding = make_finding(
        "zone-flow", "app.py", 6, "Card numbers reach print.", flow=flow, category=Category.PRIVACY, **fields
    )
    change = make_change({"app.py": ("", APP)})
    return make_verdict(assessment=make_assessment(change, findings=(finding,)))


def test_text_numbers_every_step_with_its_place():
    text = render(verdict(), format="text")
    for line in (
        "1 lib/vault.py:3 `vault.get_card` returns payments",
        "2 app.py:5 assigned to `card`",
        "3 app.py:6 given to `print`",
    ):
        assert line in text


def test_json_and_jsonl_hold_every_step():
    (finding,) = json.loads(render(verdict(), format="json"))["findings"]
    assert [(step["where"]["file"], step["where"]["line"]) for step in finding["flow"]] == [
        ("lib/vault.py", 3),
        ("app.py", 5),
        ("app.py", 6),
    ]
    (line,) = [
        row
        for row in map(json.loads, render(verdict(), format="jsonl").splitlines())
        if row["kind"] == "finding"
    ]
    assert line["flow"] == finding["flow"]


def test_sarif_has_one_code_flow_of_one_thread():
    log = json.loads(render(verdict(), format="sarif"))
    jsonschema.validate(log, SCHEMA)
    (result,) = log["runs"][0]["results"]
    (flow,) = result["codeFlows"]
    (thread,) = flow["threadFlows"]
    places = [
        (
            step["location"]["physicalLocation"]["artifactLocation"]["uri"],
            step["location"]["physicalLocation"]["region"]["startLine"],
        )
        for step in thread["locations"]
    ]
    assert places == [("lib/vault.py", 3), ("app.py", 5), ("app.py", 6)]
    assert [step["importance"] for step in thread["locations"]] == ["essential", "important", "essential"]
    assert [step["executionOrder"] for step in thread["locations"]] == [1, 2, 3]


def test_a_finding_about_one_place_has_no_code_flow():
    change = make_change({"app.py": ("", APP)})
    told = make_verdict(assessment=make_assessment(change, findings=(make_finding(path="app.py"),)))
    (result,) = json.loads(render(told, format="sarif"))["runs"][0]["results"]
    assert "codeFlows" not in result


def test_markdown_shows_the_places_in_order():
    written = render(verdict(), format="markdown")
    assert "`lib/vault.py:3` \u2192 `app.py:5` \u2192 `app.py:6`" in written


@pytest.mark.parametrize(("number", "shown"), [(12, 12), (13, 13), (500, 12)])
def test_a_long_way_keeps_both_its_ends(number, shown):
    text = render(verdict(steps(number)), format="text")
    assert text.count(" step ") == shown
    assert f"app.py:{number} step {number}" in " ".join(text.split())
    assert ("between" in text) is (number > shown)
    written = render(verdict(steps(number)), format="markdown")
    assert "`app.py:1`" in written
    assert f"`app.py:{number}`" in written


def test_a_hostile_step_stays_harmless():
    bad = (Evidence("\x1b[31m](x) @all <b>\u202e", Location("a`|\n.py", 1, 1)), Evidence("no place"))
    told = verdict(bad)
    jsonschema.validate(json.loads(render(told, format="sarif")), SCHEMA)
    for how in ("text", "markdown", "sarif", "json"):
        written = render(told, format=how)
        assert "\x1b" not in written
        assert "\u202e" not in written
    assert "<b>" not in render(told, format="markdown")


def test_an_old_step_points_to_where_it_would_be_now():
    change = make_change({"app.py": ("x = 1\n" + APP, APP)})
    old = (Evidence("was", Location("app.py", 7, 7, Side.OLD)),)
    finding = make_finding("zone-flow-closed", "app.py", 7, "Gone.", flow=old)
    log = json.loads(
        render(make_verdict(assessment=make_assessment(change, findings=(finding,))), format="sarif")
    )
    (thread,) = log["runs"][0]["results"][0]["codeFlows"][0]["threadFlows"]
    assert thread["locations"][0]["location"]["physicalLocation"]["region"]["startLine"] == 6


def test_places_that_repeat_in_a_row_are_told_once():
    same = (
        Evidence("a", Location("x.py", 1)),
        Evidence("b", Location("x.py", 1)),
        Evidence("c", Location("y.py", 2)),
    )
    assert flowing.places((*same, same[0])) == ["x.py:1", "y.py:2", "x.py:1"]
