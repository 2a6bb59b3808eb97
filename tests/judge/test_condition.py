"""When a clause applies: both sides of a rename, names that are no text, and why it does not."""

from __future__ import annotations

from judge.make_bench import bench
from riskbot.judge.cases import Facts
from riskbot.judge.cases.short import FileFacts
from riskbot.judge.condition import Condition
from riskbot.written.glob import Glob


def condition(*patterns: str) -> Condition:
    return Condition(paths=tuple(map(Glob, patterns)))


def test_both_sides_of_a_rename_count():
    moved = bench(Facts(files=(FileFacts("open/a.py", from_="secure/a.py"),)))
    assert condition("secure/**").applies(moved)
    assert condition("open/**").applies(moved)
    assert not condition("other/**").applies(moved)


def test_a_name_that_is_not_utf8_is_matched():
    assert condition("src/**").applies(bench(Facts(files=("src/\udcff.py",))))


def test_a_condition_says_why_it_does_not_apply():
    assert (
        condition("a", "b", "c", "d").otherwise(bench())
        == "The change touches nothing under a, b, c and 1 more."
    )
