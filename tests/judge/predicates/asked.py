"""One clause, asked alone: what the tests of the predicates about people share."""

from datetime import datetime

from judge.make_facts import NOW, clauses, judged
from riskbot.domain.verdict import Clause, Verdict
from riskbot.facts.document import Facts

NAME = "it"


def policy(clause: str, **declared: str) -> str:
    """A policy of one clause, with declarations such as ``owners="{fallback: [erin]}"``."""
    lines = [f"{key}: {value}" for key, value in declared.items()]
    return "\n".join(["version: 1", "name: one", *lines, "requires:", f"  clause: {NAME}", f"  {clause}", ""])


def heard(facts: Facts, clause: str, now: datetime = NOW, **declared: str) -> Verdict:
    """The whole verdict."""
    return judged(facts, policy(clause, **declared), now)


def asked(facts: Facts, clause: str, now: datetime = NOW, **declared: str) -> Clause:
    """What the clause came to."""
    return clauses(heard(facts, clause, now, **declared))[NAME]


def told(clause: Clause) -> str:
    """Everything that the clause says."""
    return " ".join((clause.reason, *clause.evidence))
