"""bytes <-> Facts: strict, bounded, and clear about what is wrong and where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from riskbot.domain.errors import ConfigError
from riskbot.facts.document import SCHEMA, Facts

MAX_BYTES = 64 * 2**20

_DECODER = msgspec.json.Decoder(Facts)
_ENCODER = msgspec.json.Encoder(order="deterministic")


def read(data: bytes, file: str) -> Facts:
    """Decode a facts document; ``file`` names it in errors.

    Raises ConfigError for anything that the schema does not say, with the line where it is no JSON, with the
    path inside the document (``$.pull.reviews[3].state``) where a value is wrong.
    """
    if len(data) > MAX_BYTES:
        message = f"The facts have {len(data):,} bytes; at most {MAX_BYTES:,} are read."
        raise ConfigError(message, file=file, mend="Leave out what the change does not touch.")
    try:
        facts = _DECODER.decode(data)
    except msgspec.ValidationError as problem:
        raise ConfigError(
            f"These are not {SCHEMA} facts: {problem}.",
            file=file,
            mend="`riskbot schema facts` prints what is right.",
        ) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as problem:
        line, column = _place(data, str(problem))
        raise ConfigError(
            f"This is not JSON: {problem}.", file=file, line=line, column=column, mend="Mend the file."
        ) from None
    for what, found in _twice(facts):
        raise ConfigError(f"{what} {found} stands twice.", file=file, mend="Keep one.")
    return facts


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


def _twice(facts: Facts) -> Iterable[tuple[str, object]]:
    """Find what must be unique and is not: the second one could hide the first."""
    pull = facts.pull
    for what, names in (
        ("The account id", [account.id for account in facts.accounts or ()]),
        ("The login", [account.login.casefold() for account in facts.accounts or ()]),
        ("The team", [team.name.casefold() for team in facts.teams or ()]),
        ("The text", [text.path for text in facts.texts]),
        ("The review", [review.id for review in (pull.reviews or () if pull else ())]),
        ("The comment", [comment.id for comment in (pull.comments or () if pull else ())]),
        ("The commit", [commit.id for commit in facts.change.commits or ()]),
    ):
        for name, count in Counter[object](names).items():
            if count > 1:
                yield what, name
