"""Shares over time as a picture: what to draw where. :mod:`svg` and :mod:`png` draw it.

Two charts beneath each other share their periods: what part of the commits bears signs, by category, and how
many commits each agent had a part in. Commits without a sign are not drawn: they are what is left to 100 %.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from riskbot.domain.authorship import Category
from riskbot.report.authored import words
from riskbot.report.authored.bars import DRAWN, end
from riskbot.report.authored.shares import By, Period, Shares
from riskbot.report.counts import count
from riskbot.report.escape import visible

WIDTH, HEIGHT = 960, 640
"""In pixels."""

INK, GREY, RULE = "#222222", "#666666", "#dddddd"
#: Told apart by people who see colours otherwise: Okabe and Ito, https://jfly.uni-koeln.de/color/.
COLOURS = {
    Category.ATTESTED: "#0072b2",
    Category.DECLARED: "#009e73",
    Category.MIXED: "#56b4e9",
    Category.ASSISTED: "#e69f00",
    Category.AUTOMATION: "#999999",
    Category.INFERRED: "#cc79a7",
    Category.UNKNOWN: "#d55e00",
}
_TOOLS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#7b5ea7")
_OTHER = "#bbbbbb"

_LEFT, _RIGHT, _TOP = 64, 190, 100
_CHART, _BETWEEN = 210, 56
_LABEL = 60  # pixels that the name of a period needs


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; ``title`` is what it stands for, in words."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line from left to right."""

    x: float
    y: float
    width: float
    color: str


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text; ``x`` and ``y`` are where its baseline begins, is centred or ends."""

    x: float
    y: float
    text: str
    size: int = 12
    anchor: Literal["start", "middle", "end"] = "start"
    color: str = INK
    bold: bool = False


@dataclass(slots=True)
class Picture:
    """What to draw, in order, on white."""

    title: str
    shapes: list[Box | Rule | Label] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Series:
    name: str
    color: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Chart:
    """Stacked columns; ``most`` is the value at their top, ``said`` writes a value."""

    title: str
    names: Sequence[str]
    series: Sequence[_Series]
    most: float
    said: Callable[[float], str]


def draw(shares: Shares, by: By, *, repository: str, origin: str) -> Picture:
    """Draw the shares by period."""
    periods = shares.periods(by)
    total = shares.total()
    title = f"Signs of agents and bots in {visible(repository)[:60]}"
    picture = Picture(title)
    left = f"; {count(shares.merges, 'merge')} left out" if shares.merges else ""
    under = f"{count(total.commits, 'commit')} by {by.name.lower()}, {visible(origin)[:80]}{left}"
    picture.shapes += [
        Label(_LEFT, 32, title, 18, bold=True),
        Label(_LEFT, 52, under, 12, color=GREY),
        Label(_LEFT, HEIGHT - 14, words.FOOTNOTE, 11, color=GREY),
    ]
    if periods:
        names = [period.name for period in periods]
        parts = _categories(periods)
        _chart(
            picture, _TOP, _Chart("Part of the commits, by category", names, parts, end(periods), _per_cent)
        )
        tools = _tools(periods)
        most = max(map(sum, zip(*(series.values for series in tools), strict=True)), default=0.0)
        second = _Chart("Commits that agents had a part in, by tool", names, tools, _ceiling(most), _number)
        _chart(picture, _TOP + _CHART + _BETWEEN, second)
    return picture


def _categories(periods: Sequence[Period]) -> list[_Series]:
    return [
        _Series(one.value, COLOURS[one], tuple(100 * period.share(one) for period in periods))
        for one in DRAWN
        if any(period.categories[one] for period in periods)
    ]


def _tools(periods: Sequence[Period]) -> list[_Series]:
    """Give the tools of the most commits, and all others as one."""
    total: dict[str, int] = {}
    for period in periods:
        for tool, number in period.agents.items():
            total[tool] = total.get(tool, 0) + number
    named = sorted(total, key=lambda tool: (-total[tool], tool))
    if len(named) > len(_TOOLS):
        named = named[: len(_TOOLS) - 1]
    series = [
        _Series(visible(tool), color, tuple(float(period.agents[tool]) for period in periods))
        for tool, color in zip(named, _TOOLS, strict=False)
    ]
    if len(named) < len(total):
        rest = tuple(
            float(period.agents.total() - sum(period.agents[tool] for tool in named)) for period in periods
        )
        series.append(_Series(f"{len(total) - len(named)} other tools", _OTHER, rest))
    return series


def _chart(picture: Picture, top: float, chart: _Chart) -> None:
    width, bottom = WIDTH - _LEFT - _RIGHT, top + _CHART
    picture.shapes.append(Label(_LEFT, top - 12, chart.title, 13, bold=True))
    for part in range(5):
        y = bottom - _CHART * part / 4
        picture.shapes += [
            Rule(_LEFT, y, width, GREY if part == 0 else RULE),
            Label(_LEFT - 8, y + 4, chart.said(chart.most * part / 4), 11, "end", GREY),
        ]
    step = width / len(chart.names)
    every = max(1, -(-_LABEL * len(chart.names) // width))
    for number, name in enumerate(chart.names):
        x = _LEFT + number * step
        picture.shapes += _column(chart, number, x, bottom, step)
        if number % every == 0:
            picture.shapes.append(Label(x + step / 2, bottom + 16, name, 11, "middle", GREY))
    for number, one in enumerate(reversed(chart.series)):
        y = top + 6 + 20 * number
        picture.shapes += [
            Box(WIDTH - _RIGHT + 16, y, 12, 12, one.color),
            Label(WIDTH - _RIGHT + 34, y + 10, one.name[:24], 12),
        ]
    if not chart.series:
        nothing = Label(_LEFT + width / 2, top + _CHART / 2, "no sign was found", 13, "middle", GREY)
        picture.shapes.append(nothing)


def _column(chart: _Chart, number: int, x: float, bottom: float, step: float) -> list[Box]:
    """Stack one period's values from ``bottom`` up; ``step`` pixels are there for it."""
    gap, y, boxes = min(4.0, step * 0.15), bottom, []
    for one in chart.series:
        value = one.values[number]
        height = _CHART * value / chart.most
        y -= height
        if height > 0:
            title = f"{chart.names[number]}: {one.name}, {chart.said(value)}"
            boxes.append(Box(x + gap / 2, y, step - gap, height, one.color, title))
    return boxes


def _ceiling(most: float) -> float:
    """Choose a round number that is not below ``most`` and that four parts."""
    for power in range(12):
        for digit in (4, 8, 12, 20, 40):
            if digit * 10**power >= most:
                return float(digit * 10**power)
    return most


def _per_cent(value: float) -> str:
    return f"{value:.0f} %" if value >= 10 or value == int(value) else f"{value:.1f} %"


def _number(value: float) -> str:
    return f"{value:,.0f}"
