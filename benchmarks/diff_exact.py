"""Show that parsed diffs are exact: on real commits, old content plus hunks gives the new content.

    python benchmarks/diff_exact.py REPOSITORY... [--commits 1000] [--json FILE]

For each of the newest N commits (merges against their first parent, the root against the empty tree) the
patch that git writes is parsed, the hunks are applied to the old blobs, and the result is compared with
the new blobs, byte for byte. Files that git calls binary have no hunks and are counted apart.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
from collections import Counter
from pathlib import Path

from riskbot.domain.change import FileDiff
from riskbot.domain.errors import RiskbotError
from riskbot.gather import diff
from riskbot.outside.git import Blobs, Git

PATCH = ("diff-tree", "-r", "-M", "-C", "-p", "--full-index", "--diff-algorithm=histogram")


def outcome(file: FileDiff, blobs: Blobs) -> str:
    """Compare one file; say ``exact``, ``binary``, ``submodule`` or ``WRONG``."""
    if file.is_submodule:
        return "submodule"
    if file.binary:
        return "binary"
    # A file with the same content on both sides (a mode change, a plain rename) has no index line.
    unchanged = file.old_blob is None and file.new_blob is None and not file.hunks
    if unchanged and file.status.value not in {"added", "deleted"}:
        return "exact"
    old = blobs.read(file.old_blob) if file.old_blob else b""
    new = blobs.read(file.new_blob) if file.new_blob else b""
    exact = diff.apply(file.hunks, old or b"") == new
    if file.status.value == "added":
        exact = exact and file.new == new
    if file.status.value == "deleted":
        exact = exact and file.old == old
    return "exact" if exact else "WRONG"


def check(path: Path, count: int) -> tuple[Counter[str], float]:
    """Go through one repository; return the counts and the seconds that parsing took."""
    git = Git.open(path)
    head = git.ask("rev-parse", "HEAD").decode().strip()
    log = git.run("rev-list", f"--max-count={count}", "--parents", head).decode().splitlines()
    counts: Counter[str] = Counter()
    parsing = 0.0
    with git.blobs() as blobs:
        for line in log:
            commit, *parents = line.split()
            patch = git.run(*PATCH, parents[0] if parents else git.empty_tree, commit)
            started = time.perf_counter()
            try:
                files = tuple(diff.iter_files(io.BytesIO(patch)))
                counts.update(outcome(file, blobs) for file in files)
            except RiskbotError as problem:
                print(f"{commit}: {problem}", file=sys.stderr)
                counts["WRONG"] += 1
            parsing += time.perf_counter() - started
            counts["commits"] += 1
            counts["bytes"] += len(patch)
    return counts, parsing


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--commits", type=int, default=1000)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    columns = ("commits", "exact", "WRONG", "binary", "submodule", "bytes")
    print(f"{'repository':<40}" + "".join(f"{name:>12}" for name in columns) + f"{'seconds':>10}")
    rows = []
    for path in arguments.repositories:
        counts, seconds = check(path, arguments.commits)
        rows.append({"repository": str(path), "seconds": round(seconds, 2)} | {n: counts[n] for n in columns})
        print(f"{str(path)[-40:]:<40}" + "".join(f"{counts[n]:>12,}" for n in columns) + f"{seconds:>10.2f}")
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=2) + "\n")
    return 1 if any(row["WRONG"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
