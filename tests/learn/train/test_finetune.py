import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from transformers import TrainerCallback

from learn.train.tiny import changes, tiny_base
from riskbot.domain.errors import UsageError
from riskbot.learn.train.base import load_tokenizer
from riskbot.learn.train.data import Sample, prepare
from riskbot.learn.train.finetune import FinetuneConfig, finetune, set_up
from riskbot.learn.train.keeper import MARK
from riskbot.learn.train.predict import chunk_scores, load, mixed, pool_numpy
from riskbot.learn.train.schedule import Clock, rate
from riskbot.learn.train.trainer import best_of


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tiny_base(tmp_path_factory.mktemp("base"))


def config_of(place, **told):
    usual = {"base": place, "bf16": False, "log_steps": 1, "batch": 8, "learning_rate": 2e-3}
    return FinetuneConfig(**usual | told)


class Gradients(TrainerCallback):
    """Writes down the gradients of every step, before they are used."""

    def __init__(self):
        self.steps = []

    def on_pre_optimizer_step(self, args, state, control, model=None, **_):
        self.steps.append(
            {name: one.grad.clone() for name, one in model.named_parameters() if one.requires_grad}
        )


def train(samples, config, out):
    tokenizer = load_tokenizer(config.base)
    trainer, _, _ = set_up(prepare(samples, tokenizer), None, tokenizer, config, out)
    trainer.args.max_grad_norm = 0  # clipping would hide a loss that is too great
    seen = Gradients()
    trainer.add_callback(seen)
    start = {name: one.detach().clone() for name, one in trainer.model.named_parameters()}
    trainer.train()
    return [one["loss"] for one in trainer.state.log_history if "loss" in one], seen.steps, start


def by_hand(samples, config, model, tokenizer):
    """The loss as it is defined, change by change, without batches, padding or pooling of ours."""
    total = 0.0
    for sample in samples:
        scores = []
        for pair in sample.chunks:
            told = tokenizer.encode(*pair)
            ids = torch.tensor([told.ids])
            scores.append(model(ids, torch.ones_like(ids), torch.tensor([told.type_ids]))[0])
        score = torch.stack(scores).logsumexp(0) - np.log(len(scores))
        logit, label = sample.offset + score, torch.tensor(sample.label)
        total = total + sample.weight * nn.functional.binary_cross_entropy_with_logits(logit, label)
    return total / len(samples)


def test_accumulated_gradients_are_those_of_the_full_batch(place, tmp_path):
    samples = changes(
        11, most=6
    )  # chunks of many lengths, 1 to 6 of them a change; 11 = 2 + 2 + 2 + 2 + 2 + 1
    still = {"dropout": 0.0, "chunks_per_change": 6, "learning_rate": 0.0, "head_learning_rate": 0.0}
    full = train(samples, config_of(place, batch=11, **still), tmp_path / "full")
    accumulated = train(samples, config_of(place, batch=2, accumulate=6, **still), tmp_path / "accumulated")
    assert len(full[0]) == len(accumulated[0]) == 1
    assert accumulated[0][0] == pytest.approx(full[0][0], rel=1e-4)
    tokenizer = load_tokenizer(place)
    tokenizer.no_padding()
    trainer, _, _ = set_up(
        prepare(samples, tokenizer), None, tokenizer, config_of(place, **still), tmp_path / "hand"
    )
    loss = by_hand(samples, None, trainer.model.eval(), tokenizer)
    loss.backward()
    assert full[0][0] == pytest.approx(loss.item(), rel=1e-4)
    for name, parameter in trainer.model.named_parameters():
        assert torch.equal(full[2][name], accumulated[2][name])
        for steps in (full[1], accumulated[1]):
            torch.testing.assert_close(steps[0][name], parameter.grad, rtol=1e-3, atol=1e-6)


