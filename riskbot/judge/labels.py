"""Who put a label on and who took it off: what a label says depends on that, never on the label alone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from riskbot.facts.document import Label, Permission
from riskbot.judge.people.who import People, WhoKind

if TYPE_CHECKING:
    from riskbot.judge.bench import Bench

# Names that mean one account: a bot in a team was not named.
_SELF = frozenset({WhoKind.LOGIN, WhoKind.ID, WhoKind.EMAIL})


def applies(name: str, bench: Bench) -> bool:
    """Say whether a requirement that hangs on the label applies.

    It does where the label is on, where nobody could say which labels there are, and where it was taken off
    by somebody with a part in the change, by a bot that the policy does not name, or by nobody known, and
    nobody else settled that since.
    """
    pull = bench.facts.pull
    if pull is None or pull.labels is None:
        return True
    same = [label for label in pull.labels if label.name.casefold() == name.casefold()]
    settled: datetime | None = None
    for label in same:
        if label.removed_at is not None and _stands_apart(label.removed_by, bench):
            settled = max(label.removed_at, settled or label.removed_at)
    for label in same:
        if is_on(label, bench):
            return True
        if not _stands_apart(label.removed_by, bench) and (
            settled is None or label.removed_at is None or label.removed_at >= settled
        ):
            return True
    return False


def is_on(label: Label, bench: Bench) -> bool:
    """Say whether the label is still on (taken off later than now is still on)."""
    return label.removed_at is None or label.removed_at > bench.now


def entitled(label: Label, people: People, bench: Bench) -> str:
    """Why setting this label does not count, in words; empty where it does.

    Whoever set it must be known, among ``people`` then and now, able to label at all (GitHub asks for
    triage), have no part in the change, and be human unless the policy names the bot itself.
    """
    if label.by is None:
        return "nobody knows who set it"
    who = bench.directory.name(label.by)
    account = bench.directory.account(label.by)
    if account is None or not account.active:
        return f"{who} is not an active account"
    if label.by in bench.interested.accounts:
        return f"{who} set it and has a part in the change"
    if bench.directory.is_bot(label.by) and not bench.directory.belongs(
        tuple(one for one in bench.directory.expand(people) if one.kind in _SELF), label.by, bench.now
    ):
        return f"{who} is a bot that the policy does not name"
    if bench.directory.permission(label.by) < Permission.TRIAGE:
        return f"{who} may not label here"
    if not all(bench.directory.belongs(people, label.by, at) for at in (label.at or bench.now, bench.now)):
        return f"{who} is not among those who may set it"
    return ""


def _stands_apart(account: int | None, bench: Bench) -> bool:
    """Say whether somebody who took a label off is known to have no part in the change."""
    if account is None or bench.directory.account(account) is None:
        return False
    if account in bench.interested.accounts:
        return False
    return not bench.directory.is_bot(account) or bench.directory.belongs(
        bench.rules.reviews.bots, account, bench.now
    )
