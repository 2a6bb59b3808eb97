"""Changes to what governs changes: riskbot's own charter, ownership, and the checks that run.

A change is judged by the base's charter, so it cannot vote for itself; that it tries to change the charter
for those after it is what a reviewer must know.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from riskbot.domain.change import Change, FileDiff, FileStatus, Omission, OmissionKind
from riskbot.domain.finding import (
    Category,
    Confidence,
    Detection,
    Finding,
    Location,
    Rule,
    Severity,
    Side,
    fingerprint,
)

_STEP = "charter"
_OWNERS = re.compile(r"(?:.*/)?(?:CODEOWNERS|OWNERS|OWNERS_ALIASES|MAINTAINERS)", re.DOTALL)
_CHECKS = re.compile(
    r"\.github/(?:workflows|actions)/.*"
    r"|\.circleci/.*|\.buildkite/.*|\.ci/.*"
    r"|(?:.*/)?(?:action\.ya?ml|Jenkinsfile)"
    r"|\.gitlab-ci\.ya?ml|\.travis\.ya?ml|azure-pipelines\.ya?ml|bitbucket-pipelines\.yml|appveyor\.yml"
    r"|\.pre-commit-config\.ya?ml|\.pre-commit-hooks\.yaml",
    re.DOTALL,
)
_CHARTER = re.compile(r"\.riskbot(?:/.*)?", re.DOTALL)
_SETTINGS = "pyproject.toml"
_SIZE_LIMIT = 4 * 2**20


def _rule(name: str, title: str, why: str, severity: Severity) -> Rule:
    return Rule(name, title, f"{title}. {why}", severity, Confidence.HIGH, Category.GOVERNANCE)


CHARTER_CHANGED = _rule(
    "charter-changed",
    "The change touches the rules that riskbot judges by",
    "This change is still judged by the old ones; every later change will be judged by the new ones. Someone"
    " who answers for the policy should read each weakened limit; make the edit a change of its own.",
    Severity.HIGH,
)
OWNERSHIP_CHANGED = _rule(
    "ownership-changed",
    "The change touches who owns the code",
    "Later changes will ask other people for review. Check with both the old and the new owners that they"
    " agree, above all where a pattern got wider or an owner was removed.",
    Severity.MEDIUM,
)
CI_CHANGED = _rule(
    "ci-changed",
    "The change touches the checks that run on every change",
    "A weaker workflow or hook lets later faults through, and a workflow runs with the repository's secrets."
    " Look for removed steps, new permissions, unpinned actions and code fetched at run time.",
    Severity.MEDIUM,
)


@dataclass(frozen=True)
class CharterDetector:
    """Names every file of the change that governs changes; by path, and for pyproject.toml by its content.

    ``rules`` are the files and folders of the repository's own rules.
    """

    rules: tuple[str, ...] = ()
    name: str = _STEP

    def run(self, change: Change) -> Detection:
        """Look at the paths of both sides: moving a governing file away is a change to it."""
        findings: list[Finding] = []
        omissions: list[Omission] = []
        for file in change.files:
            for path in _paths(file):
                rule = CHARTER_CHANGED if self._holds_rules(path) else _governs(path)
                if path == _SETTINGS:
                    rule, omission = _settings(file)
                    omissions += [omission] if omission else []
                if rule is not None:
                    findings.append(_finding(file, path, rule))
        rules = tuple(rule for rule in _ALL if any(finding.rule == rule.id for finding in findings))
        return Detection(tuple(findings), tuple(omissions), rules=rules)

    def _holds_rules(self, path: str) -> bool:
        """Tell whether the path is one of the repository's own rules, or lies in a folder of them."""
        return any(path == one or path.startswith(f"{one}/") for one in self.rules)


def _paths(file: FileDiff) -> list[str]:
    """List the paths that the change touches: both of a rename, the new one of a copy."""
    old = None if file.status is FileStatus.COPIED else file.old_path
    return list(dict.fromkeys(path for path in (file.new_path, old) if path is not None))


_ALL = (CHARTER_CHANGED, OWNERSHIP_CHANGED, CI_CHANGED)


def _governs(path: str) -> Rule | None:
    kinds = {_CHARTER: CHARTER_CHANGED, _OWNERS: OWNERSHIP_CHANGED, _CHECKS: CI_CHANGED}
    return next((rule for pattern, rule in kinds.items() if pattern.fullmatch(path)), None)


def _settings(file: FileDiff) -> tuple[Rule | None, Omission | None]:
    """Compare riskbot's table in pyproject.toml before and after; what cannot be read counts as changed.

    From a bare diff only the changed lines are known: a line that names riskbot counts, and without one it
    stays open whether the lines belong to the table, which is an omission.
    """
    old = b"" if file.old_path != _SETTINGS or file.status is FileStatus.COPIED else file.old
    new = b"" if file.new_path != _SETTINGS else file.new
    if old is None or new is None:
        named = any(b"riskbot" in line.raw for hunk in file.hunks for line in hunk.lines)
        reason = "only its changed lines are known: whether they belong to [tool.riskbot] stays open"
        gap = Omission(OmissionKind.CONTENT_UNKNOWN, _STEP, reason, file.path)
        return (CHARTER_CHANGED, None) if named else (None, gap)
    before, after = _table(old), _table(new)
    same = before == after and before is not _UNREADABLE
    return (None, None) if same else (CHARTER_CHANGED, None)


_UNREADABLE: dict[str, Any] = {"unreadable": True}


def _table(content: bytes) -> Any:
    """Read ``[tool.riskbot]``; ``_UNREADABLE`` where the file is no TOML (its reader would refuse it too)."""
    if b"riskbot" not in content and b"\\" not in content:
        return None  # a key can also be written with escapes, so a backslash needs the real reader
    if len(content) > _SIZE_LIMIT:
        return _UNREADABLE
    try:
        tool = tomllib.loads(content.decode()).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return _UNREADABLE
    return tool.get("riskbot") if isinstance(tool, dict) else _UNREADABLE


def _finding(file: FileDiff, path: str, rule: Rule) -> Finding:
    gone = path != file.new_path
    verb = "is added" if file.status is FileStatus.ADDED else "is removed" if gone else "is changed"
    lines = sorted(file.removed_lines() if gone else file.added_lines())
    return Finding(
        rule=rule.id,
        detector=_STEP,
        severity=rule.severity,
        confidence=rule.confidence,
        category=rule.category,
        location=Location(path, lines[0] if lines else None, side=Side.OLD if gone else Side.NEW),
        message=f"{path} {verb}. {rule.help}",
        fingerprint=fingerprint(rule.id, path, verb),
    )
