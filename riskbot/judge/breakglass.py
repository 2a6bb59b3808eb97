"""Break-glass: somebody entitled lets a change through in an emergency, in the open, and owes a review.

It opens for exactly the head it names, with a reason, and only as far as a policy allows it at all. It never
mends facts that are not whole: what nobody knows is no emergency. Somebody with a part in the change may
declare one, because an emergency is often mended by whoever is on call alone; a flag says so, and the review
that is owed is somebody else's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from riskbot.domain.verdict import Clause, Note, Obligation, Status
from riskbot.facts.document import BreakGlass
from riskbot.judge.language.declarations import BreakGlassRule
from riskbot.judge.predicate import bounded
from riskbot.judge.predicates.asking import Wish

if TYPE_CHECKING:
    from riskbot.judge.bench import Bench

CLAUSE: Final = "break-glass"
MIN_REASON: Final = 10  # letters and digits: "prod down!" has eight, and says nothing yet


@dataclass(frozen=True, slots=True)
class Emergency:
    """What a declared emergency comes to.

    ``opens``: the change may land although the policy's clauses do not hold. ``clause`` explains either way.
    ``obligations`` stay owed once it was declared by somebody entitled, whether it still opens or not.
    """

    opens: bool
    clause: Clause
    obligations: tuple[Obligation, ...] = ()
    flags: tuple[Note, ...] = ()


def standing(bench: Bench, *, whole: bool = True) -> Emergency | None:
    """Say what the declared emergencies come to; None where nobody declared one.

    ``whole``: the facts are; where they are not, nothing opens.
    """
    declared = bench.facts.pull.break_glass if bench.facts.pull is not None else ()
    rule = bench.rules.break_glass
    if not declared:
        return None
    if rule is None:
        reason = "Somebody declared an emergency, but the policy knows no break-glass."
        return Emergency(False, Clause(CLAUSE, Status.PENDING, reason))
    ordered = sorted(declared, key=lambda one: (one.at, one.by, one.reason, one.head))
    refusals = {one: _refusal(one, rule, bench) for one in ordered}
    valid = [one for one in ordered if not refusals[one]]
    fit = [one for one in valid if _fit(one.by, bench)]
    evidence = [f"{bench.directory.name(one.by)}: {why}" for one, why in refusals.items() if why]
    evidence += [
        f"{bench.directory.name(one.by)} may do nothing here now." for one in valid if one not in fit
    ]
    obligations, flags = _owed(valid, rule, bench) if valid else ((), ())
    opens = bool(fit) and whole
    if opens:
        who, why = bench.directory.name(fit[0].by), _plain(fit[0].reason)
        reason = f"{who} declared an emergency at {fit[0].at.isoformat()}: {why}"
    elif fit:
        reason = "An emergency was declared, but it does not mend facts that are not whole."
    else:
        reason = "An emergency was declared, but not so that it counts."
    status = Status.SATISFIED if opens else Status.PENDING
    return Emergency(opens, Clause(CLAUSE, status, reason, bounded(evidence)), obligations, flags)


def _refusal(one: BreakGlass, rule: BreakGlassRule, bench: Bench) -> str:
    """Why a declaration does not count, in a sentence; empty where it does.

    Who is entitled is asked of the time of the declaration alone: rotas turn, and what is owed must stay.
    """
    if one.head != bench.facts.change.head:
        return f"It was declared for another head, {one.head[:12]}."
    if one.at > bench.now:
        return "It lies in the future."
    if bench.directory.is_bot(one.by):
        return "A machine cannot declare an emergency."
    if not bench.directory.belongs(rule.people, one.by, one.at):
        return "They were not among those who may."
    if sum(character.isalnum() for character in one.reason) < MIN_REASON:
        return f"It has no reason of at least {MIN_REASON} letters."
    return ""


def _fit(account: int, bench: Bench) -> bool:
    """Say whether somebody is active and permitted now, whatever part they have in the change."""
    known = bench.directory.account(account)
    return (
        known is not None
        and known.active
        and bench.directory.permission(account) >= bench.rules.reviews.permission
    )


def _owed(
    valid: list[BreakGlass], rule: BreakGlassRule, bench: Bench
) -> tuple[tuple[Obligation, ...], tuple[Note, ...]]:
    """The review that is owed since the first declaration, and what readers must know."""
    first = valid[0]
    head = first.head[:12]
    due = _after(first.at, rule.review_within.span)
    who = tuple(dict.fromkeys(one.text for one in rule.reviewers))
    invokers = {one.by for one in valid}
    asked = Wish("review after the emergency", 1, rule.reviewers).ask(bench)
    reviewed = sorted(
        bench.ballot.approvals[person.account]
        for person in asked.counted
        if person.account is not None and person.account not in invokers
    )
    name = bench.directory.name(first.by)
    owed = Obligation(
        f"a review of {head} after the emergency that {name} declared", who, due.isoformat(), bool(reviewed)
    )
    flags = [Note("break_glass", f"{name} declared an emergency for {head}: {_plain(first.reason)}")]
    for account in sorted(invokers & bench.interested.accounts.keys()):
        by = bench.directory.name(account)
        flags.append(Note("break_glass_by_interested", f"{by} declared it and has a part in the change."))
    if not reviewed and bench.now >= due:
        flags.append(Note("review_overdue", f"The review was due by {due.isoformat()} and is still owed."))
    elif reviewed and reviewed[0] >= due:
        flags.append(Note("review_late", f"The review was due by {due.isoformat()} and came later."))
    return (owed,), tuple(flags)


def _after(at: datetime, span: timedelta) -> datetime:
    """Add a span to a time; the end of the calendar where it leads beyond that."""
    try:
        return at + span
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _plain(text: str) -> str:
    """Somebody's words on one line, with nothing that a reader cannot see, cut to a bearable length."""
    words = " ".join(text.split())
    return "".join(character for character in words if character.isprintable())[:300]
