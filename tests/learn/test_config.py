"""The configuration of a learning run: strict, with file, line and mend; and finding its repositories."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import make_repository

from riskbot.domain.errors import ConfigError, UsageError
from riskbot.learn import config, reading, repositories

DOCS = Path(__file__).parents[2] / "docs" / "learn.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("acme+shop", "acme+till"):
        make_repository(tmp_path / "clones" / name, {"a.py": "x = 1\n"})
    return tmp_path


def written(folder: Path, text: str) -> Path:
    path = folder / "learn.toml"
    path.write_text(text)
    return path


BASE = 'out = "run"\nrepositories = "clones"\n'


def test_defaults_and_paths_relative_to_the_file(folder):
    found = config.load(written(folder, BASE))
    assert found.out == folder / "run"
    assert [one.name for one in found.repositories] == ["acme/shop", "acme/till"]
    assert [one.stem for one in found.repositories] == ["acme+shop", "acme+till"]
    assert Path(found.repositories[0].path) == folder / "clones" / "acme+shop"
    assert (found.mine, found.label, found.split) == (config.Mine(), config.Label(), config.Split())


def test_every_kind_of_value_is_read(folder):
    text = (
        'out = "run"\n[[repositories]]\nname = "a/b"\npath = "clones/acme+shop"\nnewest = 7\n'
        "since = 2020-01-02\n[mine]\nstructure = 0.5\nuntil = 2024-01-01\n[label]\nlinked = true\n"
        'source = "r"\n[split]\ntrain_until = 2021-01-01\nvalidation = ["a/b"]\n'
        "[train]\nepochs = 2\nadapt_minutes = 3\n"
    )
    found = config.load(written(folder, text))
    (one,) = found.repositories
    whole = repositories.limits(one, found.mine)
    assert (whole.newest, whole.since, whole.until) == (7, date(2020, 1, 2), date(2024, 1, 1))
    assert (found.mine.structure, found.label.source, found.label.linked) == (0.5, "r", True)
    assert found.split.validation == ("a/b",)
    assert found.train.epochs == 2.0


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("[mine]\nwrokers = 3\n", "There is no key 'wrokers' in [mine]. Did you mean 'workers'?", 4),
        ("[mien]\n", "There is no key 'mien'. Did you mean 'mine'?", 3),
        ("mine = 3\n", "mine must be a table. Write [mine].", 3),
        ("[mine]\nworkers = 0\n", "mine.workers is 0; it must be a whole number from 1 to 256.", 4),
        ("[mine]\nstructure = true\n", "mine.structure is True; it must be a number from 0 to 1.", 4),
        ("[label]\nlinked = 1\n", "label.linked is 1; it must be true or false.", 4),
        ('[label]\nsource = "sz"\n', "it must be one of b, ag, r, revert", 4),
        ('[mine]\nsince = "2020-01-01"\n', "it must be a date like 2024-05-01, without quotes", 4),
        ("[mine]\nsince = 2020-01-01T00:00:00Z\n", "it must be a date like 2024-05-01", 4),
        (
            "[split]\ntrain_until = 2021-01-01\ncalibrate_until = 2021-01-01\n",
            "split.calibrate_until (2021-01-01) must be later than split.train_until (2021-01-01).",
            5,
        ),
        (
            "[split]\ntrain_until = 2021-01-01\ntest_until = 2020-01-01\n",
            "split.test_until (2020-01-01) must be later than split.train_until (2021-01-01).",
            5,
        ),
        (
            '[split]\nvalidation = ["acme/shp"]\n',
            "split.validation names 'acme/shp', which is no repository of this run. Did you mean 'acme/shop'?",
            4,
        ),
        ("[train]\nseed = 0x" + "f" * 5000 + "\n", "train.seed is a very long number", 4),
    ],
)
def test_what_is_wrong_is_named_with_its_line(folder, text, message, line):
    with pytest.raises(ConfigError) as caught:
        config.load(written(folder, BASE + text))
    assert message in str(caught.value)
    assert (Path(caught.value.file).name, caught.value.line) == ("learn.toml", line)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('out = "x"\n', "The key 'repositories' is missing."),
        ('repositories = "clones"\n', "The key 'out' is missing."),
        ('out = "x"\nrepositories = "nowhere"\n', "nowhere cannot be read"),
        ('out = "x"\nrepositories = 3\n', "repositories must be a list of tables"),
        ('out = "x"\nrepositories = []\n', "There is no repository to learn from."),
        ('out = "x"\n[[repositories]]\nname = "a"\n', "lacks the key 'path'"),
        ('out = "x"\n[[repositories]]\nname = "../a"\npath = "clones/acme+shop"\n', "a name like owner/name"),
        ('out = "x"\n[[repositories]]\nname = ".."\npath = "clones/acme+shop"\n', "a name like owner/name"),
        ('out = "x"\n[[repositories]]\nname = "a"\npath = "clones"\n', "clones is no git repository"),
        ('out = "x"\n[[repositories]]\nname = "a"\npath = "clones"\ntip = 1\n', "There is no key 'tip'"),
        (
            'out = "x"\n[[repositories]]\nname = "A+b"\npath = "clones/acme+till"\n',
            "a name like owner/name",
        ),
        (
            'out = "x"\nrepositories = [{name = "a/b", path = "clones/acme+shop"}, {name = "A/b", path = "clones/acme+till"}]',
            "Two repositories are called A/b",
        ),
        ("out = \n", "This is not TOML"),
    ],
)
def test_repositories_that_cannot_be(folder, text, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        config.load(written(folder, text))


def test_no_file_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        config.load(tmp_path / "none.toml")


def test_a_list_of_paths_may_name_them(folder):
    (folder / "list.txt").write_text("# ours\n\nclones/acme+shop\nother/name\tclones/acme+till\n")
    found = config.load(written(folder, 'out = "x"\nrepositories = "list.txt"\n'))
    assert [one.name for one in found.repositories] == ["acme/shop", "other/name"]


def test_paths_of_the_command_line_mean_the_same(folder):
    clones = folder / "clones"
    by_folder = repositories.of_paths([clones])
    by_clone = repositories.of_paths([clones / "acme+shop", clones / "acme+till" / ".git"])
    assert [one.name for one in by_folder] == [one.name for one in by_clone] == ["acme/shop", "acme/till"]


def test_what_does_not_change_the_outcome_is_not_pinned():
    assert reading.fingerprint(config.Mine(workers=1)) == reading.fingerprint(config.Mine(workers=9))
    assert reading.fingerprint(config.Mine()) != reading.fingerprint(config.Mine(since=date(2020, 1, 1)))


def test_dates_are_midnight_utc():
    assert reading.seconds(date(1970, 1, 2)) == 86_400


@given(st.dictionaries(st.text(max_size=9), st.none() | st.integers() | st.text(max_size=9), max_size=3))
def test_any_table_is_read_or_refused(table):
    reader = reading.Reader("learn.toml", b"")
    try:
        reader.table(config.Train, ("train",), table)
    except ConfigError as problem:
        assert problem.file == "learn.toml"  # noqa: PT017


def test_every_key_is_documented():
    rows = re.findall(r"^\| `([a-z_.]+)` \|[^|]*\| `?([^|`]*?)`? \|", DOCS.read_text(), re.MULTILINE)
    documented = {name: default.strip() for name, default in rows}
    keys = {"out": "needed", "repositories": "needed"}
    for table, kind in config.TABLES.items():
        for item in fields(kind):
            default = item.default
            shown = "none" if default in (None, ()) else str(default).lower()
            keys[f"{table}.{item.name}"] = f"{default:,g}" if isinstance(default, float) else shown
    keys |= {f"repositories.{item.name}": "none" for item in fields(config.Repository)}
    keys |= {"repositories.name": "needed", "repositories.path": "needed"}
    assert documented == keys
