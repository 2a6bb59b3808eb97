"""Guesses from the style of added Python lines whether an agent wrote them: experimental, never proof.

It reads added lines and nothing else: no name, no message, no date. It keeps silent about changes under 20
added lines of Python, about other languages, where it is not sure, and where it is switched off, as it is
shipped unless it passed its gate (docs/authorship-style.md). It never vouches for a person: a low probability
is no sign of anything.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from riskbot.detect.authorship.commits import Guess
from riskbot.detect.authorship.style.lexer import is_written
from riskbot.detect.authorship.style.model import Line
from riskbot.domain.change import Commit, FileDiff, LineKind
from riskbot.domain.errors import EvaluationError
from riskbot.outside.bundled import folder

MODEL = "authorship"
_MANIFEST, _FILE = "manifest.toml", "model.json"
_MEND = "Install riskbot again, or rebuild the model: docs/authorship-style.md says how."


@dataclass(frozen=True, slots=True)
class Style:
    """The model, ready to guess. ``warning`` says how often it was wrong where that was measured."""

    line: Line
    enabled: bool
    warning: str

    def probability(self, added: Mapping[str, Sequence[str]]) -> float | None:
        """Guess from added lines (without line ends) by path, 0 to 1; None where it keeps silent."""
        return self.line.probability(added)

    def __call__(self, commit: Commit, patch: tuple[FileDiff, ...]) -> Guess | None:
        """Guess about a commit from its own diff; a merge says nothing of who wrote what it merges."""
        found = None if len(commit.parents) > 1 else self.probability(added(patch))
        if found is None:
            return None
        flagged = found >= self.line.high
        return Guess(found, flagged, f"Style is experimental: {self.warning}" if flagged else "")


def added(patch: Sequence[FileDiff]) -> dict[str, list[str]]:
    """Give the added lines of a diff of Python by path, without files that tools write."""
    return {
        file.path: [line.text for hunk in file.hunks for line in hunk.lines if line.kind is LineKind.ADDED]
        for file in patch
        if is_written(file.path)
    }


def load(*, experimental: bool = False, place: Path | None = None) -> Style | None:
    """Load the shipped model, or the one in the folder ``place``.

    None where it did not pass its gate, unless ``experimental`` asks for it all the same. Raises
    EvaluationError where it is damaged.
    """
    where = folder("models") / MODEL if place is None else place
    try:
        manifest = tomllib.loads((where / _MANIFEST).read_text(encoding="utf-8"))
        enabled = manifest["enabled"] is True
        if not enabled and not experimental:
            return None
        data = (where / _FILE).read_bytes()
        whole = hashlib.sha256(data).hexdigest() == manifest["files"][_FILE]
        made = Style(Line.parse(json.loads(data)), enabled, str(manifest["warning"])) if whole else None
    except OSError as problem:
        raise EvaluationError(
            f"The model of style in {where} cannot be read: {problem.strerror}.", mend=_MEND
        ) from problem
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as problem:
        message = f"The model of style in {where} is damaged: {problem}."
        raise EvaluationError(message, mend=_MEND) from problem
    if made is None:
        raise EvaluationError(f"{where / _FILE} is not the one its manifest names.", mend=_MEND)
    return made
