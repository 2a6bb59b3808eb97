"""Numbers about added lines: what they say, that they always come, and that they come quickly."""

from __future__ import annotations

import math

import pytest
from clock import seconds
from hypothesis import given
from hypothesis import strategies as st

from riskbot.detect.authorship.style.features import era, measure, names
from riskbot.detect.authorship.style.lexer import MOST_LINES, fragment, is_written

CODE = '''import os
def load(path: str, *, deep: bool = False) -> dict[str, int]:
    """Load the counts.

    Args:
        path: where they are
    """
    # Check that the file is there.
    if not os.path.exists(path):
        return {}
    try:
        text = open(path).read()  # all of it
    except Exception as e:
        raise ValueError(f"cannot read {path} at all") from e

    return parse(text)
'''


def one(text: str) -> dict[str, float | None]:
    return measure({"a.py": text.splitlines()})


def test_what_is_there_is_counted():
    found = one(CODE)
    assert found["comment_lines"] == pytest.approx(1 / 14)
    assert found["comment_inline"] == pytest.approx(1 / 14)
    assert found["comment_verb"] == 0.5
    assert found["comment_period"] == 0.5
    assert found["docstrings"] == 1
    assert found["docstring_google"] == 1
    assert found["except_broad"] == found["except_named"] == 1
    assert found["parameters_annotated"] == found["returns_annotated"] == 1
    assert found["era_fstring"] == 1
    assert found["import_inner"] == 0
    assert found["blank_before_return"] == 0.5
    assert found["guard"] == 1


def test_what_cannot_be_measured_is_unknown_and_not_nothing():
    found = one("x = 1")
    assert found["docstrings"] is None
    assert found["comment_words"] is None
    assert found["comment_lines"] == 0
    assert all(value is None or value == 0 for value in measure({}).values())


def test_other_languages_and_what_tools_write_are_not_read():
    assert measure({"a.js": ["# no"], "b.rb": ["# no"]}) == measure({})
    assert is_written("pkg/a.py")
    assert is_written("pkg/a.PYI")
    assert not is_written("pkg/migrations/0001_initial.py")
    assert not is_written("third_party/a.py")
    assert not is_written("a.pyx")


def test_features_of_an_era_are_marked():
    assert {"era_fstring", "era_walrus", "parameters_annotated", "quotes_single", "trailing_comma"} <= era()
    assert era() < set(names())
    assert "comment_words" not in era()


def test_a_fragment_may_begin_and_end_anywhere():
    tokens = fragment(['of the old one."""', "x = 'it", "    y)"]).tokens
    assert [token.text for token in tokens if token.kind == "string"] == ["'it"]
    assert [token.line for token in tokens if token.text in {"x", "y"}] == [1, 2]
    whole = fragment(['"""One.', "", 'Two."""', "z"]).tokens
    assert [(token.kind, token.line) for token in whole] == [("string", 0), ("name", 3)]
    nested = fragment(['f(\'a # no\', "b", rb"c\\"d")  # yes']).tokens
    assert [token.text for token in nested if token.kind == "comment"] == ["# yes"]
    assert [token.text for token in nested if token.kind == "string"] == ["'a # no'", '"b"', 'rb"c\\"d"']


@given(st.lists(st.text(max_size=60), max_size=30))
def test_any_text_gives_the_same_names_and_finite_numbers(lines):
    found = measure({"a.py": lines})
    assert tuple(found) == names()
    assert all(value is None or math.isfinite(value) for value in found.values())


@given(st.lists(st.text("ab'\"\\#\n(:= ", max_size=40), max_size=20))
def test_tokens_lie_in_their_lines_in_order(lines):
    read = fragment(lines)
    at = 0
    for token in read.tokens:
        assert token.line >= at
        at = token.line
        assert read.lines[token.line].find(token.text.split("\n")[0]) >= 0


@pytest.mark.parametrize(
    "line", ['x \\"""' + "y" * 190, "(" * 200, "", "match " + "x " * 97, "def a(" * 33, "a:" * 100, '"""']
)
def test_hostile_lines_cost_little(line):
    assert seconds(lambda: measure({"a.py": [line] * (10 * MOST_LINES)}), tries=1) < 8


def test_a_change_of_usual_size_is_measured_in_a_moment():
    lines = (CODE * 20).splitlines()
    assert seconds(lambda: measure({"a.py": lines})) < 0.15
