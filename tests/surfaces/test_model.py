"""``riskbot model``: what it says of a model, and that nothing damaged passes."""

import json
import shutil
from pathlib import Path

import pytest
from assess.make_model import make_model, sign

from riskbot.surfaces.cli import main

METRICS = Path(__file__).parents[2] / "models" / "metrics"


@pytest.fixture
def folder(tmp_path):
    return make_model(tmp_path / "models" / "risk")


def test_info_says_who_it_is_what_it_reads_and_how_good_it_is(capsys):
    assert main(["model", "info", "--model", "metrics"]) == 0
    said = capsys.readouterr().out
    for word in (
        "metrics",
        "2,746 OpenStack commits",
        "7 numbers",
        "entropy",
        "auc",
        "0.7696",
        "[0.7485, 0.7906]",
    ):
        assert word in " ".join(said.split())


def test_info_shows_the_figures_that_were_asked_for(folder, capsys):
    targets = [
        {"text": "AUC", "wanted": "≥ 0.79", "value": 0.8, "interval_95": [0.79, 0.81], "met": True},
        {"text": "latency", "wanted": "≤ 0.5", "value": 0.6, "interval_95": None, "met": False},
        {"text": "reverts", "wanted": "reported", "value": None, "interval_95": None, "met": None},
    ]
    (folder / "metrics.json").write_text(json.dumps({"targets": targets}))
    sign(folder)
    assert main(["model", "info", "--model", f"{folder}"]) == 0
    lines = {" ".join(line.split()) for line in capsys.readouterr().out.splitlines()}
    assert {
        "AUC 0.8000 [0.7900, 0.8100] met (≥ 0.79)",
        "latency 0.6000 not met (≤ 0.5)",
        "reverts unknown reported",
    } <= lines


def test_info_for_programs_has_everything(folder, capsys):
    assert main(["model", "info", "--model", str(folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["name"], told["version"], told["schema"]) == ("risk", "0-test", 1)
    assert told["metrics"]["capture"] == {"5": 0.2, "10": 0.35}
    assert set(told["files"]) == {"blend.json", "calibration.json", "model.onnx", "tokenizer.json"}
    assert len(told["sha256"]) == 64


def test_info_of_a_damaged_model_is_an_error(folder, capsys):
    (folder / "metrics.json").write_text("{}")
    assert main(["model", "info", "--model", str(folder)]) == 3
    assert "metrics.json is not the one" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["other", "", "./nowhere", "../"])
def test_a_model_that_is_not_there_is_a_usage_error(name, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = main(["model", "verify", "--model", name])
    assert code in ({3} if name == "../" else {2})
    assert "Installed are: " in capsys.readouterr().err or name == "../"


def test_verify_passes_what_is_whole(folder, capsys):
    assert main(["model", "verify"]) == 0
    assert "metrics: whole" in capsys.readouterr().out
    assert main(["model", "verify", "--model", str(folder)]) == 0
    assert capsys.readouterr().out == "risk: whole, every file as its manifest says\n"


@pytest.mark.parametrize("name", ["blend.json", "model.onnx", "metrics.json", "card.md"])
def test_verify_names_every_file_that_is_not_the_right_one(folder, name, capsys):
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    assert main(["model", "verify", "--model", str(folder)]) == 3
    heard = capsys.readouterr()
    assert heard.out == ""
    assert f"{folder / name} is not the one" in heard.err
    (folder / name).unlink()
    (folder / "tokenizer.json").unlink()
    assert main(["model", "verify", "--model", str(folder)]) == 3
    said = capsys.readouterr().err
    assert all(f"{folder / gone} cannot be read" in said for gone in (name, "tokenizer.json"))


def test_verify_names_what_the_manifest_does_not(folder, capsys):
    (folder / "extra.bin").write_bytes(b"x")
    assert main(["model", "verify", "--model", str(folder)]) == 3
    assert "extra.bin" in capsys.readouterr().err


def test_verify_loads_what_it_checks(folder, tmp_path, capsys):
    (folder / "model.onnx").write_bytes(b"signed, but no graph")
    sign(folder)
    assert main(["model", "verify", "--model", str(folder)]) == 3
    assert "onnxruntime refuses it" in capsys.readouterr().err
    copy = shutil.copytree(METRICS, tmp_path / "metrics")
    (copy / "manifest.toml").write_text("name = 3")
    assert main(["model", "verify", "--model", str(copy)]) == 3
    assert "cannot be read" in capsys.readouterr().err
