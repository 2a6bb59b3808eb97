"""The dataset of a run: mined tables and labels put together, and split by repository and by time.

::

    training repositories    | fit ...... | calibrate | a year of latency | later slice |
    validation repositories  | cross-project: never trained on, all times               |

What trains knows the labels that were known when testing begins, and no more. What is measured knows all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from riskbot.assess.features import NAMES
from riskbot.domain.errors import EvaluationError
from riskbot.learn.evaluate.rows import Chunk, Rows
from riskbot.learn.measure import Floats
from riskbot.learn.mine.table import FEATURE, read

DAY = 86_400
_PLAIN = ("repository", "commit", "committed_at", "patch_id", "skip", "la", "ld", "code", "author")
Mask = NDArray[np.bool_]


class Texts(Sequence[Sequence[Chunk]]):
    """The chunks of each change, read from the Parquet column when asked for."""

    def __init__(self, column: Any) -> None:
        """Keep a column of lists of chunks."""
        self.column = column

    def __len__(self) -> int:
        return len(self.column)

    @overload
    def __getitem__(self, at: int) -> Sequence[Chunk]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Sequence[Chunk]]: ...
    def __getitem__(self, at: int | slice) -> Sequence[Chunk] | Sequence[Sequence[Chunk]]:
        """Give the chunks of one change, or of a slice of them."""
        if isinstance(at, slice):
            return Texts(self.column[at])
        return [(one["first"], one["second"]) for one in self.column[int(at)].as_py()]


@dataclass(frozen=True)
class Corpus:
    """All usable changes. ``known_at``: by label source, when each became known as positive, inf if never.

    ``linked_at``: the same, of repairs that name an issue. Times are seconds since the epoch. ``code``: the
    change touches source code; ``author``: a pseudonym.
    """

    rows: Rows
    known_at: dict[str, Floats]
    linked_at: dict[str, Floats]
    code: Mask
    author: NDArray[np.str_]

    def label(self, source: str, *, until: float = np.inf, linked: bool = False) -> Floats:
        """Give the labels of one source as known at ``until``: 1 positive, 0 not (yet)."""
        times = (self.linked_at if linked else self.known_at)[source]
        return np.asarray((times <= until) & np.isfinite(times), dtype=float)

    def part(self, which: Any) -> Corpus:
        """Give the changes of a mask or of indices."""
        return Corpus(
            self.rows.part(which),
            {name: times[which] for name, times in self.known_at.items()},
            {name: times[which] for name, times in self.linked_at.items()},
            self.code[which],
            self.author[which],
        )


@dataclass(frozen=True)
class Parts:
    """Which changes do what: masks over the corpus. ``known``: until when training may know labels (s)."""

    fit: Mask
    calibrate: Mask
    later: Mask
    cross: Mask
    known: float


def load(
    mined: Sequence[Path], labels: Sequence[Path], *, latency_days: int = 365, texts: bool = True
) -> Corpus:
    """Load mined tables and the labels of the same repositories.

    Rows with a reason to skip, those of the last ``latency_days`` before a repository's newest mined commit's
    label could be known, and repeated patches (the earliest stays) are left out. Raises EvaluationError where
    a table is missing or of other features.
    """
    columns = [*_PLAIN, *(FEATURE + name for name in NAMES), *(["chunks"] if texts else [])]
    table = read(mined, columns)
    plain = {name: table.column(name).to_numpy(zero_copy_only=False) for name in _PLAIN}
    events = _events(labels)
    usable = (plain["skip"] == "") & _old_enough(plain, events, latency_days)
    usable &= _first(plain, usable)
    chosen = np.flatnonzero(usable)
    if len(chosen) == 0:
        raise EvaluationError(
            "No mined change can be used.", mend="Mine more history, or lower label.latency_days."
        )
    matrix = np.column_stack(
        [table.column(FEATURE + name).to_numpy(zero_copy_only=False).astype(np.float32) for name in NAMES]
    )[chosen]
    repository, ids = plain["repository"][chosen].astype(str), plain["commit"][chosen].astype(str)
    known, linked = _known(events, repository, ids)
    rows = Rows(
        matrix=matrix,
        names=NAMES,
        label=np.zeros(len(chosen)),
        when=plain["committed_at"][chosen].astype(float),
        repository=repository,
        ids=ids,
        la=plain["la"][chosen].astype(float),
        ld=plain["ld"][chosen].astype(float),
        texts=Texts(table.column("chunks").take(chosen)) if texts else (),
    )
    code = plain["code"][chosen].astype(bool)
    return Corpus(rows, known, linked, code, plain["author"][chosen].astype(str))


def split(
    corpus: Corpus,
    *,
    train_until: date,
    calibrate_until: date,
    latency_days: int = 365,
    test_until: date | None = None,
    validation: Iterable[str] = (),
) -> Parts:
    """Split the changes; dates mean midnight UTC as the day begins.

    Fitted on changes before ``train_until``, calibrated on those from there before ``calibrate_until``, both
    with the labels known ``latency_days`` after that, which is when the later slice begins.
    """
    when = corpus.rows.when
    held = np.isin(corpus.rows.repository, list(validation))
    known = seconds(calibrate_until + timedelta(days=latency_days))
    end = np.inf if test_until is None else seconds(test_until)
    fit = ~held & (when < seconds(train_until))
    calibrate = ~held & (when >= seconds(train_until)) & (when < seconds(calibrate_until))
    return Parts(fit, calibrate, ~held & (when >= known) & (when < end), held, known)


def seconds(day: date) -> float:
    """Give midnight UTC of a day, in seconds since the epoch."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def _events(labels: Sequence[Path]) -> dict[str, NDArray[Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pa.concat_tables([pq.read_table(path) for path in labels])
    except (OSError, pa.ArrowException) as problem:
        raise EvaluationError(
            f"The labels cannot be read: {problem}.", mend="Run the label step."
        ) from problem
    return {name: table.column(name).to_numpy(zero_copy_only=False) for name in table.column_names}


