"""transformers' Trainer, taught our loss, our learning rates and when to evaluate, keep and stop."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn
from transformers import Trainer, TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from riskbot.learn.train.data import Prepared
from riskbot.learn.train.encoder import ChunkClassifier, pool
from riskbot.learn.train.predict import mixed, pool_numpy, token_scores
from riskbot.learn.train.schedule import Clock, rate

if TYPE_CHECKING:
    from riskbot.learn.train.finetune import FinetuneConfig

MARK = "riskbot.json"
"""Written last into a checkpoint: one without it was cut short and is not resumed from."""
BEST = "best"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where training is. ``planned``: steps in all at this pace; ``evaluation``: the last one's figures."""

    step: int
    planned: int
    fraction: float
    minutes: float
    loss: float | None
    evaluation: Mapping[str, float] | None


@dataclass(slots=True)
class Record:
    """What a run must not forget when it is killed: its evaluations, and how many of those planned are over."""

    evaluations: list[dict[str, float]] = field(default_factory=list)
    over: int = 0

    def worth(self, evaluation: Mapping[str, float]) -> float:
        """Say how good an evaluation was: its AUC, where there are both classes, else the loss negated."""
        return evaluation["auc"] if np.isfinite(evaluation["auc"]) else -evaluation["loss"]

    def best(self) -> int | None:
        """Give the number of the best evaluation, the first of equals; None before any."""
        worths = [self.worth(one) for one in self.evaluations]
        return worths.index(max(worths)) if worths else None


def loss_sum(model: nn.Module, batch: Mapping[str, Any]) -> Tensor:
    """Sum the weighted losses of a batch's changes: BCE of label against offset + pooled score."""
    scores = torch.cat([model(**part).float() for part in batch["parts"]])
    pooled = pool(scores, batch["change"], len(batch["labels"]))
    return nn.functional.binary_cross_entropy_with_logits(
        batch["offsets"] + pooled, batch["labels"], weight=batch["weights"], reduction="sum"
    )


def evaluate(model: ChunkClassifier, data: Prepared, config: FinetuneConfig) -> dict[str, float]:
    """Measure a model: ``auc`` of offset + score, ``auc_score`` of the score alone, ``auc_offset``, ``loss``.

    Of each change as many chunks are read as in training, the same ones each time; nan where a class is missing.
    """
    drawn = [data.draw(at, config.chunks_per_change, (0, at)) for at in range(len(data))]
    change = np.repeat(np.arange(len(data)), [len(one) for one in drawn])
    scores = token_scores(
        model, data.tokens, np.concatenate(drawn), batch_tokens=config.part_tokens, bf16=config.bf16
    )
    score = pool_numpy(scores, change, len(data))
    logit = data.offsets + score
    losses = np.logaddexp(0, logit) - data.labels * logit
    return {
        "auc": _auc(data.labels, logit, data.weights),
        "auc_score": _auc(data.labels, score, data.weights),
        "auc_offset": _auc(data.labels, data.offsets, data.weights),
        "loss": float(np.average(losses, weights=data.weights)),
        "score_mean": float(score.mean()),
        "score_deviation": float(score.std()),
    }


