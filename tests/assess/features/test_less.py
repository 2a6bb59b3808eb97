from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from make import make_change, make_file

from riskbot.assess.features import size
from riskbot.assess.features.less import Sizes, vanishes
from riskbot.assess.hunks import without
from riskbot.domain.change import FileStatus, History, Metrics

LINE = st.sampled_from(["def f():\n", "    x = 1\n", "y\n", "\n"])
TEXT = st.lists(LINE, max_size=40).map("".join)
PATHS = [
    "a.py",
    "pkg/deep/er/b.py",
    "tests/test_a.py",
    "docs/x.md",
    "go.mod",
    "pkg/migrations/0001.py",
    "w.js",
]


@st.composite
def changes(draw):
    files = []
    for path in draw(st.lists(st.sampled_from(PATHS), unique=True, max_size=5)):
        old, new = draw(st.none() | TEXT), draw(st.none() | TEXT)
        if old is None and new is None:
            continue
        moved = old is not None and new is not None and draw(st.booleans())
        file = make_file(path, old, new, old_path=f"old/{path}" if moved else None)
        sections = draw(st.lists(st.sampled_from(["", "f", "g"]), min_size=9, max_size=9))
        hunks = tuple(replace(h, section=s) for h, s in zip(file.hunks, sections, strict=False))
        files.append(replace(file, hunks=hunks) if len(hunks) == len(file.hunks) else file)
    change = replace(make_change({}), files=tuple(files))
    known = draw(st.booleans())
    return replace(change, history=History(Metrics(lt=30))) if known else change


@given(changes())
def test_running_sums_equal_measuring_the_change_anew(change):
    sizes = Sizes(change)
    for at, file in enumerate(change.files):
        for number in range(len(file.hunks)):
            lt = None if change.history is None else change.history.metrics.lt
            assert sizes.without(at, number, lt) == size.measure(without(change, at, number))


def test_a_file_with_another_reason_to_be_there_stays():
    assert vanishes(make_file("a.py", "x\n", "y\n"))
    assert vanishes(make_file("a.py", None, "y\n"))
    assert not vanishes(make_file("a.py", "x\n", "y\n", old_path="b.py"))
    assert not vanishes(replace(make_file("a.py", "x\n", "y\n"), new_mode="100755"))
    assert not vanishes(replace(make_file("a.py", "x\n", "y\n"), status=FileStatus.TYPE_CHANGED))
