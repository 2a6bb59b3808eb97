"""Verdict -> SARIF 2.1.0, for code scanning (https://docs.oasis-open.org/sarif/sarif/v2.1.0/).

One run with every finding: new ones, those the base had (``baselineState`` unchanged) and silenced ones
(``suppressions``). What failed or was not analysed is a tool notification, so an empty list of results
cannot pass for a clean one. GitHub's limits are kept
(https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning);
where something had to be cut, a notification says so.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from riskbot import __version__
from riskbot.domain.authorship import Authorship
from riskbot.domain.change import Change, FileDiff
from riskbot.domain.finding import Category, Confidence, Evidence, Finding, Location, Rule, Severity, Side
from riskbot.domain.verdict import Outcome, Reviewed
from riskbot.report import authorship, flowing, reading
from riskbot.report.escape import json_text, prose, public, uri

#: GitHub refuses files with more results, and shows only the first so many.
MOST_RESULTS = 25_000
MOST_SHOWN = 5_000
MOST_RULES = 25_000
MOST_TAGS = 20
MOST_RELATED = 100

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
_LEVEL = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
#: The middle of GitHub's ranges for security alerts: over 9.0, 7.0-8.9, 4.0-6.9, below 4.0.
_SECURITY_SEVERITY = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.5",
    Severity.INFO: "1.0",
}
_PROBLEM_SEVERITY = {"error": "error", "warning": "warning", "note": "recommendation"}
NOTIFICATIONS = {
    "failure": "A part of riskbot failed; what it would have found is not known.",
    "omission": "Something was not analysed; it is not known to be safe.",
    "cut": "The report was shortened to what code scanning accepts.",
}

Object = dict[str, Any]


def render(verdict: Reviewed) -> str:
    """Write the SARIF log as indented JSON."""
    return written(_run(verdict))


def written(run: Object) -> str:
    """Write a log of one run."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json_text(msgspec.json.format(msgspec.json.encode(log), indent=2).decode()) + "\n"


def _run(verdict: Reviewed) -> Object:
    assessment = verdict.assessment
    heaps = reading.sort_findings(assessment.findings)
    findings = (*heaps.open, *heaps.existing, *heaps.suppressed)
    rules = described(findings[:MOST_RESULTS], assessment.rules)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    kept = [each for each in findings if each.rule and prose(each.rule) in index][:MOST_RESULTS]
    files = _by_path(assessment.change)
    run: Object = {
        "tool": {"driver": driver(rules)},
        "automationDetails": {"id": "riskbot/"},
        "invocations": [_invocation(verdict, len(findings), len(kept))],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": [told(each, index[prose(each.rule)], files) for each in kept],
        "properties": {
            "outcome": verdict.outcome.value,
            "awaits": verdict.awaits,
            "probability": assessment.probability,
            "percentile": assessment.percentile,
            "band": assessment.band.value,
            "authorship": _authorship(assessment.authorship),
        },
    }
    provenance = _provenance(assessment.change)
    if provenance is not None:
        run["versionControlProvenance"] = [provenance]
    return run


def _authorship(told: Authorship | None) -> Object:
    """Write what is known of agents, without the signs: those are in the JSON report."""
    entry = authorship.entry(told)
    return {
        "status": entry.status,
        "note": entry.note,
        "category": entry.category,
        "attested": entry.attested,
        "declared": entry.declared,
        "assisted": entry.assisted,
        "automation": entry.automation,
        "inferred": entry.inferred,
        "disclosed": entry.disclosed,
        "tools": list(entry.tools),
        "share": None if entry.share is None else msgspec.to_builtins(entry.share),
        "signs": len(entry.evidence),
        "corrections": len(entry.corrections),
    }


def driver(rules: list[Object]) -> Object:
    """Describe riskbot and the rules that fired."""
    return {
        "name": "riskbot",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": rules,
        "notifications": [
            {
                "id": id_,
                "shortDescription": {"text": text},
                "fullDescription": {"text": text},
                "help": {"text": text},
            }
            for id_, text in NOTIFICATIONS.items()
        ],
    }


