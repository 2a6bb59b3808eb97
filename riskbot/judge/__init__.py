"""Floor 3: Assessment -> Verdict; pure: the same facts always give the same verdict."""

from __future__ import annotations

from riskbot.domain.assessment import Assessment
from riskbot.domain.verdict import Verdict
from riskbot.judge.policy import Policy
from riskbot.judge.tree import conclude, evaluate

__all__ = ["judge"]


def judge(assessment: Assessment, policy: Policy) -> Verdict:
    """Say what the policy says of the assessment.

    Satisfied is ALLOWED, pending is HELD; an error, or a policy of which no clause applies, is UNDECIDED.
    No I/O, no clock, no randomness. Policies that cannot be read never get here
    (:func:`riskbot.judge.policy.load` raises ConfigError).
    """
    outcome, root = conclude(evaluate(policy.requires, assessment))
    return Verdict(outcome, root, policy.id, assessment)
