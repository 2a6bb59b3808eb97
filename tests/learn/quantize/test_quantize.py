"""The whole, with real processes; a tiny model, and few roads, because each process imports torch."""

import hashlib
import json

import pytest

from learn.quantize import make
from riskbot.assess.classifier import Classifier
from riskbot.domain.errors import UsageError
from riskbot.learn.quantize import quantize, work

pytestmark = pytest.mark.slow
ROADS = ("onnx-dynamic-channel-7bit", "fx")


@pytest.fixture(scope="module")
def quantized(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quantize")
    trained = make.checkpoint(folder)
    seen = []

    def again():
        return quantize(
            trained,
            make.pairs(8, 1),
            make.evaluation(),
            folder / "out",
            threads=1,
            runs=5,
            only=ROADS,
            progress=lambda *told: seen.append(told),
        )

    return again(), folder / "out", again, seen


def test_all_that_is_promised_is_written(quantized):
    table, out, _, seen = quantized
    assert sorted(path.name for path in out.iterdir() if path.is_file()) == [
        "model.onnx",
        "table.json",
        "table.md",
        "table.png",
        "tokenizer.json",
    ]
    assert [row.road for row in table.rows] == ["torch-fp32", "fx", "onnx-dynamic-channel-7bit"]
    assert seen == [*((row.title, at, 3) for at, row in enumerate(table.rows)), ("", 3, 3)]


def test_the_picked_one_runs_without_torch_and_is_the_file(quantized):
    table, out, _, _ = quantized
    assert table.picked == "onnx-dynamic-channel-7bit"
    row = table.row(table.picked)
    assert row.run is not None
    assert not row.run.torch
    assert row.size == (out / "model.onnx").stat().st_size
    assert row.run.memory < table.rows[0].run.memory
    assert set(row.run.latency) == {f"{tokens}x{batch}" for tokens, batch in work.SHAPES}
    assert all(
        0 < one.low <= one.high and one.ratio > 0 and one.p50 <= one.p95 for one in row.run.latency.values()
    )


def test_serving_loads_it(quantized):
    _, out, _, _ = quantized
    model = Classifier((out / "model.onnx").read_bytes(), (out / "tokenizer.json").read_bytes())
    assert len(set(model.scores(make.pairs(5, 9)))) == 5


def test_the_reference_loses_nothing_against_itself_and_does_not_depend_on_the_batch(quantized):
    row = quantized[0].rows[0]
    assert (row.quality.auc_drop, row.quality.largest) == (0, 0)
    assert row.run.torch
    assert row.run.padding < 1e-5
    assert row.run.company < 1e-5


def test_what_cannot_run_says_why(quantized):
    table, out, _, _ = quantized
    error = table.row("fx").error
    assert "Error" in error
    assert error in (out / "table.md").read_text()


def test_what_is_measured_is_not_measured_again(quantized, monkeypatch):
    table, out, again, _ = quantized
    monkeypatch.setattr(work.python, "run", None)  # any process would fail
    before = _digests(out)
    assert again() == table
    assert _digests(out) == before


def test_a_lost_file_is_made_again(quantized):
    _, out, again, _ = quantized
    (lost,) = out.glob("roads/*/onnx-dynamic-channel-7bit.onnx")
    content = lost.read_bytes()
    lost.unlink()
    again()
    assert lost.read_bytes() == content
    assert json.loads((out / "table.json").read_bytes())["picked"] == "onnx-dynamic-channel-7bit"


def test_an_unknown_road_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no road 'onyx'"):
        quantize(tmp_path, [], make.evaluation(), tmp_path / "out", only=["onyx"])


def test_without_chunks_to_calibrate_with_it_says_so(tmp_path):
    with pytest.raises(UsageError, match="calibrate"):
        quantize(tmp_path, [], make.evaluation(), tmp_path / "out")


def _digests(folder):
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.is_file()
    }