class ChunkTrainer(Trainer):
    """Trains a :class:`ChunkClassifier` on batches of the :class:`~riskbot.learn.train.data.Collator`.

    The loss is the sum over changes divided by the number of changes in the whole accumulated batch: the Trainer
    counts ``labels`` over it and, as the model ``accepts_loss_kwargs``, divides nothing itself.
    """

    loss_is_scaled_for_ga = True

    def __init__(self, *, config: FinetuneConfig, clock: Clock, **told: Any) -> None:
        self.finetuning, self.clock = config, clock
        super().__init__(**told)

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
        with mixed(self.args.device, self.finetuning.bf16):
            return loss_sum(model, inputs) / num_items_in_batch

    def create_optimizer(self, model: nn.Module | None = None) -> torch.optim.Optimizer:
        """AdamW with a learning rate for the encoder and one for the head; biases and norms do not decay."""
        if self.optimizer is None:
            groups: dict[tuple[float, float], list[nn.Parameter]] = {}
            for name, parameter in self.model.named_parameters():
                if parameter.requires_grad:
                    own = self.finetuning
                    pace = own.head_learning_rate if name.startswith("head.") else own.learning_rate
                    decay = own.weight_decay if parameter.ndim > 1 else 0.0
                    groups.setdefault((pace, decay), []).append(parameter)
            self.optimizer = torch.optim.AdamW(
                [{"params": of, "lr": pace, "weight_decay": decay} for (pace, decay), of in groups.items()]
            )
        return self.optimizer

    def create_scheduler(
        self, num_training_steps: int, optimizer: torch.optim.Optimizer | None = None
    ) -> torch.optim.lr_scheduler.LRScheduler:
        """Let the rates follow the clock: warm up, then fall to 0 when the steps or the time are used up."""
        if self.lr_scheduler is None:
            clock, warmup = self.clock, self.finetuning.warmup
            self.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(
                optimizer or self.optimizer, lambda step: rate(clock.fraction(step + 1), warmup)
            )
            self._created_lr_scheduler = True
        return self.lr_scheduler


class Keeper(TrainerCallback):
    """Evaluates a few times, keeps the best model, checkpoints by the clock, and stops in time."""

    def __init__(
        self,
        config: FinetuneConfig,
        clock: Clock,
        record: Record,
        validation: Prepared | None,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self._config, self._clock, self._record = config, clock, record
        self._validation, self._progress = validation, progress
        self._saved = clock.seconds()
        self._loss: float | None = None

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **told: Any
    ) -> None:
        """Decide what is due after a step."""
        config, far = self._config, self._clock.fraction(state.global_step)
        due = int(far * config.evaluations + 1e-9)
        evaluated = self._validation is not None and due > self._record.over
        if evaluated:
            self._record.over = due
            self._evaluate(told["model"], state, Path(str(args.output_dir)).parent)
        last = far >= 1 or self._tired()
        control.should_training_stop = control.should_training_stop or last
        waited = self._clock.seconds() - self._saved >= config.save_minutes * 60
        control.should_save = (waited or evaluated) and not last

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Mark a checkpoint as whole, with the time spent so far."""
        self._saved = self._clock.seconds()
        file = Path(str(args.output_dir)) / f"checkpoint-{state.global_step}" / MARK
        told = {"seconds": self._saved, **asdict(self._record)}
        file.with_suffix(".partial").write_text(json.dumps(told), encoding="utf-8")
        file.with_suffix(".partial").replace(file)

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **_: Any,
    ) -> None:
        """Tell of the loss."""
        self._loss = (logs or {}).get("loss", self._loss)
        self._tell(state.global_step)

    def _evaluate(self, model: ChunkClassifier, state: TrainerState, out: Path) -> None:
        before = self._clock.seconds()
        validation = self._validation
        if validation is None:
            return
        measured = evaluate(model, validation, self._config) | {"step": float(state.global_step)}
        measured["minutes"] = self._clock.seconds() / 60
        self._record.evaluations.append(measured)
        if self._record.best() == len(self._record.evaluations) - 1:
            shutil.rmtree(out / BEST, ignore_errors=True)
            model.save_pretrained(out / BEST)
        self._clock.closing = self._clock.seconds() - before
        self._tell(state.global_step)

    def _tired(self) -> bool:
        best, done = self._record.best(), len(self._record.evaluations)
        return best is not None and self._config.patience > 0 and done - 1 - best >= self._config.patience

    def _tell(self, step: int) -> None:
        if self._progress is not None:
            clock, evaluations = self._clock, self._record.evaluations
            far, minutes = clock.fraction(step), clock.seconds() / 60
            last = evaluations[-1] if evaluations else None
            self._progress(Progress(step, clock.planned(step), far, minutes, self._loss, last))


def _auc(labels: Any, scores: Any, weights: Any) -> float:
    known = labels > 0.5
    if known.all() or not known.any():
        return float("nan")
    return float(roc_auc_score(known, scores, sample_weight=weights))
