"""Time ``riskbot score``: commits a second on a real repository, with the risk model and with the small one.

    python benchmarks/score.py REPO [--commits 500] [--jobs 2] [--model FOLDER] [--runs 3] [--json FILE]

The commits are the newest of HEAD that are no merges; whole commands are timed, start-up and the replay of
the history included. On Linux the command is bound to ``--jobs`` cores, so that the figure is theirs. Beside
the wall clock stands the CPU time of all processes: on a busy machine it is the steadier of the two.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import measure

TARGET = 15.0
"""Commits a second on 2 cores with the risk model."""


def main() -> int:
    parser = measure.arguments((__doc__ or "").partition("\n")[0], runs=3)
    parser.add_argument("--commits", type=int, default=500, help="how many (default: 500)")
    parser.add_argument("--jobs", type=int, default=2, help="processes and cores (default: 2)")
    parser.add_argument("--model", type=Path, help="a model's folder (default: the shipped one)")
    options = parser.parse_args()
    listed = subprocess.run(
        ["git", "-C", options.repository, "rev-list", "--no-merges", f"-{options.commits}", "HEAD"],
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    count = len(listed.split())
    rows, figures = [], {}
    with tempfile.NamedTemporaryFile() as file:
        file.write(listed)
        file.flush()
        base = [measure.RISKBOT, "score", "--repo", str(options.repository), "--commits", file.name]
        base += ["--jobs", str(options.jobs), "--output", os.devnull]
        own = [] if options.model is None else ["--model", str(options.model)]
        for name, more in (("risk model", own), ("metrics", ["--baseline", "metrics"])):
            walls, cpus = zip(
                *(timed([*base, *more], options.jobs) for _ in range(options.runs)), strict=True
            )
            wall, cpu = statistics.median(walls), statistics.median(cpus)
            rate = count / wall
            figures[name] = {"commits": count, "wall_s": wall, "cpu_s": cpu, "commits_per_s": rate}
            wanted = TARGET if name == "risk model" else 100.0
            said = f"{rate:.1f} commits/s ({wall:.1f} s; CPU {1000 * cpu / count:.0f} ms a commit)"
            rows.append(
                (f"{name}, {count} commits", said, f"{wanted:g} commits/s", measure.met(rate >= wanted))
            )
    measure.show(
        f"riskbot score on {options.repository.name}, {options.jobs} cores", rows, figures, options.json
    )
    return 0


def timed(command: list[str], cores: int) -> tuple[float, float]:
    """Run a command on so many cores; its wall time and the CPU time of it and its children, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, preexec_fn=lambda: bind(cores))
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def bind(cores: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])


if __name__ == "__main__":
    raise SystemExit(main())
