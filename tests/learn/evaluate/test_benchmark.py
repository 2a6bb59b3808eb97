"""The benchmark that rebuilds the figures from a run's folder."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from riskbot.learn.evaluate import document

SCRIPT = Path(__file__).parents[3] / "benchmarks" / "risk_model.py"


@pytest.fixture
def run(tmp_path, monkeypatch, scored):
    spec = importlib.util.spec_from_file_location("risk_model", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    document.write(tmp_path / "evaluation", [scored], extra={"swaps": {}})

    def call(*options):
        arguments = [str(tmp_path), "--model", str(tmp_path / "model"), "--draws", "20", *options]
        monkeypatch.setattr(sys, "argv", ["risk_model.py", *arguments])
        return module.main()

    return call


def test_figures_come_back_and_another_figure_is_named(tmp_path, run, capsys):
    model = tmp_path / "model"
    assert run("--write", str(model)) == 0
    said = capsys.readouterr()
    assert "missing in" in said.err
    assert "reverts.parquet" in said.err
    assert "nothing to compare with" in said.err
    assert "cross-project: AUC" in said.out
    assert (model / "capture.png").is_file()
    assert run() == 0
    metrics = json.loads((model / "metrics.json").read_text())
    metrics["sets"]["cross-project"]["rankings"]["riskbot"]["auc"] += 0.001
    (model / "metrics.json").write_text(json.dumps(metrics))
    assert run() == 1
    assert "/sets/cross-project/rankings/riskbot/auc: metrics.json has" in capsys.readouterr().err
