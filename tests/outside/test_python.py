import os
import signal
from pathlib import Path

import pytest

from riskbot.outside import python

SCRIPT = """
import os, subprocess, sys, time
what = sys.argv[1]
if what == "say":
    print("unheard"); print(os.environ["TOLD"], file=sys.stderr)
elif what == "fail":
    raise ValueError("broken")
elif what == "crash":
    os.kill(os.getpid(), 11)
elif what == "hang":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    open(sys.argv[2], "w").write(str(child.pid))
    time.sleep(600)
elif what == "much":
    sys.stderr.write("x" * 100_000 + "end")
"""


@pytest.fixture
def script(tmp_path, monkeypatch):
    (tmp_path / "said_script.py").write_text(SCRIPT)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "said_script"


def test_what_it_is_told_and_what_it_says(script):
    assert python.run(script, ["say"], seconds=60, environment={"TOLD": "so"}) == python.Ended(0, "so\n")


def test_an_exception_gives_its_traceback(script):
    ended = python.run(script, ["fail"], seconds=60)
    assert ended.status == 1
    assert ended.stderr.rstrip().endswith("ValueError: broken")


def test_a_crash_is_told_by_its_signal(script):
    assert python.run(script, ["crash"], seconds=60).status == -signal.SIGSEGV


def test_what_hangs_is_ended_with_its_children(script, tmp_path):
    note = tmp_path / "child"
    assert python.run(script, ["hang", str(note)], seconds=3).status is None
    if note.exists() and note.read_text():  # it got so far within the limit
        state = _state(int(note.read_text()))
        assert state in {"gone", "Z"}


def test_only_the_end_of_long_complaints_is_kept(script):
    stderr = python.run(script, ["much"], seconds=60).stderr
    assert len(stderr) == 20_000
    assert stderr.endswith("end")


def _state(pid):
    try:
        os.kill(pid, 0)
        with Path(f"/proc/{pid}/stat").open() as file:
            return file.read().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return "gone"
