from dataclasses import replace

import pytest
from clock import seconds
from hypothesis import given
from hypothesis import strategies as st
from make import make_change, make_file

from riskbot.assess.blend import LinearModel
from riskbot.assess.features import measure
from riskbot.assess.hunks import rank
from riskbot.domain.change import (
    Change,
    FileDiff,
    FileHistory,
    FileStatus,
    History,
    Hunk,
    Line,
    LineKind,
    Metrics,
)

from .conftest import FOLDER

MODEL = LinearModel.load(FOLDER)


def _hunk(start, added, removed):
    lines = [Line(LineKind.REMOVED, start + i, None, b"x\n") for i in range(removed)]
    lines += [Line(LineKind.ADDED, None, start + i, b"y\n") for i in range(added)]
    return Hunk(start, removed, start, added, "", tuple(lines))


def _file(path, *sizes):
    hunks = tuple(_hunk(1 + 1000 * i, added, removed) for i, (added, removed) in enumerate(sizes))
    return FileDiff(
        FileStatus.MODIFIED,
        path,
        path,
        hunks=hunks,
        added=sum(a for a, _ in sizes),
        removed=sum(r for _, r in sizes),
    )


def _change(files):
    return Change("example", None, None, "made for a test", files=tuple(files))


def _slowly(change, history=None):
    """Leave out each hunk by building the change anew."""
    whole = MODEL.logit(measure(change))
    for number, file in enumerate(change.files):
        for hunk in file.hunks:
            kept = tuple(other for other in file.hunks if other is not hunk)
            rest = replace(
                file, hunks=kept, added=file.added - hunk.added, removed=file.removed - hunk.removed
            )
            files = (*change.files[:number], *([rest] if kept else []), *change.files[number + 1 :])
            yield (file.path, hunk.new_start), whole - MODEL.logit(measure(replace(change, files=files)))


SIZES = st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(any)
PATHS = st.sampled_from(["a.py", "b.py", "pkg/a.py", "pkg/b.py", "pkg/sub/c.py", "docs/x.md"])


@given(st.dictionaries(PATHS, st.lists(SIZES, min_size=1, max_size=4), min_size=1, max_size=6))
def test_running_sums_equal_building_the_change_anew(spec):
    change = _change(_file(path, *sizes) for path, sizes in spec.items())
    expected = dict(_slowly(change))
    ranked = rank(change, measure(change), MODEL)
    assert {(risk.path, risk.new_start) for risk in ranked} == set(expected)
    for risk in ranked:
        assert risk.score == pytest.approx(expected[risk.path, risk.new_start], abs=1e-9)
    scores = [risk.score for risk in ranked]
    assert scores == sorted(scores, reverse=True)
    assert ranked == rank(change, measure(change), MODEL)


def test_without_its_only_hunk_nothing_is_left_of_a_change():
    change = make_change({"a.py": ("", "x\ny\n")})
    metrics = measure(change)
    (risk,) = rank(change, metrics, MODEL)
    nothing = replace(metrics, la=0, ld=0, nf=0, nd=0, ns=0, entropy=0)
    assert risk.score == pytest.approx(MODEL.logit(metrics) - MODEL.logit(nothing), abs=1e-12)
    assert (risk.path, risk.new_start, risk.new_count) == ("a.py", 1, 2)


def test_ties_are_ordered_by_path_and_line():
    change = _change([_file("b.py", (2, 0), (2, 0)), _file("a.py", (2, 0), (2, 0))])
    ranked = rank(change, measure(change), MODEL)
    assert [(r.path, r.new_start) for r in ranked] == [
        ("a.py", 1),
        ("a.py", 1001),
        ("b.py", 1),
        ("b.py", 1001),
    ]


def test_a_renamed_file_stays_touched_without_its_hunk():
    file = make_file("new.py", "a\nb\n", "a\nc\n", old_path="old.py")
    change = _change([file, _file("other.py", (1, 1))])
    metrics = measure(change)
    (renamed,) = [r for r in rank(change, metrics, MODEL) if r.path == "new.py"]
    less = replace(metrics, la=1, ld=1, entropy=0)
    assert renamed.score == pytest.approx(MODEL.logit(metrics) - MODEL.logit(less), abs=1e-12)


def _past(path, last):
    return FileHistory(path, 1, (), 0, 0, last, last, 1, 0)


def test_the_age_of_the_remaining_files_is_worked_out_anew():
    day = 86_400
    files = (_file("a.py", (1, 0)), _file("b.py", (1, 0)))
    # a.py changed 10 days before, b.py 400 days before a moment at day 500.
    history = History(Metrics(age=205.0, lt=50), files=(_past("a.py", 490 * day), _past("b.py", 100 * day)))
    change = replace(_change(files), history=history)
    metrics = measure(change)
    (young,) = [r for r in rank(change, metrics, MODEL) if r.path == "a.py"]
    less = replace(metrics, la=1, nf=1, entropy=0, nd=1, ns=1, age=400.0)
    assert young.score == pytest.approx(MODEL.logit(metrics) - MODEL.logit(less), abs=1e-9)


def test_ten_thousand_hunks_in_three_thousand_files_take_linear_time():
    def ranking(count):
        change = _change(_file(f"d{i % 97}/f{i}.py", *[(2, 1)] * (3 + (i % 3 == 0))) for i in range(count))
        past = History(Metrics(age=9.0, lt=9), files=tuple(_past(f.path, 1000) for f in change.files))
        change = replace(change, history=past)
        metrics = measure(change)
        assert len(rank(change, metrics, MODEL)) >= 3 * count
        return seconds(lambda: rank(change, metrics, MODEL))

    assert ranking(3000) < 40 * ranking(300)  # linear is 10, quadratic would be 100
