"""When a clause applies: the ``if:`` of the policy language.

All the keys that are written must apply; at least one must be written. A condition can only ever add a
requirement (the loader refuses one that would let an alternative drop out), so **what is not known applies**,
paths match on both sides of a rename, findings that a comment silences count, and a label that was taken off
by somebody with a part in the change applies still.

No key reads a time: whatever the author can steer by waiting or by reopening must not exempt from anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec

from riskbot.domain.assessment import Band
from riskbot.domain.change import OmissionKind
from riskbot.domain.finding import Category
from riskbot.facts.document import Finding
from riskbot.judge import flows, labels
from riskbot.judge.agents import MachineFilter
from riskbot.judge.predicates.findings import ConfidenceLimit, SeverityLimit
from riskbot.written.glob import Glob, folded

if TYPE_CHECKING:
    from riskbot.judge.bench import Bench

_Names = Annotated[
    tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=200)], ...],
    msgspec.Meta(min_length=1, max_length=200),
]
_Globs = Annotated[tuple[Glob, ...], msgspec.Meta(min_length=1, max_length=200)]

# "inferred" is known here so that its refusal can say why.
_Known = Literal["attested", "declared", "assisted", "automation", "inferred"]

# What may hide code that has findings. A binary has none, and a short history changes the score alone.
_HIDING: Final = frozenset(OmissionKind) - {
    OmissionKind.BINARY,
    OmissionKind.SHALLOW_HISTORY,
    OmissionKind.NO_HISTORY,
}


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the parts of a condition share."""


class BandFloor(_Part, frozen=True):
    """``band: {at_least: yellow}``."""

    at_least: Band


class PercentileFloor(_Part, frozen=True):
    """``percentile: {at_least: 90}``."""

    at_least: Annotated[float, msgspec.Meta(gt=0, le=100)]


class SomeFinding(_Part, frozen=True):
    """``findings: {categories: [security]}``: at least one new finding that passes the filters.

    Silenced ones count: silencing is the author's word. So do those off the changed lines.
    """

    severity: SeverityLimit | None = None
    confidence: ConfidenceLimit | None = None
    categories: Annotated[tuple[Category, ...], msgspec.Meta(min_length=1)] | None = None

    def counts(self, finding: Finding) -> bool:
        """Say whether the finding is new and passes the filters."""
        return (
            finding.introduced
            and (self.severity is None or finding.severity >= self.severity.at_least)
            and (self.confidence is None or finding.confidence >= self.confidence.at_least)
            and (self.categories is None or finding.category in self.categories)
        )


class Condition(_Part, frozen=True):
    """``if:``: the clause applies where every key that is written applies.

    ``paths``: it touches such a path. ``band``, ``percentile``: it is at least so risky. ``findings``: it
    brings such a finding. ``zones``: it touches one of these. ``labels``: it has one of these. ``branches``:
    it goes into such a branch. ``machine``: a machine took part in one of these ways, or in the way that the
    keys of :class:`~riskbot.judge.agents.MachineFilter` say. ``flows``: it is one
    of these flows, as far as anybody can tell.
    """

    paths: _Globs | None = None
    band: BandFloor | None = None
    percentile: PercentileFloor | None = None
    findings: SomeFinding | None = None
    zones: _Names | None = None
    labels: _Names | None = None
    branches: _Globs | None = None
    machine: Annotated[tuple[_Known, ...], msgspec.Meta(min_length=1)] | MachineFilter | None = None
    flows: _Names | None = None

    def __post_init__(self) -> None:
        if all(getattr(self, key) is None for key in self.__struct_fields__):
            keys = ", ".join(self.__struct_fields__)
            raise ValueError(f"An if needs at least one key: {keys}")
        if isinstance(self.machine, tuple) and "inferred" in self.machine:
            raise ValueError(
                "What is inferred is a guess, which must not hold a change, and what stands beside an if may:"
                " write a machine clause with inferred: noted or asked"
            )

    def applies(self, bench: Bench) -> bool:
        """Say whether every key that is written applies."""
        return not self.otherwise(bench)

    def otherwise(self, bench: Bench) -> str:
        """Why the clause does not apply, by the first key that does not; empty where it applies."""
        return next(filter(None, self._reasons(bench)), "")

    def _reasons(self, bench: Bench) -> Iterator[str]:
        if self.paths is not None:
            yield _paths(self.paths, bench)
        if self.band is not None:
            yield _band(self.band, bench)
        if self.percentile is not None:
            yield _percentile(self.percentile, bench)
        if self.findings is not None:
            yield _findings(self.findings, bench)
        if self.zones is not None:
            yield _zones(self.zones, bench)
        if self.labels is not None:
            yield _labels(self.labels, bench)
        if self.branches is not None:
            yield _branches(self.branches, bench)
        if self.machine is not None:
            kinds = self.machine
            filter_ = kinds if isinstance(kinds, MachineFilter) else MachineFilter(categories=kinds)  # type: ignore[arg-type]
            yield filter_.absent(bench)
        if self.flows is not None:
            yield _flows(self.flows, bench)


# Each of these says why the key does not apply, or nothing where it does.


def _paths(globs: tuple[Glob, ...], bench: Bench) -> str:
    if bench.touches(globs):
        return ""
    return f"The change touches nothing under {_shown(glob.pattern for glob in globs)}."


def _band(floor: BandFloor, bench: Bench) -> str:
    if bench.assessment is None or bench.assessment.band >= floor.at_least:
        return ""
    return f"The change is {bench.assessment.band.value}, which is below {floor.at_least.value}."


def _percentile(floor: PercentileFloor, bench: Bench) -> str:
    # What is no percentile at all (not a number, too small) is not known, and so applies.
    if bench.assessment is None or not 0 <= bench.assessment.percentile < floor.at_least:
        return ""
    return f"The change is below percentile {floor.at_least:g}."


def _findings(asked: SomeFinding, bench: Bench) -> str:
    assessment = bench.assessment
    if (
        assessment is None
        or assessment.failures
        or any(omission.kind in _HIDING for omission in assessment.omissions)
        or any(map(asked.counts, assessment.findings))
    ):
        return ""
    return "The change brings no such finding."


def _zones(names: tuple[str, ...], bench: Bench) -> str:
    touched = None if bench.assessment is None else bench.assessment.zones
    if touched is None or any(zone.name in names for zone in touched):
        return ""
    return f"The change touches no zone named {_shown(names)}."


def _labels(names: tuple[str, ...], bench: Bench) -> str:
    if any(labels.applies(name, bench) for name in names):
        return ""
    return f"The change has no label {_shown(names)}."


def _branches(globs: tuple[Glob, ...], bench: Bench) -> str:
    if bench.facts.pull is None:
        return ""
    branch = folded(bench.facts.pull.base_ref.removeprefix("refs/heads/"))
    if any(glob.matches_folded(branch) for glob in globs):
        return ""
    return f"The change does not go into {_shown(glob.pattern for glob in globs)}."


def _flows(names: tuple[str, ...], bench: Bench) -> str:
    read = [flows.read(name, bench) for name in names]
    if any(one.possible for one in read):
        return ""
    return read[0].void[0] if len(read) == 1 else f"The change is none of the flows {_shown(names)}."


def _shown(words: Iterable[str]) -> str:
    """List the first three and say how many more there are."""
    listed = list(words)
    more = f" and {len(listed) - 3} more" if len(listed) > 3 else ""
    return ", ".join(listed[:3]) + more
