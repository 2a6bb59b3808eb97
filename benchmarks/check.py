"""`riskbot check` on real commits of five Python files, against plain `semgrep scan` on the same files.

The commits are picked by a rule, not by hand: the newest non-merge commits that modify exactly five Python
files and nothing else. The plain scan gets the same rules, on the same five files as the commit left them:
once as the folder that a user has, once merged into one JSON file, which semgrep reads faster.
"""

import subprocess
import tempfile
from pathlib import Path

import measure

from riskbot.detect.rules import load, rule_files

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
        files = materialise(repository, commit, Path(folder) / "files")
        merged, rules = Path(folder) / "rules.json", Path(folder) / "rules"
        pack = load(RULES)
        merged.write_bytes(pack.merged)
        rules.mkdir()
        for file in rule_files(RULES):  # plain semgrep knows nothing of native rules
            if file.stem in pack.languages:
                (rules / file.name).write_bytes(file.read_bytes())
        scan = [measure.SEMGREP, "scan", "--metrics=off", "--disable-version-check", "--config"]
        # A scan that fails is fast: only one that works is a measure.
        subprocess.run([*scan, str(rules), *files], check=True, capture_output=True)
        subprocess.run([*scan, str(merged), *files], check=True, capture_output=True)
        seconds = measure.alternate(
            {
                "check": lambda: measure.run(check),
                "folder": lambda: measure.run([*scan, str(rules), *files]),
                "merged": lambda: measure.run([*scan, str(merged), *files]),
            },
            runs,
        )
    total, largest = measure.peak_memory(check)
    lines = sum(
        git(repository, "show", f"{commit}:{name}").count(b"\n")
        for name in git(repository, "diff", "--name-only", f"{commit}^!").decode().splitlines()
    )
    return {**seconds, "lines": lines, "pss_mb": total, "rss_mb": largest}


def main() -> None:
    parser = measure.arguments(__doc__)
    parser.add_argument("--commits", type=int, default=5, help="how many commits (default: 5)")
    options = parser.parse_args()
    size = int(git(options.repository, "rev-list", "--count", "HEAD"))
    figures = {
        c: measure_commit(options.repository, c, options.runs)
        for c in commits(options.repository, options.commits)
    }
    rows = []
    for commit, figure in figures.items():
        name = f"{commit[:10]} ({figure['lines']:,} lines)"
        for way in ("folder", "merged"):
            ratio = figure["check"] / figure[way]
            seconds = f"{figure['check']:.2f} s against {figure[way]:.2f} s"
            what = f"{name}, rules as a {way} file" if way == "merged" else f"{name}, rules as a folder"
            rows.append((what, f"{ratio:.2f} ({seconds})", "<= 0.6, aim 0.4", measure.met(ratio <= 0.6)))
        memory = f"{figure['pss_mb']:.0f} MB (largest process {figure['rss_mb']:.0f} MB)"
        rows.append((f"{name}, peak memory", memory, "<= 300 MB", measure.met(figure["pss_mb"] <= 300)))
    measure.show(f"riskbot check, five Python files, {size:,} commits", rows, figures, options.json)


if __name__ == "__main__":
    main()
