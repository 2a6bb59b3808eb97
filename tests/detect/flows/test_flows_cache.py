"""What is kept between runs: bounded, of one version, and worth nothing once somebody else touched it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from riskbot.detect.flows import cache
from riskbot.detect.flows.cache import Store


def pack(folder: Path) -> Path:
    (one,) = folder.glob("*.pack")
    return one


def test_what_is_put_is_there_in_the_next_run(tmp_path):
    first = Store("r", tmp_path)
    first.put("a", b"1")
    assert first.get("a") == b"1"
    first.save()
    assert Store("r", tmp_path).get("a") == b"1"
    assert Store("r", tmp_path).get("b") is None
    assert Store("another", tmp_path).get("a") is None


@pytest.mark.parametrize("spoil", ["bits", "mode", "garbage", "link"])
def test_what_somebody_touched_counts_as_absent(tmp_path, spoil):
    store = Store("r", tmp_path)
    store.put("a", b"1")
    store.save()
    file = pack(tmp_path)
    if spoil == "bits":
        file.write_bytes(file.read_bytes()[:-1] + b"2")
    elif spoil == "mode":
        file.chmod(0o666)
    elif spoil == "garbage":
        cache.files.write(file, b"\x93\xff no pack")
    else:
        shutil.move(file, tmp_path / "away")
        file.symlink_to(tmp_path / "away")
    assert Store("r", tmp_path).get("a") is None


def test_another_version_of_the_engine_shares_nothing(tmp_path, monkeypatch):
    store = Store("r", tmp_path)
    store.put("a", b"1")
    store.save()
    monkeypatch.setattr(cache, "version", lambda: "another")
    assert Store("r", tmp_path).get("a") is None


def test_the_version_is_that_of_every_module_of_the_engine(tmp_path, monkeypatch):
    package = tmp_path / "riskbot/detect/flows"
    shutil.copytree(cache._PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "data"))
    (tmp_path / "riskbot/domain").mkdir()
    shutil.copy(cache._PACKAGE.parent.parent / "domain/zones.py", tmp_path / "riskbot/domain/zones.py")
    before = cache.version()
    monkeypatch.setattr(cache, "_PACKAGE", package)
    cache.version.cache_clear()
    try:
        assert cache.version() == before
        with (package / "trees.py").open("a") as file:
            file.write("# edited\n")
        cache.version.cache_clear()
        assert cache.version() != before
    finally:
        cache.version.cache_clear()


def test_runs_side_by_side_keep_what_both_found(tmp_path):
    one, other = Store("r", tmp_path), Store("r", tmp_path)
    one.put("a", b"1")
    other.put("b", b"2")
    one.save()
    other.save()
    assert (Store("r", tmp_path).get("a"), Store("r", tmp_path).get("b")) == (b"1", b"2")


def test_what_was_unused_longest_goes_first(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "MAX_BYTES", 400)
    for number in range(5):
        store = Store("r", tmp_path)
        store.get("0")
        store.put(str(number), b"x" * 100)
        store.save()
    left = Store("r", tmp_path)
    assert [key for key in "01234" if left.get(key)] == ["0", "3", "4"]


def test_only_so_many_repositories_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "MAX_FILES", 2)
    for number in range(4):
        store = Store(str(number), tmp_path)
        store.put("a", b"1")
        store.save()
    assert len(list(tmp_path.glob("*.pack"))) == 2


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path):
    (tmp_path / "file").write_text("")
    store = Store("r", tmp_path / "file")
    store.put("a", b"1")
    store.save()
    assert store.get("a") == b"1"
    assert Store("r", tmp_path / "file").get("a") is None


def test_nothing_new_writes_nothing(tmp_path):
    Store("r", tmp_path).save()
    assert list(tmp_path.iterdir()) == []
