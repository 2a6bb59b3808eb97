import msgspec
import pytest

from learn.quantize.rows import broken, row, table
from riskbot.domain.errors import EvaluationError
from riskbot.learn.quantize import plot, render, rule
from riskbot.learn.quantize import table as tables

ROWS = [
    row("torch-fp32", 1.0, drop=0.0, size=90_000_000, torch=True),
    row("onnx-dynamic", 0.45),
    broken("fx", "TraceError: a | b"),
]
PICKED, REFUSED = rule.pick(ROWS)
TABLE = table(ROWS, PICKED, REFUSED)


def test_every_road_and_figure_is_in_the_text():
    text = render.markdown(TABLE)
    assert "1,000 commits with 4,321 chunks, 12.5% with a defect; 2 threads; processor Some CPU" in text
    assert "| ONNX-DYNAMIC (`onnx-dynamic`) | 23.0 | 0.256 | 0.10 | 0.20 | 0.05 | 120 | 300 | no |" in text
    assert "18.0 / 19.8; 0.45 (0.41 to 0.50)" in text
    assert (
        "| 0.7890 | +0.0010 | 0.3500 | +0.0020 | 0.0200 | 0.0210 | 1.0% | 2.0% | 3.0% | 0.01 | 0.02 |" in text
    )
    assert "**ONNX-DYNAMIC** (`onnx-dynamic`)" in text
    assert "| TORCH-FP32 (`torch-fp32`) | needs torch to score; 90.0 MB, over 26 |" in text


def test_what_cannot_run_stands_there_with_its_error():
    assert "## What cannot run\n\n| road | error |\n| --- | --- |\n| FX (`fx`) | TraceError: a \\| b |" in (
        render.markdown(TABLE)
    )


def test_rows_have_as_many_cells_as_their_head():
    for part in render.markdown(TABLE).split("\n\n"):
        if part.startswith("|"):
            counts = {line.replace("\\|", "").count("|") for line in part.splitlines()}
            assert len(counts) == 1, part


def test_where_nothing_is_picked_it_says_so():
    assert "**none**" in render.markdown(table(ROWS[:1]))


def test_the_table_is_read_as_it_was_written(tmp_path):
    tables.write(TABLE, tmp_path / "table.json")
    assert tables.read(tmp_path / "table.json") == TABLE
    assert msgspec.json.decode((tmp_path / "table.json").read_bytes())["picked"] == "onnx-dynamic"


def test_a_damaged_table_is_named(tmp_path):
    (tmp_path / "table.json").write_text("{")
    with pytest.raises(EvaluationError, match=r"table\.json"):
        tables.read(tmp_path / "table.json")


def test_the_plot_is_the_same_each_time(tmp_path):
    for name in ("one.png", "two.png"):
        plot.draw(TABLE, tmp_path / name)
    picture = (tmp_path / "one.png").read_bytes()
    assert picture == (tmp_path / "two.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
