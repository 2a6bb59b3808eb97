"""CODEOWNERS, riskbot against the PyPI package `codeowners`, over real repositories.

    python benchmarks/codeowners_differential.py FOLDER [--paths 500]

FOLDER holds clones (bare or not), directly or one level down. Each CODEOWNERS at HEAD answers for its own
paths: at most `--paths`, spread evenly. Every pattern on which the two disagree is printed with one path.
"""

from __future__ import annotations

import argparse
import subprocess
import time
from collections import Counter
from pathlib import Path

from codeowners import CodeOwners as Peer

from riskbot.facts.document import CODEOWNERS
from riskbot.judge.owners.codeowners import CodeOwners


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--paths", type=int, default=500)
    arguments = parser.parse_args()
    files = lines = asked = agreed = 0
    seconds: Counter[str] = Counter()
    for directory in sorted(
        {path.parent for path in arguments.folder.glob("*/**/HEAD") if _is_git(path.parent)}
    ):
        found = _codeowners(directory)
        if found is None:
            continue
        files += 1
        lines += found.count("\n")
        paths = _paths(directory, arguments.paths)
        asked += len(paths)
        apart = _compare(found, paths, seconds)
        agreed += len(paths) - sum(len(examples) for examples in apart.values())
        for (mine, theirs), examples in sorted(apart.items(), key=str):
            print(
                f"{directory.parent.name}: {examples[0]} (and {len(examples) - 1} more)\n  {mine}\n  {theirs}"
            )
    print(f"{files} files, {lines:,} lines, {asked:,} paths: {agreed:,} alike, {asked - agreed:,} apart")
    print(", ".join(f"{name} {took:.2f} s" for name, took in seconds.items()))


def _is_git(path: Path) -> bool:
    return (path / "objects").is_dir() and (path / "refs").is_dir()


def _git(directory: Path, *arguments: str) -> bytes | None:
    done = subprocess.run(["git", f"--git-dir={directory}", *arguments], capture_output=True, check=False)
    return None if done.returncode else done.stdout


def _codeowners(directory: Path) -> str | None:
    for place in CODEOWNERS:
        data = _git(directory, "show", f"HEAD:{place}")
        if data:
            return data.decode()
    return None


def _paths(directory: Path, most: int) -> list[str]:
    listed = _git(directory, "ls-tree", "-r", "-z", "--name-only", "HEAD") or b""
    paths = [path.decode("utf-8", "surrogateescape") for path in listed.split(b"\0") if path]
    return paths[:: max(1, len(paths) // most)]


def _compare(text: str, paths: list[str], seconds: Counter[str]) -> dict[tuple[str, str], list[str]]:
    begun = time.perf_counter()
    mine = CodeOwners.parse(text, "CODEOWNERS")
    answers = [mine.of(path) for path in paths]
    seconds["riskbot"] += time.perf_counter() - begun
    begun = time.perf_counter()
    peer = Peer(text)
    theirs = [peer.matching_line(path) for path in paths]
    seconds["codeowners (PyPI)"] += time.perf_counter() - begun
    apart: dict[tuple[str, str], list[str]] = {}
    for path, answer, (owners, line, pattern, _) in zip(paths, answers, theirs, strict=True):
        if set(answer.names) != {name for _, name in owners}:
            said = f"riskbot: {answer.pattern} (line {answer.line}) -> {' '.join(answer.names) or 'nobody'}"
            told = f"peer:    {pattern} (line {line}) -> {' '.join(name for _, name in owners) or 'nobody'}"
            apart.setdefault((said, told), []).append(path)
    return apart


if __name__ == "__main__":
    main()
