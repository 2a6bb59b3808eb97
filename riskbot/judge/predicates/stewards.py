"""``stewards``: a steward of every policy zone that the change touches has approved."""

from __future__ import annotations

from typing import Annotated

import msgspec

from riskbot.domain.verdict import Status
from riskbot.judge.bench import Bench
from riskbot.judge.people.who import Who
from riskbot.judge.predicate import Answer, not_assessed
from riskbot.judge.predicates.owners import answered
from riskbot.judge.predicates.owning import Charge, Terms, due

ZoneName = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Stewards(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask ``count`` stewards of every touched zone, or only of those named in ``zones``."""

    zones: Annotated[tuple[ZoneName, ...], msgspec.Meta(min_length=1, max_length=200)] | None = None
    count: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1

    def ask(self, bench: Bench, /) -> Answer:
        """SATISFIED with every zone's approvals; ERROR where the zones or their stewards are not known."""
        assessment = bench.assessment
        if assessment is None:
            return not_assessed()
        if assessment.zones is None:
            return Answer(Status.ERROR, "The zones that the change touches were not evaluated.")
        charges = []
        for zone in assessment.zones:
            if self.zones is not None and zone.name not in self.zones:
                continue
            try:
                people = tuple(Who.parse(steward) for steward in zone.stewards)
            except ValueError as problem:
                return Answer(Status.ERROR, f"A steward of the zone {zone.name} cannot be read: {problem}")
            code = "" if people else "no_steward"
            charges.append(Charge(zone.stewards, people, code=code, paths={f"zone {zone.name}": None}))
        terms = Terms("steward", self.count)
        return answered(bench, [due(bench, charge, terms) for charge in charges], "stewards", ())
