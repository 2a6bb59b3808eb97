"""``authors``: who may author changes to some paths."""

from __future__ import annotations

import msgspec

from riskbot.domain.verdict import Status
from riskbot.judge.bench import Bench
from riskbot.judge.language.declarations import Globs, SomePeople
from riskbot.judge.people.hands import gaps, hands
from riskbot.judge.people.who import People, WhoKind
from riskbot.judge.predicate import Answer, bounded
from riskbot.judge.predicates.asking import listed


class Authors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask that everybody who had a hand in the change is among ``people`` now, or is one of ``bots``.

    ``paths``: only where the change touches them (default: always). A bot in one of the teams is not meant:
    each has to be among ``bots``. Whoever asked an agent for it is an author too. *anyone* is who may do
    what ``reviews.permission`` asks for.
    """

    people: SomePeople
    bots: SomePeople | None = None
    paths: Globs | None = None

    def __post_init__(self) -> None:
        if any(who.kind is WhoKind.LOGIN and who.name.endswith("[bot]") for who in self.people):
            raise ValueError("A bot stands among people; write it under bots")

    def ask(self, bench: Bench, /) -> Answer:
        """PENDING where somebody else had a hand in it; ERROR where nobody can know who had.

        Nobody's approval makes somebody an author. Without a directory names are nobody's yet, so that it
        is asked once the change is proposed.
        """
        if self.paths is not None and not bench.touches(self.paths):
            return Answer(Status.SATISFIED, "The change touches none of the paths.")
        may = listed(who.text for who in (*self.people, *(self.bots or ())))
        if bench.facts.pull is None and not bench.directory.known:
            return Answer(
                Status.SATISFIED, f"Only {may} may author this; who you are is asked once it is proposed."
            )
        others = [
            f"{bench.directory.name(account)} ({', '.join(roles)}) is not among them."
            for account, roles in hands(bench)
            if account not in self._allowed(bench, bot=bench.directory.is_bot(account))
        ]
        others += [
            f"Nobody knows whose {name[:100]} is ({', '.join(sorted({one.role for one in grounds}))})."
            for name, grounds in sorted(bench.interested.strangers.items())
        ]
        unknown = tuple(gaps(bench))
        hidden = (*bench.standing(self.people).unread, *bench.standing(self.bots or ()).unread)
        if hidden and others:
            unknown += (f"{listed(hidden)} could not be read (unread_team).",)
        if unknown:
            reason = f"Only {may} may author this, and it is not known who did."
            return Answer(Status.ERROR, reason, bounded((*unknown, *others)))
        if others:
            reason = f"Only {may} may author this, and somebody else had a hand in it."
            return Answer(Status.PENDING, reason, bounded(others))
        return Answer(Status.SATISFIED, f"Everybody who had a hand in it is among {may}.")

    def _allowed(self, bench: Bench, *, bot: bool) -> frozenset[int]:
        """Whom the names stand for: people, or the bots named apart."""
        names: People = (self.bots or ()) if bot else self.people
        named: People = tuple(who for who in bench.directory.expand(names) if who.kind is not WhoKind.ANYONE)
        found = bench.standing(named).accounts
        if len(named) == len(bench.directory.expand(names)):
            return found
        least = bench.rules.reviews.permission
        return found | {
            one.id for one in bench.directory.accounts() if bench.directory.permission(one.id) >= least
        }
