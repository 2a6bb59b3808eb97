"""Rebuild the figures of ``models/risk/metrics.json`` from a learning run, and compare.

    python benchmarks/risk_model.py OUT [--model models/risk] [--draws N] [--write FOLDER]

OUT is the work folder of ``riskbot learn``. Its ``evaluation/`` keeps every measured change with its label
and the score of every ranking; from these all figures, intervals and plots are made again. Nothing is fitted.
What OUT lacks is named. Figures that differ from those in ``metrics.json`` are listed and end the program
with 1. ``--write`` puts metrics.json and the plots into a folder.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from riskbot.learn.evaluate import bootstrap, document, plots, scored, targets

NEAR = 2e-6
"""Figures are rounded to six digits; the last may differ between machines."""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path, help="the work folder of the learning run")
    parser.add_argument(
        "--model", type=Path, default=Path("models/risk"), help="the folder with metrics.json"
    )
    parser.add_argument("--draws", type=int, default=bootstrap.TIMES, help="draws of the bootstrap")
    parser.add_argument("--write", type=Path, help="a folder for metrics.json and the plots")
    options = parser.parse_args()
    folder = options.out / "evaluation"
    for line in document.missing(folder):
        print(f"missing in {folder}: {line}", file=sys.stderr)
    metrics = document.rebuild(folder, times=options.draws, told=lambda name: print(f"measuring {name}"))
    show(metrics["targets"])
    outcome = compare(options.model / document.METRICS, metrics)  # before it may be written over
    if options.write:
        write(options.write, folder, metrics)
    return outcome


def show(found: list[dict[str, Any]]) -> None:
    for row in found:
        value = "not measured" if row["value"] is None else f"{row['value']:.4f}"
        interval = "" if not row["interval_95"] else "({:.4f} to {:.4f})".format(*row["interval_95"])
        met = {True: "reached", False: "NOT REACHED", None: ""}[row["met"]]
        print(f"{row['figure']}  {row['text']:<62} {row['wanted']:<22} {value:>12} {interval:<20} {met}")


def write(folder: Path, evaluation: Path, metrics: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    document.save(folder / document.METRICS, metrics)
    cross = evaluation / document.SETS / f"{targets.CROSS}.parquet"
    plots.draw(folder, metrics, curves=scored.read(cross) if cross.is_file() else None)


def compare(path: Path, metrics: dict[str, Any]) -> int:
    if not path.is_file():
        print(f"{path} is not there: nothing to compare with", file=sys.stderr)
        return 0
    kept = dict(flat(json.loads(path.read_text(encoding="utf-8"))))
    made = dict(flat(metrics))
    other = [name for name in sorted(kept.keys() | made.keys()) if not same(kept.get(name), made.get(name))]
    for name in other[:40]:
        print(f"{name}: {path.name} has {kept.get(name)}, rebuilt {made.get(name)}", file=sys.stderr)
    print(f"{len(made) - len(other):,} of {len(made):,} values are those of {path}")
    return 1 if other else 0


def flat(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Give every single value with its path."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from flat(item, f"{name}/{key}")
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from flat(item, f"{name}/{at}")
    else:
        yield name, value


def same(one: Any, other: Any) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        numbers = isinstance(one, (int, float)) and isinstance(other, (int, float))
        return numbers and math.isclose(one, other, rel_tol=0, abs_tol=NEAR)
    return bool(one == other)


if __name__ == "__main__":
    raise SystemExit(main())
