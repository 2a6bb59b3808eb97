"""Mine one repository: replay its history, and write a row for each of its changes."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from riskbot.assess import kinds
from riskbot.assess.chunks import chunks
from riskbot.assess.features import NAMES, numbers
from riskbot.detect.structure import StructureDetector
from riskbot.domain.change import Change
from riskbot.domain.finding import Detection
from riskbot.gather.missing import missing_paths
from riskbot.gather.replay import Replayed, filled, order, replay
from riskbot.learn.mine import skips
from riskbot.learn.mine.table import FEATURE, Writer
from riskbot.outside.git import Blobs, Git

MESSAGE = 4_000
CHUNKS = 12
"""So many chunks of a change are kept for learning: more would not be drawn."""
_EVERY = 100


@dataclass(frozen=True, slots=True)
class Limits:
    """What is mined of a repository.

    ``newest``: so many of the newest changes (all before ``until``, seconds since the epoch, None for no
    bound; none before ``since``); with ``only`` just these commits, wherever they are. ``structure``: the
    share of changes, 0 to 1, whose syntax trees are compared; which ones, the commit's id says.
    """

    newest: int = 5_000
    since: int | None = None
    until: int | None = None
    structure: float = 1.0
    only: tuple[str, ...] = ()


@dataclass(slots=True)
class Mined:
    """What mining a repository came to: rows by reason to skip ("" for examples), and how long it took.

    ``left_out``: paths whose contents are not in the clone, which do not exist for the mined table.
    """

    tip: str
    left_out: tuple[str, ...] = ()
    rows: Counter[str] = field(default_factory=Counter)
    structured: int = 0
    seconds: float = 0.0


def mine(
    git: Git,
    name: str,
    tip: str,
    out: Path,
    limits: Limits = Limits(),
    *,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Mined:
    """Write the table of one repository to ``out``; what was there is replaced once all is written.

    ``tip`` is the commit to mine up to. ``progress`` is told how many of how many changes are done. Paths
    whose contents are not in the clone are left out. Raises EvaluationError where git fails.
    """
    began = time.monotonic()
    absent = missing_paths(git, tip, limits.only)
    wanted = chosen(git, tip, limits, absent)
    told, seen = Mined(tip, absent), set[str]()
    progress(0, len(wanted))
    with git.blobs() as blobs, Writer(out) as writer:
        for done, one in enumerate(replay(git, tip, wanted, also=limits.only, exclude=absent), 1):
            row = _row(name, one, _detection(one, blobs, limits, told))
            if not row["skip"] and row["patch_id"]:
                row["skip"] = "duplicate" if row["patch_id"] in seen else ""
                seen.add(row["patch_id"])
            told.rows[row["skip"]] += 1
            writer.add(row)
            if done % _EVERY == 0 or done == len(wanted):
                progress(done, len(wanted))
    told.seconds = time.monotonic() - began
    return told


def chosen(git: Git, tip: str, limits: Limits, absent: Sequence[str] = ()) -> list[str]:
    """List the commits to mine, in the order of the replay; paths in ``absent`` do not exist."""
    ids = order(git, tip, limits.only, absent)
    if limits.only:
        asked = frozenset(limits.only)
        return [one for one in ids if one in asked]
    if limits.since is not None or limits.until is not None:
        times = dict(_times(git, tip))
        low = -1 if limits.since is None else limits.since
        high = max(times.values(), default=0) if limits.until is None else limits.until
        ids = [one for one in ids if low <= times[one] <= high]
    return ids[-limits.newest :]


def _times(git: Git, tip: str) -> Iterator[tuple[str, int]]:
    for line in git.run("log", "--no-merges", "--full-history", "--format=%H %ct", tip, "--").splitlines():
        name, _, when = line.decode().partition(" ")
        yield name, int(when)


def _detection(one: Replayed, blobs: Blobs, limits: Limits, told: Mined) -> Detection | None:
    """Compare the syntax trees, if it is this change's turn and there is anything to compare."""
    share = int(one.measured.entry.id[:8], 16) / 0xFFFFFFFF
    if one.oversized or share > limits.structure or not any(file.is_python for file in one.change.files):
        return None
    told.structured += 1
    return StructureDetector().run(filled(one.change, blobs))


def _row(name: str, one: Replayed, detection: Detection | None) -> dict[str, Any]:
    entry, change = one.measured.entry, one.change
    found = numbers(change, detection)
    return {
        "repository": name,
        "commit": entry.id,
        "parent": change.base or "",
        "authored_at": entry.authored_at,
        "committed_at": entry.committed_at,
        "author": hashlib.sha256(f"{name}\0{entry.author}".encode()).hexdigest()[:12],
        "message": entry.message[:MESSAGE],
        "patch_id": one.patch,
        "skip": skips.reason(one),
        "reverts": skips.reverted(entry.message),
        "la": int(one.measured.metrics.la or 0),
        "ld": int(one.measured.metrics.ld or 0),
        "code": any(kinds.rank(file.path) == 0 for file in change.files),
        **{FEATURE + feature: found[feature] for feature in NAMES},
        "chunks": list(_chunks(change)),
    }


def _chunks(change: Change) -> Iterator[dict[str, Any]]:
    for chunk in chunks(change, CHUNKS):
        file = change.files[chunk.file]
        hunk = file.hunks[chunk.hunk]
        yield {
            "path": file.path.encode("utf-8", "surrogateescape").decode("utf-8", "replace"),
            "old_start": hunk.old_start,
            "old_count": hunk.old_count,
            "new_start": hunk.new_start,
            "new_count": hunk.new_count,
            "first": chunk.first.encode("utf-8", "replace").decode(),
            "second": chunk.second,
        }
