"""Reviews -> opinions: whose newest word counts, on what, and why another's does not.

The rules, every code and the reasons for them are in docs/people.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from riskbot.domain.verdict import Note, Opinion
from riskbot.facts.document import Facts, Permission, Pull, Review, ReviewState
from riskbot.judge.declarations import ReviewRules
from riskbot.judge.people import telling
from riskbot.judge.people.binding import Binding
from riskbot.judge.people.commands import CANCEL, command
from riskbot.judge.people.directory import Directory
from riskbot.judge.people.interest import Interested

_OPINIONATED = (ReviewState.APPROVED, ReviewState.CHANGES_REQUESTED, ReviewState.DISMISSED)


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


@dataclass(frozen=True, slots=True)
class Event:
    """One word that somebody said. ``code``: why it says nothing here; ``veto``: a veto that stands."""

    by: int
    at: datetime
    state: ReviewState
    commit: str
    code: str = ""
    veto: bool = False
    cancels: bool = False

    @property
    def strictness(self) -> int:
        """Order words of the same time: the stricter is read as the later one."""
        return (
            4 * self.veto + 3 * (self.state is ReviewState.DISMISSED) + 2 * self.cancels + (self.code != "")
        )


def ballot(
    facts: Facts, rules: ReviewRules, directory: Directory, interested: Interested, now: datetime
) -> Ballot:
    """Read the reviews (and, where the rules say so, the commands) as opinions.

    Everything later than ``now`` has not been said yet.
    """
    pull = facts.pull
    if pull is None or pull.reviews is None:
        return Ballot((), {}, {}, known=False)
    binding = Binding(facts, rules)
    said: dict[int, list[Event]] = {}
    for event in _events(pull, rules, binding, interested, directory, now):
        said.setdefault(event.by, []).append(event)
    opinions: list[Opinion] = []
    approvals: dict[int, datetime] = {}
    objections: dict[int, str] = {}
    for account, events in sorted(said.items()):
        event = _newest(events)
        code = event.code or _barred(account, rules, directory, interested, now)
        if event.state is ReviewState.APPROVED and not code:
            approvals[account] = event.at
        if event.veto and _may_object(account, rules, directory, now):
            objections[account] = telling.objection(event.state, event.commit)
        opinions.append(
            telling.opinion(
                event.state,
                event.commit,
                event.at,
                account=account,
                code=code,
                directory=directory,
                pull=pull,
            )
        )
    flags = telling.flags(pull, approvals, interested, directory)
    return Ballot(
        tuple(opinions), approvals, objections, _overruled(pull, interested, directory, now) + flags
    )


def settle(found: Ballot, counted: frozenset[int], directory: Directory) -> tuple[Opinion, ...]:
    """Mark the approvals that no clause counted: given by former or fresh members, or asked for by nobody.

    ``counted`` are the accounts that some clause counted.
    """
    settled = []
    for one in found.opinions:
        if one.counts and one.account not in counted:
            code = telling.unasked(one.account, found.approvals[one.account], directory, found.flags)
            settled.append(replace(one, counts=False, code=code, reason=telling.reason(code, one.who)))
        else:
            settled.append(one)
    return tuple(settled)


def _events(
    pull: Pull,
    rules: ReviewRules,
    binding: Binding,
    interested: Interested,
    directory: Directory,
    now: datetime,
) -> list[Event]:
    """Every opinionated word; comments are none."""
    events = [
        _review(review, binding, interested, directory, now)
        for review in pull.reviews or ()
        if review.state in _OPINIONATED or _dismissed(review)
    ]
    for comment in (pull.comments or ()) if rules.commands else ():
        if comment.edited or (commit := command(comment.body)) is None:
            continue
        if commit == CANCEL:
            state, code = ReviewState.DISMISSED, "dismissed"
        else:
            commit, state = binding.full(commit), ReviewState.APPROVED
            code = binding.code(commit, comment.at)
        events.append(
            Event(comment.by, comment.at, state, commit, code, cancels=state is ReviewState.DISMISSED)
        )
    return [replace(event, code="future", veto=False) if event.at > now else event for event in events]


def _dismissed(review: Review) -> bool:
    """Say whether an opinion was taken back, in either of the two ways to write that."""
    return review.state is ReviewState.DISMISSED or (
        review.dismissed is not None and review.dismissed.was in _OPINIONATED
    )


def _review(
    review: Review, binding: Binding, interested: Interested, directory: Directory, now: datetime
) -> Event:
    elsewhere = binding.elsewhere(review)
    if elsewhere:
        return Event(review.by, review.at, review.state, review.commit, elsewhere)
    if _dismissed(review) or review.dismissed is not None:
        veto = _stands(review, interested, directory, now)
        return Event(review.by, review.at, ReviewState.DISMISSED, review.commit, "dismissed", veto)
    if review.state is ReviewState.CHANGES_REQUESTED:
        return Event(review.by, review.at, review.state, review.commit, "changes_requested", veto=True)
    code = binding.code(review.commit, review.at, review.base_ref)
    return Event(review.by, review.at, review.state, review.commit, code)


def was_veto(review: Review) -> bool:
    """Say whether the dismissed review had asked for changes, or may have."""
    if review.state is ReviewState.CHANGES_REQUESTED:
        return True
    was = review.dismissed.was if review.dismissed else None
    return was is ReviewState.CHANGES_REQUESTED or (was is None and review.state is ReviewState.DISMISSED)


def _stands(review: Review, interested: Interested, directory: Directory, now: datetime) -> bool:
    """Say whether a dismissed veto stands: an interested person, a machine or nobody known cannot lift it."""
    if not was_veto(review):
        return False
    dismissal = review.dismissed
    if dismissal is None or dismissal.by is None or (dismissal.at is not None and dismissal.at > now):
        return True
    if dismissal.by == review.by:
        return False
    return dismissal.by in interested.accounts or not directory.is_person(dismissal.by)


def _newest(events: list[Event]) -> Event:
    """Choose the word that holds.

    Words about other pull requests, and those not said yet, hold only where there is no other. Of a run of
    approvals the newest that is bound to the present head holds: approving other content takes nothing back.
    A cancelled approval is gone; cancelling does not take back a request for changes.
    """
    here = [event for event in events if event.code not in {"other_pull", "future"}] or events
    ordered = sorted(here, key=lambda event: (event.at, event.strictness, event.commit), reverse=True)
    newest = ordered[0]
    if newest.cancels:
        before = next((event for event in ordered if not event.cancels), newest)
        return before if before.veto else newest
    if newest.state is not ReviewState.APPROVED:
        return newest
    for event in ordered:
        if event.state is not ReviewState.APPROVED:
            break
        if not event.code:
            return event
    return newest


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
    permission: Permission | None = known.permission if known is not None else None
    return permission is None or permission >= rules.permission


def _overruled(pull: Pull, interested: Interested, directory: Directory, now: datetime) -> tuple[Note, ...]:
    """Tell of vetoes that somebody with a part in the change dismissed."""
    pairs = sorted(
        {
            (review.dismissed.by, review.by)
            for review in pull.reviews or ()
            if review.dismissed is not None
            and review.at <= now
            and was_veto(review)
            and review.dismissed.by in interested.accounts
            and review.dismissed.by is not None
            and review.dismissed.by != review.by
        }
    )
    return tuple(
        Note(
            "veto_dismissed_by_interested",
            f"{directory.name(by)} has a part in the change and dismissed {directory.name(of)}'s request for"
            " changes; it stands.",
        )
        for by, of in pairs
    )
