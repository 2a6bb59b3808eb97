"""Long-lived worker processes: tasks go out, results come back; a crash or a hang loses one task only.

Each worker makes its tools once (a loaded model, an open repository) and then does one task after another.
Only a worker that waits is given a task, so that sending never waits for one that hangs.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import resource
import signal
import tempfile
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Self

from riskbot.detect.cell import start_method
from riskbot.domain.errors import EvaluationError, RiskbotError

MEMORY_BYTES = 3 * 2**30
"""What a worker may map beyond what it has mapped once its tools are made."""

_START = 120.0
"""Seconds that a worker may take to make its tools, beyond those for its first task."""

Make = Callable[[], Callable[[Any], Any]]
"""Makes a worker's tools, in the worker; what it gives does one task."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A task without a result, and why."""

    reason: str


def cores() -> int:
    """Count the cores that this process may use."""
    import os

    with contextlib.suppress(AttributeError):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spread(
    make: Make,
    tasks: Iterator[tuple[str, Any]],
    jobs: int,
    *,
    seconds: float,
    memory_bytes: int = MEMORY_BYTES,
) -> Generator[tuple[str, Any]]:
    """Do every task (a key and what is given to the worker) and give key and result, as they come.

    At most ``jobs`` workers run at a time, and ``tasks`` is read no further than they need. A task that
    raises, takes more than ``seconds`` or kills its worker gives a :class:`Lost`. Raises EvaluationError
    where a worker cannot make its tools. Closing the iterator ends the workers.
    """
    with _Pool(make, jobs, seconds, memory_bytes) as pool:
        ready: deque[tuple[str, Any]] = deque()
        more = True
        while more or ready or pool.busy:
            while ready and pool.can_take:
                pool.give(*ready.popleft())
            if more and len(ready) < jobs and not pool.news(0.0):
                task = next(tasks, None)
                if task is None:
                    more = False
                else:
                    ready.append(task)
                continue
            yield from pool.results()


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    key: str | None = None
    deadline: float = 0.0
    ready: bool = False


class _Pool:
    """The workers; leaving it ends them and removes what they left in their temporary folder."""

    def __init__(self, make: Make, jobs: int, seconds: float, memory_bytes: int) -> None:
        self.make, self.jobs, self.seconds, self.memory_bytes = make, jobs, seconds, memory_bytes
        self.workers: list[_Worker] = []
        self.folder = tempfile.TemporaryDirectory(prefix="riskbot-workers-", ignore_cleanup_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            worker.process.kill()
        for worker in self.workers:
            worker.process.join()
            worker.pipe.close()
        self.folder.cleanup()

    @property
    def busy(self) -> bool:
        return any(worker.key is not None for worker in self.workers)

    @property
    def can_take(self) -> bool:
        return len(self.workers) < self.jobs or any(worker.key is None for worker in self.workers)

    def give(self, key: str, task: Any) -> None:
        """Give a task to a worker that waits, or to a new one."""
        worker = next((one for one in self.workers if one.key is None), None) or self._start()
        begins = time.monotonic() if worker.ready else time.monotonic() + _START
        worker.key, worker.deadline = key, begins + self.seconds
        with contextlib.suppress(OSError):  # it died meanwhile: then its pipe says so
            worker.pipe.send(task)

    def news(self, seconds: float | None) -> list[_Worker]:
        """Wait for workers to tell something; those that do."""
        told = wait([worker.pipe for worker in self.workers], seconds) if self.workers else []
        return [worker for worker in self.workers if worker.pipe in told]

    def results(self) -> Iterator[tuple[str, Any]]:
        """Wait until a task ends, or its time is up."""
        first = min((worker.deadline for worker in self.workers if worker.key is not None), default=None)
        if first is None:
            return
        for worker in self.news(max(0.0, first - time.monotonic())):
            yield from self._hear(worker)
        now = time.monotonic()
        for worker in [one for one in self.workers if one.key is not None and one.deadline <= now]:
            if not worker.pipe.poll():
                yield self._lose(worker, f"it took more than {self.seconds:g} seconds")

    def _hear(self, worker: _Worker) -> Iterator[tuple[str, Any]]:
        try:
            kind, result = worker.pipe.recv()
        except (EOFError, OSError):
            yield self._lose(worker, "its analysis crashed")
            return
        if kind == "unmade":
            raise EvaluationError(result[0], mend=result[1])
        if kind == "ready":
            worker.ready, worker.deadline = True, time.monotonic() + self.seconds
            return
        if worker.key is None:
            raise AssertionError("BUG: a result without a task")
        key, worker.key = worker.key, None
        yield key, result

    def _lose(self, worker: _Worker, reason: str) -> tuple[str, Lost]:
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        self.workers.remove(worker)
        if worker.key is None:
            raise EvaluationError(
                "A worker process ended by itself.", mend="The machine may be out of memory."
            )
        return worker.key, Lost(reason)

    def _start(self) -> _Worker:
        context = multiprocessing.get_context(start_method())
        ours, theirs = context.Pipe()
        forked = context.get_start_method() == "fork"
        inherited = [ours, *(worker.pipe for worker in self.workers)] if forked else []
        arguments = (self.make, theirs, inherited, self.folder.name, self.memory_bytes)
        # BaseContext declares no Process; every real context has one.
        process = context.Process(target=_work, args=arguments, daemon=True)  # type: ignore[attr-defined]
        process.start()
        theirs.close()
        self.workers.append(_Worker(process, ours))
        return self.workers[-1]


def _work(make: Make, pipe: Connection, inherited: list[Connection], folder: str, memory_bytes: int) -> None:
    """Live in a worker: make the tools, do tasks until there are no more."""
    for other in inherited:
        other.close()  # else nobody would notice that the parent is gone
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent ends us
    tempfile.tempdir = folder
    try:
        do = make()
    except RiskbotError as problem:
        pipe.send(("unmade", (problem.message, problem.mend)))
        return
    _bound(memory_bytes)
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # tasks make trees by the hundred thousand, and free them as a whole
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        pipe.send(("ready", None))
        while True:
            pipe.send(("done", _done(do, pipe.recv())))


def _done(do: Callable[[Any], Any], task: Any) -> Any:
    try:
        return do(task)
    except RiskbotError as problem:
        return Lost(str(problem))
    except MemoryError:
        return Lost("it needed too much memory")
    except Exception as problem:  # noqa: BLE001 - whatever one task does, the others go on
        return Lost(f"riskbot itself failed ({type(problem).__name__}: {problem}); this is a bug")


def _bound(memory_bytes: int) -> None:
    """Bound the address space to what is mapped now and ``memory_bytes`` more, where the system can."""
    with contextlib.suppress(ValueError, OSError):
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = mapped + memory_bytes
        resource.setrlimit(
            resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard)
        )
