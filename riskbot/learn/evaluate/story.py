"""The story: the card's words and what is told of the data, read from a TOML file that a person writes.

Figures in its words are looked up, never typed: ``{sets/cross-project/rankings/riskbot/auc:.3f}`` stands
for that number of ``metrics.json`` in Python's format.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from riskbot.domain.errors import ConfigError

_FIGURE = re.compile(r"\{([\w%., /+-]+)(?::([\w.,%+]*))?\}")


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a story; a key that is not known is refused."""


class Repository(Part, frozen=True):
    """A repository of the data: ``tip`` is the commit that was mined, ``role`` what it was used for."""

    name: str
    tip: str
    role: str
    changes: int
    first: str
    last: str
    licence: str = ""


class Oracle(Part, frozen=True):
    """How well one variant of the labeller finds the commits that developers named."""

    variant: str
    precision: float
    recall: float
    f1: float
    note: str = ""


class Mistake(Part, frozen=True):
    """One change that the score was wrong about: ``kind`` is "false calm" or "false alarm"."""

    kind: str
    repository: str
    commit: str
    percentile: float
    what: str


class Story(Part, frozen=True):
    """The words of the card, in Markdown, a key for each section."""

    title: str
    summary: str
    details: str
    use: str
    data: str
    labels: str
    training: str
    calibration: str
    quantization: str
    measured: str
    mistakes: str
    fairness: str
    limits: str
    rebuild: str
    missed: str = ""
    ablations: str = ""
    swaps: str = ""
    repository: list[Repository] = []
    oracle: list[Oracle] = []
    mistake: list[Mistake] = []


def read(path: Path) -> Story:
    """Read a story; ConfigError names the file and what is wrong in it."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Story)
    except FileNotFoundError as error:
        raise ConfigError("There is no such file.", file=str(path), mend="Write the card's words.") from error
    except (OSError, msgspec.DecodeError, ValueError) as error:
        raise ConfigError(
            f"This is no story of a card: {error}.",
            file=str(path),
            mend="See riskbot/learn/evaluate/story.py for the keys.",
        ) from error


def told(text: str, metrics: Mapping[str, Any]) -> str:
    """Put the figures that a text names in their places; ConfigError for one that was not measured.

    >>> told("AUC {a/0:.2f}", {"a": [0.791]})
    'AUC 0.79'
    """
    return _FIGURE.sub(lambda found: _figure(metrics, found[1], found[2] or ""), text).strip()


def _figure(metrics: Any, path: str, form: str) -> str:
    value = metrics
    for key in path.split("/"):
        if isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, Mapping) and key in value:
            value = value[key]
        else:
            value = None
    if value is None or isinstance(value, (Mapping, list)):
        raise ConfigError(
            f"The words of the card name {path}, which is no measured figure.",
            file="story",
            mend="Name a figure of metrics.json, its keys joined by /.",
        )
    try:
        return format(value, form)
    except ValueError as error:
        raise ConfigError(f"{form!r} is no format for {path}: {error}.", file="story") from error
