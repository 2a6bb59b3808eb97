"""``riskbot check`` down the whole road with a risk model, as a person would run it."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from assess.make_model import make_model
from make import git, make_commit, make_repository

from riskbot import toolbox
from riskbot.domain.errors import EvaluationError
from riskbot.outside import bundled
from riskbot.settings import Settings


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return make_model(tmp_path_factory.mktemp("models") / "ours")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = make_repository(tmp_path_factory.mktemp("work") / "r", {"a.py": "x = 1\n" * 30, "b.py": "y = 1\n"})
    make_commit(root, {"a.py": "x = 1\n" * 29 + "danger danger\n", "b.py": "calm calm\n"}, "a change")
    return root


def _check(root, model, *arguments, **variables):
    done = subprocess.run(
        [sys.executable, "-m", "riskbot", "check", *arguments, "--format", "json"],
        cwd=root,
        env=os.environ | {"RISKBOT_MODEL": str(model)} | variables,
        capture_output=True,
    )
    assert done.returncode in {0, 1, 3}, done.stderr
    return json.loads(done.stdout)["assessment"] if done.stdout else done.stderr.decode()


def test_the_text_is_read_and_the_reasons_add_up(root, models):
    told = _check(root, models, "HEAD^!")
    assert (told["model"]["name"], told["model"]["note"]) == ("risk", "")
    factors = {factor["name"]: factor for factor in told["factors"]}
    assert factors["text"]["value"] > 0
    assert told["logit"] == pytest.approx(told["intercept"] + sum(f["contribution"] for f in told["factors"]))
    first, second = told["hunks"]
    assert (first["file"], second["file"]) == ("a.py", "b.py")
    assert first["text"] > 0 > second["text"]
    assert [one["category"] for one in told["dimensions"]] == [
        "security", "privacy", "reliability", "compatibility", "data-migration", "supply-chain",
    ]  # fmt: skip


def test_the_same_change_gives_the_same_bytes(root, models):
    assert _check(root, models, "HEAD^!") == _check(root, models, "HEAD^!")


def test_without_a_line_to_read_the_small_model_speaks_and_says_so(root, models, tmp_path):
    make_repository(tmp_path / "r", {"a.bin": b"\x00\x01" * 50})
    make_commit(tmp_path / "r", {"a.bin": b"\x00\x02" * 50})
    told = _check(tmp_path / "r", models, "HEAD^!")
    assert told["model"]["name"] == "metrics"
    assert told["model"]["note"] == "there is no changed line to read, so it speaks instead of risk"
    assert "OpenStack" in told["model"]["reference"]


def test_the_author_can_be_left_out(root, models):
    told = _check(root, models, "HEAD^!", RISKBOT_AUTHOR_FEATURES="false")
    (exp,) = [factor for factor in told["factors"] if factor["name"] == "exp"]
    assert exp["value"] is None
    assert "author_features is off" in exp["note"]
    assert "author_features is off" in told["model"]["note"]


def test_a_bare_diff_is_read_too(root, models, tmp_path):
    (tmp_path / "x.diff").write_bytes(git(root, "diff", "HEAD^", "HEAD"))
    told = _check(tmp_path, models, "--diff", "x.diff")
    assert told["model"]["name"] == "risk"
    assert all(hunk["text"] is not None for hunk in told["hunks"])


def test_a_damaged_model_stops_the_check(root, models, tmp_path):
    folder = make_model(tmp_path / "damaged")
    (folder / "model.onnx").write_bytes(b"")
    said = _check(root, folder, "HEAD^!")
    assert f"{folder}/model.onnx is not the one its manifest names" in said


def test_where_the_risk_model_is_not_installed_the_small_one_stands_in_and_says_so(tmp_path, monkeypatch):
    (tmp_path / "models").mkdir()
    shutil.copytree(bundled.folder("models") / "metrics", tmp_path / "models" / "metrics")
    monkeypatch.setattr(bundled, "folder", lambda name: tmp_path / name)
    (model, scale), fallback = toolbox.scorers(Settings())
    assert (model.id.name, fallback) == ("metrics", None)
    assert model.id.note == "it stands in: the model risk is not installed"
    assert scale.model_id(model).note == model.id.note
    with pytest.raises(EvaluationError, match="cannot be read"):
        toolbox.scorers(Settings(model=str(tmp_path / "nowhere")))
