"""``checks``: a check run of one app succeeded, on exactly the head."""

from __future__ import annotations

from typing import Annotated

import msgspec

from riskbot.domain.verdict import Status
from riskbot.facts.document import Check
from riskbot.judge.bench import Bench
from riskbot.judge.needs.need import CHECK, Ask
from riskbot.judge.people.who import Person
from riskbot.judge.predicate import Answer, bounded, counted


class Checks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask for success of the check ``name`` that the app of the numeric id ``app`` reported.

    A commit status, another app's check of that name, and a check of another commit are nobody's word: anyone
    who can push may post them. Of several runs every one must have succeeded.
    """

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    app: Annotated[int, msgspec.Meta(ge=1)]

    def ask(self, bench: Bench, /) -> Answer:
        """PENDING until the app reports success; ERROR where nobody knows the checks or the head."""
        pull, head = bench.facts.pull, bench.facts.change.head
        if pull is None:  # no reason not to propose it: the app can still do its part
            later = Ask(CHECK, 1, candidates=frozenset({Person(f"app {self.app} ({self.name})")}))
            return Answer(
                Status.PENDING, f"The check {self.name!r} runs once the change is proposed.", need=later
            )
        if head is None:
            return Answer(Status.ERROR, "The head is not known, so nobody can say what was checked.")
        if pull.checks is None:
            return Answer(Status.ERROR, "Nobody looked which checks ran.")
        named = [check for check in pull.checks if check.name == self.name]
        runs = [check for check in named if check.app == self.app and check.commit == head]
        others = sorted({_place(one) for one in named if one not in runs})
        ignored = bounded(f"Not counted: {other}." for other in others)
        if not runs:
            reason = f"App {self.app} reported no check {self.name!r} on the head {head[:12]}."
            return Answer(Status.PENDING, reason, ignored)
        bad = sorted({one.conclusion or "not finished" for one in runs if one.conclusion != "success"})
        if bad:
            reason = f"The check {self.name!r} of app {self.app} is {', '.join(bad)[:200]} on the head."
            return Answer(Status.PENDING, reason, ignored)
        reason = (
            f"The check {self.name!r} of app {self.app} succeeded on the head ({counted(len(runs), 'run')})."
        )
        return Answer(Status.SATISFIED, reason, ignored)


def _place(check: Check) -> str:
    """Whose word about which commit it is."""
    source = "a commit status" if check.app is None else f"app {check.app}"
    return f"{source} on {check.commit[:12]}"
