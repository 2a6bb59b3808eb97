"""Cells: whatever a detector does, it ends as data, in time, and leaves nothing behind."""

from __future__ import annotations

import ctypes
import faulthandler
import multiprocessing.process
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from make import make_change

from riskbot.detect import cell
from riskbot.detect.detector import detect
from riskbot.detect.marks import ChangedLines
from riskbot.domain.change import Change, Omission, OmissionKind
from riskbot.domain.errors import EvaluationError
from riskbot.domain.finding import (
    Category,
    Confidence,
    Detection,
    Finding,
    Location,
    Rule,
    Severity,
    Side,
)

CHANGE = make_change({"a.py": ("one\ntwo\n", "one\n2\n3\n"), "b.py": (None, "new\n")})


def finding(path: str, line: int | None, rule: str = "r", **fields: object) -> Finding:
    made = Finding(
        rule, "test", Severity.LOW, Confidence.LOW, Category.CORRECTNESS, Location(path, line), "m", rule
    )
    return replace(made, **fields)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Works:
    name: str = "works"
    found: tuple[Finding, ...] = (finding("a.py", 2),)
    rules: tuple[Rule, ...] = ()

    def run(self, change: Change) -> Detection:
        omission = Omission(OmissionKind.TIMEOUT, self.name, f"{len(change.files)} files")
        return Detection(self.found, (omission,), rules=self.rules)


@dataclass(frozen=True)
class Misbehaves:
    how: str
    path: str = ""
    name: str = "bad"

    def run(self, change: Change) -> Detection:
        return getattr(self, self.how)()

    def raises(self):
        print("half a thought")  # noqa: T201
        raise ValueError("the file\nhas two lines")

    def tells(self):
        raise EvaluationError("The disk is full.", mend="Free some of it.")

    def segfaults(self):
        faulthandler.disable()  # the suite's runner would print a page about it
        ctypes.string_at(0)

    def exits(self):
        os._exit(7)

    def leaves(self):
        sys.exit(0)

    def is_killed(self):
        os.kill(os.getpid(), signal.SIGKILL)

    def hoards(self):
        return bytearray(1 << 40)

    def hangs(self):
        time.sleep(600)

    def spins(self):
        while True:
            pass

    def returns_nothing(self):
        return None

    def cannot_be_pickled(self):
        return Detection(findings=(lambda: None,))  # type: ignore[arg-type]

    def starts_another(self):
        other = subprocess.Popen(["sleep", "600"])
        Path(self.path).write_text(f"{os.getpid()} {other.pid}")
        time.sleep(600)

    def shouts(self):
        print("shouted through Python")  # noqa: T201
        os.write(1, b"shouted through the descriptor\n")
        os.write(2, b"and to standard error\n")
        subprocess.run(["echo", "and by a child"], check=True)
        return Detection()

    def says_where(self):
        return Detection(findings=(finding(tempfile.gettempdir(), None),))

    def writes_and_dies(self):
        Path(tempfile.gettempdir(), "result").write_bytes(b"\x80garbage")
        os._exit(0)


def gone(pid: int) -> bool:
    """Tell whether a process has ended, waiting for the kernel to say so."""
    for _ in range(500):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.01)
    return False


@pytest.fixture(params=["fork", "spawn"])
def method(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(cell, "start_method", lambda: request.param)
    return request.param


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("raises", "The bad detector failed (ValueError: the file has two lines)."),
        ("tells", "The disk is full. Free some of it."),
        ("segfaults", "The bad detector was ended by signal SIGSEGV before it had a result."),
        ("exits", "The bad detector ended with exit code 7 before it had a result."),
        ("leaves", "The bad detector failed (SystemExit: 0)."),
        ("is_killed", "The bad detector was ended by signal SIGKILL before it had a result."),
        ("hoards", "The bad detector needed more than 256 MiB of memory."),
        ("returns_nothing", "The bad detector failed (TypeError: run returned NoneType, not a Detection)."),
    ],
)
def test_every_way_to_die_is_a_failure_and_the_others_go_on(method: str, how: str, reason: str) -> None:
    detection = detect(CHANGE, [Works(), Misbehaves(how), Works("also")], seconds=30, memory_bytes=256 << 20)
    assert [(failure.step, failure.reason) for failure in detection.failures] == [("bad", reason)]
    assert len(detection.findings) == 2
    assert [omission.step for omission in detection.omissions] == ["works", "also"]


def test_the_detail_holds_the_traceback_and_what_was_printed() -> None:
    (failure,) = detect(CHANGE, [Misbehaves("raises")], seconds=30).failures
    assert "Traceback" in failure.detail
    assert "half a thought" in failure.detail


@pytest.mark.parametrize("how", ["cannot_be_pickled", "writes_and_dies"])
def test_a_result_that_cannot_travel_is_a_failure(how: str) -> None:
    (failure,) = detect(CHANGE, [Misbehaves(how)], seconds=30).failures
    assert "pickle" in failure.reason.lower()


@pytest.mark.parametrize("how", ["hangs", "spins"])
def test_the_time_limit_stops_one_and_keeps_the_others(how: str) -> None:
    started = time.monotonic()
    # Long enough for a fresh interpreter of the one that works, on a machine that does other things too.
    detection = detect(CHANGE, [Misbehaves(how), Works()], seconds=4)
    assert 4 <= time.monotonic() - started < 20
    assert detection.failures[0].reason == "The bad detector did not finish within 4 s and was stopped."
    assert len(detection.findings) == 1


