"""How long the plain install takes and how much disk it needs; packages come from pip's cache if there."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import measure

PROJECT = Path(__file__).resolve().parent.parent


def main() -> None:
    options = measure.arguments(__doc__, repository=False, runs=3).parse_args()
    seconds, megabytes = [], []
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            start = time.perf_counter()
            subprocess.run(
                [f"{folder}/bin/pip", "install", "--quiet", str(PROJECT)],
                check=True,
                stderr=subprocess.DEVNULL,
            )
            seconds.append(time.perf_counter() - start)
            files = (path for path in Path(folder).rglob("*") if path.is_file() and not path.is_symlink())
            megabytes.append(sum(path.stat().st_blocks * 512 for path in files) / 1e6)
    median, disk = sorted(seconds)[len(seconds) // 2], max(megabytes)
    rows = [
        ("pip install .", f"{median:.0f} s", "<= 45 s", measure.met(median <= 45)),
        ("disk, the environment with pip itself", f"{disk:.0f} MB", "<= 700 MB", measure.met(disk <= 700)),
    ]
    measure.show("The plain install", rows, {"seconds": seconds, "megabytes": megabytes}, options.json)


if __name__ == "__main__":
    main()
