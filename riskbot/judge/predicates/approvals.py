"""``approvals``: so many people have approved, of those asked."""

from __future__ import annotations

from typing import Annotated

import msgspec

from riskbot.facts.document import Permission
from riskbot.judge.bench import ANYONE, Bench
from riskbot.judge.language.declarations import SomePeople
from riskbot.judge.needs.need import met
from riskbot.judge.predicate import Answer, counted
from riskbot.judge.predicates.asking import Wish, not_counted, progress, ruled


class Approvals(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"people": "from"}):
    """Ask for ``count`` approvals ``from`` these people (default: anyone able to approve).

    ``permission`` can only raise what ``reviews`` asks of everybody. ``outside_author_teams``: only of people
    who share no team with anybody interested in the change.
    """

    count: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1
    people: SomePeople | None = None
    permission: Permission | None = None
    outside_author_teams: bool = False

    def ask(self, bench: Bench, /) -> Answer:
        """SATISFIED by enough approvals, ERROR where a team asked could not be read, else PENDING."""
        more = bench.interested.more
        wish = Wish(
            "approval",
            self.count + more,
            self.people if self.people is not None else ANYONE,
            self.permission or Permission.NONE,
            self.outside_author_teams,
        )
        need = wish.ask(bench)
        reason = progress(need)
        if more:
            reason += f" {counted(more, 'approval')} more than usual, as it is not known who made all of it."
        evidence = [f"{name} approved" for name in sorted(person.name for person in need.counted)]
        if not met(need):
            evidence += not_counted(bench, wish)
        return ruled(bench, need, reason, evidence, wish.unread(bench))
