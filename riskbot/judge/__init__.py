"""Floor 3: facts -> Verdict; pure: the same facts always give the same verdict."""

from __future__ import annotations

from datetime import datetime

from riskbot.domain.verdict import Verdict
from riskbot.facts.document import Facts
from riskbot.judge.hearing import hear
from riskbot.judge.language.policy import Policy
from riskbot.judge.owners import Rosters

__all__ = ["judge"]


def judge(facts: Facts, policy: Policy, owners: Rosters, now: datetime) -> Verdict:
    """Say what the policy says of the facts at ``now`` (aware of its zone).

    Satisfied is ALLOWED, pending is HELD; an error, or a policy of which no clause applies, is UNDECIDED.
    No I/O, no clock, no randomness. Policies that cannot be read never get here
    (:func:`riskbot.judge.language.policy.load` raises ConfigError).
    """
    return hear(facts, policy, owners, now)
