"""Reviews and commands -> events: one word of one person at one time, and what it still says here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from riskbot.facts.document import Comment, Facts, Pull, Review, ReviewState
from riskbot.judge.language.declarations import ReviewRules
from riskbot.judge.people.binding import Binding
from riskbot.judge.people.commands import CANCEL, command
from riskbot.judge.people.directory import Directory
from riskbot.judge.people.interest import Interested

_OPINIONATED = frozenset({ReviewState.APPROVED, ReviewState.CHANGES_REQUESTED, ReviewState.DISMISSED})


@dataclass(frozen=True, slots=True)
class Event:
    """One word that somebody said. ``code``: why it approves nothing here; ``veto``: a veto that stands.

    ``cancels``: it only takes approvals back, and leaves a request for changes as it is.
    """

    by: int
    at: datetime
    state: ReviewState
    commit: str
    code: str = ""
    veto: bool = False
    cancels: bool = False

    @property
    def here(self) -> bool:
        """It is about this pull request, and had been said by the time of the judgement."""
        return self.code not in {"other_pull", "future"}

    @property
    def strictness(self) -> int:
        """Order words of the same time: the stricter is read as the later one."""
        if self.state is ReviewState.CHANGES_REQUESTED:
            return 5
        if self.state is ReviewState.DISMISSED:
            return 4 if self.veto else 2 if self.cancels else 3
        return 1 if self.code else 0


@dataclass(frozen=True, slots=True)
class Overruling:
    """Somebody dismissed another's request for changes, and could not lift it by that."""

    by: int | None
    of: int


class Sayings:
    """What was said about a pull request up to ``now``."""

    def __init__(
        self, facts: Facts, rules: ReviewRules, directory: Directory, interested: Interested, now: datetime
    ) -> None:
        self._pull: Pull | None = facts.pull
        self._rules = rules
        self._directory = directory
        self._interested = interested
        self._now = now
        self._binding = Binding(facts, rules)

    def events(self) -> Iterator[Event]:
        """Every word with an opinion in it; comments have none."""
        for review in self._reviews():
            yield self._until_now(self._review(review))
        for comment in (self._pull.comments or ()) if self._pull and self._rules.commands else ():
            if (event := self._comment(comment)) is not None:
                yield self._until_now(event)

    def overrulings(self) -> tuple[Overruling, ...]:
        """The dismissals of vetoes that stand all the same, in order."""
        found = {
            Overruling(review.dismissed.by, review.by)
            for review in self._reviews()
            if review.dismissed is not None
            and review.at <= self._now
            and not self._binding.elsewhere(review)
            and self._stands(review)
        }
        return tuple(sorted(found, key=lambda one: (one.by or 0, one.of)))

    def _reviews(self) -> Iterator[Review]:
        for review in (self._pull.reviews or ()) if self._pull else ():
            was = review.dismissed.was if review.dismissed else None
            if review.state in _OPINIONATED or was in _OPINIONATED:
                yield review

    def _review(self, review: Review) -> Event:
        event = Event(review.by, review.at, review.state, review.commit)
        if elsewhere := self._binding.elsewhere(review):
            return replace(event, code=elsewhere)
        if review.state is ReviewState.DISMISSED or review.dismissed is not None:
            veto = self._stands(review)
            return replace(event, state=ReviewState.DISMISSED, code="dismissed", veto=veto)
        if review.state is ReviewState.CHANGES_REQUESTED:
            return replace(event, code="changes_requested", veto=True)
        return replace(event, code=self._binding.code(review.commit, review.at, review.base_ref))

    def _comment(self, comment: Comment) -> Event | None:
        said = None if comment.edited else command(comment.body)
        if said is None:
            return None
        if said == CANCEL:
            state = ReviewState.DISMISSED
            return Event(comment.by, comment.at, state, "", code="dismissed", cancels=True)
        commit = self._binding.full(said)
        code = self._binding.code(commit, comment.at)
        return Event(comment.by, comment.at, ReviewState.APPROVED, commit, code)

    def _until_now(self, event: Event) -> Event:
        return replace(event, code="future", veto=False) if event.at > self._now else event

    def _stands(self, review: Review) -> bool:
        """Say whether a dismissed veto stands: interested people, machines and nobody known cannot lift it.

        One that nothing is known about may have been a veto. Whoever gave it may take it back.
        """
        if not _was_veto(review):
            return False
        dismissal = review.dismissed
        if dismissal is None or dismissal.by is None:
            return True
        if dismissal.at is not None and dismissal.at > self._now:
            return True
        if dismissal.by == review.by:
            return False
        return dismissal.by in self._interested.accounts or not self._directory.is_person(dismissal.by)


def _was_veto(review: Review) -> bool:
    """Say whether the dismissed review had asked for changes, or may have."""
    if review.state is ReviewState.CHANGES_REQUESTED:
        return True
    was = review.dismissed.was if review.dismissed else None
    return was is ReviewState.CHANGES_REQUESTED or (was is None and review.state is ReviewState.DISMISSED)
