"""Commits counted by period, category and tool: what `riskbot authorship stats` shows. No people are."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from riskbot.domain.authorship import Category, CommitAuthorship
from riskbot.report import escape

SCHEMA: Final = "riskbot.authorship-stats/1"


AGENTS = frozenset({Category.ATTESTED, Category.MIXED, Category.DECLARED, Category.INFERRED})
"""Categories of commits that an agent had a part in, as far as signs or style say."""


class By(Enum):
    """How long a period is; the value is its length in months."""

    MONTH = 1
    QUARTER = 3
    YEAR = 12


@dataclass(slots=True)
class Period:
    """The commits of one period. ``start`` counts months since the year 0.

    Tools are those of the commits' best signs: ``agents`` of commits that agents had a part in, ``others`` of
    what was assisted or automated.
    """

    start: int
    by: By
    categories: Counter[Category] = field(default_factory=Counter)
    agents: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)

    @property
    def commits(self) -> int:
        """How many there are."""
        return self.categories.total()

    @property
    def name(self) -> str:
        """The period in short: ``2026-03``, ``2026-Q1``, ``2026``."""
        year, month = divmod(self.start, 12)
        if self.by is By.YEAR:
            return f"{year:04}"
        return f"{year:04}-Q{month // 3 + 1}" if self.by is By.QUARTER else f"{year:04}-{month + 1:02}"

    @property
    def first_day(self) -> str:
        """The first day of the period, as ``2026-03-01``."""
        year, month = divmod(self.start, 12)
        return f"{year:04}-{month + 1:02}-01"

    def include(self, other: Period) -> None:
        """Add another period's commits."""
        self.categories.update(other.categories)
        self.agents.update(other.agents)
        self.others.update(other.others)

    def share(self, category: Category) -> float:
        """The part of its commits that are of one category, 0 to 1; 0 where there is no commit."""
        return self.categories[category] / self.commits if self.commits else 0.0