def test_a_last_step_of_fewer_changes_is_divided_by_its_own_number(place, tmp_path):
    samples = changes(11)
    still = {"dropout": 0.0, "learning_rate": 0.0, "head_learning_rate": 0.0}
    few = train(samples, config_of(place, batch=8, **still), tmp_path / "a")
    parts = train(samples, config_of(place, batch=2, accumulate=4, **still), tmp_path / "b")
    assert len(few[0]) == 2
    assert parts[0] == pytest.approx(few[0], rel=1e-4)
    torch.testing.assert_close(parts[1][1], few[1][1], rtol=1e-3, atol=1e-6)


class Killed(Exception):
    pass


def test_a_killed_run_goes_on_as_if_nothing_had_happened(place, tmp_path):
    samples, watched = changes(40), changes(12, seed=2)
    config = config_of(place, epochs=2, save_minutes=0.0, evaluations=2)

    def kill(progress):
        if progress.step == 6:
            raise Killed

    with pytest.raises(Killed):
        finetune(samples, watched, config, tmp_path / "killed", kill)
    checkpoints = tmp_path / "killed" / "checkpoints"
    assert (checkpoints / "checkpoint-5" / MARK).is_file()
    # What was being written when it was killed is not trusted.
    (checkpoints / "checkpoint-6").mkdir(exist_ok=True)
    steps = []
    done = finetune(samples, watched, config, tmp_path / "killed", lambda told: steps.append(told.step))
    assert min(steps) == 6
    straight = finetune(samples, watched, config, tmp_path / "straight")
    assert done.steps == straight.steps == 10
    assert [one["auc"] for one in done.evaluations] == [one["auc"] for one in straight.evaluations]
    one, words = load(tmp_path / "killed")
    other, _ = load(tmp_path / "straight")
    pairs = [pair for sample in samples for pair in sample.chunks]
    np.testing.assert_array_equal(chunk_scores(one, words, pairs), chunk_scores(other, words, pairs))


def test_other_data_or_settings_start_anew(place, tmp_path):
    config = config_of(place, save_minutes=0.0)

    def kill(progress):
        if progress.step == 3:
            raise Killed

    with pytest.raises(Killed):
        finetune(changes(40), [], config, tmp_path, kill)
    steps = []
    finetune(changes(40, seed=5), [], config, tmp_path, lambda told: steps.append(told.step))
    assert min(steps) == 1


def test_it_learns_keeps_the_best_and_reports(place, tmp_path):
    watched = changes(60, seed=9)
    config = config_of(place, epochs=4, evaluations=3)
    done = finetune([*changes(160), Sample("empty", [], 1.0)], watched, config, tmp_path)
    assert (done.changes, done.left_out, done.steps) == (160, 1, 80)
    assert [one["step"] for one in done.evaluations] == [27, 54, 80]
    best = done.evaluations[done.best]
    assert best["auc_score"] > 0.8
    assert best["auc"] > best["auc_offset"] + 0.2
    told = json.loads((tmp_path / "finetune.json").read_text())
    assert told["best"] == done.best
    assert told["config"]["chunks_per_change"] == 3
    assert {one.name for one in tmp_path.iterdir()} == {
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "finetune.json",
    }
    model, tokenizer = load(tmp_path)
    whole = [replace(one, chunks=one.chunks[:3], hunks=()) for one in watched]
    index = np.repeat(np.arange(60), [len(one.chunks) for one in whole])
    scores = chunk_scores(model, tokenizer, [pair for one in whole for pair in one.chunks])
    pooled = pool_numpy(scores, index, 60)
    bad = np.array([one.label for one in watched]) > 0
    assert pooled[bad].mean() > pooled[~bad].mean() + 0.5


def test_it_stops_when_nothing_better_comes(place, tmp_path):
    config = config_of(place, learning_rate=0.0, head_learning_rate=0.0, evaluations=10, patience=2)
    done = finetune(changes(160), changes(20, seed=2), config, tmp_path)
    assert len(done.evaluations) == 3
    assert done.best == 0
    assert done.steps == 6


