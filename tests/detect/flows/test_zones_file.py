"""zones.yaml: what loads, what it means, and where every mistake is told."""

from __future__ import annotations

import copy
import json
import re

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskbot.detect.flows.language.schema import schema
from riskbot.detect.flows.language.taxonomy import accepted, covers, fideslang
from riskbot.detect.flows.language.zones import excluded, load
from riskbot.domain.errors import ConfigError
from riskbot.domain.zones import Mode

FILE = ".riskbot/zones.yaml"
SMALL = """\
zones:
- id: payments
  data_category: user.financial.credit_card
  mode: enforce
  sources: {calls: [vault.get_card], attributes: [card_number], keys: [card_number], decorators: [vault.card_data], types: [CardNumber]}
  sinks:
    log: {calls: ["log.$M", "logging.$M", print]}
    egress: {calls: [requests.post, httpx.post], allow_literal_prefix: ["https://psp.example/"]}
    response: {return_of_decorated: ["$APP.get", "$APP.post"]}
    exception: {raise: true}
    llm: {calls: ["$C.chat.completions.create"]}
  reclassifiers: [{call: payments.masking.mask_pan, to: x.acme.masked}]
"""
FULL = """\
version: 1
exclude: ["tests/**", "**/migrations/**"]
sinks:
  metrics: {calls: ["statsd.$M"], accepts: [system]}
zones:
- id: health
  data_category: user.health_and_medical
  description: What patients told us.
  owner: team-health
  stewards: [ann, ben]
  allowed_purposes: [essential.service]
  same_as: ["https://w3id.org/dpv/pd#HealthData"]
  sources:
    functions: [records.load]
    parameters: [diagnosis, treat.history]
    columns: [Patient.notes]
  sinks:
    archive:
      calls: [archive.put]
      arguments: [0, body]
      columns: [Archive.notes]
      accepts: [user.health_and_medical]
      until: "2027-01-31"
  reclassifiers:
  - {call: stats.summary, to: x.acme.statistics, owner: team-health, until: "2027-01-31", reason: Sums over many.}
- id: other
  data_category: x.acme.secret
"""


def test_the_shortest_useful_file_loads_as_it_stands():
    (zone,) = load(SMALL.encode(), FILE).zones
    assert (zone.id, zone.mode, zone.line) == ("payments", Mode.ENFORCE, 2)
    assert zone.sources.decorators == ("vault.card_data",)
    assert [sink.name for sink in zone.sinks] == ["log", "egress", "response", "exception", "llm"]
    assert zone.sinks[3].raises
    assert zone.sinks[1].allow_literal_prefix == ("https://psp.example/",)
    assert (zone.reclassifiers[0].call, zone.reclassifiers[0].to) == (
        "payments.masking.mask_pan",
        "x.acme.masked",
    )


def test_everything_that_may_be_said_is_read():
    zones = load(FULL.encode(), FILE)
    health, other = zones.zones
    assert (health.owner, health.stewards, health.mode) == ("team-health", ("ann", "ben"), Mode.LOG)
    assert health.allowed_purposes == ("essential.service",)
    assert health.description == "What patients told us."
    archive, metrics = health.sinks
    assert archive.arguments == ("0", "body")
    assert archive.until == "2027-01-31"
    assert archive.columns == ("Archive.notes",)
    assert metrics.name == "metrics"
    assert other.sinks == (metrics,)  # sinks at the top are every zone's
    assert health.reclassifiers[0].reason == "Sums over many."
    assert zones.exclude == ("tests/**", "**/migrations/**")
    assert excluded(zones, ["tests/a.py", "a.py", "app/migrations/b.py"]) == {
        "tests/a.py",
        "app/migrations/b.py",
    }


def test_the_digest_names_the_text():
    assert load(SMALL.encode(), FILE).digest == load(SMALL.encode(), "elsewhere").digest
    assert load(SMALL.encode(), FILE).digest != load(SMALL.encode() + b"\n", FILE).digest


