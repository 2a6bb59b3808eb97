"""YAML with positions: what is read, where it stands, and everything that is refused with its place."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from riskbot.domain.errors import ConfigError
from riskbot.written import marked


def test_values_and_places():
    node = marked.parse(b"a: 1\nb: [x, 2.5, true]\nc:\n  - d: 'yes'\n", "p.yml")
    assert node.plain() == {"a": 1, "b": ["x", 2.5, True], "c": [{"d": "yes"}]}
    assert node.keys["c"] == marked.Mark("p.yml", 3, 1)
    below = node.value["c"].value[0]
    assert below.value["d"].mark == marked.Mark("p.yml", 4, 8)


def test_a_byte_order_mark_and_windows_line_ends_are_read():
    node = marked.parse(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "p.yml")
    assert node.plain() == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("data", "place", "says"),
    [
        (b"", "1:1", "empty"),
        (b"# only a comment\n", "1:1", "empty"),
        (b"a: 1\na: 2\n", "2:1", "stands twice (first on line 1)"),
        (b"a: {b: 1, b: 2}\n", "1:11", "stands twice"),
        (b"a: &x 1\n", "1:4", "Anchors and aliases"),
        (b"a: &a [x]\nb: [*a, *a]\n", "1:4", "Anchors and aliases"),
        (b"a: !!python/object:os.system x\n", "1:4", "tag"),
        (b"a: !!str 1\n", "1:4", "tag"),
        (b"<<: {a: 1}\n", "1:1", "disagree"),
        (b"a: 1\n---\nb: 2\n", "2:1", "second document"),
        (b"a: yes\n", "1:4", "disagree"),
        (b"a: Off\n", "1:4", "disagree"),
        (b"a: True\n", "1:4", "disagree"),
        (b"a: 010\n", "1:4", "disagree"),
        (b"a: 0x1f\n", "1:4", "disagree"),
        (b"a: 1:30\n", "1:4", "disagree"),
        (b"a: 1_000\n", "1:4", "disagree"),
        (b"a: 1e5\n", "1:4", "disagree"),
        (b"a: .inf\n", "1:4", "disagree"),
        (b"a: 2024-01-01\n", "1:4", "disagree"),
        (b"a: " + b"9" * 5000, "1:4", "disagree"),
        (b"a:\n", "1:3", "no value"),
        (b"a: null\n", "1:4", "no value"),
        (b"a: ~\n", "1:4", "no value"),
        (b"1: a\n", "1:1", "key must be text"),
        (b"[a]: b\n", "1:1", "key must be text"),
        (b"a:\n\tb: 1\n", "2:1", "tab"),
        (b"a: 1\nb: \xff\n", "2:4", "UTF-8"),
        (b"a: \x1b[31m\n", "1:4", "U+001B"),
        (b"a: 1\rb: 2\n", "1:5", "U+000D"),
        ("# x\u2028b: 2\n".encode(), "1:4", "U+2028"),
        ("# x\u0085b: 2\n".encode(), "1:4", "U+0085"),
        ("a: x\u202ey\n".encode(), "1:5", "U+202E"),
        (b"a: b: c\n", "1:5", "not YAML"),
        (b"a: [1\n", None, "not YAML"),
        (b"a: 'x\n", None, "not YAML"),
        (b"[" * 100_000, "1:31", "deeper than 30"),
        (b"- " * 50_000, "1:61", "deeper than 30"),
        (b"#" * 300_000, None, "reads at most"),
    ],
)
def test_what_could_mislead_a_reader_is_refused_where_it_stands(data, place, says):
    with pytest.raises(ConfigError) as caught:
        marked.parse(data, "p.yml")
    error = caught.value
    assert says in error.message
    assert error.mend
    if place is not None:
        assert error.message.startswith(f"p.yml:{place}: ")


@given(st.binary(max_size=200))
@example(b"a: !")
@example(b"%YAML 9.9\n---\na: 1")
@example(b"? a\n? b\n")
@example(b"--- a\n...\nb")
def test_any_bytes_are_read_or_refused(data):
    try:
        marked.parse(data, "p.yml")
    except ConfigError as error:
        assert error.file == "p.yml"  # noqa: PT017


words = st.one_of(st.integers(-(10**9), 10**9), st.booleans(), st.text("abyno01:. -#'\"", max_size=8))
trees = st.recursive(
    words,
    lambda below: (
        st.lists(below, max_size=4) | st.dictionaries(st.text("abyn#: ", max_size=5), below, max_size=4)
    ),
    max_leaves=20,
)


@given(trees)
def test_json_is_read_as_itself(tree):
    text = json.dumps(tree).encode()
    assert marked.parse(text, "p.yml").plain() == tree
