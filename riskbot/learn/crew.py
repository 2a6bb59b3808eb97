"""Doing jobs: here one by one, or several at a time, each in a process of its own.

A process for each job gives its memory back, can be ended, and takes nothing down with it when it crashes.
Processes are spawned, not forked: what learns has threads.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from riskbot.domain.errors import RiskbotError

_EVERY = 0.2
"""Seconds between two reports of one job."""
_PATIENCE = 10.0
"""Seconds that a process has to tidy up before it is killed."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A job that could not be done: why, and what to do about it."""

    name: str
    message: str
    mend: str = ""


def _nobody(_done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Place:
    """Where a job works.

    ``out``: an empty folder for what it makes. ``kept``: a folder that it may make for what shall outlive an
    interruption (checkpoints). ``report(done, total)`` says how far it is.
    """

    out: Path
    kept: Path
    report: Callable[[int, int], None] = _nobody


Job = tuple[Callable[[Place], Mapping[str, Any]], Place]
Outcome = Mapping[str, Any] | Failure


def each(
    jobs: Mapping[str, Job],
    workers: int | None,
    begin: Callable[[str], None],
    moved: Callable[[str, int, int], None],
) -> Iterator[tuple[str, Outcome]]:
    """Do all jobs and give what each came to, as they end.

    Without ``workers`` they are done in this process, and an error is raised as it comes. Closing the
    iterator (or an error in whoever reads it) ends the processes that still run.
    """
    if workers is None:
        for name, (work, place) in jobs.items():
            begin(name)
            place.report = lambda done, total, name=name: moved(name, done, total)  # type: ignore[misc]
            yield name, work(place)
        return
    with contextlib.closing(_Crew(workers)) as crew:
        waiting = list(jobs.items())[::-1]
        while waiting or crew.busy:
            while waiting and len(crew.busy) < workers:
                name, job = waiting.pop()
                begin(name)
                crew.start(name, job)
            yield from crew.listen(moved)


class _Crew:
    """The processes at work, each with the pipe that it tells its news through."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.busy: dict[Connection, tuple[str, BaseProcess]] = {}
        self._context = multiprocessing.get_context("spawn")

    def start(self, name: str, job: Job) -> None:
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_work, args=(job, theirs), name=f"riskbot {name}")
        process.start()
        theirs.close()
        self.busy[ours] = (name, process)

    def listen(self, moved: Callable[[str, int, int], None]) -> Iterator[tuple[str, Outcome]]:
        """Take the news that there are, waiting for the first."""
        for pipe in wait(list(self.busy)):
            if not isinstance(pipe, Connection):
                raise AssertionError("BUG: waited for something that is no pipe")  # noqa: TRY004
            name, process = self.busy[pipe]
            try:
                kind, *news = pipe.recv()
            except EOFError:
                process.join()
                kind, news = "failed", [_died(process.exitcode), ""]
            if kind == "moved":
                moved(name, *news)
                continue
            process.join()
            pipe.close()
            del self.busy[pipe]
            yield name, news[0] if kind == "done" else Failure(name, *news)

    def close(self) -> None:
        """End what still runs: first by asking, so that it removes its temporary files."""
        for _, process in self.busy.values():
            process.terminate()
        until = time.monotonic() + _PATIENCE
        for pipe, (_, process) in self.busy.items():
            process.join(max(0.0, until - time.monotonic()))
            process.kill()
            process.join()
            pipe.close()


def _died(status: int | None) -> str:
    if status is not None and status < 0:
        number = signal.Signals(-status).name if -status in signal.valid_signals() else str(-status)
        why = " (the machine may be out of memory)" if number == "SIGKILL" else ""
        return f"its process was ended by {number}{why}"
    return f"its process ended with status {status}"


def _work(job: Job, pipe: Connection) -> None:
    """Do one job in its own process and tell what it came to."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent ends us
    work, place = job
    last = 0.0

    def report(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _EVERY or done == total:
            last = now
            pipe.send(("moved", done, total))

    place.report = report
    try:
        pipe.send(("done", dict(work(place))))
    except RiskbotError as problem:
        pipe.send(("failed", problem.message, problem.mend))
    except Exception as problem:  # noqa: BLE001 - whatever it is, the other jobs go on
        last_lines = "".join(traceback.format_exception(problem)[-3:])
        message = f"riskbot itself failed: {type(problem).__name__}: {problem}"
        pipe.send(("failed", message, f"This is a bug; report it with:\n{last_lines}"))


def _end(_number: int, _frame: object) -> None:
    raise SystemExit(143)
