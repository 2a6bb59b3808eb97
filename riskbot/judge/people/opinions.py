"""Reviews -> opinions: whose newest word counts, on what, and why another's does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from riskbot.domain.verdict import Note, Opinion
from riskbot.facts.document import Facts
from riskbot.judge.declarations import ReviewRules
from riskbot.judge.people.directory import Directory
from riskbot.judge.people.interest import Interested


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


def ballot(
    facts: Facts, rules: ReviewRules, directory: Directory, interested: Interested, now: datetime
) -> Ballot:
    """Read the reviews (and, where the rules say so, the commands) as opinions."""
    raise NotImplementedError
