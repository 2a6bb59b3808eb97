"""The gate: what a model of style must show before it is switched on. It only reads figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from riskbot.learn.authorship.figures import worst
from riskbot.learn.authorship.groups import EARLY, LATE, PROXY

SAME_AUTHOR = 0.65
"""The lower end of the 95 % interval of the AUC within one author and month must lie above this."""
TIMES = 2.0
"""No era's and no repository's share of false alarms may be more than so many times the nominal one."""


@dataclass(frozen=True, slots=True)
class Test:
    """One condition: what was asked, what was found, and whether it holds."""

    name: str
    asked: str
    found: str
    passed: bool


def gate(metrics: Mapping[str, Any]) -> list[Test]:
    """Test the figures of the measuring repositories; what could not be measured has not passed."""
    nominal = metrics["threshold"]["nominal"]
    limit = TIMES * nominal
    measuring, training = metrics["measuring"], metrics["training"]
    gold = measuring["contrasts"]["gold"]
    low = None if gold["interval"] is None else gold["interval"][0]
    tests = [
        Test(
            "same author, same months",
            f"AUC with a 95 % interval above {SAME_AUTHOR}",
            "could not be measured" if low is None else f"{gold['auc']:.3f}, interval from {low:.3f}",
            low is not None and low > SAME_AUTHOR,
        )
    ]
    for name, part in (("held-out training repositories", training), ("measuring repositories", measuring)):
        eras = {era: part["alarms"]["eras"][era] for era in (EARLY, LATE, PROXY)}
        tests.append(_at_most(f"worst era, {name}", worst(eras), limit))
    for era in (LATE, PROXY):
        rates = training["alarms"][f"{era}_repositories"] | measuring["alarms"][f"{era}_repositories"]
        tests.append(_at_most(f"worst repository, {era}", worst(rates), limit))
    return tests


def _at_most(name: str, found: tuple[str, dict[str, Any]] | None, limit: float) -> Test:
    asked = f"at most {limit:.0%} flagged"
    if found is None:
        return Test(name, asked, "could not be measured", passed=False)
    where, told = found
    return Test(name, asked, f"{told['rate']:.1%} ({where})", told["rate"] <= limit)


def passed(tests: list[Test]) -> bool:
    """Say whether every condition holds."""
    return all(one.passed for one in tests)
