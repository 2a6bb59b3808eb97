"""How a policy, an owners file or a roster names people.

======================  ==============================================================================
``alice``, ``@alice``   the account of that login (letter case ignored, as the forge does)
``id:17``               the account of that number, whatever its login is now
``@acme/devs``          the members of that team
``alice@example.org``   the account for which the forge vouches that address
``group:stewards``      a group that the policy itself defines
``anyone``              every account with the permission that is asked for
======================  ==============================================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

_LOGIN = re.compile(r"@?([A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?(?:\[bot\])?)")
_TEAM = re.compile(r"@([A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100})")
_EMAIL = re.compile(r"[^\s@/]{1,64}@[^\s@/]{1,255}")
_GROUP = re.compile(r"group:([a-z0-9][a-z0-9-]{0,63})")
_ID = re.compile(r"id:([1-9][0-9]{0,17})")
_NTH = re.compile(r"(.*), person ([2-9]|[1-9][0-9]{1,8})", re.DOTALL)


class WhoKind(Enum):
    """What a name names."""

    LOGIN = "login"
    ID = "id"
    TEAM = "team"
    EMAIL = "email"
    GROUP = "group"
    ANYONE = "anyone"


class Who:
    """One name, parsed: ``name`` is folded where the forge folds, without its sigil; ``text`` as written.

    No dataclass: msgspec would then want a mapping in the policy file instead of the name.
    """

    __slots__ = ("kind", "name", "text")

    def __init__(self, text: str, kind: WhoKind, name: str) -> None:
        self.text = text
        self.kind = kind
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Who) and (self.text, self.kind) == (other.text, other.kind)

    def __lt__(self, other: Who) -> bool:
        return (self.text, self.kind.value) < (other.text, other.kind.value)

    def __hash__(self) -> int:
        return hash(self.text)  # names are looked up thousands of times for one verdict

    def __repr__(self) -> str:
        return f"Who({self.text!r})"

    @classmethod
    def parse(cls, text: str) -> Who:
        """Read one name; ValueError, with what to write instead, where it is none."""
        if text == "anyone":
            return cls(text, WhoKind.ANYONE, text)
        for pattern, kind in (
            (_GROUP, WhoKind.GROUP),
            (_ID, WhoKind.ID),
            (_TEAM, WhoKind.TEAM),
            (_LOGIN, WhoKind.LOGIN),
            (_EMAIL, WhoKind.EMAIL),
        ):
            if match := pattern.fullmatch(text):
                return cls(text, kind, (match[1] if match.groups() else text).casefold())
        raise ValueError(
            f"{text[:80]!r} names nobody; write a login, @organisation/team, an e-mail address, id:NUMBER,"
            " group:NAME or anyone."
        )


People = tuple[Who, ...]


@dataclass(frozen=True, slots=True, order=True)
class Person:
    """Somebody who could approve. ``account`` None: someone whose account is not known (a local check)."""

    name: str
    account: int | None = None

    @classmethod
    def nameless(cls, name: str, nth: int) -> Person:
        """The ``nth`` (from 1) of those whom a name stands for where nobody can say who they are."""
        return cls(name if nth == 1 else f"{name}, person {nth}")

    @property
    def before(self) -> str | None:
        """The name of the nameless one before this one; None for the first, and for anybody else."""
        found = _NTH.fullmatch(self.name) if self.account is None else None
        if found is None:
            return None
        return found[1] if found[2] == "2" else f"{found[1]}, person {int(found[2]) - 1}"
