"""``machine``: what part machines may have in changes to some paths, by how it is known."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from riskbot.domain.verdict import Status
from riskbot.judge.bench import ANYONE, Bench
from riskbot.judge.language.declarations import Globs, SomePeople
from riskbot.judge.needs.need import MET, Need
from riskbot.judge.people.accountable import accountable
from riskbot.judge.people.machine import Involvement, involvement
from riskbot.judge.people.who import People
from riskbot.judge.predicate import Answer, bounded
from riskbot.judge.predicates.asking import Wish, listed, ruled

Part = Literal["allowed", "disclosed", "sponsored", "forbidden"]

_CATEGORIES: Final = ("attested", "declared", "inferred")
_WORDS: Final = {
    "attested": "The forge or a signature vouches that a machine took part",
    "declared": "The change says that a machine took part",
    "inferred": "It looks as if a machine took part",
}


class Machine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Say for each category of evidence what part a machine may have.

    *allowed*: any. *disclosed*: the change itself must say so. *sponsored*: a human among ``sponsors``
    (default: anyone able) answers for it or approves it. *forbidden*: none. ``inferred`` cannot be forbidden:
    it is a guess. ``paths``: only where the change touches them.

    Somebody interested may sponsor: to sponsor is to answer for the change, which is the initiator's part and
    no review. That somebody else reads it, ``approvals`` asks.
    """

    attested: Part = "allowed"
    declared: Part = "allowed"
    inferred: Part = "allowed"
    sponsors: SomePeople | None = None
    paths: Globs | None = None

    def __post_init__(self) -> None:
        if self.inferred == "forbidden":
            raise ValueError(
                "What is inferred is a guess, which must not forbid: write disclosed or sponsored, and forbid"
                " what is attested or declared"
            )
        parts = {self.attested, self.declared, self.inferred}
        if parts == {"allowed"}:
            raise ValueError("A machine clause that allows everything asks nothing; restrict one category")
        if self.sponsors is not None and "sponsored" not in parts:
            raise ValueError("Nothing here is sponsored, so sponsors would never be asked")

    def ask(self, bench: Bench, /) -> Answer:
        """PENDING where a machine's part is more than allowed, ERROR where nobody looked.

        Only sponsoring can be mended by an approval. Where nobody looked, a sponsor is asked as if a machine
        had taken part.
        """
        if self.paths is not None and not bench.touches(self.paths):
            return Answer(Status.SATISFIED, "The change touches none of the paths.")
        involved = involvement(bench)
        by_part: dict[str, list[str]] = {}
        for category in _CATEGORIES:
            part: Part = getattr(self, category)
            if part != "allowed" and involved.of(category) is not False:
                by_part.setdefault(part, []).append(category)
        disclose = by_part.get("disclosed", []) if involved.declared is not True else []
        for status in (Status.PENDING, Status.ERROR):
            for categories, mend in (
                (by_part.get("forbidden", []), "which is forbidden here"),
                (disclose, "which the change must disclose: say so in a commit trailer"),
            ):
                if refused := _refused(categories, involved, status, mend):
                    return refused
        if "sponsored" in by_part:
            return self._sponsored(by_part["sponsored"], involved, bench)
        return Answer(Status.SATISFIED, "No machine has more part in it than is allowed.")

    def _sponsored(self, categories: list[str], involved: Involvement, bench: Bench) -> Answer:
        """Ask for a human who answers for it."""
        people = self.sponsors or ANYONE
        said = _WORDS[categories[0]]
        if not any(involved.of(category) for category in categories):
            said = "Nobody looked whether a machine took part"
        evidence = bounded(involved.because(*categories))
        for one in accountable(bench):
            if one.account is not None and _may(one.account, people, bench):
                return Answer(
                    Status.SATISFIED, f"{said}, and {one.who} sponsors it: {one.why}.", evidence, MET
                )
        wish = Wish("sponsor", 1, people)
        need: Need = wish.ask(bench)
        may = listed(who.text for who in people)
        reason = f"{said}, so one of {may} must answer for it or approve it."
        return ruled(bench, need, reason, evidence, wish.unread(bench))


def _may(account: int, people: People, bench: Bench) -> bool:
    """Say whether somebody may answer for a change: asked for, known, active, human, with the permission."""
    known = bench.directory.account(account)
    return (
        known is not None
        and known.active
        and not bench.directory.is_bot(account)
        and bench.directory.permission(account) >= bench.rules.reviews.permission
        and account in bench.standing(people).accounts
        and bench.settled(people, account, bench.now)
    )


def _refused(categories: list[str], involved: Involvement, status: Status, mend: str) -> Answer | None:
    """The refusal that some category deserves: PENDING where it is certain, ERROR where nobody looked."""
    certain = status is Status.PENDING
    found = [one for one in categories if (involved.of(one) is True) is certain]
    if not found:
        return None
    if certain:
        return Answer(status, f"{_WORDS[found[0]]}, {mend}.", bounded(involved.because(*found)))
    reason = f"Nobody looked whether a machine took part ({', '.join(found)}), {mend}."
    return Answer(status, reason)
