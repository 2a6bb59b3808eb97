"""What a policy can say about machines in numbers and names: the keys that clauses and conditions share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from riskbot.domain.authorship import Tier
from riskbot.facts.document import Share
from riskbot.judge.people.machine import AGENT, Involvement
from riskbot.judge.predicate import counted

if TYPE_CHECKING:
    from riskbot.judge.bench import Bench

ToolNames = Annotated[
    tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=100)], ...],
    msgspec.Meta(min_length=1, max_length=200),
]
Counting = Literal["recorded", "possible"]
_Part = Annotated[float, msgspec.Meta(gt=0, le=1)]


class _Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the limits share."""


class TierFloor(_Limit, frozen=True):
    """``tier: {at_least: B}``: evidence of a lower tier does not count for this clause."""

    at_least: Literal["A", "B", "C"]

    @property
    def tier(self) -> Tier:
        """The tier itself."""
        return Tier(self.at_least)


class ToolList(_Limit, frozen=True):
    """``tools: {allow: [claude]}`` or ``{forbid: [devin]}``: which agents and assistants may take part."""

    allow: ToolNames | None = None
    forbid: ToolNames | None = None

    def __post_init__(self) -> None:
        if (self.allow is None) is (self.forbid is None):
            raise ValueError("Tools are either allowed or forbidden: write allow: […] or forbid: […]")


class ShareCeiling(_Limit, frozen=True):
    """``share: {at_most: 0.5}`` of the added lines.

    *recorded*: lines that bear a sign. *possible*: also those of which nothing is known.
    """

    at_most: Annotated[float, msgspec.Meta(gt=0, lt=1)]
    counting: Counting = "recorded"


class ShareFloor(_Limit, frozen=True):
    """``share: {at_least: 0.5}`` of the added lines; see :class:`ShareCeiling`."""

    at_least: _Part
    counting: Counting = "recorded"


class LinesCeiling(_Limit, frozen=True):
    """``lines: {at_most: 400}`` added by machines."""

    at_most: Annotated[int, msgspec.Meta(ge=1)]
    counting: Counting = "recorded"


class LinesFloor(_Limit, frozen=True):
    """``lines: {at_least: 400}`` added by machines."""

    at_least: Annotated[int, msgspec.Meta(ge=1)]
    counting: Counting = "recorded"


def share_of(share: Share | None, counting: Counting) -> float | None:
    """The share that is asked about, 0 to 1; None: not known. Nothing added is no share."""
    if share is None:
        return None
    if share.lines == 0:
        return 0.0
    return share.low if counting == "recorded" else share.high


def lines_of(share: Share | None, counting: Counting) -> int | None:
    """How many lines that is; None: not known."""
    part = share_of(share, counting)
    return None if part is None or share is None else round(part * share.lines)


def percent(part: float) -> str:
    """Write a share so that more than nothing does not read as nothing."""
    return f"{math.ceil(round(part * 1000, 6)) / 10:g} %"


class MachineFilter(_Limit, frozen=True):
    """``machine: {tools: [devin], share: {at_least: 0.5}}`` of an ``if``: a machine took part in such a way.

    ``categories``: how it is known; ``tools``: one of these; ``tier``: by evidence of at least that tier;
    ``share``, ``lines``: agents wrote at least so much; ``disclosed`` false: one of theirs does not say so.
    """

    categories: Annotated[
        tuple[Literal["attested", "declared", "assisted", "automation"], ...], msgspec.Meta(min_length=1)
    ] = AGENT
    tools: ToolNames | None = None
    tier: TierFloor | None = None
    share: ShareFloor | None = None
    lines: LinesFloor | None = None
    disclosed: bool | None = None

    def __post_init__(self) -> None:
        if self.disclosed:
            raise ValueError("To ask more of whoever discloses would reward hiding: write disclosed: false")

    def absent(self, bench: Bench) -> str:
        """Why it does not apply; empty where it does, or may."""
        involved = bench.machines
        floor = self.tier.tier if self.tier is not None else None
        if all(involved.of(category, floor) is False for category in self.categories):
            return f"No machine took part as far as it is {' or '.join(self.categories)}."
        return (
            self._other_tools(involved, floor)
            or self._smaller(involved)
            or self._otherwise_disclosed(involved)
        )

    def _other_tools(self, involved: Involvement, floor: Tier | None) -> str:
        if self.tools is None:
            return ""
        used = involved.tools(floor)
        if used.unnamed or used.unlooked or used.named & {name.casefold() for name in self.tools}:
            return ""
        return f"None of the tools {', '.join(self.tools[:3])} took part."

    def _smaller(self, involved: Involvement) -> str:
        if self.share is not None:
            part = share_of(involved.share, self.share.counting)
            if part is not None and part < self.share.at_least:
                said = f"Agents wrote {percent(part)} of the added lines"
                return f"{said}, which is less than {percent(self.share.at_least)}."
        if self.lines is not None:
            number = lines_of(involved.share, self.lines.counting)
            if number is not None and number < self.lines.at_least:
                return f"Agents wrote {counted(number, 'line')}, which is less than {self.lines.at_least}."
        return ""

    def _otherwise_disclosed(self, involved: Involvement) -> str:
        recorded = involved.on_record()
        unknown = recorded is None or bool(involved.unlooked.intersection(AGENT))
        if self.disclosed is None or unknown or (recorded and involved.disclosed is not True):
            return ""
        return "Every commit of an agent says itself that one took part."
