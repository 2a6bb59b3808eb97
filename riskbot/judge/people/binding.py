"""What an approval is bound to: repository, pull request, base branch, and exactly the content looked at."""

from __future__ import annotations

from datetime import datetime

from riskbot.facts.document import Facts, Head, Review
from riskbot.judge.language.declarations import ReviewRules


class Binding:
    """Says why a review of some commit says nothing about the present head; never by comparing times."""

    def __init__(self, facts: Facts, rules: ReviewRules) -> None:
        self._change = facts.change
        self._pull = facts.pull
        self._carry_over = rules.carry_over
        self._commits = {commit.id: commit for commit in facts.change.commits or ()}
        self._heads: dict[str, list[Head]] = {}
        for head in facts.change.heads:
            self._heads.setdefault(head.commit, []).append(head)

    def elsewhere(self, review: Review) -> str:
        """Give ``other_pull`` where the review belongs to another pull request; else nothing."""
        pull = self._pull
        here = (
            pull is not None
            and review.repository in {None, pull.repository}
            and review.pull in {None, pull.number}
        )
        return "" if here else "other_pull"

    def code(self, commit: str, at: datetime, base_ref: str | None = None) -> str:
        """Give ``base_changed`` or ``stale`` where it does not hold for the present head; else nothing."""
        pull = self._pull
        if pull is None or base_ref not in {None, pull.base_ref}:
            return "base_changed"
        if any(change.at >= at for change in pull.base_changes):
            return "base_changed"
        if commit == self._change.head:
            return "base_changed" if self._moved(commit) else ""
        return "" if self._carried(commit) else "stale"

    def full(self, prefix: str) -> str:
        """Complete an abbreviated commit id: the present head first; unchanged where none or two begin so."""
        head = self._change.head
        if head is not None and head.startswith(prefix):
            return head
        found = {one for one in (*self._heads, *self._commits) if one.startswith(prefix)}
        return found.pop() if len(found) == 1 else prefix

    def _moved(self, commit: str) -> bool:
        """Say whether the commit is known to have been compared with other merge bases only."""
        bases = {head.merge_base for head in self._heads.get(commit, ())} - {None}
        return bool(bases) and self._change.base is not None and self._change.base not in bases

    def _carried(self, commit: str) -> bool:
        """Say whether policy lets the approval of an earlier head hold, as recomputed from trees."""
        tree = self._tree(self._change.head)
        base = self._change.base
        if tree is None or base is None:
            return False
        if "same-content" in self._carry_over and self._same(commit, tree, base):
            return True
        return any(
            f"clean-{replay.kind}" in self._carry_over
            and replay.commit == commit
            and replay.tree == tree
            and self._onto(replay.kind, commit, replay.onto, base)
            for replay in self._change.replays
        )

    def _same(self, commit: str, tree: str, base: str) -> bool:
        """Say whether the earlier head had the same tree and was compared with the same base, always."""
        heads = self._heads.get(commit, [])
        return bool(heads) and all(
            (head.tree or self._tree(commit)) == tree and head.merge_base == base for head in heads
        )

    def _onto(self, kind: str, commit: str, onto: str, base: str) -> bool:
        """Say whether it was redone on what the head is compared with now.

        After an update merge that is the base's tip of then, which the merge commit itself names as well.
        """
        if onto == base:
            return True
        head = self._commits.get(self._change.head or "")
        return (
            kind == "update"
            and head is not None
            and set(head.parents) == {commit, onto}
            and onto not in self._commits
            and onto not in self._heads
        )

    def _tree(self, commit: str | None) -> str | None:
        """The tree of a head: None where it is not known, or known to be two different ones."""
        found = {head.tree for head in self._heads.get(commit or "", ())}
        if (known := self._commits.get(commit or "")) is not None:
            found.add(known.tree)
        found -= {None}
        return found.pop() if len(found) == 1 else None
