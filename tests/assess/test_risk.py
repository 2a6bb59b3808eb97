import math
import shutil
import time
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from make import make_change

from riskbot.assess import features, hunks
from riskbot.assess.chunks import MOST
from riskbot.assess.model import pooled
from riskbot.assess.risk import RiskModel
from riskbot.domain.change import Actor, Commit, History, Metrics
from riskbot.domain.errors import EvaluationError
from riskbot.domain.finding import Detection

from .make_model import REFERENCE, TREES, graph, make_model, sign
from .make_trees import stump

NOTHING = Detection()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return make_model(tmp_path_factory.mktemp("models") / "risk")


@pytest.fixture(scope="module")
def model(folder):
    return RiskModel.load(folder)


def _copy(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "model")


WORD = st.sampled_from(["danger", "calm", "  self.x = f(1)", "", "é\x00"])
CONTENT = st.lists(WORD, max_size=60).map(lambda lines: "".join(f"{line}\n" for line in lines))
FILES = st.dictionaries(
    st.sampled_from(["a.py", "b.py", "pkg/c.py", "docs/d.md"]), st.tuples(CONTENT, CONTENT), max_size=4
)


@given(FILES, st.none() | st.integers(0, 40))
@settings(max_examples=50)
def test_intercept_and_contributions_give_the_logit_exactly(model, files, experience):
    history = History(Metrics(exp=experience, rexp=experience, sexp=experience))
    scored = model.score(make_change(files, history=history), NOTHING)
    assert math.fsum((scored.intercept, *(f.contribution for f in scored.factors))) == scored.logit
    sizes = [abs(factor.contribution) for factor in scored.factors]
    assert sizes == sorted(sizes, reverse=True)
    change = make_change(files, history=history)
    assert model.score(change, NOTHING) == scored
    assert model.logit_of(change, NOTHING) == pytest.approx(scored.logit, abs=1e-12)
    assert model.score(change, NOTHING, model.read(change)) == scored


def test_each_reason_is_named_with_what_was_measured(model):
    change = make_change({"a.py": ("", "danger danger\n" * 60)}, history=History(Metrics(exp=3)))
    factors = {factor.name: factor for factor in model.score(change, NOTHING).factors}
    assert factors["la"].title == "lines added"
    assert (factors["la"].value, factors["la"].contribution) == (60, 0.5 + 0.5)
    assert factors["exp"].value == 3
    text = factors["text"]
    assert text.title == "what the changed lines read like"
    assert text.value == model.read(change).score > 3
    assert text.contribution == 0.5 * (text.value - 0.1)
    assert text.note == ""


def test_what_is_unknown_says_so(model):
    factors = {factor.name: factor for factor in model.score(make_change({}), NOTHING).factors}
    assert factors["exp"].value is None
    assert "not known" in factors["exp"].note
    assert (factors["text"].value, factors["text"].contribution) == (None, 0)
    assert "no changed line" in factors["text"].note


def test_the_author_can_be_left_out(folder, model):
    change = make_change({"a.py": ("", "x\n")}, history=History(Metrics(exp=1000)))
    blind = RiskModel.load(folder, author_features=False)
    assert blind.id.note == "what is known of the author is left out: the setting author_features is off"
    assert blind == replace(model, id=blind.id, classifier=blind.classifier, author_features=False)
    unknown = replace(change, history=History(Metrics()))
    assert (
        blind.logit_of(change, NOTHING)
        == blind.logit_of(unknown, NOTHING)
        == model.logit_of(unknown, NOTHING)
    )
    assert model.logit_of(change, NOTHING) != blind.logit_of(change, NOTHING)
    (exp,) = [f for f in blind.score(change, NOTHING).factors if f.name == "exp"]
    assert (exp.value, exp.note) == (None, "left out: the setting author_features is off")


def test_the_message_is_read_too(model):
    commit = Commit("a" * 40, "t" * 40, (), Actor("A", "a"), Actor("A", "a"), 0, 0, "danger danger\n\nbody")
    calm = make_change({"a.py": ("", "x\n")})
    assert model.read(replace(calm, commits=(commit,))).score > model.read(calm).score


