"""Events: which commit was blamed or reverted, by whom, and since when that is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from riskbot.domain.errors import ConfigError

Source = Literal["b", "ag", "r", "revert", "reland"]
SOURCES: tuple[Source, ...] = get_args(Source)
_COLUMNS = ("commit", "source", "fix", "known_at", "linked")


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """``commit`` was blamed (or reverted, or landed again) by the commit ``fix``.

    ``known_at`` is the committer time of ``fix`` in seconds since the epoch: before it nobody could know.
    ``linked`` says that the fix names a reported issue.
    """

    commit: str
    source: Source
    fix: str
    known_at: int
    linked: bool


def known(
    events: Iterable[Event], source: Source, *, until: int | None = None, linked: bool = False
) -> set[str]:
    """Return the commits that are positive by ``source`` at the time ``until`` (None: by all that is known).

    With ``linked`` only repairs that name an issue count.
    """
    return {
        event.commit
        for event in events
        if event.source == source
        and (until is None or event.known_at <= until)
        and (event.linked or not linked)
    }


def write(path: Path, repository: str, events: Iterable[Event]) -> int:
    """Write the events of ``repository`` (``owner/name``) as Parquet, sorted; return how many there are.

    Columns: repository, commit, source, fix (str), known_at (int64), linked (bool). The file appears whole
    or not at all.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = sorted(events)
    schema = pa.schema(
        [
            ("repository", pa.string()),
            ("commit", pa.string()),
            ("source", pa.string()),
            ("fix", pa.string()),
            ("known_at", pa.int64()),
            ("linked", pa.bool_()),
        ]
    )
    columns: dict[str, list[object]] = {name: [getattr(row, name) for row in rows] for name in _COLUMNS}
    table = pa.table({"repository": [repository] * len(rows)} | columns, schema=schema)
    part = path.with_name(f"{path.name}.part")
    pq.write_table(table, part, compression="zstd")
    part.replace(path)
    return len(rows)


def read(path: Path) -> list[Event]:
    """Read the events of one file; ConfigError where it is no such file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        columns = pq.read_table(path, columns=list(_COLUMNS)).to_pydict()
        rows = [Event(*row) for row in zip(*(columns[name] for name in _COLUMNS), strict=True)]
    except (OSError, KeyError, pa.ArrowException) as problem:
        raise ConfigError(
            f"the labels cannot be read: {str(problem).splitlines()[0]}.",
            file=str(path),
            mend="Remove the file and run `riskbot learn label` again.",
        ) from problem
    if strange := {row.source for row in rows} - set(SOURCES):
        raise ConfigError(
            f"unknown sources of labels: {', '.join(sorted(map(str, strange)))}.",
            file=str(path),
            mend="It was written by another version: run `riskbot learn label` again.",
        )
    return rows
