"""Time and memory of gathering a change, history left aside.

    python benchmarks/gather.py REPOSITORY [REVISION] [--runs 7] [--files 30 300 3000] [--json FILE]

First one commit of a real repository (``REVISION``, default: the newest with five Python files): medians of
opening the repository and of gathering. Then changes of N files, made for the purpose: seconds, and the
peak memory of a process of its own that gathers one.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from riskbot.gather.local import Limits, from_range
from riskbot.outside.git import Git

ENV = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
WHO = ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "gc.auto=0"]


def gather(path: Path, revision: str) -> tuple[float, float, int]:
    """Gather once; return the seconds of opening and of gathering, and the number of files."""
    started = time.perf_counter()
    git = Git.open(path)
    opened = time.perf_counter()
    gathered = from_range(git, f"{revision}^!", Limits())
    done = time.perf_counter()
    gathered.history()
    return opened - started, done - opened, len(gathered.change.files)


def five_files(path: Path) -> str:
    """Find the newest commit that is no merge and touches five files, Python ones only."""
    git = Git.open(path)
    log = git.run("log", "--no-merges", "--name-only", "--format=%x00%H", git.resolve("HEAD")).decode()
    for record in log.split("\0")[1:]:
        commit, _, names = record.partition("\n")
        files = names.split("\n\n")[-1].split()
        if len(files) == 5 and all(name.endswith(".py") for name in files):
            return commit
    return "HEAD"


def made(folder: Path, count: int) -> Path:
    """Make a repository whose last commit changes one line of each of ``count`` files."""
    root = folder / str(count)
    subprocess.run(["git", "init", "-q", str(root)], env=ENV, check=True)
    for step in (0, 1):
        for number in range(count):
            path = root / f"d{number % 50}" / f"f{number}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(
                "".join(f"x{line} = {number * (step if line == 50 else 1)}\n" for line in range(100))
            )
        subprocess.run(["git", *WHO, "add", "-A"], cwd=root, env=ENV, check=True)
        subprocess.run(["git", *WHO, "commit", "-q", "-m", "x"], cwd=root, env=ENV, check=True)
    return root


def in_own_process(path: Path) -> tuple[float, float]:
    """Return seconds and peak MiB of a process that gathers the last commit."""
    command = [sys.executable, __file__, str(path), "HEAD", "--child"]
    seconds, peak = subprocess.run(command, capture_output=True, check=True).stdout.split()
    return float(seconds), float(peak)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", type=Path)
    parser.add_argument("revision", nargs="?")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--files", type=int, nargs="*", default=[30, 300, 3000])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        _, seconds, _ = gather(arguments.repository, arguments.revision)
        print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    revision = arguments.revision or five_files(arguments.repository)
    runs = [gather(arguments.repository, revision) for _ in range(arguments.runs)]
    opening, gathering = (statistics.median(run[part] for run in runs) * 1000 for part in (0, 1))
    print(f"{revision[:12]}: {runs[0][2]} files, open {opening:.1f} ms, gather {gathering:.1f} ms")
    rows: list[dict[str, float]] = [{"open_ms": opening, "gather_ms": gathering}]
    with tempfile.TemporaryDirectory() as folder:
        for count in arguments.files:
            root = made(Path(folder), count)
            measured = [in_own_process(root) for _ in range(arguments.runs)]
            seconds, peak = (statistics.median(run[part] for run in measured) for part in (0, 1))
            print(f"{count:>6} files: {seconds:.2f} s, peak {peak:.0f} MiB")
            rows.append({"files": count, "seconds": seconds, "peak_mib": peak})
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
