"""Run every benchmark that has a target: ``make bench REPO=path`` of a clone with a long history."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
WITH_REPOSITORY = ("check.py", "diff_exact.py", "gather.py", "structure.py")
ALONE = ("startup.py", "large_change.py", "report_cost.py", "install.py", "judging.py", "owners.py")


def main() -> None:
    repositories = sys.argv[1:]
    if not repositories:
        sys.exit("Name a clone with a long history: make bench REPO=path")
    failed = []
    for name in (*ALONE, *WITH_REPOSITORY):
        extra = repositories if name in WITH_REPOSITORY else []
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, HERE / name, *extra], check=False).returncode:
            failed.append(name)
    print("\nhistory.py compares with PyDriller, which takes minutes: run it by hand.")
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
