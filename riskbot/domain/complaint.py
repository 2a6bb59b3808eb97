"""What msgspec complains of, in plain words: its messages name Python's types and JSON schema's limits."""

from __future__ import annotations

import re

_NAMES = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "object": "a mapping (key: value)",
    "array": "a list",
    "null": "nothing",
    "datetime": "a time",
}
_LENGTH = re.compile(r"(text|a list|a mapping \(key: value\)) of length ([<>]=) (\d+)")


def plain_words(message: str) -> str:
    """Say msgspec's complaint as one sentence without its type names."""
    message, key, _ = message.partition(" - at `key` in ")
    if form := re.fullmatch(r"Expected `str` matching regex '(.*)'", message):
        shape = form[1].replace("\\\\", "\\").removeprefix("\\A").removesuffix("\\Z")
        return f"{'A key here' if key else 'This'} must be text of the form {shape}."
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", message, re.DOTALL):
        return f"There is no key {unknown[1][:80]!r} here."
    if missing := re.fullmatch(r"Object missing required field `(.*)`", message):
        return f"The key {missing[1]!r} is missing here."
    if word := re.fullmatch(r"Invalid enum value (.*)", message, re.DOTALL):
        return f"{word[1]} is not known here."
    if message.startswith("Invalid RFC3339"):
        return "This is no time; write one like 2026-07-01T12:00:00Z."
    named = re.sub(r"`([^`]*)`", _named, message)
    said = _LENGTH.sub(_counted, named)
    return said if said.endswith((".", "?")) else f"{said}."


def _named(match: re.Match[str]) -> str:
    return " or ".join(_NAMES.get(part, part) for part in match[1].split(" | "))


def _counted(match: re.Match[str]) -> str:
    """Say a limit of length: a list of at least 1, text of at most 100 characters."""
    limit = "at least" if match[2] == ">=" else "at most"
    unit = f" character{'' if match[3] == '1' else 's'}" if match[1] == "text" else ""
    return f"{match[1]} of {limit} {match[3]}{unit}"
