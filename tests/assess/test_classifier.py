import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskbot.assess.chunks import TOKENS
from riskbot.assess.classifier import Classifier, Reader
from riskbot.domain.errors import EvaluationError

from .make_model import WORDS, graph, make_model, sign, tokenizer

TEXT = st.text(max_size=300) | st.lists(st.sampled_from(list(WORDS)), max_size=300).map(" ".join)


@pytest.fixture(scope="module")
def classifier():
    return Classifier(graph("x"), tokenizer())


def test_a_pair_gets_its_logit(classifier):
    # [CLS] danger [SEP] [ADD] danger calm calm [SEP]
    assert classifier.scores([("danger", "[ADD] danger calm calm")]) == [pytest.approx(0.0)]
    assert classifier.scores([("calm", "[ADD] calm")]) == [pytest.approx(-16 / 6)]
    assert classifier.scores([]) == []
    assert classifier.schema == "x"


def test_a_score_does_not_depend_on_the_neighbours(classifier):
    pairs = [("a", f"[ADD] {'danger ' * count} x") for count in (1, 90, 7, 200)]
    alone = [classifier.scores([pair])[0] for pair in pairs]
    assert classifier.scores(pairs) == alone
    assert classifier.scores(reversed(pairs)) == alone[::-1]
    assert Classifier(graph("x"), tokenizer(), threads=2).scores(pairs) == alone


@given(TEXT, TEXT)
def test_whatever_the_text_few_tokens_are_read(first, second):
    found = Reader(tokenizer()).encode(first, second)
    assert 3 <= len(found.ids) <= TOKENS
    assert len(found.ids) == len(found.attention_mask) == len(found.type_ids)


def test_the_lines_are_cut_before_the_place_is(classifier):
    reader = Reader(tokenizer())
    found = reader.encode("danger " * 20, "calm " * 500)
    assert found.tokens.count("danger") == 20
    assert found.tokens.count("calm") == TOKENS - 23
    # A place that would leave nothing of the lines gives way.
    assert reader.encode("danger " * 500, "calm " * 30).tokens.count("calm") == 30


def test_a_graph_without_types_is_fed_what_it_takes():
    made = Classifier(graph("", inputs=("input_ids", "attention_mask")), tokenizer())
    assert made.scores([("danger", "danger")]) == [pytest.approx(16 / 5)]


@pytest.mark.parametrize(
    "model",
    [
        b"",
        b"no graph",
        graph("")[:200],
        graph("", inputs=("input_ids", "mask")),
        graph("", output="logits"),
    ],
)
def test_what_is_no_graph_of_ours_is_refused(model):
    with pytest.raises(ValueError, match=r"graph takes|onnxruntime refuses"):
        Classifier(model, tokenizer())


@pytest.mark.parametrize("blob", [b"", b"{}", b"\xff\xfe", b'{"model": 3}'])
def test_what_is_no_tokenizer_is_refused(blob):
    with pytest.raises(ValueError, match="not a tokenizer"):
        Classifier(graph(""), blob)


def test_a_score_that_is_no_number_is_an_error():
    made = Classifier(graph("", words=WORDS | {"danger": math.inf}), tokenizer())
    with pytest.raises(EvaluationError, match="no score"):
        made.scores([("danger", "x")])


def test_a_tokenizer_of_another_graph_is_an_error(capfd):
    made = Classifier(graph("", words=dict(list(WORDS.items())[:-2])), tokenizer())
    with pytest.raises(EvaluationError, match="cannot read a part of this change"):
        made.scores([("danger", "x")])
    assert capfd.readouterr().err == ""


def test_loading_from_a_folder_checks_the_hashes(tmp_path):
    folder = make_model(tmp_path / "m")
    assert Classifier.load(folder).scores([("danger", "danger")]) == [pytest.approx(16 / 5)]
    (folder / "tokenizer.json").write_bytes(b"{}")
    with pytest.raises(EvaluationError, match=r"tokenizer\.json is not the one"):
        Classifier.load(folder)
    sign(folder)
    with pytest.raises(EvaluationError, match="not a tokenizer") as caught:
        Classifier.load(folder)
    assert str(folder) in str(caught.value)
