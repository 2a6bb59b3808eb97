import math

import pytest
from make import make_change

from riskbot.assess import Bands, Scale, assess
from riskbot.assess.blend import sigmoid
from riskbot.domain.assessment import Band
from riskbot.domain.change import History, Metrics, Omission, OmissionKind
from riskbot.domain.finding import Detection, Failure

NOTHING = Detection()
SMALL = make_change({"a.py": ("x = 1\n", "x = 2\n")})
LARGE = make_change({f"p{i}/m.py": ("", "x = 1\n" * 400) for i in range(30)})


def test_an_assessment_is_whole_and_adds_up(model):
    done = assess(SMALL, NOTHING, model)
    logit = done.intercept + math.fsum(factor.contribution for factor in done.factors)
    assert sigmoid(logit) == pytest.approx(done.probability, abs=1e-12)
    assert done.change is SMALL
    assert len(done.hunks) == 1
    assert [gate.name for gate in done.gates] == ["weekend", "yellow", "red"]
    assert done.authorship is None
    assert done.model.name == "metrics"
    assert "OpenStack" in done.model.reference
    assert done == assess(SMALL, NOTHING, model, Scale.of(model))


def test_a_large_scattered_change_is_riskier_than_one_line(model):
    small, large = assess(SMALL, NOTHING, model), assess(LARGE, NOTHING, model)
    assert small.band is Band.GREEN
    assert large.band is Band.RED
    assert small.probability < large.probability


def test_omissions_of_every_step_are_carried_once(model):
    gathered = Omission(OmissionKind.BINARY, "gather", "binary", "a.png")
    past = Omission(OmissionKind.SHALLOW_HISTORY, "history", "shallow")
    seen = Omission(OmissionKind.UNPARSABLE, "structure", "syntax", "a.py")
    change = make_change({}, omissions=(gathered,), history=History(Metrics(), omissions=(past,)))
    done = assess(change, Detection(omissions=(seen, gathered)), model)
    assert done.omissions == (gathered, past, seen)


def test_a_failure_is_never_printed_as_low_risk(model):
    done = assess(SMALL, Detection(failures=(Failure("semgrep", "killed"),)), model)
    assert done.band is Band.YELLOW
    assert "semgrep failed" in done.band_note


def test_bands_can_be_set(model):
    done = assess(SMALL, NOTHING, model, Scale.of(model, bands=Bands(1, 2, 3)))
    assert done.band is Band.RED or done.percentile < 3


def test_an_empty_change_is_scored_without_hunks(model):
    done = assess(make_change({}), NOTHING, model)
    assert done.hunks == ()
    assert 0 < done.probability < 1
