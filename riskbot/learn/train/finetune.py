"""Fine-tune the encoder on what the metrics leave unexplained: label ~ sigmoid(offset + text score).

A run can be killed at any time: called again with the same data and settings it goes on from its last
checkpoint. It ends with its steps or with its time, its learning rate laid out for whichever comes first.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from transformers import TrainingArguments, set_seed
from transformers.utils import logging

from riskbot.domain.errors import UsageError
from riskbot.learn.train.base import PACKAGED, TOKENIZER, load_tokenizer
from riskbot.learn.train.data import PART_TOKENS, Collator, Prepared, Rounds, Sample, prepare
from riskbot.learn.train.encoder import ChunkClassifier
from riskbot.learn.train.schedule import Clock
from riskbot.learn.train.trainer import BEST, MARK, ChunkTrainer, Keeper, Progress, Record

if TYPE_CHECKING:
    from tokenizers import Tokenizer

REPORT = "finetune.json"
CHECKPOINTS = "checkpoints"


@dataclass(frozen=True, slots=True)
class FinetuneConfig:
    """How to fine-tune. A step learns from ``batch * accumulate`` changes, ``batch`` of them at a time.

    ``epochs``: rounds over the samples at most; ``max_minutes``: minutes at most, evaluations included;
    ``warmup``: the share of the run in which the rates rise; ``freeze_layers``: so many of the lowest layers, and
    then the embeddings too, stay as they are; ``dropout``: hidden states, ``attention_dropout``: attention
    weights (0 saves a sixth of the time); ``evaluations``: so many, evenly spread, the last at the end;
    ``patience``: stop after so many without a better one (0: never); ``save_minutes``: between checkpoints;
    ``bf16`` None: where the hardware computes it; ``threads`` 0: as torch thinks.
    """

    base: str = PACKAGED
    chunks_per_change: int = 3
    epochs: float = 1.0
    max_minutes: float | None = None
    batch: int = 32
    accumulate: int = 1
    part_tokens: int = PART_TOKENS
    learning_rate: float = 3e-5
    head_learning_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup: float = 0.06
    dropout: float = 0.1
    attention_dropout: float = 0.0
    freeze_layers: int = 0
    evaluations: int = 4
    patience: int = 0
    save_minutes: float = 5.0
    log_steps: int = 10
    seed: int = 1
    bf16: bool | None = None
    threads: int = 0


@dataclass(frozen=True, slots=True)
class Finetuned:
    """What came of it: steps, minutes, evaluations in order and which of them the kept model is from."""

    steps: int
    minutes: float
    changes: int
    left_out: int
    evaluations: Sequence[Mapping[str, float]] = field(default_factory=list)
    best: int | None = None


def finetune(
    samples: Sequence[Sample],
    validation: Sequence[Sample],
    config: FinetuneConfig,
    out: Path,
    progress: Callable[[Progress], None] | None = None,
    cache: Path | None = None,
) -> Finetuned:
    """Fine-tune, and leave in ``out`` a checkpoint (model, config, tokenizer.json) and ``finetune.json``.

    The model kept is the best of the evaluations on ``validation``, or the last where that is empty. Changes
    without chunks teach nothing and are left out. ``cache`` keeps what was tokenised.
    Raises UsageError where nothing is left to learn from, EvaluationError where the base cannot be loaded.
    """
    taught = [sample for sample in samples if sample.chunks]
    if not taught:
        raise UsageError("No change with text is left to train on.", mend="Check what was mined and labelled.")
    if config.threads:
        torch.set_num_threads(config.threads)
    tokenizer = load_tokenizer(config.base)
    training = prepare(taught, tokenizer, cache)
    watched = [sample for sample in validation if sample.chunks]
    validating = prepare(watched, tokenizer, cache) if watched else None
    trainer, record, resume = _set_up(training, validating, tokenizer, config, out, progress)
    trainer.train(resume_from_checkpoint=resume)
    _keep(trainer.model, tokenizer, out)
    done = Finetuned(
        trainer.state.global_step,
        trainer.clock.seconds() / 60,
        len(taught),
        len(samples) - len(taught),
        record.evaluations,
        record.best(),
    )
    told = {"config": asdict(config), **asdict(done)}
    (out / REPORT).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(out / CHECKPOINTS)
    return done


def _set_up(
    training: Prepared,
    validating: Prepared | None,
    tokenizer: Tokenizer,
    config: FinetuneConfig,
    out: Path,
    progress: Callable[[Progress], None] | None,
) -> tuple[ChunkTrainer, Record, str | None]:
    """Build the Trainer, and find the checkpoint to go on from: one of the same data and settings."""
    resume = _resumable(out, _fingerprint(training, validating, config))
    told = {} if resume is None else json.loads((Path(resume) / MARK).read_text(encoding="utf-8"))
    record = Record(told.get("evaluations", []), told.get("over", 0))
    set_seed(config.seed)
    model = ChunkClassifier.from_base(
        config.base, tokenizer, dropout=config.dropout, attention=config.attention_dropout
    )
    model.freeze(config.freeze_layers)
    rounds = Rounds(training, config.epochs, config.chunks_per_change, config.seed)
    steps = -(-(-(-len(rounds) // config.batch)) // config.accumulate)
    clock = Clock(steps, config.max_minutes, spent=told.get("seconds", 0.0))
    keeper = Keeper(config, clock, record, validating, progress)
    trainer = ChunkTrainer(
        config=config,
        clock=clock,
        model=model,
        args=_arguments(config, out),
        train_dataset=rounds,
        data_collator=Collator(training, config.part_tokens),
        callbacks=[keeper],
    )
    return trainer, record, resume


def _arguments(config: FinetuneConfig, out: Path) -> TrainingArguments:
    """Say to the Trainer what is not its business: saving and evaluating are the keeper's."""
    logging.disable_progress_bar()
    arguments = TrainingArguments(
        output_dir=str(out / CHECKPOINTS),
        num_train_epochs=1,  # the rounds over the samples are laid out as one sequence
        per_device_train_batch_size=config.batch,
        gradient_accumulation_steps=config.accumulate,
        train_sampling_strategy="sequential",
        eval_strategy="no",
        save_strategy="no",
        save_total_limit=2,
        logging_steps=config.log_steps,
        report_to="none",
        disable_tqdm=True,
        remove_unused_columns=False,
        dataloader_pin_memory=torch.cuda.is_available(),
        seed=config.seed,
    )
    # One device: a batch is no plain stack of tensors that could be dealt out to several.
    arguments._n_gpu = min(1, arguments.n_gpu)  # noqa: SLF001 - the Trainer offers no other switch
    return arguments


