"""The bench: everything a clause may look at, worked out once for all clauses of a policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from riskbot.facts.document import Assessment, Facts, File, Permission
from riskbot.judge.declarations import AuthorRules, BreakGlassRule, Flow, OwnerRules, ReviewRules
from riskbot.judge.glob import folded
from riskbot.judge.need import Ask
from riskbot.judge.owners import Rosters
from riskbot.judge.people.directory import Directory
from riskbot.judge.people.interest import Interested, interested
from riskbot.judge.people.opinions import Ballot, ballot
from riskbot.judge.people.who import People, Person, Who, WhoKind

ANYONE: People = (Who("anyone", WhoKind.ANYONE, "anyone"),)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a policy declares, gathered."""

    reviews: ReviewRules = field(default_factory=ReviewRules)
    authors: AuthorRules = field(default_factory=AuthorRules)
    owners: OwnerRules = field(default_factory=OwnerRules)
    flows: tuple[Flow, ...] = ()
    groups: Mapping[str, People] | None = None
    break_glass: BreakGlassRule | None = None


class Bench:
    """The facts, the policy's declarations, the owners and the time, with what follows from them.

    Everything derived is computed when a clause first asks for it, and kept.
    """

    def __init__(self, facts: Facts, rules: Rules, rosters: Rosters, now: datetime) -> None:
        self.facts = facts
        self.rules = rules
        self.rosters = rosters
        self.now = now

    def under(self, rules: Rules) -> Bench:
        """The same case before another policy's rules (an included one)."""
        return Bench(self.facts, rules, self.rosters, self.now)

    @property
    def assessment(self) -> Assessment | None:
        """What riskbot found out, None where nobody looked."""
        return self.facts.assessment

    @property
    def files(self) -> tuple[File, ...]:
        """The change's files; none where they are not known (then the facts are not whole)."""
        return self.facts.change.files or ()

    @cached_property
    def folded_paths(self) -> tuple[str, ...]:
        """Every path of the change, old and new, folded for globs; each once."""
        return tuple(dict.fromkeys(folded(path) for file in self.files for path in file.paths))

    @cached_property
    def directory(self) -> Directory:
        """Accounts and teams."""
        return Directory(self.facts, self.rules.groups or {})

    @cached_property
    def interested(self) -> Interested:
        """Who has a part in the change."""
        return interested(
            self.facts, self.rules.authors, self.rules.reviews, self.rules.flows, self.directory
        )

    @cached_property
    def ballot(self) -> Ballot:
        """Whose opinion counts."""
        return ballot(self.facts, self.rules.reviews, self.directory, self.interested, self.now)

    @cached_property
    def author_teams(self) -> frozenset[str]:
        """The teams of everybody interested, now."""
        return frozenset(
            team
            for account in self.interested.accounts
            for team, _ in self.directory.memberships(account, self.now)
        )

    def able(self, account: int, permission: Permission) -> bool:
        """Say whether the account could approve at all: active, human or named, permitted, not interested."""
        known = self.directory.account(account)
        if known is None or not known.active or account in self.interested.accounts:
            return False
        if self.directory.is_bot(account) and not self.directory.belongs(
            self.rules.reviews.bots, account, self.now
        ):
            return False
        return self.directory.permission(account) >= max(permission, self.rules.reviews.permission)

    def ask(
        self,
        role: str,
        count: int,
        people: People = ANYONE,
        *,
        permission: Permission = Permission.NONE,
        outside_author_teams: bool = False,
    ) -> Ask:
        """Ask for ``count`` approvals from ``people``.

        Whoever approved counts if they were among ``people`` when they approved and still are (for at least
        ``member_for``, where the policy asks that). Names that no directory could look up stay as names.
        """
        standing = self.directory.resolve(people, self.now)
        able = {account for account in standing.accounts if self.able(account, permission)}
        if outside_author_teams:
            able = {
                account
                for account in able
                if not self.author_teams & {team for team, _ in self.directory.memberships(account, self.now)}
            }
        counted = {
            account
            for account, at in self.ballot.approvals.items()
            if account in able
            and self.directory.belongs(people, account, at)
            and self._settled(people, account, at)
        }
        candidates = {
            self.directory.person(account)
            for account in able - counted
            if self._settled(people, account, self.now)
        }
        candidates |= {
            Person(name if nth == 1 else f"{name} ({nth})")
            for name in standing.someone
            if not self._is_stranger(name)
            for nth in range(1, (1 if _single(name) else count) + 1)
        }
        return Ask(
            role,
            count,
            frozenset(self.directory.person(account) for account in counted),
            frozenset(candidates),
        )

    def _settled(self, people: People, account: int, at: datetime) -> bool:
        """Say whether the account had been among ``people`` long enough."""
        if self.rules.reviews.member_for is None:
            return True
        since = self.directory.since(people, account, at)
        return since is not None and (
            since == datetime.min.replace(tzinfo=at.tzinfo)
            or at - since >= self.rules.reviews.member_for.span
        )

    def _is_stranger(self, name: str) -> bool:
        """Say whether the name is one of those who have a part in it."""
        plain = name.removeprefix("@").casefold()
        return plain in self.interested.strangers


def _single(name: str) -> bool:
    """Say whether the name stands for one person: not a team, not "anyone"."""
    return "/" not in name and " " not in name
