"""Who is interested in a change, and so cannot approve it; and what is not known about that.

Two rules hold everywhere here. What a change says of itself (trailers, e-mail addresses, a tool's own word)
only ever adds to the ban. And whoever was interested once stays so: earlier heads count like the present one.

The words, the codes and what cannot be seen are told in docs/people.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from riskbot.domain.verdict import Grade, Ground, Note
from riskbot.facts.document import Facts
from riskbot.judge.declarations import AuthorRules, Flow, ReviewRules
from riskbot.judge.people import origins
from riskbot.judge.people.directory import Directory
from riskbot.judge.people.parts import CO_AUTHOR, Parts
from riskbot.judge.predicate import counted


@dataclass(frozen=True, slots=True)
class Interested:
    """Who has a part in the change: ``accounts`` by id, ``strangers`` by address where no account is known.

    ``blocks`` keep anybody from approving it; ``more`` is how many further independent approvals unknown
    origins cost; ``flags`` only tell. ``tolerable``: those of ``accounts`` whose only part is suggestions of
    so few lines that the policy would let them approve, with the number of lines; :func:`tolerate` lets them,
    once it is clear that no file has an owner of its own and that somebody else could approve as well.
    """

    accounts: Mapping[int, tuple[Ground, ...]]
    strangers: Mapping[str, tuple[Ground, ...]]
    blocks: tuple[Note, ...] = ()
    flags: tuple[Note, ...] = ()
    more: int = 0
    tolerable: Mapping[int, int] = field(default_factory=dict)


def interested(
    facts: Facts, authors: AuthorRules, reviews: ReviewRules, flows: tuple[Flow, ...], directory: Directory
) -> Interested:
    """Collect everybody who has a part in the change.

    Without a directory (``directory.known`` is false) nothing blocks: there is nobody to attribute it to.
    """
    parts = Parts(directory)
    parts.read(facts)
    everybody = parts.accounts()
    flags = parts.flags()
    lifted, lifts = _lifted(facts, authors, reviews, directory, everybody)
    if lifted:
        everybody = parts.accounts(without=lifted)
        flags += lifts
    blocks, more = origins.unknown(facts, authors, flows, directory)
    return Interested(
        everybody, parts.strangers(), blocks, flags, more, _tolerable(parts, reviews, everybody)
    )


def tolerate(found: Interested, people: frozenset[int], directory: Directory) -> Interested:
    """Let those of ``people`` whose only part is a small suggestion approve, and say so in a flag.

    Whoever calls this has made sure that no file has an owner of its own and that another could approve.
    """
    spared = {account: lines for account, lines in found.tolerable.items() if account in people}
    if not spared:
        return found
    flags = tuple(
        Note(
            "suggestion_tolerated",
            f"{directory.name(account)} may approve: the policy tolerates their applied suggestion of"
            f" {counted(lines, 'line')}.",
        )
        for account, lines in sorted(spared.items())
    )
    accounts = {account: grounds for account, grounds in found.accounts.items() if account not in spared}
    return replace(found, accounts=accounts, flags=found.flags + flags, tolerable={})


def _tolerable(
    parts: Parts, reviews: ReviewRules, everybody: Mapping[int, tuple[Ground, ...]]
) -> dict[int, int]:
    """Find those whose only part is suggestions of few enough lines, all in all."""
    if reviews.suggestions is None:
        return {}
    return {
        account: lines
        for account, lines in sorted(parts.suggested.items())
        if account in everybody and account not in parts.firm and lines <= reviews.suggestions.lines
    }


def _lifted(
    facts: Facts,
    authors: AuthorRules,
    reviews: ReviewRules,
    directory: Directory,
    everybody: Mapping[int, tuple[Ground, ...]],
) -> tuple[frozenset[int], tuple[Note, ...]]:
    """Find whose ban somebody entitled has lifted; only one that rests on a co-author line alone can be."""
    lifted: dict[int, Note] = {}
    for lift in facts.pull.ban_lifts if facts.pull else ():
        grounds = everybody.get(lift.person, ())
        account = directory.account(lift.by)
        if (
            grounds
            and all(ground.role == CO_AUTHOR for ground in grounds)
            and account is not None
            and account.active
            and not directory.is_bot(lift.by)
            and directory.permission(lift.by) >= reviews.permission
            and lift.by != lift.person
            and lift.by not in everybody
            and lift.reason.strip()
            and lift.head == facts.change.head
            and directory.belongs(authors.lift_coauthor_ban, lift.by, lift.at)
        ):
            who, by = directory.name(lift.person), directory.name(lift.by)
            reason = f"{by} vouches that {who}, named as co-author, had no part: {lift.reason.strip()[:500]}"
            lifted.setdefault(lift.person, Note("ban_lifted", reason))
    return frozenset(lifted), tuple(lifted[person] for person in sorted(lifted))


__all__ = ["Grade", "Interested", "interested", "tolerate"]
