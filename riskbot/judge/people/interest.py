"""Who is interested in a change, and so cannot approve it; and what is not known about that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from riskbot.domain.verdict import Ground, Note
from riskbot.facts.document import Facts
from riskbot.judge.declarations import AuthorRules, Flow, ReviewRules
from riskbot.judge.people.directory import Directory


@dataclass(frozen=True, slots=True)
class Interested:
    """Who has a part in the change: ``accounts`` by id, ``strangers`` by address where no account is known.

    ``blocks`` keep anybody from approving it; ``more`` is how many further independent approvals unknown
    origins cost; ``flags`` only tell.
    """

    accounts: Mapping[int, tuple[Ground, ...]]
    strangers: Mapping[str, tuple[Ground, ...]]
    blocks: tuple[Note, ...] = ()
    flags: tuple[Note, ...] = ()
    more: int = 0


def interested(
    facts: Facts, authors: AuthorRules, reviews: ReviewRules, flows: tuple[Flow, ...], directory: Directory
) -> Interested:
    """Collect everybody who has a part in the change."""
    raise NotImplementedError
