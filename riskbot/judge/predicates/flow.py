"""``flow``: the change is exactly a registered automation, and its inputs are trusted or its owner agrees."""

from __future__ import annotations

from typing import Annotated

import msgspec

from riskbot.domain.verdict import Status
from riskbot.judge import flows
from riskbot.judge.bench import Bench
from riskbot.judge.language import declarations
from riskbot.judge.needs.need import MET, Either, Need, Never, met
from riskbot.judge.predicate import Answer, bounded
from riskbot.judge.predicates.asking import Wish, listed, ruled


class Flow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask that the change is one of these ``flows``, as the policy declares them.

    A change that is none of them is pending here for ever: the ordinary rules, beside this under ``any``,
    must be satisfied instead.
    """

    flows: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=200)]

    def ask(self, bench: Bench, /) -> Answer:
        """SATISFIED for a flow in shape with trusted inputs; otherwise its owner may agree to the inputs."""
        readings = [flows.read(name, bench) for name in self.flows]
        need = Either(tuple(_need(one, bench) for one in readings))
        for one in readings:
            if one.flow is not None and one.trusted:
                return Answer(
                    Status.SATISFIED, f"The change is exactly the flow {one.flow.flow!r}.", (), need
                )
        for one in readings:
            if one.flow is not None and one.in_shape:
                owner = listed(who.text for who in one.flow.owner)
                said = "approved" if met(need) else "must approve"
                reason = f"The change is the flow {one.flow.flow!r}, whose inputs {owner} {said}."
                return ruled(bench, need, reason, one.untrusted, _wish(one.flow).unread(bench))
        evidence = tuple(
            f"{name}: {why}"
            for name, one in zip(self.flows, readings, strict=True)
            for why in (*one.void, *one.unknown)
        )
        reason = f"The change is not the flow {self.flows[0]!r}, so the ordinary rules apply."
        if len(self.flows) > 1:
            reason = "The change is none of these flows, so the ordinary rules apply."
        return Answer(Status.PENDING, reason, bounded(evidence), need, settled=True)


def _need(one: flows.Reading, bench: Bench) -> Need:
    """What one flow needs of people: nothing, its owner's approval, or what nobody can give."""
    if one.flow is None or not one.in_shape:
        return Never("The change is not this flow.")
    if one.trusted:
        return MET
    return _wish(one.flow).ask(bench)


def _wish(flow: declarations.Flow) -> Wish:
    """Ask for the flow's owner."""
    return Wish(f"owner of the flow {flow.flow}", 1, flow.owner)
