import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learn.train.tiny import changes, texts, tiny_base
from riskbot.domain.errors import UsageError
from riskbot.learn.train.base import load_tokenizer
from riskbot.learn.train.data import Collator, Rounds, Sample, prepare
from riskbot.learn.train.tokens import tokenize


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    return load_tokenizer(tiny_base(tmp_path_factory.mktemp("base")))


def test_tokens_are_those_of_the_tokenizer(tokenizer):
    dice = random.Random(2)
    pairs = [texts(dice) for _ in range(20)] + [("", ""), ("x", "eval " * 400), ("x " * 200, "y")]
    tokens = tokenize(pairs, tokenizer)
    assert tokens.lengths.max() == 128
    for at in range(21):
        told = tokenizer.encode(*pairs[at])
        padded = tokens.padded(np.array([at]))
        many = len(told.ids)
        assert padded["input_ids"][0, :many].tolist() == told.ids
        assert padded["token_type_ids"][0, :many].tolist() == told.type_ids
        assert padded["attention_mask"].sum() == many
        assert padded["input_ids"].shape[1] - many < 8
    assert tokens.lengths[22] == 128  # a first part that leaves no room is cut too


def test_what_was_tokenised_is_kept_by_content(tokenizer, tmp_path):
    pairs = [("a", "return x"), ("b", "return y")]
    first = tokenize(pairs, tokenizer, tmp_path)
    (file,) = tmp_path.iterdir()
    written = file.stat().st_mtime_ns
    again = tokenize(pairs, tokenizer, tmp_path)
    assert file.stat().st_mtime_ns == written
    assert again.key() == first.key()
    other = tokenize([("a", "return x"), ("b", "return z")], tokenizer, tmp_path)
    assert other.key() != first.key()
    assert len(list(tmp_path.iterdir())) == 2


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.integers(1, 6), st.integers(0, 99))
@settings(max_examples=80, deadline=None)
def test_a_draw_takes_distinct_hunks_first(tokenizer, hunks, most, seed):
    data = prepare([Sample("s", [("a", "x")] * len(hunks), hunks=hunks)], tokenizer)
    drawn = data.draw(0, most, (seed,))
    assert len(drawn) == len(set(drawn.tolist())) == min(most, len(hunks))
    assert len({hunks[at] for at in drawn}) == min(most, len(set(hunks)))
    assert drawn.tolist() == data.draw(0, most, (seed,)).tolist()


def test_rounds_go_over_every_change_in_an_order_of_their_own(tokenizer):
    data = prepare(changes(30), tokenizer)
    rounds = Rounds(data, 2.5, 2, seed=7)
    order = [rounds[at][0] for at in range(len(rounds))]
    assert len(order) == 75
    assert sorted(order[:30]) == sorted(order[30:60]) == list(range(30))
    assert order[:30] != order[30:60]
    # Any place is reached without those before it.
    again = Rounds(data, 2.5, 2, seed=7)
    for at in (70, 3, 44):
        assert again[at][0] == order[at]
        assert again[at][1].tolist() == rounds[at][1].tolist()
    assert [Rounds(data, 2.5, 2, seed=8)[at][0] for at in range(75)] != order
    large = next(at for at in range(30) if data.rows[at + 1] - data.rows[at] > 4)
    draws = {tuple(Rounds(data, 40, 2, seed=7)[order_at][1]) for order_at in _of(data, 40, large)}
    assert len(draws) > 3


def _of(data, rounds, sample):
    laid = Rounds(data, rounds, 2, seed=7)
    return [at for at in range(len(laid)) if laid[at][0] == sample]


def test_a_batch_holds_every_chunk_once_beside_chunks_of_its_length(tokenizer):
    data = prepare(changes(40, most=6), tokenizer)
    rounds = Rounds(data, 1, 3, seed=1)
    drawn = [rounds[at] for at in range(40)]
    batch = Collator(data, part_tokens=512)(drawn)
    assert sum(len(part["input_ids"]) for part in batch["parts"]) == len(batch["change"])
    assert np.bincount(batch["change"], minlength=40).tolist() == [len(chosen) for _, chosen in drawn]
    cells = sum(part["input_ids"].numel() for part in batch["parts"])
    seen = sum(int(part["attention_mask"].sum()) for part in batch["parts"])
    assert all(part["input_ids"].numel() <= 512 for part in batch["parts"])
    assert seen / cells > 0.8
    rows = [
        row[mask.bool()].tolist() for part in batch["parts"] for row, mask in zip(*_two(part), strict=True)
    ]
    for place, (sample, chosen) in enumerate(drawn):
        mine = sorted(row for row, at in zip(rows, batch["change"].tolist(), strict=True) if at == place)
        starts = data.tokens.starts
        assert mine == sorted(data.tokens.ids[starts[at] : starts[at + 1]].tolist() for at in chosen)
        assert batch["labels"][place] == data.labels[sample]
        assert batch["offsets"][place] == data.offsets[sample]
        assert batch["weights"][place] == data.weights[sample]


def _two(part):
    return part["input_ids"], part["attention_mask"]


@pytest.mark.parametrize(
    "told", [{"label": 2.0}, {"offset": float("nan")}, {"weight": -1.0}, {"hunks": [1, 2]}, {"label": -0.5}]
)
def test_a_sample_that_cannot_be_learnt_from_is_named(tokenizer, told):
    with pytest.raises(UsageError, match="abc123"):
        prepare([Sample("abc123", [("a", "b")], **told)], tokenizer)
