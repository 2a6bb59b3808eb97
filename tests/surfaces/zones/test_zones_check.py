"""``riskbot zones``: whole folders against zones, its exit codes, formats and gaps."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from riskbot.surfaces.cli import main

ROOT = Path(__file__).resolve().parents[3]
SARIF = json.loads((ROOT / "tests" / "report" / "data" / "sarif-2.1.0.json").read_text())
ZONES = """\
zones:
- id: payments
  data_category: user.financial.credit_card
  mode: enforce
  sources: {calls: [vault.get_card], attributes: [card_number], keys: [card_number]}
  sinks:
    log: {calls: ["log.$M", "logging.$M", "console.$M", print]}
    egress: {calls: [requests.post], allow_literal_prefix: ["https://psp.example/"]}
  reclassifiers: [{call: payments.masking.mask_pan, to: x.acme.masked}]
"""
FILES = {
    ".riskbot/zones.yaml": ZONES,
    "vault.py": "def get_card(uid):\n    return '4111' + uid\n",
    "payments/__init__.py": "",
    "payments/masking.py": "def mask_pan(pan):\n    return '*' * 12 + pan[-4:]\n",
    "payments/charge.py": """\
import logging

import requests

from vault import get_card
from .masking import mask_pan

log = logging.getLogger(__name__)


def describe(card):
    return f"card {card}"


def charge(uid):
    card = get_card(uid)
    log.info("masked %s", mask_pan(card))
    text = describe(card)
    log.info(text)
    requests.post("https://psp.example/charge", json={"card": card})
