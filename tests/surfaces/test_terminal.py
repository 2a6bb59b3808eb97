"""Progress on a real terminal (a pty), silence in a pipe; colour as the environment asks."""

import io
import os
import pty
import subprocess
import sys
import threading

import pytest
from make import make_commit, make_repository

from riskbot.surfaces import terminal


class _Stream(io.StringIO):
    def __init__(self, *, tty: bool, encoding: str = "utf-8") -> None:
        super().__init__()
        self._tty = tty
        self._encoding = encoding

    def isatty(self) -> bool:
        return self._tty

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding


@pytest.mark.parametrize(
    ("tty", "environment", "choice", "wanted"),
    [
        (True, {}, "auto", True),
        (False, {}, "auto", False),
        (True, {"NO_COLOR": "1"}, "auto", False),
        (True, {"NO_COLOR": ""}, "auto", True),
        (False, {"FORCE_COLOR": "1"}, "auto", True),
        (True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, "auto", False),
        (True, {"TERM": "dumb"}, "auto", False),
        (False, {"NO_COLOR": "1"}, "always", True),
        (True, {}, "never", False),
    ],
)
def test_colour(monkeypatch, tty, environment, choice, wanted):
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert terminal.wants_color(_Stream(tty=tty), choice) is wanted


@pytest.mark.parametrize(
    ("encoding", "wanted"), [("utf-8", True), ("UTF8", True), ("ascii", False), ("latin-1", False)]
)
def test_unicode_follows_the_encoding(encoding, wanted):
    assert terminal.speaks_unicode(_Stream(tty=True, encoding=encoding)) is wanted


def test_progress_starts_no_thread_and_leaves_a_clean_line(monkeypatch):
    stream = _Stream(tty=True)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    clock = iter(range(100))
    monkeypatch.setattr(terminal.time, "monotonic", lambda: next(clock))
    before = set(threading.enumerate())  # other tests of this process may have left some that wait
    with terminal.progress() as show:
        show("Working")
        show("Working")
        assert set(threading.enumerate()) <= before
    drawn = stream.getvalue()
    assert "Working (1 s)" in drawn
    assert drawn.endswith("\r\x1b[K")


def test_progress_is_silent_in_a_pipe_and_when_asked(monkeypatch):
    for stream, quiet in ((_Stream(tty=False), False), (_Stream(tty=True), True)):
        monkeypatch.setattr(sys, "stderr", stream)
        with terminal.progress(quiet=quiet) as show:
            show("Working")
        assert stream.getvalue() == ""


def test_check_draws_on_a_terminal_and_only_there(tmp_path):
    root = make_repository(tmp_path / "r", {"a.py": "x = 1\n"})
    make_commit(root, {"a.py": "x = 2\n"})
    command = [sys.executable, "-m", "riskbot", "check", "HEAD^!"]
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color"}
    process = subprocess.Popen(command, cwd=root, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other side was closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    assert process.wait(60) == 0
    assert b"\x1b[" in shown
    assert b"AWAITS REVIEW" in shown
    piped = subprocess.run(command, cwd=root, capture_output=True)
    assert b"\x1b" not in piped.stdout
    assert piped.stderr == b""
