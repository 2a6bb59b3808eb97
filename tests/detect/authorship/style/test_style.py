"""Loading the model of style, and what it says and does not say."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

import pytest
from make import make_file

from riskbot.detect.authorship import style
from riskbot.detect.authorship.style.features import VERSION
from riskbot.detect.authorship.style.model import Line
from riskbot.domain.change import Actor, Commit
from riskbot.domain.errors import EvaluationError

TOLD = {
    "version": VERSION,
    "features": ["comment_lines", "docstrings"],
    "center": [0.5, 0.0],
    "spread": [0.25, 1.0],
    "weight": [2.0, 9.0],
    "intercept": 0.0,
    "scale": 1.0,
    "shift": 0.0,
    "low": 0.2,
    "high": 0.9,
    "lines": 20,
}


def made(place: Path, told: object = TOLD, *, enabled: bool = False) -> Path:
    place.mkdir(exist_ok=True)
    data = json.dumps(told).encode()
    (place / "model.json").write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    (place / "manifest.toml").write_text(
        f'enabled = {str(enabled).lower()}\nwarning = "wrong in 7 of 100."\n[files]\n"model.json" = "{digest}"\n'
    )
    return place


def lines(comments: int, others: int) -> dict[str, list[str]]:
    return {"a.py": ["# a word"] * comments + ["x = 1"] * others}


def commit(*parents: str) -> Commit:
    return Commit("c" * 40, "t", parents, Actor("A", "a@x.org"), Actor("A", "a@x.org"), 0, 0, "m")


def test_the_logit_is_the_weighted_sum_and_what_is_unknown_counts_nothing():
    line = Line.parse(TOLD)
    assert line.calibrated({"comment_lines": 0.75, "docstrings": None}) == pytest.approx(
        1 / (1 + math.exp(-2))
    )
    assert line.raw({"comment_lines": 99.0}) == 8.0, "cut off at four deviations"
    assert line.raw({}) == 0.0


def test_it_speaks_only_where_it_is_sure(tmp_path):
    found = style.load(experimental=True, place=made(tmp_path / "m"))
    assert found is not None
    assert found.probability(lines(20, 0)) == pytest.approx(1 / (1 + math.exp(-4)))
    assert found.probability(lines(0, 20)) == pytest.approx(1 / (1 + math.exp(4)))
    assert found.probability(lines(10, 10)) is None, "the middle"
    assert found.probability(lines(19, 0)) is None, "too few lines"
    assert found.probability({"a.js": ["# a word"] * 50}) is None, "another language"


def test_off_is_off_unless_somebody_asks(tmp_path):
    off, on = made(tmp_path / "off"), made(tmp_path / "on", enabled=True)
    assert style.load(place=off) is None
    assert style.load(place=off, experimental=True) is not None
    assert style.load(place=on) is not None


def test_a_guess_is_flagged_with_its_measured_error_and_never_for_a_merge(tmp_path):
    found = style.load(experimental=True, place=made(tmp_path / "m"))
    assert found is not None
    patch = (make_file("a.py", b"", b"# a word\n" * 30), make_file("dist/b.py", b"", b"x = 1\n" * 300))
    guess = found(commit("p"), patch)
    assert guess is not None
    assert guess.flagged
    assert "7 of 100" in guess.note
    assert found(commit("p", "q"), patch) is None
    low = found(commit("p"), (make_file("a.py", b"", b"x = 1\n" * 30),))
    assert low is not None
    assert (low.flagged, low.note) == (False, "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": VERSION + 1},
        {"features": ["comment_lines", "no_such"]},
        {"weight": [1.0]},
        {"spread": [0.0, 1.0]},
        {"intercept": math.inf},
        {"low": 0.95},
        {"features": 3},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_damaged_model_is_named(tmp_path, wrong):
    place = made(tmp_path / "m", TOLD | wrong)
    with pytest.raises(EvaluationError, match="damaged"):
        style.load(experimental=True, place=place)


def test_another_file_than_the_manifests_is_refused(tmp_path):
    place = made(tmp_path / "m")
    (place / "model.json").write_text(json.dumps(TOLD | {"intercept": 5.0}))
    with pytest.raises(EvaluationError, match="not the one"):
        style.load(experimental=True, place=place)
    (place / "model.json").unlink()
    with pytest.raises(EvaluationError, match="cannot be read"):
        style.load(experimental=True, place=place)
