"""Mine one repository: the commits of each group that add enough Python, measured."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from riskbot.detect.authorship.notes import parse
from riskbot.detect.authorship.style.features import measure
from riskbot.domain.authorship import Kind
from riskbot.learn.authorship import table
from riskbot.learn.authorship.changed import CHANGES, changed
from riskbot.learn.authorship.commits import Read, read, references
from riskbot.learn.authorship.config import Mine
from riskbot.learn.authorship.diffs import MOST_LINES, Diff, diffs
from riskbot.learn.authorship.groups import AGENT, LATE, drawn
from riskbot.learn.authorship.messages import PREFIX, message
from riskbot.outside.git import Blobs, Git

FEWEST_LINES = 10
"""Of a commit that is studied; riskbot itself speaks of no change under 20."""


@dataclass(slots=True)
class _Taken:
    """What was taken so far: rows, and the patches that need not be taken again."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    patches: set[str] = field(default_factory=set)


def mine(
    git: Git,
    name: str,
    out: Path,
    limits: Mine,
    *,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Counter[str]:
    """Write the table of one repository to ``out``; gives how many rows each group has."""
    taken = _Taken()
    groups = drawn(read(git, references(git)), limits)
    with git.blobs() as blobs:
        for done, (group, listed) in enumerate(groups.items()):
            progress(done, len(groups))
            changing = limits.changed if group in {AGENT, LATE} else 0
            for one, diff in _examples(git, listed, getattr(limits, group), taken):
                row = _row(name, group, one, diff, _noted(one, diff, blobs))
                taken.rows.append(row | _features(diff.texts))
                if changing > 0 and diff.lines >= 2 * FEWEST_LINES:
                    made = list(_changed(row, diff, blobs))
                    taken.rows += made
                    changing -= bool(made)
    table.write(taken.rows, out)
    return Counter(row["group"] for row in taken.rows if not row["change"])


def _examples(git: Git, listed: Sequence[Read], most: int, taken: _Taken) -> Iterator[tuple[Read, Diff]]:
    """Give at most ``most`` commits that add enough Python, each patch once."""
    by_id = {one.commit.id: one for one in listed}
    count = 0
    for diff in diffs(git, list(by_id)) if most else ():
        if not FEWEST_LINES <= diff.lines <= MOST_LINES or diff.patch in taken.patches:
            continue
        taken.patches.add(diff.patch)
        yield by_id[diff.commit], diff
        count += 1
        if count >= most:
            return


def _row(name: str, group: str, one: Read, diff: Diff, noted: float | None) -> dict[str, Any]:
    commit = one.commit
    return {
        "repository": name,
        "commit": commit.id,
        "patch": diff.patch,
        "group": group,
        "change": "",
        "tool": one.tool,
        "tier": one.tier,
        "authored_at": commit.authored_at,
        "committed_at": commit.committed_at,
        "author": hashlib.sha256(f"{name}\0{commit.author.email.lower()}".encode()).hexdigest()[:12],
        "zone": one.zone,
        "earlier": one.earlier,
        "lines": diff.lines,
        "files": len(diff.added),
        "tests": diff.tests,
        "noted": noted,
        **{PREFIX + key: value for key, value in message(commit).items()},
    }


def _features(added: Mapping[str, Sequence[str]]) -> dict[str, float | None]:
    return {table.FEATURE + key: value for key, value in measure(added).items()}


def _noted(one: Read, diff: Diff, blobs: Blobs) -> float | None:
    """Give the share of the added lines that the commit's note gives to an agent; None without a note."""
    data = blobs.read(one.noted) if one.noted else None
    if data is None:
        return None
    note = parse(data)
    if note.error:
        return None
    covered = 0
    for entry in note.entries:
        if entry.kind is Kind.AGENT:
            lines = [number for number, _ in diff.added.get(entry.path, ())]
            covered += sum(any(low <= number <= high for low, high in entry.ranges) for number in lines)
    return min(1.0, covered / diff.lines)


def _changed(row: Mapping[str, Any], diff: Diff, blobs: Blobs) -> Iterator[dict[str, Any]]:
    """Give the rows of the same commit with names, comments and layout changed; none where one fails."""
    files = {}
    for path, lines in diff.added.items():
        data = blobs.read(f"{diff.commit}:{path}") if "\n" not in path else None
        if data is None:
            return
        files[path] = data.decode("utf-8", "replace"), frozenset(number for number, _ in lines)
    made = [(kind, changed(kind, files)) for kind in CHANGES]
    if all(added and any(added.values()) for _, added in made):
        for kind, added in made:
            if added:
                yield {**row, "change": kind, **_features(added)}
