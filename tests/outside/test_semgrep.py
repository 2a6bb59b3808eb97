"""The door to semgrep is closed: what was not looked at never passes for "nothing found"."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from riskbot.domain.change import OmissionKind
from riskbot.domain.errors import EvaluationError
from riskbot.outside import semgrep
from riskbot.outside.semgrep import CANARY_RULE, Command, locate, scan

EVAL = {
    "id": "eval",
    "languages": ["python"],
    "severity": "ERROR",
    "message": "saw $X",
    "pattern": "eval($X)",
}

CANARY = {
    "check_id": CANARY_RULE["id"],
    "path": "canary.py",
    "start": {"offset": 0},
    "end": {"offset": 23},
    "extra": {"message": "m"},
}


def rules(*more: dict) -> bytes:
    return json.dumps({"rules": [EVAL, *more, CANARY_RULE]}).encode()


def spots(contents: list[bytes], config: bytes | None = None) -> list[tuple[str, int, bytes]]:
    done = scan(contents, config or rules(), seconds=60)
    return [(match.rule, match.file, contents[match.file][match.start : match.end]) for match in done.matches]


def fake(tmp_path: Path, body: str) -> Command:
    """Write a semgrep that behaves as ``body`` says."""
    script = tmp_path / "semgrep"
    script.write_text(f"#!{sys.executable}\nimport json, os, signal, sys, time\n{body}\n")
    script.chmod(0o700)
    return Command(str(script), "semgrep")


def answer(**changes: object) -> str:
    """Make a valid answer of semgrep for one content, with some keys changed."""
    whole = {"results": [CANARY], "errors": [], "skipped_rules": [], "paths": {"scanned": ["000000.py"]}}
    return f"print({json.dumps(json.dumps(whole | changes))})"


def test_finds_what_the_rules_say_with_byte_exact_places() -> None:
    contents = ["s = 'é日'; eval(a)\r\n".encode(), b"", b"eval(\n  b)\n"]
    assert spots(contents) == [("eval", 0, b"eval(a)"), ("eval", 2, b"eval(\n  b)")]


def test_the_message_holds_the_metavariable() -> None:
    assert scan([b"eval(q)\n"], rules(), seconds=60).matches[0].message == "saw q"


def test_no_contents_need_no_semgrep() -> None:
    assert scan([], rules(), seconds=0, command=Command("/nonexistent", "semgrep")).matches == ()


@pytest.mark.parametrize(
    "content",
    [
        b"eval(a)  # nosem\n",
        b"# nosemgrep: eval\neval(a)\n",
        b"# \x00 a zero byte\neval(a)\n",
        "# latin-1: é\neval(a)\n".encode("latin-1"),
        b"# hidden behind a lone carriage return\reval(a)\n",
        b"\xef\xbb\xbfeval(a)\n",
    ],
)
def test_nothing_in_a_file_silences_a_rule(content: bytes) -> None:
    assert spots([content]) == [("eval", 0, b"eval(a)")]


def test_a_file_of_two_megabytes_is_scanned() -> None:
    content = (
        b"# a comment of seventy bytes, so that the file is large but quickly read\n" * 30_000 + b"eval(a)\n"
    )
    assert len(content) > 2_000_000
    assert spots([content]) == [("eval", 0, b"eval(a)")]


def test_a_half_parsed_file_keeps_its_matches_and_is_told() -> None:
    done = scan([b"eval(a)\nclass X\n  y === 3 $$ ??\n", b"eval(b)\n"], rules(), seconds=60)
    assert [match.file for match in done.matches] == [0, 1]
    assert done.troubles == {0: (OmissionKind.PARTLY_PARSED, "semgrep could parse only parts of it")}


def test_a_rule_that_times_out_on_a_file_is_told() -> None:
    slow = EVAL | {"id": "slow", "pattern": "f(..., $X, ..., $Y, ..., $Z, ..., $X, ..., $Y, ..., $Z, ...)"}
    content = b"f(" + b",".join(b"a%d" % number for number in range(3000)) + b")\n"
    done = scan([b"eval(a)\n", content], rules(slow), seconds=120)
    assert done.troubles == {1: (OmissionKind.TIMEOUT, "semgrep ran out of time with the rule slow")}
    assert [match.file for match in done.matches] == [0]


@pytest.mark.parametrize(
    "broken",
    [
        {"pattern": "eval($X"},
        {"pattern": None},
        {"languages": ["klingon"]},
        {"severity": "TERRIBLE"},
        {"min-version": "99.0.0"},
    ],
)
def test_one_broken_rule_among_good_ones_makes_the_run_void(broken: dict) -> None:
    rule = {key: value for key, value in (EVAL | {"id": "broken"} | broken).items() if value is not None}
    with pytest.raises(EvaluationError, match="does not count"):
        scan([b"eval(a)\n"], rules(rule), seconds=60)


def test_without_the_canary_rule_the_run_is_void() -> None:
    with pytest.raises(EvaluationError, match="always find"):
        scan([b"eval(a)\n"], json.dumps({"rules": [EVAL]}).encode(), seconds=60)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("sys.exit(2)", "not semgrep's JSON .exit status 2."),
        ("print('Traceback, or so')", "not semgrep's JSON"),
        ('print(\'{"results": [{"check_id": \')', "not semgrep's JSON"),
        (answer(results=[CANARY, {"check_id": "eval", "path": "000000.py"}]), "not semgrep's JSON"),
        ("print('[]')", "not semgrep's JSON"),
        ("print('[' * 100000)", "not semgrep's JSON"),
        (answer() + "\nsys.stdout.flush(); os.kill(os.getpid(), signal.SIGKILL)", "killed by signal 9"),
        (answer() + "\nsys.exit(1)", "exit status 1"),
        (answer(results=[]), "always find"),
        (answer(skipped_rules=[{"id": "eval"}]), "does not count"),
        (answer(errors=[{"type": "Fatal", "message": "no file named"}]), "no file named"),
        (answer(time={"fixpoint_timeouts": [{"where": "nowhere"}]}), "nowhere"),
        (answer() + "\nsys.stderr.write('Warning: fixpoint timeout in f')", "trouble"),
    ],
)
def test_a_semgrep_that_behaves_badly_is_an_error(tmp_path: Path, body: str, words: str) -> None:
    with pytest.raises(EvaluationError, match=words) as caught:
        scan([b"x\n"], rules(), seconds=30, command=fake(tmp_path, body))
    assert caught.value.mend
    assert len(str(caught.value)) < 700


def test_the_same_fake_is_accepted_when_it_behaves(tmp_path: Path) -> None:
    done = scan([b"x\n"], rules(), seconds=30, command=fake(tmp_path, answer()))
    assert (done.matches, done.troubles) == ((), {})


def test_a_file_that_is_not_in_scanned_or_has_an_error_row_is_told(tmp_path: Path) -> None:
    row = {"type": "OutOfMemory", "level": "error", "path": "000001.py", "message": "m"}
    body = answer(errors=[row], paths={"scanned": ["000001.py"]})
    troubles = scan([b"x\n", b"y\n"], rules(), seconds=30, command=fake(tmp_path, body)).troubles
    assert {index: kind for index, (kind, _) in troubles.items()} == dict.fromkeys(
        (0, 1), OmissionKind.NOT_SCANNED
    )


def test_a_cut_data_flow_analysis_is_a_timeout_of_its_file(tmp_path: Path) -> None:
    body = answer(time={"fixpoint_timeouts": [{"location": {"path": "000000.py"}}]})
    assert (
        scan([b"x\n"], rules(), seconds=30, command=fake(tmp_path, body)).troubles[0][0]
        is OmissionKind.TIMEOUT
    )


def test_a_semgrep_that_sleeps_is_killed_with_its_children(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    body = f"import subprocess\np = subprocess.Popen(['sleep', '600'])\nopen({str(note)!r}, 'w').write(str(p.pid))\ntime.sleep(600)"
    started = time.monotonic()
    with pytest.raises(EvaluationError, match="did not finish within 1 s"):
        scan([b"x\n"], rules(), seconds=1, command=fake(tmp_path, body))
    assert time.monotonic() - started < 10
    pid = int(note.read_text())
    for _ in range(500):
        if not Path(f"/proc/{pid}").exists() or "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
            return
        time.sleep(0.01)
    pytest.fail("the child of semgrep lives on")


def test_a_missing_semgrep_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(semgrep.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EvaluationError, match=r"not installed.*pip install"):
        scan([b"x\n"], rules(), seconds=30)
    program = Path(fake(tmp_path, answer()).program)
    assert locate() == Command(str(program), "semgrep")


def test_semgrep_that_cannot_start_says_so(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="could not be started"):
        scan([b"x\n"], rules(), seconds=30, command=Command(str(tmp_path / "none"), "semgrep"))


def test_semgrep_sees_nothing_of_the_callers_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEMGREP_APP_TOKEN", "secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    note = tmp_path / "seen"
    body = (
        f"open({str(note)!r}, 'w').write(json.dumps([dict(os.environ), os.getcwd(), sorted(os.listdir())]))\n"
    )
    scan([b"x\n"], rules(), seconds=30, command=fake(tmp_path, body + answer()))
    environment, folder, names = json.loads(note.read_text())
    assert not {"SEMGREP_APP_TOKEN", "HTTPS_PROXY"} & environment.keys()
    assert environment["HOME"].startswith(folder)
    assert names == ["000000.py", "canary.py", "err", "home", "out", "rules.json"]
    assert not Path(folder).exists()


def test_many_files_go_in_bounded_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semgrep, "_BATCH", 4)
    contents = [b"eval(a%d)\n" % number for number in range(10)]
    assert [place[1:] for place in spots(contents)] == [(n, b"eval(a%d)" % n) for n in range(10)]


@pytest.mark.parametrize(("cores", "runs"), [(1, 1), (2, 2)])
def test_many_files_are_divided_where_there_are_two_cores(
    monkeypatch: pytest.MonkeyPatch, cores: int, runs: int
) -> None:
    monkeypatch.setattr(semgrep, "_cores", lambda: cores)
    assert len(semgrep._batches(range(39))) == 1
    batches = semgrep._batches(range(101))
    assert len(batches) == runs
    assert sorted(index for batch in batches for index in batch) == list(range(101))
    contents = [b"eval(a%d)\n" % number for number in range(101)]
    assert [place[1] for place in spots(contents)] == list(range(101))


def test_a_run_of_two_that_fails_fails_the_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(semgrep, "_cores", lambda: 2)
    with pytest.raises(EvaluationError, match="does not count"):
        scan([b"x\n"] * 50, rules(), seconds=30, command=fake(tmp_path, "sys.exit(1)"))


def test_three_thousand_files_are_no_trouble() -> None:
    contents = [b"x = %d\n" % number for number in range(2999)] + [b"eval(last)\n"]
    assert spots(contents) == [("eval", 2999, b"eval(last)")]


def test_the_engine_beside_python_is_preferred(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake(tmp_path, "sys.exit(1)")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert locate().name == "osemgrep"