def described(findings: tuple[Finding, ...], known: tuple[Rule, ...]) -> list[Object]:
    """Describe every rule that fired, by what it says of itself or else by its first finding."""
    described = {rule.id: rule for rule in known}
    fired: dict[str, Object] = {}
    for finding in findings:
        if finding.rule and prose(finding.rule) not in fired and len(fired) < MOST_RULES:
            rule = described.get(finding.rule) or _unknown(finding)
            fired[prose(finding.rule)] = _descriptor(rule)
    return list(fired.values())


def _unknown(finding: Finding) -> Rule:
    title = f"{finding.rule} ({finding.category.value})"
    return Rule(
        finding.rule,
        title,
        f"A rule of the detector {finding.detector}.",
        finding.severity,
        finding.confidence,
        finding.category,
    )


def _descriptor(rule: Rule) -> Object:
    level = _LEVEL[rule.severity]
    title, help_ = prose(rule.title), prose(rule.help)
    links = [prose(each) for each in rule.references]
    properties: Object = {
        "tags": _tags(rule),
        "precision": _precision(rule.confidence),
        "problem.severity": _PROBLEM_SEVERITY[level],
    }
    if rule.category is Category.SECURITY:
        properties["security-severity"] = _SECURITY_SEVERITY[rule.severity]
    descriptor: Object = {
        "id": prose(rule.id),
        "name": _name(rule.id),
        "shortDescription": {"text": _sentence(title)},
        "fullDescription": {"text": _sentence(help_.partition("\n\n")[0] or title)},
        "help": {
            "text": "\n\n".join([title, help_, *links]),
            "markdown": "\n\n".join([f"**{title}**", help_, *(f"<{link}>" for link in links)]),
        },
        "defaultConfiguration": {"level": level},
        "properties": properties,
    }
    web = [link for link in links if re.fullmatch(r"https://[!-~]+", link)]
    return descriptor | ({"helpUri": web[0]} if web else {})


def _tags(rule: Rule) -> list[str]:
    """Tag by category and weakness, as CodeQL writes CWE tags; GitHub reads no more than twenty."""
    numbers = [found[1] for cwe in rule.cwe if (found := re.search(r"(?i)CWE-(\d{1,5})", cwe))]
    return [rule.category.value, *dict.fromkeys(f"external/cwe/cwe-{int(each):03d}" for each in numbers)][
        :MOST_TAGS
    ]


def _precision(confidence: Confidence) -> str:
    return confidence.value


def _name(rule: str) -> str:
    """Make the rule's name in the form that SARIF asks for: one word in PascalCase."""
    return "".join(part[:1].upper() + part[1:] for part in re.findall(r"[A-Za-z0-9]+", rule)) or "Rule"


def _sentence(text: str) -> str:
    folded = " ".join(text.split())
    return folded if folded.endswith((".", "!", "?")) else f"{folded}."


def told(finding: Finding, index: int, files: dict[str, FileDiff]) -> Object:
    """Write one finding; ``index`` is its rule's place, ``files`` tell where old lines are now."""
    fingerprint = prose(finding.fingerprint)
    result: Object = {
        "ruleId": prose(finding.rule),
        "ruleIndex": index,
        "level": _LEVEL[finding.severity],
        "message": {"text": _message(finding.message or finding.rule)},
        "locations": [_location(finding.location, files)],
        "partialFingerprints": {"riskbot/v1": fingerprint, "primaryLocationLineHash": f"{fingerprint}:1"},
        "baselineState": "new" if finding.introduced else "unchanged",
        "properties": {
            "detector": prose(finding.detector),
            "severity": finding.severity.value,
            "confidence": finding.confidence.value,
            "category": finding.category.value,
            "onChangedLine": finding.on_changed_line,
            "side": finding.location.side.value,
            "line": finding.location.line,
        },
    }
    if finding.suppressed_by is not None:
        # What the base's own file suppresses stands outside of the code (SARIF 2.1.0, 3.35.2).
        kind = "external" if finding.suppressed_by.startswith(".riskbot/") else "inSource"
        result["suppressions"] = [{"kind": kind, "justification": prose(finding.suppressed_by)}]
    related = [_related(each, files) for each in finding.evidence[:MOST_RELATED] if each.where is not None]
    if related:
        result["relatedLocations"] = related
    if any(step.where is not None for step in finding.flow):
        result["codeFlows"] = [
            flowing.code_flow(finding.flow, lambda where: _location(where, files), _message)
        ]
    return result


