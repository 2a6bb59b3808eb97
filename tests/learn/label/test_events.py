"""Labels as files."""

import pytest

from riskbot.domain.errors import ConfigError
from riskbot.learn.label import Event, read, write

EVENTS = [
    Event("b" * 40, "r", "c" * 40, 1_700_000_000, linked=True),
    Event("a" * 40, "revert", "d" * 40, 0, linked=False),
]


@pytest.mark.parametrize("events", [EVENTS, []])
def test_what_is_written_is_read(tmp_path, events):
    path = tmp_path / "owner+name.parquet"
    assert write(path, "owner/name", iter(events)) == len(events)
    assert read(path) == sorted(events)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_the_columns_are_those_that_are_documented(tmp_path):
    import pyarrow.parquet as pq

    write(tmp_path / "x.parquet", "owner/name", EVENTS)
    table = pq.read_table(tmp_path / "x.parquet")
    assert [(one.name, str(one.type)) for one in table.schema] == [
        ("repository", "string"),
        ("commit", "string"),
        ("source", "string"),
        ("fix", "string"),
        ("known_at", "int64"),
        ("linked", "bool"),
    ]
    assert set(table["repository"].to_pylist()) == {"owner/name"}


@pytest.mark.parametrize("content", [None, b"", b"PAR1 no"])
def test_what_is_no_label_file_is_named(tmp_path, content):
    path = tmp_path / "x.parquet"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"x\.parquet: the labels cannot be read"):
        read(path)


def test_other_columns_and_sources_are_refused(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"commit": ["a"]}), path)
    with pytest.raises(ConfigError, match="cannot be read"):
        read(path)
    write(path, "o/n", [Event("a", "szz", "b", 1, linked=False)])
    with pytest.raises(ConfigError, match="unknown sources of labels: szz"):
        read(path)
