"""A repository's own rules: semgrep's plain format, many rules in a file, metadata optional.

Rules that somebody wrote for semgrep load as they are. What semgrep itself would skip in silence is an error:
unknown keys, languages that riskbot knows no files of, versions that a rule asks for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import yaml

from riskbot.detect.rules import languages
from riskbot.detect.rules.file import LEVELS, LOADER, MATCH_KEYS, Source, compose
from riskbot.domain.errors import ConfigError
from riskbot.domain.finding import Category
from riskbot.domain.suggest import did_you_mean

_REQUIRED = {"id", "languages", "severity", "message"}
_OPTIONAL = MATCH_KEYS | {"metadata", "match", "taint", "fix-regex"}
_SEVERITIES = {
    "ERROR": "ERROR",
    "WARNING": "WARNING",
    "INFO": "INFO",
    "CRITICAL": "ERROR",
    "HIGH": "ERROR",
    "MEDIUM": "WARNING",
    "LOW": "INFO",
}
_MATCHING = ("pattern", "patterns", "pattern-either", "pattern-regex", "match", "taint", "pattern-sources")
_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,127}", re.ASCII)


def read(texts: Iterable[tuple[str, bytes]], taken: Collection[str]) -> list[dict[str, Any]]:
    """Read the rules of files given by path; ``taken`` are ids that other rules have.

    Returns them as :func:`riskbot.detect.rules.file.read_rule` does, with metadata filled up. Raises
    ConfigError with file and line for the first thing that is wrong.
    """
    known = set(taken)
    rules = []
    for path, content in texts:
        source = Source(Path(path))
        root = compose(source, content)
        nodes = source.sequence(source.mapping(root, {"rules"}, {"missed"})["rules"])
        for node in nodes:
            _check(source, node, known)
        loaded = _loaded(source, content)
        rules += [_filled(one) for one in loaded]
    return rules


def _loaded(source: Source, content: bytes) -> list[dict[str, Any]]:
    try:
        rules: list[dict[str, Any]] = yaml.load(content, Loader=LOADER)["rules"]  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        raise ConfigError(f"This cannot be read ({problem}).", file=str(source.file), line=1) from None
    return rules


def _check(source: Source, node: yaml.Node, known: set[str]) -> None:
    """Check one rule and add its id to ``known``."""
    rule = source.mapping(node, _REQUIRED, _OPTIONAL)
    name = source.text(rule["id"])
    if not _ID.fullmatch(name):
        source.wrong(rule["id"], "The id may hold letters, digits, dots, lines and underscores only.")
    if name in known:
        source.wrong(rule["id"], f"Another rule has the id {name!r}.", "Give it one of its own.")
    known.add(name)
    for item, language in source.texts(rule["languages"]):
        if languages.of_rule(language) is None:
            mend = did_you_mean(language, languages.known())
            source.wrong(item, f"The language {language!r} is not one that riskbot knows files of.", mend)
    severity = source.text(rule["severity"])
    if severity not in _SEVERITIES:
        source.wrong(rule["severity"], f"{severity!r} is no severity.", did_you_mean(severity, _SEVERITIES))
    source.text(rule["message"])
    if not any(key in rule for key in _MATCHING):
        source.wrong(node, "The rule has no pattern.", f"Give it one of: {', '.join(_MATCHING)}.")
    if "paths" in rule:
        for globs in source.mapping(rule["paths"], set(), {"include", "exclude"}).values():
            source.texts(globs)
    if "metadata" in rule and not isinstance(rule["metadata"], yaml.MappingNode):
        source.wrong(rule["metadata"], "A mapping of keys to values is expected here.")


def _filled(rule: dict[str, Any]) -> dict[str, Any]:
    """Fill up the metadata; a severity in semgrep's newer words is put into the older ones."""
    given = rule.get("metadata") or {}
    word = rule["severity"]
    high = "HIGH" if word == "CRITICAL" else None
    metadata = {
        "category": str(given.get("category", "security")),
        "confidence": _level(given.get("confidence")),
        "likelihood": high or ("LOW" if word == "HIGH" else _level(given.get("likelihood"))),
        "impact": high or _level(given.get("impact")),
        "cwe": _texts(given.get("cwe")),
        "owasp": _texts(given.get("owasp")),
        "references": [one for one in _texts(given.get("references")) if one.startswith("https://")],
        "risk_dimension": _dimension(given),
    }
    return rule | {"severity": _SEVERITIES[word], "metadata": metadata, "languages": list(rule["languages"])}


def _level(value: Any) -> str:
    return value if value in LEVELS else "MEDIUM"


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(one) for one in value] if isinstance(value, list) else []


def _dimension(given: dict[str, Any]) -> str:
    """Take what the rule says it is about; a category of semgrep's that is not ours is maintainability."""
    words = {category.value for category in Category}
    for key in ("risk_dimension", "category"):
        if given.get(key) in words:
            return str(given[key])
    return Category.MAINTAINABILITY.value if given.get("category") else Category.SECURITY.value
