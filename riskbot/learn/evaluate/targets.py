"""Targets: the figures that were asked for, looked up in the measured ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from riskbot.learn.evaluate.baselines import KAMEI_NAME
from riskbot.learn.evaluate.scored import OURS

OPENSTACK = "openstack-issta21"
CROSS = "cross-project"
PLAIN = "cross-project-plain"
CODE = "cross-project-code"
STRICT = "cross-project-strictest"
LATER = "later-slice"
REVERTS = "reverts"
CALIBRATION = "calibration"
SETS = (OPENSTACK, CROSS, PLAIN, STRICT, LATER, REVERTS, CALIBRATION)
"""The sets that the targets speak of, in the order of the report."""
LINES = "lines added alone"
PUBLISHED_LA = 0.7491
"""AUC of lines added alone on the test rows of openstack-issta21 (Zeng et al., ISSTA 2021)."""


@dataclass(frozen=True)
class Target:
    """One figure: where it stands in the metrics, what it must reach and what it aims at.

    ``sense``: "least" or "most" for a bound, "above" for a bound that must be passed, "exactly" to four
    digits, "reported" where only the figure was asked for. ``bound`` and ``aim`` are in the figure's unit.
    """

    number: int
    text: str
    path: tuple[str | int, ...]
    sense: str
    bound: float | None = None
    aim: float | None = None
    interval: tuple[str | int, ...] = ()

    def met(self, value: float | None) -> bool | None:
        """Say whether a value meets the target; None where there is nothing to meet or no value."""
        if value is None or self.bound is None:
            return None
        return {
            "least": value >= self.bound,
            "most": value <= self.bound,
            "above": value > self.bound,
            "exactly": round(value, 4) == self.bound,
        }[self.sense]

    def wanted(self) -> str:
        """Write the bound as the card shows it."""
        if self.bound is None:
            return "reported"
        sign = {"least": "≥ ", "most": "≤ ", "above": "> ", "exactly": ""}[self.sense]
        return f"{sign}{self.bound:g}" + (f" (aim {self.aim:g})" if self.aim is not None else "")


def _measure(name: str, key: str, *more: str, ranking: str = OURS) -> dict[str, Any]:
    start = ("sets", name, "rankings", ranking)
    return {
        "path": (*start, key, *more),
        "interval": (*start, "intervals_95", "_".join((key, *more))),
    }


def _against(name: str, kind: str, key: str, other: str) -> dict[str, Any]:
    start = ("sets", name, "against", other)
    return {"path": (*start, kind, key), "interval": (*start, f"{kind}_95", key)}


def _ratios(number: int, name: str) -> tuple[Target, ...]:
    return tuple(
        Target(
            number,
            f"{name}: capture at {share} over logistic regression",
            sense="least",
            bound=bound,
            aim=aim,
            **_against(name, "ratio", f"capture_{share}", KAMEI_NAME),
        )
        for share, bound, aim in (("5%", 1.12, 1.40), ("10%", 1.10, 1.52), ("50%", 1.03, 1.05))
    )


TARGETS: tuple[Target, ...] = (
    Target(
        1,
        "OpenStack: AUC of lines added alone, as published",
        sense="exactly",
        bound=PUBLISHED_LA,
        **_measure(OPENSTACK, "auc", ranking=LINES),
    ),
    Target(1, "OpenStack: AUC", sense="least", bound=0.78, aim=0.82, **_measure(OPENSTACK, "auc")),
    Target(
        1,
        "OpenStack: AUC less that of lines added, low end of the interval",
        ("sets", OPENSTACK, "against", LINES, "difference_95", "auc", 0),
        "above",
        0.0,
        interval=("sets", OPENSTACK, "against", LINES, "difference_95", "auc"),
    ),
    Target(
        1, "OpenStack: capture at 10 %", sense="above", bound=0.30, **_measure(OPENSTACK, "capture", "10%")
    ),
    Target(
        1, "OpenStack: capture at 30 %", sense="above", bound=0.60, **_measure(OPENSTACK, "capture", "30%")
    ),
    Target(2, "repositories never trained on", ("sets", CROSS, "repositories"), "least", 8),
    Target(2, f"{CROSS}: AUC", sense="least", bound=0.79, **_measure(CROSS, "auc")),
    *_ratios(2, CROSS),
    Target(2, f"{PLAIN}: AUC", sense="least", bound=0.79, **_measure(PLAIN, "auc")),
    *_ratios(2, PLAIN),
    Target(2, f"{STRICT}: AUC", sense="least", bound=0.79, **_measure(STRICT, "auc")),
    *_ratios(2, STRICT),
    Target(2, f"{LATER}: AUC", sense="least", bound=0.79, **_measure(LATER, "auc")),
    *_ratios(2, LATER),
    *(
        Target(3, f"{REVERTS}: capture at {share}", sense="reported", **_measure(REVERTS, "capture", share))
        for share in ("10%", "50%")
    ),
    Target(
        4,
        "calibration error on a later time slice",
        ("sets", CALIBRATION, "rankings", OURS, "ece"),
        "most",
        0.03,
    ),
    Target(5, "int8 over fp32: latency", ("quantization", "shipped", "latency_ratio"), "most", 0.5),
    Target(5, "int8 over fp32: size", ("quantization", "shipped", "size_ratio"), "most", 0.27),
    Target(5, "fp32 less int8: AUC", ("quantization", "shipped", "auc_drop"), "most", 0.003),
)


def check(metrics: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Look every target up: its text, what is wanted, the value, its interval, and whether it is met.

    ``met`` is None where it was only to be reported, or was not measured (then ``value`` is None, too).
    """
    found = []
    for target in TARGETS:
        value = _at(metrics, target.path)
        found.append(
            {
                "figure": target.number,
                "text": target.text,
                "wanted": target.wanted(),
                "value": value,
                "interval_95": _at(metrics, target.interval) if target.interval else None,
                "met": target.met(value),
            }
        )
    return found


def _at(metrics: Any, path: Sequence[str | int]) -> Any:
    for key in path:
        if isinstance(key, int):
            metrics = metrics[key] if isinstance(metrics, list) else None
        else:
            metrics = metrics.get(key) if isinstance(metrics, Mapping) else None
    return metrics
