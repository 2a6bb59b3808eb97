"""Fill the types of :mod:`riskbot.report.verdict` from a verdict, one small function a type."""

from __future__ import annotations

from collections.abc import Iterable

from riskbot.domain.verdict import (
    Clause,
    Interest,
    Note,
    Obligation,
    Opinion,
    PolicyId,
    Subject,
    Suggestion,
    Verdict,
)
from riskbot.report import verdict as doc
from riskbot.report.escape import prose, public


def entry(verdict: Verdict) -> doc.VerdictEntry:
    """Make the verdict's part of any document."""
    return doc.VerdictEntry(
        outcome=verdict.outcome,
        awaits=verdict.awaits,
        exit_code=verdict.exit_code,
        subject=subject(verdict.subject),
        policy=policy(verdict.policy),
        clauses=clause(verdict.root),
        blocks=tuple(map(note, verdict.blocks)),
        flags=tuple(map(note, verdict.flags)),
        interested=tuple(map(interest, verdict.interested)),
        accountable=_texts(verdict.accountable),
        opinions=tuple(map(opinion, verdict.opinions)),
        unlocking=tuple(map(_texts, verdict.unlocking)),
        unlocking_note=prose(verdict.unlocking_note),
        suggested=tuple(map(suggestion, verdict.suggested)),
        obligations=tuple(map(obligation, verdict.obligations)),
    )


def subject(told: Subject) -> doc.SubjectEntry:
    """Write what the verdict is of; credentials in addresses are dropped."""
    return doc.SubjectEntry(
        repository=prose(public(told.repository)),
        pull=told.pull,
        base_ref=None if told.base_ref is None else prose(told.base_ref),
        base=told.base,
        head=told.head,
    )


def policy(told: PolicyId) -> doc.PolicyEntry:
    """Write which policy spoke."""
    return doc.PolicyEntry(
        name=prose(told.name),
        source=prose(public(told.source)),
        sha256=told.sha256,
        included=tuple(map(policy, told.included)),
    )


def clause(told: Clause) -> doc.ClauseEntry:
    """Write a clause and all below it."""
    return doc.ClauseEntry(
        name=prose(told.name),
        status=told.status,
        reason=prose(told.reason),
        evidence=_texts(told.evidence),
        could=_texts(told.could),
        clauses=tuple(map(clause, told.clauses)),
    )


def note(told: Note) -> doc.NoteEntry:
    """Write a block or a flag."""
    return doc.NoteEntry(code=told.code, reason=prose(told.reason), evidence=_texts(told.evidence))


def interest(told: Interest) -> doc.InterestEntry:
    """Write who has a part in it, and why."""
    grounds = tuple(
        doc.GroundEntry(role=prose(ground.role), grade=ground.grade, evidence=prose(ground.evidence))
        for ground in told.grounds
    )
    return doc.InterestEntry(who=prose(told.who), account=told.account, grounds=grounds)


def opinion(told: Opinion) -> doc.OpinionEntry:
    """Write an opinion, and why it does not count if it does not."""
    return doc.OpinionEntry(
        who=prose(told.who),
        account=told.account,
        state=told.state,
        commit=told.commit,
        at=told.at,
        counts=told.counts,
        code=told.code,
        reason=prose(told.reason),
        seconds_after_opening=told.seconds_after_opening,
    )


def suggestion(told: Suggestion) -> doc.SuggestionEntry:
    """Write whom to ask."""
    return doc.SuggestionEntry(
        who=prose(told.who), reasons=_texts(told.reasons), clauses=_texts(told.clauses)
    )


def obligation(told: Obligation) -> doc.ObligationEntry:
    """Write what is owed."""
    return doc.ObligationEntry(what=prose(told.what), who=_texts(told.who), due=told.due, met=told.met)


def _texts(told: Iterable[str]) -> tuple[str, ...]:
    return tuple(prose(each) for each in told)
