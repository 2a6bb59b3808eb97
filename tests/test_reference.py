"""The repository's own changes as the reference of a percentile."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from functools import partial

import pytest
from assess.make_model import make_model
from make import git, make_commit, make_repository

from riskbot import reference, toolbox
from riskbot.assess import LinearModel
from riskbot.domain.errors import EvaluationError
from riskbot.gather.history.recent import anchor, newest, recent
from riskbot.gather.history.walk import walk
from riskbot.outside.bundled import folder
from riskbot.outside.git import Git
from riskbot.settings import Settings

MODEL = LinearModel.load(folder("models") / "metrics")


def _load():
    pytest.fail("the small model needs no other processes")


@pytest.fixture
def root(tmp_path):
    """Thirty commits of growing size in April, one in May."""
    repository = make_repository(tmp_path / "r")
    for number in range(1, 31):
        text = "".join(f"x{number}_{i} = {i}\n" for i in range(number))
        make_commit(repository, {f"f{number % 3}.py": text}, when=f"2024-04-{number:02}T12:00:00+00:00")
    make_commit(repository, {"f0.py": "y = 1\n"}, when="2024-05-20T12:00:00+00:00")
    return repository


def test_the_anchor_is_the_last_commit_before_the_month_of_the_base(root):
    door = Git.open(root)
    april = git(root, "rev-parse", "HEAD^").decode().strip()
    assert anchor(door, door.resolve("HEAD")) == april
    assert anchor(door, april) is None, "nothing is older than the first month"


def test_recent_is_the_end_of_the_walk(root):
    door = Git.open(root)
    tip = door.resolve("HEAD")
    assert recent(door, tip, 7) == tuple(measured.metrics for measured in walk(door, tip))[-7:]


def test_scores_are_kept_and_the_same_when_read_back(root, tmp_path, monkeypatch):
    door = Git.open(root)
    first = reference.own_scores(door, door.resolve("HEAD"), MODEL, _load, folder=tmp_path / "kept")
    assert len(first) == 30
    monkeypatch.setattr(reference, "recent", lambda *_: pytest.fail("it walked again"))
    assert reference.own_scores(door, door.resolve("HEAD"), MODEL, _load, folder=tmp_path / "kept") == first


def test_a_damaged_cache_is_computed_again(root, tmp_path):
    door = Git.open(root)
    base = door.resolve("HEAD")
    first = reference.own_scores(door, base, MODEL, _load, folder=tmp_path / "kept")
    (kept,) = (tmp_path / "kept").iterdir()
    kept.write_bytes(kept.read_bytes().replace(b"0.", b"9."))
    assert reference.own_scores(door, base, MODEL, _load, folder=tmp_path / "kept") == first


def test_a_past_that_cannot_be_read_gives_no_scores(root, tmp_path, monkeypatch):
    door = Git.open(root)

    def broken(*_: object) -> None:
        raise EvaluationError("git failed")

    monkeypatch.setattr(reference, "recent", broken)
    assert reference.own_scores(door, door.resolve("HEAD"), MODEL, _load, folder=tmp_path / "kept") == ()
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", str(shallow))
    assert reference.own_scores(Git.open(shallow), door.resolve("HEAD"), MODEL, _load) == ()


def test_a_model_that_reads_text_is_given_the_changes_themselves(root, tmp_path):
    chosen = Settings(model=str(make_model(tmp_path / "risk")))
    load = partial(toolbox.scorers, chosen)
    (model, _), _ = load()
    door = Git.open(root)
    base = door.resolve("HEAD")
    first = reference.own_scores(door, base, model, load, folder=tmp_path / "kept")
    assert len(first) == 30
    assert len(set(first)) > 3
    assert all(0 < probability < 1 for probability in first)
    # The same again is read back: nothing is loaded.
    assert reference.own_scores(door, base, model, _load, folder=tmp_path / "kept") == first
    # Without what is known of the author it is another reference.
    blind = partial(toolbox.scorers, replace(chosen, author_features=False))
    (unknowing, _), _ = blind()
    other = reference.own_scores(door, base, unknowing, blind, folder=tmp_path / "kept")
    assert len(other) == 30
    assert other != first


def test_the_newest_are_those_that_the_walk_ends_with(root):
    door = Git.open(root)
    tip = door.resolve("HEAD")
    walked = [measured.entry.id for measured in walk(door, tip)]
    assert newest(door, tip, 7) == walked[-7:]
    assert newest(door, tip, 1000) == walked


@pytest.mark.parametrize(("count", "named"), [(210, "own 210 recent changes"), (30, "OpenStack")])
def test_check_says_what_it_compared_with(tmp_path, count, named):
    """With fewer than 200 changes of its own the model's reference serves, and the report says so."""
    root = make_repository(tmp_path / "r")
    stream = "".join(
        f"commit refs/heads/main\ncommitter A <a@example.org> {1_700_000_000 + i} +0000\ndata 1\nx\n"
        f"M 100644 inline f{i % 9}.py\ndata {len(text)}\n{text}\n"
        for i in range(count)
        for text in [f"x = {i}\n" * (i % 7 + 1)]
    )
    git(root, "fast-import", "--quiet", stdin=stream.encode())
    git(root, "reset", "-q", "--hard", "main")
    make_commit(root, {"f1.py": "z = 1\n"})
    make_commit(root, {"f1.py": "z = 2\n"})
    done = subprocess.run(
        [sys.executable, "-m", "riskbot", "check", "HEAD^!", "--format", "json"],
        cwd=root,
        env=os.environ | {"RISKBOT_PERCENTILE_REFERENCE": "repository", "RISKBOT_MODEL": "metrics"},
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    assert named in json.loads(done.stdout)["assessment"]["model"]["reference"]
