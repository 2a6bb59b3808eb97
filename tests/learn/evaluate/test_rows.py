from dataclasses import replace

import numpy as np
import pytest

from learn.evaluate.make_rows import make_rows
from riskbot.domain.errors import EvaluationError
from riskbot.learn.evaluate.rows import split_by_time


def test_part_keeps_rows_together():
    rows = make_rows(50, texts=True)
    few = rows.part(rows.repository == "owner/name1")
    first = few.ids[0]
    at = int(np.flatnonzero(rows.ids == first)[0])
    assert few.label[0] == rows.label[at]
    assert few.texts[0] == rows.texts[at]
    assert few.columns(("la",))[0, 0] == rows.la[at] == few.la[0]
    assert few.repositories() == ["owner/name1"]
    assert [*rows.part(slice(2, 4)).ids] == [*rows.ids[2:4]]
    assert [*few.part(slice(1, 3)).texts] == [*few.texts][1:3] == [*few.texts[1:3]]


def test_effort_is_lines_changed():
    rows = make_rows(5)
    assert [*rows.effort] == [*(rows.la + rows.ld)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"label": np.zeros(4)}, "differ in length"),
        ({"names": ("la",)}, "matrix of features"),
        ({"label": np.full(5, 0.5)}, "neither 0 nor 1"),
        ({"texts": [[("a", "b")]]}, "differ in length"),
    ],
)
def test_parts_that_do_not_belong_together_are_refused(change, message):
    with pytest.raises(EvaluationError, match=message):
        replace(make_rows(5), **change)


def test_a_missing_feature_is_named():
    with pytest.raises(EvaluationError, match="lack the features nonsense"):
        make_rows(5).columns(("la", "nonsense"))


def test_split_by_time_puts_the_later_rows_last():
    rows = make_rows(100).part(np.random.default_rng(0).permutation(100))
    early, late = split_by_time(rows, 0.7)
    assert (len(early), len(late)) == (70, 30)
    assert early.when.max() <= late.when.min()
