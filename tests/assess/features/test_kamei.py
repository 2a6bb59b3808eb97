import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import make_change

from riskbot.assess.features import FEATURES, TRANSFORMS, measure
from riskbot.domain.change import History, Metrics

CHANGE = make_change(
    {
        "pkg/a.py": ("one\ntwo\n", "one\nthree\nfour\n"),
        "pkg/sub/b.py": (None, "x\n"),
        "setup.py": ("gone\n", None),
    }
)


def test_a_bare_diff_tells_what_it_can_and_nothing_else():
    metrics = measure(CHANGE)
    assert (metrics.la, metrics.ld, metrics.nf, metrics.nd, metrics.ns) == (3, 2, 3, 3, 2)
    shares = (3 / 5, 1 / 5, 1 / 5)
    assert metrics.entropy == pytest.approx(-sum(p * math.log2(p) for p in shares), abs=1e-12)
    assert metrics.age is None
    assert metrics.fix is None


def test_the_history_comes_first_and_the_diff_fills_its_gaps():
    change = make_change({"a.py": ("", "x\n")}, history=History(Metrics(la=7, age=3.0, lt=10)))
    metrics = measure(change)
    assert (metrics.la, metrics.age, metrics.nf) == (7, 3.0, 1)


def test_every_metric_has_a_feature_a_title_and_a_transform():
    names = set(Metrics.__dataclass_fields__)
    assert set(FEATURES) == set(TRANSFORMS) == names
    assert all(feature.title for feature in FEATURES.values())
    assert FEATURES["la"].value(CHANGE) == 3


def test_age_has_no_meaning_where_nothing_stood_before():
    assert FEATURES["age"].of(Metrics(age=0.0, lt=0)) is None
    assert FEATURES["age"].of(Metrics(age=0.0, lt=5)) == 0.0


@pytest.mark.parametrize("value", [math.nan, math.inf, -1.0])
def test_impossible_numbers_are_unknown(value):
    assert FEATURES["la"].of(Metrics(la=value)) is None


@given(st.sampled_from(sorted(TRANSFORMS)), st.floats(0, 1e300), st.floats(0, 1e300))
def test_transforms_are_monotone_and_finite(name, one, other):
    low, high = sorted((one, other))
    transform = TRANSFORMS[name]
    assert math.isfinite(transform(high))
    assert transform(low) <= transform(high)
