"""What a change does to the zones and to the code that they rely on: each weakening named, with its place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from clock import seconds
from hypothesis import given, settings
from hypothesis import strategies as st
from make import make_change, make_file

from riskbot.detect.flows import PATH
from riskbot.detect.flows.edits import changes
from riskbot.detect.flows.language.zones import load
from riskbot.domain.change import FileStatus
from riskbot.domain.finding import Severity, Side

ZONES = """\
exclude: ["vendor/**"]
sinks:
  metrics: {calls: ["statsd.$M"], accepts: [system]}
zones:
- id: payments
  data_category: user.financial.credit_card
  mode: enforce
  owner: team-payments
  stewards: [ann]
  allowed_purposes: [essential.service.payment_processing]
  sources:
    calls: [vault.get_card]
    keys: [card_number]
    decorators: [vault.card_data]
    types: [CardNumber]
  sinks:
    log:
      calls: ["log.$M", print]
    egress:
      calls: [requests.post]
      allow_literal_prefix: ["https://psp.example/"]
      until: "2027-01-31"
    bank:
      calls: [bank.pay]
      arguments: ["0", body]
      accepts: [user.financial]
    exception: {raise: true}
  reclassifiers:
  - {call: payments.masking.mask_pan, to: x.acme.masked, owner: team-payments, until: "2027-01-31"}
- id: health
  data_category: user.health_and_medical
  sources: {calls: [records.load]}
