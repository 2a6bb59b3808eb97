"""bytes <-> Facts: strict, bounded, and clear about what is wrong and where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from riskbot.domain.errors import ConfigError
from riskbot.facts.document import SCHEMA, Account, Directory, Facts, Team

T = TypeVar("T")

MAX_BYTES = 64 * 2**20

_DECODER = msgspec.json.Decoder(Facts)
_DIRECTORY = msgspec.json.Decoder(Directory)
_ENCODER = msgspec.json.Encoder(order="deterministic")


def read(data: bytes, file: str) -> Facts:
    """Decode a facts document; ``file`` names it in errors.

    Raises ConfigError for anything that the schema does not say, with the line where it is no JSON, with the
    path inside the document (``$.pull.reviews[3].state``) where a value is wrong.
    """
    facts: Facts = _decode(_DECODER, data, file, f"{SCHEMA} facts")
    _refuse_twice((*_people(facts.accounts, facts.teams), *_lists(facts)), file)
    return facts


def read_directory(data: bytes, file: str) -> Directory:
    """Decode a directory: ``{"accounts": [...], "teams": [...]}``, as in the facts. Errors as for facts."""
    directory: Directory = _decode(_DIRECTORY, data, file, "a directory of accounts and teams")
    _refuse_twice(_people(directory.accounts, directory.teams), file)
    return directory


def _decode(decoder: msgspec.json.Decoder[T], data: bytes, file: str, what: str) -> T:
    if len(data) > MAX_BYTES:
        message = f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are read."
        raise ConfigError(message, file=file, mend="Leave out what the change does not touch.")
    try:
        return decoder.decode(data)
    except msgspec.ValidationError as problem:
        message = f"This is not {what}: {_shown(str(problem))}."
        raise ConfigError(message, file=file, mend="`riskbot schema facts` prints what is right.") from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as problem:
        line, column = _place(data, str(problem))
        raise ConfigError(
            f"This is not JSON: {_shown(str(problem))}.",
            file=file,
            line=line,
            column=column,
            mend="Mend the file.",
        ) from None


def _shown(problem: str) -> str:
    """Cut a message that may quote the document."""
    return problem[:300].rstrip(".")


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


def _place(data: bytes, problem: str) -> tuple[int | None, int | None]:
    """Turn msgspec's byte offset into a line and a column, both from 1."""
    found = re.search(r"\(byte (\d+)\)", problem)
    if found is None:
        return None, None
    before = data[: int(found[1])]
    return before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1


def _refuse_twice(named: Iterable[tuple[str, Iterable[object]]], file: str) -> None:
    """Refuse what must be unique and is not: the second one could hide the first."""
    for what, names in named:
        for name, count in Counter(names).items():
            if count > 1:
                raise ConfigError(f"{what} {name!r:.80} stands twice.", file=file, mend="Keep one.")


def _people(
    accounts: tuple[Account, ...] | None, teams: tuple[Team, ...] | None
) -> Iterable[tuple[str, Iterable[object]]]:
    yield "The account id", (account.id for account in accounts or ())
    yield "The login", (account.login.casefold() for account in accounts or ())
    yield "The address", (email.casefold() for account in accounts or () for email in set(account.emails))
    yield "The team", (team.name.casefold() for team in teams or ())


def _lists(facts: Facts) -> Iterable[tuple[str, Iterable[object]]]:
    pull = facts.pull
    yield "The text", (text.path for text in facts.texts)
    yield "The commit", (commit.id for commit in facts.change.commits or ())
    if pull is not None:
        yield "The review", (review.id for review in pull.reviews or ())
        yield "The comment", (comment.id for comment in pull.comments or ())
