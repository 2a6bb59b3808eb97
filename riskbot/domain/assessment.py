"""Assessment and its parts: how risky the change is, and exactly why the number is what it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import total_ordering

from riskbot.domain.authorship import Authorship
from riskbot.domain.band import Band as Band  # noqa: PLC0414 - part of the assessment for those who read one
from riskbot.domain.change import Change, Omission
from riskbot.domain.finding import Category, Evidence, Failure, Finding, Rule


@dataclass(frozen=True, slots=True)
class Factor:
    """One named reason. The contributions of all factors plus the intercept give the logit exactly.

    ``value`` is what was measured, None where it could not be known (``note`` says what stood in for it).
    ``contribution`` is in logits: positive makes the change riskier than the training average. ``family``
    says what it is about, where there are so many factors that they are also told by families.
    """

    name: str
    title: str
    value: float | None
    contribution: float
    note: str = ""
    family: str = ""


@dataclass(frozen=True, slots=True)
class HunkRisk:
    """One hunk's own part in the score: how far the logit falls when the hunk is left out.

    ``text`` is what of that comes from reading its lines, None where no model read them: then the score is
    that of its size alone.
    """

    path: str
    old_start: int
    old_count: int
    new_start: int
    new_count: int
    score: float
    text: float | None = None


@total_ordering
class Level(Enum):
    """How strong the signs of one kind of risk are; ordered. ``none``: no sign was seen, not "safe"."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Level):
            return NotImplemented
        order = list(Level)
        return order.index(self) < order.index(other)


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that speaks for a kind of risk, and how strongly."""

    level: Level
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Dimension:
    """One kind of risk, from evidence of its own: never the score under another name.

    ``level`` is that of the strongest sign. ``signs`` are the strongest, in order; ``count`` says how many
    there were. ``note`` says what was not looked at, so that no sign does not read as safe.
    """

    category: Category
    level: Level
    signs: tuple[Sign, ...] = ()
    count: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """A gating mode (as in Meta's diff risk score, arXiv 2410.06351) and whether it would hold this change.

    ``top_percent``: the mode holds the riskiest so many per cent of changes.
    """

    name: str
    top_percent: float
    holds: bool


@dataclass(frozen=True, slots=True)
class ModelId:
    """Which model spoke: its name, the hash of its files, and what its percentiles are measured against.

    ``note`` says what is unusual: why it and not the model that was asked for, or what was left out.
    """

    name: str
    sha256: str
    reference: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """How risky the change is. Holds everything that the score was made from.

    ``percentile``: share of the reference distribution that scores lower, 0 to 100. ``band`` is raised
    above the percentile's own band when something could not be analysed; ``band_note`` says so.
    ``authorship`` stays None until a detector for it has looked: "not evaluated", never "human".
    """

    change: Change
    findings: tuple[Finding, ...]
    rules: tuple[Rule, ...]
    omissions: tuple[Omission, ...]
    failures: tuple[Failure, ...]
    model: ModelId
    probability: float
    percentile: float
    band: Band
    intercept: float
    factors: tuple[Factor, ...]
    hunks: tuple[HunkRisk, ...]
    gates: tuple[Gate, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    band_note: str = ""
    authorship: Authorship | None = None
