import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learn.quantize import make
from riskbot.domain.errors import UsageError
from riskbot.learn.quantize.data import INPUTS, EvaluationSet, Tokens, encode, pool

scores = st.lists(st.floats(-50, 50), min_size=1, max_size=8)


@given(st.lists(scores, min_size=1, max_size=6))
def test_pooling_is_the_log_of_the_mean_of_exp(changes):
    change = np.repeat(np.arange(len(changes)), [len(one) for one in changes])
    pooled = pool(np.array([score for one in changes for score in one]), change, len(changes))
    for got, one in zip(pooled, changes, strict=True):
        assert got == pytest.approx(math.log(sum(map(math.exp, one)) / len(one)), abs=1e-9)


def test_pooling_survives_scores_whose_exp_does_not():
    assert pool(np.array([900.0, 900.0, -900.0]), np.array([0, 0, 1]), 3).tolist() == [900.0, -900.0, 0.0]


def test_the_offset_is_added_and_a_change_without_chunks_keeps_it():
    evaluation = EvaluationSet([("a", "b")], np.array([1]), np.array([1.0, 0.0]), np.array([0.25, -1.0]))
    assert evaluation.logits(np.array([2.0])).tolist() == [0.25, 1.0]


@pytest.mark.parametrize(
    ("change", "label", "offset", "said"),
    [
        ([0], [1.0, 0.0], [0.0, 0.0], "2 chunks with 1 change"),
        ([0, 2], [1.0, 0.0], [0.0, 0.0], "not among its 2"),
        ([0, -1], [1.0, 0.0], [0.0, 0.0], "not among its 2"),
        ([0, 1], [1.0, 0.0], [0.0], "2 labels with 1 offsets"),
        ([0, 1], [1.0, 1.0], [0.0, 0.0], "both kinds"),
        ([0, 1], [0.0, 0.0], [0.0, 0.0], "both kinds"),
    ],
)
def test_what_does_not_fit_together_is_refused(change, label, offset, said):
    with pytest.raises(UsageError, match=said):
        EvaluationSet([("a", "b")] * 2, np.array(change), np.array(label), np.array(offset))


def test_tokens_come_out_as_they_went_in(tmp_path):
    tokens = Tokens(np.arange(1, 8), np.array([0, 0, 1, 0, 1, 1, 1]), np.array([3, 7]))
    tokens.save(tmp_path / "tokens.npz")
    read = Tokens.read(tmp_path / "tokens.npz")
    assert read.digest == tokens.digest
    assert [read.one(number)["input_ids"].tolist() for number in range(2)] == [[[1, 2, 3]], [[4, 5, 6, 7]]]
    assert Tokens(tokens.ids, tokens.types, np.array([4, 7])).digest != tokens.digest


def test_a_batch_is_padded_to_its_longest_or_further():
    tokens = Tokens(np.arange(1, 6), np.ones(5, np.int64), np.array([2, 5]))
    batch = tokens.batch([0, 1])
    assert batch["input_ids"].tolist() == [[1, 2, 0], [3, 4, 5]]
    assert batch["attention_mask"].tolist() == [[1, 1, 0], [1, 1, 1]]
    assert batch["token_type_ids"].tolist() == [[1, 1, 0], [1, 1, 1]]
    assert {tokens.batch([0], 4)[name].shape for name in INPUTS} == {(1, 4)}


def test_chunks_are_encoded_as_serving_does(tmp_path):
    folder = make.checkpoint(tmp_path)
    tokens = encode([("fix pool", "[ADD] eval x"), ("fix", "[DEL] y " * 200)], folder / "tokenizer.json")
    first, second = tokens.one(0), tokens.one(1)
    assert first["token_type_ids"].tolist() == [[0, 0, 0, 0, 1, 1, 1, 1]]
    assert first["attention_mask"].all()
    assert second["input_ids"].shape == (1, 128)


def test_a_missing_tokenizer_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"tokenizer\.json"):
        encode([("a", "b")], tmp_path / "tokenizer.json")
