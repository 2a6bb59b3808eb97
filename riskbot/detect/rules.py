"""The rules of semgrep: read strictly, merged into the one JSON file that semgrep loads fastest, cached.

A rule is ``rules/<pack>/<id>.yaml`` with its twin ``<id>.py`` (lines that it must and must
not find). Reading fifty YAML files takes longer than running them, so the merged file is kept under the
user's cache directory, named by the hash of its sources. The cache is never needed and never trusted: a file
that is not ours, that others may write, or whose content does not match its own hash is built again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riskbot.domain.errors import ConfigError, EvaluationError
from riskbot.domain.finding import Category, Confidence, Rule, Severity
from riskbot.outside import cache as files
from riskbot.outside.semgrep import CANARY_RULE

_FORMAT = b"2"  # part of the hash: a new reading of the same sources makes a new cache file
_SEVERITY = {"ERROR": Severity.HIGH, "WARNING": Severity.MEDIUM, "INFO": Severity.LOW}


@dataclass(frozen=True, slots=True)
class Pack:
    """All rules of a folder: ``merged`` is what semgrep is given, ``rules`` what a reader is told of each."""

    merged: bytes
    rules: dict[str, Rule]

    def only(self, names: AbstractSet[str]) -> bytes:
        """Give what semgrep is given for some of the rules alone; the canary goes with every run."""
        entries = json.loads(self.merged)["rules"]
        kept = [entry for entry in entries if entry["id"] in names or entry["id"] == CANARY_RULE["id"]]
        return json.dumps({"rules": kept}, ensure_ascii=False).encode()


def load(folder: Path, *, cache: Path | None = None) -> Pack:
    """Load every rule under ``folder``; ``cache`` overrides the user's cache directory.

    Raises ConfigError (with file and line) for a rule that is not as docs/rules.md says, EvaluationError
    where there is no rule at all.
    """
    sources = {path.relative_to(folder).as_posix(): path.read_bytes() for path in _files(folder)}
    if not sources:
        raise EvaluationError(f"There is no rule under {folder}.", mend="Point riskbot at a folder of rules.")
    name = f"{_digest(sources)}.json"
    kept = (files.folder("rules") if cache is None else cache) / name
    merged = files.read(kept)
    if merged is None:
        merged = _merge(folder, sources)
        files.write(kept, merged)
    entries = json.loads(merged)["rules"]
    return Pack(merged, {entry["id"]: _rule(entry) for entry in entries if entry["id"] != CANARY_RULE["id"]})


def _files(folder: Path) -> list[Path]:
    """List the rule files; a ``.yml`` is an error, for it would be passed over in silence."""
    stray = sorted(folder.rglob("*.yml"))
    if stray:
        raise ConfigError("A rule file must end in .yaml.", file=str(stray[0]), mend="Rename it.")
    return sorted(folder.rglob("*.yaml"))


def _digest(sources: dict[str, bytes]) -> str:
    """Hash names and contents, each with its length, and everything else that makes the merged file."""
    digest = hashlib.sha256(_FORMAT + json.dumps(CANARY_RULE).encode())
    for name, content in sources.items():
        for part in (name.encode("utf-8", "surrogateescape"), content):
            digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()


def _merge(folder: Path, sources: dict[str, bytes]) -> bytes:
    """Read all sources strictly and write semgrep's JSON."""
    from riskbot.detect.rulefile import read_rule  # PyYAML is only needed when the cache is cold

    rules: dict[str, dict[str, Any]] = {}
    for name, content in sources.items():
        rule = read_rule(folder / name, content)
        if rule["id"] in rules:
            raise ConfigError(f"A second rule has the id {rule['id']}.", file=str(folder / name), line=1)
        rules[rule["id"]] = rule
    return json.dumps({"rules": [*rules.values(), CANARY_RULE]}, ensure_ascii=False).encode()


def _rule(entry: dict[str, Any]) -> Rule:
    """Translate a rule of semgrep into what a reader is told.

    ERROR is high, WARNING medium, INFO low; an ERROR of high impact and high likelihood is critical.
    """
    facts = entry["metadata"]
    severity = _SEVERITY[entry["severity"]]
    if severity is Severity.HIGH and facts["impact"] == facts["likelihood"] == "HIGH":
        severity = Severity.CRITICAL
    message = " ".join(entry["message"].split())
    return Rule(
        id=entry["id"],
        title=message.partition(". ")[0].rstrip("."),
        help=message,
        severity=severity,
        confidence=Confidence[facts["confidence"]],
        category=Category(facts["risk_dimension"]),
        cwe=tuple(facts.get("cwe", ())),
        references=tuple(facts["references"]),
        owasp=tuple(facts.get("owasp", ())),
    )
