"""Where patterns have something in the code, around which function a line stands, what is worth a second look."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskbot.detect.flows.edits import places
from riskbot.detect.flows.language.advice import warnings
from riskbot.detect.flows.language.zones import load
from riskbot.detect.flows.within import enclosing

ZONES = b"""\
zones:
- id: payments
  data_category: user.financial
  sources:
    calls: [vault.get_card]
    functions: [store.Cards.find]
    attributes: [card_number]
    keys: [pan]
    parameters: [charge.card]
    columns: [Order.iban]
    decorators: [vault.marked]
    types: [CardNumber]
  sinks:
    log: {calls: ["log.$M"], return_of_decorated: ["$APP.get"], columns: [Audit.note]}
  reclassifiers: [{call: app.masking.mask}]
"""
APP = """\
import vault as v
from vault import get_card as fetch, marked
from .masking import mask
from vault import absent


class Order:
    iban: str


class Audit:
    note = ""


@marked
@app.get("/x")
def charge(card: "CardNumber", other):
    log.info(mask(fetch(1)))
    v.get_card(2)
    self.card_number = {"pan": 1}
    row.get("pan", None)
    row["pan"]
"""


class Files:
    def __init__(self, **files):
        self.all = {name.replace("__", "/") + ".py": text.encode() for name, text in files.items()}

    def paths(self):
        return sorted(self.all)

    def read(self, path):
        return self.all[path]

    def digest(self, path):
        return path


@pytest.mark.parametrize(
    ("pattern", "lines"),
    [
        (("calls", "vault.get_card"), [18, 19]),
        (("attributes", "card_number"), [20]),
        (("keys", "pan"), [20, 21, 22]),
        (("parameters", "charge.card"), [17]),
        (("columns", "Order.iban"), [8]),
        (("decorators", "vault.marked"), [15]),
        (("types", "CardNumber"), [17]),
        (("log.calls", "log.$M"), [18]),
        (("log.return_of_decorated", "$APP.get"), [16]),
        (("log.columns", "Audit.note"), [12]),
        (("reclassifiers", "app.masking.mask"), [18]),
        (("functions", "store.Cards.find"), []),
    ],
)
def test_each_pattern_is_found_by_its_name(pattern, lines):
    found = places.find(Files(app__web=APP), load(ZONES, "z"))
    assert [line for _, line in found[pattern].found] == lines
    assert set(found) == set(places.patterns(load(ZONES, "z").zones[0]))


def test_a_definition_is_a_place_and_a_resemblance_is_none():
    store = "class Cards:\n    def find(self):\n        return 1\n"
    found = places.find(Files(store=store), load(ZONES, "z"))
    assert found["functions", "store.Cards.find"].found == [("store.py", 2)]
    found = places.find(Files(other=store), load(ZONES, "z"))
    assert found["functions", "store.Cards.find"].found == []
    assert found["functions", "store.Cards.find"].resembles
    assert not found["calls", "vault.get_card"].resembles


@pytest.mark.parametrize("text", ["def (:", "(" * 5000, "\x00", "x = " + "-" * 50_000 + "1", ""])
def test_what_cannot_be_parsed_has_no_places(text):
    found = places.find(Files(app=text), load(ZONES, "z"))
    assert not any(one.found for one in found.values())
    assert enclosing(text.encode(), [1, 9]) == {1: "", 9: ""}


def test_a_line_stands_in_the_innermost_function():
    text = b"""\
x = 1
class A:
    y = 1
    @decorated
    def f(self):
        def g():
            return 1
        try:
            pass
        except E:
            def h():
                return 2
        match z:
            case 1:
                def i(): return 3
        return g
async def k():
    await x
"""
    names = enclosing(text, range(1, 20))
    assert {line: name for line, name in names.items() if name} == {
        **dict.fromkeys((4, 5, 8, 9, 10, 13, 14, 16), "A.f"),
        **dict.fromkeys((6, 7), "A.f.g"),
        **dict.fromkeys((11, 12), "A.f.h"),
        15: "A.f.i",
        **dict.fromkeys((17, 18), "k"),
    }


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80), st.lists(st.integers(-5, 100), max_size=5))
def test_any_bytes_have_an_answer(text, lines):
    assert set(enclosing(text, lines)) == set(lines)


@pytest.mark.parametrize(
    ("change", "to", "words"),
    [
        (b"", b"", "has no owner: nobody answers for its body"),
        (b"app.masking.mask", b"mask", "is a bare name"),
        (
            b"  data_category",
            b"  mode: enforce\n  data_category",
            "It is enforced, and nobody answers for it",
        ),
        (b"mask}", b'mask, until: "2027-01-01"}', "counted until 2027-01-01: it no longer does"),
        (b"mask}", b'mask, until: "2027-01-09"}', "counts until 2027-01-09, 0 days from now"),
        (b"mask}", b'mask, until: "2027-02-07"}', "counts until 2027-02-07, 29 days from now"),
        (
            b'log: {calls: ["log.$M"]',
            b'log: {accepts: [user], until: "2026-12-31", calls: ["log.$M"]',
            "What the sink 'log' accepts counted until 2026-12-31",
        ),
    ],
)
def test_what_is_worth_a_second_look_is_told(change, to, words):
    told = warnings(load(ZONES.replace(change, to, 1), "z"), date(2027, 1, 9))
    assert any(words in one for one in told["payments"]), told


def test_a_zone_without_sources_or_sinks_is_told_and_a_sound_one_is_not():
    bare = warnings(load(b"zones: [{id: a, data_category: user}]", "z"), date(2027, 1, 1))
    assert [one.split(",")[0] for one in bare["a"]] == [
        "It has no sink",
        "It has no source but annotations: Annotated[...",
    ]
    sound = ZONES.replace(b"mask}", b'mask, owner: team, until: "2028-01-01"}')
    assert warnings(load(sound, "z"), date(2027, 1, 1)) == {}
