import json
import random

import pytest
import torch

from learn.train.tiny import changes, texts, tiny_base
from riskbot.domain.errors import UsageError
from riskbot.learn.train.adapt import AdaptConfig, Texts, adapt, collator, specials
from riskbot.learn.train.base import load_tokenizer
from riskbot.learn.train.finetune import FinetuneConfig, finetune
from riskbot.learn.train.predict import load
from riskbot.learn.train.tokens import tokenize


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tiny_base(tmp_path_factory.mktemp("base"))


def pairs_of(many):
    dice = random.Random(4)
    return [texts(dice) for _ in range(many)]


def test_the_marks_are_never_hidden_and_the_rest_is_by_its_share(place):
    tokenizer = load_tokenizer(place)
    tokens = tokenize(pairs_of(200), tokenizer)
    special = specials(tokenizer)
    items = [Texts(tokens, special, 1, seed=1)[at] for at in range(200)]
    torch.manual_seed(1)
    batch = collator(tokenizer, 0.5)(items)
    original = torch.zeros_like(batch["input_ids"])
    for row, item in enumerate(items):
        original[row, : len(item["input_ids"])] = torch.tensor(item["input_ids"])
    asked = batch["labels"] != -100
    never = torch.isin(original, torch.tensor(sorted(special)))
    assert not (asked & never).any()
    assert torch.equal(batch["input_ids"][never], original[never])
    assert 0.45 < asked.sum() / (~never).sum() < 0.55
    assert torch.equal(batch["labels"][asked], original[asked])
    assert set(batch) >= {"input_ids", "labels", "attention_mask", "token_type_ids"}


def test_an_adapted_base_is_fine_tuned(place, tmp_path):
    config = AdaptConfig(base=place, epochs=3, batch=16, learning_rate=3e-3, bf16=False, log_steps=1)
    losses = []
    done = adapt(pairs_of(80), config, tmp_path / "adapted", lambda told: losses.append(told.loss))
    assert done.steps == 15
    assert losses[-2] < losses[0]
    assert json.loads((tmp_path / "adapted" / "adapt.json").read_text())["chunks"] == 80
    assert not (tmp_path / "adapted" / "checkpoints").exists()
    base = str(tmp_path / "adapted")
    finetune(
        changes(8), [], FinetuneConfig(base=base, batch=8, learning_rate=0.0, bf16=False), tmp_path / "tuned"
    )
    tuned, _ = load(tmp_path / "tuned")
    start = load_table(tmp_path / "adapted")
    assert torch.equal(tuned.encoder.get_input_embeddings().weight, start)
    tokenizer = load_tokenizer(base)
    assert len(start) == tokenizer.get_vocab_size()


def load_table(folder):
    from safetensors.torch import load_file

    stored = load_file(folder / "model.safetensors")
    return next(value for name, value in stored.items() if name.endswith("word_embeddings.weight"))


class Killed(Exception):
    pass


def test_a_killed_adaptation_goes_on(place, tmp_path):
    config = AdaptConfig(base=place, batch=16, bf16=False, log_steps=1, save_minutes=0.0)

    def kill(progress):
        if progress.step == 3:
            raise Killed

    with pytest.raises(Killed):
        adapt(pairs_of(80), config, tmp_path, kill)
    steps = []
    done = adapt(pairs_of(80), config, tmp_path, lambda told: steps.append(told.step))
    assert min(steps) == 3
    assert done.steps == 5


def test_nothing_to_adapt_to_and_accumulation_are_refused(place, tmp_path):
    with pytest.raises(UsageError, match="no chunk"):
        adapt([], AdaptConfig(base=place), tmp_path)
    with pytest.raises(UsageError, match="accumulates"):
        AdaptConfig(accumulate=2)
