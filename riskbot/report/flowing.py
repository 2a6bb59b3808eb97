"""The way that data took, for readers: step by step in text, in one line elsewhere, as SARIF's code flow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from riskbot.domain.finding import Evidence, Location
from riskbot.report import reading
from riskbot.report.page import Page

#: How many steps are shown; the first and the last are always among them.
STEPS = 12
#: GitHub reads no more of a code flow:
#: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
MOST_STEPS = 10_000


def ends(steps: Sequence[Evidence], most: int) -> tuple[Sequence[Evidence], int, Sequence[Evidence]]:
    """Part a way into its beginning, the number of steps left out, and its end."""
    if len(steps) <= most + 1:  # a line that only counts would take the place of the one it counts
        return steps, 0, ()
    return steps[: most // 2], len(steps) - most, steps[len(steps) - (most - most // 2) :]


def write(page: Page, steps: Sequence[Evidence], *, indent: int) -> None:
    """Put the steps on the page, numbered, each with its place."""
    first, left, last = ends(steps, STEPS)
    width = len(str(len(steps)))
    for number, step in enumerate(first, 1):
        _step(page, number, step, indent, width)
    if left:
        page.line((f"{' ' * indent}{reading.count(left, 'step')} between", "dim"))
    for number, step in enumerate(last, len(first) + left + 1):
        _step(page, number, step, indent, width)


def _step(page: Page, number: int, step: Evidence, indent: int, width: int) -> None:
    place = "" if step.where is None else f"{page.quote(reading.place(step.where.path, step.where.line))} "
    page.prose(
        place + page.quote(step.what),
        indent=indent + width + 1,
        first=[" " * indent, (f"{number:>{width}} ", "dim")],
    )


def places(steps: Sequence[Evidence]) -> list[str]:
    """List the places of a way, each once in a row, with an ellipsis where too many were left out."""
    first, left, last = ends(steps, STEPS)
    named = [
        reading.place(step.where.path, step.where.line) for step in (*first, *last) if step.where is not None
    ]
    if left:
        named.insert(len(first), "\u2026")
    return [place for number, place in enumerate(named) if named[number - 1 : number] != [place]]


def code_flow(
    steps: Sequence[Evidence], locate: Callable[[Location], dict[str, Any]], text: Callable[[str], str]
) -> dict[str, Any]:
    """Write a way as a code flow of one thread (SARIF 2.1.0, 3.36); ``locate`` and ``text`` write parts."""
    first, _, last = ends([step for step in steps if step.where is not None], MOST_STEPS)
    locations = [
        {
            "location": {**locate(step.where), "message": {"text": text(step.what or "Here.")}},
            "importance": "essential" if number in {0, len(first) + len(last) - 1} else "important",
            "executionOrder": number + 1,
        }
        for number, step in enumerate((*first, *last))
        if step.where is not None
    ]
    return {"threadFlows": [{"locations": locations}]}
