"""What the benchmarks share: timing whole commands, the memory of a process tree, tables.

Machines are noisy, so figures are medians and comparisons are ratios within one run, the compared
commands taking turns.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

BIN = Path(sys.executable).parent
RISKBOT = str(BIN / "riskbot")
SEMGREP = str(BIN / "semgrep")


def run(command: Sequence[str], **options: object) -> float:
    """Run ``command`` silently and return its wall time in seconds; output goes nowhere."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, **options)
    return time.perf_counter() - start


def alternate(commands: dict[str, Callable[[], float]], runs: int) -> dict[str, float]:
    """Time ``commands`` in turns, one warm-up each, and return their median seconds."""
    for command in commands.values():
        command()
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            times[name].append(command())
    return {name: statistics.median(values) for name, values in times.items()}


def peak_memory(command: Sequence[str], **options: object) -> tuple[float, float]:
    """Run ``command`` and return (peak of the tree's summed PSS, peak RSS of its largest process) in MB.

    PSS (proportional set size) counts a page shared by forked processes once. Sampled every 5 ms.
    """
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    peak_sum = peak_one = 0.0
    while process.poll() is None:
        total = 0.0
        try:
            tree = [process, *process.children(recursive=True)]
        except psutil.NoSuchProcess:
            break
        for one in tree:
            try:
                memory = one.memory_full_info()
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
            total += memory.pss
            peak_one = max(peak_one, memory.rss)
        peak_sum = max(peak_sum, total)
        time.sleep(0.005)
    return peak_sum / 1e6, peak_one / 1e6


def arguments(about: str, *, repository: bool = True, runs: int = 7) -> argparse.ArgumentParser:
    """Make the parser that every benchmark starts from."""
    parser = argparse.ArgumentParser(description=about)
    if repository:
        parser.add_argument("repository", type=Path, help="a clone with a long history")
    parser.add_argument("--runs", type=int, default=runs, help=f"how often (default: {runs})")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON, too")
    return parser


def show(
    title: str, rows: Sequence[tuple[str, str, str, str]], figures: dict[str, object], path: Path | None
) -> None:
    """Print the rows (what, measured, target, met) as a table and write the figures to ``path``."""
    table = Table("what", "measured", "target", "met", title=title, title_justify="left")
    for row in rows:
        table.add_row(*row)
    Console(width=110).print(table)
    if path:
        path.write_text(json.dumps(figures, indent=2) + "\n")


def met(condition: bool) -> str:
    return "yes" if condition else "NO"
