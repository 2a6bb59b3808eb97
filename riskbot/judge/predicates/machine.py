"""``machine``: what part machines may have in changes to some paths, by how it is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from riskbot.domain.verdict import Note, Status
from riskbot.judge.agents import LinesCeiling, ShareCeiling, TierFloor, ToolList
from riskbot.judge.bench import ANYONE, Bench
from riskbot.judge.language.declarations import Globs, SomePeople
from riskbot.judge.needs.need import MET, Need
from riskbot.judge.people.accountable import accountable
from riskbot.judge.people.who import People
from riskbot.judge.predicate import Answer, bounded
from riskbot.judge.predicates import machine_limits as limits
from riskbot.judge.predicates.asking import Wish, listed, ruled
from riskbot.judge.predicates.machine_limits import SEEN, Looked, Refusal

Part = Literal["allowed", "disclosed", "signed-off", "sponsored", "forbidden"]
OtherPart = Literal["allowed", "signed-off", "sponsored", "forbidden"]
Guess = Literal["allowed", "noted", "asked", "disclosed", "signed-off", "sponsored", "forbidden"]

_CATEGORIES: Final = ("attested", "declared", "assisted", "automation")
_HOLDING: Final = frozenset({"disclosed", "signed-off", "sponsored", "forbidden"})
_GUESS: Final = (
    "Its style resembles that of commits which agents declared as theirs{how}. That is a guess, no evidence,"
    " and holds nothing back"
)


class Machine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Say for each category of evidence what part a machine may have, and which machines and how much.

    *allowed*: any. *disclosed*: each such commit must say so in a trailer. *signed-off*: a person must have
    signed off each such commit. *sponsored*: a human among ``sponsors`` (default: anyone able) answers for it
    or approves it. *forbidden*: none. What is ``inferred`` is a guess and never holds: it may be *noted*, or
    a sponsor *asked* to look, for which nothing waits. ``paths``: only for these files, as far as it is known
    which files the evidence speaks of. ``tier``: by evidence of at least that tier.

    Somebody interested may sponsor: to sponsor is to answer for the change, which is the initiator's part and
    no review. That somebody else reads it, ``approvals`` asks.
    """

    attested: Part = "allowed"
    declared: Part = "allowed"
    assisted: OtherPart = "allowed"
    automation: OtherPart = "allowed"
    inferred: Guess = "allowed"
    agent_signoff: Literal["allowed", "forbidden"] = "allowed"
    tools: ToolList | None = None
    share: ShareCeiling | None = None
    lines: LinesCeiling | None = None
    tier: TierFloor | None = None
    sponsors: SomePeople | None = None
    paths: Globs | None = None

    def __post_init__(self) -> None:
        if self.inferred in _HOLDING:
            raise ValueError(
                "What is inferred is a guess, which must not hold a change: write noted or asked, and say"
                f" {self.inferred} of what is attested or declared"
            )
        parts = {getattr(self, category) for category in _CATEGORIES}
        if parts == {"allowed"} and self.inferred == "allowed" and not self._limited:
            raise ValueError("A machine clause that allows everything asks nothing; restrict one category")
        if self.sponsors is not None and "sponsored" not in parts and self.inferred != "asked":
            raise ValueError("Nothing here is sponsored, so sponsors would never be asked")

    @property
    def _limited(self) -> bool:
        limited = (self.tools, self.share, self.lines) != (None, None, None)
        return limited or self.agent_signoff == "forbidden"

    def ask(self, bench: Bench, /) -> Answer:
        """PENDING where a machine's part is more than allowed, ERROR where nobody looked.

        Only sponsoring can be mended by an approval. Where nobody looked, a sponsor is asked as if a machine
        had taken part. What is inferred decides nothing.
        """
        if self.paths is not None and not bench.touches(self.paths):
            return Answer(Status.SATISFIED, "The change touches none of the paths.")
        looked = self._look(bench)
        refusals = list(self._refusals(looked))
        for status in (Status.PENDING, Status.ERROR):
            if found := [one for one in refusals if one.status is status]:
                others = [f"also: {one.reason}" for one in refusals if one is not found[0]]
                return Answer(status, found[0].reason, bounded((*others, *found[0].evidence)))
        if sponsored := [one for one in self._with("sponsored") if looked.of(one) is not False]:
            return self._sponsored(sponsored, looked)
        if self.paths is not None and bench.machines.agent and not looked.involved.agent:
            return Answer(Status.SATISFIED, "What agents are on record for lies outside the paths.")
        return Answer(Status.SATISFIED, "No machine has more part in it than is allowed.")

    def notes(self, bench: Bench) -> Iterator[Note]:
        """Tell of a guess where the clause asks for that: beside the verdict, since it decides nothing."""
        if self.inferred == "allowed" or (self.paths is not None and not bench.touches(self.paths)):
            return
        involved = self._look(bench).involved
        if involved.of("inferred") is not True or involved.agent:
            return
        likely = "" if involved.probability is None else f", probability {involved.probability:.2f}"
        said = _GUESS.format(how=f" (experimental{likely})")
        if self.inferred == "asked":
            said += f"; one of {listed(who.text for who in self.sponsors or ANYONE)} could look at it"
        yield Note("style_guess", f"{said}.", bounded(involved.because("inferred")))

    def _look(self, bench: Bench) -> Looked:
        involved = bench.machines if self.paths is None else bench.machines.under(self.paths, bench)
        return Looked(involved, self.tier.tier if self.tier is not None else None, bench)

    def _with(self, part: Part) -> list[str]:
        return [category for category in _CATEGORIES if getattr(self, category) == part]

    def _refusals(self, looked: Looked) -> Iterator[Refusal]:
        yield from limits.forbidden(looked, self._with("forbidden"))
        if self.tools is not None:
            yield from limits.tools(looked, self.tools)
        yield from limits.undisclosed(looked, self._with("disclosed"))
        yield from limits.unsigned(looked, self._with("signed-off"))
        if self.agent_signoff == "forbidden":
            yield from limits.agent_signoffs(looked)
        yield from limits.too_much(looked, self.share, self.lines)

    def _sponsored(self, categories: list[str], looked: Looked) -> Answer:
        """Ask for a human who answers for it."""
        people, bench = self.sponsors or ANYONE, looked.bench
        certain = [one for one in categories if looked.of(one)]
        said = SEEN[certain[0]] if certain else "Nobody looked whether a machine took part"
        evidence = bounded(looked.involved.because(*categories))
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
