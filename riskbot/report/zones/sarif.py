"""Flows -> SARIF 2.1.0: each a result with its code flow; what was not looked at is a tool notification.

There is no base to compare with, so no result has a ``baselineState``.
"""

from __future__ import annotations

from riskbot.report import sarif
from riskbot.report.sarif import Object
from riskbot.report.zones.checked import Checked


def render(checked: Checked) -> str:
    """Write the SARIF log as indented JSON."""
    findings = checked.findings[: sarif.MOST_RESULTS]
    rules = sarif.described(findings, checked.rules)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    results = []
    for flow, finding in zip(checked.flows, findings, strict=False):
        result = sarif.told(finding, index[finding.rule], {})
        del result["baselineState"]
        result["properties"] |= {"zone": flow.zone, "sink": flow.sink, "mode": flow.mode.value}
        results.append(result)
    run: Object = {
        "tool": {"driver": sarif.driver(rules)},
        "automationDetails": {"id": "riskbot-zones/"},
        "invocations": [_invocation(checked)],
        "originalUriBaseIds": {sarif.ROOT: {"description": {"text": "The folder it was started in."}}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return sarif.written(run)


def _invocation(checked: Checked) -> Object:
    notifications = [
        sarif.notified("omission", "warning", f"{each.step}: {each.reason}", each.path)
        for each in checked.omissions
    ]
    if len(checked.findings) > sarif.MOST_RESULTS:
        words = f"{len(checked.findings):,} flows; only the first {sarif.MOST_RESULTS:,} are in this file."
        notifications.append(sarif.notified("cut", "warning", words))
    return {
        "executionSuccessful": not checked.omissions,
        "exitCode": checked.exit_code,
        "toolExecutionNotifications": notifications,
    }
