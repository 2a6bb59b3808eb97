"""The gate: what a model of style must show before it is switched on. It only reads figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from riskbot.learn.authorship.figures import worst
from riskbot.learn.authorship.groups import EARLY, LATE, PROXY

SAME_AUTHOR = 0.65
"""The lower end of the 95 % interval of the AUC within one author and month must lie above this."""
FEWEST = 30
"""With fewer commits of either kind it counts as not measured."""
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
    tests = [
        _same_author("by line-level notes", measuring["contrasts"]["gold"]),
        _same_author("by trailer", measuring["contrasts"]["same_author"]),
    ]
    for name, part in (("held-out training repositories", training), ("measuring repositories", measuring)):
        eras = {era: part["alarms"]["eras"][era] for era in (EARLY, LATE, PROXY)}
        tests.append(_at_most(f"worst era, {name}", worst(eras), limit))
    for era in (LATE, PROXY):
        rates = training["alarms"][f"{era}_repositories"] | measuring["alarms"][f"{era}_repositories"]
        tests.append(_at_most(f"worst repository, {era}", worst(rates), limit))
    return tests


def _same_author(name: str, told: Mapping[str, Any]) -> Test:
    """Ask for the decisive contrast, and for enough on either side to speak of one."""
    fewest = min(told["agents"], told["others"])
    enough, low = fewest >= FEWEST and told["interval"] is not None, (told["interval"] or [0.0])[0]
    if enough:
        found = f"{told['auc']:.3f}, interval from {low:.3f}"
    else:
        found = f"could not be measured: {told['agents']} commits by agents, {told['others']} others"
    asked = f"AUC with a 95 % interval above {SAME_AUTHOR}, {FEWEST} commits of either kind"
    return Test(f"same author, same month, {name}", asked, found, enough and low > SAME_AUTHOR)


def _at_most(name: str, found: tuple[str, dict[str, Any]] | None, limit: float) -> Test:
    asked = f"at most {limit:.0%} flagged"
    if found is None:
        return Test(name, asked, "could not be measured", passed=False)
    where, told = found
    return Test(name, asked, f"{told['rate']:.1%} ({where})", told["rate"] <= limit)


def passed(tests: list[Test]) -> bool:
    """Say whether every condition holds."""
    return all(one.passed for one in tests)
