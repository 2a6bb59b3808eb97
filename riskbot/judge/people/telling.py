"""Opinions in words: why one does not count, and what readers should know of those that do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from riskbot.domain.verdict import Note, Opinion
from riskbot.facts.document import Membership, Pull, ReviewState
from riskbot.judge.people.directory import Directory
from riskbot.judge.people.interest import Interested
from riskbot.judge.people.sayings import Event, Overruling

RECIPROCAL = 5
QUICK_SECONDS = 60

REASONS: Mapping[str, str] = {
    "interested": "{who} has a part in the change.",
    "bot": "{who} is a machine, and the policy does not name it as a reviewer.",
    "unknown_account": "The facts do not say who {who} is.",
    "inactive": "{who} is suspended or away.",
    "no_permission": "{who} may not do in the repository what the policy asks of a reviewer.",
    "stale": "It is about other content: {commit}.",
    "other_pull": "It was given to another pull request.",
    "base_changed": "It was given for another base.",
    "dismissed": "It was taken back.",
    "changes_requested": "{who} asks for changes.",
    "future": "It had not been given at the time of the judgement.",
    "former_member": "{who} had left the team when approving.",
    "fresh_member": "{who} had not been in the team for long enough.",
    "not_asked": "No clause counts {who}'s approval.",
}


def opinion(event: Event, who: str, opened_at: datetime | None) -> Opinion:
    """Write one opinion down; it counts where there is no code."""
    return Opinion(
        who=who,
        account=event.by,
        state=event.state.value,
        commit=event.commit,
        at=event.at.isoformat(),
        counts=not event.code,
        code=event.code,
        reason=reason(event.code, who, event.commit),
        seconds_after_opening=_seconds(opened_at, event.at),
    )


def reason(code: str, who: str, commit: str = "") -> str:
    """Say in a sentence why an opinion does not count; nothing where it does."""
    return REASONS[code].format(who=who, commit=commit[:12]) if code else ""


def objection(event: Event) -> str:
    """Say why somebody's objection stands."""
    if event.state is ReviewState.DISMISSED:
        return f"asked for changes on {event.commit[:12]}, and nobody who could lift that dismissed it"
    return f"asks for changes on {event.commit[:12]}"


def unasked(account: int, at: datetime, directory: Directory, opened_at: datetime | None) -> str:
    """Give the code for why no clause counted the approval."""
    if any(_is_fresh(stay, opened_at) for _, stay in directory.memberships(account, at)):
        return "fresh_member"
    if any(stay.until is not None and stay.until <= at for _, stay in directory.stays(account)):
        return "former_member"
    return "not_asked"


def overruled(
    overrulings: tuple[Overruling, ...], interested: Interested, directory: Directory
) -> tuple[Note, ...]:
    """Tell of vetoes that stand although somebody dismissed them."""
    notes = []
    for one in overrulings:
        of = directory.name(one.of)
        if one.by is not None and one.by in interested.accounts:
            by, code = (
                f"{directory.name(one.by)} has a part in the change and",
                "veto_dismissed_by_interested",
            )
        elif one.by is not None and directory.is_bot(one.by):
            by, code = f"{directory.name(one.by)} is a machine and", "veto_dismissed_by_bot"
        else:
            by, code = "Somebody unknown", "veto_dismissed_by_unknown"
        notes.append(Note(code, f"{by} dismissed {of}'s request for changes; it stands."))
    return tuple(notes)


def flags(
    pull: Pull, approvals: Mapping[int, datetime], interested: Interested, directory: Directory
) -> tuple[Note, ...]:
    """Tell what an auditor would ask about the approvals that count; none of it decides anything."""
    notes: list[Note] = []
    tallies: dict[tuple[int, int], int] = {}
    for one in pull.tallies:
        tallies[one.author, one.approver] = tallies.get((one.author, one.approver), 0) + one.approvals
    for account, at in sorted(approvals.items()):
        notes += _fresh(pull, account, at, directory)
        seconds = _seconds(pull.opened_at, at)
        if seconds is not None and seconds < QUICK_SECONDS:
            text = f"{directory.name(account)} approved {seconds} seconds after the pull request was opened."
            notes.append(Note("quick_approval", text))
        notes += _reciprocal(tallies, account, interested, directory)
    return tuple(notes)


def _is_fresh(stay: Membership, opened_at: datetime | None) -> bool:
    """Say whether the stay began after the pull request was opened; what is not known is not told."""
    return stay.since is not None and opened_at is not None and stay.since > opened_at


def _fresh(pull: Pull, account: int, at: datetime, directory: Directory) -> Iterator[Note]:
    for team, stay in directory.memberships(account, at):
        if _is_fresh(stay, pull.opened_at):
            by = "by nobody known" if stay.changed_by is None else f"by {directory.name(stay.changed_by)}"
            text = f"{directory.name(account)} was added to {team} {by} after the pull request was opened."
            yield Note("fresh_member", text)


def _reciprocal(
    tallies: Mapping[tuple[int, int], int], account: int, interested: Interested, directory: Directory
) -> Iterator[Note]:
    for author in interested.accounts:
        given, taken = tallies.get((author, account), 0), tallies.get((account, author), 0)
        if min(given, taken) >= RECIPROCAL:
            pair = f"{directory.name(account)} and {directory.name(author)}"
            text = f"{pair} approve one another's changes: {given} and {taken} times lately."
            yield Note("reciprocal", text)


def _seconds(opened_at: datetime | None, at: datetime) -> int | None:
    """How long after the opening; None where that is not known, or it was before."""
    if opened_at is None or at < opened_at:
        return None
    return int((at - opened_at).total_seconds())
