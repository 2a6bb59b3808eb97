"""``readability``: somebody who is trusted with the language has read it, apart from who owns the code."""

from __future__ import annotations

from typing import Annotated

import msgspec

from riskbot.domain.verdict import Status
from riskbot.judge.bench import Bench
from riskbot.judge.language.declarations import Globs, SomePeople
from riskbot.judge.predicate import Answer
from riskbot.judge.predicates.owners import answered, charged, noted, shut, touched, unreliable
from riskbot.judge.predicates.owning import Charge, Terms, due, owning_authors
from riskbot.written.glob import folded


class Readability(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"people": "from"}):
    """Ask one reader for every language touched.

    Either ``roster``, a file in the form of CODEOWNERS whose lines name a language's paths and its readers,
    or ``paths`` and ``from``. ``author_counts``: who answers for the change reads implicitly what they may.
    """

    roster: Annotated[str, msgspec.Meta(min_length=1, max_length=500)] | None = None
    paths: Globs | None = None
    people: SomePeople | None = None
    author_counts: bool = True

    def __post_init__(self) -> None:
        pair = (self.paths is not None, self.people is not None)
        if pair != (self.roster is None, self.roster is None):
            raise ValueError("Readability needs either a roster, or paths and from; write one of the two")

    def ask(self, bench: Bench, /) -> Answer:
        """SATISFIED with an approval for every language; ERROR where the roster cannot be relied on."""
        if bench.facts.change.files is None:
            return Answer(Status.ERROR, "Which files the change touches is not known.")
        notes: tuple[str, ...] = ()
        if self.roster is None:
            charges = self._listed(bench)
        else:
            roster = bench.rosters.others.get(self.roster)
            if roster is None:
                reason = f"The roster {self.roster} was not given (no_roster): commit it at the base first."
                return Answer(Status.ERROR, reason)
            if (wrong := unreliable(bench, roster, "roster")) is not None:
                return wrong
            ownerships = tuple(touched(bench, roster, None))
            if (wrong := shut(ownerships)) is not None:
                return wrong
            charges, notes = charged(ownerships), noted(ownerships)
        authors = owning_authors(bench) if self.author_counts else frozenset()
        terms = Terms("readability", authors=authors)
        return answered(bench, [due(bench, charge, terms) for charge in charges], "readers", notes)

    def _listed(self, bench: Bench) -> list[Charge]:
        """The one charge of ``paths`` and ``from``, where the change touches such a path."""
        found = dict.fromkeys(
            path
            for path, _ in bench.touched
            if any(glob.matches_folded(folded(path)) for glob in self.paths or ())
        )
        people = self.people or ()
        return [Charge(tuple(who.text for who in people), people, paths=found)] if found else []
