import json
import math
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from hashlib import sha256

import pytest
from clock import seconds
from hypothesis import given
from hypothesis import strategies as st

from riskbot.assess import LinearModel
from riskbot.assess.blend import sigmoid
from riskbot.domain.change import Metrics
from riskbot.domain.errors import EvaluationError

from .conftest import FOLDER

MODEL = LinearModel.load(FOLDER)
NUMBER = st.none() | st.floats(allow_nan=True, allow_infinity=True) | st.integers(0, 10**12).map(float)
METRICS = st.builds(Metrics, **dict.fromkeys(Metrics.__dataclass_fields__, NUMBER))


@given(METRICS)
def test_contributions_and_intercept_give_the_logit_exactly(metrics):
    factors = MODEL.factors(metrics)
    logit = MODEL.logit(metrics)
    total = MODEL.intercept + sum(factor.contribution for factor in factors)
    assert math.isfinite(logit)
    assert total == pytest.approx(logit, abs=1e-12, rel=1e-12)
    assert sigmoid(logit) == MODEL.probability(metrics)
    assert 0 <= MODEL.probability(metrics) <= 1


@given(METRICS)
def test_the_weightiest_factor_comes_first_and_the_same_comes_twice(metrics):
    factors = MODEL.factors(metrics)
    sizes = [abs(factor.contribution) for factor in factors]
    assert sizes == sorted(sizes, reverse=True)
    assert factors == MODEL.factors(metrics)


def test_what_is_unknown_counts_as_the_average_and_says_so():
    factors = MODEL.factors(Metrics())
    assert all(factor.contribution == 0 and factor.value is None and factor.note for factor in factors)
    assert MODEL.logit(Metrics()) == MODEL.intercept


def test_new_files_only_are_said_to_have_no_age():
    (age,) = [f for f in MODEL.factors(Metrics(lt=0, age=0, la=5)) if f.name == "age"]
    assert (age.value, age.contribution) == (None, 0)
    assert "nothing existed before" in age.note


def test_a_model_that_gives_no_number_fails_instead_of_passing_for_calm():
    infinite = replace(MODEL.terms[0], weight=math.inf)
    for terms in ((replace(infinite, weight=math.nan),), (infinite, replace(infinite, weight=-math.inf))):
        with pytest.raises(EvaluationError, match="gives this change no score"):
            replace(MODEL, terms=terms).probability(Metrics(la=5))


def test_a_trillion_lines_are_risky_and_finite():
    metrics = Metrics(*([1e12] * 14))
    assert 0 <= MODEL.probability(metrics) <= 1
    assert MODEL.probability(Metrics(la=1e12)) > MODEL.probability(Metrics(la=1))


def test_sigmoid_never_overflows():
    assert (sigmoid(-1e9), sigmoid(0), sigmoid(1e9)) == (0, 0.5, 1)


def _copy(tmp_path):
    return shutil.copytree(FOLDER, tmp_path / "model")


def _sign(folder):
    """Make the manifest agree with the files again, as somebody who edits on purpose would."""
    text = (folder / "manifest.toml").read_text()
    for name, old in tomllib.loads(text)["files"].items():
        text = text.replace(old, sha256((folder / name).read_bytes()).hexdigest())
    (folder / "manifest.toml").write_text(text)


@pytest.mark.parametrize("name", ["model.json", "calibration.json"])
def test_a_changed_file_is_refused_by_name(tmp_path, name):
    folder = _copy(tmp_path)
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    with pytest.raises(EvaluationError, match=name) as caught:
        LinearModel.load(folder)
    assert "rebuild" in caught.value.mend


@pytest.mark.parametrize("name", ["model.json", "calibration.json", "manifest.toml"])
def test_a_missing_file_is_refused_by_name(tmp_path, name):
    folder = _copy(tmp_path)
    (folder / name).unlink()
    with pytest.raises(EvaluationError, match=name):
        LinearModel.load(folder)


@pytest.mark.parametrize(
    "text", ["", "[files]", "name = 3", "\x00", 'name = "m"\nfiles = 3', 'name="m"\n[files]\n"model.json"=1']
)
def test_a_garbled_manifest_is_refused(tmp_path, text):
    folder = _copy(tmp_path)
    (folder / "manifest.toml").write_text(text)
    with pytest.raises(EvaluationError):
        LinearModel.load(folder)


def test_another_schema_is_refused(tmp_path):
    folder = _copy(tmp_path)
    manifest = (folder / "manifest.toml").read_text()
    (folder / "manifest.toml").write_text(manifest.replace("version = 1", "version = 2"))
    with pytest.raises(EvaluationError, match="version 2"):
        LinearModel.load(folder)


@pytest.mark.parametrize(
    ("key", "value"), [("name", "nonsense"), ("transform", "sqrt"), ("unit", 7.0), ("weight", "x")]
)
def test_a_model_of_other_features_is_refused_even_if_signed(tmp_path, key, value):
    folder = _copy(tmp_path)
    model = json.loads((folder / "model.json").read_text())
    model["terms"][0][key] = value
    (folder / "model.json").write_text(json.dumps(model))
    _sign(folder)
    with pytest.raises(EvaluationError):
        LinearModel.load(folder)


@pytest.mark.parametrize("reference", [[], [0.5, 0.1], [math.nan], "abc"])
def test_a_reference_that_cannot_be_is_refused(tmp_path, reference):
    folder = _copy(tmp_path)
    (folder / "calibration.json").write_text(json.dumps({"reference": reference}))
    _sign(folder)
    with pytest.raises(EvaluationError):
        LinearModel.load(folder)


def test_loading_takes_under_ten_milliseconds():
    assert seconds(lambda: LinearModel.load(FOLDER), tries=7) < 0.010


def test_serving_needs_neither_numpy_nor_anything_heavy():
    code = (
        "import sys; import riskbot.assess; "
        "print([m for m in ('numpy', 'sklearn', 'matplotlib', 'riskbot.learn', 'libcst') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
