"""Shows how a learning run goes on: bars on a terminal, a line now and then elsewhere; on standard error."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from riskbot.report.escape import terminal as harmless

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from riskbot.learn.steps import Watcher

EVERY = 30.0
"""Seconds between two lines about a unit that goes on, where there is no terminal."""


@contextmanager
def watching(*, quiet: bool = False) -> Iterator[Watcher]:
    """Give what shows a run: nothing when ``quiet``, bars on a terminal, lines elsewhere."""
    if quiet:
        yield Lines(lambda _line: None)
        return
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield Lines(_say)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True, highlight=False)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        yield Bars(progress)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def told(words: Mapping[str, Any]) -> str:
    """Write counts as words: ``used 812, left out (bot 3, revert 9)``."""
    parts = []
    for name, value in words.items():
        if isinstance(value, Mapping):
            if value:
                parts.append(f"{name} ({told(value)})")
        else:
            parts.append(f"{name} {value:,}" if isinstance(value, int) else f"{name} {value}")
    return harmless(", ".join(parts))


class Lines:
    """Says what happened in lines, and every half minute how far a unit is."""

    def __init__(self, say: Any) -> None:
        self.say = say
        self.step = ""
        self.units = 0
        self.kept: list[str] = []
        self.last: dict[str, float] = {}

    def begun(self, step: str, units: int) -> None:
        """Remember the step."""
        self.step, self.units, self.kept, self.last = step, units, [], {}

    def skipped(self, name: str) -> None:
        """Remember what is unchanged, to be said at once."""
        self.kept.append(name)

    def moved(self, name: str, done: int, total: int) -> None:
        """Say how far a unit is, when that was not said for a while."""
        self._unchanged()
        now = time.monotonic()
        if name not in self.last:
            self.last[name] = now
            self.say(f"{self.step}: {name}: begun")
        elif now - self.last[name] >= EVERY:
            self.last[name] = now
            self.say(
                f"{self.step}: {name}: {done:,} of {total:,}" if total else f"{self.step}: {name}: {done:,}"
            )

    def made(self, name: str, seconds: float, words: Mapping[str, Any]) -> None:
        """Say what a unit came to."""
        self.say(f"{self.step}: {name}: done in {seconds:.1f} s" + (f": {told(words)}" if words else ""))

    def failed(self, name: str, message: str) -> None:
        """Say that a unit failed."""
        self.say(f"{self.step}: {name}: failed: {harmless(message)}")

    def ended(self, _step: str) -> None:
        """Say what was unchanged, where nothing else was said."""
        self._unchanged()

    def _unchanged(self) -> None:
        if self.kept:
            which = f" ({', '.join(self.kept)})" if len(self.kept) <= 5 else ""
            self.say(f"{self.step}: {len(self.kept):,} of {self.units:,} unchanged, skipped{which}")
            self.kept = []


class Bars(Lines):
    """Shows a bar for the step and one for every unit at work; what happened stays in lines above them."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(lambda line: progress.console.print(line, markup=False, highlight=False))
        self.progress = progress
        self.tasks: dict[str, TaskID] = {}

    def begun(self, step: str, units: int) -> None:
        """Open the step's bar."""
        super().begun(step, units)
        self.tasks = {"": self.progress.add_task(step, total=units)}

    def skipped(self, name: str) -> None:
        """Count what is unchanged as done."""
        super().skipped(name)
        self.progress.advance(self.tasks[""])

    def moved(self, name: str, done: int, total: int) -> None:
        """Move a unit's bar."""
        self._unchanged()
        if name not in self.tasks:
            self.tasks[name] = self.progress.add_task(f"  {name}", total=None)
        self.progress.update(self.tasks[name], completed=done, total=total or None)

    def made(self, name: str, seconds: float, words: Mapping[str, Any]) -> None:
        """Close a unit's bar."""
        self._close(name)
        super().made(name, seconds, words)

    def failed(self, name: str, message: str) -> None:
        """Close a unit's bar."""
        self._close(name)
        super().failed(name, message)

    def ended(self, step: str) -> None:
        """Close the step's bar."""
        super().ended(step)
        self.progress.remove_task(self.tasks.pop(""))

    def _close(self, name: str) -> None:
        if name in self.tasks:
            self.progress.remove_task(self.tasks.pop(name))
        self.progress.advance(self.tasks[""])
