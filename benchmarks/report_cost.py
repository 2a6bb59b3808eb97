"""What each report format costs: a small change with code, and 30, 300 and 3,000 files with a finding each.

    python benchmarks/report_cost.py [--runs 9] [--json FILE]

Prints medians of at least 7 runs in one process, and once how long the first text takes, imports included.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from make import make_change
from make_verdict import make_assessment, make_finding, make_verdict

from riskbot.report import FORMATS, render


def milliseconds(verdict, format_: str, runs: int) -> float:
    """Time one format."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        render(verdict, format_, color=True)
        taken.append(time.perf_counter() - start)
    return round(1000 * statistics.median(taken), 1)


def many(files: int):
    """Make a verdict on so many files, each with a finding."""
    change = make_change({f"src/file_{number}.py": ("a\n", "b\n") for number in range(files)})
    findings = tuple(make_finding(path=file.path, line=1) for file in change.files)
    return make_verdict(make_assessment(change, findings=findings))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    runs = max(7, chosen.runs)
    start = time.perf_counter()
    import rich.console
    import rich.text  # noqa: F401

    rich_ms = round(1000 * (time.perf_counter() - start), 1)
    start = time.perf_counter()
    render(make_verdict(), "text", color=True)
    first_ms = round(1000 * (time.perf_counter() - start), 1)
    cases = {"4 files with code": make_verdict(), **{f"{n:,} files": many(n) for n in (30, 300, 3000)}}
    rows = {
        name: {each: milliseconds(verdict, each, runs) for each in FORMATS} for name, verdict in cases.items()
    }
    print(f"importing rich {rich_ms} ms; the first text after that {first_ms} ms")
    print(f"{'ms, median of ' + str(runs):>20}" + "".join(f"{each:>10}" for each in FORMATS))
    for name, row in rows.items():
        print(f"{name:>20}" + "".join(f"{row[each]:>10}" for each in FORMATS))
    if chosen.json:
        chosen.json.write_text(
            json.dumps({"rich_ms": rich_ms, "first_text_ms": first_ms, "median_ms": rows}, indent=2) + "\n"
        )


if __name__ == "__main__":
    main()
