"""The command line as a person meets it: help, versions, errors, exit codes."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from make import make_commit, make_repository

from riskbot import __version__
from riskbot.surfaces import cli

RISKBOT = [sys.executable, "-m", "riskbot"]


def riskbot(
    *arguments: str, cwd: Path | None = None, stdin: bytes = b"", **env: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*RISKBOT, *arguments], cwd=cwd, input=stdin, capture_output=True, env=os.environ | env, timeout=120
    )


def test_help_and_version_work_without_importing_a_command():
    script = (
        "import sys\nfrom riskbot.surfaces.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'libcst', 'rich', 'yaml', 'msgspec', 'typing', 'dataclasses', 'riskbot.surfaces.check'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for command in cli.COMMANDS:
        assert command in done.stdout
    assert riskbot("--version").stdout.decode().strip() == f"riskbot {__version__}"


@pytest.mark.parametrize("command", sorted(cli.COMMANDS))
def test_every_command_has_help(command):
    done = riskbot(command, "--help")
    assert done.returncode == 0
    assert f"usage: riskbot {command}" in done.stdout.decode()


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["check", "--no-such-flag"], ["check", "--format", "xml"]]
)
def test_wrong_usage_is_exit_2(arguments):
    done = riskbot(*arguments)
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"usage: riskbot" in done.stderr


def _refuses(done: subprocess.CompletedProcess[bytes], code: int, *words: str) -> None:
    """One paragraph on standard error, no traceback, nothing on standard output."""
    message = done.stderr.decode()
    assert done.returncode == code, message
    assert done.stdout == b""
    assert "Traceback" not in message
    assert message.startswith("error: ")
    assert len(message.strip().splitlines()) == 1
    for word in words:
        assert word.lower() in message.lower()


def test_not_a_repository(tmp_path):
    _refuses(riskbot("check", cwd=tmp_path), 2, str(tmp_path), "repository")
    _refuses(riskbot("check", "--repo", "nowhere", cwd=tmp_path), 2, "nowhere")


def test_revisions_and_ranges_that_make_no_sense(tmp_path):
    root = make_repository(tmp_path / "r", {"a.py": "x = 1\n"})
    _refuses(riskbot("check", "no-such-revision", cwd=root), 2, "no-such-revision")
    _refuses(riskbot("check", "HEAD..HEAD", cwd=root), 2, "HEAD..HEAD")
    _refuses(riskbot("check", "--", "--output=/tmp/x", cwd=root), 2)
    subprocess.run(["git", "checkout", "-q", "--orphan", "other"], cwd=root, check=True)
    make_commit(root, {"b.py": "y = 1\n"})
    _refuses(riskbot("check", "main..other", cwd=root), 2, "common")
    _refuses(riskbot("check", "HEAD", "--staged", cwd=root), 2, "--staged")


def test_no_upstream_and_no_remote_says_what_to_name(tmp_path):
    root = make_repository(tmp_path / "r", {"a.py": "x = 1\n"})
    _refuses(riskbot("check", cwd=root), 2, "riskbot check")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("[tool.riskbot]\nno_such_key = 1\n", ["pyproject.toml:2", "no_such_key"]),
        ("[tool.riskbot]\npolicy = 3\n", ["pyproject.toml:2", "policy"]),
        ("[tool.riskbot\n", ["pyproject.toml"]),
        ('[tool.riskbot]\npolicy = ".riskbot/missing.yml"\n', [".riskbot/missing.yml"]),
        ('[tool.riskbot]\npolicy = "no-such-policy"\n', ["no-such-policy"]),
    ],
)
def test_wrong_settings_name_file_and_line(tmp_path, settings, words):
    root = make_repository(tmp_path / "r", {"a.py": "x = 1\n", "pyproject.toml": settings})
    make_commit(root, {"a.py": "x = 2\n"})
    _refuses(riskbot("check", "HEAD^!", cwd=root), 2, *words)


@pytest.mark.parametrize(
    "policy", ["version: 1\nname: [\n", "version: 1\nnmae: x\n", "\t\n", "", "- 1\n", "\xff"]
)
def test_a_malformed_policy_names_its_file_and_line(tmp_path, policy):
    settings = '[tool.riskbot]\npolicy = ".riskbot/policy.yml"\n'
    files = {"a.py": "x = 1\n", "pyproject.toml": settings, ".riskbot/policy.yml": policy.encode("latin-1")}
    root = make_repository(tmp_path / "r", files)
    make_commit(root, {"a.py": "x = 2\n"})
    _refuses(riskbot("check", "HEAD^!", cwd=root), 2, ".riskbot/policy.yml")


@pytest.mark.parametrize(
    "diff",
    [
        b"garbage\n",
        b"\x00\xff\xfe",
        b"--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n",
        b"--- a/x\n+++ b/x\n@@ -1 +1 @@ \n-a\n+b\n+c\n@@ nonsense",
    ],
)
def test_a_garbage_or_truncated_diff_is_refused(diff):
    _refuses(riskbot("check", "--diff", "-", stdin=diff), 2, "diff")


def test_an_unreadable_diff_file_is_refused(tmp_path):
    _refuses(riskbot("check", "--diff", str(tmp_path / "none.diff")), 2, "none.diff")


def test_git_missing_is_exit_3(tmp_path):
    root = make_repository(tmp_path / "r", {"a.py": "x = 1\n"})
    _refuses(riskbot("check", "HEAD^!", cwd=root, PATH=str(tmp_path)), 3, "git")


def test_a_bug_of_ours_is_one_paragraph_and_exit_3(monkeypatch, capsys):
    from riskbot.surfaces import schema

    def broken(_arguments: object) -> int:
        raise ZeroDivisionError("by\x1b[31m zero")

    monkeypatch.setattr(schema, "run", broken)
    assert cli.main(["schema", "report"]) == 3
    message = capsys.readouterr().err
    assert "ZeroDivisionError" in message
    assert "\x1b[31m" not in message
    with pytest.raises(ZeroDivisionError):
        cli.main(["schema", "report", "--debug"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_being_ended_leaves_no_process_no_output_and_no_temporary_file(tmp_path, number):
    """Ctrl-C, a cancelled job, a closed terminal: while git (a stand-in that never ends) gives contents."""
    bin_folder, temporary = tmp_path / "bin", tmp_path / "tmp"
    bin_folder.mkdir()
    temporary.mkdir()
    marker = tmp_path / "started"
    root = make_repository(tmp_path / "r", {"a.py": "x = 1\n"})
    make_commit(root, {"a.py": "x = 2\n"})
    slow = bin_folder / "git"
    slow.write_text(
        f'#!/bin/sh\nif [ "$*" = "cat-file --batch" ]; then read id; echo $$ > {marker}; exec sleep 60; fi\n'
        f'exec {shutil.which("git")} "$@"\n'
    )
    slow.chmod(0o755)
    process = subprocess.Popen(
        [*RISKBOT, "check", "HEAD^!", "--output", str(tmp_path / "report.txt")],
        cwd=root,
        env=os.environ | {"PATH": f"{bin_folder}:{os.environ['PATH']}", "TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509 - nohup(1) ignores SIGHUP
    )
    while not marker.exists() or not marker.read_text().strip():
        assert process.poll() is None
    assert list(temporary.iterdir())
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 128 + number
    assert errors == b"error: Interrupted; nothing was written.\n"
    assert not (tmp_path / "report.txt").exists()
    assert not list(temporary.iterdir())
    with pytest.raises(ProcessLookupError):
        os.kill(int(marker.read_text()), 0)


@pytest.mark.parametrize(
    ("closed", "arguments", "code"),
    [
        (">&-", "check HEAD^! --format json", 1),
        ("2>&-", "check HEAD^!", 1),
        ("2>&-", "check no-such-revision", 2),
        ("<&-", "check --diff -", 2),
        ("<&- >&- 2>&-", "check HEAD^!", 1),
    ],
)
def test_closed_standard_streams_change_no_verdict(tmp_path, closed, arguments, code):
    root = make_repository(tmp_path / "r", {"a.py": "import os\n"})
    make_commit(root, {"a.py": "import os\n\nos.system(input())\neval(input())\n"})
    command = shlex.join([*RISKBOT, *arguments.split()])
    done = subprocess.run(["/bin/sh", "-c", f"{command} {closed}"], cwd=root, capture_output=True)
    assert done.returncode == code, done.stderr
    assert b"riskbot itself failed" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_no_room_for_the_report_is_exit_3(tmp_path):
    root = make_repository(tmp_path / "r", {"a.py": "x = 1\n"})
    make_commit(root, {"a.py": "x = 2\n"})
    _refuses(riskbot("check", "HEAD^!", "--output", "/dev/full", cwd=root), 3, "/dev/full")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*RISKBOT, "check", "HEAD^!"], cwd=root, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr


def test_a_report_that_cannot_be_written_leaves_the_old_one(tmp_path):
    root = make_repository(tmp_path / "r", {"a.py": "x = 1\n"})
    make_commit(root, {"a.py": "x = 2\n"})
    _refuses(
        riskbot("check", "HEAD^!", "--output", str(tmp_path / "no" / "such.txt"), cwd=root), 3, "such.txt"
    )
    report = tmp_path / "report.json"
    report.write_text("old")
    done = riskbot("check", "HEAD^!", "--format", "json", "--output", str(report), cwd=root)
    assert done.stdout == b""
    assert report.read_text().startswith("{")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".report")] == []


@pytest.mark.parametrize(
    ("semgrep", "words"),
    [
        (None, "Semgrep is not installed"),
        ("#!/bin/sh\nkill -9 $$\n", "killed by signal 9"),
        ("#!/bin/sh\necho '{\"results\": ['\n", "does not count"),
    ],
)
def test_semgrep_missing_killed_or_babbling_is_undecided_and_exit_3(tmp_path, semgrep, words):
    """Findings of the other detectors still show; what semgrep would have found is not taken for nothing."""
    root = make_repository(tmp_path / "r", {"a.py": "def f(x):\n    return x\n"})
    make_commit(root, {"a.py": "def f(x):\n    return eval(x)\n"})
    program = tmp_path / "semgrep"
    if semgrep is not None:
        program.write_text(semgrep)
        program.chmod(0o755)
    script = (
        "import sys\nfrom pathlib import Path\nfrom riskbot.domain.errors import EvaluationError\n"
        "from riskbot.outside import semgrep\n"
        "def locate():\n"
        f"    if {semgrep is None}:\n"
        "        raise EvaluationError('Semgrep is not installed, so its rules could not be run.')\n"
        f"    return semgrep.Command({str(program)!r}, 'semgrep')\n"
        "semgrep.locate = locate\n"
        "from riskbot.surfaces.cli import main\nsys.exit(main(['check', 'HEAD^!', *sys.argv[1:]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 3, done.stdout + done.stderr
    assert done.stdout.startswith("UNDECIDED")
    assert words in " ".join(done.stdout.split())
    assert "structure.new-dynamic-code" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_size_limits_in_the_settings_of_the_base_take_effect(tmp_path):
    """The base is only known once it was read; a limit that stands there counts all the same."""
    root = make_repository(
        tmp_path / "r", {"a.py": "x = 1\n", "pyproject.toml": "[tool.riskbot]\nmax_file_bytes = 20\n"}
    )
    make_commit(root, {"a.py": "y = 22222222222222222222\n"})
    done = riskbot("check", "HEAD^!", "--format", "json", cwd=root)
    report = json.loads(done.stdout)
    assert ("too-large", "a.py") in {(one["cause"], one["file"]) for one in report["assessment"]["omissions"]}
    assert done.returncode == 1
