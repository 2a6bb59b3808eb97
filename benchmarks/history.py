"""Time riskbot's walk against PyDriller's process metrics on one range, and compare the values file by file.

    python benchmarks/history.py REPO [--commits 5000] [--cache pydriller.json] [--runs 7] [--json FILE]

The range is about the last so many commits of HEAD. PyDriller is run once (it takes minutes) and in its own
working clone: it writes to the configuration of the repository it is given. ``--cache`` keeps its answer, so
that riskbot's side can be run again.

The values are compared twice: as both tools give them, and with riskbot's log seen as PyDriller sees it:

* only commits on an ancestry path from the range's first commit (``--ancestry-path``), as PyDriller asks git;
* a deleted file's last change under the name ``None``, except an empty or binary file's (GitPython finds no
  ``+++ /dev/null`` in an empty patch).

What is left are symbolic links that became files, or the reverse: git counts one change, GitPython a deletion
and an addition. Authors are told apart by address, as PyDriller does; a file without any changed line has no
contributors, as there.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median
from typing import Any

from riskbot.gather.history import FileSummary, RangeSummary, summarise, walk
from riskbot.gather.history.walk import entries
from riskbot.outside.git import Git

Values = dict[str, Any]
Seconds = tuple[float, float]
"""Wall and CPU."""
OURS: dict[str, Callable[[FileSummary], Any]] = {
    "commits.count": lambda file: file.commits,
    "contributors.count": lambda file: file.contributors if file.contributions.total() else None,
    "contributors.count_minor": lambda file: file.minor_contributors if file.contributions.total() else None,
    "experience.count": lambda file: None if file.experience is None else round(100 * file.experience, 2),
    "churn.count": lambda file: sum(file.churns),
    "churn.max": lambda file: max(file.churns),
    "churn.avg": lambda file: round(mean(file.churns)),
    "lines.count": lambda file: sum(file.added) + sum(file.removed),
    "lines.count_added": lambda file: sum(file.added),
    "lines.max_added": lambda file: max(file.added),
    "lines.avg_added": lambda file: round(mean(file.added)),
    "lines.count_removed": lambda file: sum(file.removed),
    "lines.max_removed": lambda file: max(file.removed),
    "lines.avg_removed": lambda file: round(mean(file.removed)),
}


def main() -> None:
    arguments = _arguments()
    git = Git.open(arguments.repo)
    first, tip = the_range(git, arguments.commits)
    base = git.run("rev-parse", f"{first}^").decode().strip()
    theirs = pydriller(arguments.repo, first, tip, arguments.cache)
    summary = summarise(git, tip, base=base, identity=lambda entry: entry.email)
    print(f"{first[:10]}^..{tip[:10]}: {len(summary.change_sets)} commits that are no merges")
    print("\nAs both give them")
    compare(summary, theirs, shown=0)
    print("\nSeen as PyDriller sees the log")
    compare(as_pydriller(git, first, tip, base), theirs, shown=20)
    ours = _timed(lambda: summarise(git, tip, base=base), arguments.runs)
    full = _timed(lambda: list(walk(git, tip, base=base)), arguments.runs)
    report(len(summary.change_sets), ours, full, theirs["seconds"])
    if arguments.json:
        figures = {"summarise": ours, "walk": full, "pydriller": theirs["seconds"], "runs": arguments.runs}
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("repo", type=Path)
    parser.add_argument("--commits", type=int, default=5000)
    parser.add_argument("--cache", type=Path, help="PyDriller's answer as JSON, written if it is not there")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def the_range(git: Git, commits: int) -> tuple[str, str]:
    """Return the first and last commit of the shortest range on the main line with so many commits."""
    tip = git.ask("rev-parse", "HEAD").decode().strip()
    line = [
        text.split() for text in git.run("rev-list", "--first-parent", "--parents", tip).decode().splitlines()
    ]
    single = [words[0] for words in line if len(words) == 2]
    low, high = 0, len(single) - 1
    while low < high:
        middle = (low + high) // 2
        counted = int(git.run("rev-list", "--count", "--no-merges", tip, f"^{single[middle]}^"))
        low, high = (middle + 1, high) if counted < commits else (low, middle)
    return single[low], tip


def _timed(act: Callable[[], object], runs: int) -> Seconds:
    """Return the medians of wall and CPU seconds (this process and the git it started and reaped)."""
    taken = []
    for _ in range(runs):
        start = _clock()
        act()
        taken.append([after - before for before, after in zip(start, _clock(), strict=True)])
    return median(wall for wall, _ in taken), median(cpu for _, cpu in taken)


def _clock() -> Seconds:
    return time.perf_counter(), sum(os.times()[:4])


def pydriller(repo: Path, first: str, tip: str, cache: Path | None) -> Values:
    """Return PyDriller's values by metric and path, and the seconds that each metric took."""
    if cache and cache.exists():
        kept: Values = json.loads(cache.read_text())
        if (kept["first"], kept["tip"]) != (first, tip):
            raise SystemExit(f"{cache} is about another range; remove it or name another one.")
        return kept
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "-q", "--no-local", str(repo), folder], check=True)
        result = {"first": first, "tip": tip, "seconds": {}} | _run_pydriller(folder, first, tip)
    if cache:
        cache.write_text(json.dumps(result))
    return result


