"""The governing texts at the base -> the rosters that a policy asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Final, Literal, cast

from riskbot.facts import paths
from riskbot.facts.document import CODEOWNERS, Text
from riskbot.judge.owners import Lint, Nobody, Roster, Rosters
from riskbot.judge.owners.codeowners import MAX_BYTES, CodeOwners

Format = Literal["codeowners", "gerrit", "prow"]

_LINK: Final = "120000"
_TREES: Final = {"gerrit": "Gerrit", "prow": "Prow"}


def read(texts: Iterable[Text] | None, format: Format = "codeowners", rosters: Iterable[str] = ()) -> Rosters:  # noqa: A002
    """Read who owns the code, by ``format``, and the further ``rosters`` (files in CODEOWNERS form, by path).

    A roster that is missing owns nothing and is ``broken``; a repository without owners files has nobody.
    Where nobody looked which files there are (None), all of them are ``broken``.
    """
    if texts is None:
        return Rosters(_unseen("owners files"), {path: _unseen(path) for path in rosters})
    by_path = {paths.decode(text.path): text for text in texts}
    others = {path: _roster(path, by_path.get(path)) for path in rosters}
    if format == "codeowners":
        return Rosters(_codeowners(by_path), others)
    return Rosters(_tree(by_path, format), others)


def _unseen(what: str) -> CodeOwners:
    message = "The facts do not say what the base has: give texts, and an empty list where there are none."
    return CodeOwners.unusable(what, Lint("texts_unknown", message, what))


def _codeowners(by_path: Mapping[str, Text]) -> Roster:
    place = next((place for place in CODEOWNERS if place in by_path), None)
    return Nobody() if place is None else _one(place, by_path[place])


def _roster(path: str, text: Text | None) -> Roster:
    if text is None:
        return CodeOwners.unusable(path, Lint("missing", f"There is no {path} at the base.", path))
    return _one(path, text)


def _one(path: str, text: Text) -> CodeOwners:
    """Read one file. A link is not followed, by GitHub neither; what is not text cannot be read."""
    if text.mode == _LINK or not text.mode.startswith("100"):
        return CodeOwners.unusable(path, Lint("not_a_file", f"{path} is a link: it is not followed.", path))
    if text.size >= MAX_BYTES:
        return CodeOwners.too_large(path, text.size)
    if text.text is None:
        return CodeOwners.unusable(path, Lint("unreadable", f"{path} is not UTF-8 text.", path))
    return CodeOwners.parse(text.text, path)


def _tree(by_path: Mapping[str, Text], format_: str) -> Roster:
    texts = {
        path: text.text if text.mode.startswith("100") else None for path, text in sorted(by_path.items())
    }
    reader = getattr(import_module(f"riskbot.judge.owners.{format_}"), _TREES[format_])
    return cast("Roster", reader.read(texts))
