"""The shipped model of style: its twins, its hashes, and that it is off unless it passed its gate."""

import json
import tomllib
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pytest

from riskbot.detect.authorship import style
from riskbot.settings import Settings

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "models" / "authorship"
MANIFEST = tomllib.loads((FOLDER / "manifest.toml").read_text())
METRICS = json.loads((FOLDER / "metrics.json").read_text())


def test_every_file_is_in_the_manifest_with_its_hash():
    named = MANIFEST["files"] | MANIFEST["documents"]
    assert set(named) == {path.name for path in FOLDER.iterdir()} - {"manifest.toml"}
    for name, digest in named.items():
        assert sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name


def test_it_is_on_only_if_the_figures_pass_the_gate():
    gate = pytest.importorskip("riskbot.learn.authorship.gate")
    tests = gate.gate(METRICS)
    assert [asdict(test) for test in tests] == METRICS["gate"]
    assert MANIFEST["enabled"] is METRICS["enabled"] is gate.passed(tests)
    assert (style.load() is None) is not MANIFEST["enabled"]
    assert Settings().authorship_style is MANIFEST["enabled"]


def test_it_can_be_asked_for_and_says_how_wrong_it_is():
    found = style.load(experimental=True)
    assert found is not None
    assert found.line.lines == 20
    parts = [METRICS[part]["alarms"]["late_repositories"] for part in ("training", "measuring")]
    worst = max(one["rate"] for part in parts for one in part.values())
    assert f"{worst:.1%}" in found.warning


def test_only_training_repositories_taught_it():
    trained = {name for name, one in METRICS["counts"].items() if one["trains"]}
    assert set(MANIFEST["training"]["repositories"]) == trained == set(METRICS["trainers"])
    config = tomllib.loads((ROOT / "benchmarks" / "authorship-style.toml").read_text())
    assert trained <= set(config["training"])


def test_the_card_says_the_measured_numbers():
    card = (FOLDER / "card.md").read_text()
    for part in ("training", "measuring"):
        for contrast in ("late", "same_year", "gold"):
            if (area := METRICS[part]["contrasts"][contrast]["auc"]) is not None:
                assert f"{area:.3f}" in card
        assert f"{METRICS[part]['alarms']['eras']['late']['rate']:.1%}" in card
    assert "## False alarms by group" in card
    for test in METRICS["gate"]:
        assert test["found"] in card
