"""What the writers of this package say alike: categories, signs and sums, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from riskbot.domain.authorship import Category, Correction, Share, Sign
from riskbot.report.counts import count

FOOTNOTE = "No sign is not evidence of a human author: most tools leave none, and signs can be removed."

#: How many commits of a category are said: "3 declared", "30 without a sign".
COUNTED = {
    Category.ATTESTED: "attested",
    Category.MIXED: "mixed",
    Category.DECLARED: "declared",
    Category.ASSISTED: "assisted",
    Category.AUTOMATION: "automation",
    Category.INFERRED: "inferred from style",
    Category.NONE: "without a sign",
    Category.UNKNOWN: "unknown",
}
STYLE = {
    Category.ATTESTED: "bold blue",
    Category.MIXED: "cyan",
    Category.DECLARED: "green",
    Category.ASSISTED: "yellow",
    Category.AUTOMATION: "white",
    Category.INFERRED: "magenta",
    Category.NONE: "dim",
    Category.UNKNOWN: "red",
}


def day(seconds: int | None) -> str:
    """Write a day of UTC as ``2026-03-02``; a time beyond all calendars, or none, as ``-``."""
    if not seconds:
        return "-"
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (OverflowError, ValueError, OSError):
        return "-"


def limits(sign: Sign) -> str:
    """Say what a reader must know of a sign beside its tier; empty where there is nothing."""
    told = []
    if sign.anachronistic:
        told.append("does not count: dated before the tool could have left it")
    elif not sign.counts:
        told.append("does not count by itself")
    if not sign.spoofable:
        told.append("the writer cannot fake it")
    return "; ".join(told)


def shared(share: Share) -> str:
    """Say what part of the added lines agents wrote."""
    low, high = round(100 * share.low), round(100 * share.high)
    part = f"{low} %" if low == high else f"{low} to {high} %"
    return f"agents are on record for {part} of {count(share.lines, 'added line')}"


def contested(correction: Correction) -> str:
    """Say what somebody put on record, in a line; foreign words are not made harmless here."""
    said = correction.says + (f" ({correction.tool})" if correction.tool else "")
    return f"contested: {said}: {correction.reason} ({correction.by}, {day(correction.at)})"


def summed(categories: Mapping[Category, int]) -> str:
    """Say how many commits there are of each category: ``3 declared, 40 without a sign``."""
    return ", ".join(f"{categories[one]:,} {words}" for one, words in COUNTED.items() if categories.get(one))
