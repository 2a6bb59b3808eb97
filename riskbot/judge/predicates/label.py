"""``label``: a label is on, and somebody entitled put it there."""

from __future__ import annotations

from typing import Annotated

import msgspec

from riskbot.domain.verdict import Status
from riskbot.judge import labels
from riskbot.judge.bench import Bench
from riskbot.judge.language.declarations import SomePeople
from riskbot.judge.needs.need import Ask
from riskbot.judge.people.who import Person
from riskbot.judge.predicate import Answer, bounded
from riskbot.judge.predicates.asking import listed


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask for the label ``name``, set by one of ``set_by`` who has no part in the change."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    set_by: SomePeople

    def ask(self, bench: Bench, /) -> Answer:
        """PENDING until it is on by an entitled hand; ERROR where nobody knows the labels.

        An approval is no label, so there is nobody whose approval would help; the reason says who may set it.
        """
        pull = bench.facts.pull
        may = listed(who.text for who in self.set_by)
        if pull is None:  # no reason not to propose it: somebody can still do their part
            later = Ask("label", 1, candidates=frozenset(Person(who.text) for who in self.set_by))
            return Answer(
                Status.PENDING, f"It is not proposed yet; {may} may then set {self.name!r}.", need=later
            )
        if pull.labels is None:
            return Answer(Status.ERROR, "Nobody looked which labels the change has.")
        on = [
            label
            for label in pull.labels
            if label.name.casefold() == self.name.casefold()
            and labels.is_on(label, bench)
            and (label.at is None or label.at <= bench.now)
        ]
        if not on:
            return Answer(Status.PENDING, f"The label {self.name!r} is not on; {may} may set it.")
        whys = [labels.entitled(label, self.set_by, bench) for label in on]
        for label, why in zip(on, whys, strict=True):
            if not why and label.by is not None:
                who = bench.directory.name(label.by)
                return Answer(Status.SATISFIED, f"{who} set the label {self.name!r}.")
        return Answer(
            Status.PENDING,
            f"The label {self.name!r} does not count as it was set; {may} may set it.",
            bounded(sorted(f"Not counted: {why}." for why in whys)),
        )
