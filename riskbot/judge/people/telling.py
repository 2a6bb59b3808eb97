"""Opinions in words: why one does not count, and what readers should know of those that do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from riskbot.domain.verdict import Note, Opinion
from riskbot.facts.document import Pull, ReviewState
from riskbot.judge.people.directory import Directory
from riskbot.judge.people.interest import Interested

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
    "not_asked": "No clause asks for {who}'s approval.",
}


def opinion(
    state: ReviewState,
    commit: str,
    at: datetime,
    *,
    account: int,
    code: str,
    directory: Directory,
    pull: Pull,
) -> Opinion:
    """Write one opinion down; it counts where there is no code."""
    if state is ReviewState.CHANGES_REQUESTED and code not in {"other_pull", "future"}:
        code = "changes_requested"
    return Opinion(
        who=directory.name(account),
        account=account,
        state=state.value,
        commit=commit,
        at=at.isoformat(),
        counts=not code,
        code=code,
        reason=reason(code, directory.name(account), commit),
        seconds_after_opening=_seconds(pull, at),
    )


def reason(code: str, who: str, commit: str = "") -> str:
    """Say in a sentence why an opinion does not count; nothing where it does."""
    return REASONS[code].format(who=who, commit=commit[:12]) if code else ""


def objection(state: ReviewState, commit: str) -> str:
    """Say why somebody's objection stands."""
    if state is ReviewState.DISMISSED:
        return f"asked for changes on {commit[:12]}; dismissed by nobody who could lift that"
    return f"asks for changes on {commit[:12]}"


def unasked(account: int, at: datetime, directory: Directory, flags: tuple[Note, ...]) -> str:
    """Give the code for why no clause counted the approval."""
    who = directory.name(account)
    if any(flag.code == "fresh_member" and flag.reason.startswith(f"{who} ") for flag in flags):
        return "fresh_member"
    if any(stay.until is not None and stay.until <= at for _, stay in directory.stays(account)):
        return "former_member"
    return "not_asked"


def flags(
    pull: Pull, approvals: Mapping[int, datetime], interested: Interested, directory: Directory
) -> tuple[Note, ...]:
    """Tell what an auditor would ask about the approvals that count; none of it decides anything."""
    notes: list[Note] = []
    for account, at in sorted(approvals.items()):
        notes += _fresh(pull, account, at, directory)
        seconds = _seconds(pull, at)
        if seconds is not None and seconds < QUICK_SECONDS:
            text = f"{directory.name(account)} approved {seconds} seconds after the pull request was opened."
            notes.append(Note("quick_approval", text))
        notes += _reciprocal(pull, account, interested, directory)
    return tuple(notes)


def _fresh(pull: Pull, account: int, at: datetime, directory: Directory) -> Iterator[Note]:
    for team, stay in directory.memberships(account, at):
        if stay.since is None or pull.opened_at is None or stay.since <= pull.opened_at:
            continue
        by = "by nobody known" if stay.changed_by is None else f"by {directory.name(stay.changed_by)}"
        text = f"{directory.name(account)} was added to {team} {by} after the pull request was opened."
        yield Note("fresh_member", text)


def _reciprocal(pull: Pull, account: int, interested: Interested, directory: Directory) -> Iterator[Note]:
    tallies: dict[tuple[int, int], int] = {}
    for one in pull.tallies:
        key = (one.author, one.approver)
        tallies[key] = tallies.get(key, 0) + one.approvals
    for author in interested.accounts:
        given, taken = tallies.get((author, account), 0), tallies.get((account, author), 0)
        if min(given, taken) >= RECIPROCAL:
            pair = f"{directory.name(account)} and {directory.name(author)}"
            text = f"{pair} approve one another's changes: {given} and {taken} times lately."
            yield Note("reciprocal", text)


def _seconds(pull: Pull, at: datetime) -> int | None:
    """How long after the opening; None where that is not known, or it was before."""
    if pull.opened_at is None or at < pull.opened_at:
        return None
    return int((at - pull.opened_at).total_seconds())
