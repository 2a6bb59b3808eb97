"""`riskbot check` on changes of 30, 300 and 3,000 files: time should be linear, memory bounded."""

import math
import subprocess
import tempfile
from pathlib import Path

import measure

SIZES = (30, 300, 3000)


def make(folder: Path, count: int) -> None:
    """A repository whose last commit modifies ``count`` Python files of 60 lines, two places in each."""
    run = lambda *arguments: subprocess.run(  # noqa: E731
        ["git", "-C", folder, "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments], check=True
    )
    run("init", "-q", "-b", "main")
    for version in (1, 2):
        for number in range(count):
            body = [f"def function_{i}(value):\n    return value + {i}\n\n\n" for i in range(15)]
            if version == 2:
                body[2] = (
                    "def function_2(value):\n    if value is None:\n        return 0\n    return 2\n\n\n"
                )
                body[9] = "def function_9(value, scale):\n    return value * scale\n\n\n"
            path = folder / f"package_{number % 40}" / f"module_{number}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text("".join(body))
        run("add", "-A")
        run("commit", "-q", "-m", f"version {version}")


def main() -> None:
    options = measure.arguments(__doc__, repository=False, runs=3).parse_args()
    figures: dict[str, dict[str, float]] = {}
    for count in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder), count)
            command = [measure.RISKBOT, "check", "--repo", folder, "--format", "json", "HEAD^!"]
            seconds = measure.alternate({"check": lambda c=command: measure.run(c)}, options.runs)["check"]
            total, largest = measure.peak_memory(command)
            figures[str(count)] = {"seconds": seconds, "pss_mb": total, "rss_mb": largest}
    rows = []
    for count in SIZES:
        figure = figures[str(count)]
        memory = f"{figure['pss_mb']:.0f} MB (largest process {figure['rss_mb']:.0f} MB)"
        per_file = figure["seconds"] / count * 1000
        rows.append(
            (f"{count:,} files: time", f"{figure['seconds']:.2f} s ({per_file:.1f} ms a file)", "", "")
        )
        rows.append((f"{count:,} files: memory", memory, "<= 600 MB", measure.met(figure["pss_mb"] <= 600)))
    # Where time grows in proportion to the files, ten times the files take ten times as long: exponent 1.
    exponent = math.log10(figures["3000"]["seconds"] / figures["300"]["seconds"])
    rows.append(
        (
            "exponent of growth, 300 to 3,000 files",
            f"{exponent:.2f}",
            "<= 1.05",
            measure.met(exponent <= 1.05),
        )
    )
    measure.show("A large change", rows, {"sizes": figures, "exponent": exponent}, options.json)


if __name__ == "__main__":
    main()
