"""`riskbot score` as a person and a program meet it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from assess.make_model import make_model
from make import make_commit, make_repository


def score(*arguments: str, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "riskbot", "score", *arguments]
    return subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, timeout=300, env=os.environ)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    root = make_repository(tmp_path_factory.mktemp("score") / "r")
    ids = [
        make_commit(
            root, {"a.py": f"x = {number}\n" * 9}, f"step {number}", when=f"2024-05-0{number}T12:00:00Z"
        )
        for number in range(1, 4)
    ]
    return root, ids


def rows(done: subprocess.CompletedProcess[bytes], code: int = 0) -> list[dict[str, object]]:
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_line_for_each_commit_in_the_order_given(repository):
    root, ids = repository
    asked = f"# newest first\n{ids[2]}\n\nHEAD~2\n{ids[1]}\n".encode()
    found = rows(score("--commits", "-", "--baseline", "metrics", cwd=root, stdin=asked))
    assert [one["commit"] for one in found] == [ids[2], ids[0], ids[1]]
    assert all(set(one) == {"commit", "probability", "percentile", "band", "model"} for one in found)
    assert all(str(one["model"]).startswith("metrics@") for one in found)


def test_what_is_unknown_has_its_line_and_ends_with_3(repository, tmp_path):
    root, ids = repository
    (tmp_path / "list").write_text(f"{ids[0]}\n--output={tmp_path}/evil\n{'f' * 40}\n")
    done = score("--repo", str(root), "--commits", "list", "--baseline", "metrics", cwd=tmp_path)
    found = rows(done, 3)
    assert ["error" in one for one in found] == [False, True, True]
    assert not (tmp_path / "evil").exists()
    assert b"2 of 3 commits could not be scored" in done.stderr


def test_a_model_of_ones_own_and_a_file(repository, tmp_path):
    root, ids = repository
    make_model(tmp_path / "model")
    done = score(
        *(
            "--repo",
            str(root),
            "--commits",
            "-",
            "--jobs",
            "2",
            "--model",
            "model",
            "--output",
            "scores.jsonl",
        ),
        cwd=tmp_path,
        stdin="\n".join(ids).encode(),
    )
    assert rows(done) == []
    found = [json.loads(line) for line in (tmp_path / "scores.jsonl").read_text().splitlines()]
    assert [one["commit"] for one in found] == ids
    assert all(str(one["model"]).startswith("risk@") for one in found)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--commits", "nowhere"), b"cannot be read"),
        (("--commits", "-", "--jobs", "0"), b"whole number from 1 to 256"),
        (("--commits", "-", "--repo", "nowhere"), b"There is no folder"),
        (("--commits", "-", "--baseline", "metrics", "--model", "x"), b"not allowed with"),
        ((), b"--commits"),
    ],
)
def test_what_cannot_be_asked_for(repository, arguments, message):
    done = score(*arguments, cwd=repository[0])
    assert done.returncode == 2
    assert message in done.stderr


def test_a_model_that_is_none_is_named(repository, tmp_path):
    root, ids = repository
    done = score("--commits", "-", "--model", str(tmp_path), cwd=root, stdin=ids[0].encode())
    assert done.returncode == 3
    assert b"manifest.toml" in done.stderr


def test_nothing_asked_is_nothing_said(repository):
    assert rows(score("--commits", "-", "--baseline", "metrics", cwd=repository[0])) == []


def test_the_settings_at_head_count(tmp_path):
    root = make_repository(tmp_path / "r", {"a.py": "x\n", ".riskbot/settings.toml": 'model = "metrics"\n'})
    done = score("--commits", "-", cwd=root, stdin=b"HEAD\n")
    assert str(rows(done)[0]["model"]).startswith("metrics@")
