"""Names and numbers as the card shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from riskbot.learn.authorship.groups import EARLY, LATE, MODERN, PROXY

ERAS = {
    EARLY: "people, before 2021",
    LATE: "people, 2021 to 2022-11-29",
    PROXY: "no sign, 2022-11-30 to 2024-06 (proxy)",
    MODERN: "no sign, since 2024-07, agents' months (nobody knows)",
}
PARTS = {
    "training": "training repositories, each held out",
    "measuring": "measuring repositories, never seen",
}


def rate(told: Mapping[str, Any]) -> tuple[str, str, str]:
    """Show a rate, its interval, and how many commits it stands on."""
    interval = told["interval"]
    ends = f"{percent(interval[0])} to {percent(interval[1])}" if interval else "-"
    return percent(told["rate"]), ends, f"{told['rows']:,}"


def percent(share: float | None) -> str:
    """Show a share in per cent."""
    return "-" if share is None else f"{share:.1%}"


def area(value: float | None) -> str:
    """Show an area under a ROC curve."""
    return "-" if value is None else f"{value:.3f}"
