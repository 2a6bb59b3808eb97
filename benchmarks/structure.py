"""How long the structure detector takes on real commits: ms per commit and per 1,000 changed lines.

    python benchmarks/structure.py REPO [--commits N] [--rev REV] [--files N] [--runs 7] [--show] [--json F]

Reads the newest N commits of REPO that change Python (no merges), builds each Change once, and times the
detector alone; a run's figure is the median over the commits, the table shows the median of the runs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from riskbot.detect.structure import StructureDetector
from riskbot.domain.change import Change, FileDiff, FileStatus

STATUS = {"A": FileStatus.ADDED, "D": FileStatus.DELETED, "M": FileStatus.MODIFIED, "R": FileStatus.RENAMED}


def git(repo: str, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", repo, *arguments], capture_output=True, check=True).stdout


def change_of(repo: str, commit: str) -> tuple[Change, int]:
    """The commit as a Change of Python files without hunks, and how many of their lines changed."""
    raw = git(
        repo, "diff-tree", "-r", "-M", "-z", "--raw", "--numstat", "--no-commit-id", commit, "--", "*.py"
    )
    parts, files, lines = raw.decode("utf-8", "surrogateescape").split("\0"), [], 0
    index = 0
    while index < len(parts) and parts[index].startswith(":"):
        _, _, old_blob, new_blob, letter = parts[index].split(" ")
        paths = parts[index + 1 : index + (3 if letter[0] in "RC" else 2)]
        index += 1 + len(paths)
        status = STATUS.get(letter[0])
        if status is None:
            continue
        old = None if status is FileStatus.ADDED else git(repo, "cat-file", "blob", old_blob)
        new = None if status is FileStatus.DELETED else git(repo, "cat-file", "blob", new_blob)
        files.append(
            FileDiff(
                status,
                None if old is None else paths[0],
                None if new is None else paths[-1],
                old=old,
                new=new,
            )
        )
    for entry in parts[index:]:
        counts = entry.strip("\n").split("\t")
        if len(counts) >= 3 and counts[0].isdigit():
            lines += int(counts[0]) + int(counts[1])
    return Change(repo, None, commit, "benchmark", files=tuple(files)), lines


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repo")
    parser.add_argument("--commits", type=int, default=100)
    parser.add_argument("--rev", default="HEAD")
    parser.add_argument("--files", type=int, default=0, help="only commits with this many Python files")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--show", action="store_true", help="print the findings instead of timing")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    many = options.commits * (20 if options.files else 1)
    listed = git(options.repo, "log", "--no-merges", "--format=%H", f"-{many}", options.rev, "--", "*.py")
    pairs = []
    for commit in listed.decode().split():
        change, lines = change_of(options.repo, commit)
        if not options.files or len(change.files) == options.files:
            pairs.append((change, lines))
        if len(pairs) == options.commits:
            break
    if options.show:
        show(pairs)
        return
    table = measure(pairs, options.runs)
    for name, value in table.items():
        print(f"{name:32} {value:10.2f}")
    if options.json:
        options.json.write_text(json.dumps(table, indent=1))


def show(pairs: list[tuple[Change, int]]) -> None:
    for change, _ in pairs:
        detection = StructureDetector().run(change)
        for omission in detection.omissions:
            print(change.head[:9], "OMITTED", omission.path, omission.reason)
        for f in detection.findings:
            place = f"{f.location.path}:{f.location.line}{'-' if f.location.side.value == 'old' else ''}"
            print(change.head[:9], f.severity.value, f.rule, place, f.message)


def measure(pairs: list[tuple[Change, int]], runs: int) -> dict[str, float]:
    start = time.perf_counter()
    import libcst
    import libcst.metadata  # noqa: F401

    imported = (time.perf_counter() - start) * 1000
    medians, nineties, worst, rates = [], [], [], []
    for _ in range(runs):
        times = []
        for change, _lines in pairs:
            start = time.perf_counter()
            StructureDetector().run(change)
            times.append((time.perf_counter() - start) * 1000)
        medians.append(statistics.median(times))
        nineties.append(sorted(times)[int(len(times) * 0.9)])
        worst.append(max(times))
        rates.append(sum(times) / max(sum(lines for _, lines in pairs) / 1000, 0.001))
    return {
        "commits": len(pairs),
        "files per commit (mean)": statistics.mean(len(change.files) for change, _ in pairs),
        "import libcst, once (ms)": imported,
        "ms per commit, median": statistics.median(medians),
        "ms per commit, 90th percentile": statistics.median(nineties),
        "ms per commit, worst": statistics.median(worst),
        "ms per 1,000 changed lines": statistics.median(rates),
    }


if __name__ == "__main__":
    sys.exit(main())
