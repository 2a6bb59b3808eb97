"""The bench: everything a clause may look at, worked out once for all clauses of a policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from riskbot.domain.verdict import Grade, Ground
from riskbot.facts.document import Assessment, Facts, File, Permission
from riskbot.judge.language.declarations import AuthorRules, BreakGlassRule, Flow, OwnerRules, ReviewRules
from riskbot.judge.needs.need import Ask
from riskbot.judge.owners import Rosters
from riskbot.judge.people.directory import Directory, Standing
from riskbot.judge.people.interest import Interested, interested
from riskbot.judge.people.machine import Involvement, involvement
from riskbot.judge.people.opinions import Ballot, ballot
from riskbot.judge.people.tolerance import tolerant
from riskbot.judge.people.who import People, Person, Who, WhoKind
from riskbot.written.glob import Glob, folded

ANYONE: People = (Who("anyone", WhoKind.ANYONE, "anyone"),)

Barred = Mapping[int, tuple[Ground, ...]]
_NOBODY: Barred = {}

_MAKING = frozenset({"opener", "pusher", "initiator", "agent"})


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

    def __init__(
        self, facts: Facts, rules: Rules, rosters: Rosters, now: datetime, *, barred: Barred = _NOBODY
    ) -> None:
        self.facts = facts
        self._barred = barred  # by the including policy
        self.rules = rules
        self.rosters = rosters
        self.now = now
        self._able: dict[tuple[Permission, bool], frozenset[int]] = {}
        self._persons: dict[int, Person] = {}

    def under(self, rules: Rules) -> Bench:
        """The same case before another policy's rules (an included one).

        Automations belong to whoever runs the repository: those that the including policy registers are known
        to the included one too. And whom that one bars is barred here as well: a word that one of two
        policies takes for an author's own is nobody's review.
        """
        names = {flow.flow for flow in rules.flows}
        more = tuple(flow for flow in self.rules.flows if flow.flow not in names)
        ruled = replace(rules, flows=(*rules.flows, *more))
        return Bench(self.facts, ruled, self.rosters, self.now, barred=self.interested.accounts)

    @property
    def assessment(self) -> Assessment | None:
        """What riskbot found out, None where nobody looked."""
        return self.facts.assessment

    @property
    def files(self) -> tuple[File, ...]:
        """The change's files; none where they are not known (then the facts are not whole)."""
        return self.facts.change.files or ()

    @cached_property
    def touched(self) -> tuple[tuple[str, bool], ...]:
        """Every path of the change, old and new, in the order of its files; and whether its mode is odd."""
        return tuple((path, file.odd_mode) for file in self.files for path in file.paths)

    @cached_property
    def folded_paths(self) -> tuple[str, ...]:
        """Every path of the change, old and new, folded for globs; each once."""
        return tuple(dict.fromkeys(folded(path) for path, _ in self.touched))

    @cached_property
    def folded_links(self) -> tuple[str, ...]:
        """Those of the paths where a link or a submodule stands, or may stand."""
        return tuple(dict.fromkeys(folded(path) for path, odd in self.touched if odd))

    def touches(self, globs: Iterable[Glob]) -> bool:
        """Say whether the change touches a path that matches; where its files are not known, it does."""
        if self.facts.change.files is None:
            return True
        return self.matches(self.folded_paths, globs)

    def matches(self, paths: Iterable[str], globs: Iterable[Glob]) -> bool:
        """Say whether one of these folded paths matches; a link of the change stands for its folder."""
        listed, folded_paths = tuple(globs), tuple(paths)
        if any(glob.matches_folded(path) for glob in listed for path in folded_paths):
            return True
        links = set(self.folded_links).intersection(folded_paths)
        return any(glob.names_beneath(path) for glob in listed for path in links)

    @cached_property
    def directory(self) -> Directory:
        """Accounts and teams."""
        return Directory(self.facts, self.rules.groups or {})

    @cached_property
    def interested(self) -> Interested:
        """Who has a part in the change, less those whose small suggestions the policy tolerates."""
        rules = self.rules
        found = interested(
            self.facts, rules.authors, rules.reviews, rules.flows, self.directory, now=self.now
        )
        found = tolerant(found, rules.reviews, self.directory, self.rosters.owners, self.files, now=self.now)
        return found.barring(self._barred)

    @cached_property
    def machines(self) -> Involvement:
        """What part machines had in it."""
        return involvement(self)

    @cached_property
    def ballot(self) -> Ballot:
        """Whose opinion counts."""
        return ballot(self.facts, self.rules.reviews, self.directory, self.interested, self.now)

    @cached_property
    def author_teams(self) -> frozenset[str]:
        """The teams of everybody interested, now or when the change was opened."""
        return frozenset().union(*(self.teams_of.get(account, ()) for account in self.interested.accounts))

    @cached_property
    def teams_of(self) -> Mapping[int, frozenset[str]]:
        """Each account's teams, by folded name: those of now, and those since left again.

        A team left after the change was opened still counts, or leaving it for an hour would make an author's
        colleague an outsider. Where the opening is not known, every team ever left counts.
        """
        pull = self.facts.pull
        opened = pull.opened_at if pull is not None else None
        found: dict[int, set[str]] = {}
        for team in self.facts.teams or ():
            for one in team.members or ():
                begun = one.since is None or one.since <= self.now
                if begun and (one.until is None or opened is None or one.until > opened):
                    found.setdefault(one.account, set()).add(team.name.casefold())
        return {account: frozenset(teams) for account, teams in found.items()}

    @cached_property
    def unread_teams(self) -> tuple[str, ...]:
        """The teams that nobody could read; with none known at all, that is said instead."""
        if self.facts.teams is None:
            return ("every team",) if self.directory.known else ()
        return tuple(sorted(f"@{team.name}" for team in self.facts.teams if team.members is None))

    def standing(self, people: People) -> Standing:
        """Whom the names stand for now."""
        return self.directory.resolve(people, self.now)

    def able(self, account: int, permission: Permission) -> bool:
        """Say whether the account could approve at all: active, human or named, permitted, not interested."""
        return account not in self.interested.accounts and self.entitled(account, permission)

    def entitled(self, account: int, permission: Permission) -> bool:
        """Say whether the account could approve if it had no part in the change."""
        known = self.directory.account(account)
        if known is None or not known.active:
            return False
        if self.directory.is_bot(account) and not self.directory.belongs(
            self.rules.reviews.bots, account, self.now
        ):
            return False
        return self.directory.permission(account) >= max(permission, self.rules.reviews.permission)

    @cached_property
    def makers(self) -> frozenset[int]:
        """Those whose part in the change nobody can make up: they opened it, pushed it or had an agent do it.

        What commits say would let a proposer declare others to be interested, which must never help. Before
        anything is proposed nothing can be approved either, and commits are all there is to go by.
        """
        if self.facts.pull is None:
            return frozenset(self.interested.accounts)
        return frozenset(
            account
            for account, grounds in self.interested.accounts.items()
            if any(ground.grade is Grade.ATTESTED and ground.role in _MAKING for ground in grounds)
        )

    def outsider(self, account: int) -> bool:
        """Say whether the account shares no team with anybody interested; where a team is unread, nobody."""
        return not self.unread_teams and not self.author_teams & self.teams_of.get(account, frozenset())

    def all_able(self, permission: Permission, *, outside_author_teams: bool = False) -> frozenset[int]:
        """Every account that could approve at all, worked out once for each permission.

        A machine of somebody who could is left out: the two are one person.
        """
        key = (permission, outside_author_teams)
        if key not in self._able:
            ids = (account.id for account in self.directory.accounts())
            able = {
                account
                for account in ids
                if self.able(account, permission) and (not outside_author_teams or self.outsider(account))
            }
            self._able[key] = frozenset(
                account for account in able if not able & self.directory.controllers(account)
            )
        return self._able[key]

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
        standing = self.standing(people)
        able = standing.accounts & self.all_able(permission, outside_author_teams=outside_author_teams)
        approvals = self.ballot.approvals
        counted = {account for account in able if account in approvals and self.held(people, account)}
        candidates = {
            self.person(account) for account in able - counted if self.settled(people, account, self.now)
        }
        candidates |= {
            Person.nameless(name, nth)
            for name in standing.someone
            if not self.is_stranger(name)
            for nth in range(1, (1 if _single(name) else count) + 1)
        }
        persons = frozenset(map(self.person, counted))
        return Ask(role, count, persons, frozenset(candidates) - persons)

    def held(self, people: People, account: int) -> bool:
        """Say whether the account was among ``people``, long enough, when it approved."""
        at = self.ballot.approvals[account]
        return self.directory.belongs(people, account, at) and self.settled(people, account, at)

    def settled(self, people: People, account: int, at: datetime) -> bool:
        """Say whether the account had been among ``people`` long enough."""
        if self.rules.reviews.member_for is None:
            return True
        since = self.directory.since(people, account, at)
        return since is not None and (
            since == datetime.min.replace(tzinfo=at.tzinfo)
            or at - since >= self.rules.reviews.member_for.span
        )

    def person(self, account: int) -> Person:
        """Whose voice the account is: its own, or for people and the machines that they control, one for all.

        So nobody approves twice, once with their own hand and once through a machine.
        """
        known = self._persons.get(account)
        if known is None:
            voice = self._voices.get(account, account)
            known = self._persons[account] = self.directory.person(voice)
        return known

    @cached_property
    def _voices(self) -> Mapping[int, int]:
        """For machines with a controller, and for those: the one account that speaks for all of them.

        It is the controller, or the first machine that approved where the controller could not.
        """
        groups: dict[int, set[int]] = {}
        for account in self.directory.accounts():
            top = self._controller(account.id)
            if top != account.id:
                groups.setdefault(top, {top}).add(account.id)
        voices: dict[int, int] = {}
        for top, members in groups.items():
            approved = sorted(members & self.ballot.approvals.keys())
            own = not approved or self.able(top, Permission.NONE)
            voices |= dict.fromkeys(members, top if own else approved[0])
        return voices

    def _controller(self, account: int) -> int:
        """Follow who controls the account as far as is known; of a circle, the same one for all of it."""
        seen = [account]
        while (known := self.directory.account(seen[-1])) is not None and known.controller is not None:
            if known.controller in seen:
                return min(seen[seen.index(known.controller) :])
            seen.append(known.controller)
        return seen[-1]

    def is_stranger(self, name: str) -> bool:
        """Say whether the name is one of those who have a part in it."""
        return name.removeprefix("@").casefold() in self.interested.strangers


def _single(name: str) -> bool:
    """Say whether the name stands for one person: not a team, not "anyone"."""
    return "/" not in name and " " not in name
