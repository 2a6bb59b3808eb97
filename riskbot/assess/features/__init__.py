"""Features: named numbers of a change. Training rows and served changes pass through the same code.

::

    kamei      the fourteen change metrics, and how they enter a linear model
    size       how much of what kind of file, hunk by hunk
    past       what became of the touched files before, and whose they are
    people     how well the author knows them (can be switched off)
    message    what the author says of it, and when
    words      what the added and removed lines are made of
    structure  what the syntax trees say: definitions, complexity, findings

``numbers(change, detection)`` gives all of them by name. What could not be known is None, never zero.
"""

from __future__ import annotations

from riskbot.assess.features.catalogue import FAMILIES, NAMES, PEOPLE, TITLES, numbers
from riskbot.assess.features.catalogue import VERSION as CATALOGUE_VERSION
from riskbot.assess.features.kamei import FEATURES, TRANSFORMS, VERSION, Feature, Transform, churn, measure

__all__ = [
    "CATALOGUE_VERSION",
    "FAMILIES",
    "FEATURES",
    "NAMES",
    "PEOPLE",
    "TITLES",
    "TRANSFORMS",
    "VERSION",
    "Feature",
    "Transform",
    "churn",
    "measure",
    "numbers",
]
