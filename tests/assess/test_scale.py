from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskbot.assess import Bands, Mode, Scale
from riskbot.assess.scale import UNANALYSED
from riskbot.domain.assessment import Band
from riskbot.domain.change import Omission, OmissionKind
from riskbot.domain.errors import UsageError
from riskbot.domain.finding import Failure
from riskbot.settings import Settings

SCALE = Scale((0.1, 0.2, 0.2, 0.4), "four")
PROBABILITY = st.floats(0, 1)


def test_percentile_is_the_share_below_with_ties_in_the_middle():
    assert [SCALE.percentile(p) for p in (0.0, 0.1, 0.2, 0.3, 0.4, 1.0)] == [0, 12.5, 50, 75, 87.5, 100]


@given(st.lists(PROBABILITY, min_size=1, max_size=50), PROBABILITY, PROBABILITY)
def test_percentile_is_monotone_and_within_bounds(reference, one, other):
    scale = Scale(tuple(sorted(reference)), "any")
    low, high = sorted((one, other))
    assert 0 <= scale.percentile(low) <= scale.percentile(high) <= 100


@given(st.floats(0, 100), st.floats(0, 100))
def test_bands_leave_no_gap_and_rise(one, other):
    low, high = sorted((one, other))
    assert Bands().band(low) <= Bands().band(high)


@pytest.mark.parametrize(
    ("percentile", "band"),
    [
        (0, Band.GREEN),
        (89.99, Band.GREEN),
        (90, Band.WEEKEND),
        (94.99, Band.WEEKEND),
        (95, Band.YELLOW),
        (98.99, Band.YELLOW),
        (99, Band.RED),
        (100, Band.RED),
    ],
)
def test_default_bands_begin_where_documented(percentile, band):
    assert Bands().band(percentile) is band


@pytest.mark.parametrize(
    "cuts", [(95, 90, 99), (90, 90, 99), (0, 95, 99), (90, 95, 101), (float("nan"), 95, 99)]
)
def test_bands_that_do_not_rise_are_refused(cuts):
    with pytest.raises(UsageError, match="do not rise") as caught:
        Bands(*cuts)
    assert caught.value.mend


def test_gates_hold_the_riskiest_shares():
    assert [(g.name, g.top_percent, g.holds) for g in SCALE.gates(92)] == [
        ("weekend", 5, False),
        ("yellow", 10, True),
        ("red", 50, True),
    ]
    assert [g.holds for g in SCALE.gates(95)] == [True, True, True]
    assert not Mode("off", 0).gate(100).holds


@pytest.mark.parametrize("share", [-1, 101, float("nan")])
def test_a_gate_of_an_impossible_share_is_refused(share):
    with pytest.raises(UsageError):
        Mode("odd", share)


def test_own_scores_serve_as_reference_when_there_are_enough(model):
    scale = Scale.of(model)
    assert scale.against([0.1] * 199) is scale
    own = scale.against([0.3] * 100 + [0.1] * 100 + [float("nan")])
    assert own.percentile(0.2) == 50
    assert own.model_id(model).reference == "this repository's own 200 recent changes"
    assert scale.model_id(model).reference == model.id.reference


@pytest.mark.parametrize("kind", sorted(UNANALYSED, key=lambda kind: kind.value))
def test_code_that_was_not_analysed_is_never_calm(kind):
    band, note = SCALE.place(10, [Omission(kind, "structure", "why", "a.py")], [])
    assert band is Band.YELLOW
    assert "from green to yellow" in note
    assert kind.value in note


def test_a_failed_step_raises_the_band():
    band, note = SCALE.place(10, [], [Failure("semgrep", "killed")])
    assert band is Band.YELLOW
    assert "semgrep failed" in note


def test_an_incomplete_risky_change_keeps_its_band_and_says_that_it_may_be_worse():
    band, note = SCALE.place(99.5, [], [Failure("semgrep", "killed")])
    assert band is Band.RED
    assert "too low" in note


@pytest.mark.parametrize("kind", [OmissionKind.BINARY, OmissionKind.SUBMODULE, OmissionKind.SHALLOW_HISTORY])
def test_omissions_that_hide_no_code_leave_the_band(kind):
    assert SCALE.place(10, [Omission(kind, "gather", "why")], []) == (Band.GREEN, "")


def test_the_least_band_of_an_incomplete_change_can_be_set():
    scale = Scale((0.5,), "one", incomplete=Band.RED)
    assert scale.place(10, [], [Failure("semgrep", "killed")])[0] is Band.RED


def test_the_defaults_are_those_of_the_settings():
    settings = Settings()
    assert SCALE.incomplete is settings.unanalysed_band
    assert astuple(SCALE.bands) == astuple(settings.bands)
    assert tuple(mode.top_percent for mode in SCALE.modes) == astuple(settings.gates)
