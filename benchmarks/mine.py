"""How fast histories are mined: changes a second, with and without comparing syntax trees, on all cores.

    python benchmarks/mine.py REPO... [--newest 2000] [--workers 2] [--json FILE]

Each REPO is mined as ``riskbot learn mine`` does, ``workers`` at a time in processes of their own. A part of
the time does not depend on ``--newest``: the whole history is replayed, to know the past.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from riskbot.learn.mine import Limits, mine
from riskbot.outside.git import Git


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("repository", type=Path, nargs="+", help="clones with a long history")
    parser.add_argument("--newest", type=int, default=2_000, help="changes of each")
    parser.add_argument("--workers", type=int, default=2, help="repositories at a time")
    parser.add_argument("--json", type=Path, help="write the figures there")
    options = parser.parse_args()
    found = {}
    for title, structure in (("without structure", 0.0), ("with structure", 1.0)):
        began = time.monotonic()
        with ProcessPoolExecutor(options.workers) as pool:
            jobs = [(path, options.newest, structure) for path in options.repository]
            changes = sum(pool.map(one, jobs))
        seconds = time.monotonic() - began
        found[title] = {"changes": changes, "seconds": seconds, "changes_per_second": changes / seconds}
        print(
            f"{title}: {changes:,} changes in {seconds:.1f} s, {changes / seconds:.0f} a second", flush=True
        )
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


def one(job: tuple[Path, int, float]) -> int:
    path, newest, structure = job
    git = Git.open(path)
    with tempfile.TemporaryDirectory() as folder:
        told = mine(
            git,
            path.name,
            git.head() or "",
            Path(folder) / "t.parquet",
            Limits(newest=newest, structure=structure),
        )
    return sum(told.rows.values())


if __name__ == "__main__":
    main()
