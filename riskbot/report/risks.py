"""For text and markdown: the kinds of risk, how strong their signs are, and the reasons by family."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from riskbot.domain.assessment import Assessment, Dimension, Factor, Level, Sign
from riskbot.report import reading
from riskbot.report.page import Page

#: The widest name of a kind and of a level.
_KIND = 15
_LEVEL = 7
#: On a narrower page the words stand beneath the kind.
_NARROW = 70
_STYLE = {Level.HIGH: "bold red", Level.MEDIUM: "yellow", Level.LOW: "cyan", Level.NONE: "dim"}


_FAMILIES = {
    "size": "size",
    "past": "the files' past",
    "people": "the author's experience",
    "message": "the message",
    "words": "the words of the lines",
    "structure": "structure",
    "text": "what the lines read like",
}


def families(factors: Iterable[Factor]) -> list[str]:
    """Add the factors up by what they are about, the weightiest first; nothing without families."""
    sums: dict[str, list[float]] = {}
    for factor in factors:
        if factor.family:
            sums.setdefault(factor.family, []).append(factor.contribution)
    together = sorted(
        ((math.fsum(parts), name) for name, parts in sums.items()), key=lambda pair: -abs(pair[0])
    )
    return [f"{_FAMILIES.get(name, name)} {reading.signed(total)}" for total, name in together]


def kinds(assessment: Assessment) -> tuple[list[Dimension], list[Dimension]]:
    """Part the kinds of risk into those with a sign, the strongest first, and those without."""
    signed_ = [one for one in assessment.dimensions if one.level is not Level.NONE]
    order = list(Level)
    signed_.sort(key=lambda one: -order.index(one.level))
    return signed_, [one for one in assessment.dimensions if one.level is Level.NONE]


def kind(dimension: Dimension) -> str:
    """Name a kind of risk."""
    return dimension.category.value.replace("-", " ")


def listed(words: Sequence[str], last: str = "and") -> str:
    """Write words one after another: ``a, b and c``."""
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def text(page: Page, assessment: Assessment, *, explain: bool) -> None:
    """Show each kind with a sign, its strongest sign or (``explain``) all that were kept."""
    if not assessment.dimensions:
        return
    found, others = kinds(assessment)
    page.title("Kinds of risk", "each from signs of its own" if found else unseen(found, others))
    for one in found:
        shown = one.signs if explain else one.signs[:1]
        for number, sign in enumerate(shown):
            name = "" if number else kind(one)
            rest = more(one, len(shown)) if number + 1 == len(shown) else ""
            lead: list[str | tuple[str, str]] = [
                "  ",
                f"{name:<{_KIND}} ",
                (f"{sign.level.value:<{_LEVEL}} ", _STYLE[sign.level]),
            ]
            words = page.quote(seen(sign)) + rest
            if page.width < _NARROW:
                page.line(*lead)
                page.prose(words, indent=4, first=["    "])
            else:
                page.prose(words, indent=2 + _KIND + _LEVEL + 2, first=lead)
    if found and others:
        page.prose(unseen(found, others), indent=2, first=["  "], style="dim")
    if gaps := note(assessment):
        page.prose(page.quote(gaps), indent=2, first=["  "], style="dim")


def seen(sign: Sign) -> str:
    """Write a sign with its place."""
    where = sign.evidence.where
    place = "" if where is None else f" ({reading.place(where.path, where.line, where.end_line)})"
    return f"{sign.evidence.what}{place}"


def more(dimension: Dimension, shown: int) -> str:
    """Count the signs beyond those that are shown."""
    left = dimension.count - shown
    return f", and {left:,} more" if left > 0 else ""


def unseen(found: list[Dimension], others: list[Dimension]) -> str:
    """Say of which kinds there was no sign, in words that do not read as safe."""
    if not found:
        return "no sign of any was seen, which does not make it safe"
    names = listed([kind(one) for one in others], "or")
    return f"No sign of {names} risk was seen, which does not make it safe."


def note(assessment: Assessment) -> str:
    """Say what was not looked at, as a sentence; empty where nothing was left out."""
    notes = "; ".join(dict.fromkeys(one.note for one in assessment.dimensions if one.note))
    return f"{notes[0].upper()}{notes[1:]}." if notes else ""
