"""The facts about people: accounts, teams, and who was a member when."""

from __future__ import annotations

from enum import Enum
from functools import total_ordering
from typing import Annotated

from msgspec import Meta

from riskbot.facts.record import AccountId, Record, Time


class AccountType(Enum):
    """What kind of account it is, in the forge's words."""

    USER = "User"
    BOT = "Bot"
    ORGANIZATION = "Organization"


@total_ordering
class Permission(Enum):
    """What an account may do in the repository, ordered; custom roles as the base role they rest on."""

    NONE = "none"
    READ = "read"
    TRIAGE = "triage"
    WRITE = "write"
    MAINTAIN = "maintain"
    ADMIN = "admin"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Permission):
            return NotImplemented
        order = list(Permission)
        return order.index(self) < order.index(other)


class Account(Record, frozen=True):
    """One account that plays a part. ``permission`` null: not known, so it can do nothing."""

    id: AccountId
    login: Annotated[str, Meta(min_length=1, description="Its name now; bots with their [bot] suffix.")]
    type: AccountType = AccountType.USER
    permission: Annotated[Permission | None, Meta(description="Its effective permission; null: unknown.")] = (
        None
    )
    controller: Annotated[
        AccountId | None, Meta(description="Who controls it (a registry's word); null: nobody known.")
    ] = None
    emails: Annotated[tuple[str, ...], Meta(description="Addresses that the forge vouches for.")] = ()
    active: Annotated[bool, Meta(description="False: suspended, or away.")] = True


class Membership(Record, frozen=True):
    """One stay in a team, from ``since`` (null: not known) up to but not at ``until`` (null: still)."""

    account: AccountId
    since: Time | None = None
    until: Time | None = None
    changed_by: Annotated[AccountId | None, Meta(description="Who added it; null: unknown.")] = None


class Team(Record, frozen=True):
    """A team and who was in it. ``members`` null: the team exists but could not be read."""

    name: Annotated[str, Meta(min_length=1, description="organisation/team, without @.")]
    members: tuple[Membership, ...] | None = None
    as_of: Annotated[Time | None, Meta(description="When it was read.")] = None


class Directory(Record, frozen=True):
    """Accounts and teams alone: what a team writes down for checks that can ask no forge."""

    accounts: tuple[Account, ...]
    teams: tuple[Team, ...] = ()
