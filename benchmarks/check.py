"""`riskbot check` on real commits of five Python files, against plain `semgrep scan` on the same files.

The commits are picked by a rule, not by hand: the newest non-merge commits that modify exactly five Python
files and nothing else. The plain scan gets the same rules, on the same five files as the commit left them.
"""

import subprocess
import tempfile
from pathlib import Path

import measure

RULES = Path(__file__).resolve().parent.parent / "rules"


def git(repository: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", repository, *arguments], check=True, capture_output=True).stdout


def commits(repository: Path, count: int) -> list[str]:
    """The newest non-merge commits that modify exactly five Python files and nothing else."""
    log = git(repository, "log", "--no-merges", "--no-renames", "--name-status", "--format=%x00%H").decode()
    found = []
    for entry in log.split("\0")[1:]:
        identity, _, names = entry.partition("\n\n")
        lines = names.splitlines()
        if len(lines) == 5 and all(line.startswith("M\t") and line.endswith(".py") for line in lines):
            found.append(identity.strip())
        if len(found) == count:
            break
    return found


def materialise(repository: Path, commit: str, folder: Path) -> list[str]:
    """Write the five files as the commit left them, and return their paths."""
    paths = []
    for name in git(repository, "diff", "--name-only", f"{commit}^!").decode().splitlines():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(git(repository, "show", f"{commit}:{name}"))
        paths.append(str(path))
    return paths


def measure_commit(repository: Path, commit: str, runs: int) -> dict[str, float]:
    check = [measure.RISKBOT, "check", "--repo", str(repository), f"{commit}^!"]
    with tempfile.TemporaryDirectory() as folder:
        files = materialise(repository, commit, Path(folder))
        scan = [
            measure.SEMGREP,
            "scan",
            "--metrics=off",
            "--disable-version-check",
            "--config",
            str(RULES),
            *files,
        ]
        seconds = measure.alternate(
            {"check": lambda: measure.run(check), "scan": lambda: measure.run(scan)}, runs
        )
    total, largest = measure.peak_memory(check)
    return {**seconds, "ratio": seconds["check"] / seconds["scan"], "pss_mb": total, "rss_mb": largest}


def main() -> None:
    parser = measure.arguments(__doc__)
    parser.add_argument("--commits", type=int, default=3, help="how many commits (default: 3)")
    options = parser.parse_args()
    size = int(git(options.repository, "rev-list", "--count", "HEAD"))
    figures = {
        c: measure_commit(options.repository, c, options.runs)
        for c in commits(options.repository, options.commits)
    }
    rows = []
    for commit, figure in figures.items():
        ratio = figure["ratio"]
        seconds = f"{figure['check']:.2f} s against {figure['scan']:.2f} s"
        rows.append(
            (f"{commit[:10]} wall", f"{ratio:.2f} ({seconds})", "<= 0.6, aim 0.4", measure.met(ratio <= 0.6))
        )
        memory = f"{figure['pss_mb']:.0f} MB (largest process {figure['rss_mb']:.0f} MB)"
        rows.append((f"{commit[:10]} peak memory", memory, "<= 300 MB", measure.met(figure["pss_mb"] <= 300)))
    measure.show(f"riskbot check, five Python files, {size:,} commits", rows, figures, options.json)


if __name__ == "__main__":
    main()
