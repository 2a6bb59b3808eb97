"""A detector's cell: a child process of its own, bounded in time and memory, that brings back a Detection.

The parent talks to a cell through three things only: its exit, a result file in the cell's private
folder, and a lifeline (a pipe whose other end the parent holds). Whatever goes wrong in a cell, a crash of
the interpreter included, becomes a :class:`~riskbot.domain.finding.Failure`; nothing of it reaches the
parent's output.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import pickle
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Protocol, Self

from riskbot.domain.change import Change
from riskbot.domain.errors import RiskbotError
from riskbot.domain.finding import Detection, Failure

_RESULT = "result"
_OUTPUT = "output"
_OUTPUT_TAIL = 4000  # characters of a detector's own output that a Failure keeps
_REASON_LENGTH = 400
_RESULT_LIMIT = 256 * 2**20  # bytes; a result this large is itself a fault
_BEAT = 0.1  # seconds between two signs of life
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # what asks a process to end
_inside = False  # true in the child: what a detector starts belongs to the cell's process group


class Runner(Protocol):
    """What a cell can run: see :class:`riskbot.detect.detector.Detector`."""

    @property
    def name(self) -> str:
        """What a Failure of it is called by."""

    def run(self, change: Change) -> Detection:
        """Look at the change."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a cell may use: wall seconds, and bytes of memory on top of what the parent had mapped."""

    seconds: float
    memory_bytes: int


def inside() -> bool:
    """Tell whether this process is a cell: then its process group is killed as a whole."""
    return _inside


def start_method() -> str:
    """Choose how to start a cell: ``fork`` where it is safe, ``spawn`` otherwise.

    A fork copies only the calling thread; a lock that another thread holds stays locked in the child for
    ever (https://docs.python.org/3/library/multiprocessing.html#contexts-and-start-methods). Threads that
    Python does not know of (of a native library) count too, so the kernel is asked.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        return "spawn"
    try:
        return "fork" if len(os.listdir("/proc/self/task")) == 1 else "spawn"  # noqa: PTH208 - a Path is slower
    except OSError:
        return "spawn"


Alive = Callable[[], None]


@contextlib.contextmanager
def cells(
    change: Change, detectors: Sequence[Runner], limits: Limits
) -> Iterator[Callable[[Alive | None], list[Detection]]]:
    """Start every detector at once, each in its cell; what is given joins them.

    Joining returns one Detection for each, in the same order, and never raises for what a detector does;
    it calls ``alive`` some ten times a second. Leaving kills every cell that still runs, so that neither an
    interrupt nor an error of the caller leaves one behind.
    """
    context = multiprocessing.get_context(start_method())
    reader, writer = context.Pipe(duplex=False)
    with contextlib.ExitStack() as stack:
        stack.enter_context(reader)
        stack.enter_context(writer)
        with _undisturbed():
            started = [
                stack.enter_context(_Cell(context, detector, change, (reader, writer), limits))
                for detector in detectors
            ]
        deadline = time.monotonic() + limits.seconds

        def join(alive: Alive | None) -> list[Detection]:
            running = {cell.process.sentinel for cell in started}
            while running and (left := deadline - time.monotonic()) > 0:
                ended = wait(list(running), left if alive is None else min(left, _BEAT))
                running -= {sentinel for sentinel in ended if isinstance(sentinel, int)}
                if alive is not None:
                    alive()
            return [cell.end(in_time=cell.process.sentinel not in running) for cell in started]

        yield join


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold back what asks this process to end, so that no cell is started without anybody knowing of it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Cell:
    """The parent's side of one cell; leaving it kills what is left and removes its folder."""

    def __init__(
        self,
        context: multiprocessing.context.BaseContext,
        detector: Runner,
        change: Change,
        lifeline: tuple[Connection, Connection],
        limits: Limits,
    ) -> None:
        self.name = detector.name
        self.limits = limits
        self.folder = Path(tempfile.mkdtemp(prefix="riskbot-cell-"))
        arguments = (detector, change, self.folder, lifeline, limits.memory_bytes)
        # BaseContext declares no Process; every real context has one.
        self.process = context.Process(target=_inhabit, args=arguments, daemon=True)  # type: ignore[attr-defined]

    def __enter__(self) -> Self:
        try:
            self.process.start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        with contextlib.suppress(OSError):  # the child does the same; whoever comes first closes the race
            os.setpgid(self.process.pid, self.process.pid)
        return self

    def __exit__(self, *_: object) -> None:
        self._kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _kill(self) -> None:
        """Kill the whole group. Before the child is reaped, so that its number cannot be another's yet."""
        if self.process.exitcode is None or not self._swept:
            with contextlib.suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)
            with contextlib.suppress(OSError):
                self.process.kill()
        self._swept = True
        self.process.join()

    _swept = False

    def end(self, *, in_time: bool) -> Detection:
        """Kill what still runs and read what the cell brought."""
        self._kill()
        result = self._read()
        if result is not None:
            return result
        if in_time:
            end = f"{_ending(self.process.exitcode)} before it had a result"
        else:
            end = f"did not finish within {self.limits.seconds:g} s and was stopped"
        reason = f"The {self.name} detector {end}."
        return Detection(failures=(Failure(self.name, reason, _tail(self.folder / _OUTPUT)),))

    def _read(self) -> Detection | None:
        """Load the result that the child wrote; None where there is no whole one."""
        path = self.folder / _RESULT
        try:
            if path.stat().st_size > _RESULT_LIMIT:
                reason = f"The result of the {self.name} detector is larger than {_RESULT_LIMIT >> 20} MiB."
                return Detection(failures=(Failure(self.name, reason),))
            result = pickle.loads(path.read_bytes())  # noqa: S301 - written by our own child
        except FileNotFoundError:
            return None
        except Exception as problem:  # noqa: BLE001 - whatever a broken result does on loading is its failure
            reason = f"The result of the {self.name} detector cannot be read back ({_brief(problem)})."
            return Detection(failures=(Failure(self.name, reason, traceback.format_exc()),))
        return result if isinstance(result, Detection) else None


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            return f"was ended by signal {signal.Signals(-code).name}"
        except ValueError:
            return f"was ended by signal {-code}"
    return f"ended with exit code {code}"


