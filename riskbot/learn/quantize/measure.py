"""A fresh process for one road: ``python -m riskbot.learn.quantize.measure convert|run ROAD FOLDER``.

``convert`` writes the road's file; ``run`` loads and measures it and writes ``ROAD.run.json`` and the chunks'
scores, ``ROAD.npy``. The order matters: import and loading are timed first, memory is read before the
reference is loaded, and only then the two are timed in turns, so that a busy machine is busy for both.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from riskbot.learn.quantize import eager, export, work
from riskbot.learn.quantize.data import INPUTS, Feed, Tokens
from riskbot.learn.quantize.roads import Road, Score, Scores, Source, roads
from riskbot.learn.quantize.table import Latency, Run

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROUNDS = 5
"""So many times the road and the reference take turns at each shape."""
LONGEST = 3.0
"""So many seconds each of the two may take at a shape, beyond two runs a round."""
_COMPANY = 8


def main(arguments: Sequence[str]) -> int:
    """Convert or measure one road; an exception ends the process with its traceback."""
    what, name, folder = arguments
    job = work.Job.read(Path(folder))
    if what == "export":
        export.export(Path(job.checkpoint), job.file(work.GRAPH), job.file(work.PLAIN))
        return 0
    road = roads()[name]
    if what == "convert":
        calibration = Tokens.read(job.file(work.CALIBRATION))
        graphs = (job.file(work.GRAPH), job.file(work.PLAIN))
        source = Source(Path(job.checkpoint), *graphs, calibration, job.threads)
        road.convert(source, job.artifact(road))
    else:
        _run(road, job)
    return 0


def _run(road: Road, job: work.Job) -> None:
    begun = time.perf_counter()
    importlib.import_module("onnxruntime" if road.suffix == ".onnx" else "torch")
    imported = time.perf_counter()
    score = road.load(job.artifact(road), job.threads)
    loaded = time.perf_counter()
    chunks = Tokens.read(job.file(work.EVALUATION))
    opened = time.perf_counter()
    score(chunks.one(0))
    scored = time.perf_counter()
    memory = _peak()
    feeds = {shape: _feed(*shape, job.vocabulary) for shape in job.shapes}
    for feed in feeds.values():
        score(feed)
    memory_all, torch = _peak(), "torch" in sys.modules
    scores, padding, company = _score_all(score, chunks)
    np.save(job.scores(road), scores)
    reference = eager.load(job.file(work.REFERENCE_FILE), job.threads)
    run = Run(
        imports=imported - begun,
        load=loaded - imported,
        first=scored - opened,
        memory=memory,
        memory_all=memory_all,
        torch=torch,
        padding=padding,
        company=company,
        latency={
            f"{tokens}x{batch}": _latency(score, reference, feed, job.runs)
            for (tokens, batch), feed in feeds.items()
        },
    )
    job.result(road).write_bytes(msgspec.json.encode(run))


def _score_all(score: Score, chunks: Tokens) -> tuple[Scores, float, float]:
    """Score every chunk alone, as serving does, and see what padding and company do to some."""
    scores = np.concatenate([score(chunks.one(number)) for number in range(len(chunks))])
    some = np.linspace(0, len(chunks) - 1, min(_COMPANY, len(chunks)), dtype=int).tolist()
    longest = max(chunks.one(number)[INPUTS[0]].shape[1] for number in some)
    padded = np.concatenate([score(chunks.batch([number], longest)) for number in some])
    together = score(chunks.batch(some))
    return scores, _apart(padded, scores[some]), _apart(together, scores[some])


def _apart(one: Scores, other: Scores) -> float:
    return float(np.abs(one - other).max())


def _feed(tokens: int, batch: int, vocabulary: int) -> Feed:
    ids = np.random.default_rng(tokens).integers(1, vocabulary, (batch, tokens))
    return dict(zip(INPUTS, (ids, np.ones_like(ids), np.zeros_like(ids)), strict=True))


def _latency(score: Score, reference: Score, feed: Feed, runs: int) -> Latency:
    """Time the two in turns; the first run of a turn is not counted (caches, threads waking up)."""
    each = max(1, runs // ROUNDS)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(_turn(reference, feed, each))
        ours.append(_turn(score, feed, each))
    ratios = [_undisturbed(a) / _undisturbed(b) for a, b in zip(ours, theirs, strict=True)]
    taken = np.concatenate(ours) * 1000
    return Latency(
        p50=float(np.percentile(taken, 50)),
        p95=float(np.percentile(taken, 95)),
        ratio=_undisturbed(np.concatenate(ours)) / _undisturbed(np.concatenate(theirs)),
        low=min(ratios),
        high=max(ratios),
        runs=len(taken),
    )


def _undisturbed(taken: NDArray[np.float64]) -> float:
    """Return the lower quartile: what else runs on the machine only ever makes a run longer."""
    return float(np.quantile(taken, 0.25))


def _turn(score: Score, feed: Feed, runs: int) -> NDArray[np.float64]:
    score(feed)
    end = time.perf_counter() + LONGEST / ROUNDS
    taken: list[float] = []
    while len(taken) < runs and (len(taken) < 2 or time.perf_counter() < end):
        begun = time.perf_counter()
        score(feed)
        taken.append(time.perf_counter() - begun)
    return np.array(taken)


def _peak() -> float:
    """Return the peak of resident memory in MiB of this process alone.

    Linux's VmHWM where there is one: ``ru_maxrss`` begins with what the process that started this one had.
    """
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    except (OSError, StopIteration):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
            2**20 if sys.platform == "darwin" else 1024
        )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
