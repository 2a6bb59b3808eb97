"""The training step on synthetic changes: trees and a tiny encoder, from one corpus."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from learn.train.tiny import changes, tiny_base
from riskbot.assess.features import NAMES, PEOPLE
from riskbot.domain.errors import UsageError
from riskbot.learn.dataset import Corpus, Parts
from riskbot.learn.evaluate.rows import Rows
from riskbot.learn.train.blend import TreesConfig, raw
from riskbot.learn.train.finetune import FinetuneConfig
from riskbot.learn.train.fit import FitConfig, fit, load_trees, rates, usable

COUNT = 400


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Changes whose label the text tells; two features are known, one of them of the author."""
    told = changes(COUNT)
    random = np.random.default_rng(0)
    matrix = np.full((COUNT, len(NAMES)), np.nan)
    label = np.array([one.label for one in told])
    matrix[:, NAMES.index("la")] = random.lognormal(2, 1, COUNT) * (1 + 5 * label)
    matrix[:, NAMES.index("exp")] = random.lognormal(2, 1, COUNT)
    ids = np.array([f"{at:04}" for at in range(COUNT)])
    names = np.array([f"r{at % 4}" for at in range(COUNT)])
    rows = Rows(
        matrix,
        NAMES,
        np.zeros(COUNT),
        np.arange(COUNT, dtype=float),
        names,
        ids,
        label,
        label,
        [one.chunks for one in told],
    )
    known = {source: np.where(label == 1, 1.0, np.inf) for source in ("b", "ag", "r", "revert", "reland")}
    return Corpus(rows, known, known, np.arange(COUNT) % 5 > 0, np.array(["a"] * COUNT))


def parts(fitted: int = 300) -> Parts:
    at = np.arange(COUNT)
    return Parts(at < fitted, at >= 300, at < 0, at < 0, 1e9)


@pytest.fixture(scope="module")
def config(tmp_path_factory) -> FitConfig:
    base = tiny_base(tmp_path_factory.mktemp("base"))
    encoder = FinetuneConfig(base=base, bf16=False, batch=16, epochs=1, evaluations=1, threads=1)
    return FitConfig(trees=TreesConfig(rounds=10, least=20, folds=2, threads=1), encoder=encoder)


def test_trees_and_encoder_are_left_with_what_they_were_made_of(corpus, config, tmp_path):
    done = fit(corpus, parts(), config, tmp_path)
    told = json.loads((tmp_path / "fit.json").read_text())
    assert told["features"] == ["la"]
    assert told["families"]["people"] == []
    assert (told["rows"], told["repositories"]) == (300, ["r0", "r1", "r2", "r3"])
    assert raw(load_trees(tmp_path), corpus.rows).shape == (COUNT,)
    assert (tmp_path / "encoder" / "model.safetensors").is_file()
    assert done.steps >= 1
    assert len(done.evaluations) == 1


def test_the_offset_is_the_trees_or_only_how_common_positives_are(corpus, config, tmp_path):
    with_trees = fit(corpus, parts(), config, tmp_path / "a").evaluations[0]
    alone = fit(corpus, parts(), replace(config, residual=False), tmp_path / "b").evaluations[0]
    assert with_trees["auc_offset"] > 0.52
    assert alone["auc_offset"] == 0.5
    assert alone["auc"] == pytest.approx(alone["auc_score"])


def test_rates_are_apart_for_changes_with_and_without_source_code():
    found = rates(np.array([1.0, 0, 0, 0, 0]), np.array([True, True, False, False, False]))
    assert found[0] == found[1] == pytest.approx(math.log(1.5 / 1.5))
    assert found[2] == pytest.approx(math.log(0.5 / 3.5))


def test_features_of_the_author_are_used_only_if_asked(corpus):
    assert usable(corpus.rows, people=False) == ("la",)
    assert set(usable(corpus.rows, people=True)) - {"la"} <= set(PEOPLE)


def test_an_empty_part_is_an_error(corpus, config, tmp_path):
    with pytest.raises(UsageError, match="'fit'"):
        fit(corpus, parts(0), config, tmp_path)
