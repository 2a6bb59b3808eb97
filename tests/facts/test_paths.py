"""Paths in JSON: one spelling each, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskbot.facts.paths import decode, encode


@given(st.binary(max_size=60).filter(lambda raw: b"\0" not in raw))
def test_every_path_comes_back(raw: bytes) -> None:
    path = raw.decode("utf-8", "surrogateescape")
    assert decode(encode(path)) == path
    encode(path).encode("utf-8")


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_no_two_paths_are_spelled_alike(one: bytes, other: bytes) -> None:
    first, second = (raw.decode("utf-8", "surrogateescape") for raw in (one, other))
    assert (encode(first) == encode(second)) == (first == second)


@given(st.text(max_size=40))
def test_any_text_reads_as_some_path(text: str) -> None:
    decode(text)


@pytest.mark.parametrize(
    ("written", "path"),
    [("a/b.py", "a/b.py"), ("a\\\\b", "a\\b"), ("\\xff", "\udcff"), ("\\x41", "\\x41"), ("a\\", "a\\")],
)
def test_spellings(written: str, path: str) -> None:
    assert decode(written) == path
