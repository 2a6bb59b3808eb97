"""Putting mined tables and labels together, and splitting them so that nothing of the future is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from riskbot.assess.features import NAMES
from riskbot.domain.errors import EvaluationError
from riskbot.learn.dataset import DAY, load, seconds, split
from riskbot.learn.label import Event, write
from riskbot.learn.mine import FEATURE, SCHEMA

START = int(seconds(date(2020, 1, 1)))


def mined(path: Path, name: str, days: list[int], **columns: list[object]) -> Path:
    """Write a mined table with a change on each of ``days``; further columns override."""
    count = len(days)
    table = {
        "repository": [name] * count,
        "commit": [f"{name}-{day}" for day in days],
        "committed_at": [START + day * DAY for day in days],
        "patch_id": [f"{name}-{day}" for day in days],
        "skip": [""] * count,
        "la": list(range(count)),
        "ld": [0] * count,
        "code": [True] * count,
        "author": ["a"] * count,
        "chunks": [[{"path": "a", "first": f"f{day}", "second": "s"}] for day in days],
    } | columns
    rows = [
        {key: values[at] for key, values in table.items()} | {FEATURE + "la": float(at)}
        for at in range(count)
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), path)
    return path


def labels(path: Path, name: str, *events: Event) -> Path:
    write(path, name, events)
    return path


def event(commit: str, day: int, source: str = "ag", *, linked: bool = False) -> Event:
    return Event(commit, source, "fix", START + day * DAY, linked)  # type: ignore[arg-type]


@pytest.fixture
def corpus(tmp_path: Path):
    tables = [
        mined(tmp_path / "a.parquet", "a", [0, 100, 400, 900, 1600]),
        mined(tmp_path / "b.parquet", "b", [50, 500, 1600], skip=["", "bot", ""]),
    ]
    known = [
        labels(
            tmp_path / "la.parquet",
            "a",
            event("a-0", 30),
            event("a-100", 1500),
            event("a-400", 500, "r", linked=True),
        ),
        labels(tmp_path / "lb.parquet", "b", event("b-50", 60), event("b-50", 40, "revert")),
    ]
    return load(tables, known, latency_days=365)


def test_rows_to_skip_and_those_too_new_to_be_known_are_left_out(corpus):
    assert list(corpus.rows.ids) == ["a-0", "a-100", "a-400", "a-900", "b-50"]
    assert corpus.rows.names == NAMES
    assert np.isnan(corpus.rows.columns(["nf"])).all()
    assert list(corpus.rows.columns(["la"])[:, 0]) == [0, 1, 2, 3, 0]
    assert corpus.rows.texts[1] == [("f100", "s")]


def test_a_label_counts_from_the_day_it_was_known(corpus):
    assert list(corpus.label("ag")) == [1, 1, 0, 0, 1]
    assert list(corpus.label("ag", until=START + 1000 * DAY)) == [1, 0, 0, 0, 1]
    assert list(corpus.label("r")) == [0, 0, 1, 0, 0]
    assert list(corpus.label("ag", linked=True)) == [0, 0, 0, 0, 0]
    assert list(corpus.label("r", linked=True)) == [0, 0, 1, 0, 0]
    assert list(corpus.label("revert")) == [0, 0, 0, 0, 1]
    assert list(corpus.part(corpus.label("ag") == 1).rows.ids) == ["a-0", "a-100", "b-50"]


def test_parts_do_not_overlap_and_the_later_slice_begins_when_the_labels_end(corpus):
    parts = split(
        corpus,
        train_until=date(2020, 3, 1),
        calibrate_until=date(2021, 3, 1),
        latency_days=365,
        validation=["b"],
    )
    assert parts.known == seconds(date(2022, 3, 1))
    masks = [parts.fit, parts.calibrate, parts.later, parts.cross]
    assert [list(corpus.rows.ids[mask]) for mask in masks] == [
        ["a-0"],
        ["a-100", "a-400"],
        ["a-900"],
        ["b-50"],
    ]
    assert (np.sum(masks, axis=0) <= 1).all()


def test_the_same_patch_counts_once_the_earliest_over_all_repositories(tmp_path: Path):
    tables = [
        mined(tmp_path / "a.parquet", "a", [10, 20, 1600], patch_id=["x", "", ""]),
        mined(tmp_path / "b.parquet", "b", [5, 30, 1600], patch_id=["x", "", ""]),
    ]
    known = [labels(tmp_path / "l.parquet", "a")]
    assert list(load(tables, known).rows.ids) == ["a-20", "b-5", "b-30"]


def test_nothing_usable_and_missing_labels_are_errors(tmp_path: Path):
    table = mined(tmp_path / "a.parquet", "a", [0, 1])
    with pytest.raises(EvaluationError, match="No mined change"):
        load([table], [labels(tmp_path / "l.parquet", "a")])
    with pytest.raises(EvaluationError, match="labels cannot be read"):
        load([table], [tmp_path / "none.parquet"])
