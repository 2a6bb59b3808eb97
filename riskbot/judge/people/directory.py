"""The facts' accounts and teams, indexed: names -> accounts, and who was a member when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from riskbot.facts.document import Account, AccountType, Facts, Membership, Permission, Signature
from riskbot.judge.people.who import People, Person, Who, WhoKind

#: What stands for "anyone" where no directory is known.
ANYONE_ENTITLED = "anyone entitled"

# https://docs.github.com/en/account-and-profile/reference/email-addresses-reference: the id before the plus
# sign is the account's; the older form without it has only the login.
_NOREPLY = re.compile(r"(?:([1-9][0-9]{0,17})\+)?([a-z0-9-]{1,39}(?:\[bot\])?)@users\.noreply\.github\.com")


# What the forge itself commits is signed with its own key, under this name.
# The forge gives no person such a login, whatever type the facts say.
_BOT_SUFFIX = "[bot]"
_FORGE_LOGIN = "web-flow"
_FORGE_EMAIL = "noreply@github.com"


def noreply_login(email: str) -> str:
    """The login, folded, that a no-reply address of the forge tells; empty where it is none."""
    match = _NOREPLY.fullmatch(email.strip().casefold())
    return match[2] if match else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whom a list of names stands for.

    ``accounts``: those that are meant now. ``someone``: names that cannot be looked up because no directory
    is known at all. ``ghosts``: names that the directory does not have. ``unread``: teams that exist but
    whose members could not be read.
    """

    accounts: frozenset[int]
    someone: tuple[str, ...] = ()
    ghosts: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