def _fingerprint(training: Prepared, validating: Prepared | None, config: FinetuneConfig) -> str:
    """Name what a checkpoint may go on from: the same data and settings, whatever the time allowed."""
    told = {key: value for key, value in asdict(config).items() if key not in _FREE}
    parts = (json.dumps(told, sort_keys=True), training.key(), validating.key() if validating else "")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


_FREE = {"max_minutes", "save_minutes", "log_steps", "threads", "evaluations", "patience"}


def _resumable(out: Path, fingerprint: str) -> str | None:
    """Give the last whole checkpoint of this very run; what another run left is cleared away."""
    folder = out / CHECKPOINTS
    mine = folder / "run"
    if not mine.is_file() or mine.read_text(encoding="utf-8") != fingerprint:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(out / BEST, ignore_errors=True)
        folder.mkdir(parents=True)
        mine.write_text(fingerprint, encoding="utf-8")
    whole = [one for one in folder.glob("checkpoint-*") if (one / MARK).is_file()]
    for cut in set(folder.glob("checkpoint-*")) - set(whole):
        shutil.rmtree(cut)
    return str(max(whole, key=lambda one: int(one.name.rpartition("-")[2]))) if whole else None


def _keep(model: Any, tokenizer: Tokenizer, out: Path) -> None:
    """Move the best model to its place; without evaluations the last is the best."""
    best = out / BEST
    if not best.is_dir():
        model.save_pretrained(best)
    for file in sorted(best.iterdir()):
        os.replace(file, out / file.name)  # noqa: PTH105 - replaces what an earlier run left, in one step
    best.rmdir()
    tokenizer.save(str(out / TOKENIZER))
