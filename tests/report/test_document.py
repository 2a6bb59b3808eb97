"""The JSON report: versioned, described by its own schema, the same bytes for the same verdict."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given, settings
from make import make_change
from make_verdict import make_assessment, make_calm_verdict, make_finding, make_shop_change, make_verdict

from report.strategies import verdicts
from riskbot.domain.change import Omission, OmissionKind
from riskbot.domain.finding import Location
from riskbot.report import document, escape, jsonl, render

REPORT = jsonschema.Draft202012Validator(document.schema())
LINE = jsonschema.Draft202012Validator(jsonl.schema())


def report(verdict) -> dict:
    return json.loads(render(verdict, "json"))


def walk(schema):
    yield schema
    for value in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(value, dict | list):
            yield from walk(value)


@pytest.mark.parametrize("schema", [document.schema(), jsonl.schema()])
def test_the_schema_is_valid_and_every_object_is_closed(schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    objects = [each for each in walk(schema) if isinstance(each, dict) and each.get("type") == "object"]
    assert len(objects) > 10
    assert all(each["additionalProperties"] is False for each in objects)
    assert all(set(each["required"]) == set(each["properties"]) for each in objects)


@pytest.mark.parametrize("schema", [document.schema(), jsonl.schema()])
def test_every_field_is_described(schema):
    missing = [
        (each.get("title"), name)
        for each in walk(schema)
        if isinstance(each, dict) and each.get("type") == "object"
        for name, field in each["properties"].items()
        if not field.get("description")
    ]
    assert missing == []


@pytest.mark.parametrize("verdict", [make_verdict(), make_calm_verdict()])
def test_the_report_validates_against_its_schema(verdict):
    REPORT.validate(report(verdict))
    for line in render(verdict, "jsonl").splitlines():
        LINE.validate(json.loads(line))


def test_a_field_that_the_schema_does_not_know_is_refused():
    written = report(make_verdict())
    written["change"]["surprise"] = 1
    assert not REPORT.is_valid(written)


def test_the_schema_is_named_and_what_nobody_looked_at_says_so():
    written = report(make_verdict())
    assert written["schema"] == "riskbot.report/1"
    assert written["authorship"]["status"] == "not evaluated"
    assert report(make_calm_verdict())["assessment"]["history"] is None


def test_contributions_and_intercept_add_up_to_the_logit():
    told = report(make_verdict())["assessment"]
    parts = [told["intercept"], *(each["contribution"] for each in told["factors"])]
    assert told["logit"] == math.fsum(parts)


def test_hunks_are_ranked_and_the_clauses_are_a_tree():
    written = report(make_verdict())
    scores = [each["score"] for each in written["assessment"]["hunks"]]
    assert scores == sorted(scores, reverse=True)
    assert [each["name"] for each in written["verdict"]["clauses"]["clauses"]] == [
        "risk",
        "findings",
        "analysed",
        "weekend",
    ]
    assert written["verdict"]["exit_code"] == 1


def test_every_finding_is_there_with_its_marks():
    written = {each["rule"]: each for each in report(make_verdict())["findings"]}
    assert len(written) == 6
    assert written["py.no-timeout"]["introduced"] is False
    assert written["py.weak-hash"]["suppressed_by"] == "a nosem comment on line 15"
    assert written["tests-removed"]["side"] == "old"


def test_omissions_of_change_history_and_detection_are_together_and_each_once():
    seen = Omission(OmissionKind.BINARY, "gather", "binary", "a.png")
    other = Omission(OmissionKind.NO_HISTORY, "history", "no repository")
    change = replace(make_shop_change(), omissions=(seen, other))
    written = report(make_verdict(make_assessment(change, omissions=(seen,))))
    assert [each["cause"] for each in written["assessment"]["omissions"]] == ["binary", "no-history"]


def test_a_path_that_is_not_utf8_is_named_and_a_line_zero_is_the_whole_file():
    change = make_change({"caf\udce9\\x.py": ("a\n", "b\n")})
    finding = make_finding(path="caf\udce9\\x.py", line=0, location=Location("caf\udce9\\x.py", 0, 0))
    written = report(make_verdict(make_assessment(change, findings=(finding,))))
    assert written["change"]["files"][0]["path"] == "caf\\xe9\\\\x.py"
    assert (written["findings"][0]["file"], written["findings"][0]["line"]) == ("caf\\xe9\\\\x.py", None)
    REPORT.validate(written)


def test_addresses_lose_their_credentials():
    change = replace(
        make_shop_change(), repository="https://u:secret@host/r", origin="a push to https://u:secret@host/r"
    )
    for format_ in ("text", "json", "jsonl", "sarif", "markdown"):
        assert "secret@" not in render(make_verdict(make_assessment(change)), format_)


@settings(max_examples=60, deadline=None)
@given(verdicts())
def test_whatever_the_words_the_report_is_valid_showable_utf8(verdict):
    written = render(verdict, "json")
    written.encode("utf-8")
    assert escape.visible(written, lines=True) == written
    told = json.loads(written)
    REPORT.validate(told)
    assert told["findings"] == [
        told_ | {"message": escape.prose(each.message)}
        for each, told_ in zip(verdict.assessment.findings, told["findings"], strict=True)
    ]


@settings(max_examples=60, deadline=None)
@given(verdicts())
def test_whatever_the_words_a_record_is_one_line(verdict):
    lines = render(verdict, "jsonl").split("\n")
    assert lines.pop() == ""
    kinds = [json.loads(line)["kind"] for line in lines]
    assert kinds[0] == "report"
    assert kinds[-1] == "verdict"
    for line in lines:
        LINE.validate(json.loads(line))


def test_the_lines_carry_every_fact_of_the_report():
    written = report(make_verdict())
    lines = [json.loads(line) for line in render(make_verdict(), "jsonl").splitlines()]

    def of(kind):
        return [
            {name: value for name, value in line.items() if name != "kind"}
            for line in lines
            if line["kind"] == kind
        ]

    assert of("file") == written["change"]["files"]
    assert of("commit") == written["change"]["commits"]
    assert of("finding") == written["findings"]
    for kind in ("factor", "hunk", "gate", "failure", "omission"):
        assert of(kind) == written["assessment"][f"{kind}s"]
    assert [each["path"] for each in of("clause")][1] == ["default", "risk"]
    assert {line["kind"] for line in lines} <= set(jsonl.KINDS)
