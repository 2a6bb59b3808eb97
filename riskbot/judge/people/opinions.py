"""Reviews -> opinions: whose newest word counts, on what, and why another's does not.

The rules, every code and the reasons for them are in docs/people.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from riskbot.domain.verdict import Note, Opinion
from riskbot.facts.document import Facts, ReviewState
from riskbot.judge.language.declarations import ReviewRules
from riskbot.judge.people import telling
from riskbot.judge.people.directory import Directory
from riskbot.judge.people.interest import Interested
from riskbot.judge.people.sayings import Event, Sayings


@dataclass(frozen=True, slots=True)
class Ballot:
    """Every opinion, with whether it counts and why not.

    ``approvals``: account -> when, for those that count whatever clause asks (clauses still ask for team and
    permission). ``objections``: account -> why, for every standing request for changes. ``known`` is false
    where nobody could say which reviews there are.
    """

    opinions: tuple[Opinion, ...]
    approvals: Mapping[int, datetime]
    objections: Mapping[int, str]
    flags: tuple[Note, ...] = ()
    known: bool = True


def ballot(
    facts: Facts, rules: ReviewRules, directory: Directory, interested: Interested, now: datetime
) -> Ballot:
    """Read the reviews (and, where the rules say so, the commands) as opinions.

    Everything later than ``now`` has not been said yet.
    """
    pull = facts.pull
    if pull is None or pull.reviews is None:
        return Ballot((), {}, {}, known=False)
    sayings = Sayings(facts, rules, directory, interested, now)
    said: dict[int, list[Event]] = {}
    for event in sayings.events():
        said.setdefault(event.by, []).append(event)
    opinions: list[Opinion] = []
    approvals: dict[int, datetime] = {}
    objections: dict[int, str] = {}
    for account, events in sorted(said.items()):
        event = newest(events)
        if event.state is ReviewState.APPROVED and event.here:
            # What bars the person is told before what is wrong with this one approval.
            barred = _barred(account, rules, directory, interested, now)
            event = replace(event, code=barred or event.code)
            if not event.code:
                approvals[account] = event.at
        if event.veto and _may_object(account, rules, directory, now):
            objections[account] = telling.objection(event)
        opinions.append(telling.opinion(event, directory.name(account), pull.opened_at))
    flags = telling.overruled(sayings.overrulings(), interested, directory)
    flags += telling.flags(pull, approvals, interested, directory)
    if rules.commands and pull.comments is None:
        flags += (Note("comments_unknown", "Approvals by comment count, but nobody read the comments."),)
    return Ballot(tuple(opinions), approvals, objections, flags)


def newest(events: list[Event]) -> Event:
    """Choose the word of one person that holds, in whatever order they are given.

    Words about other pull requests, and those not said yet, hold only where there is no other. Of a run of
    approvals the newest that is bound to the present head holds: approving other content takes nothing back.
    A cancelled approval is gone; cancelling does not take back a request for changes.
    """
    here = [event for event in events if event.here] or events
    ordered = sorted(here, key=lambda event: (event.at, event.strictness, event.commit), reverse=True)
    last = ordered[0]
    if last.cancels:
        before = next((event for event in ordered if not event.cancels), last)
        return before if before.veto else last
    for event in ordered:
        if event.state is not ReviewState.APPROVED:
            break
        if not event.code:
            return event
    return last


def settle(found: Ballot, counted: frozenset[int], facts: Facts, directory: Directory) -> tuple[Opinion, ...]:
    """Mark the approvals that no clause counted: given by former or fresh members, or asked for by nobody.

    ``counted`` are the accounts that some clause counted.
    """
    opened = facts.pull.opened_at if facts.pull else None
    settled = []
    for one in found.opinions:
        if one.counts and one.account not in counted:
            code = telling.unasked(one.account, found.approvals[one.account], directory, opened)
            settled.append(replace(one, counts=False, code=code, reason=telling.reason(code, one.who)))
        else:
            settled.append(one)
    return tuple(settled)


def _barred(
    account: int, rules: ReviewRules, directory: Directory, interested: Interested, now: datetime
) -> str:
    """Say why nothing that the account approves counts; empty where it may."""
    known = directory.account(account)
    if directory.is_bot(account) and not directory.belongs(rules.bots, account, now):
        return "bot"
    if account in interested.accounts:
        return "interested"
    if known is None:
        return "unknown_account"
    if not known.active:
        return "inactive"
    if directory.permission(account) < rules.permission:
        return "no_permission"
    return ""


def _may_object(account: int, rules: ReviewRules, directory: Directory, now: datetime) -> bool:
    """Say whether the account's request for changes counts; where its permission is not known, it does."""
    if directory.is_bot(account) and not directory.belongs(rules.bots, account, now):
        return False
    known = directory.account(account)
    return known is None or known.permission is None or known.permission >= rules.permission
