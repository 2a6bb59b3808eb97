"""Two verdicts of the same facts, by two policies: what is different."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from riskbot.domain.verdict import Clause, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """A clause, by name, and what it came to before and after; None: that policy has no such clause."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Contrast:
    """What changed. ``counts_no_more`` and ``counts_now`` are people; ``unlocking``: where it differs."""

    before: Outcome
    after: Outcome
    clauses: tuple[ClauseChange, ...] = ()
    counts_no_more: tuple[str, ...] = ()
    counts_now: tuple[str, ...] = ()
    blocks_before: tuple[str, ...] = ()
    blocks_after: tuple[str, ...] = ()
    unlocking: tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]] | None = None

    @property
    def same(self) -> bool:
        """Nothing that anybody could notice changed: neither the outcome nor who would have to do what."""
        return self.before is self.after and not (
            self.counts_no_more
            or self.counts_now
            or self.blocks_before != self.blocks_after
            or self.unlocking is not None
            or any(one.before is not None and one.after is not None for one in self.clauses)
        )

    @property
    def looser(self) -> bool:
        """The new policy allows what the old one did not."""
        return self.after is Outcome.ALLOWED and self.before is not Outcome.ALLOWED


def contrast(before: Verdict, after: Verdict) -> Contrast:
    """Compare two verdicts of the same facts."""
    old, new = dict(_leaves(before.root)), dict(_leaves(after.root))
    clauses = [
        ClauseChange(name, old.get(name), new.get(name))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    ]
    counted_old, counted_new = _counted(before), _counted(after)
    return Contrast(
        before.outcome,
        after.outcome,
        tuple(clauses),
        tuple(sorted(counted_old - counted_new)),
        tuple(sorted(counted_new - counted_old)),
        tuple(sorted({note.code for note in before.blocks})),
        tuple(sorted({note.code for note in after.blocks})),
        None if before.unlocking == after.unlocking else (before.unlocking, after.unlocking),
    )


def _leaves(clause: Clause) -> Iterator[tuple[str, str]]:
    """Every clause at the bottom, with its status; a skipped group counts as one."""
    if not clause.clauses:
        yield clause.name, clause.status.value
    for below in clause.clauses:
        yield from _leaves(below)


def _counted(verdict: Verdict) -> set[str]:
    return {opinion.who for opinion in verdict.opinions if opinion.counts}