@given(FILES)
@settings(max_examples=40)
def test_a_hunk_scores_what_the_logit_falls_by_without_it(tmp_path_factory, files):
    """Exactly: the chunks that remain pooled anew, the sizes and the words measured anew."""
    words = ("own_added", "calls_added", "distinct_words", "indent_mean", "similar")
    names = ("la", "ld", "nf", "nd", "ns", "entropy", *features.FAMILIES["size"][7:], *words)
    trees = [stump(at, limit, -0.3, 0.4) for at in range(len(names)) for limit in (0.3, 2.0, 9.0)]
    made = tmp_path_factory.getbasetemp() / "occlusion"
    model = RiskModel.load(make_model(made, trees=trees, names=names))
    change = make_change(files)
    assume(sum(len(file.hunks) for file in change.files) <= MOST)
    scored = model.score(change, NOTHING)
    assert len(scored.hunks) == sum(len(file.hunks) for file in change.files)
    found = {(risk.path, risk.new_start, risk.old_start): risk for risk in scored.hunks}
    for at, file in enumerate(change.files):
        for number, hunk in enumerate(file.hunks):
            risk = found[file.path, hunk.new_start, hunk.old_start]
            assert risk.score == pytest.approx(
                scored.logit - model.logit_of(hunks.without(change, at, number), NOTHING), abs=1e-9
            )
    assert list(scored.hunks) == list(hunks.ordered(scored.hunks))


def test_the_dangerous_place_comes_first(model):
    lines = "".join(f"line {i}\n" for i in range(200))
    edited = lines.replace("line 20\n", "calm calm\n").replace("line 150\n", "danger danger\n")
    first, second = model.score(make_change({"a.py": (lines, edited)}), NOTHING).hunks
    assert first.new_start < 151 <= first.new_start + first.new_count
    assert first.text > 0 > second.text
    assert first.score > second.score


def test_places_beyond_those_that_are_read_have_the_part_of_their_size_and_say_so(model):
    before = "".join(f"line {i}\n" for i in range(2000))
    after = "".join("danger\n" if i % 40 == 5 else f"line {i}\n" for i in range(2000))
    scored = model.score(make_change({"a.py": (before, after)}), NOTHING)
    assert len(scored.hunks) == 50
    assert sum(risk.text is not None for risk in scored.hunks) == MOST
    (text,) = [factor for factor in scored.factors if factor.name == "text"]
    assert text.note == f"{MOST} of 50 changed places were read"


@given(st.lists(st.floats(-700, 700), min_size=1, max_size=30))
def test_pooling_lies_between_the_mean_and_the_largest(scores):
    found = pooled(scores)
    assert math.fsum(scores) / len(scores) - 1e-9 <= found <= max(scores) + 1e-9
    assert pooled([score + 5 for score in scores]) == pytest.approx(found + 5)
    assert pooled(reversed(scores)) == pytest.approx(found)


def test_pooling_nothing_is_nothing():
    assert pooled([]) is None


FILES_OF = ["blend.json", "calibration.json", "model.onnx", "tokenizer.json"]


@pytest.mark.parametrize("name", [*FILES_OF, "manifest.toml"])
def test_a_missing_file_is_refused_by_name(folder, tmp_path, name):
    copy = _copy(folder, tmp_path)
    (copy / name).unlink()
    with pytest.raises(EvaluationError, match=name) as caught:
        RiskModel.load(copy)
    assert "rebuild" in caught.value.mend


@given(st.data())
@settings(max_examples=60)
def test_any_flipped_bit_is_refused_by_name(folder, tmp_path_factory, data):
    """The hash is checked before anything is parsed, so no parser ever sees the damage."""
    name = data.draw(st.sampled_from(FILES_OF))
    whole = (folder / name).read_bytes()
    at, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 7))
    copy = tmp_path_factory.mktemp("damaged") / "risk"
    shutil.copytree(folder, copy)
    (copy / name).write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
    with pytest.raises(EvaluationError, match="is not the one its manifest names") as caught:
        RiskModel.load(copy)
    assert str(copy / name) in str(caught.value)


