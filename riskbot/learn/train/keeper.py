"""What keeps a run within its time and safe from being killed: checkpoints, the end, what is told of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from riskbot.learn.train.base import PACKAGED
from riskbot.learn.train.schedule import Clock

MARK = "riskbot.json"
"""Written last into a checkpoint: one without it was cut short and is not resumed from."""
CHECKPOINTS = "checkpoints"
_RUN = "run"
_FREE = {"max_minutes", "save_minutes", "log_steps", "threads"}
"""The settings that may change when a run goes on: the rest, and the data, must be the same."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What every training has. A step learns from ``batch * accumulate`` samples, ``batch`` at a time.

    ``epochs``: rounds over the samples at most; ``max_minutes``: minutes at most, evaluations included;
    ``warmup``: the share of the run in which the rates rise; ``save_minutes``: between checkpoints;
    ``bf16`` None: where the hardware computes it; ``threads`` 0: as torch thinks.
    """

    base: str = PACKAGED
    epochs: float = 1.0
    max_minutes: float | None = None
    batch: int = 32
    accumulate: int = 1
    learning_rate: float = 3e-5
    weight_decay: float = 0.01
    warmup: float = 0.06
    save_minutes: float = 5.0
    log_steps: int = 10
    seed: int = 1
    bf16: bool | None = None
    threads: int = 0

    def steps(self, items: int) -> int:
        """Say how many steps ``items`` samples are, rounds included."""
        batches = -(-items // self.batch)
        return -(-batches // self.accumulate)

    def fingerprint(self, *data: str) -> str:
        """Name what a checkpoint may go on from: the same data and settings, whatever the time allowed."""
        told = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in _FREE}
        return hashlib.sha256("\n".join([json.dumps(told, sort_keys=True), *data]).encode()).hexdigest()


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
    """What a run must not forget when it is killed: its time and evaluations; ``over``: of those planned."""

    seconds: float = 0.0
    evaluations: list[dict[str, float]] = field(default_factory=list)
    over: int = 0

    @classmethod
    def of(cls, checkpoint: str | None) -> Record:
        """Read what the checkpoint kept; without one nothing has happened yet."""
        if checkpoint is None:
            return cls()
        return cls(**json.loads((Path(checkpoint) / MARK).read_text(encoding="utf-8")))


class Keeper(TrainerCallback):
    """Saves by the clock, stops in time, and tells of it."""

    # The signatures are transformers'; it names every argument.
    # ruff: noqa: ARG002

    def __init__(
        self, pace: Pace, clock: Clock, record: Record, progress: Callable[[Progress], None] | None = None
    ) -> None:
        self.clock, self.record = clock, record
        self._pace, self._progress = pace, progress
        self._saved = clock.seconds()
        self._loss: float | None = None

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **told: Any
    ) -> None:
        """Stop when the steps or the time are used up; save when the last checkpoint is old."""
        if self.clock.fraction(state.global_step) >= 1:
            control.should_training_stop = True
        old = self.clock.seconds() - self._saved >= self._pace.save_minutes * 60
        control.should_save = (old or control.should_save) and not control.should_training_stop

    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        """Mark a checkpoint as whole, with the time spent so far."""
        self._saved = self.record.seconds = self.clock.seconds()
        file = Path(str(args.output_dir)) / f"checkpoint-{state.global_step}" / MARK
        partial = file.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(self.record)), encoding="utf-8")
        partial.replace(file)

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
        self.tell(state.global_step)

    def tell(self, step: int) -> None:
        """Tell where training is."""
        if self._progress is not None:
            clock, evaluations = self.clock, self.record.evaluations
            last = evaluations[-1] if evaluations else None
            far, minutes = clock.fraction(step), clock.seconds() / 60
            self._progress(Progress(step, clock.planned(step), far, minutes, self._loss, last))


def arguments(pace: Pace, out: Path) -> TrainingArguments:
    """Say to the Trainer what is not its business: saving, evaluating and the order are ours."""
    told = TrainingArguments(
        output_dir=str(out / CHECKPOINTS),
        num_train_epochs=1,  # the rounds over the samples are laid out as one sequence
        per_device_train_batch_size=pace.batch,
        gradient_accumulation_steps=pace.accumulate,
        train_sampling_strategy="sequential",
        learning_rate=pace.learning_rate,
        weight_decay=pace.weight_decay,
        eval_strategy="no",
        save_strategy="no",
        save_total_limit=2,
        logging_steps=pace.log_steps,
        report_to="none",
        disable_tqdm=True,
        remove_unused_columns=False,
        dataloader_pin_memory=torch.cuda.is_available(),
        seed=pace.seed,
    )
    # One device: a batch is no plain stack of tensors that could be dealt out to several.
    told._n_gpu = min(1, told.n_gpu)  # noqa: SLF001 - the Trainer offers no other switch
    return told


def resumable(out: Path, fingerprint: str, clear: Sequence[str] = ()) -> str | None:
    """Give the last whole checkpoint of this very run; what another run left (``clear`` too) is removed."""
    folder = out / CHECKPOINTS
    mine = folder / _RUN
    if not mine.is_file() or mine.read_text(encoding="utf-8") != fingerprint:
        for old in (folder, *(out / name for name in clear)):
            shutil.rmtree(old, ignore_errors=True)
        folder.mkdir(parents=True)
        mine.write_text(fingerprint, encoding="utf-8")
    every = set(folder.glob("checkpoint-*"))
    whole = {one for one in every if (one / MARK).is_file()}
    for cut in every - whole:
        shutil.rmtree(cut)
    return str(max(whole, key=lambda one: int(one.name.rpartition("-")[2]))) if whole else None
