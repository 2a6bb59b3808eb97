"""Names, comments and layout changed, with the added lines followed."""

from __future__ import annotations

import ast

import pytest

from riskbot.learn.authorship.changed import CHANGES, changed, formatted, formatter, renamed, stripped

TEXT = """import os
# before
def f(alpha, *, beta=1):
    # inside
    total = alpha+beta  # sum
    self.alpha = os.path.join("alpha")
    return {'a': total}
"""
ALL = frozenset(range(1, 8))


def test_names_change_where_they_are_local_and_attributes_stay():
    found = renamed(TEXT, ALL)
    assert found is not None
    assert found[2] == "def f(v1, *, v2=1):"
    assert found[4] == "    v3 = v1+v2  # sum"
    assert found[5] == '    self.alpha = os.path.join("alpha")'
    ast.parse("\n".join(found))


def test_comments_go_and_lines_that_were_only_comments_with_them():
    assert stripped(TEXT, frozenset({2, 4, 5})) == ["    total = alpha+beta"]


def test_formatting_follows_the_added_lines():
    found = formatted(TEXT, frozenset({5}))
    assert found is not None
    assert [line.partition("#")[0].rstrip() for line in found] == ["    total = alpha + beta"]
    assert formatter().split()[0] in {"black", "ast.unparse"}


def test_what_is_no_python_or_too_large_is_left_out():
    for kind in CHANGES:
        assert changed(kind, {"a.py": ("def f(:\n", frozenset({1}))}) in (None, {"a.py": ["def f(:"]})
        assert changed(kind, {"a.py": ("x = 1\n" * 20_000, frozenset({1}))}) is None
    assert renamed("def f(:\n", frozenset({1})) is None


@pytest.mark.parametrize("kind", CHANGES)
def test_lines_that_were_not_added_do_not_appear(kind):
    found = changed(kind, {"a.py": (TEXT, frozenset({7}))})
    assert found is not None
    assert len(found["a.py"]) == 1
    assert "return" in found["a.py"][0]