"""


def told(old, new):
    found = changes.of_zones(make_file(PATH, old, new))
    return [replace(one, message=one.message[0].lower() + one.message[1:]) for one in found]


def edited(change, to):
    assert ZONES.count(change) >= 1, change
    return told(ZONES, ZONES.replace(change, to, 1))


WEAKENING = [
    ("mode: enforce", "mode: log", "zone payments: the mode went from enforce to log", 7),
    ("    calls: [vault.get_card]\n", "", "a source was removed from 'calls': 'vault.get_card'", 12),
    ("[vault.get_card]", "[vault.cards.get_card]", "a source was removed from 'calls': 'vault.get_card'", 12),
    ("    keys: [card_number]\n", "", "a source was removed from 'keys': 'card_number'", 13),
    ("    decorators: [vault.card_data]\n", "", "a source was removed from 'decorators'", 14),
    (
        "    types: [CardNumber]\n",
        "    types: [Card]\n",
        "a source was removed from 'types': 'CardNumber'",
        15,
    ),
    ('"log.$M", print', '"log.$M"', "the sink 'log': a place was removed from 'calls': 'print'", 18),
    ('"log.$M", print', "log.info, print", "a place was removed from 'calls': 'log.$M'", 18),
    ("    exception: {raise: true}\n", "", "the sink 'exception' was removed", 27),
    ("raise: true", "raise: false, calls: [x]", "'raise' went from true to false", 27),
    ('arguments: ["0", body]', "arguments: [body]", "arguments looked at went from 0, body to body", 25),
    (
        '["https://psp.example/"]',
        '["https://psp.example/", "https://b.example/"]',
        "'https://b.example/'",
        21,
    ),
    ("accepts: [user.financial]", "accepts: [user]", "a category was added to 'accepts': 'user'", 26),
    ('      until: "2027-01-31"\n', "", "the last day went from 2027-01-31 to none, so it never ends", 20),
    ('until: "2027-01-31"', 'until: "2028-01-31"', "the last day went from 2027-01-31 to 2028-01-31", 22),
    (
        'payments.masking.mask_pan, to: x.acme.masked, owner: team-payments, until: "2027-01-31"',
        "app.payments.masking.mask_pan, to: x.acme.masked, owner: team-payments",
        "the reclassifier 'app.payments.masking.mask_pan' was added",
        29,
    ),
    ("to: x.acme.masked", "to: x.acme.other", "now makes x.acme.other instead of x.acme.masked", 29),
    ("to: x.acme.masked, ", "", "now makes data of no category instead of x.acme.masked", 29),
    ("call: payments.masking.mask_pan", "call: masking.mask_pan", "'masking.mask_pan' was added", 29),
    ("  reclassifiers:\n", "  reclassifiers:\n  - {call: a.b}\n", "the reclassifier 'a.b' was added", 28),
    ("owner: team-payments", "owner: me", "'owner' went from team-payments to me", 8),
    ("masked, owner: team-payments", "masked, owner: me", "'owner' went from team-payments to me", 28),
    ("stewards: [ann]", "stewards: [ann, me]", "'stewards' went from ann to ann, me", 9),
    ("payment_processing]", "payment_processing, marketing]", "'allowed_purposes': 'marketing'", 10),
    ("[essential.service.payment_processing]", "[essential]", "'allowed_purposes': 'essential'", 10),
    ("  allowed_purposes: [essential.service.payment_processing]\n", "", "were taken away", 5),
    ("credit_card", "bank_account", "went from user.financial.credit_card to user.financial.bank_account", 6),
    ('["vendor/**"]', '["vendor/**", "app/**"]', "a path pattern was added to 'exclude': 'app/**'", 1),
    ("accepts: [system]", "accepts: [system, user]", "zones payments, health: the sink 'metrics'", 3),
    (
        "- id: health\n  data_category: user.health_and_medical\n  sources: {calls: [records.load]}\n",
        "",
        "the zone 'health' was removed",
        30,
    ),
]


@pytest.mark.parametrize(("change", "to", "words", "line"), WEAKENING)
def test_a_weakening_is_named_critical_and_placed(change, to, words, line):
    weak = [one for one in edited(change, to) if one.rule == "zones-weakened"]
    assert len(weak) == 1, [one.message for one in weak]
    assert words in weak[0].message
    assert weak[0].severity is Severity.CRITICAL
    old_or_new = {weak[0].location.line, (weak[0].location.line or 0) + 1}
    assert line in old_or_new, weak[0].location


STRENGTHENING = [
    ("mode: enforce\n", "mode: enforce\n  description: More words.\n", "what it says of itself"),
    ("[vault.get_card]", "[vault.get_card, vault.all]", "a source was added to 'calls': 'vault.all'"),
    ("[vault.get_card]", "[get_card]", "a source was added to 'calls': 'get_card'"),
    ('"log.$M", print', '"log.$M", print, warn', "'warn'"),
    ("requests.post", "$R.post", "a place was added to 'calls': '$R.post'"),
    ('arguments: ["0", body]', 'arguments: ["0", body, "1"]', "went from 0, body to 0, body, 1"),
    ('      arguments: ["0", body]\n', "", "went from 0, body to all"),
    ("accepts: [user.financial]", "accepts: [user.financial.credit_card]", "'accepts'"),
    ("accepts: [user.financial]", "accepts: []", "a category was removed from 'accepts'"),
    ('["https://psp.example/"]', '["https://psp.example/v1/"]', "'https://psp.example/v1/'"),
    ('until: "2027-01-31"', 'until: "2026-12-31"', "the last day went from 2027-01-31 to 2026-12-31"),
    ("exception: {raise: true}", "exception: {raise: true}\n    more: {calls: [a]}", "'more' was added"),
    ("    exception: {raise: true}", "    failure: {raise: true}", "is now called 'failure'"),
    ("- id: health", "- id: medicine", "is now called 'medicine'"),
    ("- id: health", "- id: more\n  data_category: user\n- id: health", "the zone 'more' was added"),
    ('["vendor/**"]', "[]", "a path pattern was removed from 'exclude'"),
    (
        "service.payment_processing]",
        "service.payment_processing]\n  same_as: ['https://w3id.org/dpv/pd#Card']",
        "of itself",
    ),
    ("call: payments.masking.mask_pan", "call: app.payments.masking.mask_pan", "was added"),
    ("- id: health\n", "- id: health\n  owner: team-health\n", "went from nobody to team-health"),
    ("- id: health\n", "- id: health\n  mode: enforce\n", "the mode went from log to enforce"),
    ("- id: health\n", "- id: health\n  allowed_purposes: [analytics]\n", "purposes were named: analytics"),
]


@pytest.mark.parametrize(("change", "to", "words"), STRENGTHENING)
def test_what_weakens_nothing_is_told_and_holds_nothing(change, to, words):
    found = edited(change, to)
    assert {one.rule for one in found} == {"zones-changed"}, [one.message for one in found]
    assert any(words in one.message for one in found)
    assert all(one.severity is Severity.INFO for one in found)


def test_the_same_zones_written_otherwise_are_no_change():
    assert edited('["0", body]', '[body, "0"]') == []
    assert told(ZONES, ZONES.replace("mode: enforce", "mode: enforce  # a word")) == []


def test_removing_moving_or_breaking_the_file_weakens_all_of_it():
    (gone,) = told(ZONES, None)
    assert "the file was removed" in gone.message
    assert gone.location.side is Side.OLD
    moved = make_file("docs/zones.yaml", ZONES, ZONES, old_path=PATH)
    assert "The file was removed" in next(changes.of_zones(moved)).message
    (broken,) = told(ZONES, "zones: [\n")
    assert "can no longer be read" in broken.message
    (unknown,) = changes.of_zones(replace(make_file(PATH, ZONES, ZONES), new=None))
    assert "nobody can tell" in unknown.message
    (unknown,) = changes.of_zones(replace(make_file(PATH, ZONES, ZONES), old=None))
    assert "nobody can tell" in unknown.message
    (mended,) = told("zones: [\n", ZONES)
    assert "the base's file could not be read" in mended.message
    for one in (gone, broken, unknown, mended):
        assert (one.rule, one.severity) == ("zones-weakened", Severity.CRITICAL)


def test_a_new_file_is_told_with_its_zones():
    (added,) = told(None, ZONES)
    assert added.rule == "zones-changed"
    assert "the file was added, with 2 zones" in added.message
    copied = replace(make_file(PATH, ZONES, ZONES, old_path="docs/zones.yaml"), status=FileStatus.COPIED)
    assert [one.rule for one in changes.of_zones(copied)] == ["zones-changed"]


def test_copying_the_file_elsewhere_and_other_files_are_no_matter():
    away = replace(make_file("docs/zones.yaml", ZONES, ZONES, old_path=PATH), status=FileStatus.COPIED)
    assert list(changes.of_zones(away)) == []
    assert list(changes.of_zones(make_file("app.py", "a = 1\n", "a = 2\n"))) == []


def test_a_rewrite_is_bounded_and_its_rest_is_told():
    many = "zones:\n" + "".join(f"- {{id: z{n}, data_category: user}}\n" for n in range(200))
    found = told(many, many.replace("id: z", "mode: enforce, id: y"))
    assert len(found) == 201
    assert "there are 200 more edits" in found[-1].message
    assert {one.rule for one in found[:200]} == {"zones-weakened"}
    (one,) = told(many, many.replace("data_category: user", "data_category: system"))
    assert "zones z0, z1" in one.message
    assert "and 190 more: the data category went from user to system" in one.message


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from([row[:2] for row in WEAKENING]), min_size=1, max_size=4))
def test_however_edits_are_mixed_a_weakening_is_never_lost(rows):
    text = ZONES
    for change, to in rows:
        text = text.replace(change, to, 1)
    if text != ZONES:
        assert any(one.rule == "zones-weakened" for one in told(ZONES, text))


# Code that zones rely on.

BASE = load(ZONES.encode(), PATH)
MASKING = "def mask_pan(pan):\n    return '*' * 12 + pan[-4:]\n"
APP = """\
from typing import Annotated

