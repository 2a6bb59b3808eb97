"""The spread of a change: the definitions that measuring and scoring share."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskbot.domain.spread import entropy, folder, spread, subsystem


@given(st.lists(st.integers(0, 10**12), max_size=40))
def test_entropy_lies_between_nothing_and_an_even_spread(counts):
    touched = sum(count > 0 for count in counts)
    assert 0 <= entropy(counts) <= math.log2(max(1, touched)) + 1e-9


@pytest.mark.parametrize(
    ("counts", "bits"), [([], 0), ([0, 0], 0), ([7], 0), ([3, 3], 1), ([1, 1, 2], 1.5), ([5, 0, 5, 5, 5], 2)]
)
def test_entropy_is_shannons(counts, bits):
    assert entropy(counts) == pytest.approx(bits)


@given(st.integers(1, 10**12))
def test_one_file_has_no_spread_at_all(lines):
    assert entropy([lines]) == 0


def test_paths_are_counted_by_first_folder_folder_and_name():
    paths = ["a.py", "b.py", "p/c.py", "p/q/c.py", "p/q/d.py", "p/q/d.py"]
    assert spread(paths) == (2, 3, 5)
    assert (subsystem("a.py"), subsystem("p/q/c.py")) == ("", "p")
    assert (folder("a.py"), folder("p/q/c.py")) == ("", "p/q")
