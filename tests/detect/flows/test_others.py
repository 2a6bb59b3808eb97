"""Other languages by semgrep's taint mode: lines marked LEAK are found, those marked ok are not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from riskbot.detect.flows.language.zones import load
from riskbot.detect.flows.others import scan as others
from riskbot.detect.flows.others.compiled import compile_zones, languages, merged
from riskbot.domain.change import OmissionKind
from riskbot.outside.semgrep import scan
from riskbot.outside.semgrepplan import CANARY_RULE

ZONES = b"""
zones:
- id: payments
  data_category: user.financial.credit_card
  mode: enforce
  sources:
    calls: [vault.getCard, vault.GetCard]
    attributes: [cardNumber, User.email]
    keys: [card_number]
    parameters: [pan, charge.number]
    types: [CardNumber]
    columns: [Account.iban]
  sinks:
    log: {calls: ["console.$M", "log.$M", "logger.$M"]}
    egress:
      calls: [axios.post, http.Post, client.send]
      allow_literal_prefix: ["https://psp.example/"]
    second: {calls: [track.event], arguments: [1]}
    named: {calls: [track.named], arguments: [body]}
    bank: {calls: [bank.pay], accepts: [user.financial]}
    exception: {raise: true}
    response: {return_of_decorated: [GetMapping]}
  reclassifiers: [{call: masking.maskPan, to: x.acme.masked}]
"""

JAVASCRIPT = """
function a(uid) {
  const card = vault.getCard(uid)
  console.log(card)  // LEAK log
  console.log(`card ${card}`)  // LEAK log
  console.log(uid)  // ok
  console.log(masking.maskPan(card))  // ok
  const list = []
  list.push(card)
  console.log(list)  // LEAK log
  axios.post("https://psp.example/x", card)  // ok
  axios.post(`https://psp.example/${uid}`, card)  // ok
  axios.post("https://psp.example.evil", card)  // LEAK egress
  axios.post({url: "https://psp.example/", data: card})  // LEAK egress
  track.event("name", card)  // LEAK second
  track.event(card, "name")  // ok
  track.named("x", {body: card})  // LEAK named
  track.named("x", {other: card})  // ok
  bank.pay(card)  // ok
}
function b(pan, other) {
  console.log(other)  // ok
  console.log(pan)  // LEAK log
  pan = 1
  console.log(pan)  // ok
}
const c = async (pan) => {
  await this.app.logger.info(pan)  // LEAK log
}
function charge(number) {
  console.log(number)  // LEAK log
}
function refund(number) {
  console.log(number)  // ok
}
function d(row, user) {
  const {card_number, name} = row
  console.log(card_number)  // LEAK log
  console.log(name)  // ok
  console.log(row["card_number"])  // LEAK log
  console.log(row.get("card_number"))  // LEAK log
  console.log(row.card_number.slice(0, 6))  // LEAK log
  console.log(user.cardNumber)  // LEAK log
  console.log(user.name)  // ok
  throw new Error("bad " + user.cardNumber)  // LEAK exception
}
"""
TYPESCRIPT = """
function a(c: CardNumber, user: User, account: Account) {
  console.log(c)  // LEAK log
  console.log(user.email)  // LEAK log
  console.log(user.name)  // ok
  console.log(account.iban)  // LEAK log
}
class Billing {
  pay(pan: string, n: number): void {
    this.logger.warn(n)  // ok
    this.logger.warn(pan)  // LEAK log
  }
}
"""
JAVA = """
class Billing {
  @GetMapping("/card")
  public String show(Vault vault) {
    if (x) { return "none"; }  // ok
    return vault.getCard(1);  // LEAK response
  }
  String hide(Vault vault) { return vault.getCard(1); }  // ok
  void a(String pan, CardNumber c, User user, Map<String, String> row) {
    log.info(pan);  // LEAK log
    log.info("x" + c);  // LEAK log
    log.info(user.email);  // LEAK log
    log.info(user.name);  // ok
    String got = row.get("card_number");
    this.log.info(got);  // LEAK log
    StringBuilder all = new StringBuilder();
    all.append(got);
    log.info(all.toString());  // LEAK log
    client.send("https://psp.example/x", pan);  // ok
    client.send(url, pan);  // LEAK egress
    log.info(masking.maskPan(pan));  // ok
    throw new IllegalStateException(pan);  // LEAK exception
  }
}
"""
GO = """package main

