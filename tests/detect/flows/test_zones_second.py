"""The setting zones_semgrep: the compiled zones beside the engine, each flow told once."""

from __future__ import annotations

from make import make_change

from riskbot.detect.flows import PATH
from riskbot.detect.flows.detector import FlowsDetector
from riskbot.detect.flows.others import scan as others
from riskbot.domain.change import Charter
from riskbot.domain.zones import Flow, Mode

ZONES = b"""\
zones:
- id: payments
  data_category: user.financial
  mode: enforce
  sources: {calls: [vault.get_card], parameters: [pan]}
  sinks: {log: {calls: ["logging.$M"]}}
"""
APP = (
    "import logging\nimport vault\n\n\ndef f(uid):\n    card = vault.get_card(uid)\n    logging.info(card)\n"
)


def found(**options):
    change = make_change({"app.py": ("import logging\n", APP)}, charter=Charter(None, ((PATH, ZONES),)))
    return [one for one in FlowsDetector(**options).run(change).findings if one.rule == "zone-flow"]


def test_what_both_find_is_told_once(tmp_path):
    (alone,) = found(cache=tmp_path)
    assert found(cache=tmp_path, semgrep=True) == [alone]
    assert alone.location.line == 7


def test_beside_leaves_out_what_is_known():
    one = Flow("payments", "user", "log", Mode.LOG, "a.py", 3, "vault.get_card", "a.f", ())
    same = Flow("payments", "user", "log", Mode.LOG, "a.py", 3, "vault.get_card", "", (), "semgrep")
    other = Flow("payments", "user", "log", Mode.LOG, "a.py", 4, "vault.get_card", "", (), "semgrep")
    assert list(others.beside([one], [same, other])) == [other]
