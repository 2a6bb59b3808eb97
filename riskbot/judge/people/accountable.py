"""Who answers for a change: its author, whoever asked the machine that wrote it, or a flow's owner.

Only what the forge vouches for is used: an initiator that a trailer names could be anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskbot.judge import flows

if TYPE_CHECKING:
    from riskbot.judge.bench import Bench


@dataclass(frozen=True, slots=True)
class Accountable:
    """Somebody who answers for the change, and why; ``account`` None: as a policy names them."""

    who: str
    account: int | None
    why: str

    def __str__(self) -> str:
        return f"{self.who} ({self.why})"


def accountable(bench: Bench) -> tuple[Accountable, ...]:
    """Say who answers for the change; none where that is not known.

    A registered flow in shape: the flow's owner. Written by a machine, as attested or declared, or opened by
    one: who is attested to have asked for it, else who assigned it, else the person who opened it, else those
    who pushed it. Anything else: who opened it. A bot stands for whoever controls it, or for nobody.
    """
    registered = flows.valid(bench)
    if registered:
        return tuple(
            Accountable(who.text, None, f"answers for the flow {flow.flow}")
            for flow in registered[:1]
            for who in flow.owner
        )
    for accounts, why in _ladder(bench):
        people = _people(accounts, bench)
        if people:
            return tuple(Accountable(bench.directory.name(one), one, why) for one in people)
    return ()


def _ladder(bench: Bench) -> Iterator[tuple[Iterable[int | None], str]]:
    """Yield who might answer, the first first."""
    pull = bench.facts.pull
    if pull is None:
        return
    opened = ((pull.opened_by,), "opened it")
    bot = pull.opened_by is not None and bench.directory.is_bot(pull.opened_by)
    if not (bot or bench.machines.agent or pull.agent_runs):
        yield opened
        return
    yield (run.initiator for run in pull.agent_runs if run.attested), "asked an agent for it"
    yield pull.assigned_by, "assigned it to an agent"
    yield opened
    yield (push.by for push in pull.pushes or ()), "pushed it"


def _people(accounts: Iterable[int | None], bench: Bench) -> tuple[int, ...]:
    """The humans among them, or behind the bots among them, each once."""
    found = (_human(account, bench) for account in accounts)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _human(account: int | None, bench: Bench) -> int | None:
    """Follow who controls a bot up to a human; None where nobody is known or the chain runs in a circle."""
    seen: set[int] = set()
    while account is not None and bench.directory.is_bot(account):
        if account in seen:
            return None
        seen.add(account)
        known = bench.directory.account(account)
        account = known.controller if known is not None else None
    return account
