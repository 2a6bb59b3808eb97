"""What riskbot zones writes, whatever the names are: text, JSON, SARIF, DOT, SVG, zones in words."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskbot.detect.flows.compare import compare
from riskbot.detect.flows.findings import finding
from riskbot.detect.flows.rules import OPENED
from riskbot.domain.change import Omission, OmissionKind
from riskbot.domain.zones import Flow, Mode, Reclassifier, Sink, Sources, Step, Zone, Zones
from riskbot.report.escape import visible
from riskbot.report.zones import document, dot, explained, graph, sarif, svg, text
from riskbot.report.zones.checked import Checked

SARIF = json.loads((Path(__file__).parents[1] / "data" / "sarif-2.1.0.json").read_text())
HOSTILE = st.text(
    st.characters(codec="utf-8") | st.sampled_from('<>&"\\\x1b\x07\u202e|`{}[];\n\r\t'),
    min_size=1,
    max_size=20,
)


def flow(number=1, zone="payments", mode=Mode.ENFORCE, sink="log", steps=3):
    path = tuple(Step(f"shop/m{at}.py", number + at, f"step {at}") for at in range(steps))
    return Flow(zone, "user.financial", sink, mode, path[-1].file, path[-1].line, "vault.get", "shop.f", path)


def checked(*flows, omissions=(), code=None):
    ids = dict.fromkeys(one.zone for one in flows)
    told = compare((), flows, renames={}, added={}, old=lambda _: None, new=lambda _: None).told
    by_flow = {id(one.flow): finding(one) for one in told}
    return Checked(
        file=".riskbot/zones.yaml",
        zones=Zones(tuple(Zone(name, "user.financial") for name in ids)),
        flows=flows,
        findings=tuple(by_flow[id(one)] for one in flows),
        rules=(OPENED,),
        omissions=tuple(omissions),
        looked_at=3,
        code=code or {},
    )


GAP = Omission(OmissionKind.UNPARSABLE, "flows", "line 1: invalid syntax", "a.py")


@pytest.mark.parametrize(
    ("flows", "gaps", "code", "word"),
    [
        ((), (), 0, "CLEAN"),
        ((flow(),), (), 1, "HELD"),
        ((flow(mode=Mode.LOG),), (), 0, "CLEAN"),
        ((), (GAP,), 3, "INCOMPLETE"),
        ((flow(mode=Mode.LOG),), (GAP,), 3, "INCOMPLETE"),
        ((flow(),), (GAP,), 1, "HELD"),
    ],
)
def test_the_exit_code_and_the_first_word_agree(flows, gaps, code, word):
    told = checked(*flows, omissions=gaps)
    assert told.exit_code == code
    assert text.render(told).startswith(word)
    log = json.loads(sarif.render(told))
    assert log["runs"][0]["invocations"][0]["exitCode"] == code
    assert len(json.loads(document.render(told))) == len(flows)


def test_the_table_counts_by_zone_and_sink_in_the_order_of_the_zones():
    told = checked(flow(1), flow(9), flow(1, sink="egress"), flow(1, zone="health", mode=Mode.LOG))
    assert told.counted() == [
        ("payments", "egress", "enforce", 1),
        ("payments", "log", "enforce", 2),
        ("health", "log", "log", 1),
    ]
    shown = text.render(told)
    assert shown.index("payments  user.financial, mode enforce") < shown.index("health  user.financial")


def test_many_flows_and_steps_are_cut_with_words():
    told = checked(*(flow(number, steps=3) for number in range(1, 60)))
    assert "and 19 more flows; --format json writes all" in text.render(told)
    assert len(json.loads(document.render(told))) == 59
    shown = text.render(checked(flow(1, steps=40)))
    assert "24 steps between" in shown
    assert "step 0" in shown
    assert "step 39" in shown


def test_code_stands_below_its_steps():
    told = checked(flow(steps=1), code={("shop/m0.py", 1): b"\tlog.info(card)  # \x1b[31m\r\n"})
    shown = text.render(told)
    assert "1 │ log.info(card)  # \\x1b[31m" in shown
    assert "\x1b" not in shown


@settings(max_examples=60, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE, st.integers(40, 120), st.booleans())
def test_hostile_names_stay_harmless_everywhere(name, path, words, width, unicode):
    one = replace(
        flow(steps=2),
        zone=name,
        sink=words,
        source=name,
        function=words,
        category=words,
        file=path,
        path=(Step(path, 1, words), Step(path, 2, name)),
    )
    told = checked(one, omissions=(replace(GAP, path=path, reason=words),), code={(path, 1): words.encode()})
    shown = text.render(told, width=width, unicode=unicode)
    assert visible(shown, lines=True) == shown
    assert unicode or shown.isascii()
    for written in (document.render(told), sarif.render(told)):
        assert visible(written, lines=True) == written
    jsonschema.validate(json.loads(sarif.render(told)), SARIF)
    (entry,) = json.loads(document.render(told))
    assert [step["line"] for step in entry["path"]] == [1, 2]
    drawn = graph.build((one,), lambda _: words)
    ET.fromstring(svg.render(drawn, name))
    lines = dot.render(drawn).splitlines()
    assert lines[0] == "digraph zones {"
    assert lines[-1] == "}"
    for line in lines[3:-1]:
        bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", line)
        assert re.fullmatch(r"  (n\d+ (-> n\d+ )?\[[\w=, ,]*\];|\{ rank=\w+; n\d+(; n\d+)* \})", bare), line


# The graph.

FLOWS = st.lists(
    st.tuples(
        st.sampled_from(["payments", "health"]),
        st.integers(0, 3),
        st.lists(st.integers(0, 9), min_size=1, max_size=6),
        st.integers(0, 3),
    ),
    max_size=25,
)


def drawn(rows):
    flows = [
        Flow(
            zone,
            "user",
            f"sink{sink}",
            Mode.ENFORCE if zone == "payments" else Mode.LOG,
            "m.py",
            1,
            f"source{source}",
            "",
            tuple(Step("m.py", at, "x") for at in steps),
        )
        for zone, source, steps, sink in rows
    ]
    return flows, graph.build(flows, lambda step: f"f{step.line}")


@settings(max_examples=150, deadline=None)
@given(FLOWS)
def test_every_flow_is_a_way_through_the_graph(rows):
    flows, built = drawn(rows)
    keys = [node.key for node in built.nodes]
    assert len(keys) == len(set(keys))
    edges = {(edge.start, edge.end): edge for edge in built.edges}
    for one in flows:
        way = [("source", one.zone, one.source)]
        for step in one.path:
            here = ("function", "m.py", f"f{step.line}")
            way += [here] if way[-1] != here else []
        way.append(("sink", one.zone, one.sink))
        for start, end in pairwise(way):
            assert (start, end) in edges
            assert edges[start, end].enforced or one.mode is Mode.LOG
    assert sum(edge.flows for edge in built.edges if edge.start[0] == "source") == len(flows)


@settings(max_examples=150, deadline=None)
@given(FLOWS)
def test_layers_hold_every_node_once_and_edges_go_one_layer_at_a_time(rows):
    _, built = drawn(rows)
    layers = graph.lay_out(built)
    where = {key: at for at, row in enumerate(layers.rows) for key in row}
    assert len(where) == sum(len(row) for row in layers.rows)
    assert {key for key in where if key[0]} == {node.key for node in built.nodes}
    assert len(layers.ways) == len(built.edges)
    for edge, way in layers.ways:
        assert (way[0], way[-1]) == (edge.start, edge.end)
        steps = [where[end] - where[start] for start, end in pairwise(way)]
        assert set(steps) <= {1} or set(steps) <= {-1}, (edge, steps)
    for node in built.nodes:
        assert node.kind != "source" or where[node.key] == 0
        assert node.kind != "sink" or where[node.key] == len(layers.rows) - 1


@settings(max_examples=40, deadline=None)
@given(FLOWS)
def test_boxes_of_the_picture_never_overlap_and_lie_inside(rows):
    _, built = drawn(rows)
    picture = ET.fromstring(svg.render(built, "Flows"))
    width, height = float(picture.get("width")), float(picture.get("height"))
    space = "{http://www.w3.org/2000/svg}"
    boxes = [
        tuple(float(rect.get(side)) for side in ("x", "y", "width", "height"))
        for group in picture.iter(f"{space}g")
        for rect in group.findall(f"{space}rect")
    ]
    assert len(boxes) == len(built.nodes)
    for number, (x, y, w, h) in enumerate(boxes):
        assert x >= 0
        assert y >= svg.HEAD
        assert x + w <= width
        assert y + h <= height
        for x2, y2, w2, h2 in boxes[:number]:
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y


def test_a_picture_without_flows_says_so():
    assert "No flow was found." in svg.render(graph.build((), lambda _: ""), "Flows")
    assert dot.render(graph.build((), lambda _: "")).count("->") == 0


# Zones in words.


def test_everything_declared_is_said():
    zone = Zone(
        "payments",
        "user.financial",
        Mode.ENFORCE,
        Sources(*(tuple(f"{name}.pattern" for _ in range(1)) for name in Sources.__dataclass_fields__)),
        (
            Sink(
                "all",
                ("a.call",),
                ("0", "body"),
                ("an.app",),
                True,
                ("T.c",),
                ("user",),
                ("x/",),
                "2027-01-01",
            ),
        ),
        (Reclassifier("m.mask", "x.acme.masked", "team", "2027-01-01", "because"),),
        ("analytics",),
        ("ann",),
        "team",
        ("https://w3id.org/dpv/pd#Card",),
        "What it is.",
        7,
    )
    told = explained.Explained(
        "z.yaml",
        [zone],
        {("calls", "calls.pattern"): explained.Seen([("a.py", n) for n in range(1, 6)])},
        {"payments": ["Look again."]},
        ("tests/**",),
        9,
    )
    shown = " ".join(explained.render(told, width=120).split())
    for words in (
        "payments user.financial, mode enforce, line 7",
        "What it is.",
        "owner team; stewards ann",
        "analytics",
        "https://w3id.org/dpv/pd#Card",
        "what the call gives calls.pattern a.py:1, a.py:2, a.py:3 and 2 more places",
        "only the arguments 0, body; accepts user; allowed where the first argument begins with x/; until 2027",
        "a call of a.call",
        "what functions return that bear an.app",
        "the column T.c",
        "what an exception is raised with",
        "m.mask (it is x.acme.masked then; owner team; until 2027-01-01; because)",
        "Look again.",
        "Not looked at: tests/**.",
    ):
        assert words in shown, words
    for name in Sources.__dataclass_fields__:
        assert f"{name}.pattern" in shown
