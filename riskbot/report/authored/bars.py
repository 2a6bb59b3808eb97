"""Shares over time for a person at a terminal: a bar a period, parted by category."""

from __future__ import annotations

from riskbot.domain.authorship import Category
from riskbot.report.authored import words
from riskbot.report.authored.shares import By, Period, Shares
from riskbot.report.counts import count
from riskbot.report.page import Page

#: What is drawn, from the left; commits without a sign are the rest of the bar.
DRAWN = (
    Category.ATTESTED,
    Category.DECLARED,
    Category.MIXED,
    Category.ASSISTED,
    Category.AUTOMATION,
    Category.INFERRED,
    Category.UNKNOWN,
)
#: Without colour the parts of a bar must differ by their letters.
_LETTER = {
    Category.ATTESTED: "A",
    Category.DECLARED: "d",
    Category.MIXED: "m",
    Category.ASSISTED: "s",
    Category.AUTOMATION: "b",
    Category.INFERRED: "i",
    Category.UNKNOWN: "u",
}
#: Where a bar may end, in per cent.
ENDS = (5, 10, 20, 30, 40, 50, 60, 80, 100)
_TOOLS = 12


def written(
    shares: Shares,
    by: By,
    *,
    repository: str,
    origin: str,
    notes: tuple[str, ...],
    color: bool,
    width: int,
    unicode: bool = True,
) -> str:
    """Write the bars, the tools, and what was left out."""
    page = Page(color=color, width=width, unicode=unicode)
    periods = shares.periods(by)
    total = shares.total()
    page.title(f"Signs of agents and bots by {by.name.lower()}: {page.quote(repository)}", page.quote(origin))
    page.gap()
    if periods:
        _bars(page, periods)
    page.prose(f"{count(total.commits, 'commit')}: {words.summed(total.categories) or 'none'}.", style="bold")
    for what, tools in (("Agents", total.agents), ("Other tools", total.others)):
        most = tools.most_common()
        named = ", ".join(f"{page.quote(tool)} {number:,}" for tool, number in most[:_TOOLS])
        rest = f" and {len(most) - _TOOLS:,} more" if len(most) > _TOOLS else ""
        if named:
            page.prose(f"{what}: {named}{rest}.")
    for said in left_out(shares):
        page.prose(said, style="dim")
    for note in notes:
        page.prose(page.quote(note), style="yellow")
    page.prose(words.FOOTNOTE, style="dim")
    return page.written()


def left_out(shares: Shares) -> list[str]:
    """Say which commits are in no bar."""
    told = []
    if shares.merges:
        told.append(f"{count(shares.merges, 'merge')} left out.")
    if shares.repeated:
        told.append(f"{count(shares.repeated, 'commit')} left out as the same change again.")
    if shares.undated.commits:
        told.append(f"{count(shares.undated.commits, 'commit')} without a date, or with one in the future.")
    return told


def end(periods: tuple[Period, ...]) -> int:
    """Choose where the bars end, in per cent, so that the longest fits."""
    longest = max((100 * drawn(period) for period in periods), default=0.0)
    return next(each for each in ENDS if each >= longest - 1e-9)


def drawn(period: Period) -> float:
    """The part of a period's commits that are drawn, 0 to 1."""
    return sum(map(period.share, DRAWN))


def _bars(page: Page, periods: tuple[Period, ...]) -> None:
    most = max(period.commits for period in periods)
    label, numbers = max(len(period.name) for period in periods), max(7, len(f"{most:,}"))
    full = end(periods)
    room = max(10, page.width - label - numbers - 12)
    page.line(
        " " * label,
        f"{'commits':>{numbers + 2}}  ",
        (f"0 %{f'{full} %':>{room - 3}}", "dim"),
    )
    for period in periods:
        share = f"{100 * drawn(period):.0f} %" if period.commits else ""
        page.line(
            period.name.ljust(label),
            (f"{period.commits:>{numbers + 2},}  ", "dim"),
            *_bar(page, period, full, room),
            f"  {share:>5}",
        )
    _legend(page, periods)
    page.gap()


def _bar(page: Page, period: Period, full: int, room: int) -> list[tuple[str, str]]:
    """Draw one bar; the ends of its parts are rounded from their running sum, so that no error adds up."""
    parts, done, running = [], 0, 0.0
    for category in DRAWN:
        running += period.share(category)
        until = round(100 * running / full * room)
        mark = page.glyphs.full if page.color and page.unicode else _LETTER[category]
        parts.append((mark * (until - done), words.STYLE[category]))
        done = until
    parts.append((" " * (room - done), ""))
    return parts


def _legend(page: Page, periods: tuple[Period, ...]) -> None:
    found = [one for one in DRAWN if any(period.categories[one] for period in periods)]
    if not found:
        return
    marked = page.color and page.unicode
    parts: list[str | tuple[str, str]] = []
    for one in found:
        parts += [((page.glyphs.full if marked else _LETTER[one]), words.STYLE[one]), f" {one.value}   "]
    page.line(*parts)