class Directory:
    """Looks people up. ``known`` is false where the facts have no accounts: then names stay names."""

    def __init__(self, facts: Facts, groups: Mapping[str, People]) -> None:
        self.known = facts.accounts is not None
        self._groups = groups
        self._accounts: dict[int, Account] = {account.id: account for account in facts.accounts or ()}
        self._logins = {account.login.casefold(): account.id for account in self._accounts.values()}
        self._emails: dict[str, set[int]] = {}
        for account in self._accounts.values():
            for email in account.emails:
                self._emails.setdefault(email.strip().casefold(), set()).add(account.id)
        self._teams: dict[str, tuple[Membership, ...] | None] = {
            team.name.casefold(): team.members for team in facts.teams or ()
        }
        self._teams_known = facts.teams is not None
        self._stays: dict[int, list[tuple[str, Membership]]] = {}
        self._stays_in: dict[tuple[int, str], list[Membership]] = {}
        for name, members in sorted(self._teams.items()):
            for one in members or ():
                self._stays.setdefault(one.account, []).append((name, one))
                self._stays_in.setdefault((one.account, name), []).append(one)
        self._controlled: dict[int, list[int]] = {}
        for account in self._accounts.values():
            if account.controller is not None:
                self._controlled.setdefault(account.controller, []).append(account.id)
        # The same names are looked up for every file and every review: each is worked out once.
        self._expanded: dict[People, tuple[Who, ...]] = {}
        self._resolved: dict[tuple[People, datetime], Standing] = {}
        self._present: dict[tuple[str, datetime], frozenset[int]] = {}

    def account(self, id_: int) -> Account | None:
        """The account of that id, or None where the facts do not have it."""
        return self._accounts.get(id_)

    def accounts(self) -> Iterable[Account]:
        """Every account of the facts."""
        return self._accounts.values()

    def person(self, id_: int) -> Person:
        """Somebody by account id."""
        return Person(self.name(id_), id_)

    def name(self, id_: int) -> str:
        """The login for readers; an account that the facts do not have is called by its number."""
        account = self._accounts.get(id_)
        return account.login if account is not None else f"id:{id_}"

    def is_bot(self, id_: int) -> bool:
        """Say whether the account is a machine's: by its type or login, or because somebody controls it."""
        account = self._accounts.get(id_)
        return account is not None and (
            account.type is not AccountType.USER
            or account.controller is not None
            or account.login.casefold().endswith(_BOT_SUFFIX)
        )

    def is_person(self, id_: int) -> bool:
        """Say whether the account is known, and a person's."""
        return id_ in self._accounts and not self.is_bot(id_)

    def permission(self, id_: int) -> Permission:
        """The effective permission; what is not known is none."""
        account = self._accounts.get(id_)
        return account.permission or Permission.NONE if account is not None else Permission.NONE

    def by_email(self, email: str) -> int | None:
        """The account for which the forge vouches the address, or that the address itself names.

        None where there is none, and where there are two.
        """
        found = self.named(email)
        return found[0] if len(found) == 1 else None

    def named(self, email: str) -> tuple[int, ...]:
        """Every account that the address may mean."""
        folded = email.strip().casefold()
        if found := self._emails.get(folded):
            return tuple(sorted(found))
        match = _NOREPLY.fullmatch(folded)
        if match is None:
            return ()
        if match[1] is not None:
            return (int(match[1]),) if int(match[1]) in self._accounts else ()
        return (self._logins[match[2]],) if match[2] in self._logins else ()

    def by_login(self, login: str) -> int | None:
        """The account that has the login now, written with or without @."""
        return self._logins.get(login.removeprefix("@").casefold())

    def signed_by(self, signature: Signature) -> int | None:
        """Whom the forge takes the author or committer for; None: nobody knows."""
        return signature.account if signature.account is not None else self.by_email(signature.email)

    def is_forge(self, signature: Signature) -> bool:
        """Say whether it is the name that the forge itself commits under: of edits in the browser, merges."""
        account = self._accounts.get(signature.account) if signature.account is not None else None
        if account is not None:
            return account.login.casefold() == _FORGE_LOGIN
        return signature.email.strip().casefold() == _FORGE_EMAIL

    def vouched(self, signature: Signature) -> int | None:
        """Whom the commit can be attributed to: like :meth:`signed_by`, but no account by its login alone.

        A login in an address may have been given up and taken by another since.
        """
        if signature.account is None:
            folded = signature.email.strip().casefold()
            match = _NOREPLY.fullmatch(folded)
            if folded not in self._emails and (match is None or match[1] is None):
                return None
        return self.signed_by(signature)

    def controllers(self, id_: int) -> frozenset[int]:
        """Who controls the account, who controls that one, and so on; without the account itself."""
        found: set[int] = set()
        account = self._accounts.get(id_)
        while account is not None and account.controller is not None and account.controller not in found:
            found.add(account.controller)
            account = self._accounts.get(account.controller)
        return frozenset(found - {id_})

    def tied(self, id_: int) -> tuple[tuple[int, str], ...]:
        """Who controls the account, and which accounts it controls, with what they are called for that."""
        account = self._accounts.get(id_)
        controller = account.controller if account is not None else None
        above = ((controller, "controller"),) if controller is not None else ()
        return (*above, *((bot, "bot") for bot in sorted(self._controlled.get(id_, ()))))

    def expand(self, people: People) -> tuple[Who, ...]:
        """Replace the policy's groups by their members (groups hold no groups); each name once."""
        found = self._expanded.get(people)
        if found is None:
            flat: list[Who] = []
            for who in people:
                flat += self._groups.get(who.name, ()) if who.kind is WhoKind.GROUP else (who,)
            found = self._expanded[people] = tuple(dict.fromkeys(flat))
        return found

    def resolve(self, people: People, at: datetime) -> Standing:
        """Look the names up as things stood ``at``."""
        found = self._resolved.get((people, at))
        if found is None:
            found = self._resolved[people, at] = self._resolve(people, at)
        return found

    def _resolve(self, people: People, at: datetime) -> Standing:
        accounts: set[int] = set()
        someone, ghosts, unread = [], [], []
        for who in self.expand(people):
            if who.kind is WhoKind.ANYONE:
                accounts |= self._accounts.keys()
                if not self.known:
                    someone.append(ANYONE_ENTITLED)
            elif who.kind is WhoKind.TEAM:
                if not self._teams_known:
                    someone.append(f"@{who.name}")
                elif who.name not in self._teams:
                    ghosts.append(f"@{who.name}")
                elif self._teams[who.name] is None:
                    unread.append(f"@{who.name}")
                else:
                    accounts |= self._members(who.name, at)
            elif (found := self.single(who)) is not None:
                accounts.add(found)
            else:
                (ghosts if self.known else someone).append(who.text)
        return Standing(frozenset(accounts), tuple(someone), tuple(ghosts), tuple(unread))

    def _members(self, team: str, at: datetime) -> frozenset[int]:
        """The accounts that were in the team at that time."""
        found = self._present.get((team, at))
        if found is None:
            stays = self._teams.get(team) or ()
            found = self._present[team, at] = frozenset(one.account for one in stays if covers(one, at))
        return found

    def belongs(self, people: People, id_: int, at: datetime) -> bool:
        """Say whether the account was among ``people`` ``at`` that time."""
        for who in self.expand(people):
            if who.kind is WhoKind.TEAM:
                if any(covers(one, at) for one in self._stays_in.get((id_, who.name), ())):
                    return True
            elif who.kind is WhoKind.ANYONE:
                if id_ in self._accounts:
                    return True
            elif self.single(who) == id_:
                return True
        return False

    def since(self, people: People, id_: int, at: datetime) -> datetime | None:
        """Since when the account is among ``people`` without a break until ``at``, through its oldest team.

        ``datetime.min`` (UTC) where it is named itself; None where the start is not known, or it is not among
        them at all.
        """
        starts: list[datetime | None] = []
        for who in self.expand(people):
            if who.kind is WhoKind.TEAM:
                stays = self._stays_in.get((id_, who.name), ())
                starts += [one.since for one in stays if covers(one, at)]
            elif who.kind is WhoKind.ANYONE or self.single(who) == id_:
                return datetime.min.replace(tzinfo=at.tzinfo)
        known = [start for start in starts if start is not None]
        return min(known) if known else None

    def memberships(self, id_: int, at: datetime) -> tuple[tuple[str, Membership], ...]:
        """The teams that the account was in ``at`` that time, by name."""
        return tuple((name, one) for name, one in self._stays.get(id_, ()) if covers(one, at))

    def ever(self, people: People) -> frozenset[int]:
        """The accounts that are, were or will be among the people named; ``anyone`` names nobody."""
        found: set[int] = set()
        for who in self.expand(people):
            if who.kind is WhoKind.TEAM:
                found |= {one.account for one in self._teams.get(who.name) or ()}
            elif (account := self.single(who)) is not None:
                found.add(account)
        return frozenset(found)

    def stays(self, id_: int) -> tuple[tuple[str, Membership], ...]:
        """Every stay of the account in any team, past ones too, by the team's name."""
        return tuple(self._stays.get(id_, ()))

    def single(self, who: Who) -> int | None:
        """The account that a login, an address or an id names; None for a team, and where there is none."""
        if who.kind is WhoKind.LOGIN:
            return self._logins.get(who.name)
        if who.kind is WhoKind.EMAIL:
            return self.by_email(who.name)
        if who.kind is WhoKind.ID:
            return int(who.name) if int(who.name) in self._accounts else None
        return None


def covers(membership: Membership, at: datetime) -> bool:
    """Say whether ``at`` lies in the stay: from its start, up to but not at its end."""
    return (membership.since is None or membership.since <= at) and (
        membership.until is None or at < membership.until
    )