@given(st.data())
@settings(max_examples=60)
def test_a_damaged_manifest_is_refused_or_means_the_same(folder, tmp_path_factory, data):
    whole = (folder / "manifest.toml").read_bytes()
    at, byte = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 255))
    copy = tmp_path_factory.mktemp("damaged") / "risk"
    shutil.copytree(folder, copy)
    (copy / "manifest.toml").write_bytes(whole[:at] + bytes([byte]) + whole[at + 1 :])
    try:
        loaded = RiskModel.load(copy)
    except EvaluationError:
        return
    assert loaded.trees == RiskModel.load(folder).trees  # a word of the reference, a space, a document


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"version": 9}, "version 9"),
        ({"names": (*[f"la{i}" for i in range(5)], "entropy")}, "la0"),
        ({"schema": ""}, "made for other features"),
        ({"schema": '{"version":1,"features":["la"]}'}, "made for other features"),
        ({"trees": []}, "trees"),
        ({"trees": [stump(9, 0, 0, 0)]}, "not there"),
        ({"trees": [stump(0, 0, math.inf, 0)]}, "finite"),
        ({"blend": {"intercept": math.nan}}, "no number"),
        ({"blend": {"intercept": "1"}}, "no number"),
        ({"blend": {"intercept": True}}, "no number"),
        ({"blend": {"text": {"weight": 1}}}, "center"),
        ({"blend": {"text": None}}, "cannot be read"),
        ({"blend": {"features": None}}, "cannot be read"),
        ({"reference": []}, "cannot be"),
        ({"reference": [0.5, 0.1]}, "cannot be"),
        ({"reference": [0.5, 1.1]}, "cannot be"),
        ({"reference": 3}, "cannot be read"),
    ],
)
def test_a_model_that_does_not_fit_is_refused_even_if_signed(tmp_path, options, word):
    folder = make_model(tmp_path / "risk", **options)
    with pytest.raises(EvaluationError, match=word) as caught:
        RiskModel.load(folder)
    assert str(folder) in str(caught.value)
    assert caught.value.mend


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("blend.json", b"{"),
        ("blend.json", b"[" * 100_000),
        ("calibration.json", b"\xff"),
        ("model.onnx", b"x"),
    ],
)
def test_a_file_that_nothing_can_read_is_refused_even_if_signed(folder, tmp_path, name, content):
    copy = _copy(folder, tmp_path)
    (copy / name).write_bytes(content)
    sign(copy)
    with pytest.raises(EvaluationError, match="cannot be"):
        RiskModel.load(copy)


def test_a_manifest_leads_to_no_other_folder(folder, tmp_path):
    copy = _copy(folder, tmp_path)
    (tmp_path / "blend.json").write_bytes((copy / "blend.json").read_bytes())
    text = (copy / "manifest.toml").read_text()
    (copy / "manifest.toml").write_text(text.replace('"blend.json"', '"../blend.json"'))
    with pytest.raises(EvaluationError, match="no file of the folder"):
        RiskModel.load(copy)


def test_ten_thousand_hunks_take_seconds_at_most(tmp_path):
    names = tuple(features.NAMES)
    dice_trees = [stump(at % len(names), float(at), -0.01, 0.02) for at in range(300)]
    model = RiskModel.load(make_model(tmp_path / "risk", trees=dice_trees, names=names))
    before = "".join(f"line {i}\n" for i in range(200))
    after = before.replace("line 1", "l 1")
    change = make_change({f"d{i % 97}/f{i}.py": (before, after) for i in range(40)})
    many = replace(
        change, files=tuple(replace(f, new_path=f"x{i}/{f.path}") for i in range(60) for f in change.files)
    )
    start = time.process_time()
    scored = model.score(many, NOTHING)
    assert len(scored.hunks) > 5000
    assert time.process_time() - start < 5  # half a second on a machine of 2026


def test_the_reference_is_the_models_own(model):
    assert model.reference == tuple(REFERENCE)
    assert (model.id.name, model.id.reference) == ("risk", "199 changes made for a test")
    assert len(TREES) == len(model.trees.trees)
    assert graph("a") != graph("b")