@pytest.mark.parametrize(
    ("change", "to", "place", "words"),
    [
        ("mode: enforce", "mode: enforced", "4:9", "Did you mean 'enforce'?"),
        ("  sources:", "  source:", "5:3", "Did you mean 'sources'?"),
        ("card_number], keys", "card_number], key", "5:", "Did you mean 'keys'?"),
        ("financial.credit_card", "payment.card", "3:18", "no data category of Fideslang"),
        ("calls: [vault.get_card]", "calls: vault.get_card", "5:20", "Expected a list"),
        ("vault.get_card]", "vault.get_card()]", "5:21", "leave out '@' and parentheses"),
        ("vault.card_data", '"@vault.card_data"', "5:", "leave out '@' and parentheses"),
        ('"log.$M"', '"log.*"', "7:19", "write $X for any one part"),
        ('"log.$M"', '"$X.$Y"', "7:19", "matches every name"),
        ('"log.$M"', '"log.$m"', "7:19", "'$m' in 'log.$m' is no name"),
        ("psp.example/", "psp.example", "8:73", "must end in '/'"),
        ("https://psp.example/", "https://", "8:73", "names no host"),
        ("https://psp.example/", "http", "8:73", "names no host"),
        ("https://psp.example/", " ", "8:73", "names no host"),
        ("raise: true", "raise: 'yes'", "10:24", "Known here: false, true"),
        ("raise: true", "accepts: [user]", "10:16", "says nowhere where data leaves"),
        ("raise: true", "raise: true, arguments: [0]", "10:30", "has no calls"),
        ("raise: true", "raise: true, until: '2027-01-01'", "10:30", "accepts nothing"),
        ("raise: true", "raise: true, allow_literal_prefix: [x]", "10:30", "has no calls"),
        ("x.acme.masked", "x.Acme.masked", "12:57", "no name of your own"),
        ("x.acme.masked", "x", "12:57", "no name of your own"),
        ("x.acme.masked", "x.acme.masked, until: '2027-02-31'", "12:79", "is no day"),
        ("x.acme.masked", "x.acme.masked, until: 2027-02-28", "12:79", "put text in quotes"),
        ("payments.masking.mask_pan", "m, to: x.a}, {call: m", "12:46", "stands twice"),
        ("mode: enforce", "columns: [a.b]", "4:3", "no key 'columns'"),
        ("mode: enforce", "same_as: ['https://example.org']", "4:13", "no IRI of DPV"),
        ("mode: enforce", "allowed_purposes: [marketing.spam]", "4:22", "no use of data"),
        ("id: payments", "id: pay ments", "2:7", "of the form"),
        ("zones:", "zones: &a", "1:8", "Anchors"),
        ("zones:", "version: 2\nzones:", "1:10", "is not known here"),
        ("zones:", "zone:", "1:1", "Did you mean 'zones'?"),
        ("zones:", "exclude: ['/tests']\nzones:", "1:11", "Patterns start at the root"),
        ("zones:", "sinks: {log: {calls: [a]}}\nzones:", "8:5", "stands at the top"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_mend(change, to, place, words):
    text = SMALL.replace(change, to, 1)
    assert text != SMALL
    with pytest.raises(ConfigError) as told:
        load(text.encode(), FILE)
    assert str(told.value).startswith(f"{FILE}:{place}")
    assert words in str(told.value)
    assert told.value.exit_code == 2


def test_two_zones_of_one_id_are_a_mistake():
    twice = SMALL + SMALL.removeprefix("zones:\n")
    with pytest.raises(ConfigError, match=r":13:7: A zone 'payments' stands on line 2 already"):
        load(twice.encode(), FILE)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"zones: []\n",
        b"[1, 2]\n",
        b"zones:\n- id: " + b"a" * 300_000,
        b"a: &a [x, x]\nb: &b [*a, *a]\nzones: *b\n",
        b"zones: " + b"[" * 10_000,
        b"\xff\xfe",
        "zones: # \u202e\n".encode(),
    ],
)
def test_hostile_text_is_a_mistake_and_nothing_worse(text):
    with pytest.raises(ConfigError):
        load(text, FILE)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_any_edit_of_a_file_loads_or_is_told(data):
    at = data.draw(st.integers(0, len(FULL)))
    end = data.draw(st.integers(at, min(len(FULL), at + 12)))
    put = data.draw(st.text("abz.:-[]{}$,'\"#\n 01&*!@é", max_size=8))
    told = _complaint((FULL[:at] + put + FULL[end:]).encode())
    assert told is None or told.line is not None


def _complaint(text):
    try:
        load(text, FILE)
    except ConfigError as told:
        return told
    return None


def test_lists_may_be_empty():
    text = SMALL.replace("keys: [card_number]", "keys: []").replace("reclassifiers: [{", "stewards: [] #")
    assert load(text.encode(), FILE).zones[0].sources.keys == ()


# The vocabulary.


def test_the_keys_of_fideslang_are_a_tree():
    taxonomy = fideslang()
    assert {"user.financial.credit_card", "user.contact.email", "user.government_id"} <= set(
        taxonomy.categories
    )
    assert {"essential.service.payment_processing", "marketing.advertising.third_party"} <= set(taxonomy.uses)
    assert "default_organization" not in taxonomy.subjects
    for keys in (taxonomy.categories, taxonomy.uses):
        assert list(keys) == sorted(set(keys))
        assert all(key.rpartition(".")[0] in {*keys, ""} for key in keys)


def test_a_category_covers_itself_and_what_lies_below():
    assert covers("user.financial", "user.financial.credit_card")
    assert covers("user.financial", "user.financial")
    assert not covers("user.fin", "user.financial")
    assert not covers("user.financial.credit_card", "user.financial")
    assert accepted("user.contact.email", ["system", "user.contact"])
    assert not accepted("user.contact.email", [])


# The schema and the loader say the same.

DRAWN = jsonschema.Draft202012Validator(schema())


def test_the_schema_is_one_and_takes_the_examples():
    jsonschema.Draft202012Validator.check_schema(schema())
    for text in (SMALL, FULL):
        DRAWN.validate(yaml.safe_load(text))
    assert json.loads(json.dumps(schema())) == schema()


def _places(value, at=()):
    yield at
    for key, below in (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    ):
        yield from _places(below, (*at, key))


def _put(tree, at, value):
    if not at:
        return value
    *above, last = at
    holder = tree
    for key in above:
        holder = holder[key]
    holder[last] = value
    return tree


PLAIN = yaml.safe_load(FULL)
BEYOND = re.compile(
    r"Fideslang|no name|dotted|column|no host|no day|IRI|twice|already|sink|leaves|pattern", re.IGNORECASE
)
BAD = st.sampled_from([None, 5, -1, True, "", "x y", [], {}, ["a b"], [[]], {"no": 1}, "user", ["user"], "*"])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(_places(PLAIN), key=str)), BAD)
def test_what_the_loader_takes_the_schema_takes(at, value):
    tree = _put(copy.deepcopy(PLAIN), at, value)
    text = json.dumps(tree)  # JSON is YAML, with all text in quotes
    told = _complaint(text.encode())
    if told is None:
        DRAWN.validate(tree)
    elif not BEYOND.search(str(told)):  # the loader says more than a schema can
        assert not DRAWN.is_valid(tree), f"{at} {value!r}: {told}"
