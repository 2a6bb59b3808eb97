"""How the command line speaks to a person: colour, width, errors and progress. No decision is taken here."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import TextIO


def wants_color(stream: TextIO, choice: str = "auto") -> bool:
    """Decide on colour: the flag, then NO_COLOR (https://no-color.org), FORCE_COLOR, then the terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width(stream: TextIO) -> int:
    """Return the columns to write to: the terminal's, at most 120, or 100 where there is none."""
    try:
        return max(40, min(120, os.get_terminal_size(stream.fileno()).columns))
    except (OSError, ValueError):
        return 100


def speaks_unicode(stream: TextIO) -> bool:
    """Tell whether what reads the stream expects UTF-8, as its locale says."""
    return (stream.encoding or "").lower().replace("-", "") == "utf8"


def error(message: str) -> None:
    """Write one error paragraph to standard error; whatever came from outside is made harmless."""
    from riskbot.report.escape import terminal

    prefix = "error: "
    if wants_color(sys.stderr):
        prefix = "\x1b[1;31merror:\x1b[0m "
    sys.stderr.write(f"{prefix}{terminal(message)}\n")
    sys.stderr.flush()


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Show what is going on while it goes on: one line on a terminal, nothing when piped.

    What is given takes the step's name; each call turns the spinner. It is drawn by whoever works, not by a
    thread of its own: with a second thread the detectors could not be forked, which is ten times faster than
    starting them anew. A quarter of a second passes before anything shows, so that quick checks stay calm.
    """
    stream = sys.stderr
    if quiet or not stream.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _step: None
        return
    frames = cycle("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏" if speaks_unicode(stream) else "|/-\\")
    begun = time.monotonic()

    def show(step: str) -> None:
        seconds = time.monotonic() - begun
        if seconds > 0.25:
            stream.write(f"\r\x1b[K{next(frames)} {step} ({seconds:.0f} s)"[: width(stream) + 3])
            stream.flush()

    try:
        yield show
    finally:
        stream.write("\r\x1b[K")
        stream.flush()