from riskbot_zones import Zone
from vault import card_data as marked


@marked
def first(uid):
    return read(uid)


def second(card: CardNumber, other: "CardNumber | None"):
    kept: Annotated[str, Zone("user.financial.credit_card")] = card
    return kept


class Order:
    number: CardNumber

    @marked
    async def third(self) -> CardNumber:
        self.held: CardNumber = await read(1)
        return self.held
"""


def of_code(**files):
    change = make_change({name.replace("__", "/") + ".py": pair for name, pair in files.items()})
    return [
        (one.rule, one.location.path, one.location.line, one.message) for one in changes.of_code(change, BASE)
    ]


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ("def mask_pan(pan):\n    return pan\n", "payments.masking.mask_pan was edited"),
        ("def mask_pan(pan, n=4):\n    return '*' * 12 + pan[-4:]\n", "was edited"),
        (MASKING + "\nmask_pan = lambda pan: pan\n", "was edited"),
        (MASKING + "\nfrom other import mask_pan\n", "was edited"),
        ("x = 1\n", "payments.masking.mask_pan is gone from here"),
        (None, "payments.masking.mask_pan is gone from here"),
    ],
)
def test_an_edited_reclassifier_is_told(after, words):
    (found,) = of_code(payments__masking=(MASKING, after))
    assert found[0] == "reclassifier-changed"
    assert words in found[3]
    assert "(zone payments)" in found[3]


def test_a_new_function_of_a_registered_name_is_told():
    (found,) = of_code(lib__payments__masking=(None, MASKING))
    assert "is new here, and bears the name of a registered reclassifier" in found[3]


def test_a_method_of_a_registered_class_is_part_of_it():
    zones = load(ZONES.replace("payments.masking.mask_pan", "masking.Masker").encode(), PATH)
    before = "class Masker:\n    def __call__(self, x):\n        return ''\n"
    change = make_change({"masking.py": (before, before.replace("''", "x"))})
    (found,) = changes.of_code(change, zones)
    assert "masking.Masker.__call__ was edited" in found.message


@pytest.mark.parametrize(
    "after",
    [
        MASKING,
        "# a word\n" + MASKING,
        'def mask_pan(pan):\n    """Mask."""\n    return "*" * 12 + pan[-4:]\n',
        MASKING + "\n\ndef other(x):\n    return x\n",
    ],
)
def test_comments_docstrings_and_neighbours_are_no_edit(after):
    assert of_code(payments__masking=(MASKING, after)) == []


def test_an_import_of_a_bare_reclassifier_repeats_what_stands_elsewhere():
    zones = load(ZONES.replace("payments.masking.mask_pan", "mask_pan").encode(), PATH)
    change = make_change({"app.py": ("x = 1\n", "from payments.masking import mask_pan\nx = 1\n")})
    assert list(changes.of_code(change, zones)) == []
    change = make_change({"app.py": ("x = 1\n", "x = 1\nmask_pan = str\n")})
    assert len(list(changes.of_code(change, zones))) == 1


@pytest.mark.parametrize(
    ("change", "to", "words"),
    [
        ("@marked\ndef", "def", "app.first no longer bears the decorator vault.card_data"),
        ("@marked\ndef first", "def loaded", "app.first no longer bears the decorator vault.card_data"),
        ("card: CardNumber,", "card,", "app.second(card) no longer bears the annotation CardNumber"),
        ("card: CardNumber,", "card: str,", "app.second(card) no longer bears the annotation"),
        ('"CardNumber | None"', '"str"', "app.second(other) no longer bears the annotation CardNumber"),
        ('Zone("user.financial.credit_card")', "1", 'kept no longer bears the annotation Zone("user.fin'),
        ("    number: CardNumber", "    number: str", "app.Order.number no longer bears"),
        ("-> CardNumber", "-> str", "app.Order.third(return) no longer bears"),
        ("self.held: CardNumber", "self.held", "app.Order.third.self.held no longer bears"),
        ("    @marked\n", "", "app.Order.third no longer bears the decorator"),
        ("vault import card_data", "other import card_data", None),
    ],
)
def test_a_mark_that_is_gone_is_told(change, to, words):
    assert change in APP
    found = of_code(app=(APP, APP.replace(change, to, 1)))
    if words is None:
        assert len(found) == 2  # both functions that bore it
        return
    assert len(found) == 1, found
    assert found[0][0] == "zone-mark-removed"
    assert words in found[0][3]
    assert found[0][2] in range(
        APP[: APP.index(change)].count("\n") + 1, APP[: APP.index(change)].count("\n") + 3
    )


@pytest.mark.parametrize(
    ("change", "to"),
    [
        ("def first(uid):\n    return read(uid)", "def first(uid):\n    return read(uid, 1)"),
        ("card: CardNumber,", "card: list[CardNumber],"),
        ("card: CardNumber,", "number: CardNumber,"),
    ],
)
def test_a_mark_that_stays_is_not_told(change, to):
    assert of_code(app=(APP, APP.replace(change, to, 1))) == []


def test_what_is_removed_with_its_mark_is_no_loss():
    assert of_code(app=(APP, APP.replace("\n\n@marked\ndef first(uid):\n    return read(uid)\n", ""))) == []
    assert of_code(app=(APP, None)) == []


def test_a_source_that_is_renamed_is_told_and_one_that_moves_is_not():
    vault = "def get_card(uid):\n    return uid\n"
    (found,) = of_code(vault=(vault, vault.replace("get_card", "fetch")))
    assert found[:3] == ("zone-mark-removed", "vault.py", 1)
    assert "vault.get_card, whose results are the zone's data, is gone from here" in found[3]
    assert of_code(vault=(vault, "x = 1\n"), lib__vault=(None, vault)) == []


@pytest.mark.parametrize("text", ["def (:\n", "(" * 5000, "\x00Zone", "-" * 100_000 + "1 # Zone"])
def test_what_cannot_be_parsed_is_left_to_the_engine(text):
    assert of_code(app=(APP, text)) == []
    assert of_code(app=(text, APP)) == []


def test_a_hostile_rewrite_takes_little_time():
    def text(letter):
        lists = ", ".join(f"{letter}{number}.b" for number in range(1000))
        zones = [f"- {{id: z{n}, data_category: user, sources: {{calls: [{lists}]}}}}\n" for n in range(5)]
        return "zones:\n" + "".join(zones)

    taken = seconds(lambda: told(text("a"), text("b")), 1)
    assert len(told(text("a"), text("b"))) == 201
    assert taken < 3


def test_many_marks_take_little_time():
    many = "".join(f"def f{n}(a: CardNumber, b: CardNumber): pass\n" for n in range(2000))
    assert seconds(lambda: of_code(app=(many, many.replace(": CardNumber", ""))), 1) < 3