def _tail(path: Path) -> str:
    try:
        with path.open("rb") as output:
            output.seek(0, os.SEEK_END)
            output.seek(max(0, output.tell() - _OUTPUT_TAIL))
            return output.read().decode("utf-8", "replace")
    except OSError:
        return ""


def _brief(problem: BaseException) -> str:
    """Name an exception in one short line."""
    words = " ".join(str(problem).split())
    text = f"{type(problem).__name__}: {words}" if words else type(problem).__name__
    return text if len(text) <= _REASON_LENGTH else text[: _REASON_LENGTH - 1] + "…"


# From here on: the child's side.


def _inhabit(
    detector: Runner,
    change: Change,
    folder: Path,
    lifeline: tuple[Connection, Connection],
    memory_bytes: int,
) -> None:
    """Live in the cell: settle in, run the detector, write the result, end."""
    global _inside  # noqa: PLW0603 - the one fact about this process
    _inside = True
    _settle(folder, lifeline)
    restore = _limit_memory(memory_bytes)
    # What the parent made lives as long as the cell, and a detector makes trees by the hundred thousand:
    # to look through them less often saves a third of its time.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        result = detector.run(change)
        if not isinstance(result, Detection):
            raise TypeError(f"run returned {type(result).__name__}, not a Detection")  # noqa: TRY301
        blob = pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
    except BaseException as problem:  # noqa: BLE001 - SystemExit too: an end without a result is a failure
        restore()
        failure = _failure(detector.name, problem, memory_bytes, folder)
        blob = pickle.dumps(Detection(failures=(failure,)), pickle.HIGHEST_PROTOCOL)
    part = folder / "part"
    part.write_bytes(blob)
    part.rename(folder / _RESULT)  # whole or not at all: the parent may kill us at any moment
    sys.stdout.flush()
    os._exit(0)  # no atexit handler of the parent's runs here, and no stray thread can hold the exit up


def _settle(folder: Path, lifeline: tuple[Connection, Connection]) -> None:
    """Make the child independent: own process group, own output, own temporary folder, plain signals."""
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)
    reader, writer = lifeline
    writer.close()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)  # the parent held them back for the start
    threading.Thread(target=_die_with_parent, args=(reader,), daemon=True).start()
    output = (folder / _OUTPUT).open("w", encoding="utf-8", errors="backslashreplace", buffering=1)
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
    os.dup2(output.fileno(), 1)
    os.dup2(output.fileno(), 2)
    sys.stdout = sys.stderr = output
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)


def _die_with_parent(reader: Connection) -> None:
    """Wait for the parent's end of the lifeline to close (also by a kill) and take the whole group along."""
    with contextlib.suppress(EOFError, OSError):
        reader.recv_bytes()
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def _limit_memory(memory_bytes: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Bound the address space to what is mapped now plus ``memory_bytes``; return what lifts it again.

    Only the soft limit is set, so that a failure can still be told. Where the system has no such limit
    (macOS accepts none for RLIMIT_AS) the time limit alone holds.
    """
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    try:
        with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123
            mapped = int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:
        mapped = 0
    limit = mapped + memory_bytes if hard == resource.RLIM_INFINITY else min(mapped + memory_bytes, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))

    def lift() -> None:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))

    return lift


def _failure(name: str, problem: BaseException, memory_bytes: int, folder: Path) -> Failure:
    """Say in a sentence what ended the detector, with the traceback and its own output as detail."""
    if isinstance(problem, MemoryError):
        reason = f"The {name} detector needed more than {memory_bytes >> 20} MiB of memory."
    elif isinstance(problem, RiskbotError):
        reason = str(problem)
    else:
        reason = f"The {name} detector failed ({_brief(problem)})."
    sys.stdout.flush()
    detail = "".join(traceback.format_exception(problem)) + _tail(folder / _OUTPUT)
    return Failure(name, reason, detail)
