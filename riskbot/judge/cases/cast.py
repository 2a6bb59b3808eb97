"""The people of a case: logins -> accounts with ids, and teams; and the times of a case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from riskbot.domain.suggest import did_you_mean
from riskbot.facts import document as doc
from riskbot.facts.record import Time
from riskbot.judge.cases.short import MemberFacts, PeopleFacts, PersonFacts, TeamsFacts
from riskbot.judge.language.declarations import Duration

AUTHOR = "alice"
UNKNOWN = "unknown"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
# A Wednesday at noon: no freeze that anybody means.
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
OPEN_FOR = timedelta(days=1)

Path = tuple[str | int, ...]


class WrongFactsError(Exception):
    """Facts that fit the syntax but not each other; ``path`` leads from the case to what is wrong."""

    def __init__(self, path: Path, message: str, mend: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message
        self.mend = mend


def moment(text: str, path: Path, opened: datetime | None = None) -> datetime:
    """Read a time with its offset, or, where ``opened`` is given, a span after it (``30m``)."""
    if opened is not None and re.fullmatch(r"[0-9]+[mhdw]", text, re.ASCII):
        return opened + span(text, path)
    try:
        found: datetime = msgspec.convert(text, Time)
    except msgspec.ValidationError:
        raise WrongFactsError(
            path, f"{text[:40]!r} is no time.", "Write 2026-03-04T12:00:00Z, or 30m for half an hour later."
        ) from None
    return found


def span(text: str, path: Path) -> timedelta:
    """Read a span of time."""
    try:
        return Duration(text).span
    except ValueError as problem:
        raise WrongFactsError(path, str(problem), "") from None


class Cast:
    """Everybody a case knows. ``known`` is false where nobody is named: then it is like a local check."""

    def __init__(self, people: PeopleFacts, teams: TeamsFacts) -> None:
        self.known = bool(people or teams)
        self._people: dict[str, PersonFacts] = {
            login: one if isinstance(one, PersonFacts) else PersonFacts(permission=one)
            for login, one in people.items()
        }
        self._teams = teams
        if self.known:
            self._people.setdefault(AUTHOR, PersonFacts())
        self._ids = _numbered(self._people)

    def id(self, login: str, path: Path) -> int:
        """The account's id. Raises WrongFactsError for somebody the case does not know."""
        if not self.known:
            message = f"Nobody knows {login[:80]!r}: neither the file nor the case names people."
            raise WrongFactsError(path, message, f"Write people: {{{login[:80]}: write}} at the top.")
        if login not in self._ids:
            raise WrongFactsError(
                path, f"There is nobody called {login[:80]!r}.", did_you_mean(login, list(self._ids))
            )
        return self._ids[login]

    def maybe(self, login: str | None, path: Path) -> int | None:
        """The same; None for None and for *unknown*."""
        return None if login is None or login == UNKNOWN else self.id(login, path)

    def signature(self, login: str, path: Path, at: datetime) -> doc.Signature:
        """What a commit of that person says, with whom the forge takes it for."""
        account = self.id(login, path) if self.known else None
        return doc.Signature(name=login, email=self.emails(login)[0], at=at, account=account)

    def by_email(self, email: str) -> int | None:
        """Whose address it is."""
        found = [login for login in self._people if email in self.emails(login)]
        return self._ids[found[0]] if found else None

    def emails(self, login: str) -> tuple[str, ...]:
        """The person's addresses; the first is the one they commit with."""
        person = self._people.get(login)
        named = person.emails if person is not None else None
        return named or (f"{login.replace('[bot]', '')}@example.org",)

    def accounts(self) -> tuple[doc.Account, ...] | None:
        """All accounts, by id; None where nobody is named."""
        if not self.known:
            return None
        return tuple(
            doc.Account(
                id=self._ids[login],
                login=login,
                type=self._type(login),
                permission=one.permission,
                controller=self.maybe(one.controller, ("people", login, "controller")),
                emails=self.emails(login),
                active=one.active,
            )
            for login, one in sorted(self._people.items(), key=lambda entry: self._ids[entry[0]])
        )

    def _type(self, login: str) -> doc.AccountType:
        """The account's type; a login that ends in ``[bot]`` is a bot's, as at the forge."""
        said = self._people[login].type
        return doc.AccountType.BOT if login.endswith("[bot]") and said is doc.AccountType.USER else said

    def teams(self) -> tuple[doc.Team, ...] | None:
        """All teams; None where nobody is named."""
        if not self.known:
            return None
        return tuple(
            doc.Team(
                name=name,
                members=None if isinstance(members, str) else self._members(name, members),
            )
            for name, members in self._teams.items()
        )

    def load(self) -> dict[str, int]:
        """How many reviews each is asked for, where that is said."""
        return {
            str(self._ids[login]): one.load for login, one in self._people.items() if one.load is not None
        }

    def _members(self, team: str, members: tuple[str | MemberFacts, ...]) -> tuple[doc.Membership, ...]:
        found = []
        for at, one in enumerate(members):
            path: Path = ("teams", team, at)
            stay = MemberFacts(one) if isinstance(one, str) else one
            found.append(
                doc.Membership(
                    account=self.id(stay.who, path),
                    since=LONG_AGO if stay.since is None else moment(stay.since, (*path, "since")),
                    until=None if stay.until is None else moment(stay.until, (*path, "until")),
                    changed_by=self.maybe(stay.by, (*path, "by")),
                )
            )
        return tuple(found)


def _numbered(people: Mapping[str, PersonFacts]) -> dict[str, int]:
    """Give everybody an id: the one they ask for, else the lowest that is free, in the order written."""
    taken = {one.id: login for login, one in people.items() if one.id is not None}
    ids: dict[str, int] = {}
    following = 1
    for login, one in people.items():
        if one.id is not None:
            if taken[one.id] != login:
                message = f"{login[:80]!r} and {taken[one.id][:80]!r} have the same id."
                raise WrongFactsError(("people", login, "id"), message, "Give each its own.")
            ids[login] = one.id
            continue
        while following in taken:
            following += 1
        ids[login] = following
        following += 1
    return ids


def patched(document: dict[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Lay ``patch`` over a document: mappings are merged, all else is replaced (RFC 7396 without null)."""
    merged = dict(document)
    for key, value in patch.items():
        old = merged.get(key)
        merged[key] = patched(old, value) if isinstance(value, dict) and isinstance(old, dict) else value
    return merged
