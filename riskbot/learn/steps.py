"""Restartable steps of a learning run: what is made already of the same inputs is not made again.

A step owns one folder (``OUT/mined``). It is made of units, one a repository or one in all. Each unit has
*pins*: everything that its outputs depend on, as JSON (the part of the configuration, the repository's tip,
hashes of input files, versions). ``manifest.json`` in the folder keeps the pins of each unit that was
finished, with the SHA-256 of every file that it made; a unit whose pins and files are still those is skipped.

A unit writes into a folder of its own; its files are moved to their places when it is finished, and then
the manifest is replaced, so that an interruption leaves everything that was finished and nothing half-done.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from riskbot.domain.errors import EvaluationError
from riskbot.learn.crew import Failure, Place, each
from riskbot.learn.manifest import digest, is_intact, read, write

_MAKING = ".making-"
_KEPT = ".kept-"

Work = Callable[[Place], Mapping[str, Any]]
"""Makes a unit's files in ``place.out`` and returns what is worth telling (counts), as JSON."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a step that is made as a whole or not at all.

    ``work`` must be picklable where units run in processes of their own (a partial of a module's function).
    """

    name: str
    pins: Mapping[str, Any]
    work: Work

    @property
    def digest(self) -> str:
        """One hash of the pins."""
        return hashlib.sha256(json.dumps(self.pins, sort_keys=True).encode()).hexdigest()

    @property
    def stem(self) -> str:
        """The name as a part of a file's name."""
        return self.name.replace("/", "+")


class Watcher(Protocol):
    """Is told how a step goes on; shows it to a person."""

    def begun(self, step: str, units: int) -> None:
        """Say that a step begins, of so many units."""

    def skipped(self, name: str) -> None:
        """Say that a unit is unchanged."""

    def moved(self, name: str, done: int, total: int) -> None:
        """Say how far a unit is; ``total`` 0: not known."""

    def made(self, name: str, seconds: float, told: Mapping[str, Any]) -> None:
        """Say that a unit is finished."""

    def failed(self, name: str, message: str) -> None:
        """Say that a unit could not be made."""

    def ended(self, step: str) -> None:
        """Say that a step is over."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step by name (``mine``) and its folder."""

    name: str
    folder: Path

    def run(
        self, units: Sequence[Unit], watcher: Watcher, *, workers: int | None = None, again: bool = False
    ) -> None:
        """Make every unit that is not made already.

        With ``workers`` so many units are made at a time, each in a process of its own: one that fails does
        not end the others. Without, they are made here, one by one. ``again`` makes the unchanged ones too.
        Raises EvaluationError naming what failed, after everything else was made, and where another process
        is at work in the folder.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._locked():
            self._tidy(units)
            records = read(self.folder)
            watcher.begun(self.name, len(units))
            due = []
            for unit in units:
                if not again and self._unchanged(unit, records.get(unit.name)):
                    watcher.skipped(unit.name)
                else:
                    due.append(unit)
            self._make(due, records, watcher, workers)

    def _make(self, due: list[Unit], records: dict[str, Any], watcher: Watcher, workers: int | None) -> None:
        failures: list[Failure] = []
        started: dict[str, float] = {}
        with contextlib.ExitStack() as stack:
            jobs = {}
            for unit in due:
                out = Path(tempfile.mkdtemp(prefix=_MAKING, dir=self.folder))
                stack.callback(shutil.rmtree, out, ignore_errors=True)
                jobs[unit.name] = (unit.work, Place(out, self._kept(unit)))

            def begin(name: str) -> None:
                started[name] = time.time()
                watcher.moved(name, 0, 0)

            by_name = {unit.name: unit for unit in due}
            for name, outcome in each(jobs, workers, begin, watcher.moved):
                if isinstance(outcome, Failure):
                    failures.append(outcome)
                    watcher.failed(name, outcome.message)
                    continue
                seconds = time.time() - started[name]
                records[name] = self._settle(by_name[name], jobs[name][1], records, started[name], outcome)
                watcher.made(name, seconds, outcome)
        watcher.ended(self.name)
        if failures:
            raise _failed(self.name, failures, len(due))

    def _settle(
        self,
        unit: Unit,
        place: Place,
        records: dict[str, Any],
        started: float,
        told: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Move a finished unit's files to their places, remove those it no longer has, write it down."""
        made = sorted(path for path in place.out.rglob("*") if path.is_file())
        outputs = {path.relative_to(place.out).as_posix(): digest(path) for path in made}
        old = records.get(unit.name, {}).get("outputs", {})
        for name in old.keys() - outputs.keys():
            (self.folder / name).unlink(missing_ok=True)
        for path in made:
            target = self.folder / path.relative_to(place.out)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
        record = {
            "pins": dict(unit.pins),
            "outputs": outputs,
            "started": _time(started),
            "ended": _time(time.time()),
            "seconds": round(time.time() - started, 3),
            "told": dict(told),
        }
        write(self.folder, self.name, records | {unit.name: record})
        shutil.rmtree(place.kept, ignore_errors=True)
        return record

    def _unchanged(self, unit: Unit, record: dict[str, Any] | None) -> bool:
        """Say whether a unit was made of the same inputs, and all that it made is still there as it was."""
        if record is None or json.dumps(record.get("pins"), sort_keys=True) != json.dumps(
            unit.pins, sort_keys=True
        ):
            return False
        return all(is_intact(self.folder / name, sha256) for name, sha256 in record["outputs"].items())

    def _kept(self, unit: Unit) -> Path:
        """Name the folder of a unit that outlives an interruption: checkpoints of the same inputs only."""
        return self.folder / f"{_KEPT}{unit.stem}-{unit.digest[:16]}"

    def _tidy(self, units: Sequence[Unit]) -> None:
        """Remove what killed runs left, and checkpoints of other inputs than those of now."""
        current = {self._kept(unit) for unit in units}
        for path in self.folder.glob(f"{_MAKING}*"):
            shutil.rmtree(path, ignore_errors=True)
        for unit in units:
            for path in self.folder.glob(f"{_KEPT}{unit.stem}-*"):
                if path not in current:
                    shutil.rmtree(path, ignore_errors=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep a second run out of the folder; the lock goes with the process."""
        with (self.folder / ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise EvaluationError(
                    f"Another run is at work in {self.folder}.", mend="Wait for it, or name another `out`."
                ) from None
            yield


def _failed(step: str, failures: list[Failure], units: int) -> EvaluationError:
    told = "; ".join(f"{one.name}: {one.message.rstrip('.')}" for one in failures[:5])
    more = f"; and {len(failures) - 5} more" if len(failures) > 5 else ""
    mend = failures[0].mend or "Mend the cause."
    return EvaluationError(
        f"{len(failures)} of {units} parts of the step {step} failed: {told}{more}.",
        mend=f"{mend} What was finished is kept: run the same command again.",
    )


def _time(when: float) -> str:
    return datetime.fromtimestamp(when, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
