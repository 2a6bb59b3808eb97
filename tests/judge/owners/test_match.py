"""Patterns and the index over them: against the obvious matcher, and against the clock."""

from __future__ import annotations

import pytest
from clock import seconds
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.owners import naive
from judge.owners.strategies import PATHS, patterns
from riskbot.judge.owners.match import NEVER, SOMETHING, Index, Pattern, Wild


def matches(pattern: str, path: str) -> bool:
    return Index([(0, Pattern.read(pattern))]).last(path) == 0


@pytest.mark.parametrize(
    ("pattern", "hits", "misses"),
    [
        ("*", ["x", "a/b/x", ".hidden"], []),
        ("/*", ["x"], ["a/x"]),
        ("*.js", ["x.js", "a/b/x.js", ".js", "lib.js/x"], ["x.jsx", "x.JS"]),
        ("/*.js", ["x.js", "lib.js/x"], ["a/x.js"]),
        ("/docs/", ["docs/a", "docs/a/b"], ["docs", "a/docs/b", "Docs/a"]),
        ("docs/*", ["docs/a"], ["docs/a/b", "docs", "x/docs/a"]),
        ("docs/*.md", ["docs/a.md", "docs/a.md/b"], ["docs/a/b.md"]),
        ("apps/", ["apps/a", "x/apps/a/b"], ["apps", "x/apps"]),
        ("apps", ["apps", "apps/a", "x/apps", "x/apps/a/b"], ["xapps", "apps2/a"]),
        ("**/logs", ["logs", "a/logs", "a/b/logs/c"], ["alogs"]),
        ("/build/logs/", ["build/logs/a/b"], ["a/build/logs/b"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b/c"], ["b", "a/x"]),
        ("a/**", ["a/b", "a/b/c"], ["a", "b/a/c"]),
        ("**", ["a", "a/b"], []),
        ("/**", ["a", "a/b"], []),
        ("**/*", ["a", "a/b"], []),
        ("/a/*/", ["a/b/c"], ["a/b", "a"]),
        ("*/", ["a/b", "a/b/c"], ["a"]),
        ("a?c", ["abc", "x/abc/y"], ["ac", "a/c", "abbc"]),
        ("a**b", ["ab", "axxb"], ["a/b"]),
        ("/sub", ["sub", "sub/a"], ["a/sub"]),
        ("a b", ["a b"], ["a"]),
        ("/", [], ["a", "a/b", ""]),
        ("//a", [], ["a", "/a"]),
        ("a//b", [], ["a/b"]),
        ("./a", [], ["a"]),
        ("a/..", [], ["a", "a/.."]),
        ("", [], ["a"]),
    ],
)
def test_what_a_pattern_matches(pattern, hits, misses):
    assert [path for path in hits if not matches(pattern, path)] == []
    assert [path for path in misses if matches(pattern, path)] == []


@settings(max_examples=1500)
@given(patterns(), PATHS)
def test_a_pattern_matches_what_the_obvious_matcher_says(pattern, path):
    read = Pattern.read(pattern)
    assert matches(pattern, path) == (read is not NEVER and naive.matches(pattern, path))


@settings(max_examples=500)
@given(st.lists(patterns(), max_size=12), st.lists(PATHS, min_size=1, max_size=6))
def test_the_index_finds_the_last_and_all(texts, paths):
    read = [Pattern.read(text) for text in texts]
    index = Index(enumerate(read))
    for path in paths:
        found = [number for number, pattern in enumerate(read) if Index([(0, pattern)]).last(path) == 0]
        assert index.last(path) == (found[-1] if found else None)
        kept = {}  # of equal ones the last
        for number in found:
            kept[read[number].segments] = number
        assert set(kept.values()) <= set(index.all(path)) <= set(found)


def test_rules_beneath_a_folder_are_found_unless_a_later_one_takes_them_away():
    def within(*texts: str) -> list[int]:
        return Index(enumerate(map(Pattern.read, texts))).within("a/b")

    assert within("*", "/a/b/c/", "/a/b/*.py", "/a/x/", "*.js") == [1, 2]
    assert within("/a/b/c/", "/a/b/") == []
    assert within("/a/b/c/", "/a/") == []
    assert within("/a/b/c/", "*", "/a/b/d") == [2]
    assert within("b/c/", "**/b/c/", "/a/*/c") == [1, 2]


def test_what_lies_in_a_folder_is_matched_by_wildcards_only():
    assert matches("/a/*", f"a/{SOMETHING}")
    assert matches("/a/", f"a/{SOMETHING}")
    assert not matches("/a/*.py", f"a/{SOMETHING}")


@given(st.text("ab?", min_size=1, max_size=6), st.text("ab", max_size=12))
def test_pieces_with_question_marks_are_found_leftmost(piece, text):
    hits = [
        at
        for at in range(len(text) - len(piece) + 1)
        if all(want in {"?", have} for want, have in zip(piece, text[at:], strict=False))
    ]
    places = Wild(f"*{piece}*").places(text)
    assert (places is not None) == bool(hits)
    if places is not None:
        assert places[2][0] == hits[0]


def took(action, *arguments) -> float:
    return seconds(lambda: action(*arguments))


BOMBS = {
    "a*" * 18 + "b": "a" * 40,
    "*a" * 18 + "*b": "a" * 40,
    "?*" * 18 + "b": "a" * 40,
    "*a?" * 13 + "b": "a" * 40,
    "/".join(["**", "a"] * 18) + "/b": "/".join("a" * 20),
    "/".join(["**", "*a*"] * 18) + "/b": "/".join("a" * 20),
    "/".join(["*"] * 20) + "/**/b": "/".join("a" * 40),
    "/**" * 18 + "/b": "/".join("a" * 40),
}


@pytest.mark.parametrize(("pattern", "path"), BOMBS.items(), ids=range(len(BOMBS)))
def test_no_pattern_is_a_bomb(pattern, path):
    assert took(matches, pattern, path) < 0.05
    assert not matches(pattern, path)


@pytest.mark.parametrize("pattern", ["*a*b*c", "?a?b*c?", "**/a*/b"])
def test_time_grows_no_faster_than_pattern_times_path(pattern):
    """16 times the pattern and the path: at most 256 times the time, with room for a busy machine."""
    small = took(matches, pattern * 16, "a" * 400)
    large = took(matches, pattern * 256, "a" * 6_400)
    assert large < 0.5
    assert large / small < 600


def test_the_index_answers_in_time_that_hardly_depends_on_the_number_of_lines():
    def index(lines: int) -> Index:
        shapes = (
            "/src/d{0}/m{0}/",
            "*.e{0}x",
            "/lib/**/n{0}/*.py",
            "name{0}.txt",
            "*_t{0}_*",
            "/w{0}*/x/*.go",
        )
        texts = (shapes[number % len(shapes)].format(number) for number in range(lines))
        return Index(enumerate(map(Pattern.read, texts)))

    paths = [f"src/d{number}/m{number}/lib/n{number}/x_t{number}_{number}.py" for number in range(600)]

    def answer(one: Index) -> None:
        one._folders.clear()
        for path in paths:
            one.last(path)

    assert took(answer, index(30_000)) < 8 * took(answer, index(1_000)) + 0.05
