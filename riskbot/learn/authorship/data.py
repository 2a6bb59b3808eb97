"""The mined rows as arrays, and which of them are examples of what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskbot.detect.authorship.style.features import names
from riskbot.learn.authorship import table
from riskbot.learn.authorship.groups import AGENT, NOTED, PEOPLE
from riskbot.learn.authorship.messages import PREFIX, outline
from riskbot.learn.measure import Floats

Mask = NDArray[np.bool_]
Texts = NDArray[np.str_]

SERVED_LINES = 20
"""riskbot speaks of no change that adds fewer lines of Python."""
PURE = 0.9
"""From this share of its lines on a commit with a note is an agent's."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Commits: ``code`` [rows, features of the code], ``said`` [rows, numbers of message and outline].

    ``group``, ``change``, ``tool``, ``repository``, ``author``, ``commit`` are texts; ``when`` is the
    committer's time, in seconds since the epoch; ``noted`` an agent's share of the lines by the note, NaN
    without one; ``zone`` in minutes east of UTC; ``earlier`` counts the author's commits before.
    """

    code: Floats
    said: Floats
    group: Texts
    change: Texts
    tool: Texts
    repository: Texts
    author: Texts
    commit: Texts
    when: Floats
    zone: Floats
    earlier: Floats
    lines: Floats
    noted: Floats

    def __len__(self) -> int:
        return len(self.when)

    def part(self, which: Any) -> Rows:
        """Give some of the rows."""
        return Rows(*(getattr(self, name)[which] for name in self.__dataclass_fields__))

    @property
    def month(self) -> Texts:
        """The calendar month of each, as ``2025-03``."""
        return self._calendar[:, 1]

    @property
    def year(self) -> Texts:
        """The year of each."""
        return self._calendar[:, 0]

    @property
    def _calendar(self) -> Texts:
        days = self.when.astype("int64").astype("datetime64[s]").astype("datetime64[M]").astype(str)
        return np.stack([np.array([day[:4] for day in days], dtype=str), days], axis=1)

    def groups(self, *wanted: str) -> Mask:
        """Say which rows are of the groups."""
        return np.isin(self.group, wanted)

    @property
    def agent(self) -> Mask:
        """Which rows are an agent's, by its sign or by a note."""
        return self.groups(AGENT) | (self.groups(NOTED) & (self.noted >= PURE))

    @property
    def people(self) -> Mask:
        """Which rows are people's, by the date."""
        return self.groups(*PEOPLE)


@dataclass(frozen=True)
class Corpus:
    """All rows: those of the repositories that may train, and those of the others, which only measure."""

    rows: Rows
    training: frozenset[str]

    @cached_property
    def plain(self) -> Mask:
        """Which rows are the commits as they are."""
        return np.asarray(self.rows.change == "")

    @cached_property
    def may_train(self) -> Mask:
        """Which rows are of repositories that may train."""
        return np.isin(self.rows.repository, sorted(self.training))

    def trainers(self, fewest: int) -> frozenset[str]:
        """Name the repositories that have enough of both kinds to train."""
        rows = self.rows
        found = set()
        for name in self.training:
            own = (rows.repository == name) & self.plain
            if (own & rows.agent).sum() >= fewest and (own & rows.people).sum() >= fewest:
                found.add(name)
        return frozenset(found)


SAID = tuple(field.name for field in table.SCHEMA if field.name.startswith(PREFIX))


def load(paths: Iterable[Path], training: Sequence[str]) -> Corpus:
    """Load mined tables. A patch that is in several repositories counts once, where it is oldest."""
    read = table.read(paths).sort_by([("committed_at", "ascending"), ("commit", "ascending")])
    columns = {name: read.column(name).to_numpy(zero_copy_only=False) for name in read.column_names}
    seen: set[tuple[str, str]] = set()
    kept = []
    for at, key in enumerate(zip(columns["patch"], columns["change"], strict=True)):
        if key not in seen:
            seen.add(key)
            kept.append(at)
    columns = {name: column[kept] for name, column in columns.items()}
    shape = [
        list(outline(*row).values())
        for row in zip(columns["lines"], columns["files"], columns["tests"], strict=True)
    ]
    rows = Rows(
        code=np.stack([columns[table.FEATURE + name].astype(float) for name in names()], axis=1),
        said=np.c_[np.stack([columns[name].astype(float) for name in SAID], axis=1), np.array(shape)],
        when=columns["committed_at"].astype(float),
        **{name: columns[name].astype(str) for name in ("group", "change", "tool", "repository", "author")},
        commit=columns["commit"].astype(str),
        **{name: columns[name].astype(float) for name in ("zone", "earlier", "lines", "noted")},
    )
    return Corpus(rows, frozenset(training))
