"""Reverts: commits that others took back, and those that landed again afterwards.

A revert is precise, rare and has mixed reasons (a broken build, a policy, a change of plans): a source of
labels of its own, never mixed with the blamed commits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from riskbot.learn.label.events import Event
from riskbot.learn.label.fixes import Repair, repair, subject
from riskbot.learn.label.history import Logged

_REVERTS = re.compile(
    r"\b(?:This reverts|Reverts|Revert|Backs out|Back out) (?:commits?:? )?([0-9a-f]{7,64})\b", re.IGNORECASE
)
_QUOTED = re.compile(
    r"""(?:\[[^\]]{1,40}\][ ]?)?  # [stable] Revert "..."
        Revert(?:ed|s|ing)?:?[ ][\"'“](.{1,290})[\"'”](?:[ ]\(\#\d{1,9}\))?\.{0,3}\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_LANDS = re.compile(
    r"""(?:Re-?land|Re-?apply|Unrevert)(?:ed|s)?\b[\s:-]{0,5}
        [\"'“]?(.{1,290}?)[\"'”]?(?:[ ]\(\#\d{1,9}\))?\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_PULL = re.compile(r" \(#\d{1,9}\)\Z")
"""The pull request's number that forges append to a subject: it differs when the change lands again."""


@dataclass(slots=True)
class _Seen:
    """What was read so far."""

    ids: list[str] = field(default_factory=list)
    subjects: dict[str, str] = field(default_factory=dict)
    """The latest commit with that subject."""
    names: dict[str, str] = field(default_factory=dict)
    """The subject of each commit."""
    reverts: dict[str, str] = field(default_factory=dict)
    """What each revert took back."""
    taken_back: dict[str, str] = field(default_factory=dict)
    """By subject, the commit that was taken back and has not landed again."""
    prefixes: dict[str, list[str]] = field(default_factory=dict)


def reverts(commits: Iterable[Logged]) -> Iterator[Event]:
    """Yield the events of sources ``revert`` and ``reland`` among ``commits``, which come oldest first.

    A revert names a commit by id, in full or by at least seven digits that only one earlier commit has, or
    else by its subject: the latest earlier commit with it. The revert of a revert lands the original again:
    it gives a ``reland`` for the original and nothing for the revert. So does a commit that says Reland or
    Reapply, and one that has the subject of a commit which is taken back at the time.
    """
    seen = _Seen()
    for commit in commits:
        if commit.parents < 2:
            yield from _events(seen, commit)
        _remember(seen, commit)


def _events(seen: _Seen, commit: Logged) -> Iterator[Event]:
    linked = repair(commit.message) is Repair.LINKED
    head = subject(commit.message)
    targets = list(dict.fromkeys(_targets(seen, commit, head)))
    for target in targets:
        original = seen.reverts.get(target)
        if original is None:
            seen.reverts[commit.id] = target
            seen.taken_back[_plain(seen.names[target])] = target
            yield Event(target, "revert", commit.id, commit.committed_at, linked)
        else:
            seen.taken_back.pop(_plain(seen.names[original]), None)
            yield Event(original, "reland", commit.id, commit.committed_at, linked)
    if not targets:
        lands = _LANDS.match(head)
        original = seen.taken_back.pop(_plain(lands[1] if lands else head), None)
        if original is not None:
            yield Event(original, "reland", commit.id, commit.committed_at, linked)


def _targets(seen: _Seen, commit: Logged, head: str) -> Iterator[str]:
    """Yield the earlier commits that ``commit`` says it takes back."""
    named = [digits.lower() for digits in _REVERTS.findall(commit.message)]
    found = [name for digits in named if (name := _resolve(seen, digits)) is not None]
    if found:
        yield from found
    elif quoted := _QUOTED.match(head):
        name = seen.subjects.get(quoted[1]) or seen.subjects.get(_plain(quoted[1]))
        if name is not None:
            yield name


def _resolve(seen: _Seen, digits: str) -> str | None:
    """Return the one earlier commit whose id begins so."""
    fitting = [name for name in seen.prefixes.get(digits[:7], ()) if name.startswith(digits)]
    return fitting[0] if len(fitting) == 1 else None


def _remember(seen: _Seen, commit: Logged) -> None:
    head = subject(commit.message)
    seen.names[commit.id] = head
    seen.subjects[head] = seen.subjects[_plain(head)] = commit.id
    seen.prefixes.setdefault(commit.id[:7], []).append(commit.id)


def _plain(head: str) -> str:
    return _PULL.sub("", head)
