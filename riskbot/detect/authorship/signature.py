"""One entry of the catalogue, checked beyond its types and ready to match."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from riskbot.detect.authorship.entries import Entry, Tool
from riskbot.detect.authorship.pattern import Pattern, compiled
from riskbot.domain.authorship import Kind, Tier
from riskbot.domain.suggest import did_you_mean

BOT = "[bot]"
"""How the forge ends the login of an app, which no person's may."""
GITHUB = "@users.noreply.github.com"
NAMED = "{tool}"
"""The value pattern that asks for a tool's name."""

_SURE = {Tier.A: 0.99, Tier.B: 0.97, Tier.C: 0.5, Tier.D: 0.0}
"""How sure a sign is where the entry does not say: set, not measured (docs/authorship.md)."""

# What an entry of each channel must say, one of these at least.
_NEEDS = {
    "identity": ("emails", "accounts", "logins", "names", "name_ends"),
    "trailer": ("keys",),
    "session": ("keys", "lines"),
    "footer": ("lines",),
    "subject": ("prefixes",),
    "branch": ("prefixes",),
    "label": ("labels",),
    "config": ("paths",),
}
_MATCHERS = (*dict.fromkeys(key for keys in _NEEDS.values() for key in keys), "values")


@dataclass(frozen=True, slots=True)
class Signature:
    """One entry, ready to match; ``since`` is seconds since the epoch, earlier hits do not count."""

    id: str
    tool: str
    kind: Kind
    tier: Tier
    channel: str
    source: str
    since: int
    confidence: float
    spoofable: bool
    alone: bool
    note: str
    model: bool
    roles: frozenset[str]
    names: frozenset[str]
    bare: bool
    values: tuple[Pattern, ...]
    lines: tuple[Pattern, ...]
    named: bool
    entry: Entry


def checked(entry: Entry, tools: dict[str, Tool]) -> Signature:
    """Check what the types cannot say, and compile the patterns; ValueError says what is wrong."""
    if entry.tool and entry.tool not in tools:
        raise ValueError(f"there is no tool {entry.tool!r}; {did_you_mean(entry.tool, tools or {'-': ''})}")
    needs = _NEEDS[entry.channel]
    given = [key for key in _MATCHERS if getattr(entry, key)]
    if not set(needs) & set(given):
        raise ValueError(f"an entry of the channel {entry.channel} needs {' or '.join(needs)}")
    if extra := set(given) - set(needs) - ({"values"} if "keys" in needs else set()):
        raise ValueError(f"an entry of the channel {entry.channel} has no {min(extra)}")
    if entry.logins and entry.kind is Kind.AGENT and entry.tier is not Tier.C:
        raise ValueError("an agent's login proves little without its number: write accounts, or tier C")
    if wrong := next((login for login in entry.logins if not login.endswith(BOT)), None):
        raise ValueError(f"{wrong!r} does not end in {BOT}: a person may register it")
    if not entry.tool and not entry.values and entry.kind is not Kind.AUTOMATION:
        raise ValueError("it names no tool, and no value that could")
    if (entry.kind is Kind.CONTEXT) != (entry.tier is Tier.D):
        raise ValueError("tier D and the kind context belong together")
    everywhere = ("author",) if entry.kind is Kind.AUTOMATION else ("author", "committer", "trailer")
    confidence = _SURE[entry.tier] if entry.confidence is None else entry.confidence
    return Signature(
        id=entry.id,
        tool=entry.tool,
        kind=entry.kind,
        tier=entry.tier,
        channel=entry.channel,
        source=entry.source,
        since=_midnight(entry.since),
        confidence=confidence,
        spoofable=entry.spoofable,
        alone=entry.alone,
        note=entry.note,
        model=entry.model,
        roles=frozenset(everywhere if entry.roles is None else entry.roles),
        names=frozenset(name.casefold() for name in entry.names),
        bare=entry.bare,
        values=tuple(compiled(value, literal=0) for value in entry.values if value != NAMED),
        lines=tuple(map(compiled, entry.lines)),
        named=NAMED in entry.values,
        entry=entry,
    )


def _midnight(day: dt.date | None) -> int:
    if day is None:
        return 0
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp())