""",
}
LEAK = ("payments/charge.py", 19)


@pytest.fixture
def shop(tmp_path, monkeypatch):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


def run(capsys, *arguments):
    code = main(["zones", *map(str, arguments)])
    return code, *capsys.readouterr()


def flows(capsys, *arguments):
    code, out, _ = run(capsys, "check", "--format", "json", *arguments)
    return code, json.loads(out)


def test_json_is_a_list_of_flows_with_their_way(shop, capsys):
    code, found = flows(capsys)
    assert code == 1
    (flow,) = found
    assert list(flow) == ["file", "line", "zone", "sink", "mode", "path"]
    assert (flow["file"], flow["line"]) == LEAK
    assert (flow["zone"], flow["sink"], flow["mode"]) == ("payments", "log", "enforce")
    assert all(list(step) == ["file", "line", "what"] for step in flow["path"])
    assert (flow["path"][0]["file"], flow["path"][0]["line"]) == ("payments/charge.py", 16)
    assert (flow["path"][-1]["file"], flow["path"][-1]["line"]) == LEAK


def test_the_json_is_as_its_schema_says(shop, capsys):
    _, found = flows(capsys)
    assert main(["schema", "zones-flows"]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(found, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([{**found[0], "more": 1}], schema)


def test_the_schema_of_the_file_takes_it(shop, capsys):
    import yaml

    assert main(["schema", "zones"]) == 0
    jsonschema.validate(yaml.safe_load(ZONES), json.loads(capsys.readouterr().out))


def test_a_clean_folder_ends_with_0_and_an_empty_list(shop, capsys):
    (shop / "payments/charge.py").unlink()
    assert flows(capsys) == (0, [])
    code, out, _ = run(capsys, "check")
    assert code == 0
    assert "CLEAN" in out


def test_flows_of_a_zone_in_mode_log_hold_nothing(shop, capsys):
    (shop / ".riskbot/zones.yaml").write_text(ZONES.replace("enforce", "log"))
    code, (flow,) = flows(capsys)
    assert code == 0
    assert flow["mode"] == "log"
    code, out, _ = run(capsys, "check")
    assert "1 flow of zones in mode log" in out


def test_files_and_zones_can_be_named_from_anywhere(shop, capsys, tmp_path_factory, monkeypatch):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(elsewhere)
    code, (flow,) = flows(capsys, "--zones", shop / ".riskbot/zones.yaml", shop)
    assert code == 1
    assert flow["file"] == str(shop / "payments/charge.py")
    code, (flow,) = flows(capsys, shop)  # found above the path
    assert flow["file"] == str(shop / "payments/charge.py")
    monkeypatch.chdir(shop / "payments")
    code, (flow,) = flows(capsys, "charge.py", "../vault.py")  # found above the current folder
    assert flow["file"] == "charge.py"


def test_one_file_alone_is_enough_where_it_holds_both_ends(shop, capsys):
    one = shop / "one.py"
    one.write_text("import logging, vault\n\n\ndef f(u):\n    logging.info(vault.get_card(u))\n")
    code, (flow,) = flows(capsys, one)
    assert (code, flow["file"], flow["line"]) == (1, "one.py", 5)


def test_text_shows_the_way_with_its_code_and_a_table(shop, capsys):
    code, out, _ = run(capsys, "check")
    assert code == 1
    for words in (
        "HELD  1 flow of data",
        "payments  user.financial.credit_card, mode enforce",
        "payments/charge.py:19 in",
        "19 │ log.info(text)",
        "16 │ card = get_card(uid)",
        "Three ways to mend a flow",
    ):
        assert words in out
    table = out[out.index("Flows by zone and sink") :].splitlines()
    assert table[2].split() == ["payments", "log", "enforce", "1"]


def test_sarif_is_valid_and_has_code_flows(shop, capsys):
    _, out, _ = run(capsys, "check", "--format", "sarif")
    log = json.loads(out)
    jsonschema.validate(log, SARIF)
    (result,) = log["runs"][0]["results"]
    assert result["ruleId"] == "zone-flow"
    assert result["level"] == "error"
    assert result["properties"]["zone"] == "payments"
    assert "baselineState" not in result
    (thread,) = result["codeFlows"][0]["threadFlows"]
    last = thread["locations"][-1]["location"]["physicalLocation"]
    assert last["artifactLocation"]["uri"] == "payments/charge.py"
    assert last["region"]["startLine"] == 19
    assert log["runs"][0]["invocations"][0] == {
        "executionSuccessful": True,
        "exitCode": 1,
        "toolExecutionNotifications": [],
    }


def _hole(shop, kind):
    if kind == "syntax":
        (shop / "broken.py").write_text("def (:\n")
    elif kind == "link":
        (shop / "link.py").symlink_to("/etc/passwd")
    elif kind == "large":
        (shop / "large.py").write_text("x = 1  #" + "x" * 10_000_000)
    elif kind == "bytes":
        (shop / "latin.py").write_bytes(b"x = '\xff'\n")
    elif kind == "deep":
        (shop / "deep.py").write_text("x = " + "(" * 3000 + ")" * 3000 + "\n")
    else:
        (shop / "broken.js").write_text("function ( { [ console.log(")


@pytest.mark.parametrize("kind", ["syntax", "link", "large", "bytes", "deep", "javascript"])
def test_a_gap_is_told_and_never_a_pass(shop, capsys, kind):
    (shop / "payments/charge.py").unlink()
    _hole(shop, kind)
    code, out, err = run(capsys, "check", "--format", "json")
    assert code == 3
    assert out == "[]\n"
    assert "not analysed: " in err
    code, out, err = run(capsys, "check")
    assert code == 3
    assert "INCOMPLETE" in out
    assert "Not analysed" in out
    code, out, err = run(capsys, "check", "--format", "sarif")
    invocation = json.loads(out)["runs"][0]["invocations"][0]
    assert not invocation["executionSuccessful"]
    assert len(invocation["toolExecutionNotifications"]) == 1


def test_a_flow_that_holds_says_so_beside_a_gap(shop, capsys):
    _hole(shop, "syntax")
    code, out, _ = run(capsys, "check")
    assert code == 1
    assert "HELD" in out
    assert "broken.py" in out


def test_what_is_excluded_is_no_gap(shop, capsys):
    _hole(shop, "syntax")
    (shop / ".riskbot/zones.yaml").write_text("exclude: [broken.py, 'payments/**']\n" + ZONES)
    assert flows(capsys) == (0, [])


def test_other_languages_are_looked_at(shop, capsys):
    (shop / "payments/charge.py").unlink()
    (shop / "web.js").write_text("function f(u) {\n  console.log(vault.get_card(u))\n}\n")
    code, (flow,) = flows(capsys)
    assert (code, flow["file"], flow["line"]) == (1, "web.js", 2)


def test_semgrep_beside_the_engine_tells_the_same_flow_once(shop, capsys):
    (shop / "payments/charge.py").write_text("import logging, vault\n\n\nlogging.info(vault.get_card(1))\n")
    _, (alone,) = flows(capsys)
    _, (both,) = flows(capsys, "--semgrep")
    assert alone == both


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--zones", "nowhere.yaml"], "nowhere.yaml cannot be read"),
        (["nowhere.py"], "nowhere.py cannot be read"),
        (["--zones", "bad.yaml"], "bad.yaml:1:1: There is no key 'zone' here. Did you mean 'zones'?"),
    ],
)
def test_wrong_usage_and_files_end_with_2(shop, capsys, arguments, words):
    (shop / "bad.yaml").write_text("zone: []\n")
    code, out, err = run(capsys, "check", *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_without_zones_anywhere_it_says_what_to_do(shop, capsys):
    (shop / ".riskbot/zones.yaml").unlink()
    code, _, err = run(capsys, "check")
    assert code == 2
    assert "Name a zones file with --zones FILE" in err


def test_output_goes_into_a_file(shop, capsys):
    code, out, _ = run(capsys, "check", "--output", "report.txt")
    assert (code, out) == (1, "")
    assert "HELD" in (shop / "report.txt").read_text()


# explain, graph, compile


def test_explain_says_what_is_declared_and_where_it_is(shop, capsys):
    code, out, _ = run(capsys, "explain")
    assert code == 0
    text = " ".join(out.split())
    for words in (
        "what the call gives vault.get_card payments/charge.py:16, vault.py:1",
        "! the attribute card_number nothing in the code has this name",
        "a call of log.$M payments/charge.py:17, payments/charge.py:19",
        "payments.masking.mask_pan (it is x.acme.masked then) payments/charge.py:17, payments/masking.py:1",
        "It is enforced, and nobody answers for it",
        "'payments.masking.mask_pan' has no owner",
        "allowed where the first argument begins with https://psp.example/",
    ):
        assert words in text, words


def test_explain_takes_one_zone_and_knows_its_name(shop, capsys):
    assert run(capsys, "explain", "payments")[0] == 0
    code, _, err = run(capsys, "explain", "payment")
    assert code == 2
    assert "Did you mean 'payments'?" in err


def test_explain_warns_of_a_bare_reclassifier(shop, capsys):
    (shop / ".riskbot/zones.yaml").write_text(ZONES.replace("payments.masking.mask_pan", "mask_pan"))
    out = " ".join(run(capsys, "explain")[1].split())
    assert "'mask_pan' is a bare name: any function of that name, a local one too, takes the label off" in out


def test_graph_draws_sources_functions_and_sinks(shop, capsys):
    from xml.etree import ElementTree as ET

    code, out, _ = run(capsys, "graph")
    assert code == 0
    assert out.startswith("digraph zones {")
    for label in ("vault.get_card\\npayments", "charge\\npayments/charge.py", "log\\npayments"):
        assert f'label="{label}"' in out
    code, out, _ = run(capsys, "graph", "--format", "svg")
    texts = [node.text for node in ET.fromstring(out).iter("{http://www.w3.org/2000/svg}text")]
    assert {"vault.get_card", "charge", "log", "data enters"} <= set(texts)


def test_compile_writes_rules_that_semgrep_takes(shop, capsys):
    import yaml

    code, out, _ = run(capsys, "compile", "--language", "python", "--language", "go")
    assert code == 0
    rules = yaml.safe_load(out)["rules"]
    assert [rule["id"] for rule in rules] == [
        "zone.payments.log.python",
        "zone.payments.egress.python",
        "zone.payments.log.go",
        "zone.payments.egress.go",
    ]
    assert "&id" not in out
    code, out, _ = run(capsys, "compile", "--format", "json", "--language", "python")
    assert json.loads(out)["rules"][0] == rules[0]