def test_what_a_detector_started_dies_with_it(method: str, tmp_path: Path) -> None:
    note = tmp_path / "pids"
    detect(CHANGE, [Misbehaves("starts_another", str(note))], seconds=8)
    assert all(gone(int(pid)) for pid in note.read_text().split())


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_orphans_when_the_parent_is_interrupted_or_killed(tmp_path: Path, end: signal.Signals) -> None:
    note = tmp_path / "pids"
    code = (
        "from detect.test_detector import *\n"
        f"detect(CHANGE, [Misbehaves('starts_another', {str(note)!r})], seconds=600)\n"
    )
    tests = Path(__file__).parents[1]
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=tests, stderr=subprocess.PIPE)
    while not (note.exists() and len(note.read_text().split()) == 2):
        assert parent.poll() is None, parent.stderr.read()
        time.sleep(0.01)
    parent.send_signal(end)
    parent.communicate()
    assert all(gone(int(pid)) for pid in note.read_text().split())


def test_an_interrupt_while_cells_start_leaves_nothing_and_says_nothing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    started = []
    start = multiprocessing.process.BaseProcess.start

    def interrupted(self: multiprocessing.process.BaseProcess) -> None:
        start(self)
        started.append(self.pid)
        signal.raise_signal(signal.SIGINT)  # to this thread: the suite's runner may have others

    monkeypatch.setattr(multiprocessing.process.BaseProcess, "start", interrupted)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    limits = cell.Limits(60, 1 << 30)
    with pytest.raises(KeyboardInterrupt), cell.cells(CHANGE, [Misbehaves("hangs"), Works()], limits):
        pass
    assert len(started) == 2
    for pid in started:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def test_output_of_a_detector_reaches_nobody(method: str, capfd: pytest.CaptureFixture[str]) -> None:
    print("before", end="")  # noqa: T201 - still buffered while the children fork: it must not come twice
    assert detect(CHANGE, [Misbehaves("shouts"), Misbehaves("raises")], seconds=30).failures
    assert capfd.readouterr() == ("before", "")


def test_a_cell_has_a_temporary_folder_of_its_own_that_is_gone_afterwards(method: str) -> None:
    (found,) = detect(CHANGE, [Misbehaves("says_where")], seconds=30).findings
    assert found.location.path != tempfile.gettempdir()
    assert not Path(found.location.path).exists()


def test_a_result_larger_than_any_pipe_comes_whole() -> None:
    many = tuple(finding("a.py", number, message="x" * 1000) for number in range(5000))
    assert len(detect(CHANGE, [Works(found=many)], seconds=30).findings) == 5000


def test_forks_only_when_no_other_thread_runs() -> None:
    code = "from riskbot.detect.cell import start_method; print(start_method())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == ("fork\n" if sys.platform == "linux" else "spawn\n")
    stop = threading.Event()
    other = threading.Thread(target=stop.wait)
    other.start()
    try:
        assert cell.start_method() == "spawn"
    finally:
        stop.set()
        other.join()


def test_findings_are_sorted_and_rules_come_once() -> None:
    rule = Rule("r", "t", "h", Severity.LOW, Confidence.LOW, Category.TESTS)
    first = Works("first", (finding("b.py", 1), finding("a.py", 3, "z"), finding("a.py", 3, "b")), (rule,))
    second = Works("second", (finding("a.py", None), finding("a.py", 2)), (replace(rule, title="other"),))
    detection = detect(CHANGE, [first, second], seconds=30)
    places = [(f.location.path, f.location.line, f.rule) for f in detection.findings]
    assert places == [
        ("a.py", None, "r"),
        ("a.py", 2, "r"),
        ("a.py", 3, "b"),
        ("a.py", 3, "z"),
        ("b.py", 1, "r"),
    ]
    assert detection.rules == (rule,)


def test_no_detector_finds_nothing() -> None:
    assert detect(CHANGE, [], seconds=1) == Detection()


@pytest.mark.parametrize(
    ("where", "touched"),
    [
        (Location("a.py", 1), False),
        (Location("a.py", 2), True),
        (Location("a.py", 1, 2), True),
        (Location("a.py", 1, 10**9), True),
        (Location("a.py", 3, 3), True),
        (Location("a.py", 4), False),
        (Location("a.py", None), True),
        (Location("a.py", 2, side=Side.OLD), True),
        (Location("a.py", 1, side=Side.OLD), False),
        (Location("a.py", 3, side=Side.OLD), False),
        (Location("elsewhere.py", 2), False),
    ],
)
def test_on_changed_line_is_set_from_the_diff_whatever_the_detector_said(
    where: Location, touched: bool
) -> None:
    for claim in (True, False):
        claimed = finding("x", None, location=where, on_changed_line=claim)
        (found,) = detect(CHANGE, [Works(found=(claimed,))], seconds=30).findings
        assert found.on_changed_line is touched


def test_changed_lines_of_a_rename_are_those_of_its_sides() -> None:
    file = make_change({"a.py": ("x\ny\n", "x\nz\n")}).files[0]
    lines = ChangedLines.of(file)
    assert (lines.new, lines.old) == ({2}, {2})
