"""The folder in which the roads are measured, and the processes that do it; what is measured is kept."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import msgspec

from riskbot.domain.errors import EvaluationError
from riskbot.learn.quantize.roads import REFERENCE, Road
from riskbot.learn.quantize.table import Run
from riskbot.outside import python

GRAPH = "graph.onnx"
PLAIN = "plain.onnx"
CALIBRATION = "calibration.npz"
EVALUATION = "evaluation.npz"
REFERENCE_FILE = f"{REFERENCE}.pt"
SHAPES = ((128, 1), (256, 1), (512, 1), (128, 8), (256, 8), (512, 8))
"""Tokens and chunks of the runs that are timed."""
SECONDS = 3600.0
"""After so long a road is given up, at converting and at measuring."""
_TOLD = 200
_JOB = "job.json"
_MODULE = "riskbot.learn.quantize.measure"


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What a process needs to know; the files lie beside it in ``folder``."""

    folder: str
    checkpoint: str
    vocabulary: int
    threads: int
    runs: int
    shapes: tuple[tuple[int, int], ...] = SHAPES
    pins: str = ""

    @classmethod
    def read(cls, folder: Path) -> Job:
        """Read what :meth:`write` wrote."""
        return msgspec.json.decode((folder / _JOB).read_bytes(), type=cls)

    def write(self) -> None:
        """Write it into its folder."""
        self.file(_JOB).write_bytes(msgspec.json.encode(self))

    def file(self, name: str) -> Path:
        """Name a file of the folder."""
        return Path(self.folder) / name

    def artifact(self, road: Road) -> Path:
        """The file that the road loads."""
        return self.file(road.name + road.suffix)

    def scores(self, road: Road) -> Path:
        """The scores of all chunks by the road."""
        return self.file(f"{road.name}.npy")

    def result(self, road: Road) -> Path:
        """What its process measured."""
        return self.file(f"{road.name}.run.json")


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a road: kept beside its files, and used again where ``pins`` are the same."""

    pins: str
    size: int = 0
    error: str = ""
    final: bool = True
    run: Run | None = None


def prepare(job: Job) -> None:
    """Make what all roads need, where it is not there: the fp32 graph. EvaluationError where that fails."""
    if not job.file(GRAPH).is_file() and (error := _process("export", "-", job)[0]):
        raise EvaluationError(f"The model cannot be exported to ONNX: {error}")


def measure(job: Job, road: Road) -> Outcome:
    """Convert and measure a road, each in a fresh process, or give what is kept of the same inputs."""
    file = job.file(f"{road.name}.json")
    if (kept := _kept(job, road, file)) is not None:
        return kept
    outcome = _measured(job, road)
    file.write_bytes(msgspec.json.encode(outcome))
    if road.suffix != ".onnx" and road.name != REFERENCE:
        job.artifact(road).unlink(missing_ok=True)  # only a graph can be shipped, and the reference is needed
    return outcome


def _measured(job: Job, road: Road) -> Outcome:
    for what in ("convert", "run"):
        error, final = _process(what, road.name, job)
        if error:
            return Outcome(pins=job.pins, error=error, final=final)
    return Outcome(
        pins=job.pins,
        size=job.artifact(road).stat().st_size,
        run=msgspec.json.decode(job.result(road).read_bytes(), type=Run),
    )


def _kept(job: Job, road: Road, file: Path) -> Outcome | None:
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=Outcome)
    except (OSError, msgspec.DecodeError):
        return None
    needed = [] if kept.error else [job.scores(road)]
    if not kept.error and (road.suffix == ".onnx" or road.name == REFERENCE):
        needed.append(job.artifact(road))
    whole = kept.final and kept.pins == job.pins and all(path.is_file() for path in needed)
    return kept if whole else None


def _process(what: str, road: str, job: Job) -> tuple[str, bool]:
    """Run one process; its error, "" where there is none, and whether another try would give the same."""
    threads, compiled = str(job.threads), job.file(f"compiled-{road}")
    ended = python.run(
        _MODULE,
        [what, road, job.folder],
        seconds=SECONDS,
        environment={
            "OMP_NUM_THREADS": threads,
            "MKL_NUM_THREADS": threads,
            "HF_HUB_OFFLINE": "1",
            "TOKENIZERS_PARALLELISM": "false",
            "TORCHINDUCTOR_CACHE_DIR": str(compiled),
        },
    )
    shutil.rmtree(compiled, ignore_errors=True)  # compiling is part of loading, each time anew
    if ended.status is None:
        return f"given up after {SECONDS:.0f} s at {what}", False
    if ended.status < 0:
        return f"killed by signal {-ended.status} at {what}", False
    return (reason(ended.stderr), True) if ended.status else ("", True)


def reason(stderr: str) -> str:
    """Find the exception in a traceback: one line, without folders, at most 200 characters."""
    lines = stderr.rpartition("Traceback (most recent call last):\n")[2].splitlines()
    said = [line.strip() for line in lines if line.strip() and not line.startswith((" ", "\t"))]
    text = re.sub(r"(?<![^\s(\[])[\"']?/\S*/(?=[^/\s])", "", said[0] if said else "it said nothing")
    text = "".join(char if char.isprintable() else "?" for char in text)
    return text if len(text) <= _TOLD else text[: _TOLD - 1] + "…"


def pins(*parts: str) -> str:
    """One hash of everything that the measurements depend on."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def settle(job: Job, others: Path) -> None:
    """Make the job's folder, and remove from ``others``, around it, those of other inputs."""
    for old in others.glob(f"*/{_JOB}"):
        if old.parent.resolve() != Path(job.folder):
            shutil.rmtree(old.parent)
    Path(job.folder).mkdir(parents=True, exist_ok=True)
    job.write()