func a(pan string, c CardNumber, user *User) {
	log.Println(pan) // LEAK log
	log.Println(c) // LEAK log
	log.Println(user.email) // LEAK log
	log.Println(user.name) // ok
	card := vault.GetCard(1)
	text := fmt.Sprintf("card %s", card)
	log.Println(text) // LEAK log
	log.Println(row["card_number"]) // LEAK log
	http.Post("https://psp.example/x", text) // ok
	http.Post("https://other.example/x", text) // LEAK egress
	log.Println(masking.maskPan(card)) // ok
	panic(card) // LEAK exception
}
"""
SOURCES = {"a.js": JAVASCRIPT, "a.ts": TYPESCRIPT, "A.java": JAVA, "a.go": GO}


class Files:
    """A tree in memory."""

    def __init__(self, files):
        self.all = files

    def paths(self):
        return sorted(self.all)

    def read(self, path):
        return self.all[path]

    def digest(self, path):
        return path


def marks(text, word):
    return {
        (number, match[1] if word == "LEAK" else "")
        for number, line in enumerate(text.split("\n"), 1)
        if (match := re.search(rf"// {word}\b ?(\w*)", line))
    }


@pytest.fixture(scope="module")
def found():
    zones = load(ZONES, "zones.yaml")
    flows, omissions = others.check(
        Files({path: text.encode() for path, text in SOURCES.items()}), zones, list(SOURCES)
    )
    assert omissions == ()
    return flows


@pytest.mark.parametrize("path", SOURCES)
def test_marked_lines_are_found_and_no_others(path, found):
    told = {(flow.line, flow.sink) for flow in found if flow.file == path}
    assert told == marks(SOURCES[path], "LEAK")
    assert not {line for line, _ in told} & {line for line, _ in marks(SOURCES[path], "ok")}


def test_a_flow_says_source_and_way(found):
    (flow,) = [flow for flow in found if (flow.file, flow.sink) == ("a.go", "exception")]
    assert (flow.zone, flow.source, flow.engine, flow.mode.value) == (
        "payments",
        "vault.GetCard",
        "semgrep",
        "enforce",
    )
    assert [(step.file, step.line) for step in flow.path] == [("a.go", 8), ("a.go", 15)]


def test_what_cannot_be_read_or_parsed_is_an_omission():
    zones = load(ZONES, "zones.yaml")
    files = Files({"a.js": b"function ( { [ console.log(vault.getCard(1))", "b.js": None})
    _, omissions = others.check(files, zones, ["a.js", "b.js"])
    assert [(one.path, one.kind) for one in omissions] in (
        [("a.js", OmissionKind.PARTLY_PARSED)],
        [("a.js", OmissionKind.NOT_SCANNED)],
    )


def test_a_run_that_is_cut_short_leaves_every_file_unlooked_at():
    zones = load(ZONES, "zones.yaml")
    flows, omissions = others.check(
        Files({"a.js": b"f(1)", "b.go": b"package b"}), zones, ["a.js", "b.go"], seconds=0
    )
    assert flows == ()
    assert [one.path for one in omissions] == ["a.js", "b.go"]
    assert "0 s" in omissions[0].reason


def test_an_exception_that_ran_out_no_longer_counts():
    from datetime import date

    text = ZONES.replace(b"accepts: [user.financial]", b'accepts: [user.financial], until: "2020-01-01"')
    rules = compile_zones(load(text, "z"), ["javascript"], date(2020, 1, 1))
    assert not any(sink.name == "bank" for _, _, sink in rules.flows.values())
    rules = compile_zones(load(text, "z"), ["javascript"], date(2020, 1, 2))
    assert any(sink.name == "bank" for _, _, sink in rules.flows.values())


def test_what_a_language_cannot_say_is_told():
    unsaid = compile_zones(load(ZONES, "z"), languages()).unsaid
    assert unsaid["the source CardNumber of payments"] == ["javascript"]
    assert unsaid["the source User.email of payments"] == ["python", "javascript"]
    assert unsaid["what GetMapping decorates, of the sink response"] == ["javascript", "typescript", "go"]
    assert unsaid["the argument body of track.named"] == ["java", "go"]


PYTHON = """
import logging
import track
from vault import getCard as fetch

logger = logging.getLogger("shop")


def a(uid, pan, other: CardNumber, more: str):
    card = fetch(uid)
    logger.info(card)  # LEAK
    logger.info(card[:4])  # LEAK
    logger.info({c for c in card})  # LEAK
    logger.info(more)  # ok
    logger.info(pan)  # LEAK
    logger.info(other)  # LEAK
    track.event("x", card)  # LEAK
    track.event(card, "x")  # ok
    track.named("x", body=card)  # LEAK
    track.named("x", other=card)  # ok
    raise ValueError(card)  # LEAK


@app.get("/card")
async def b(row):
    logger.info(row["card_number"])  # LEAK
    requests.Session().post("https://psp.example/", row["card_number"])  # ok
    requests.Session().post("https://else.example/", row["card_number"])  # LEAK
    return row.get("card_number")  # LEAK
"""


def test_the_rules_for_python_are_semgreps_and_find_what_is_marked():
    text = ZONES.replace(b"[GetMapping]", b'["$APP.get"]').replace(b"axios.post", b"requests.post")
    text = text.replace(b'"log.$M"', b'"logging.$M"')
    rules = merged(compile_zones(load(text, "z"), ["python"]))
    found = scan(
        [PYTHON.encode()], json.dumps({"rules": [*rules, CANARY_RULE]}).encode(), seconds=60, endings=[".py"]
    )
    assert found.troubles == {}
    lines = {PYTHON.encode()[: match.start].count(b"\n") + 1 for match in found.matches}
    assert lines == {line for line, _ in marks(PYTHON.replace("# LEAK", "// LEAK"), "LEAK")}


def test_the_rules_of_the_documents_example_are_semgreps():
    path = Path(__file__).parents[3] / "docs" / "examples" / "zones.yaml"
    rules = merged(compile_zones(load(path.read_bytes(), "z"), languages()))
    for language in languages():
        own = [rule for rule in rules if rule["languages"] == [language]]
        assert len(own) > 5
        assert scan([b""], json.dumps({"rules": [*own, CANARY_RULE]}).encode(), seconds=60).troubles == {}


def test_merged_rules_are_one_for_each_zone_sink_and_language():
    rules = merged(compile_zones(load(ZONES, "z"), languages()))
    ids = [rule["id"] for rule in rules]
    assert len(ids) == len(set(ids))
    assert "zone.payments.log.python" in ids
    assert not any(".bank." in one for one in ids)
    (log,) = [rule for rule in rules if rule["id"] == "zone.payments.log.go"]
    assert len(log["pattern-sources"]) > 5
    assert log["severity"] == "ERROR"
