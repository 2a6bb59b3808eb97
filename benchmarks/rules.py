"""What the packs cost `riskbot check`: the same change with and without them, on 5 and on 200 Python files.

The change is made from the newest commit of the repository: so many of its Python files (of 2 to 60 kB,
spread evenly over its paths), each with a function added at its end; as a repository of its own, so that the
history costs nothing. Without packs the semgrep detector and those of native rules are left out. Beside
it: all twins. Wall time is what a user waits; processor time of all processes depends less on what else runs.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import measure

from riskbot.outside.gitmade import made

CHECK = """
import sys
from riskbot import toolbox
from riskbot.detect.rules import load
from riskbot.outside import bundled
if sys.argv[1] == "without":
    every = toolbox.detectors
    native = set(load(bundled.folder("rules")).detectors.values())
    toolbox.detectors = lambda *a: tuple(d for d in every(*a) if d.name != "semgrep" and d.name not in native)
from riskbot.surfaces.cli import main
sys.exit(main(sys.argv[2:]))
"""
ADDED = b"\n\ndef added_by_the_benchmark(values):\n    return [value for value in values if value]\n"


def sources(repository: Path, count: int) -> dict[str, bytes]:
    """So many Python files of the newest commit, by path."""
    git = ["git", "-C", str(repository)]
    listed = subprocess.run(
        [*git, "ls-tree", "-rl", "HEAD"], check=True, capture_output=True, text=True
    ).stdout
    paths = []
    for line in listed.splitlines():
        facts, _, path = line.partition("\t")
        size = facts.split()[3]
        if path.endswith(".py") and size.isdigit() and 2_000 <= int(size) <= 60_000:
            paths.append(path)
    chosen = paths[:: max(1, len(paths) // count)][:count]
    show = [*git, "show"]
    return {
        path: subprocess.run([*show, f"HEAD:{path}"], check=True, capture_output=True).stdout
        for path in chosen
    }


def timed(command: list[str]) -> tuple[float, float]:
    """Wall and processor seconds of a command and all it started."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare(repository: Path, count: int, runs: int) -> dict[str, float]:
    """Medians of both ways in turns, and what the packs add."""
    files = sources(repository, count)
    with made([(files, {path: text + ADDED for path, text in files.items()})]) as (git, [(base, head)]):
        arguments = ["check", "--repo", str(git.root), f"{base}..{head}", "--format", "json"]
        ways = {way: [sys.executable, "-c", CHECK, way, *arguments] for way in ("without", "with")}
        for command in ways.values():
            report = subprocess.run(command, check=False, capture_output=True)
            failures = json.loads(report.stdout)["assessment"]["failures"]
            if failures:
                sys.exit(f"what fails is no measure: {failures}")
        times: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for _ in range(runs):
            for way, command in ways.items():
                times[way].append(timed(command))
    lines = sum(text.count(b"\n") for text in files.values())
    figures = {"files": len(files), "lines": lines}
    for way, pairs in times.items():
        for kind, number in (("wall", 0), ("processor", 1)):
            figures[f"{kind}_{way}"] = sorted(pair[number] for pair in pairs)[len(pairs) // 2]
    return figures


def main() -> None:
    options = measure.arguments(__doc__.splitlines()[0], runs=5).parse_args()
    rows, figures = [], {}
    for count, limit in ((5, 0.4), (200, 4.0)):
        one = figures[f"{count} files"] = compare(options.repository, count, options.runs)
        for kind in ("wall", "processor"):
            added = one[f"{kind}_with"] - one[f"{kind}_without"]
            words = f"+{added:.2f} s ({one[f'{kind}_without']:.2f} to {one[f'{kind}_with']:.2f} s)"
            target = (f"<= {limit:g} s", measure.met(added <= limit)) if kind == "wall" else ("", "")
            rows.append((f"{one['files']} files, {one['lines']:,} lines, {kind} time", words, *target))
    wall, processor = timed([measure.RISKBOT, "rules", "test"])
    figures["twins"] = {"wall": wall, "processor": processor}
    rows.append(("all twins, wall time", f"{wall:.1f} s", "< 30 s", measure.met(wall < 30)))
    rows.append(("all twins, processor time", f"{processor:.1f} s", "", ""))
    load = f"{os.getloadavg()[0]:.1f} processes ready on {os.cpu_count()} cores"
    measure.show(f"what the rule packs cost ({load})", rows, figures, options.json)


if __name__ == "__main__":
    main()
