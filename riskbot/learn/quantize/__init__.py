"""Quantizes the text model by every road there is, measures them side by side, and ships the best by a rule.

::

    table = quantize(checkpoint, training_pairs, evaluation, out, work)
    out/model.onnx  tokenizer.json  table.json  table.md  table.png
"""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import numpy as np

from riskbot.domain.errors import EvaluationError, UsageError
from riskbot.learn.quantize import checkpoint as trained
from riskbot.learn.quantize import render, rule, table, work
from riskbot.learn.quantize.data import EvaluationSet, Pair, encode
from riskbot.learn.quantize.quality import quality
from riskbot.learn.quantize.roads import REFERENCE, Road, roads
from riskbot.learn.quantize.table import Row, Table

__all__ = ["EvaluationSet", "Table", "quantize"]

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
Progress = Callable[[str, int, int], None]
"""Is told the name of what is measured next, how many roads are done, and how many there are."""


def quantize(
    checkpoint: Path,
    texts: Sequence[Pair],
    evaluation: EvaluationSet,
    out: Path,
    work_folder: Path | None = None,
    *,
    threads: int = 2,
    runs: int = 50,
    only: Collection[str] = (),
    shapes: tuple[tuple[int, int], ...] = work.SHAPES,
    progress: Progress = lambda *_: None,
) -> Table:
    """Measure all roads (or ``only`` these and the reference) and write the one to ship into ``out``.

    ``checkpoint``: the folder that training wrote; ``texts``: chunks of training changes, which set static
    scales; ``evaluation``: labelled changes that trained nothing; ``runs``: how often a shape is timed.
    What a road gave stays in ``work_folder`` (default: ``out/roads``) and is used again by a later call with
    the same inputs. Raises UsageError for inputs that do not fit and EvaluationError where the reference
    cannot run or no road may be shipped (the table is written all the same).
    """
    folder = work_folder or out / "roads"
    chosen = _chosen(only)
    job = _job(checkpoint, texts, evaluation, folder, threads=threads, runs=runs, shapes=shapes)
    outcomes: list[tuple[Road, work.Outcome]] = []
    for done, road in enumerate(chosen):
        progress(road.title, done, len(chosen))
        if done == 1:  # after the reference, whose failure has the better message
            work.prepare(job)
        outcomes.append((road, work.measure(job, road)))
        if road.name == REFERENCE and (error := outcomes[0][1].error):
            raise EvaluationError(f"The fp32 model itself cannot be measured: {error}")
    found = _table(job, evaluation, outcomes)
    out.mkdir(parents=True, exist_ok=True)
    _write(found, out)
    if not found.picked:
        raise EvaluationError(
            f"No road may be shipped; {out / 'table.md'} says why of each.",
            mend="A smaller encoder, or training again with other data, may help.",
        )
    shutil.copyfile(job.artifact(roads()[found.picked]), out / MODEL)
    shutil.copyfile(checkpoint / trained.TOKENIZER, out / TOKENIZER)
    progress("", len(chosen), len(chosen))
    return found


def _chosen(only: Collection[str]) -> list[Road]:
    every = roads()
    if unknown := sorted(set(only) - set(every)):
        raise UsageError(
            f"There is no road {unknown[0]!r}.", mend=f"The roads are: {', '.join(sorted(every))}."
        )
    return [road for name, road in every.items() if not only or name in only or name == REFERENCE]


def _job(
    checkpoint: Path,
    texts: Sequence[Pair],
    evaluation: EvaluationSet,
    folder: Path,
    *,
    threads: int,
    runs: int,
    shapes: tuple[tuple[int, int], ...],
) -> work.Job:
    """Write what the processes read, into a folder of its own for these inputs."""
    if not texts or not evaluation.pairs:
        raise UsageError("Quantizing needs chunks to calibrate with, and chunks to evaluate on.")
    prints = trained.fingerprint(checkpoint)
    settings = trained.settings(checkpoint)
    tokenizer = checkpoint / trained.TOKENIZER
    calibration, chunks = encode(texts, tokenizer), encode(evaluation.pairs, tokenizer)
    pinned = work.pins(
        prints, calibration.digest, chunks.digest, str((threads, runs, shapes)), str(_machine())
    )
    job = work.Job(
        folder=str(folder.resolve() / pinned[:16]),
        checkpoint=str(checkpoint.resolve()),
        vocabulary=int(settings.get("encoder", settings).get("vocab_size", 1000)),
        threads=threads,
        runs=runs,
        shapes=shapes,
        pins=pinned,
    )
    work.settle(job, folder)
    calibration.save(job.file(work.CALIBRATION))
    chunks.save(job.file(work.EVALUATION))
    return job


def _table(job: work.Job, evaluation: EvaluationSet, outcomes: Sequence[tuple[Road, work.Outcome]]) -> Table:
    reference = np.load(job.scores(outcomes[0][0]), allow_pickle=False)
    rows = []
    for road, outcome in outcomes:
        scores = None if outcome.error else np.load(job.scores(road), allow_pickle=False)
        rows.append(
            Row(
                road=road.name,
                title=road.title,
                portable=road.portable,
                size=outcome.size,
                error=outcome.error,
                run=outcome.run,
                quality=None if scores is None else quality(evaluation, scores, reference),
            )
        )
    picked, refused = rule.pick(rows)
    return Table(
        rows=rows,
        picked=picked,
        refused=refused,
        machine=_machine(),
        threads=job.threads,
        changes=len(evaluation.label),
        chunks=len(evaluation.pairs),
        base=float(evaluation.label.mean()),
    )


def _write(found: Table, out: Path) -> None:
    from riskbot.learn.quantize import plot

    table.write(found, out / "table.json")
    (out / "table.md").write_text(render.markdown(found), encoding="utf-8")
    plot.draw(found, out / "table.png")


def _machine() -> dict[str, str]:
    """Name the processor and the versions that the figures belong to."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        processor = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        processor = platform.processor() or platform.machine()
    names = ("torch", "torchao", "onnxruntime", "transformers")
    return {"processor": processor} | {name: importlib.metadata.version(name) for name in names}
