"""Policies and owners files, looked at without any change: what lets through, locks out, or never matters.

docs/policy-lint.md lists every code. Nothing here decides a verdict; it only tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from riskbot.facts import document as doc
from riskbot.judge.language.policy import Policy
from riskbot.judge.lint.branches import free_branches
from riskbot.judge.lint.declared import declarations
from riskbot.judge.lint.found import Found, Severity
from riskbot.judge.lint.machines import machines
from riskbot.judge.lint.owning import owners
from riskbot.judge.lint.people import Known, enough, names
from riskbot.judge.lint.reach import unreachable
from riskbot.judge.owners import Rosters
from riskbot.written import marked

__all__ = ["Found", "Severity", "Surroundings", "lint"]

_ORDER = list(Severity)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a policy is looked at with: owners files, who there is, the repository's files. None: unknown."""

    rosters: Rosters | None = None
    directory: doc.Directory | None = None
    paths: tuple[str, ...] = ()


def lint(
    policy: Policy, data: bytes, file: str, now: datetime, around: Surroundings | None = None
) -> tuple[Found, ...]:
    """Look at a policy that could be loaded from ``data``; in the order of files and lines, each once."""
    around = around or Surroundings()
    root = marked.parse(data, file)
    found: list[Found] = [
        *free_branches(policy.requires),
        *unreachable(policy.requires, policy.rules.groups or {}),
        *machines(policy.requires),
        *declarations(policy, root),
    ]
    known = None
    if around.directory is not None:
        known = Known(around.directory, policy, now)
        found += [*names(root, known), *enough(policy, known)]
    if around.rosters is not None:
        found += owners(around.rosters, policy, known, around.paths)
    return tuple(sorted(dict.fromkeys(found), key=lambda one: _key(one, file)))


def _key(one: Found, file: str) -> tuple[bool, str, int, int, int, str, str]:
    """The policy first, then the other files by name; within each by place."""
    return (
        one.file not in {file, ""},
        one.file,
        one.line or 0,
        one.column or 0,
        _ORDER.index(one.severity),
        one.code,
        one.message,
    )


def worst(found: Iterable[Found]) -> Severity | None:
    """The gravest severity, None where nothing was found."""
    return min((one.severity for one in found), key=_ORDER.index, default=None)
