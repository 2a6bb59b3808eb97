"""Kinds of risk, each from evidence of its own: what the detectors found, which files, which lines.

No part of the score enters here. A finding counts by its severity, a path or a line by itself only little: it
says where to look, not that something is wrong. docs/risk.md has the same in a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from riskbot.assess import kinds
from riskbot.assess.kinds import Kind
from riskbot.assess.scale import UNANALYSED
from riskbot.domain.assessment import Dimension, Level, Sign
from riskbot.domain.change import Change, FileDiff, LineKind
from riskbot.domain.finding import (
    Category,
    Confidence,
    Detection,
    Evidence,
    Finding,
    Location,
    Rule,
    Severity,
    Side,
)

CATEGORIES = (
    Category.SECURITY,
    Category.PRIVACY,
    Category.RELIABILITY,
    Category.COMPATIBILITY,
    Category.DATA_MIGRATION,
    Category.SUPPLY_CHAIN,
)
MOST = 20
"""So many signs of each kind are kept; the others are counted."""
_LINES = 20_000
"""So many added lines are read for personal data."""

_LEVELS = {
    Severity.CRITICAL: Level.HIGH,
    Severity.HIGH: Level.HIGH,
    Severity.MEDIUM: Level.MEDIUM,
    Severity.LOW: Level.LOW,
}
_ELSEWHERE = {Category.CORRECTNESS: Category.RELIABILITY}
"""What is wrong in itself makes the program less reliable."""
_RULES = {"ci-changed": Category.SUPPLY_CHAIN}
"""A workflow runs with the repository's secrets, and builds what is shipped."""
# https://cwe.mitre.org/data/definitions/1417.html (sensitive information exposure) and cleartext storage
_PRIVATE = re.compile(r"CWE-(?:200|201|209|212|312|313|359|497|532|538|598)\b")

_KINDS = {
    Kind.MIGRATION: (Category.DATA_MIGRATION, "touches a data migration"),
    Kind.DEPENDENCIES: (Category.SUPPLY_CHAIN, "touches what the project depends on"),
    Kind.CI: (Category.SUPPLY_CHAIN, "touches how the project is built or checked"),
    Kind.GENERATED: (Category.SUPPLY_CHAIN, "touches code that was generated or brought from elsewhere"),
}
_PLACES = (
    (
        Category.SECURITY,
        "touches code that decides who may do what, or keeps secrets",
        (
            r"auth(?:n|z|enticat\w*|ori[sz]\w*)?|oauth\d?|login|passwords?|passwd|permissions?|acl|rbac|crypto\w*"
            r"|ciphers?|security|secrets?|sessions?|csrf|cors|jwt|saml|ssl|tls|sandbox\w*|sanitiz\w*"
        ),
    ),
    (
        Category.PRIVACY,
        "touches code about personal data",
        r"privacy|gdpr|ccpa|consent|pii|personal|profiles?|telemetry|analytics|tracking|anonymi\w*",
    ),
    (
        Category.COMPATIBILITY,
        "touches the description of an interface",
        r"openapi|swagger|graphql|proto|pyi|thrift|avsc|wsdl",
    ),
    (Category.DATA_MIGRATION, "touches how data is stored", r"sql|ddl|prisma"),
)
_PLACE = tuple((category, what, re.compile(rf"(?:{words})\Z")) for category, what, words in _PLACES)
_WORD = re.compile(r"[A-Za-z][a-z0-9]*|[A-Z]+(?![a-z])")
_PERSONAL = re.compile(
    r"(?:\b|_)(?:e-?mails?|phone(?:_?number)?|ssn|social_security|passport|birth(?:day|_?date)|date_of_birth|dob"
    r"|home_?address|street_?address|postal_?code|zip_?code|iban|credit_?card|card_?number|geolocation|latitude"
    r"|longitude|ip_?addr(?:ess)?|user_?agent|first_?name|last_?name|full_?name|surname|gender|ethnicity|religion"
    r"|diagnosis|medical|salary)(?:\b|_)",
    re.IGNORECASE,
)
_LEAVES = re.compile(
    r"\b(?:log(?:ger|ging)?\.\w+|print|warn(?:ings?)?|capture_\w+|track\w*|send\w*|post|publish|emit|writerow)\s*\(",
    re.IGNORECASE,
)