def _run_pydriller(folder: str, first: str, tip: str) -> Values:
    from pydriller.metrics.process.change_set import ChangeSet
    from pydriller.metrics.process.code_churn import CodeChurn
    from pydriller.metrics.process.commits_count import CommitsCount
    from pydriller.metrics.process.contributors_count import ContributorsCount
    from pydriller.metrics.process.contributors_experience import ContributorsExperience
    from pydriller.metrics.process.lines_count import LinesCount

    result: Values = {"seconds": {}}
    metrics = {
        "commits": CommitsCount,
        "contributors": ContributorsCount,
        "experience": ContributorsExperience,
        "churn": CodeChurn,
        "lines": LinesCount,
        "change_set": ChangeSet,
    }
    wanted = [*OURS, "change_set.max", "change_set.avg"]
    for name, metric in metrics.items():

        def one(name: str = name, metric: Any = metric) -> None:
            found = metric(folder, from_commit=first, to_commit=tip)
            for key in (key for key in wanted if key.startswith(f"{name}.")):
                result[key] = _named(getattr(found, key.partition(".")[2])())

        result["seconds"][name] = wall, cpu = _timed(one, 1)
        print(f"pydriller {name}: {wall:.1f} s, CPU {cpu:.1f} s", flush=True)
    return result


def _named(values: Any) -> Any:
    """Make a path of None a string, as it is in JSON's keys."""
    return {str(path): value for path, value in values.items()} if isinstance(values, dict) else values


def as_pydriller(git: Git, first: str, tip: str, base: str) -> RangeSummary:
    """Summarise the range with PyDriller's peculiarities (see the top of the file)."""
    path = set(git.run("rev-list", f"--ancestry-path={first}", tip, f"^{base}").decode().split())
    summary, renamed = RangeSummary(), dict[str, str]()
    with entries(git, tip, base=base, oldest_first=False) as log:
        for entry in (entry for entry in log if entry.id in path):
            summary.change_sets.append(len(entry.touches))
            for touch in entry.touches:
                if touch.new_blob is None and (touch.added or touch.removed):
                    touch.path = touch.source = "None"
                summary.add(touch, renamed, entry.email)
    return summary


def compare(summary: RangeSummary, theirs: Values, *, shown: int) -> None:
    """Print, for each metric, how many files have equal values, and the first few that do not."""
    print(f"{'metric':26} {'files both':>10} {'equal':>7} {'only ours':>10} {'only theirs':>12}")
    different: Counter[str] = Counter()
    for name, metric in OURS.items():
        ours = {path: value for path, file in summary.files.items() if (value := metric(file)) is not None}
        both = ours.keys() & theirs[name].keys()
        wrong = [path for path in both if abs(ours[path] - theirs[name][path]) > 0.011]
        different.update(wrong)
        only = len(ours.keys() - both), len(theirs[name].keys() - both)
        print(f"{name:26} {len(both):10} {len(both) - len(wrong):7} {only[0]:10} {only[1]:12}")
    ours_sets = max(summary.change_sets), round(mean(summary.change_sets))
    print(
        f"change set max, average: ours {ours_sets}, theirs",
        theirs["change_set.max"],
        theirs["change_set.avg"],
    )
    print(f"{len(different)} files differ somewhere")
    for path, count in different.most_common(shown):
        pairs = {name: (metric(summary.files[path]), theirs[name].get(path)) for name, metric in OURS.items()}
        print(f"  {path} ({count}):", {name: pair for name, pair in pairs.items() if pair[0] != pair[1]})


def report(commits: int, ours: Seconds, full: Seconds, seconds: dict[str, Seconds]) -> None:
    total = sum(wall for wall, _ in seconds.values()), sum(cpu for _, cpu in seconds.values())
    fastest = min(wall for wall, _ in seconds.values()), min(cpu for _, cpu in seconds.values())
    print(f"\n{'':44} {'wall s':>8} {'CPU s':>8} {'commits/s':>10}")
    for title, value in [
        ("riskbot summarise: all of the above", ours),
        ("riskbot walk: the fourteen metrics", full),
        ("PyDriller: all of the above, class by class", total),
        ("PyDriller: its fastest metric alone", fastest),
    ]:
        print(f"{title:44} {value[0]:8.2f} {value[1]:8.2f} {commits / value[0]:10.0f}")
    for title, value in [("all", total), ("its fastest metric alone", fastest)]:
        print(f"ratio, {title}: wall {value[0] / ours[0]:.0f}, CPU {value[1] / ours[1]:.0f}")


if __name__ == "__main__":
    main()
