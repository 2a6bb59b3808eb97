"""transformers' Trainer, taught our loss, our learning rates and when to evaluate and keep."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn
from transformers import PrinterCallback, Trainer, TrainerControl, TrainerState, TrainingArguments

from riskbot.learn.train.data import Prepared
from riskbot.learn.train.encoder import ChunkClassifier, pool
from riskbot.learn.train.keeper import Keeper, Pace
from riskbot.learn.train.predict import mixed, pool_numpy, token_scores
from riskbot.learn.train.schedule import Clock, rate


class PacedTrainer(Trainer):
    """A Trainer whose rates follow a clock, and that computes in bfloat16 where the hardware does.

    ``rates``: learning rates of the parameters whose names start with a key, where not the common one.
    """

    def __init__(
        self, *, pace: Pace, clock: Clock, rates: Mapping[str, float] | None = None, **told: Any
    ) -> None:
        self._pace, self._clock, self._rates = pace, clock, rates or {}
        super().__init__(**told)
        self.remove_callback(PrinterCallback)  # the keeper tells how it goes

    def compute_loss_context_manager(self) -> contextlib.ExitStack:
        """Compute the loss in mixed precision."""
        stack = super().compute_loss_context_manager()
        stack.enter_context(mixed(self.args.device, self._pace.bf16))
        return stack

    # The signatures are transformers', which passes to them by position.
    # ruff: noqa: ARG002

    def create_optimizer(self, model: nn.Module | None = None) -> torch.optim.Optimizer:
        """Make an AdamW with the learning rates asked for; biases and norms do not decay."""
        if self.optimizer is None:
            self.optimizer = torch.optim.AdamW(self._groups(self.model if model is None else model))
        return self.optimizer

    def _groups(self, model: Any) -> list[dict[str, Any]]:
        groups: dict[tuple[float, float], list[nn.Parameter]] = {}
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:
                own = (value for start, value in self._rates.items() if name.startswith(start))
                decay = self._pace.weight_decay if parameter.ndim > 1 else 0.0
                groups.setdefault((next(own, self._pace.learning_rate), decay), []).append(parameter)
        return [{"params": of, "lr": own, "weight_decay": decay} for (own, decay), of in groups.items()]

    def create_scheduler(
        self, num_training_steps: int, optimizer: torch.optim.Optimizer | None = None
    ) -> torch.optim.lr_scheduler.LRScheduler:
        """Let the rates rise, then fall to 0 when the steps or the time are used up."""
        if self.lr_scheduler is None:
            clock, warmup = self._clock, self._pace.warmup
            self.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(
                optimizer or self.create_optimizer(), lambda step: rate(clock.fraction(step), warmup)
            )
            self._created_lr_scheduler = True
        return self.lr_scheduler


class ChunkTrainer(PacedTrainer):
    """Trains a :class:`ChunkClassifier` on batches of the :class:`~riskbot.learn.train.data.Collator`.

    The loss is the sum over changes divided by the number of changes in the whole accumulated batch. The
    Trainer counts them (the ``labels`` of all its batches) because the model ``accepts_loss_kwargs``.
    """

    loss_is_scaled_for_ga = True

    def compute_loss(
        self,
        model: nn.Module,
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: Tensor | int | None = None,
    ) -> Any:
        """Give the share of this batch in the loss of the accumulated one; it has no outputs to return."""
        if return_outputs or num_items_in_batch is None:
            raise NotImplementedError("only for training, on batches that have labels")
        return loss_sum(model, inputs) / num_items_in_batch


def loss_sum(model: nn.Module, batch: Mapping[str, Any]) -> Tensor:
    """Sum the weighted losses of a batch's changes: BCE of label against offset + pooled score."""
    scores = torch.cat([model(**part).float() for part in batch["parts"]])
    pooled = pool(scores, batch["change"], len(batch["labels"]))
    return nn.functional.binary_cross_entropy_with_logits(
        batch["offsets"] + pooled, batch["labels"], weight=batch["weights"], reduction="sum"
    )


def evaluate(
    model: ChunkClassifier, data: Prepared, chunks_per_change: int, *, part_tokens: int, bf16: bool | None
) -> dict[str, float]:
    """Measure a model: ``auc`` of offset + score, ``auc_score`` of the score alone, ``auc_offset``, ``loss``.

    Of each change as many chunks are read as in training, the same ones each time; nan where a class is
    missing.
    """
    drawn = [data.draw(at, chunks_per_change, (0, at)) for at in range(len(data))]
    change = np.repeat(np.arange(len(data)), [len(one) for one in drawn])
    scores = token_scores(model, data.tokens, np.concatenate(drawn), batch_tokens=part_tokens, bf16=bf16)
    score = pool_numpy(scores, change, len(data))
    logit = data.offsets + score
    losses = np.logaddexp(0, logit) - data.labels * logit
    return {
        "auc": _auc(data, logit),
        "auc_score": _auc(data, score),
        "auc_offset": _auc(data, data.offsets),
        "loss": float(np.average(losses, weights=data.weights)),
        "score_mean": float(score.mean()),
        "score_deviation": float(score.std()),
    }


class Watcher(Keeper):
    """A keeper that also evaluates, evenly spread over the run, and keeps the best model in ``best``."""

    def __init__(
        self, *told: Any, validation: Prepared, best: Path, evaluations: int, patience: int, **reading: Any
    ) -> None:
        super().__init__(*told)
        self._validation, self._best = validation, best
        self._evaluations, self._patience, self._reading = evaluations, patience, reading

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **told: Any
    ) -> None:
        """Evaluate when it is due, and save what came of it; stop where nothing better comes any more."""
        due = int(self.clock.fraction(state.global_step) * self._evaluations + 1e-9)
        if due > self.record.over:
            self.record.over = due
            self._evaluate(told["model"], state.global_step)
            control.should_save = True
            since = len(self.record.evaluations) - 1 - (best_of(self.record.evaluations) or 0)
            if 0 < self._patience <= since:
                control.should_training_stop = True
        super().on_step_end(args, state, control)

    def _evaluate(self, model: ChunkClassifier, step: int) -> None:
        before = self.clock.seconds()
        measured = evaluate(model, self._validation, **self._reading)
        evaluations = self.record.evaluations
        evaluations.append(measured | {"step": float(step), "minutes": self.clock.seconds() / 60})
        if best_of(evaluations) == len(evaluations) - 1:
            shutil.rmtree(self._best, ignore_errors=True)
            model.save_pretrained(self._best)
        self.clock.closing = self.clock.seconds() - before
        self.tell(step)


def best_of(evaluations: list[dict[str, float]]) -> int | None:
    """Give the number of the best evaluation, the first of equals: by AUC, where that is none by loss."""
    if not evaluations:
        return None
    worth = [one["auc"] if np.isfinite(one["auc"]) else -one["loss"] for one in evaluations]
    return worth.index(max(worth))


def _auc(data: Prepared, scores: Any) -> float:
    known = data.labels > 0.5
    if known.all() or not known.any():
        return float("nan")
    return float(roc_auc_score(known, scores, sample_weight=data.weights))
