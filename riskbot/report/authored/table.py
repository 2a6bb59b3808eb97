"""What is known of each commit, for a person at a terminal: a line a commit, its evidence beneath.

Of a long list only commits that bear something are shown; the last lines say how many there are in all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from riskbot.domain.authorship import Category, CommitAuthorship, Sign
from riskbot.report.authored import words
from riskbot.report.authored.document import SummaryEntry
from riskbot.report.counts import count
from riskbot.report.page import Page

ALL = 100
"""Up to so many commits are shown whatever they bear."""
SIGNS = 4
"""So many signs of a commit are shown; the rest is counted."""

_PAGE = 200  # commits that are laid out at a time
_INDENT = 12
_TOOL = 30
_SEEN = 160


class Row:
    """One commit as the table needs it: ``subject`` is the first line of its message."""

    __slots__ = ("authorship", "committed_at", "subject")

    def __init__(self, authorship: CommitAuthorship, committed_at: int | None, subject: str) -> None:
        self.authorship, self.committed_at, self.subject = authorship, committed_at, subject

    @property
    def bears(self) -> bool:
        """Something was seen, said or not readable."""
        one = self.authorship
        return bool(one.signs or one.corrections or one.note) or one.category is not Category.NONE


def written(
    rows: Iterable[Row], sums: Iterable[SummaryEntry], *, color: bool, width: int, unicode: bool = True
) -> Iterator[str]:
    """Write the commits page by page, then the sums, which are asked for when all commits are written."""
    source = iter(rows)
    first = list(islice(source, ALL + 1))
    everything = len(first) <= ALL
    looks = {"color": color, "width": width, "unicode": unicode}
    page = Page(**looks)  # type: ignore[arg-type]
    shown = 0
    for chunk in _chunks(first, source):
        for row in chunk:
            if everything or row.bears:
                _row(page, row)
                shown += 1
        if shown:
            yield page.written()
            page = Page(**looks)  # type: ignore[arg-type]
            shown = 0
    _sums(page, next(iter(sums)), everything=everything)
    yield page.written()


def _chunks(first: list[Row], rest: Iterator[Row]) -> Iterator[list[Row]]:
    yield first
    while chunk := list(islice(rest, _PAGE)):
        yield chunk


def _row(page: Page, row: Row) -> None:
    one = row.authorship
    told = one.tool.lower() in one.model.lower()
    tool = one.model if told else f"{one.tool} {one.model}"
    style = words.STYLE[one.category]
    quiet = "dim" if one.category is Category.NONE else ""
    page.line(
        (page.quote(one.commit)[: _INDENT - 2].ljust(_INDENT), quiet or "yellow"),
        (words.day(row.committed_at).ljust(_INDENT), "dim"),
        (one.category.value.ljust(_INDENT), style),
        (page.column(page.quote(tool.strip()), _TOOL) + "  " if tool.strip() else "", "bold"),
        (page.quote(row.subject), quiet),
    )
    for sign in one.signs[:SIGNS]:
        _sign(page, sign)
    if len(one.signs) > SIGNS:
        page.line(" " * _INDENT, (f"{count(len(one.signs) - SIGNS, 'more sign')}", "dim"))
    if one.share is not None:
        page.line(" " * _INDENT, words.shared(one.share))
    for file in one.files:
        page.line(
            " " * _INDENT,
            f"{page.quote(file.path)}: {count(file.added, 'line')} added, {file.agent:,} by agents,"
            f" {file.human:,} by people, {max(0, file.added - file.agent - file.human):,} not known",
        )
    for correction in one.corrections:
        page.prose(page.quote(words.contested(correction)), indent=_INDENT, style="magenta")
    if one.note:
        page.prose(page.quote(one.note), indent=_INDENT, style="dim")


def _sign(page: Page, sign: Sign) -> None:
    limits = words.limits(sign)
    where = f"{sign.channel} of {sign.path}" if sign.path else sign.channel
    style = "" if sign.counts else "dim"
    page.line(
        " " * _INDENT,
        (f"{sign.tier.value}  ", "bold" if sign.counts else "dim"),
        (f"{page.quote(where)}: ", "dim"),
        (page.quote(sign.seen[:_SEEN]), style),
        (f"  ({limits})" if limits else "", "dim"),
    )


def _sums(page: Page, summary: SummaryEntry, *, everything: bool) -> None:
    said = words.summed(summary.categories)
    page.prose(f"{count(summary.commits, 'commit')}: {said or 'none was asked for'}.", style="bold")
    if summary.tools:
        named = ", ".join(f"{page.quote(tool)} {number:,}" for tool, number in summary.tools.items())
        page.prose(f"Tools: {named}.")
    if summary.contested:
        page.prose(f"{count(summary.contested, 'commit')} contested; that stands beside the evidence.")
    if not everything:
        page.prose("Commits without any sign are not shown; --format jsonl lists all.", style="dim")
    for note in summary.notes:
        page.prose(page.quote(note), style="yellow")
    page.prose(
        "A: vouched for by somebody other than the writer. B: exact. C: misfires. D: context.", style="dim"
    )
    page.prose(words.FOOTNOTE, style="dim")
