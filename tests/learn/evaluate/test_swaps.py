from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from learn.evaluate.make_rows import make_rows
from riskbot.learn.evaluate import swaps

CHUNK = ("fix the parser : src parser . py", "[CTX] def f():[ADD] return x[DEL] return y[ADD] z = [0]")


def test_the_message_goes_and_the_path_stays():
    assert swaps.without_message(CHUNK) == (" : src parser . py", CHUNK[1])
    assert swaps.without_message(("no path", "x")) == ("no path", "x")


def test_signs_are_exchanged_and_twice_is_as_before():
    once = swaps.signs_exchanged(CHUNK)
    assert once == (CHUNK[0], "[CTX] def f():[DEL] return x[ADD] return y[DEL] z = [0]")
    assert swaps.signs_exchanged(once) == CHUNK


@given(st.lists(st.tuples(st.sampled_from(["[ADD]", "[DEL]", "[CTX]"]), st.text("ab[] ", max_size=8))))
def test_shuffling_keeps_every_line_with_its_mark(lines):
    second = "".join(mark + text for mark, text in lines)
    _, after = swaps.lines_shuffled(("a", second))
    assert Counter(swaps._MARK.split(after)) | Counter({"": 1}) == Counter(
        swaps._MARK.split(second)
    ) | Counter({"": 1})
    assert swaps.lines_shuffled(("a", second))[1] == after


def test_shuffling_changes_an_order():
    second = "".join(f"[ADD] line {i}" for i in range(20))
    assert swaps.lines_shuffled(("a", second))[1] != second


def test_a_scorer_that_reads_signs_is_told_from_one_that_does_not():
    rows = make_rows(300, texts=True)

    def counting(mark):
        return lambda texts: np.array(
            [sum(c[1].count(mark) * len(c[1]) for c in chunks) for chunks in texts], float
        )

    signs = swaps.swapped(rows, counting("[ADD]"))
    assert signs["added and deleted exchanged"]["mean_change"] < 0
    assert signs["message dropped"]["greatest_change"] == 0
    assert signs["message dropped"]["rank_correlation"] == pytest.approx(1)
    assert signs["lines shuffled"]["crossed"] == {"5%": 0, "10%": 0, "50%": 0}
    blind = swaps.swapped(rows, counting(" "))
    assert blind["added and deleted exchanged"]["mean_absolute_change"] == 0
    assert blind["as it is"]["auc"] == blind["added and deleted exchanged"]["auc"]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=5, max_size=40))
def test_rank_correlation_agrees_with_scipy_ties_included(pairs):
    before, after = (np.array(column, float) for column in zip(*pairs, strict=True))
    found = swaps.moved(before, after)["rank_correlation"]
    if found is None:
        assert len(set(before)) == 1 or len(set(after)) == 1
    else:
        assert found == pytest.approx(spearmanr(before, after).statistic)


def test_crossing_counts_both_ways():
    before = np.arange(100.0)
    after = before.copy()
    after[0], after[99] = 99, 0
    assert swaps.moved(before, after)["crossed"]["10%"] == pytest.approx(0.02)
