"""Round the bot: every commit that landed on a protected branch, held against the verdicts on record.

Evidence has to cover the complete population of changes, not those that asked for a verdict. So this starts
from the branch and not from the pull requests: whatever landed without an allowing verdict is an exception,
a push past the bot and a merge that overruled it alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from riskbot.domain.verdict import Outcome, Subject

Code = Literal["no_verdict", "not_allowed", "other_base"]


@dataclass(frozen=True, slots=True)
class Landed:
    """One commit of the branch's first-parent line.

    ``merged``: the head that it brought in (a merge's further parent, or the head of a squashed or rebased
    pull request), None for a commit that came by itself. ``exact``: false where its tree is not what merging
    that head gives, so that the head's verdict says nothing of it; None where nobody recomputed it. ``at``:
    when it landed, None where that is not known.
    """

    commit: str
    merged: str | None = None
    exact: bool | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One verdict on record: what it was of, what came out, and the time it was judged for."""

    subject: Subject
    outcome: Outcome
    at: datetime


@dataclass(frozen=True, slots=True)
class Uncovered:
    """One commit that no allowing verdict covers, and why.

    *no_verdict*: none of that head (or only one from afterwards). *other_base*: only ones into another
    branch or repository. *not_allowed*: the newest one before it landed does not allow it.
    """

    commit: str
    code: Code
    reason: str


def exceptions(
    repository: str, branch: str, line: Iterable[Landed], decisions: Iterable[Decision]
) -> tuple[Uncovered, ...]:
    """List what landed on ``branch`` without a verdict that allowed it there, in the order of ``line``.

    A verdict covers a commit where its head is the one that was brought in, or the commit itself. Of several
    the newest from before the landing holds, and of equally new ones the stricter.
    """
    by_head: dict[str, list[Decision]] = {}
    for one in decisions:
        if one.subject.head is not None:
            by_head.setdefault(one.subject.head, []).append(one)
    found = []
    for landed in line:
        heads = (
            {landed.commit}
            if landed.merged is None or landed.exact is False
            else {landed.merged, landed.commit}
        )
        about = [one for head in sorted(heads) for one in by_head.get(head, ())]
        if exception := _exception(landed, about, repository, branch):
            found.append(exception)
    return tuple(found)


def _exception(landed: Landed, about: Sequence[Decision], repository: str, branch: str) -> Uncovered | None:
    """Why one commit is an exception; None where it is covered."""
    at = landed.commit[:12]
    before = [one for one in about if landed.at is None or one.at <= landed.at]
    if not before:
        late = " before it landed, only afterwards" if about else ""
        return Uncovered(landed.commit, "no_verdict", f"{at} landed on {branch} and nobody judged it{late}.")
    here = [one for one in before if (one.subject.repository, one.subject.base_ref) == (repository, branch)]
    if not here:
        others = sorted({f"{one.subject.repository} {one.subject.base_ref}" for one in before})
        reason = f"{at} landed on {branch}, but was judged only for {', '.join(others)}."
        return Uncovered(landed.commit, "other_base", reason)
    newest = max(one.at for one in here)
    outcomes = sorted({one.outcome.value for one in here if one.at == newest} - {Outcome.ALLOWED.value})
    if outcomes:
        reason = f"{at} landed on {branch} although its verdict was {', '.join(outcomes)}."
        return Uncovered(landed.commit, "not_allowed", reason)
    return None
