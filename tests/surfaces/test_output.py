"""A report file is whole or not there at all."""

import os
from pathlib import Path

import pytest

from riskbot.domain.errors import EvaluationError
from riskbot.surfaces import output


def test_it_replaces_in_one_step_and_keeps_the_mode(tmp_path):
    target = tmp_path / "report.txt"
    target.write_text("old")
    target.chmod(0o640)
    output.write("new", str(target))
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_new_file_gets_the_mode_of_any_new_file(tmp_path):
    output.write("x", str(tmp_path / "a"))
    (tmp_path / "b").write_text("x")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_it_writes_through_a_symlink(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    output.write("new", str(tmp_path / "link"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_failure_midway_leaves_nothing_behind(tmp_path, monkeypatch):
    (tmp_path / "report").write_text("old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EvaluationError, match="No space left"):
        output.write("new", str(tmp_path / "report"))
    assert (tmp_path / "report").read_text() == "old"
    assert list(tmp_path.iterdir()) == [tmp_path / "report"]


def test_lone_surrogates_do_not_crash(tmp_path):
    output.write("caf\udce9", str(tmp_path / "a"))
    assert Path(tmp_path / "a").read_bytes() == b"caf\\udce9"
