import math

import numpy as np
import pytest

from riskbot.learn.evaluate.rows import Rows
from riskbot.learn.train.samples import REST, plain, samples


def rows(count: int) -> Rows:
    label = (np.arange(count) % 10 == 0).astype(float)
    ids = np.array([str(at) for at in range(count)])
    names, zero = np.array(["r"] * count), np.zeros(count)
    texts = [[("first", f"second {at}")] for at in range(count)]
    return Rows(np.zeros((count, 1)), ("la",), label, zero, names, ids, zero, zero, texts)


def test_offsets_are_raised_by_what_drawing_did_apart_for_code_and_the_rest():
    made, code = rows(1000), np.arange(1000) < 600
    found = samples(made, np.full(1000, -2.0), code, ratio=1.5, seed=4)
    inside = [one for one in found if int(one.id) < 600]
    outside = [one for one in found if int(one.id) >= 600]
    assert sum(one.label for one in inside) == 60
    assert len(inside) == 60 + 90
    assert inside[0].offset == pytest.approx(-2 - math.log(90 / 540))
    assert len(outside) == 40 + round(40 * 1.5 * REST)
    assert outside[0].offset == pytest.approx(-2 - math.log(6 / 360))
    assert found[0].chunks == [("first", f"second {found[0].id}")]
    assert [one.id for one in found] != sorted((one.id for one in found), key=int)
    assert found == samples(made, np.full(1000, -2.0), code, ratio=1.5, seed=4)


def test_a_kind_without_positives_is_left_out_and_plain_samples_are_not_shifted():
    made = rows(1000)
    code = made.label == 1
    code[:50] = True
    found = samples(made, np.zeros(1000), code)
    assert all(code[int(one.id)] for one in found)
    assert [(one.id, one.offset) for one in plain(made, np.arange(1000.0), [3, 1])] == [
        ("3", 3.0),
        ("1", 1.0),
    ]
