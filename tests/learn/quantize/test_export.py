import numpy as np
import pytest

from learn.quantize import make
from riskbot.domain.errors import EvaluationError, UsageError
from riskbot.learn.quantize import checkpoint, export, runtime
from riskbot.learn.quantize.data import encode
from riskbot.learn.quantize.roads import Source, roads

ONNX = [name for name in roads() if name.startswith("onnx-")]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    trained = make.checkpoint(folder)
    graph = folder / "graph.onnx"
    plain = folder / "plain.onnx"
    export.export(trained, graph, plain)
    return Source(trained, graph, plain, encode(make.pairs(12, 1), trained / "tokenizer.json"), 1)


def test_the_graph_has_the_inputs_and_the_output_of_serving(source):
    import onnxruntime

    session = onnxruntime.InferenceSession(str(source.graph), providers=["CPUExecutionProvider"])
    assert [one.name for one in session.get_inputs()] == ["input_ids", "attention_mask", "token_type_ids"]
    assert {one.type for one in session.get_inputs()} == {"tensor(int64)"}
    assert all(isinstance(axis, str) for one in session.get_inputs() for axis in one.shape)
    assert [(one.name, one.type, len(one.shape)) for one in session.get_outputs()] == [
        ("score", "tensor(float)", 1)
    ]


def test_the_graph_scores_as_the_model(source):
    import torch

    model = checkpoint.load(source.checkpoint)
    score = runtime.load(source.graph, 1)
    some = source.calibration
    for feed in (some.one(0), some.one(3), some.batch([0, 1, 2]), some.batch([4, 5], 100)):
        with torch.inference_mode():
            expected = model(*(torch.from_numpy(array) for array in feed.values())).numpy()
        assert score(feed) == pytest.approx(expected, abs=1e-5)
        assert expected.std() > 1e-3 or len(expected) == 1


def test_a_graph_of_another_model_is_refused(source):
    import torch

    model = checkpoint.load(source.checkpoint)
    with torch.no_grad():
        model.head.bias.add_(0.01)
    with pytest.raises(EvaluationError, match=r"up to 0\.01 otherwise"):
        export.check(model, source.graph, 20)


@pytest.mark.parametrize("name", ONNX)
def test_every_road_of_onnx_runtime_scores_near_fp32(source, tmp_path, name):
    road = roads()[name]
    file = tmp_path / f"road{road.suffix}"
    road.convert(source, file)
    score, fp32 = road.load(file, 1), runtime.load(source.graph, 1)
    numbers = range(len(source.calibration))
    ours, theirs = (
        np.concatenate([one(source.calibration.one(n)) for n in numbers]) for one in (score, fp32)
    )
    assert np.abs(ours - theirs).max() < 0.5 * theirs.std()
    if name != "onnx-fp32":
        assert (ours != theirs).any()
        assert file.stat().st_size < source.graph.stat().st_size


def test_one_chunk_alone_scores_the_same_each_time_and_with_more_threads(source, tmp_path):
    road = roads()["onnx-dynamic-channel-7bit"]
    road.convert(source, tmp_path / "int8.onnx")
    one, two = (road.load(tmp_path / "int8.onnx", threads) for threads in (1, 2))
    for number in range(6):
        feed = source.calibration.one(number)
        assert one(feed) == one(feed) == two(feed)


def test_dynamic_int8_depends_on_the_batch_and_so_is_served_one_chunk_at_a_time(source, tmp_path):
    road = roads()["onnx-dynamic"]
    road.convert(source, tmp_path / "int8.onnx")
    score = road.load(tmp_path / "int8.onnx", 1)
    together = score(source.calibration.batch(range(12)))
    alone = np.concatenate([score(source.calibration.one(number)) for number in range(12)])
    assert np.abs(together - alone).max() > 1e-6


def test_what_is_no_checkpoint_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"config\.json"):
        checkpoint.settings(tmp_path)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(UsageError, match=r"model\.safetensors is missing"):
        checkpoint.fingerprint(tmp_path)
