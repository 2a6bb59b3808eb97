"""The rules: read strictly, merged into the one JSON file that semgrep loads fastest, cached.

A rule is ``rules/<pack>/<id>.yaml`` with its twin beside it. Most are semgrep's: patterns, and a twin of
lines that must and must not be found. What semgrep cannot say (differences, manifests) is a *native* rule:
instead of patterns it names a ``detector``, which takes the rule's words and severity from here
(:func:`native`); its twin is ``<id>.cases.yaml``.

Reading a hundred YAML files takes longer than running them, so what was read is kept under the user's cache
directory, named by the hash of its sources. The cache is never needed and never trusted: a file that is not
ours, that others may write, or whose content does not match its own hash is built again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from riskbot.detect.rules import languages
from riskbot.detect.rules.paths import Paths
from riskbot.detect.rules.prefilter import Needs, Words
from riskbot.domain.errors import ConfigError, EvaluationError
from riskbot.domain.finding import Category, Confidence, Rule, Severity
from riskbot.outside import bundled
from riskbot.outside import cache as files
from riskbot.outside.semgrepplan import CANARY_RULE

_FORMAT = b"10"  # part of the hash: a new reading of the same sources makes a new cache file
_SEVERITY = {"ERROR": Severity.HIGH, "WARNING": Severity.MEDIUM, "INFO": Severity.LOW}
OWN = "own"
"""The pack of a repository's own rules."""

_NO_RULES = (".test.yaml", ".cases.yaml")
_OURS = frozenset({"metadata", "fix", "fix-regex", "paths", "pack", "needs"})  # what semgrep need not be told


@dataclass(frozen=True, slots=True)
class Pack:
    """Rules together: ``merged`` is what semgrep is given, ``rules`` what a reader is told of each.

    ``languages`` holds the languages of semgrep's rules by rule, ``detectors`` the detector of each native
    rule, ``paths`` where a rule that does not speak of every file does, ``needs`` what a file must hold for a
    rule to find anything in it.
    """

    merged: bytes
    rules: dict[str, Rule]
    languages: dict[str, tuple[str, ...]] = field(default_factory=dict)
    detectors: dict[str, str] = field(default_factory=dict)
    paths: dict[str, Paths] = field(default_factory=dict)
    needs: dict[str, Needs] = field(default_factory=dict)

    def wanted(self, path: str, content: bytes, ending: str) -> frozenset[str]:
        """Name the rules of semgrep that may find something in a file, under the ending it is given."""
        speaking = languages.of_file(f"x{ending}", None)
        words = Words(content)
        return frozenset(
            rule
            for rule, names in self.languages.items()
            if (languages.EVERYTHING in names or not set(speaking).isdisjoint(names))
            and (rule not in self.paths or self.paths[rule].cover(path))
            and words.meet(self.needs.get(rule, True))
        )

    def joined(self, other: Pack) -> Pack:
        """Put two packs together; no rule is in both."""
        ours, theirs = (json.loads(one.merged)["rules"] for one in (self, other))
        told = [entry for entry in (*ours, *theirs) if entry["id"] != CANARY_RULE["id"]]
        return Pack(
            json.dumps({"rules": [*told, CANARY_RULE]}, ensure_ascii=False).encode(),
            self.rules | other.rules,
            self.languages | other.languages,
            self.detectors | other.detectors,
            self.paths | other.paths,
            self.needs | other.needs,
        )

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
    sources = {path.relative_to(folder).as_posix(): path.read_bytes() for path in rule_files(folder)}
    if not sources:
        raise EvaluationError(f"There is no rule under {folder}.", mend="Point riskbot at a folder of rules.")
    kept = (files.folder("rules") if cache is None else cache) / f"{_digest(sources)}.json"
    data = files.read(kept)
    if data is None:
        data = json.dumps(_read(folder, sources), ensure_ascii=False).encode()
        files.write(kept, data)
    return merge(json.loads(data))


def load_files(paths: Iterable[Path]) -> Pack:
    """Load some rule files alone, without a cache; the pack of each is the name of its folder."""
    from riskbot.detect.rules.file import read_rule

    return merge(
        [_with_needs(read_rule(path, path.read_bytes()), path.resolve().parent.name) for path in paths]
    )


