"""``separation``: who merges or deploys a change has no other part in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

import msgspec

from riskbot.domain.verdict import Status
from riskbot.facts.document import Merge, ReviewState
from riskbot.judge.bench import Bench
from riskbot.judge.predicate import Answer, bounded
from riskbot.judge.predicates.asking import listed

_Barring = Mapping[str, frozenset[int]]


class Separation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bar those who hold a role from merging, and from deploying. One of the two must be given.

    *author* is everybody interested in the change; *approver* whose approval of this
    head counts or did; *merger* who merged it
    or asked the forge to merge it when ready. A machine acts for whoever is known to control it.
    """

    merger: Annotated[tuple[Literal["author", "approver"], ...], msgspec.Meta(min_length=1)] | None = None
    deployer: (
        Annotated[tuple[Literal["author", "approver", "merger"], ...], msgspec.Meta(min_length=1)] | None
    ) = None

    def __post_init__(self) -> None:
        if self.merger is None and self.deployer is None:
            raise ValueError("A separation clause needs merger: [author, …] or deployer: [author, …]")

    def ask(self, bench: Bench, /) -> Answer:
        """PENDING, and for ever, where one person did both; ERROR where it is not known who merged."""
        merge = bench.facts.pull.merge if bench.facts.pull is not None else Merge()
        if (unknown := self._unknown(bench, merge)) is not None:
            return unknown
        holding: _Barring = {
            "author": frozenset(bench.interested.hands),
            "approver": frozenset(_acting(bench, *_approving(bench))),
            "merger": frozenset(_acting(bench, merge.by, merge.auto_merge_by)),
        }
        broken = [*self._merged(bench, merge, holding), *self._deployed(bench, merge, holding)]
        if broken:
            return Answer(Status.PENDING, f"{broken[0]}.", bounded(broken))
        return Answer(Status.SATISFIED, self._outlook(bench, merge, holding))

    def _unknown(self, bench: Bench, merge: Merge) -> Answer | None:
        """What would have to be known, and is not."""
        if merge.merged and merge.by is None and (self.merger or "merger" in (self.deployer or ())):
            return Answer(Status.ERROR, "It was merged, but it is not known by whom (merger_unknown).")
        asked = (
            self.merger if merge.by or merge.auto_merge_by else None,
            self.deployer if merge.deployed_by else None,
        )
        if not bench.ballot.known and any("approver" in roles for roles in asked if roles is not None):
            return Answer(Status.ERROR, "It was merged or deployed, but its reviews are not known.")
        return None

    def _merged(self, bench: Bench, merge: Merge, holding: _Barring) -> Iterator[str]:
        if self.merger is not None:
            done = "merged it" if merge.merged else "is to merge it"
            yield from _clashes(bench, merge.by, done, self.merger, holding)
            yield from _clashes(
                bench, merge.auto_merge_by, "asked for merging it when ready", self.merger, holding
            )

    def _deployed(self, bench: Bench, merge: Merge, holding: _Barring) -> Iterator[str]:
        if self.deployer is not None:
            yield from _clashes(bench, merge.deployed_by, "deployed it", self.deployer, holding)

    def _outlook(self, bench: Bench, merge: Merge, holding: _Barring) -> str:
        """Say that it is kept, and by whom it could still be broken."""
        said = []
        for roles, by, done, todo in (
            (self.merger, merge.by if merge.merged else None, "merged", "merge"),
            (self.deployer, merge.deployed_by, "deployed", "deploy"),
        ):
            if roles is None:
                continue
            if by is not None:
                said.append(f"{bench.directory.name(by)} {done} it and is no {' or '.join(roles)}.")
                continue
            barred = [f"{bench.directory.name(one)} ({role})" for role in roles for one in holding[role]]
            who = listed(barred) or "Nobody known so far"
            said.append(f"Not {done} yet; {who} may not {todo} it.")
        return " ".join(said)


def _approving(bench: Bench) -> Iterator[int]:
    """Whose approval counts, and who approved this very head and thought better of it since.

    An approver who merged must not undo that by taking the approval back.
    """
    yield from bench.ballot.approvals
    pull = bench.facts.pull
    for review in (pull.reviews if pull is not None else None) or ():
        was = review.dismissed.was if review.dismissed is not None else None
        approved = ReviewState.APPROVED in {review.state, was}
        if approved and review.commit == bench.facts.change.head and review.at <= bench.now:
            yield review.by


def _acting(bench: Bench, *accounts: int | None) -> Iterator[int]:
    """The accounts given, and whoever controls those that are machines, through other machines too."""
    for account in accounts:
        if account is not None:
            yield account
            yield from bench.directory.controllers(account)


def _clashes(
    bench: Bench, account: int | None, done: str, roles: tuple[str, ...], holding: _Barring
) -> Iterator[str]:
    """Say where who did it holds a role that bars them from it."""
    acting = frozenset(_acting(bench, account))
    for role in roles:
        for one in sorted(acting & holding[role]):
            through = f" through {bench.directory.name(account)}" if account not in {None, one} else ""
            grounds = bench.interested.hands.get(one, ()) if role == "author" else ()
            why = f" ({', '.join(dict.fromkeys(ground.role for ground in grounds))})" if grounds else ""
            article = "a merger" if role == "merger" else f"an {role}"
            yield f"{bench.directory.name(one)} {done}{through} and is {article} of it{why}"
