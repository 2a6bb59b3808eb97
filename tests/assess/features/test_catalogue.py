"""The catalogue of features: complete, named, finite, and unknown where nothing is known."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from make import make_change

from riskbot.assess.features import FAMILIES, NAMES, PEOPLE, TITLES, numbers
from riskbot.detect.structure import StructureDetector
from riskbot.domain.change import Actor, AuthorShare, Change, Commit, FileHistory, History, Metrics
from riskbot.domain.finding import Detection, Failure

DAY = 86_400
NOW = 1_700_000_000
OLD = """\
def f(x):
    try:
        return x.y
    except KeyError:
        return None
"""
NEW = """\
def f(x, lock):
    for item in x:
        if item is None and lock:
            raise ValueError("no")
    return x.z  # found
"""


def commit(message: str, at: int = NOW) -> Commit:
    ann = Actor("Ann", "ann@example.org")
    return Commit("a" * 40, "t", (), ann, ann, at, at, message)


def past(path: str, **fields: object) -> FileHistory:
    base = FileHistory(
        path,
        4,
        (AuthorShare("Bob", 3, 9), AuthorShare("Ann", 1, 1)),
        1,
        2,
        NOW - 100 * DAY,
        NOW - 10 * DAY,
        10,
        5,
    )
    return replace(
        base, repairs=2, recent_repairs=1, shaken=1, last_repaired_at=NOW - 20 * DAY, own_commits=1, **fields
    )  # type: ignore[arg-type]


def test_every_feature_is_named_once_and_stands_in_one_family():
    listed = [name for names in FAMILIES.values() for name in names]
    assert sorted(listed) == sorted(NAMES)
    assert len(set(listed)) == len(listed)
    assert all(TITLES[name] for name in NAMES)
    assert set(PEOPLE) <= set(NAMES)
    assert len(set(TITLES.values())) == len(TITLES)


def test_a_bare_diff_knows_its_lines_and_nothing_of_past_people_message_or_trees():
    found = numbers(make_change({"a.py": (OLD, NEW)}))
    for family in ("past", "people", "message", "structure"):
        assert [found[name] for name in FAMILIES[family]] == [None] * len(FAMILIES[family])
    assert (found["la"], found["ld"], found["source_files"]) == (5, 5, 1)


def test_words_are_counted_by_side_and_not_in_prose():
    found = numbers(make_change({"a.py": (OLD, NEW), "README.md": ("", "if if if lock lock\n")}))
    assert (found["condition_added"], found["condition_removed"]) == (1, 0)
    assert (found["handler_added"], found["handler_removed"]) == (0, 2)
    assert (found["loop_added"], found["raise_added"], found["nothing_added"]) == (1, 1, 1)
    assert found["concurrency_added"] == 2
    assert (found["indent_most"], found["calls_added"]) == (12, 2)
    assert numbers(make_change({"README.md": ("", "if\n")}))["condition_added"] is None


def test_the_past_is_that_of_the_source_files_where_there_are_any():
    history = History(
        Metrics(lt=99), (past("a.py"), replace(past("CHANGES"), commits=500)), repair_share=0.25, at=NOW
    )
    found = numbers(make_change({"a.py": ("x\n", "y\n"), "CHANGES": ("x\n", "y\n")}, history=history))
    assert found["past_changes_most"] == 4
    assert found["past_repair_share"] == 0.5
    assert found["past_shaken_share"] == 0.25
    assert (found["past_repaired_days"], found["past_busy"], found["past_age"]) == (20, 10, 100)
    assert (found["past_owner_share"], found["past_new_share"], found["past_project_repairs"]) == (
        0.75,
        0,
        0.25,
    )
    assert found["relative_churn"] == 4 / 100
    assert (found["own_changes"], found["new_to_files"]) == (501 - 499, 0)


def test_new_files_have_an_honest_zero_past_and_no_times():
    new = FileHistory("a.py", 0, (), 0, 0, None, None, 0, 0, own_commits=0)
    found = numbers(make_change({"a.py": (None, "y\n")}, history=History(Metrics(), (new,), at=NOW)))
    assert (found["past_repairs"], found["past_new_share"], found["past_age"]) == (0, 1, None)
    assert found["own_share"] is None


def test_the_message_is_read_for_what_it_says():
    found = numbers(make_change({"a.py": ("x\n", "y\n")}, commits=(commit("Refactor the lock, refs #12"),)))
    assert (found["says_refactor"], found["says_safety"], found["says_refers"], found["says_add"]) == (
        1,
        1,
        1,
        0,
    )
    assert (found["weekday"], found["hour"]) == (1, 22)  # Tuesday 2023-11-14 22:13 UTC


def test_structure_is_unknown_where_nobody_looked_or_the_detector_failed():
    change = make_change({"a.py": (OLD, NEW)})
    found = StructureDetector().run(change)
    told = numbers(change, found)
    assert (told["defs_changed"], told["complexity_delta"], told["found_interface"]) == (1, 2, 1)
    assert told["complexity_most"] == told["complexity_touched"] == 4
    failed = replace(found, failures=(Failure("structure", "crashed"),))
    assert numbers(change, failed)["defs_changed"] is None
    assert numbers(change, Detection())["defs_changed"] is None


@given(
    st.dictionaries(
        st.sampled_from(["a.py", "tests/t.py", "x.md", "m/migrations/1.py"]),
        st.tuples(st.none() | st.binary(max_size=99), st.binary(max_size=99)),
    ),
    st.text(max_size=99),
)
def test_whatever_comes_every_number_is_finite_or_unknown(
    files: dict[str, tuple[bytes | None, bytes]], message: str
):
    change: Change = make_change(
        files, commits=(commit(message),), history=History(Metrics(la=math.inf, age=math.nan))
    )
    found = numbers(change)
    assert tuple(found) == NAMES
    assert all(value is None or math.isfinite(value) for value in found.values())
