"""Steps: what is unchanged is skipped; what is damaged, missing or of other inputs is made again."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from riskbot.domain.errors import EvaluationError, UsageError
from riskbot.learn import manifest
from riskbot.learn.crew import Place
from riskbot.learn.steps import Step, Unit


class Seen:
    """A watcher that keeps what it is told."""

    def __init__(self) -> None:
        self.said: list[tuple[Any, ...]] = []

    def begun(self, step: str, units: int) -> None:
        self.said.append(("begun", step, units))

    def skipped(self, name: str) -> None:
        self.said.append(("skipped", name))

    def moved(self, name: str, done: int, total: int) -> None:
        if total:
            self.said.append(("moved", name, done, total))

    def made(self, name: str, seconds: float, told: Mapping[str, Any]) -> None:
        assert seconds >= 0
        self.said.append(("made", name, dict(told)))

    def failed(self, name: str, message: str) -> None:
        self.said.append(("failed", name, message))

    def ended(self, step: str) -> None:
        self.said.append(("ended", step))

    def of(self, kind: str) -> list[str]:
        return [one[1] for one in self.said if one[0] == kind]


def make(text: str, place: Place) -> dict[str, Any]:
    """Write two files, and report."""
    place.report(1, 1)
    (place.out / "deep").mkdir()
    (place.out / f"{text}.txt").write_text(text)
    (place.out / "deep" / f"{text}.txt").write_text(text * 2)
    return {"letters": len(text)}


def fail(place: Place) -> dict[str, Any]:
    (place.out / "half.txt").write_text("half")
    raise UsageError("It cannot be.", mend="Mend it.")


def crash(_place: Place) -> dict[str, Any]:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def break_down(_place: Place) -> dict[str, Any]:
    raise ZeroDivisionError("a bug")


def sleep(mark: str, _place: Place) -> dict[str, Any]:
    Path(mark).write_text(str(os.getpid()))
    time.sleep(60)
    return {}


def unit(name: str, pin: object = 1) -> Unit:
    return Unit(name, {"pin": pin}, partial(make, name))


def run(folder: Path, *units: Unit, **options: Any) -> Seen:
    seen = Seen()
    Step("knit", folder).run(units, seen, **options)
    return seen


def test_the_first_run_makes_everything_and_writes_it_down(tmp_path):
    seen = run(tmp_path / "new", unit("a"), unit("b"))
    assert seen.of("made") == ["a", "b"]
    assert ("moved", "a", 1, 1) in seen.said
    assert (tmp_path / "new" / "deep" / "b.txt").read_text() == "bb"
    record = manifest.read(tmp_path / "new")["a"]
    assert record["pins"] == {"pin": 1}
    assert record["told"] == {"letters": 1}
    assert record["outputs"] == {
        name: manifest.digest(tmp_path / "new" / name) for name in ("a.txt", "deep/a.txt")
    }
    assert record["started"] <= record["ended"]
    left = {path.name for path in (tmp_path / "new").iterdir()}
    assert left == {"a.txt", "b.txt", "deep", "manifest.json", ".lock"}


def test_what_is_unchanged_is_skipped(tmp_path):
    run(tmp_path, unit("a"), unit("b"))
    before = (tmp_path / "manifest.json").read_bytes()
    seen = run(tmp_path, unit("a"), unit("b"))
    assert (seen.of("skipped"), seen.of("made")) == (["a", "b"], [])
    assert (tmp_path / "manifest.json").read_bytes() == before


def test_only_what_has_other_inputs_is_made_again(tmp_path):
    run(tmp_path, unit("a"), unit("b"))
    seen = run(tmp_path, unit("a"), unit("b", pin=2), unit("c"))
    assert (seen.of("skipped"), seen.of("made")) == (["a"], ["b", "c"])


def test_again_makes_all(tmp_path):
    run(tmp_path, unit("a"))
    assert run(tmp_path, unit("a"), again=True).of("made") == ["a"]


@pytest.mark.parametrize("harm", ["changed", "missing", "manifest", "record", "schema"])
def test_damage_makes_it_again(tmp_path, harm):
    run(tmp_path, unit("a"))
    path = tmp_path / "manifest.json"
    if harm == "changed":
        (tmp_path / "deep" / "a.txt").write_text("ab")
    elif harm == "missing":
        (tmp_path / "a.txt").unlink()
    elif harm == "manifest":
        path.write_text(path.read_text()[:-20])
    elif harm == "record":
        path.write_text(json.dumps({"schema": 1, "units": {"a": {"pins": {"pin": 1}, "outputs": [1]}}}))
    else:
        path.write_text(path.read_text().replace('"schema": 1', '"schema": 0'))
    assert run(tmp_path, unit("a")).of("made") == ["a"]
    assert (tmp_path / "deep" / "a.txt").read_text() == "aa"
    assert run(tmp_path, unit("a")).of("skipped") == ["a"]


def test_files_that_a_unit_no_longer_makes_go(tmp_path):
    run(tmp_path, unit("a"))
    run(tmp_path, Unit("a", {"pin": 2}, partial(make, "other")))
    assert sorted(path.name for path in tmp_path.rglob("*.txt")) == ["other.txt", "other.txt"]


def test_an_error_leaves_what_was_finished_and_nothing_half_done(tmp_path):
    with pytest.raises(UsageError, match="It cannot be"):
        run(tmp_path, unit("a"), Unit("b", {}, fail), unit("c"))
    assert list(manifest.read(tmp_path)) == ["a"]
    assert not list(tmp_path.rglob("half.txt"))
    assert run(tmp_path, unit("a"), unit("b"), unit("c")).of("skipped") == ["a"]


def test_in_processes_the_others_go_on(tmp_path):
    seen = Seen()
    units = [
        Unit("bad", {}, fail),
        unit("a"),
        Unit("dead", {}, crash),
        Unit("bug", {}, break_down),
        unit("b"),
    ]
    with pytest.raises(EvaluationError) as caught:
        Step("knit", tmp_path).run(units, seen, workers=2)
    assert "3 of 5 parts of the step knit failed" in caught.value.message
    assert "bad: It cannot be" in caught.value.message
    assert "dead: its process was ended by SIGKILL" in caught.value.message
    assert "bug: riskbot itself failed: ZeroDivisionError: a bug" in caught.value.message
    assert sorted(seen.of("made")) == ["a", "b"]
    assert sorted(seen.of("failed")) == ["bad", "bug", "dead"]
    assert not list(tmp_path.glob(".making-*"))


def test_an_interrupt_ends_the_processes_and_keeps_what_was_finished(tmp_path):
    class Stopped(Seen):
        def made(self, name: str, seconds: float, told: Mapping[str, Any]) -> None:
            while not (tmp_path / "mark").exists() or not (tmp_path / "mark").read_text():
                time.sleep(0.01)
            raise KeyboardInterrupt

    units = [unit("a"), Unit("slow", {}, partial(sleep, str(tmp_path / "mark")))]
    with pytest.raises(KeyboardInterrupt):
        Step("knit", tmp_path / "out").run(units, Stopped(), workers=2)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "mark").read_text()), 0)
    assert list(manifest.read(tmp_path / "out")) == ["a"]
    assert not list((tmp_path / "out").glob(".making-*"))


def keep(place: Place) -> dict[str, Any]:
    """Make a checkpoint, and stop; the second time go on from it."""
    if not place.kept.exists():
        place.kept.mkdir()
        (place.kept / "checkpoint").write_text("half way")
        raise UsageError("Interrupted.")
    (place.out / "done.txt").write_text((place.kept / "checkpoint").read_text())
    return {}


def test_checkpoints_outlive_an_interruption_but_not_other_inputs(tmp_path):
    with pytest.raises(UsageError):
        run(tmp_path, Unit("a", {"pin": 1}, keep))
    with pytest.raises(UsageError):
        run(tmp_path, Unit("a", {"pin": 2}, keep))
    run(tmp_path, Unit("a", {"pin": 2}, keep))
    assert (tmp_path / "done.txt").read_text() == "half way"
    assert not list(tmp_path.glob(".kept-*"))


def test_two_runs_in_one_folder_are_refused(tmp_path):
    def second(_place: Place) -> dict[str, Any]:
        run(tmp_path, unit("b"))
        return {}

    with pytest.raises(EvaluationError, match="Another run is at work"):
        run(tmp_path, Unit("a", {}, second))