def _old_enough(plain: dict[str, NDArray[Any]], events: dict[str, NDArray[Any]], latency_days: int) -> Mask:
    """Say which changes had ``latency_days`` for a repair to come: counted from the last event or change."""
    usable = np.zeros(len(plain["commit"]), dtype=bool)
    for name in np.unique(plain["repository"]):
        mine = plain["repository"] == name
        heard = events["known_at"][events["repository"] == name]
        newest = max(plain["committed_at"][mine].max(), heard.max() if len(heard) else 0)
        usable[mine] = plain["committed_at"][mine] <= newest - latency_days * DAY
    return usable


def _first(plain: dict[str, NDArray[Any]], usable: Mask) -> Mask:
    """Say which changes are the first of their patch, over all repositories; without text all are."""
    first = np.ones(len(usable), dtype=bool)
    seen: set[str] = set()
    for at in np.argsort(plain["committed_at"], kind="stable"):
        patch = plain["patch_id"][at]
        if usable[at] and patch:
            first[at] = patch not in seen
            seen.add(patch)
    return first


def _known(
    events: dict[str, NDArray[Any]], repository: NDArray[np.str_], ids: NDArray[np.str_]
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    place = {pair: at for at, pair in enumerate(zip(repository, ids, strict=True))}
    sources = ("b", "ag", "r", "revert", "reland")
    known = {source: np.full(len(ids), np.inf) for source in sources}
    linked = {source: np.full(len(ids), np.inf) for source in sources}
    columns = (events[name] for name in ("repository", "commit", "source", "known_at", "linked"))
    for name, commit, source, when, named in zip(*columns, strict=True):
        at = place.get((name, commit))
        if at is not None:
            known[source][at] = min(known[source][at], when)
            if named:
                linked[source][at] = min(linked[source][at], when)
    return known, linked
