"""The configuration of ``riskbot learn authorship``: one strict TOML file (docs/authorship-style.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from riskbot.domain.errors import UsageError
from riskbot.domain.suggest import did_you_mean
from riskbot.learn import repositories
from riskbot.learn.config import Repository
from riskbot.learn.reading import Reader, text, texts
from riskbot.settings.converters import Converter, number, whole


def _key(default: Any, convert: Converter, *, pin: bool = True) -> Any:
    """Declare a key; without ``pin`` it does not change what comes out."""
    return field(default=default, metadata={"convert": convert, "pin": pin})


_COUNT = whole(0, 1_000_000)


@dataclass(frozen=True, slots=True)
class Mine:
    """At most so many commits of each group are kept of one repository (:mod:`.groups` says which is which).

    ``tries``: so many commits are read for each that is to be kept (most add no 10 lines of Python);
    ``changed``: of agents and of people so many are also measured with names, comments and layout changed.
    """

    agent: int = _key(500, _COUNT)
    early: int = _key(200, _COUNT)
    late: int = _key(250, _COUNT)
    proxy: int = _key(150, _COUNT)
    modern: int = _key(250, _COUNT)
    noted: int = _key(1000, _COUNT)
    tries: int = _key(4, whole(1, 1000))
    changed: int = _key(8, _COUNT)
    workers: int = _key(2, whole(1, 256), pin=False)


@dataclass(frozen=True, slots=True)
class Fit:
    """How candidates are fitted: ``folds`` of whole repositories, ``rounds`` of boosting, from ``seed``.

    ``fewest``: a repository trains only with so many commits by agents, so that it has both kinds.
    ``erased``: so many directions that tell the year are taken out of the features.
    """

    folds: int = _key(6, whole(2, 100))
    rounds: int = _key(120, whole(1, 5000))
    fewest: int = _key(8, whole(1, 10_000))
    erased: int = _key(12, whole(0, 100))
    seed: int = _key(1, whole(0, 2**31 - 1))
    threads: int = _key(2, whole(1, 256), pin=False)


@dataclass(frozen=True, slots=True)
class Evaluate:
    """How the chosen model is measured, and what its version is called.

    ``bootstrap``: resamples for each interval; ``nominal``: the share of people's commits that the threshold
    is set to flag.
    """

    version: str = _key("1", text)
    bootstrap: int = _key(1000, whole(10, 1_000_000))
    nominal: float = _key(0.05, number(0.0001, 0.5))


@dataclass(frozen=True, slots=True)
class Config:
    """A run: its work folder, its repositories, and the names of those that may train; others measure."""

    out: Path
    repositories: tuple[Repository, ...]
    training: tuple[str, ...]
    mine: Mine = Mine()
    fit: Fit = Fit()
    evaluate: Evaluate = Evaluate()
    file: str = "authorship.toml"


def load(path: Path) -> Config:
    """Read a configuration; raises UsageError where it cannot be read, ConfigError for what is wrong."""
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise UsageError(
            f"The configuration {path} cannot be read: {problem.strerror}.",
            mend="Name a TOML file as docs/authorship-style.md describes it.",
        ) from problem
    reader = Reader(str(path), data)
    tables: dict[str, type] = {"mine": Mine, "fit": Fit, "evaluate": Evaluate}
    reader.known_only((), ["out", "repositories", "training", *tables])
    read = {name: reader.table(kind, (name,)) for name, kind in tables.items()}
    listed = reader.value(("repositories",), lambda value: value)
    found = repositories.find(reader, listed, path.parent)
    training = reader.value(("training",), texts)
    known = [one.name for one in found]
    for name in training:
        if name not in known:
            message = f"training names {name[:100]!r}, which is no repository of this run."
            raise reader.error(("training",), message, did_you_mean(name, known))
    return Config(path.parent / reader.value(("out",), text), found, training, file=str(path), **read)
