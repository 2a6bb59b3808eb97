"""Compare the ways to git: the command with one `cat-file --batch`, pygit2 and dulwich.

    pip install pygit2 dulwich
    python benchmarks/git_door.py REPOSITORY [--commits 50] [--runs 7] [--json FILE]

Each way opens the repository and, for the newest N commits that have one parent, lists the changed paths
(no renames) and reads both contents. All must find the same paths and bytes: the differences are counted.
The walk over the log (ids, authors, times, parents) is timed apart. Medians in milliseconds; the ratio is
to the git command, within the same run.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from riskbot.gather.limits import Limits
from riskbot.gather.trees import list_entries
from riskbot.outside.git import Git

Pairs = list[tuple[str, str]]
Contents = dict[tuple[str, str], tuple[bytes | None, bytes | None]]


def with_command(path: Path, pairs: Pairs) -> Contents:
    git = Git.open(path)
    found: Contents = {}
    with git.blobs() as blobs:
        for old, new in pairs:
            for entry in list_entries(git, old, new, Limits()).values():
                sides = [entry.old_blob, entry.new_blob]
                old_content, new_content = (None if blob is None else blobs.read(blob) for blob in sides)
                found[new, entry.path] = (old_content, new_content)
    return found


def with_pygit2(path: Path, pairs: Pairs) -> Contents:
    import pygit2

    repository = pygit2.Repository(str(path))
    found: Contents = {}
    for old, new in pairs:
        for delta in repository[old].tree.diff_to_tree(repository[new].tree).deltas:
            sides = [
                repository[side.id].data if side.id.raw.strip(b"\0") else None
                for side in (delta.old_file, delta.new_file)
            ]
            found[new, delta.new_file.path or delta.old_file.path] = (sides[0], sides[1])
    return found


def with_dulwich(path: Path, pairs: Pairs) -> Contents:
    from dulwich.diff_tree import tree_changes
    from dulwich.repo import Repo

    store = Repo(str(path)).object_store
    found: Contents = {}
    for old, new in pairs:
        for change in tree_changes(store, store[old.encode()].tree, store[new.encode()].tree):
            sides = [
                None if side is None or side.sha is None else store[side.sha].data
                for side in (change.old, change.new)
            ]
            name = change.new.path if change.new is not None and change.new.path else change.old.path
            found[new, name.decode()] = (sides[0], sides[1])
    return found


def log_with_command(path: Path, head: str) -> int:
    git = Git.open(path)
    with git.stream("log", "-z", "--format=%H%x00%aN%x00%ct%x00%P", head) as output:
        return output.read().count(b"\0") // 4


def log_with_pygit2(path: Path, head: str) -> int:
    import pygit2

    walk = pygit2.Repository(str(path)).walk(head, pygit2.enums.SortMode.TIME)
    return len([(c.id, c.author.name, c.commit_time, c.parent_ids) for c in walk])


def log_with_dulwich(path: Path, head: str) -> int:
    from dulwich.repo import Repo

    walk = Repo(str(path)).get_walker(include=[head.encode()])
    return len([(e.commit.id, e.commit.author, e.commit.commit_time, e.commit.parents) for e in walk])


def median(action: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        action()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", type=Path)
    parser.add_argument("--commits", type=int, default=50)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    path: Path = arguments.repository
    git = Git.open(path)
    head = git.resolve("HEAD")
    log = (
        git.run("rev-list", "--no-merges", "--parents", f"-n{arguments.commits}", head).decode().splitlines()
    )
    pairs = [(line.split()[1], line.split()[0]) for line in log if len(line.split()) == 2]
    ways = {
        "git command": (with_command, log_with_command),
        "pygit2": (with_pygit2, log_with_pygit2),
        "dulwich": (with_dulwich, log_with_dulwich),
    }
    expected = with_command(path, pairs)
    print(f"{len(pairs)} commits, {len(expected)} files, medians of {arguments.runs} runs, milliseconds")
    titles = ("one commit", "ratio", "all commits", "ratio", "log", "ratio", "differ")
    print(f"{'way':<14}" + "".join(f"{title:>13}" for title in titles))
    rows: list[dict[str, object]] = []
    base: list[float] = []
    for name, (read, walk) in ways.items():
        found = read(path, pairs)
        differ = sum(found.get(key) != value for key, value in expected.items()) + len(
            found.keys() - expected.keys()
        )
        times = [
            median(lambda read=read: read(path, pairs[:1]), arguments.runs),
            median(lambda read=read: read(path, pairs), arguments.runs),
            median(lambda walk=walk: walk(path, head), arguments.runs),
        ]
        base = base or times
        ratios = [value / reference for value, reference in zip(times, base, strict=True)]
        widths = (12, 8, 13, 8, 10, 8)
        cells = [cell for pair in zip(times, ratios, strict=True) for cell in pair]
        print(
            f"{name:<14}"
            + "".join(f"{c:>{w}.2f}" for c, w in zip(cells, widths, strict=True))
            + f"{differ:>8}"
        )
        rows.append(
            {"way": name, "one_ms": times[0], "all_ms": times[1], "log_ms": times[2], "differ": differ}
        )
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
