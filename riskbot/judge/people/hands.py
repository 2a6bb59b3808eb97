"""Whose hands made a change: everybody who put something into it, and what is not known about that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from riskbot.judge.bench import Bench

# The account whose key signs what the forge itself commits: edits in the browser, merges, suggestions.
_WEB_FLOW: Final = "web-flow"

# The roles of interested people that put something into the change. Whoever only controls a bot, or is a
# bot that an author controls, is barred from approving but has written nothing.
_ROLES: Final = frozenset(
    {
        "agent",
        "author",
        "co-author",
        "committer",
        "initiator",
        "opener",
        "pusher",
        "signer",
        "suggestion",
    }
)


def hands(bench: Bench) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the accounts in order, each with its roles: openers, pushers, authors, committers and the like.

    An update of the branch that was recomputed is nobody's work, and the forge's own signature nobody's hand.
    """
    for account, grounds in sorted(bench.interested.hands.items()):
        roles = tuple(sorted({ground.role for ground in grounds} & _ROLES))
        if roles and not (roles == ("signer",) and _is_forge(account, bench)):
            yield account, roles


def gaps(bench: Bench) -> Iterator[str]:
    """Say what is not known about who made a proposed change, each in a sentence; nothing for others."""
    pull, change = bench.facts.pull, bench.facts.change
    if pull is None:
        return
    if pull.opened_by is None:
        yield "Nobody knows who opened it."
    pushes = pull.pushes or ()
    if any(push.by is None for push in pushes) or all(push.after != change.head for push in pushes):
        yield "Nobody knows who pushed all of it."
    if not change.commits:
        yield "Its commits are not known."
    elif change.declared_commits is not None and change.declared_commits > len(change.commits):
        yield f"Only {len(change.commits)} of its {change.declared_commits} commits are known."


def _is_forge(account: int, bench: Bench) -> bool:
    known = bench.directory.account(account)
    return known is not None and known.login.casefold() == _WEB_FLOW
