"""Collect the wheels of the plain install, so that the wheel test installs without a network.

Usage: ``python tests/wheelhouse.py FOLDER``. They are what this very environment has, so the test
installs the versions that the suite ran on.
"""

import importlib.metadata
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement


def closure(names: list[str]) -> dict[str, str]:
    """Return the versions of ``names`` and of everything they need, as installed here."""
    found: dict[str, str] = {}
    queue = [Requirement(name) for name in names]
    while queue:
        wanted = queue.pop()
        name = wanted.name.lower().replace("_", "-")
        extras = wanted.extras or {""}
        if wanted.marker and not any(wanted.marker.evaluate({"extra": extra}) for extra in extras):
            continue
        if name in found:
            continue
        distribution = importlib.metadata.distribution(name)
        found[name] = distribution.version
        for text in distribution.requires or []:
            need = Requirement(text)
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras):
                need.marker = None
                queue.append(need)
    return found


def main() -> None:
    folder = Path(sys.argv[1])
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    versions = closure(project["dependencies"])
    pins = [f"{name}=={version}" for name, version in sorted(versions.items())]
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), *pins],
        check=True,
    )


if __name__ == "__main__":
    main()
