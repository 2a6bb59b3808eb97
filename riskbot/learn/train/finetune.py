"""Fine-tune the encoder on what the metrics leave unexplained: label ~ sigmoid(offset + text score).

A run can be killed at any time: called again with the same data and settings it goes on from its last
checkpoint. It ends with its steps or with its time, its learning rate laid out for whichever comes first.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from transformers import set_seed

from riskbot.domain.errors import UsageError
from riskbot.learn.train.base import TOKENIZER, load_tokenizer
from riskbot.learn.train.data import Collator, Prepared, Rounds, Sample, prepare
from riskbot.learn.train.encoder import ChunkClassifier
from riskbot.learn.train.keeper import CHECKPOINTS, Keeper, Pace, Progress, Record, arguments, resumable
from riskbot.learn.train.schedule import Clock
from riskbot.learn.train.tokens import PART_TOKENS
from riskbot.learn.train.trainer import ChunkTrainer, Watcher, best_of

if TYPE_CHECKING:
    from tokenizers import Tokenizer

REPORT = "finetune.json"
BEST = "best"


@dataclass(frozen=True, slots=True)
class FinetuneConfig(Pace):
    """How to fine-tune, beyond :class:`Pace`.

    ``chunks_per_change``: at most so many chunks of a change are read in a round; ``head_learning_rate``: of
    the head, which starts from nothing; ``freeze_layers``: so many of the lowest layers, and then the
    embeddings too, stay as they are; ``dropout``: of hidden states; ``attention_dropout``: of attention
    weights (0 saves time); ``evaluations``: so many, evenly spread, the last at the end; ``patience``: stop
    after so many without a better one (0: never); ``part_tokens``: so many go through the encoder at once.
    """

    chunks_per_change: int = 3
    head_learning_rate: float = 1e-3
    freeze_layers: int = 0
    dropout: float = 0.1
    attention_dropout: float = 0.0
    evaluations: int = 4
    patience: int = 0
    part_tokens: int = PART_TOKENS


@dataclass(frozen=True, slots=True)
class Finetuned:
    """What came of it: the evaluations in order, and the number of the one that the kept model is from."""

    steps: int
    minutes: float
    changes: int
    left_out: int
    evaluations: Sequence[Mapping[str, float]]
    best: int | None


def finetune(
    samples: Sequence[Sample],
    validation: Sequence[Sample],
    config: FinetuneConfig,
    out: Path,
    progress: Callable[[Progress], None] | None = None,
    *,
    cache: Path | None = None,
) -> Finetuned:
    """Fine-tune, and leave in ``out`` a checkpoint (model, config, tokenizer.json) and ``finetune.json``.

    The model kept is the best of the evaluations on ``validation``, or the last where that is empty. Changes
    without chunks teach nothing and are left out. ``cache`` keeps what was tokenised.
    Raises UsageError where nothing is left to learn from, EvaluationError where the base cannot be loaded.
    """
    taught = [sample for sample in samples if sample.chunks]
    if not taught:
        raise UsageError(
            "No change with text is left to train on.", mend="Check what was mined and labelled."
        )
    if config.threads:
        torch.set_num_threads(config.threads)
    tokenizer = load_tokenizer(config.base)
    training = prepare(taught, tokenizer, cache)
    watched = [sample for sample in validation if sample.chunks]
    validating = prepare(watched, tokenizer, cache) if watched else None
    trainer, keeper, resume = set_up(training, validating, tokenizer, config, out, progress=progress)
    trainer.train(resume_from_checkpoint=resume)
    evaluations = keeper.record.evaluations
    done = Finetuned(
        steps=trainer.state.global_step,
        minutes=keeper.clock.seconds() / 60,
        changes=len(taught),
        left_out=len(samples) - len(taught),
        evaluations=evaluations,
        best=best_of(evaluations),
    )
    _keep(trainer.model, tokenizer, out)
    told = json.dumps({"config": asdict(config), **asdict(done)}, indent=2)
    (out / REPORT).write_text(told + "\n", encoding="utf-8")
    shutil.rmtree(out / CHECKPOINTS)
    return done


def set_up(
    training: Prepared,
    validating: Prepared | None,
    tokenizer: Tokenizer,
    config: FinetuneConfig,
    out: Path,
    *,
    progress: Callable[[Progress], None] | None = None,
) -> tuple[ChunkTrainer, Keeper, str | None]:
    """Build the Trainer and its keeper, and find the checkpoint of this very run to go on from, if any."""
    data = (training.key(), validating.key() if validating else "")
    resume = resumable(out, config.fingerprint(*data), clear=[BEST])
    record = Record.of(resume)
    set_seed(config.seed)
    model = ChunkClassifier.from_base(
        config.base, tokenizer, dropout=config.dropout, attention=config.attention_dropout
    )
    model.freeze(config.freeze_layers)
    rounds = Rounds(training, config.epochs, config.chunks_per_change, config.seed)
    clock = Clock(config.steps(len(rounds)), config.max_minutes, record.seconds)
    keeper = Keeper(config, clock, record, progress)
    if validating is not None:
        keeper = Watcher(
            *(config, clock, record, progress),
            validation=validating,
            best=out / BEST,
            evaluations=config.evaluations,
            patience=config.patience,
            chunks_per_change=config.chunks_per_change,
            part_tokens=config.part_tokens,
            bf16=config.bf16,
        )
    trainer = ChunkTrainer(
        pace=config,
        clock=clock,
        rates={"head.": config.head_learning_rate},
        model=model,
        args=arguments(config, out),
        train_dataset=rounds,
        data_collator=Collator(training, config.part_tokens),
        callbacks=[keeper],
    )
    return trainer, keeper, resume


def _keep(model: Any, tokenizer: Tokenizer, out: Path) -> None:
    """Move the best model to its place; without evaluations the last is the best."""
    best = out / BEST
    if not best.is_dir():
        model.save_pretrained(best)
    for file in sorted(best.iterdir()):
        os.replace(file, out / file.name)  # noqa: PTH105 - replaces what an earlier run left, in one step
    best.rmdir()
    tokenizer.save(str(out / TOKENIZER))
