"""The catalogue of signs: what tools leave behind, read from data and indexed for a quick look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from riskbot.detect.authorship.entries import File, Tool, complaint, read
from riskbot.detect.authorship.message import key_of
from riskbot.detect.authorship.signature import BOT, GITHUB, Signature, checked
from riskbot.domain.change import Charter
from riskbot.domain.errors import ConfigError
from riskbot.domain.suggest import did_you_mean

OWN = ".riskbot/signatures.toml"
"""Where a repository keeps its own entries."""
SHIPPED = "signatures.toml"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All entries, by what a commit is asked for; every key is in lower case."""

    signatures: Mapping[str, Signature]
    tools: Mapping[str, Tool]
    addresses: Mapping[str, tuple[Signature, ...]]
    names: Mapping[str, tuple[Signature, ...]]
    endings: tuple[tuple[str, Signature], ...]
    suffixes: tuple[str, ...]
    """How names end that are worth a look, as ``str.endswith`` takes them."""
    keys: Mapping[str, tuple[Signature, ...]]
    author_keys: frozenset[str]
    context_keys: frozenset[str]
    lines: tuple[Signature, ...]
    subjects: tuple[tuple[str, Signature], ...]
    branches: tuple[tuple[str, Signature], ...]
    apps: Mapping[str, tuple[Signature, ...]]
    """Logins of apps that are matched whatever their number."""
    logins: Mapping[str, tuple[Signature, ...]]
    """Logins of accounts: those of ``apps``, and those whose number must match too."""
    labels: Mapping[str, tuple[Signature, ...]]
    configs: tuple[tuple[str, Signature], ...]
    hints: tuple[str, ...]
    """A message that holds none of these, in lower case, holds no sign."""
    aliases: Mapping[str, str]
    """A tool's names, folded by :func:`folded`, to its id."""
    models: tuple[tuple[str, str], ...]
    """Words that begin a model's name, in lower case, with the tool's id."""


@cache
def shipped() -> Catalogue:
    """Load the catalogue that ships with riskbot."""
    data = (files(__package__) / SHIPPED).read_bytes()
    return build([(read(data, SHIPPED), data, SHIPPED)])


def load(charter: Charter) -> Catalogue:
    """Load the shipped catalogue with the additions of the repository's own, as the charter has it.

    Raises ConfigError where the repository's own cannot be used.
    """
    own = charter.text(OWN)
    if own is None:
        return shipped()
    data = (files(__package__) / SHIPPED).read_bytes()
    return build([(read(data, SHIPPED), data, SHIPPED), (read(own, OWN), own, OWN)])


def folded(name: str) -> str:
    """Fold a tool's name: case, blanks and punctuation do not matter."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def build(sources: Iterable[tuple[File, bytes, str]]) -> Catalogue:
    """Put files together: a later one adds, and switches off by id. Raises ConfigError."""
    tools: dict[str, Tool] = {}
    found: dict[str, Signature] = {}
    author: set[str] = set()
    context: set[str] = set()
    for parsed, data, file in sources:
        for name in parsed.off:
            if name not in found:
                mend = did_you_mean(name, found or {name: ""})
                raise ConfigError(f"off names {name!r}, which is no signature.", file=file, mend=mend)
            del found[name]
        for tool in parsed.tool:
            if tool.id in tools:
                raise complaint(data, file, tool.id, "There is a tool of this id.", "Choose another id.")
            tools[tool.id] = tool
        for entry in parsed.signature:
            if entry.id in found:
                mend = "Choose another id, or switch the other one off: off = [...]."
                raise complaint(data, file, entry.id, "There is a signature of this id.", mend)
            try:
                found[entry.id] = checked(entry, tools)
            except ValueError as problem:
                mend = "docs/authorship.md says what an entry needs."
                raise complaint(data, file, entry.id, f"{problem}.", mend) from None
        author.update(map(key_of, parsed.keys.author))
        context.update(map(key_of, parsed.keys.context))
    return _index(found, tools, frozenset(author), frozenset(context))


def _index(
    found: dict[str, Signature], tools: dict[str, Tool], author: frozenset[str], context: frozenset[str]
) -> Catalogue:
    every = tuple(found.values())
    alone = [one for one in every if not one.entry.emails and not one.entry.accounts]
    apps = _by((login.lower(), one) for one in every for login in one.entry.logins)
    endings = tuple((end.lower(), one) for one in alone for end in one.entry.name_ends)
    keys = _by((key_of(key), one) for one in every for key in one.entry.keys)
    lined = tuple(one for one in every if one.lines)
    subjects = tuple(
        (p.lower(), one) for one in every if one.channel == "subject" for p in one.entry.prefixes
    )
    hints = {_stem(key) for key in (*keys, *author, *context)}
    hints |= {pattern.hint for one in lined for pattern in one.lines} | {prefix for prefix, _ in subjects}
    return Catalogue(
        signatures=found,
        tools=tools,
        addresses=_by(_addresses(every)),
        names=_by((name, one) for one in alone for name in one.names),
        apps=apps,
        endings=endings,
        suffixes=(BOT, *(end for end, _ in endings)),
        keys=keys,
        author_keys=author,
        context_keys=context,
        lines=lined,
        subjects=subjects,
        branches=tuple((p, one) for one in every if one.channel == "branch" for p in one.entry.prefixes),
        logins=apps
        | _by((account.partition("+")[2].lower(), one) for one in every for account in one.entry.accounts),
        labels=_by((label.casefold(), one) for one in every for label in one.entry.labels),
        configs=tuple((path, one) for one in every for path in one.entry.paths),
        hints=tuple(sorted(one for one in hints if not any(o in one for o in hints if o != one))),
        aliases={folded(name): tool.id for tool in tools.values() for name in (tool.name, *tool.aliases)},
        models=tuple((word.lower(), tool.id) for tool in tools.values() for word in tool.models),
    )


def _addresses(every: Iterable[Signature]) -> Iterable[tuple[str, Signature]]:
    for one in every:
        for email in one.entry.emails:
            yield email.lower(), one
        for account in one.entry.accounts:
            yield account.lower() + GITHUB, one


def _by(pairs: Iterable[tuple[str, Signature]]) -> dict[str, tuple[Signature, ...]]:
    index: dict[str, tuple[Signature, ...]] = {}
    for key, one in pairs:
        index[key] = (*index.get(key, ()), one)
    return index


def _stem(key: str) -> str:
    """Pick the longest word of a key: what stands between its words differs from writer to writer."""
    return max(key.split("-"), key=len)