@dataclass(slots=True)
class Shares:
    """Commits by month of the committer's date, counted one by one. ``now``: what is later has no date."""

    now: int
    months: dict[int, Period] = field(default_factory=dict)
    undated: Period = field(default_factory=lambda: Period(0, By.MONTH))
    merges: int = 0
    repeated: int = 0

    def add(self, one: CommitAuthorship, committed_at: int | None) -> None:
        """Count one commit."""
        month = self._month(committed_at)
        period = self.undated if month is None else self.months.setdefault(month, Period(month, By.MONTH))
        period.categories[one.category] += 1
        if one.tool:
            (period.agents if one.category in AGENTS else period.others)[one.tool] += 1

    def _month(self, seconds: int | None) -> int | None:
        """Give the month of a time; a time of zero is none, and a clock may be years ahead."""
        if not seconds or seconds < 0 or seconds > self.now + 86_400:
            return None
        day = datetime.fromtimestamp(seconds, UTC)
        return day.year * 12 + day.month - 1

    @property
    def by(self) -> By:
        """The period that fits: at most two years by month, at most eight by quarter."""
        span = max(self.months) - min(self.months) if self.months else 0
        return By.MONTH if span < 24 else By.QUARTER if span < 96 else By.YEAR

    def periods(self, by: By) -> tuple[Period, ...]:
        """Give the periods from the first with commits to the last, and those without any between them."""
        if not self.months:
            return ()
        size = by.value
        first, last = (month // size * size for month in (min(self.months), max(self.months)))
        found = {start: Period(start, by) for start in range(first, last + 1, size)}
        for month, counted in self.months.items():
            found[month // size * size].include(counted)
        return tuple(found.values())

    def total(self) -> Period:
        """Add everything up, what has no date too."""
        whole = Period(0, By.YEAR)
        for period in (*self.months.values(), self.undated):
            whole.include(period)
        return whole


_Count = Annotated[int, Meta(ge=0)]


class _Record(Struct, kw_only=True, forbid_unknown_fields=True):
    """Every field is named, no other is allowed."""


class PeriodEntry(_Record):
    """The commits of one period."""

    period: Annotated[str, Meta(description="The period: 2026-03, 2026-Q1 or 2026.")]
    start: Annotated[str, Meta(description="Its first day.")]
    commits: Annotated[_Count, Meta(description="How many commits were committed in it.")]
    categories: Annotated[dict[Category, _Count], Meta(description="How many of each category.")]
    agents: Annotated[dict[str, _Count], Meta(description="How many that agents had a part in, by tool.")]
    others: Annotated[dict[str, _Count], Meta(description="How many were assisted or automated, by tool.")]


class TotalEntry(_Record):
    """All commits that were counted, with and without a date."""

    commits: Annotated[_Count, Meta(description="How many there are.")]
    categories: Annotated[dict[Category, _Count], Meta(description="How many of each category.")]
    agents: Annotated[dict[str, _Count], Meta(description="How many that agents had a part in, by tool.")]
    others: Annotated[dict[str, _Count], Meta(description="How many were assisted or automated, by tool.")]
    undated: Annotated[_Count, Meta(description="How many have no date, or one in the future.")]
    merges: Annotated[_Count, Meta(description="How many merges were left out.")]
    repeated: Annotated[
        _Count, Meta(description="How many were left out as the same change again (--dedup).")
    ]


class Document(_Record):
    """What `riskbot authorship stats --format json` writes."""

    schema: Annotated[Literal["riskbot.authorship-stats/1"], Meta(description="The version of the document.")]
    riskbot: Annotated[str, Meta(description="The version of riskbot that wrote it.")]
    repository: Annotated[str, Meta(description="The repository's name.")]
    origin: Annotated[str, Meta(description="Which commits were counted, in words.")]
    by: Annotated[Literal["month", "quarter", "year"], Meta(description="How long a period is.")]
    periods: Annotated[tuple[PeriodEntry, ...], Meta(description="The periods, the oldest first.")]
    total: Annotated[TotalEntry, Meta(description="Everything added up.")]
    notes: Annotated[tuple[str, ...], Meta(description="What limits the answer.")]


def json(
    shares: Shares, by: By, *, version: str, repository: str, origin: str, notes: tuple[str, ...]
) -> str:
    """Write the counts as one document."""
    total = shares.total()
    document = Document(
        schema=SCHEMA,
        riskbot=version,
        repository=escape.prose(repository),
        origin=escape.prose(origin),
        by=by.name.lower(),  # type: ignore[arg-type]
        periods=tuple(
            PeriodEntry(
                period=period.name,
                start=period.first_day,
                commits=period.commits,
                categories=_categories(period.categories),
                agents=dict(period.agents.most_common()),
                others=dict(period.others.most_common()),
            )
            for period in shares.periods(by)
        ),
        total=TotalEntry(
            commits=total.commits,
            categories=_categories(total.categories),
            agents=dict(total.agents.most_common()),
            others=dict(total.others.most_common()),
            undated=shares.undated.commits,
            merges=shares.merges,
            repeated=shares.repeated,
        ),
        notes=notes,
    )
    encoded = msgspec.json.format(msgspec.json.encode(document), indent=2)
    return escape.json_text(encoded.decode()) + "\n"


def table(shares: Shares, by: By) -> str:
    """Write the counts as CSV (RFC 4180), a line for each period and category or tool, zeros among them."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("period", "start", "of", "name", "commits", "share"))
    total = shares.total()
    for period in shares.periods(by):
        counts = [("category", one.value, period.categories[one]) for one in Category]
        counts += [("agent", tool, period.agents[tool]) for tool, _ in total.agents.most_common()]
        counts += [("other", tool, period.others[tool]) for tool, _ in total.others.most_common()]
        for of, name, number in counts:
            share = f"{number / period.commits:.4f}" if period.commits else ""
            writer.writerow((period.name, period.first_day, of, name, number, share))
    return file.getvalue()


def schema() -> dict[str, Any]:
    """Describe the document as JSON schema (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"What riskbot authorship stats --format json writes, {SCHEMA}",
        **msgspec.json.schema(Document),
    }


def _categories(counted: Mapping[Category, int]) -> dict[Category, int]:
    return {one: counted[one] for one in Category}
