"""The shipped model's folder: its twins, its hashes, its honesty."""

import json
import tomllib
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "models" / "metrics"
MANIFEST = tomllib.loads((FOLDER / "manifest.toml").read_text())


def test_every_file_is_in_the_manifest_with_its_hash():
    named = MANIFEST["files"] | MANIFEST["documents"]
    assert set(named) == {path.name for path in FOLDER.iterdir()} - {"manifest.toml"}
    for name, digest in named.items():
        assert sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name


def test_the_training_data_are_the_committed_files():
    assert len(MANIFEST["training"]["data"]) == 2
    for name, digest in MANIFEST["training"]["data"].items():
        data = ROOT / "benchmarks" / "data" / name
        assert sha256(data.read_bytes()).hexdigest() == digest, name


def test_the_measures_are_those_of_the_published_rows():
    test = json.loads((FOLDER / "metrics.json").read_text())["test"]
    assert round(test["baselines"]["lines added alone"]["auc"], 4) == 0.7491
    low, high = test["intervals_95"]["auc"]
    assert low < test["model"]["auc"] < high


def test_the_card_says_the_measured_numbers():
    card = (FOLDER / "card.md").read_text()
    test = json.loads((FOLDER / "metrics.json").read_text())["test"]
    assert f"{test['model']['auc']:.4f}" in card
    assert "Labels are noisy" in card
    assert "## Fairness" in card
