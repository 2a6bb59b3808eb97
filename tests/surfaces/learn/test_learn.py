"""`riskbot learn` as a person meets it: mining, labelling, restarting, and what is said meanwhile."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from make import make_commit, make_repository

from riskbot.domain.errors import UsageError
from riskbot.surfaces.learn import extra, watch
from riskbot.surfaces.learn.watch import Lines, told

pytest.importorskip("pyarrow")


def learn(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "riskbot", "learn", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, timeout=300, env=os.environ, text=True)


@pytest.fixture
def clones(tmp_path: Path) -> Path:
    for name in ("acme+shop", "acme+till"):
        root = make_repository(tmp_path / "clones" / name)
        make_commit(root, {"a.py": "def f(x):\n    return x\n"}, "start", when="2024-01-01T12:00:00Z")
        make_commit(root, {"a.py": "def f(x):\n    return 1 / x\n"}, "faster", when="2024-01-02T12:00:00Z")
        make_commit(
            root,
            {"a.py": "def f(x):\n    return x and 1 / x\n"},
            "Fix crash: zero",
            when="2024-01-03T12:00:00Z",
        )
    return tmp_path


def test_mining_and_labelling_restart_by_repository(clones):
    (clones / "learn.toml").write_text('out = "run"\nrepositories = "clones"\n')
    first = learn("mine", "--config", "learn.toml", cwd=clones)
    assert first.returncode == 0, first.stderr
    assert "mine: acme/shop: done in" in first.stderr
    assert "used 3" in first.stderr
    again = learn("mine", "--config", "learn.toml", cwd=clones)
    assert again.stderr == "mine: 2 of 2 unchanged, skipped (acme/shop, acme/till)\n"
    make_commit(clones / "clones" / "acme+till", {"b.py": "y = 1\n"}, "more", when="2024-01-04T12:00:00Z")
    third = learn("mine", "--config", "learn.toml", cwd=clones)
    assert "mine: 1 of 2 unchanged, skipped (acme/shop)" in third.stderr
    assert "mine: acme/till: done in" in third.stderr
    labelled = learn("label", "--config", "learn.toml", cwd=clones)
    assert labelled.returncode == 0, labelled.stderr
    assert "label: acme/shop: done in" in labelled.stderr
    from riskbot.learn.label import read

    events = read(clones / "run" / "labels" / "acme+shop.parquet")
    assert {event.source for event in events} >= {"b"}
    manifest = json.loads((clones / "run" / "mined" / "manifest.json").read_text())
    assert set(manifest["units"]) == {"acme/shop", "acme/till"}
    assert set(manifest["units"]["acme/shop"]["pins"]) == {
        "tip",
        "riskbot",
        "features",
        "limits",
        "structure",
    }


def test_mining_needs_no_configuration(clones):
    done = learn("mine", "clones/acme+shop", "--out", "run", "--quiet", cwd=clones)
    assert (done.returncode, done.stderr) == (0, "")
    assert (clones / "run" / "mined" / "acme+shop.parquet").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("mine",), "It is not said what to mine"),
        (("mine", "clones"), "It is not said what to mine"),
        (("mine", "clones", "--config", "x"), "Leave PATH and --out out"),
        (("mine", "nowhere", "--out", "run"), "cannot be read"),
        (("label", "--config", "nowhere"), "cannot be read"),
        (("label",), "--config"),
        (("train", "--config", "learn.toml"), "Run `riskbot learn mine --config learn.toml` first"),
        (("quantize", "--config", "learn.toml"), "Run `riskbot learn train --config learn.toml` first"),
        (("evaluate", "--config", "learn.toml"), "Run `riskbot learn quantize --config learn.toml` first"),
    ],
)
def test_what_cannot_be_asked_for(clones, arguments, message):
    (clones / "learn.toml").write_text('out = "run"\nrepositories = "clones"\n')
    done = learn(*arguments, cwd=clones)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr


def test_training_without_dates_says_what_is_missing(clones):
    (clones / "learn.toml").write_text('out = "run"\nrepositories = "clones"\n')
    for step in ("mine", "label"):
        assert learn(step, "--config", "learn.toml", "--quiet", cwd=clones).returncode == 0
    done = learn("train", "--config", "learn.toml", cwd=clones)
    assert done.returncode == 2, done.stderr
    assert "split.train_until is not given" in done.stderr


def test_a_shallow_clone_is_refused(clones):
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", f"file://{clones}/clones/acme+shop", clones / "shallow"],
        check=True,
    )
    done = learn("mine", "shallow", "--out", "run", cwd=clones)
    assert done.returncode == 2
    assert "shallow" in done.stderr


def test_the_missing_extra_is_named(monkeypatch):
    monkeypatch.setattr(extra, "NEEDS", {"mine": ("numpy", "no_such_module_here")})
    with pytest.raises(UsageError) as caught:
        extra.need(["mine"])
    assert "no_such_module_here" in caught.value.message
    assert caught.value.mend == "Install it: pip install 'riskbot[learn]'."


def test_every_need_is_in_the_extra():
    import tomllib

    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    named = {
        need.split(">")[0].split("=")[0].replace("-", "_")
        for need in project["optional-dependencies"]["learn"]
    }
    named |= {need.split(">")[0] for need in project["dependencies"]}
    imported = {name for needs in extra.NEEDS.values() for name in needs}
    assert {{"sklearn": "scikit_learn"}.get(name, name) for name in imported} <= named


def test_counts_in_words():
    assert told({"used": 1200, "left out": {"bot": 3}, "none": {}, "best": "x\x1b[1m"}) == (
        "used 1,200, left out (bot 3), best x\\x1b[1m"
    )


def test_lines_say_now_and_then_how_far_a_unit_is(monkeypatch):
    said: list[str] = []
    now = [0.0]
    monkeypatch.setattr(watch.time, "monotonic", lambda: now[0])
    lines = Lines(said.append)
    lines.begun("mine", 2)
    for at in range(100):
        now[0] = float(at)
        lines.moved("a", at, 100)
    lines.failed("a", "no\x1b[1m")
    lines.ended("mine")
    assert said == [
        "mine: a: begun",
        "mine: a: 30 of 100",
        "mine: a: 60 of 100",
        "mine: a: 90 of 100",
        "mine: a: failed: no\\x1b[1m",
    ]


def test_bars_are_drawn_and_leave_only_lines():
    from rich.console import Console
    from rich.progress import Progress

    from riskbot.surfaces.learn.watch import Bars

    out = io.StringIO()
    with Progress(console=Console(file=out, force_terminal=True, width=80), transient=True) as progress:
        bars = Bars(progress)
        bars.begun("mine", 3)
        bars.skipped("[red]old")
        bars.moved("new", 0, 0)
        bars.moved("new", 5, 10)
        bars.made("new", 1.0, {"used": 5})
        bars.failed("bad", "why")
        assert [task.completed for task in progress.tasks] == [3]
        bars.ended("mine")
        assert not progress.tasks
    text = out.getvalue()
    assert "mine: 1 of 3 unchanged, skipped ([red]old)" in text
    assert "mine: new: done in 1.0 s: used 5" in text
    assert "mine: bad: failed: why" in text
