"""What policy zones cost: a whole tree from nothing, and a change in a repository that was checked before.

    python benchmarks/zones.py REPOSITORY [--zones FILE] [--at REVISION] [--changes 5] [--files 5] [--json F]

*Cold* is one run of the engine over the tree of REVISION with an empty cache. *Warm* takes the newest changes
before it that touch exactly so many Python files: the base is looked at, which fills the cache; then
the whole detector is timed on the change, in a process of its own as in a check. Lines are those of
all Python files of the tree. Without ``--zones`` those of benchmarks/data/zones/zones.yaml are taken:
attributes such as ``email`` and sinks such as logging, printing and requests.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from riskbot.detect.detector import detect
from riskbot.detect.flows import PATH
from riskbot.detect.flows.cache import Store
from riskbot.detect.flows.detector import FlowsDetector
from riskbot.detect.flows.incremental import analyse
from riskbot.detect.flows.language.zones import load
from riskbot.detect.flows.trees.kept import KeptTree
from riskbot.detect.flows.trees.revision import at_revision
from riskbot.domain.change import Change, Charter
from riskbot.domain.finding import Detection
from riskbot.gather import local
from riskbot.outside.git import Git

ZONES = Path(__file__).parent / "data" / "zones" / "zones.yaml"


def cold(git: Git, revision: str, text: bytes) -> dict[str, object]:
    """Analyse one tree from nothing."""
    zones = load(text, str(ZONES))
    with tempfile.TemporaryDirectory() as folder, at_revision(git, revision) as tree:
        lines = sum((tree.read(path) or b"").count(b"\n") for path in tree.paths())
        began, used = time.perf_counter(), time.process_time()
        store = Store("benchmark", Path(folder))
        done = analyse(KeptTree(tree, zones), zones, store=store, deadline=time.monotonic() + 3600)
        store.save()
        seconds, processor = time.perf_counter() - began, time.process_time() - used
    return {
        "files": len(tree.paths()),
        "lines": lines,
        "seconds": round(seconds, 3),
        "ms_per_kloc": round(seconds / lines * 1e6, 1),
        "processor_seconds": round(processor, 3),
        "processor_ms_per_kloc": round(processor / lines * 1e6, 1),
        "flows": len(done.flows),
        "unread": len(done.problems),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
    }


def changes(git: Git, revision: str, files: int, most: int) -> Iterator[tuple[str, str]]:
    """Give the newest changes (parent, commit) that touch so many Python files."""
    log = git.run(
        "log", "--no-merges", "--no-renames", "--name-only", "--format=@%H %P", revision, "--", "*.py"
    )
    found = 0
    for block in log.decode("utf-8", "surrogateescape").split("@")[1:]:
        head, *paths = [line for line in block.split("\n") if line]
        commit, *parents = head.split()
        if len(parents) == 1 and len(paths) == files and found < most:
            found += 1
            yield parents[0], commit


def judged(git: Git, base: str, head: str, text: bytes) -> Change:
    """Gather a change as if its base had the zones."""
    change = local.from_commits(git, base, head, "benchmark", local.Limits()).change
    return replace(change, charter=Charter(base, ((PATH, text),)))


def spent() -> float:
    """Processor seconds of all processes that have ended, with those that they started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(detector: FlowsDetector, change: Change) -> tuple[Detection, float, float]:
    """Run the detector as a check does, in its own process: what it finds, wall and processor seconds."""
    began, used = time.perf_counter(), spent()
    done = detect(change, [detector], seconds=3600)
    return done, time.perf_counter() - began, spent() - used


def warm(git: Git, base: str, head: str, text: bytes) -> dict[str, object]:
    """Look at the base, then time the change; and the same again, as after an amended message."""
    with tempfile.TemporaryDirectory() as folder:
        zones, store = load(text, str(ZONES)), Store(str(git.directory), Path(folder))
        with at_revision(git, base) as tree:
            analyse(KeptTree(tree, zones), zones, store=store)
        store.save()
        detector = FlowsDetector(git, 3600, Path(folder))
        change = judged(git, base, head, text)
        done, seconds, processor = timed(detector, change)
        _, again, again_used = timed(detector, change)
    if done.failures:
        raise SystemExit(str(done.failures[0]))
    return {
        "change": head,
        "seconds": round(seconds, 3),
        "processor_seconds": round(processor, 3),
        "again_seconds": round(again, 3),
        "again_processor_seconds": round(again_used, 3),
        "findings": len(done.findings),
        "opened": sum(one.rule == "zone-flow" and one.introduced for one in done.findings),
        "omissions": len(done.omissions),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", type=Path)
    parser.add_argument("--zones", type=Path, default=ZONES)
    parser.add_argument("--at", default="HEAD")
    parser.add_argument("--changes", type=int, default=5)
    parser.add_argument("--files", type=int, default=5)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    git = Git.open(arguments.repository)
    revision = git.resolve(arguments.at)
    text = arguments.zones.read_bytes()
    result: dict[str, object] = {"revision": revision, "cold": cold(git, revision, text)}
    print("cold", json.dumps(result["cold"]), flush=True)
    rows = []
    for base, head in changes(git, revision, arguments.files, arguments.changes):
        rows.append(warm(git, base, head, text))
        print("warm", json.dumps(rows[-1]), flush=True)
    result["warm"] = rows
    for name in ("seconds", "processor_seconds") if rows else ():
        values = [float(str(row[name])) for row in rows]
        print(f"warm {name}: median {statistics.median(values):.3f}, most {max(values):.3f}")
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
