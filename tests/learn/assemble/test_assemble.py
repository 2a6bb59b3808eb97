"""From trees and a quantized graph to a folder that riskbot serves, and text scores as it makes them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from riskbot.assess.classifier import Classifier
from riskbot.assess.manifest import Manifest
from riskbot.assess.model import pooled
from riskbot.assess.risk import RiskModel
from riskbot.learn.assemble import Identity, sign, text_scores, write
from riskbot.learn.evaluate.rows import Rows
from riskbot.learn.train.blend import TreesConfig, fit_trees, stack
from tests.assess.make_model import make_model

NAMES = ("la", "nf", "age")
CHUNKS = [
    [("a", "[ADD] danger danger")],
    [],
    [("a", "[ADD] calm"), ("b", "[DEL] danger")],
    [("c", "[ADD] x")] * 20,
]


def rows(count: int, seed: int = 0) -> Rows:
    random = np.random.default_rng(seed)
    matrix = random.lognormal(2, 1, (count, 3))
    label = (random.random(count) < 1 / (1 + np.exp(3 - np.log(matrix[:, 0])))).astype(float)
    ids = np.array([f"{seed}-{at}" for at in range(count)])
    names = np.array(["r"] * count)
    texts = [CHUNKS[at % len(CHUNKS)] for at in range(count)]
    return Rows(
        matrix, NAMES, label, np.arange(count, dtype=float), names, ids, matrix[:, 0], matrix[:, 0], texts
    )


@pytest.fixture
def quantized(tmp_path: Path) -> Path:
    return make_model(tmp_path / "quantized")


def test_texts_are_scored_as_serving_does_and_kept(quantized: Path, tmp_path: Path):
    made, kept = rows(9), tmp_path / "kept"
    found = text_scores(quantized, made, kept=kept, workers=2)
    served = Classifier.load(quantized)
    for at in range(9):
        score = pooled(served.scores(made.texts[at][:12]))
        assert np.isnan(found[at]) if score is None else found[at] == score
    (quantized / "model.onnx").rename(quantized / "aside")
    with pytest.raises(FileNotFoundError):
        text_scores(quantized, made, kept=kept)  # another model may not borrow the kept scores
    (quantized / "aside").rename(quantized / "model.onnx")
    (path,) = kept.iterdir()
    np.save(path, found + 1)
    assert np.array_equal(text_scores(quantized, made, kept=kept), found + 1, equal_nan=True)
    assert len(text_scores(quantized, made.part(slice(0, 3)), kept=kept)) == 3


def test_the_folder_loads_and_scores_like_the_blend(quantized: Path, tmp_path: Path):
    early, late = rows(800), rows(800, 1)
    words = np.array([0.3, np.nan, 0.1, 0.2] * 200) + late.label
    blend = stack(fit_trees(early, NAMES, TreesConfig(rounds=20, least=20, threads=1)), late, words)
    out = tmp_path / "model"
    logit = blend.logit(late, words)
    write(quantized, blend, 1 / (1 + np.exp(-logit)), Identity("mine", "7", "800 changes"), out)
    model = RiskModel.load(out)
    assert (model.id.name, model.id.reference) == ("mine", "800 changes")
    assert model.trees.features == NAMES
    for at in (0, 1, 5):
        values = dict(zip(NAMES, map(float, late.matrix[at]), strict=True))
        text = None if np.isnan(words[at]) else float(words[at])
        ours = model.intercept + model.trees.logit(values) + model.text.contribution(text)
        assert ours == pytest.approx(logit[at], abs=1e-6)
    assert list(model.reference) == sorted(model.reference)
    assert json.loads((out / "calibration.json").read_text())["rows"] == 800


def test_what_lies_beside_is_signed_as_a_document(quantized: Path, tmp_path: Path):
    (quantized / "plot.png").write_bytes(b"png")
    identity = Identity('a "name"', "1", "r")
    sign(quantized, identity, ["la"])
    told = Manifest.open(quantized)
    assert told.name == 'a "name"'
    assert set(told.documents) == {"card.md", "metrics.json", "plot.png"}
    assert list(told.wrong()) == []
    (quantized / "plot.png").write_bytes(b"other")
    assert [name for name, _ in told.wrong()] == ["plot.png"]