def load_own(
    texts: Iterable[tuple[str, bytes]], taken: AbstractSet[str], *, cache: Path | None = None
) -> Pack:
    """Load a repository's own rules from texts by path; their pack is ``own``. See :mod:`.own` for errors.

    ``taken`` are the ids of all other rules.
    """
    sources = dict(texts)
    name = _digest(sources | {"\0taken": "\n".join(sorted(taken)).encode()})
    kept = (files.folder("rules") if cache is None else cache) / f"own-{name}.json"
    data = files.read(kept)
    if data is None:
        from riskbot.detect.rules import own

        entries = [_with_needs(entry, OWN) for entry in own.read(sources.items(), taken)]
        data = json.dumps(entries, ensure_ascii=False).encode()
        files.write(kept, data)
    return merge(json.loads(data))


@lru_cache(8)
def native(detector: str) -> dict[str, Rule]:
    """Give the shipped rules that name ``detector``, by id: what a native detector fires with.

    A detector takes severity, confidence, category and words of its findings from them, and returns those
    that fired in ``Detection.rules``::

        RULES = native("limits")          # inside run(), not at import: it reads files
        rule = RULES["limit-removed"]
        Finding(rule=rule.id, detector=self.name, severity=rule.severity, ...)
    """
    pack = load(bundled.folder("rules"))
    return {name: pack.rules[name] for name, of in pack.detectors.items() if of == detector}


def is_rule(path: str) -> bool:
    """Tell by its name whether a file in a folder of a repository's own rules is one, and not a twin."""
    return path.endswith((".yaml", ".yml")) and not path.endswith((*_NO_RULES, ".test.yml", ".fixed.yaml"))


def rule_files(folder: Path) -> list[Path]:
    """List the rule files; a ``.yml`` is an error, for it would be passed over in silence."""
    stray = sorted(path for path in folder.rglob("*.yml") if not path.name.endswith(".test.yml"))
    if stray:
        raise ConfigError("A rule file must end in .yaml.", file=str(stray[0]), mend="Rename it.")
    return sorted(path for path in folder.rglob("*.yaml") if not path.name.endswith(_NO_RULES))


def _digest(sources: dict[str, bytes]) -> str:
    """Hash names and contents, each with its length, and everything else that makes the merged file."""
    digest = hashlib.sha256(_FORMAT)
    for name, content in sources.items():
        for part in (name.encode("utf-8", "surrogateescape"), content):
            digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()


def _read(folder: Path, sources: dict[str, bytes]) -> list[dict[str, Any]]:
    """Read all sources strictly; each rule as it stands there, with its ``pack``: its first folder."""
    from riskbot.detect.rules.file import read_rule  # PyYAML is only needed when the cache is cold

    rules: dict[str, dict[str, Any]] = {}
    for name, content in sources.items():
        rule = read_rule(folder / name, content)
        if rule["id"] in rules:
            raise ConfigError(f"A second rule has the id {rule['id']}.", file=str(folder / name), line=1)
        rules[rule["id"]] = _with_needs(rule, name.partition("/")[0] if "/" in name else "")
    return list(rules.values())


def _with_needs(rule: dict[str, Any], pack: str) -> dict[str, Any]:
    from riskbot.detect.rules import deriving

    return rule | {"pack": pack, "needs": True if "detector" in rule else deriving.needs(rule)}


def merge(entries: list[dict[str, Any]]) -> Pack:
    """Make a pack of rules as they were read, with their ``pack``; semgrep is told only what it needs."""
    semgrep = [entry for entry in entries if "detector" not in entry]
    told = [{key: value for key, value in entry.items() if key not in _OURS} for entry in semgrep]
    return Pack(
        json.dumps({"rules": [*told, CANARY_RULE]}, ensure_ascii=False).encode(),
        {entry["id"]: _rule(entry) for entry in entries},
        {entry["id"]: tuple(_languages(entry)) for entry in semgrep},
        {entry["id"]: entry["detector"] for entry in entries if "detector" in entry},
        {entry["id"]: _paths(entry["paths"]) for entry in semgrep if entry.get("paths")},
        {entry["id"]: entry["needs"] for entry in semgrep},
    )


def _languages(entry: dict[str, Any]) -> list[str]:
    found = [languages.of_rule(name) for name in entry["languages"]]
    return [name for name in found if name is not None]


def _paths(globs: dict[str, list[str]]) -> Paths:
    return Paths(tuple(globs.get("include", ())), tuple(globs.get("exclude", ())))


def _rule(entry: dict[str, Any]) -> Rule:
    """Translate a rule file into what a reader is told.

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
        pack=entry["pack"],
    )
