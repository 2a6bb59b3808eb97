"""Compare riskbot's change metrics with the published ones of the same OpenStack commits.

    python benchmarks/kamei_openstack.py openstack-issta21.csv REPO... [--output ours.csv] [--json FILE]

CSV is the table of Zeng et al. (ISSTA 2021) with the columns repository, commit, split and the fourteen
metrics; each REPO is a git repository with full history of one of the projects (any names: commits are
matched by id). Commits that are not on the repository's HEAD (stable branches) cannot be compared and are
counted. ``--output`` writes riskbot's metrics of every commit found, with its label and split, to fit on.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from statistics import correlation, median

from riskbot.domain.change import Metrics
from riskbot.gather.history.walk import Measured, walk
from riskbot.outside.git import Git

NAMES = [field.name for field in fields(Metrics)]
Row = dict[str, str]


def main() -> None:
    arguments = _arguments()
    published = {row["commit"]: row for row in csv.DictReader(arguments.csv.open(newline=""))}
    pairs = [
        pair
        for repository in arguments.repository
        for pair in measured(repository, published, arguments.exclude)
    ]
    print(f"{len(published)} published commits, {len(pairs)} found")
    tables = {
        "all commits": table(pairs),
        "commits that add no file": table([pair for pair in pairs if not _adds(pair[1])]),
    }
    for title, rows in tables.items():
        show(title, rows)
    if arguments.json:
        arguments.json.write_text(json.dumps(tables, indent=1) + "\n")
    if arguments.output:
        write(arguments.output, pairs)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("csv", type=Path)
    parser.add_argument("repository", type=Path, nargs="+")
    parser.add_argument("--exclude", action="append", default=[], help="a path whose objects are missing")
    parser.add_argument("--output", type=Path, help="write riskbot's metrics of the commits as CSV")
    parser.add_argument("--json", type=Path, help="write the tables of agreement as JSON")
    return parser.parse_args()


def measured(
    repository: Path, published: dict[str, Row], exclude: list[str]
) -> Iterator[tuple[Row, Measured]]:
    """Yield each published commit of ``repository`` with what riskbot makes of it."""
    git = Git.open(repository)
    tip = git.ask("rev-parse", "HEAD").decode().strip()
    found = 0
    for one in walk(git, tip, exclude=exclude):
        row = published.get(one.entry.id)
        if row is not None:
            found += 1
            yield row, one
    print(f"{repository}: {found} found", flush=True)


def _adds(one: Measured) -> bool:
    return any(touch.source is None for touch in one.entry.touches)


def table(pairs: list[tuple[Row, Measured]]) -> list[dict[str, float | str]]:
    """Compare metric by metric: share of equal values, relative difference, Spearman's rho, medians."""
    return [_compare(name, pairs) for name in NAMES]


def _compare(name: str, pairs: list[tuple[Row, Measured]]) -> dict[str, float | str]:
    both = [
        (ours, float(row[name])) for row, one in pairs if (ours := getattr(one.metrics, name)) is not None
    ]
    ours, theirs = [pair[0] for pair in both], [pair[1] for pair in both]
    # The table is rounded to six significant digits.
    equal = [abs(a - b) <= 1e-5 * max(1.0, abs(b)) for a, b in both]
    return {
        "metric": name,
        "commits": len(both),
        "equal": sum(equal) / len(equal),
        "median_relative_difference": median(abs(a - b) / max(abs(b), 1.0) for a, b in both),
        "spearman": correlation(ranks(ours), ranks(theirs)),
        "median_ours": median(ours),
        "median_published": median(theirs),
    }


def ranks(values: list[float]) -> list[float]:
    """Return fractional ranks: equal values share the mean of their places."""
    order = sorted(range(len(values)), key=values.__getitem__)
    result = [0.0] * len(values)
    start = 0
    for end in range(1, len(order) + 1):
        if end == len(order) or values[order[end]] != values[order[start]]:
            for place in order[start:end]:
                result[place] = (start + end - 1) / 2
            start = end
    return result


def show(title: str, rows: list[dict[str, float | str]]) -> None:
    print(f"\n{title}: {rows[0]['commits']}")
    print(f"{'metric':8} {'equal':>7} {'med.rel.diff':>13} {'Spearman':>9} {'ours':>9} {'published':>10}")
    for row in rows:
        print(
            f"{row['metric']:8} {row['equal']:7.3f} {row['median_relative_difference']:13.3f} "
            f"{row['spearman']:9.3f} {row['median_ours']:9.2f} {row['median_published']:10.2f}"
        )


def write(path: Path, pairs: list[tuple[Row, Measured]]) -> None:
    """Write riskbot's metrics with the published label and split, in the published order of columns."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(
            file,
            ["repository", "commit", "author_date_unix", "buggy", "split", *NAMES],
            extrasaction="ignore",
        )
        writer.writeheader()
        for row, one in pairs:
            writer.writerow(row | asdict(one.metrics))


if __name__ == "__main__":
    main()
