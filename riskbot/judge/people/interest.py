"""Who is interested in a change, and so cannot approve it; and what is not known about that.

Two rules hold everywhere here. What a change says of itself (trailers, e-mail addresses, a tool's own word)
only ever adds to the ban. And whoever was interested once stays so: earlier heads count like the present one.

The words, the codes and what cannot be seen are told in docs/people.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from riskbot.domain.verdict import Ground, Note
from riskbot.facts.document import BanLift, Facts
from riskbot.judge.language.declarations import AuthorRules, Flow, ReviewRules
from riskbot.judge.people import origins
from riskbot.judge.people.directory import Directory
from riskbot.judge.people.parts import CO_AUTHOR, Parts


@dataclass(frozen=True, slots=True)
class Interested:
    """Who has a part in the change: ``accounts`` by id, ``strangers`` by address where no account is known.

    ``blocks`` keep anybody from approving it; ``more`` is how many further independent approvals unknown
    origins cost; ``flags`` only tell. ``tolerable``: those of ``accounts`` whose only part is suggestions of
    so few lines that the policy would let them approve, with the number of lines; whether it does in this
    case, :mod:`riskbot.judge.people.tolerance` decides. It moves them to ``tolerated``: they may approve,
    and had a hand in it all the same.
    """

    accounts: Mapping[int, tuple[Ground, ...]]
    strangers: Mapping[str, tuple[Ground, ...]]
    blocks: tuple[Note, ...] = ()
    flags: tuple[Note, ...] = ()
    more: int = 0
    tolerable: Mapping[int, int] = field(default_factory=dict)
    tolerated: Mapping[int, tuple[Ground, ...]] = field(default_factory=dict)

    def barring(self, others: Mapping[int, tuple[Ground, ...]]) -> Interested:
        """The same, with others who must not approve either."""
        if others.keys() <= self.accounts.keys():
            return self
        spared = {account: told for account, told in self.tolerated.items() if account not in others}
        everybody = dict(sorted({**others, **self.accounts}.items()))
        return replace(self, accounts=everybody, tolerated=spared)

    @property
    def hands(self) -> dict[int, tuple[Ground, ...]]:
        """Everybody with a part in it, those included whose small suggestions are tolerated."""
        return {**self.accounts, **self.tolerated}


def interested(
    facts: Facts,
    authors: AuthorRules,
    reviews: ReviewRules,
    flows: tuple[Flow, ...],
    directory: Directory,
    *,
    now: datetime,
) -> Interested:
    """Collect everybody who has a part in the change, at any time: only bans are lifted as of ``now``.

    Without a directory (``directory.known`` is false) nothing blocks: there is nobody to attribute it to.
    """
    parts = Parts(directory)
    parts.read(facts)
    everybody = parts.accounts()
    lifts = {
        lift.person: _vouched(lift, directory)
        for lift in sorted(
            facts.pull.ban_lifts if facts.pull else (), key=lambda one: (one.at, one.by, one.reason)
        )
        if lift.head == facts.change.head
        and lift.at <= now
        and _liftable(everybody.get(lift.person, ()))
        and _may_lift(lift, authors, reviews, directory, everybody)
    }
    if lifts:
        everybody = parts.accounts(without=frozenset(lifts))
    flags = parts.flags(without=frozenset(lifts)) + tuple(lifts[person] for person in sorted(lifts))
    blocks, more = origins.unknown(facts, authors, flows, directory)
    return Interested(
        everybody, parts.strangers(), blocks, flags, more, _tolerable(parts, reviews, everybody)
    )


def _tolerable(
    parts: Parts, reviews: ReviewRules, everybody: Mapping[int, tuple[Ground, ...]]
) -> dict[int, int]:
    """Find those whose only part is suggestions of few enough lines, all in all."""
    if reviews.suggestions is None:
        return {}
    return {
        account: lines
        for account, lines in sorted(parts.suggested.items())
        if account in everybody
        and account not in parts.firm
        and lines <= reviews.suggestions.lines
        # Whoever controls a bot with a part of its own (or is one) has that part as well.
        and account not in parts.accounts(without=frozenset({account}))
    }


def _liftable(grounds: tuple[Ground, ...]) -> bool:
    """Say whether the ban rests on co-author lines alone: those anybody may write."""
    return bool(grounds) and all(ground.role == CO_AUTHOR for ground in grounds)


def _may_lift(
    lift: BanLift,
    authors: AuthorRules,
    reviews: ReviewRules,
    directory: Directory,
    everybody: Mapping[int, tuple[Ground, ...]],
) -> bool:
    """Say whether whoever vouches is entitled to, gives a reason, and has no part in the change."""
    account = directory.account(lift.by)
    return (
        account is not None
        and account.active
        and not directory.is_bot(lift.by)
        and directory.permission(lift.by) >= reviews.permission
        and lift.by not in everybody
        and bool(lift.reason.strip())
        and directory.belongs(authors.lift_coauthor_ban, lift.by, lift.at)
    )


def _vouched(lift: BanLift, directory: Directory) -> Note:
    who, by = directory.name(lift.person), directory.name(lift.by)
    reason = f"{by} vouches that {who}, named as co-author, had no part: {lift.reason.strip()[:500]}"
    return Note("ban_lifted", reason)
