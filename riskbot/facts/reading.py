"""bytes <-> Facts: strict, bounded, and clear about what is wrong and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec

from riskbot.domain.complaint import plain_words
from riskbot.domain.errors import ConfigError
from riskbot.facts import places
from riskbot.facts.document import SCHEMA, Account, Directory, Facts, Team

T = TypeVar("T")

MAX_BYTES = 64 * 2**20

_DECODER = msgspec.json.Decoder(Facts)
_DIRECTORY = msgspec.json.Decoder(Directory)
_ENCODER = msgspec.json.Encoder(order="deterministic")


def read(data: bytes, file: str) -> Facts:
    """Decode a facts document; ``file`` names it in errors.

    Raises ConfigError for anything that the schema does not say and for a key that stands twice, with file,
    line and column, and with the path inside the document (``$.pull.reviews[3].state``).
    """
    facts: Facts = _decode(_DECODER, data, file, f"{SCHEMA} facts")
    _refuse_twice(_people(facts.accounts, facts.teams), data, file)
    _refuse_twice(_lists(facts), data, file)
    return facts


def read_directory(data: bytes, file: str) -> Directory:
    """Decode a directory: ``{"accounts": [...], "teams": [...]}``, as in the facts. Errors as for facts."""
    directory: Directory = _decode(_DIRECTORY, data, file, "a directory of accounts and teams")
    _refuse_twice(_people(directory.accounts, directory.teams), data, file)
    return directory


def _decode(decoder: msgspec.json.Decoder[T], data: bytes, file: str, what: str) -> T:
    if len(data) > MAX_BYTES:
        message = f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are read."
        raise ConfigError(message, file=file, mend="Leave out what the change does not touch.")
    try:
        told = decoder.decode(data)
        whole = places.plain(data)
    except msgspec.ValidationError as problem:
        raise _wrong(data, file, what, str(problem)) from None
    except (ValueError, RecursionError) as problem:  # msgspec.DecodeError is a ValueError
        found = re.search(r"\(byte (\d+)\)", str(problem))
        offset = int(found[1]) if found else len(data.rstrip())
        message = f"This is not JSON: {str(problem)[:300].rstrip('.')}."
        raise _at(data, offset, file, message, "Mend the file.") from None
    if not whole and (again := places.twice(data)):
        raise _at(data, again[1], file, f"The key {again[0][:80]!r} stands twice in one object.", "Keep one.")
    return told


def _wrong(data: bytes, file: str, what: str, problem: str) -> ConfigError:
    """Say what is not as the schema has it, where it stands, and its path in the document."""
    message, _, path = problem.rpartition(" - at `$") if " - at `$" in problem else (problem, "", "")
    path = path.rstrip("`")
    unknown = re.fullmatch(r"Object contains unknown field `(.*)`", message, re.DOTALL)
    offset = places.byte_of(data, path, unknown[1] if unknown else "")
    where = f" at ${path[:200]}" if path else ""
    said = f"This is not {what}{where}: {plain_words(message[:300])}"
    return _at(data, offset, file, said, "`riskbot schema facts` prints what is right.")


def _at(data: bytes, offset: int, file: str, message: str, mend: str) -> ConfigError:
    """Make the error that points at a byte: its line and column, both from 1."""
    before = data[:offset].decode("utf-8", "replace")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return ConfigError(message, file=file, line=line, column=column, mend=mend)


def write(facts: Facts) -> bytes:
    """Encode facts: the same facts always give the same bytes."""
    return _ENCODER.encode(facts)


def schema() -> dict[str, Any]:
    """Draw the JSON schema (2020-12) of the document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        **msgspec.json.schema(Facts),
    }


def _refuse_twice(named: Iterable[tuple[str, str, object]], data: bytes, file: str) -> None:
    """Refuse what must be unique and is not: the second one could hide the first."""
    seen = set()
    for what, path, name in named:
        if (what, name) in seen:
            message = f"{what} {name!r:.80} stands twice."
            raise _at(data, places.byte_of(data, path), file, message, "Keep one.")
        seen.add((what, name))


def _people(
    accounts: tuple[Account, ...] | None, teams: tuple[Team, ...] | None
) -> Iterator[tuple[str, str, object]]:
    """List what is unique among people: what it is, its path in the document, and itself."""
    for number, account in enumerate(accounts or ()):
        path = f".accounts[{number}]"
        yield "The account id", path, account.id
        yield "The login", path, account.login.casefold()
        for email in {email.casefold() for email in account.emails}:
            yield "The address", path, email
    for number, team in enumerate(teams or ()):
        yield "The team", f".teams[{number}]", team.name.casefold()


def _lists(facts: Facts) -> Iterator[tuple[str, str, object]]:
    """List what is unique in a change and its pull request."""
    pull = facts.pull
    for what, path, names in (
        ("The text", ".texts", (text.path for text in facts.texts or ())),
        ("The commit", ".change.commits", (commit.id for commit in facts.change.commits or ())),
        ("The review", ".pull.reviews", (review.id for review in (pull and pull.reviews) or ())),
        ("The comment", ".pull.comments", (comment.id for comment in (pull and pull.comments) or ())),
    ):
        for number, name in enumerate(names):
            yield what, f"{path}[{number}]", name
