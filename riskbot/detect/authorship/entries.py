"""The format of ``signatures.toml``: what a tool and an entry may say, checked before anything is built."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from riskbot.domain.authorship import Kind, Tier
from riskbot.domain.complaint import plain_words
from riskbot.domain.errors import ConfigError

Name = Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,63}\Z")]
Text = Annotated[str, Meta(min_length=1, max_length=400)]
Texts = Annotated[tuple[Text, ...], Meta(max_length=200)]
Channel = Literal["identity", "trailer", "session", "footer", "subject", "branch", "label", "config"]
Role = Literal["author", "committer", "trailer"]
Share = Annotated[float, Meta(ge=0, le=1)]
MAX_FILE = 1024 * 1024


class Tool(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tool: what it is called, and by which names a trailer's value may mean it.

    ``person``: its name is also a first name, so that the bare name proves little. ``models``: words that
    begin, or stand in, the names of its models.
    """

    id: Name
    name: Text
    aliases: Texts = ()
    person: bool = False
    models: Texts = ()


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to look for. docs/authorship.md says what every key means."""

    id: Name
    tier: Tier
    channel: Channel
    source: Text
    tool: str = ""
    kind: Kind = Kind.AGENT
    first_seen: dt.date | None = None
    since: dt.date | None = None
    counted: Annotated[int, Meta(ge=0)] | None = None
    confidence: Share | None = None
    spoofable: bool = True
    alone: bool = False
    note: Annotated[str, Meta(max_length=300)] = ""
    model: bool = False
    roles: tuple[Role, ...] | None = None
    emails: Texts = ()
    accounts: Texts = ()
    logins: Texts = ()
    names: Texts = ()
    name_ends: Texts = ()
    bare: bool = False
    keys: Texts = ()
    values: Texts = ()
    lines: Texts = ()
    prefixes: Texts = ()
    labels: Texts = ()
    paths: Texts = ()


class Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Trailer keys whose value is an identity: those that say who wrote it, and those that do not."""

    author: Texts = ()
    context: Texts = ()


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole file: the tools, the entries, the keys of identities, and the ids of entries switched off."""

    tool: tuple[Tool, ...] = ()
    signature: tuple[Entry, ...] = ()
    keys: Keys = Keys()
    off: tuple[Name, ...] = ()


def read(data: bytes, file: str) -> File:
    """Decode one file. Raises ConfigError that names the file, the line, the entry and the mend."""
    if len(data) > MAX_FILE:
        raise ConfigError(f"The file has more than {MAX_FILE} bytes.", file=file, mend="Make it shorter.")
    tree = _toml(data, file)
    try:
        return msgspec.convert(tree, File, strict=True)
    except msgspec.ValidationError as problem:
        message, _, path = str(problem).partition(" - at `$")
        raise complaint(data, file, _entry(tree, path), plain_words(message), _mend(path)) from None


def complaint(data: bytes, file: str, entry: str, message: str, mend: str) -> ConfigError:
    """Build an error about an entry, with the line on which its id stands."""
    line = None
    if entry:
        found = re.search(
            rf"""^\s*id\s*=\s*["']{re.escape(entry)}["']""", data.decode(errors="replace"), re.MULTILINE
        )
        line = data.decode(errors="replace").count("\n", 0, found.end()) + 1 if found else None
        message = f"In {entry!r}: {message}"
    return ConfigError(message, file=file, line=line, mend=mend)


def _toml(data: bytes, file: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(data.decode())
    except RecursionError:
        raise ConfigError("The file nests too deep.", file=file, mend="Make it flatter.") from None
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise ConfigError("The file is not UTF-8.", file=file, line=line, mend="Save it as UTF-8.") from None
    except ValueError as problem:
        where = re.search(r"at line (\d+)", str(problem))
        line = int(where[1]) if where else data.rstrip().count(b"\n") + 1
        text = str(problem).partition(" (at ")[0]
        mend = "Mend the TOML here."
        raise ConfigError(f"This is not TOML: {text}.", file=file, line=line, mend=mend) from None


def _entry(tree: dict[str, Any], path: str) -> str:
    """Find the id of the entry that msgspec's path (such as ``.signature[3].tier``) points into."""
    where = re.match(r"\.(tool|signature)\[(\d+)\]", path)
    if where is None:
        return ""
    entry = tree[where[1]][int(where[2])]
    name = entry.get("id", "") if isinstance(entry, dict) else ""
    return name if isinstance(name, str) else ""


def _mend(path: str) -> str:
    """Say where in the entry to look."""
    key = re.findall(r"\.(\w+)", path)
    where = f"Look at {'.'.join(key)}" if key else "Look at the top of the file"
    return f"{where}; docs/authorship.md lists what an entry may say."
