"""Scoring in bulk: in input order, the same number as a check gives, and an error in its place for the rest."""

from __future__ import annotations

import json
import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest
from assess.make_model import make_model
from hypothesis import given
from hypothesis import strategies as st
from make import git, make_commit, make_repository

from riskbot import bulk
from riskbot.assess import LinearModel, RiskModel, Scale, Speaker, assess
from riskbot.detect.structure import StructureDetector
from riskbot.gather import local, wanted
from riskbot.gather.limits import Limits
from riskbot.outside import bundled
from riskbot.outside.git import Git
from riskbot.workers import Lost, spread


def small() -> tuple[Speaker, Speaker | None]:
    model = LinearModel.load(bundled.folder("models") / "metrics")
    return (model, Scale.of(model)), None


def full(folder: Path) -> tuple[Speaker, Speaker | None]:
    model = RiskModel.load(folder)
    return (model, Scale.of(model)), small()[0]


def broken() -> tuple[Speaker, Speaker | None]:
    return full(Path("/nonexistent"))


BODY = "def f(x):\n    if x:\n        return {0}\n    return calm\n"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Make a linear history: code, a rename, a deletion, nothing but a mode, a binary, an empty commit."""
    root = make_repository(tmp_path_factory.mktemp("bulk") / "r")
    steps: list[tuple[dict[str, str | bytes | None], str]] = [
        ({"src/a.py": BODY.format("danger"), "README": "hello\n"}, "start"),
        ({"src/a.py": BODY.format("calm calm calm"), "src/b.py": BODY.format(2)}, "Fixes #12: calm it"),
        ({"src/a.py": None, "src/c.py": BODY.format("calm calm calm")}, "move it"),
        ({"docs/x.md": "danger danger\n" * 40}, "documents"),
        ({"picture.png": b"\0\1\2"}, "a picture"),
        ({}, "nothing at all"),
        ({"src/b.py": "def f(:\n    danger\n"}, "does not parse"),
        ({"src/b.py": None}, "remove"),
    ]
    ids = [
        make_commit(
            root,
            files,
            message,
            author="Bob <bob@example.org>" if number % 3 else "Alice <alice@example.org>",
            when=f"2024-0{number + 1}-03T12:00:00+00:00",
        )
        for number, (files, message) in enumerate(steps)
    ]
    return root, ids


def score(root: Path, names: list[str], load: bulk.Load = small, jobs: int = 2) -> list[bulk.Scored]:
    return list(bulk.score_commits(Git.open(root), names, load, jobs=jobs))


def checked(root: Path, commit: str, load: bulk.Load) -> tuple[float, float, str]:
    """Score one commit as ``riskbot check COMMIT^!`` does."""
    gathered = local.from_range(Git.open(root), f"{commit}^!", Limits())
    history = gathered.history()
    change = gathered.change
    from dataclasses import replace

    (model, scale), fallback = load()
    done = assess(
        replace(change, history=history), StructureDetector().run(change), model, scale, fallback=fallback
    )
    return done.probability, done.percentile, done.band.value


def told(scored: list[bulk.Scored]) -> list[tuple[float, float, str]]:
    return [(one.score.probability, one.score.percentile, one.score.band) for one in scored if one.score]


def test_metrics_are_the_same_as_a_checks(history):
    root, ids = history
    probabilities = [probability for probability, _, _ in told(score(root, ids))]
    expected = [checked(root, one, small)[0] for one in ids]
    # The second commit's new file is a copy: a check sees only what differs, the log the whole file.
    assert probabilities[:1] + probabilities[2:] == expected[:1] + expected[2:]
    assert probabilities[1] > expected[1]


def test_the_full_model_says_the_same_as_a_check(history, tmp_path):
    root, ids = history
    load = partial(full, make_model(tmp_path / "model"))
    scored = score(root, ids, load)
    assert [one.commit for one in scored] == ids
    for (probability, *rest), (expected, *others) in zip(
        told(scored), (checked(root, one, load) for one in ids), strict=True
    ):
        assert probability == pytest.approx(expected, rel=1e-12)  # a check adds the same numbers part by part
        assert rest == others
    assert len({one.score.probability for one in scored if one.score}) > 4
    # There is nothing to read in a rename, a picture or in nothing: then the small model speaks.
    read = ["risk", "risk", "metrics", "risk", "metrics", "metrics", "risk", "risk"]
    assert [one.score.model.partition("@")[0] for one in scored if one.score] == read


def test_what_does_not_parse_is_never_calm(history, tmp_path):
    root, ids = history
    (one,) = score(root, [ids[6]], partial(full, make_model(tmp_path / "model")))
    assert one.score is not None
    assert one.score.band != "green"


def test_in_input_order_with_errors_in_their_place(history):
    root, ids = history
    names = [ids[3], "HEAD~1", "0" * 40, ids[0], "--output=x", ids[3], "main", ids[1][:12]]
    scored = score(root, names)
    assert [one.commit for one in scored] == [
        ids[3], ids[-2], "0" * 40, ids[0], "--output=x", ids[3], ids[-1], ids[1],
    ]  # fmt: skip
    assert [bool(one.error) for one in scored] == [False, False, True, False, True, False, False, False]
    lines = [json.loads(one.line()) for one in scored]
    assert list(lines[0]) == ["commit", "probability", "percentile", "band", "model"]
    assert lines[2] == {"commit": "0" * 40, "error": "There is no such commit in this repository."}
    assert lines[0] == lines[5]


@pytest.mark.parametrize(
    "name",
    [
        "--all",
        "-1",
        "^HEAD",
        ":/start",
        "HEAD^{/start}",
        "HEAD:README",
        "HEAD..main",
        "a b",
        "\udcff",
        "x" * 999,
    ],
)
def test_hostile_names_are_unknown_and_never_options(history, name):
    root, ids = history
    scored = score(root, [name, ids[0]])
    assert [one.score is None for one in scored] == [True, False]
    assert len(scored[0].line()) < 1_500


def test_a_tree_is_no_commit(history):
    root, _ = history
    tree = git(root, "rev-parse", "HEAD^{tree}").decode().strip()
    assert score(root, [tree])[0].score is None


def test_nothing_asked_nothing_said(history):
    assert score(history[0], []) == []


@pytest.fixture
def forked(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """Make a history with a merge, and with a branch that was never merged."""
    root = make_repository(tmp_path / "f", {"a.py": "x = 1\n"})
    git(root, "checkout", "-q", "-b", "side")
    side = make_commit(root, {"b.py": "y = 1\n"}, "side", when="2024-05-02T12:00:00+00:00")
    git(root, "checkout", "-q", "main")
    main = make_commit(root, {"a.py": "x = 2\n"}, "main", when="2024-05-03T12:00:00+00:00")
    git(root, "merge", "-q", "--no-ff", "-m", "merge", "side")
    merge = git(root, "rev-parse", "HEAD").decode().strip()
    git(root, "checkout", "-q", "-b", "lost", main)
    lost = make_commit(root, {"a.py": "x = 3\n"}, "lost", when="2024-05-04T12:00:00+00:00")
    git(root, "checkout", "-q", "main")
    return root, {"side": side, "main": main, "merge": merge, "lost": lost}


@pytest.mark.parametrize("kind", ["small", "full"])
def test_merges_and_lost_branches_are_scored_as_a_check_does(forked, tmp_path, kind):
    root, ids = forked
    load = small if kind == "small" else partial(full, make_model(tmp_path / "model"))
    for name in ("merge", "lost"):
        (one,) = score(root, [ids[name]], load)
        assert told([one])[0][0] == pytest.approx(checked(root, ids[name], load)[0], rel=1e-12)
    assert all(one.score for one in score(root, list(ids.values()), load))


def test_a_shallow_clone_says_what_a_check_says_there(history, tmp_path):
    root, ids = history
    git(tmp_path, "clone", "-q", "--depth", "3", f"file://{root}", "shallow")
    scored = score(tmp_path / "shallow", [ids[-1], ids[-3], ids[0]])
    assert told(scored)[0][0] == checked(tmp_path / "shallow", ids[-1], small)[0]
    assert "not in this clone" in scored[1].error
    assert "no such commit" in scored[2].error


def test_missing_contents_spoil_only_their_own_commits(history, tmp_path):
    root, ids = history
    git(tmp_path, "clone", "-q", "--no-local", "--no-hardlinks", str(root), "holed")
    holed = tmp_path / "holed"
    for pack in (holed / ".git" / "objects" / "pack").glob("*.pack"):
        packed = pack.read_bytes()
        for part in pack.parent.glob(f"{pack.stem}.*"):
            part.unlink()
        git(holed, "unpack-objects", "-q", stdin=packed)
    blob = git(root, "rev-parse", f"{ids[3]}:docs/x.md").decode().strip()
    (holed / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for load in (small, partial(full, make_model(tmp_path / "model"))):
        whole, now = score(root, ids, load), score(holed, ids, load)
        assert now[0] == whole[0]
        assert now[7] == whole[7]
        assert now[3] != whole[3]


def test_a_model_that_cannot_be_loaded_is_an_error(history):
    from riskbot.domain.errors import EvaluationError

    with pytest.raises(EvaluationError, match="cannot be read"):
        score(history[0], history[1], broken)


@given(st.binary(max_size=200))
def test_any_text_is_read_as_names(data):
    for name in bulk.names(data):
        assert name
        assert not name.startswith("#")
        assert "\n" not in name


def test_blank_lines_and_comments_do_not_count():
    assert bulk.names(b"\n# x\n  abc \r\n\tdef\n") == ["abc", "def"]


def test_names_that_are_looked_up():
    fine = ["HEAD", "HEAD~3", "v1.2^", "origin/main", "a" * 40, "@{u}", "HEAD@{1}", "feature/x-y_z"]
    assert all(wanted.NAME.fullmatch(name) for name in fine)


def tools() -> object:
    return task


def task(what: object) -> object:
    if what == "crash":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "hang":
        time.sleep(60)
    if what == "raise":
        raise ZeroDivisionError("a bug")
    if what == "grow":
        return len(bytearray(1 << 40))
    return what


def test_workers_lose_one_task_only():
    asked = {"a": 1, "b": "crash", "c": 2, "d": "hang", "e": "raise", "f": 3, "g": "grow", "h": 4}
    done = dict(spread(tools, iter(asked.items()), 2, seconds=4.0))
    assert {name: result for name, result in done.items() if not isinstance(result, Lost)} == {
        "a": 1,
        "c": 2,
        "f": 3,
        "h": 4,
    }
    assert "crashed" in done["b"].reason
    assert "more than 4 seconds" in done["d"].reason
    assert "ZeroDivisionError" in done["e"].reason
    assert "memory" in done["g"].reason


def test_tasks_are_read_no_further_than_needed():
    read = []

    def endless():
        for number in range(10_000):
            read.append(number)
            yield str(number), number

    results = spread(tools, endless(), 2, seconds=60.0)
    for _ in range(5):
        next(results)
    results.close()
    assert len(read) < 20
