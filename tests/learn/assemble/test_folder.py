"""What learning writes is what serving scores: the same logit, through other code."""

import math

import pytest
from assess.make_model import graph, tokenizer
from make import make_change

from riskbot.assess import RiskModel
from riskbot.assess.blend import sigmoid
from riskbot.assess.features import NAMES, numbers
from riskbot.assess.manifest import Manifest
from riskbot.domain.change import History, Metrics
from riskbot.domain.errors import EvaluationError
from riskbot.domain.finding import Detection

np = pytest.importorskip("numpy")
lightgbm = pytest.importorskip("lightgbm")
folder = pytest.importorskip("riskbot.learn.assemble.folder")
blending = pytest.importorskip("riskbot.learn.train.blend")

NOTHING = Detection()


def _changes():
    """Make changes of many sizes, some with a past, so that numbers are known and unknown."""
    dice = np.random.default_rng(4)
    made = []
    for count in range(120):
        lines = [
            dice.choice(["x = 1", "danger", "if x is None:", "calm", "return f(x)"])
            for _ in range(count % 37 + 1)
        ]
        files = {
            name: ("a = 1\n", "".join(f"{line}\n" for line in lines[at:]) or "b\n")
            for at, name in enumerate(["pkg/a.py", "tests/test_a.py", "docs/x.md"][: count % 3 + 1])
        }
        history = (
            History(Metrics(exp=float(count % 11), age=count * 1.5, lt=float(count))) if count % 2 else None
        )
        made.append(make_change(files, history=history))
    return made


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    place = tmp_path_factory.mktemp("assemble")
    quantized = place / "quantized"
    quantized.mkdir()
    (quantized / "model.onnx").write_bytes(graph(""))
    (quantized / "tokenizer.json").write_bytes(tokenizer())
    changes = _changes()
    table = np.array([[math.nan if v is None else v for v in numbers(c, NOTHING).values()] for c in changes])
    labels = (np.arange(len(changes)) % 37 > 18).astype(float)
    data = lightgbm.Dataset(table, labels, feature_name=list(NAMES))
    settings = {"objective": "binary", "verbose": -1, "num_threads": 1, "min_data_in_leaf": 5, "seed": 1}
    booster = lightgbm.train(settings, data, 40)
    blend = blending.Blend(booster, 0.8, -0.3, 0.5, 0.2)
    reference = np.linspace(0.01, 0.99, 500)
    folder.write(
        quantized,
        blend,
        reference,
        folder.Identity("risk", "1", "500 changes made for a test"),
        place / "out",
    )
    return place / "out", blend, changes, table


def test_serving_scores_what_learning_fitted(served):
    out, blend, changes, table = served
    model = RiskModel.load(out)
    texts = [model.read(change).score for change in changes]
    trees = blend.booster.predict(table, raw_score=True)
    expected = blend.combined(trees, np.array([math.nan if text is None else text for text in texts]))
    for change, logit in zip(changes, expected, strict=True):
        assert model.logit_of(change, NOTHING) == pytest.approx(logit, abs=1e-6)
        scored = model.score(change, NOTHING)
        assert scored.logit == pytest.approx(logit, abs=1e-6)
        assert 0 < sigmoid(scored.logit) < 1


def test_the_folder_is_whole_and_says_who_it_is(served):
    out, *_ = served
    manifest = Manifest.open(out)
    assert list(manifest.wrong()) == []
    assert (manifest.name, manifest.version, manifest.features) == ("risk", "1", NAMES)
    assert len(RiskModel.load(out).reference) > 400


def test_nothing_of_the_machine_that_exported_it_is_in_the_graph(tmp_path):
    onnx = pytest.importorskip("onnx")
    told = onnx.load_from_string(graph(""))
    entry = told.graph.node[0].metadata_props.add()
    entry.key, entry.value = "stack_trace", 'File "/home/somebody/model.py", line 1'
    told.graph.node[0].doc_string = "/home/somebody"
    bare = folder._bare(onnx.load_from_string(told.SerializeToString()))
    assert b"/home/somebody" in told.SerializeToString()
    assert b"/home/somebody" not in bare.SerializeToString()
    assert [node.op_type for node in bare.graph.node] == [node.op_type for node in told.graph.node]


def test_a_graph_of_another_schema_is_refused_even_if_signed(served, tmp_path):
    out, *_ = served
    for path in out.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "model.onnx").write_bytes(graph('{"version":0,"features":[]}'))
    folder.sign(tmp_path, folder.Identity("risk", "1", "x"), list(NAMES))
    with pytest.raises(EvaluationError, match="made for other features"):
        RiskModel.load(tmp_path)