def _message(text: str) -> str:
    """Write a message as plain text: a bracket pair before a parenthesis would be a link (3.11.6)."""
    return (
        prose(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
        if "](" in text
        else prose(text)
    )


def _related(evidence: Evidence, files: dict[str, FileDiff]) -> Object:
    if evidence.where is None:
        raise AssertionError("BUG: evidence without a place is no related location")
    return _location(evidence.where, files) | {"message": {"text": _message(evidence.what or "Seen here.")}}


def _location(where: Location, files: dict[str, FileDiff]) -> Object:
    """Point into the head, which is what code scanning shows; an old line becomes where it would be now."""
    file = files.get(where.path)
    path, first, last = where.path, where.line, where.end_line
    if where.side is Side.OLD and file is not None and file.new_path is not None:
        path = file.new_path
        first = last = None if first is None else line_now(file, first)
    physical: Object = {"artifactLocation": {"uri": uri(path) or "-", "uriBaseId": ROOT}}
    if first is not None and first >= 1:
        physical["region"] = {"startLine": first} | (
            {"endLine": last} if last is not None and last >= first else {}
        )
    else:
        physical["region"] = {"startLine": 1}  # GitHub needs a line; the whole file is shown at its first
    return {"physicalLocation": physical}


def line_now(file: FileDiff, old: int) -> int:
    """Find the head's line for a base's line: the same one if it is still there, or where it would stand."""
    shift = 0
    for hunk in file.hunks:
        if old < hunk.old_start:
            break
        now = hunk.new_start
        for line in hunk.lines:
            if line.old is not None and line.old >= old:
                return max(1, line.new if line.new is not None else now)
            now = line.new + 1 if line.new is not None else now
        shift = (hunk.new_start + hunk.new_count) - (hunk.old_start + hunk.old_count)
    return max(1, old + shift)


def _by_path(change: Change) -> dict[str, FileDiff]:
    paths = {file.old_path: file for file in change.files if file.old_path is not None}
    return paths | {file.path: file for file in change.files}


def _invocation(verdict: Reviewed, found: int, kept: int) -> Object:
    assessment = verdict.assessment
    notifications = [
        notified(
            "failure", "error", f"{each.step}: {each.reason}" + (f" ({each.detail})" if each.detail else "")
        )
        for each in assessment.failures
    ]
    notifications += [
        notified("omission", "warning", f"{each.step}: {each.reason}", each.path)
        for each in reading.omissions(assessment)
    ]
    if kept < found:
        notifications.append(
            notified("cut", "warning", f"{found:,} findings; only the worst {kept:,} are in this file.")
        )
    if kept > MOST_SHOWN:
        notifications.append(
            notified("cut", "note", f"GitHub shows the first {MOST_SHOWN:,} of these {kept:,} results.")
        )
    return {
        "executionSuccessful": not assessment.failures and verdict.outcome is not Outcome.UNDECIDED,
        "exitCode": verdict.exit_code,
        "toolExecutionNotifications": notifications,
    }


def notified(id_: str, level: str, text: str, path: str | None = None) -> Object:
    """Write what the tool says of itself: ``id_`` is one of NOTIFICATIONS, ``path`` the file it is about."""
    notification: Object = {
        "descriptor": {"id": id_, "index": list(NOTIFICATIONS).index(id_)},
        "level": level,
        "message": {"text": _message(text)},
    }
    if path:
        place = {"physicalLocation": {"artifactLocation": {"uri": uri(path), "uriBaseId": ROOT}}}
        notification["locations"] = [place]
    return notification


def _provenance(change: Change) -> Object | None:
    """Name the repository and revision; only an address can be named, and never with credentials."""
    address = public(change.repository)
    if not re.fullmatch(r"(https?|ssh|git)://[!-~]+", address):
        return None
    revision = {"revisionId": change.head} if change.head else {}
    return {"repositoryUri": address, "mappedTo": {"uriBaseId": ROOT}} | revision
