"""``unopposed``: nobody's request for changes stands."""

from __future__ import annotations

import msgspec

from riskbot.domain.verdict import Status
from riskbot.facts.document import Permission
from riskbot.judge.bench import Bench
from riskbot.judge.language.declarations import SomePeople
from riskbot.judge.needs.need import MET, Ask, Both
from riskbot.judge.people.who import People, WhoKind
from riskbot.judge.predicate import Answer, bounded, counted
from riskbot.judge.predicates.asking import listed


class Unopposed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"people": "from"}):
    """Ask that no objection stands, of anybody, or only of those named in ``from``."""

    people: SomePeople | None = None

    def ask(self, bench: Bench, /) -> Answer:
        """PENDING while somebody objects: their own approval lifts it, nobody else's does."""
        if bench.facts.pull is None:
            return Answer(Status.SATISFIED, "It is not proposed yet, so nobody can have objected.", need=MET)
        ballot = bench.ballot
        if not ballot.known:
            return Answer(Status.PENDING, "No reviews are known yet, so neither are objections.")
        name = bench.directory.name
        objecting = sorted(ballot.objections, key=lambda one: (name(one), one))
        if self.people is not None:
            asked = [one for one in objecting if _among(bench, self.people, one)]
            standing = bench.standing(self.people)
            hidden = listed([*standing.unread, *standing.someone])
            if objecting and not asked and hidden:
                reason = f"{hidden} could not be read (unread_team), so whose objection counts is not known."
                return Answer(Status.ERROR, reason, bounded(f"{name(one)} objects" for one in objecting))
            objecting = asked
        if not objecting:
            return Answer(Status.SATISFIED, "Nobody's objection stands.", need=MET)
        return Answer(
            Status.PENDING,
            f"{counted(len(objecting), 'objection')} {'stands' if len(objecting) == 1 else 'stand'}:"
            f" {listed(map(name, objecting))}.",
            bounded(f"{name(one)} objects: {ballot.objections[one]}" for one in objecting),
            Both(tuple(_lifted(bench, one) for one in objecting)),
        )


def _among(bench: Bench, people: People, account: int) -> bool:
    """Say whether the account is among ``people``, or was in one of their teams since the opening.

    Taking an objector out of the team does not lift the objection.
    """
    if account in bench.standing(people).accounts:
        return True
    teams = {who.name for who in bench.directory.expand(people) if who.kind is WhoKind.TEAM}
    return bool(teams & bench.teams_of.get(account, frozenset()))


def _lifted(bench: Bench, account: int) -> Ask:
    """What lifts an objection: the objector's own approval, where they are able to give one."""
    able = bench.able(account, Permission.NONE)
    candidates = frozenset({bench.person(account)}) if able else frozenset()
    return Ask(f"objection of {bench.directory.name(account)}", 1, candidates=candidates)
