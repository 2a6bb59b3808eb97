"""Whether somebody whose only part is a small suggestion may approve after all (``reviews: suggestions:``).

A suggestion of one word should not cost a reviewer, but only by explicit choice, and only where nothing is at
stake: no file of the change has an owner of its own, and somebody else could have approved as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from riskbot.domain.verdict import Note
from riskbot.facts.document import File
from riskbot.judge.language.declarations import ReviewRules
from riskbot.judge.owners import Ownership, Roster
from riskbot.judge.people.directory import Directory
from riskbot.judge.people.interest import Interested
from riskbot.judge.predicate import counted

# A path that no owners file names: whoever owns it owns whatever has no owner of its own.
_PLAIN = "\x01/\x01"


def tolerant(
    found: Interested,
    rules: ReviewRules,
    directory: Directory,
    roster: Roster,
    files: Iterable[File],
    *,
    now: datetime,
) -> Interested:
    """Let those approve whose only part is suggestions of few enough lines, and say so in a flag each."""
    if not found.tolerable or roster.broken is not None or _owned(roster, files):
        return found
    spared = {
        account: lines
        for account, lines in found.tolerable.items()
        if _replaceable(account, found, rules, directory, now)
    }
    flags = tuple(
        Note(
            "suggestion_tolerated",
            f"{directory.name(account)} may approve: the policy tolerates an applied suggestion of"
            f" {counted(lines, 'line')}.",
        )
        for account, lines in spared.items()
    )
    rest = {account: grounds for account, grounds in found.accounts.items() if account not in spared}
    tolerated = {account: found.accounts[account] for account in spared}
    return replace(found, accounts=rest, flags=found.flags + flags, tolerable={}, tolerated=tolerated)


def _owned(roster: Roster, files: Iterable[File]) -> bool:
    """Say whether any file is owned by others than whatever no rule names."""
    plain = _who(roster.of(_PLAIN))
    return any(
        ownership.closed or _who(ownership) != plain
        for file in files
        for path in file.paths
        for ownership in roster.guarding(path, odd_mode=file.odd_mode)
    )


def _who(ownership: Ownership) -> tuple[object, ...]:
    required = tuple(tuple(owner.name for owner in group) for group in ownership.required)
    return (ownership.names, required, ownership.everyone)


def _replaceable(
    account: int, found: Interested, rules: ReviewRules, directory: Directory, now: datetime
) -> bool:
    """Say whether somebody of one of the account's teams (of none: anybody) could approve in its place."""
    teams = {team for team, _ in directory.memberships(account, now)}
    return any(
        one.id not in found.accounts
        and one.active
        and not directory.is_bot(one.id)
        and directory.permission(one.id) >= rules.permission
        and (not teams or teams & {team for team, _ in directory.memberships(one.id, now)})
        for one in directory.accounts()
    )
