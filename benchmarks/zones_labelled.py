"""Find the labelled flows with riskbot, with the zones compiled to semgrep's taint rules, and with Pysa.

A line ends with ``# leak`` where data of a zone arrives at a sink that does not accept it, and with
``# clean`` where it does not. Recall is the part of leaks that is found; a false positive is a clean line
that is named.

Run: ``python benchmarks/zones_labelled.py [FOLDER with zones.yaml] [--wrong]``. Pysa takes part if ``pyre``
is on the PATH or named by ``--pyre`` (``pip install pyre-check==0.10.0`` in an environment of its own, as it
pins other versions than riskbot), and for the labelled set alone: its models are written for that.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

from measure import RISKBOT, SEMGREP

HERE = Path(__file__).resolve().parent
FLOWS = HERE.parent / "tests" / "detect" / "flows"
LABELLED = FLOWS / "labelled"
PYSA = HERE / "data" / "pysa"
_MARK = re.compile(r"# (leak|clean)$")
_DEPTH = 8  # calls from Pysa's issue down to the sink itself

Lines = dict[str, set[int]]


def marks(folder: Path) -> dict[str, dict[int, str]]:
    """Read the labels: file -> line -> leak or clean."""
    found: dict[str, dict[int, str]] = {}
    for path in sorted(folder.rglob("*.py")):
        lines = path.read_text().split("\n")
        labels = {n: m[1] for n, line in enumerate(lines, 1) if (m := _MARK.search(line))}
        if labels:
            found[path.relative_to(folder).as_posix()] = labels
    return found


def riskbot(folder: Path) -> Lines:
    """Ask riskbot, as a user would."""
    command = [RISKBOT, "zones", "check", "--zones", "zones.yaml", "--format", "json", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        sys.exit(f"riskbot zones check ended with {done.returncode}: {done.stderr}")
    found: Lines = defaultdict(set)
    for flow in json.loads(done.stdout):
        found[flow["file"]].add(flow["line"])
    return found


def semgrep(folder: Path) -> Lines:
    """Run the compiled zones as plain semgrep rules."""
    compiled = subprocess.run(
        [RISKBOT, "zones", "compile", "--zones", "zones.yaml"], cwd=folder, capture_output=True, check=True
    )
    found: Lines = defaultdict(set)
    with tempfile.TemporaryDirectory() as scratch:
        rules = Path(scratch, "zones.yaml")
        rules.write_bytes(compiled.stdout)
        options = [
            "--experimental",
            "-j",
            "1",
            "--json",
            "--quiet",
            "--metrics=off",
            "--disable-version-check",
        ]
        files = [str(path.relative_to(folder)) for path in sorted(folder.rglob("*.py"))]
        command = [SEMGREP, "scan", *options, "--config", str(rules), *files]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    for row in json.loads(done.stdout)["results"]:
        found[row["path"]].add(row["start"]["line"])
    return found


def pysa(folder: Path, pyre: str) -> Lines:
    """Run Pysa over a copy, and follow each issue down to the line of its sink."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        shutil.copytree(folder, root, dirs_exist_ok=True)
        shutil.copytree(PYSA, root, dirs_exist_ok=True)
        (root / "pyre_configuration.json").rename(root / ".pyre_configuration")
        command = [pyre, "--noninteractive", "analyze", "--use-pyrefly", "--save-results-to", "out"]
        beside = Path(pyre).with_name("pyrefly")
        command += ["--pyrefly-binary", str(beside)] if beside.exists() else []
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        output = root / "out" / "taint-output.json"
        if not output.exists():
            sys.exit(f"Pysa ended with {done.returncode}: {done.stderr[-2000:]}")
        return _sinks([json.loads(line) for line in output.read_text().splitlines() if line.startswith("{")])


def _sinks(rows: list[dict]) -> Lines:
    models = {row["data"].get("callable"): row["data"] for row in rows if row.get("kind") == "model"}
    found: Lines = defaultdict(set)

    def follow(frames: list[dict], file: str, seen: frozenset[tuple[str, str]]) -> None:
        for frame in frames:
            if "origin" in frame:
                found[file].add(frame["origin"]["line"])
                if "call_site" in frame:
                    found[file].add(int(frame["call_site"].split(":")[0]))
            call = frame.get("call")
            for callee in call["resolves_to"] if call else ():
                model = models.get(callee) or models.get(f"Override{{{callee}}}") or {}
                key = (callee, call["port"])
                if key in seen or len(seen) > _DEPTH:
                    continue
                for sink in model.get("sinks", ()):
                    if sink["port"].split("[")[0] == call["port"].split("[")[0]:
                        follow(sink["taint"], model["filename"], seen | {key})

    for row in rows:
        if row.get("kind") == "issue":
            for trace in row["data"]["traces"]:
                if trace["name"] == "backward":
                    follow(trace["roots"], row["data"]["filename"], frozenset())
    return found


def count(labels: dict[str, dict[int, str]], found: Lines) -> dict[str, Counter]:
    """Count by file, and in all, the labels and what of them was found."""
    counts: dict[str, Counter] = {"all": Counter()}
    for file, lines in labels.items():
        here = counts[file] = Counter()
        for line, label in lines.items():
            here[label] += 1
            here[f"{label} found"] += line in found.get(file, ())
        counts["all"] += here
    return counts


def main() -> None:
    """Print a table; with --json the figures and every wrong line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=LABELLED)
    parser.add_argument("--pyre", default=shutil.which("pyre"))
    parser.add_argument("--wrong", action="store_true", help="list every line that an engine got wrong")
    options = parser.parse_args()
    labels = marks(options.folder)
    engines = {"riskbot": riskbot, "semgrep taint": semgrep}
    if options.pyre and options.folder.resolve() == LABELLED:
        engines["Pysa"] = lambda folder: pysa(folder, options.pyre)
    counts, seconds, wrong = {}, {}, {}
    for name, engine in engines.items():
        start = time.perf_counter()
        found = engine(options.folder)
        seconds[name] = time.perf_counter() - start
        counts[name] = count(labels, found)
        wrong[name] = [
            f"{file}:{line} ({'missed' if label == 'leak' else 'false alarm'})"
            for file, lines in labels.items()
            for line, label in lines.items()
            if (line in found.get(file, ())) != (label == "leak")
        ]
    print(f"| file | leaks/clean | {' | '.join(engines)} |\n|---|---|{'---|' * len(engines)}")
    for file in [*labels, "all"]:
        first = counts["riskbot"][file]
        cells = [
            f"{counts[name][file]['leak found']}/{counts[name][file]['clean found']}" for name in engines
        ]
        print(f"| {file} | {first['leak']}/{first['clean']} | {' | '.join(cells)} |")
    for name in engines:
        total = counts[name]["all"]
        recall, alarms = total["leak found"] / total["leak"], total["clean found"] / total["clean"]
        print(f"{name}: recall {recall:.3f}, false positives {alarms:.1%}, {seconds[name]:.1f} s")
        if options.wrong:
            print(*(f"  {each}" for each in wrong[name]), sep="\n")


if __name__ == "__main__":
    main()
