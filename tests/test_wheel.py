"""The built wheel, installed into an empty environment and run from another folder."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from make import make_commit, make_repository

ROOT = Path(__file__).resolve().parent.parent
WHEELHOUSE = Path(sys.prefix) / "wheelhouse"


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
def test_the_wheel_works_alone(tmp_path):
    if not WHEELHOUSE.is_dir():
        pytest.fail(
            f"{WHEELHOUSE} is missing: run the suite by `make test`, or python tests/wheelhouse.py {WHEELHOUSE}"
        )
    built = run(
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        tmp_path / "dist",
        ROOT,
        cwd=tmp_path,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    empty = tmp_path / "empty"
    venv.create(empty, with_pip=True)
    installed = run(
        empty / "bin/pip", "install", "--no-index", "--find-links", WHEELHOUSE, "--quiet", wheel, cwd=tmp_path
    )
    assert installed.returncode == 0, installed.stderr
    repository = make_repository(tmp_path / "elsewhere", {"a.py": "import os\n\n\ndef f(x):\n    return x\n"})
    make_commit(repository, {"a.py": "import os\n\n\ndef f(x):\n    return eval(x)\n"})
    done = run(empty / "bin/riskbot", "check", "HEAD^!", "--format", "json", cwd=repository)
    assert done.returncode in {0, 1}, done.stderr
    report = json.loads(done.stdout)
    assert report["assessment"]["failures"] == []
    assert any("eval" in finding["rule"] for finding in report["findings"]), "the bundled rules did not run"
    shipped = "risk" if (ROOT / "models" / "risk" / "manifest.toml").is_file() else "metrics"
    assert report["assessment"]["model"]["name"] == shipped
    assert report["verdict"]["policy"]["name"] == "default"
    listed = run(empty / "bin/pip", "list", cwd=tmp_path).stdout.lower()
    assert "torch" not in listed
    assert "scikit" not in listed