def test_it_ends_with_its_time(place, tmp_path):
    seen = []
    config = config_of(place, epochs=500, max_minutes=0.01, evaluations=2)
    done = finetune(changes(100), changes(12, seed=2), config, tmp_path, seen.append)
    assert done.steps < 6500 / 2
    assert 1 <= len(done.evaluations) <= 2  # a first step that takes all the time leaves one
    assert seen[-1].fraction == 1
    assert done.evaluations[-1]["step"] == done.steps


def test_without_chunks_there_is_nothing_to_learn(place, tmp_path):
    with pytest.raises(UsageError, match="No change with text"):
        finetune([Sample("a", [])], [], config_of(place), tmp_path)


def test_the_head_has_a_rate_of_its_own_and_what_is_frozen_none(place, tmp_path):
    tokenizer = load_tokenizer(place)
    config = config_of(place, learning_rate=1e-5, head_learning_rate=1e-2, freeze_layers=1)
    trainer, _, _ = set_up(prepare(changes(9), tokenizer), None, tokenizer, config, tmp_path)
    groups = trainer.create_optimizer().param_groups
    rates = {id(one): group["lr"] for group in groups for one in group["params"]}
    decays = {id(one): group["weight_decay"] for group in groups for one in group["params"]}
    for name, parameter in trainer.model.named_parameters():
        if not parameter.requires_grad:
            assert id(parameter) not in rates
        else:
            assert rates.pop(id(parameter)) == (1e-2 if name.startswith("head.") else 1e-5)
            assert decays[id(parameter)] == (0.01 if parameter.ndim > 1 else 0.0)
    assert not rates


def test_in_bfloat16_the_scores_are_nearly_the_same(place):
    torch.manual_seed(1)
    tokenizer = load_tokenizer(place)
    from riskbot.learn.train.encoder import ChunkClassifier

    model = ChunkClassifier.from_base(place, tokenizer)
    pairs = [pair for sample in changes(10) for pair in sample.chunks]
    exact = chunk_scores(model, tokenizer, pairs)
    rough = chunk_scores(model, tokenizer, pairs, bf16=True)
    assert model.training
    assert 0 < np.abs(exact - rough).max() < 0.02
    with mixed(torch.device("cpu"), bf16=None):
        pass  # whatever the machine has


def test_the_schedule_follows_the_steps_or_the_time_whichever_is_further():
    now = [100.0]
    by_steps = Clock(200, now=lambda: now[0])
    now[0] += 1e6
    assert by_steps.fraction(50) == 0.25
    timed = Clock(200, max_minutes=10, spent=60, now=lambda: now[0])
    assert timed.fraction(0) == pytest.approx(0.1)
    assert timed.fraction(100) == 0.5
    now[0] += 240
    assert timed.fraction(25) == pytest.approx(0.5)
    assert timed.planned(25) == 50
    timed.closing = 60
    assert timed.fraction(25) == pytest.approx(5 / 9)
    now[0] += 1000
    assert timed.fraction(30) == 1
    assert timed.planned(30) == 30
    assert rate(0.0, 0.1) == 0
    assert rate(0.05, 0.1) == pytest.approx(0.5)
    assert rate(0.1, 0.1) == 1
    assert rate(0.55, 0.1) == pytest.approx(0.5)
    assert rate(1.0, 0.1) == 0
    assert rate(0.0, 0.0) == 1


def test_the_best_evaluation_is_by_area_and_without_classes_by_loss():
    assert best_of([]) is None
    assert best_of([{"auc": 0.6, "loss": 1.0}, {"auc": 0.7, "loss": 2.0}, {"auc": 0.7, "loss": 0.5}]) == 1
    nan = float("nan")
    assert best_of([{"auc": nan, "loss": 1.0}, {"auc": nan, "loss": 0.4}, {"auc": nan, "loss": 0.6}]) == 1
