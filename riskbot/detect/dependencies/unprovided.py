"""Imports that nothing provides: neither Python, nor the repository, nor what it declares."""

from __future__ import annotations

import re
from collections.abc import Iterator

from riskbot.detect.dependencies import alike
from riskbot.detect.dependencies.fresh import Fresh, fresh
from riskbot.detect.dependencies.imports import Imported
from riskbot.detect.dependencies.provided import script_requirements
from riskbot.detect.dependencies.resolve import Lack, Missing, Resolver
from riskbot.detect.rules import native
from riskbot.domain.change import Change, Omission, OmissionKind
from riskbot.domain.finding import (
    Confidence,
    Detection,
    Evidence,
    Finding,
    Location,
    Rule,
    Severity,
    fingerprint,
)

_STEP = "imports"
# Where code is shown or kept as data: what it needs is often declared nowhere, and rightly so.
_SAMPLE = re.compile(
    r"(?:^|/)(?:examples?|samples?|demos?|docs?|fixtures?|test_?data|resources|snippets|contrib|benchmarks?)/"
)
_SENTENCES = {
    Lack.UNDECLARED: "Nothing provides the module {name}: it is not of the standard library, not of this"
    " repository, and no manifest declares a distribution of that name.",
    Lack.NO_MODULE: "There is no module {name} in this repository.",
    Lack.NO_NAME: "There is no {name} in this repository: its module does not bind that name.",
    Lack.TRANSITIVE: "No manifest declares what provides {name}: only a lock file or an extra brings it"
    " along.",
    Lack.INSIDE: "The module {name} only exists inside a package of this repository, where this import does"
    " not look.",
}


def look(change: Change) -> Detection:
    """Resolve the change's new imports in the head's tree; without a tree they are an omission."""
    omissions: list[Omission] = []
    found = list(fresh(change, omissions))
    if not found:
        return Detection(omissions=tuple(omissions))
    if change.surroundings is None:
        reason = "without the repository's tree it is not known what its new imports mean"
        omissions += [Omission(OmissionKind.CONTENT_UNKNOWN, _STEP, reason, one.file.path) for one in found]
        return Detection(omissions=tuple(omissions))
    rules = native(_STEP)
    resolver = Resolver(change, change.surroundings)
    findings = [finding for one in found for finding in _file(one, resolver, rules, omissions)]
    fired = {finding.rule for finding in findings}
    return Detection(
        tuple(findings), tuple(omissions), rules=tuple(rule for rule in rules.values() if rule.id in fired)
    )


def _file(
    one: Fresh, resolver: Resolver, rules: dict[str, Rule], omissions: list[Omission]
) -> Iterator[Finding]:
    """Look at one file: each missing name once, however often it is imported."""
    script = script_requirements(one.text)
    seen: set[str] = set()
    for imported in one.found:
        missing = None if imported.guarded else resolver.missing(imported, one.file.path, script)
        if missing is None or missing.name in seen:
            continue
        seen.add(missing.name)
        foreign = missing.lack in (Lack.UNDECLARED, Lack.TRANSITIVE)
        if foreign and not script and not resolver.provided.declared:
            reason = "no manifest declares what its imports come from"
            omissions.append(Omission(OmissionKind.NOT_SCANNED, _STEP, reason, one.file.path))
            return
        yield _finding(one, imported, missing, resolver, rules["import-undeclared"])


def _finding(one: Fresh, imported: Imported, missing: Missing, resolver: Resolver, rule: Rule) -> Finding:
    """Make the finding; where manifests could not be read whole, or the lack is doubtful, it is weak."""
    path = one.file.path
    foreign = missing.lack in (Lack.UNDECLARED, Lack.TRANSITIVE)
    gaps = resolver.provided.gaps if foreign else ()
    doubtful = missing.lack in (Lack.TRANSITIVE, Lack.INSIDE) or bool(gaps) or imported.dynamic
    doubtful = doubtful or bool(foreign and _SAMPLE.search(path))
    words = [_SENTENCES[missing.lack].format(name=missing.name)]
    if missing.lack is Lack.UNDECLARED and (near := alike.nearest(missing.name)):
        words.append(f"It looks like {near}.")
    return Finding(
        rule=rule.id,
        detector=_STEP,
        severity=Severity.LOW if doubtful else rule.severity,
        confidence=Confidence.LOW if doubtful else rule.confidence,
        category=rule.category,
        location=Location(path, imported.line, imported.line),
        message=" ".join([*words, rule.help]),
        fingerprint=fingerprint(rule.id, path, missing.name),
        evidence=tuple(Evidence(f"could not be read: {gap}") for gap in gaps[:3]),
    )
