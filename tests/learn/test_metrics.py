"""Rebuilding gives the committed numbers."""

import csv
import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from riskbot.assess import LinearModel
from riskbot.domain.errors import EvaluationError
from riskbot.learn import metrics, trial

ROOT = Path(__file__).parents[2]
DATA = ROOT / "benchmarks" / "data" / "openstack-issta21.csv.gz"
FOLDER = ROOT / "models" / "metrics"


@pytest.fixture(scope="module")
def rows():
    return metrics.read(DATA)


@pytest.fixture(scope="module")
def served():
    return metrics.read(DATA.with_name(metrics.SERVED))[0]


def test_calibration_is_later_than_fitting_and_earlier_than_the_test_rows(rows, served):
    train, test = rows
    _, later = metrics.shipped(train, served)
    assert train.when[int(len(train) * metrics.FITTED) - 1] < later.when.min()
    assert later.when.max() < test.when.min()


def test_the_served_rows_are_the_published_commits_with_their_labels_and_split():
    def key(path):
        with gzip.open(path, "rt") as file:
            return {(r["repository"], r["commit"], r["buggy"], r["split"]) for r in csv.DictReader(file)}

    assert key(DATA.with_name(metrics.SERVED)) < key(DATA)


def test_train_comes_before_test_and_nothing_is_in_both(rows):
    train, test = rows
    assert (len(train), len(test)) == (18_205, 4_551)
    assert train.when.max() < test.when.min()
    assert all(np.diff(train.when) >= 0)


def test_lines_added_alone_give_the_published_auc_and_other_rows_are_refused(rows):
    train, test = rows
    metrics.refuse_other_data(test)
    with pytest.raises(EvaluationError, match=r"not the published 0\.7491"):
        metrics.refuse_other_data(train)


def test_other_data_writes_nothing(tmp_path):
    with gzip.open(DATA, "rt") as file:
        table = list(csv.DictReader(file))
    kept = [row for row in table if row["split"] == "train"][:200] + [
        r for r in table if r["split"] == "test"
    ][:200]
    with (tmp_path / "other.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, table[0].keys())
        writer.writeheader()
        writer.writerows(kept)
    out = tmp_path / "out"
    with pytest.raises(EvaluationError):
        metrics.main(["--data", str(tmp_path / "other.csv"), "--out", str(out)])
    assert not out.exists()


def test_rebuilding_gives_the_committed_model_and_measures(rows, served):
    train, test = rows
    found, reference = metrics.shipped(train, served)
    model, calibration = metrics.plain_numbers(found, reference)
    committed = json.loads((FOLDER / "model.json").read_text())
    assert model["intercept"] == pytest.approx(committed["intercept"], abs=1e-6)
    for built, kept in zip(model["terms"], committed["terms"], strict=True):
        assert (built["name"], built["transform"], built["unit"]) == (
            kept["name"],
            kept["transform"],
            kept["unit"],
        )
        assert built["weight"] == pytest.approx(kept["weight"], abs=1e-6)
        assert built["center"] == pytest.approx(kept["center"], abs=1e-6)
    kept = json.loads((FOLDER / "calibration.json").read_text())["reference"]
    assert calibration["reference"] == pytest.approx(kept, abs=1e-6)
    measured = trial.ranked(found.logit(test), test)
    stated = json.loads((FOLDER / "metrics.json").read_text())["test"]["model"]
    assert measured["auc"] == pytest.approx(stated["auc"], abs=1e-6)
    assert measured["capture"] == pytest.approx(stated["capture"], abs=1e-5)


def test_serving_scores_the_rows_as_fitting_did(rows, served):
    train, test = rows
    found, _ = metrics.shipped(train, served)
    model = LinearModel.load(FOLDER)
    fitted = found.logit(test[:500])
    served = [model.logit(row) for row in test[:500].metrics]
    assert served == pytest.approx(fitted.tolist(), abs=1e-6)


def test_what_is_missing_is_the_average(rows):
    train, _ = rows
    few = train[:300]
    gone = replace(few, metrics=[replace(row, la=None) for row in few.metrics])
    kinds = (metrics.TRANSFORMS["la"],)
    assert not metrics.design(gone, ("la",), kinds, np.array([2.0])).any()