def dimensions(change: Change, detection: Detection) -> tuple[Dimension, ...]:
    """Say for each kind of risk what speaks for it, the kinds always in the same order."""
    rules = {rule.id: rule for rule in detection.rules}
    found: dict[Category, list[Sign]] = {category: [] for category in CATEGORIES}
    told = set[tuple[Category, str]]()
    for finding in detection.findings:
        for category, sign in _of_finding(finding, rules):
            found[category].append(sign)
            told.add((category, finding.location.path))
    for file in change.files:
        for category, sign in _of_path(file):
            if (category, file.path) not in told:  # the finding says the same, and more
                found[category].append(sign)
    found[Category.PRIVACY] += _personal(change)
    note = _gaps(change, detection)
    return tuple(_dimension(category, found[category], note) for category in CATEGORIES)


def _dimension(category: Category, signs: list[Sign], note: str) -> Dimension:
    ordered = sorted(signs, key=_strongest_first)
    level = ordered[0].level if ordered else Level.NONE
    return Dimension(category, level, tuple(ordered[:MOST]), len(ordered), note)


def _strongest_first(sign: Sign) -> tuple[int, str, int, str]:
    where = sign.evidence.where
    at = ("", 0) if where is None else (where.path, where.line or 0)
    return (-list(Level).index(sign.level), *at, sign.evidence.what)


def _of_finding(finding: Finding, rules: dict[str, Rule]) -> Iterator[tuple[Category, Sign]]:
    """Tell what a finding speaks for: its own kind, and privacy where its weakness is one of exposure."""
    if not finding.introduced or finding.severity not in _LEVELS:
        return
    rule = rules.get(finding.rule)
    title = rule.title if rule is not None else finding.message
    test = kinds.kind(finding.location.path) is Kind.TEST
    doubts = (finding.confidence is Confidence.LOW, finding.suppressed_by is not None, test)
    marks = [word for word, holds in zip(("unsure", "silenced", "in a test"), doubts, strict=True) if holds]
    what = f"{title} ({', '.join(marks)})" if marks else title
    sign = Sign(_lowered(_LEVELS[finding.severity], sum(doubts)), Evidence(what, finding.location))
    category = _RULES.get(finding.rule, _ELSEWHERE.get(finding.category, finding.category))
    if category in CATEGORIES:
        yield category, sign
    if category is not Category.PRIVACY and rule is not None and any(map(_PRIVATE.match, rule.cwe)):
        yield Category.PRIVACY, sign


def _lowered(level: Level, steps: int) -> Level:
    """Lower a level; a doubtful sign stays a sign."""
    order = list(Level)
    return order[max(1, order.index(level) - steps)]


def _of_path(file: FileDiff) -> Iterator[tuple[Category, Sign]]:
    """Tell what a file's path speaks for; prose and tests about a thing are not the thing."""
    path, kind = file.path, kinds.kind(file.path)
    gone = file.new_path is None
    where = Location(path, side=Side.OLD if gone else Side.NEW)
    if kind in _KINDS:
        category, what = _KINDS[kind]
        yield category, Sign(Level.LOW, Evidence(what, where))
    if kind in {Kind.TEST, Kind.DOCS, Kind.GENERATED, Kind.DATA} and not path.endswith((".proto", ".avsc")):
        return
    words = {word.lower() for word in _WORD.findall(path[-400:])}
    for category, what, pattern in _PLACE:
        if any(map(pattern.match, words)):
            yield category, Sign(Level.LOW, Evidence(what, where))


def _personal(change: Change) -> Iterator[Sign]:
    """Find added lines of code that name personal data; one that also writes or sends it weighs more."""
    left = _LINES
    for file in change.files:
        if kinds.rank(file.path) > 1:
            continue
        named = None
        for hunk in file.hunks:
            for line in hunk.lines[: max(0, left)]:
                left -= 1
                text = line.text[:400] if line.kind is LineKind.ADDED else ""
                if not text or _PERSONAL.search(text) is None:
                    continue
                where = Location(file.path, line.new)
                if _LEAVES.search(text):
                    yield Sign(Level.MEDIUM, Evidence("an added line may log or send personal data", where))
                elif named is None:
                    named = where
        if named is not None:
            yield Sign(Level.LOW, Evidence("an added line names personal data", named))


def _gaps(change: Change, detection: Detection) -> str:
    """Say what was not looked at, for no sign is not the same as safe."""
    gaps = []
    if detection.failures or any(one.kind in UNANALYSED for one in (*change.omissions, *detection.omissions)):
        gaps.append("not everything could be analysed")
    foreign = sum(_foreign(file) for file in change.files)
    if foreign:
        files = "file is" if foreign == 1 else "files are"
        gaps.append(f"{foreign:,} source {files} not Python, and few rules read other languages")
    return "; ".join(gaps)


def _foreign(file: FileDiff) -> bool:
    return kinds.kind(file.path) is Kind.SOURCE and not file.is_python
