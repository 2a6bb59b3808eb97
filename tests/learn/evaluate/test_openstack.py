import csv
import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from riskbot.domain.errors import EvaluationError
from riskbot.learn.evaluate import baselines, openstack
from riskbot.learn.evaluate.baselines import KAMEI
from riskbot.learn.evaluate.rows import Rows
from riskbot.learn.measure import Ranking

DATA = Path(__file__).parents[3] / "benchmarks" / "data" / "openstack-issta21.csv.gz"


@pytest.fixture(scope="module")
def published():
    return openstack.published(DATA)


def test_the_published_rows_and_the_published_figures(published):
    train, test = published
    assert (len(train), len(test)) == (18_205, 4_551)
    assert train.when.max() < test.when.min()
    ranking = Ranking(test.la, test.label)
    assert round(ranking.auc(), 4) == 0.7491
    assert [round(ranking.capture(share), 3) for share in (0.05, 0.1, 0.3, 0.5)] == pytest.approx(
        [0.141, 0.254, 0.567, 0.783], abs=0.002
    )
    again = baselines.lines_added(train)(test)
    assert round(Ranking(again, test.label).auc(), 4) == 0.7491


def test_other_rows_are_refused(tmp_path):
    with gzip.open(DATA, "rt") as file:
        table = list(csv.DictReader(file))
    with (tmp_path / "few.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, table[0])
        writer.writeheader()
        writer.writerows(table[::7])
    with pytest.raises(EvaluationError, match=r"few\.csv: lines added rank .* not the published 0\.7491"):
        openstack.published(tmp_path / "few.csv")


def test_mined_features_join_by_commit_and_the_rest_is_unknown(published):
    _, test = published
    few = test.part(slice(0, 3))
    mined = Rows(
        np.array([[1.0, 2], [3, 4]]), ("la", "new"), np.zeros(2), np.zeros(2), np.array(["a", "a"]),
        np.array([few.ids[2], few.ids[0]]), np.ones(2), np.ones(2), [[("x", "y")], []],
    )  # fmt: skip
    joined = openstack.with_mined(few, mined)
    assert joined.names == ("la", "new", *(f"published.{name}" for name in KAMEI))
    assert joined.columns(("la", "new"))[[0, 2]].tolist() == [[3, 4], [1, 2]]
    assert np.isnan(joined.columns(("la", "new"))[1]).all()
    assert [*joined.texts] == [[], [], [("x", "y")]]
    assert (joined.la == few.la).all()
    assert (joined.label == few.label).all()
    assert not len(openstack.with_mined(few, replace(mined, texts=())).texts)
