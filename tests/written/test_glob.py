"""Path patterns: the documented dialect, checked against its plain definition, and linear."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from riskbot.written.glob import Glob


@pytest.mark.parametrize(
    ("pattern", "matches", "misses"),
    [
        ("setup.py", ["setup.py"], ["src/setup.py", "setup.pyc", "setup.py/x"]),
        ("*.py", ["a.py", ".py"], ["src/a.py", "a.pyi"]),
        ("**/*.py", ["a.py", "src/a.py", "a/b/c.py"], ["a.pyi"]),
        ("src/**", ["src/a", "src/a/b", "src"], ["srcs/a", "a/src/b"]),
        ("**/auth/**", ["auth/a", "x/auth/a/b", "auth"], ["authors/a"]),
        ("src/*/api.py", ["src/a/api.py"], ["src/api.py", "src/a/b/api.py"]),
        ("a?c", ["abc"], ["ac", "a/c"]),
        ("a*b*c", ["abc", "axxbyyc", "abbc"], ["ab", "a/b/c"]),
        ("**", ["a", "a/b"], []),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["a/xb", "ab"]),
        ("a.b", ["a.b"], ["axb"]),
        ("with space/**", ["with space/a"], []),
    ],
)
def test_the_dialect(pattern, matches, misses):
    glob = Glob(pattern)
    assert [path for path in matches if not glob.matches(path)] == []
    assert [path for path in misses if glob.matches(path)] == []


@pytest.mark.parametrize(
    ("pattern", "mend"),
    [
        ("/src", "write 'src'"),
        ("src/", "write 'src/**'"),
        ("[ab]", "'['"),
        ("{a,b}", "'{'"),
        ("!a", "'!'"),
        ("a\\b", "'\\\\'"),
        ("a//b", "empty"),
        ("", "empty"),
        ("../a", "'..'"),
        ("./a", "'.'"),
        ("a**", "whole segment"),
        ("x" * 501, "longer"),
    ],
)
def test_what_the_dialect_does_not_have_is_refused_with_the_mend(pattern, mend):
    with pytest.raises(ValueError, match=re.escape(mend)):
        Glob(pattern)


def defined(pattern: list[str], path: list[str]) -> bool:
    """The dialect's plain, exponential definition."""
    if not pattern:
        return not path
    if pattern[0] == "**":
        return defined(pattern[1:], path) or (bool(path) and defined(pattern, path[1:]))
    return bool(path) and segment(pattern[0], path[0]) and defined(pattern[1:], path[1:])


def segment(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return segment(pattern[1:], text) or (bool(text) and segment(pattern, text[1:]))
    return bool(text) and pattern[0] in {"?", text[0]} and segment(pattern[1:], text[1:])


pieces = st.one_of(st.just("**"), st.from_regex(r"([ab?]|(?<!\*)\*){1,5}", fullmatch=True))
patterns = st.lists(pieces.filter(lambda piece: piece == "**" or "**" not in piece), min_size=1, max_size=5)
paths = st.lists(st.text("ab", min_size=1, max_size=5), min_size=1, max_size=6)


@given(patterns, paths)
@example(["**", "a*b", "**", "b"], ["ab", "b", "ab", "b"])
def test_matching_equals_the_plain_definition(pattern, path):
    assert Glob("/".join(pattern)).matches("/".join(path)) == defined(pattern, path)


@given(st.text(max_size=200))
def test_any_path_can_be_asked(path):
    Glob("**/a*b?/**/c*").matches(path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("a*" * 200 + "b", "a" * 4000),
        ("**/" * 60 + "b", "a/" * 2000 + "c"),
        ("**/a*/" * 60 + "b", "a/" * 2000 + "c"),
        ("*?" * 100 + "b", "a" * 4000),
    ],
)
def test_no_pattern_and_path_take_long(pattern, path):
    start = time.perf_counter()
    assert not Glob(pattern).matches(path)
    assert time.perf_counter() - start < 2


def test_letter_case_and_unicode_form_do_not_hide_a_path():
    assert Glob("secure/**").matches("Secure/x")
    assert Glob("caf\u00e9/**").matches("cafe\u0301/x")  # codespell:ignore caf
