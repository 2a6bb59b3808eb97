import pytest

from riskbot.domain.errors import EvaluationError
from riskbot.learn.evaluate import card, document, quantized
from riskbot.learn.quantize import table
from riskbot.learn.quantize.roads import REFERENCE
from riskbot.learn.quantize.rule import SHAPE
from riskbot.learn.quantize.table import Latency, Quality, Row, Run, Table


def _row(road, size, ratio, drop):
    latency = Latency(
        p50=40 * ratio, p95=44 * ratio, ratio=ratio, low=ratio - 0.01, high=ratio + 0.01, runs=9
    )
    run = Run(
        imports=0.1, load=0.2, first=0.3, memory=90, memory_all=99, torch=False, padding=0, company=0,
        latency={SHAPE: latency},
    )  # fmt: skip
    quality = Quality(
        auc=0.8 - drop, ap=0.3, auc_drop=drop, ap_drop=0, largest=0.01, ece=0.02, sides={"5": 0.001}
    )
    return Row(road=road, title=road.upper(), portable=True, size=size, run=run, quality=quality)


@pytest.fixture
def whole():
    rows = [
        _row(REFERENCE, 91_000_000, 1.0, 0.0),
        _row("int8", 23_000_000, 0.45, 0.001),
        Row(road="fx", title="FX", portable=False, error="cannot be traced"),
    ]
    return Table(
        rows=rows,
        picked="int8",
        refused={},
        machine={"cores": "2"},
        threads=2,
        changes=100,
        chunks=300,
        base=0.1,
    )


def test_the_shipped_road_is_held_against_fp32(whole, tmp_path):
    table.write(whole, tmp_path / "table.json")
    found = quantized.read(tmp_path / "table.json")
    assert found["shipped"]["latency_ratio"] == 0.45
    assert found["shipped"]["size_ratio"] == pytest.approx(23 / 91)
    assert found["shipped"]["auc_drop"] == 0.001
    assert found["roads"][2] == {"road": "fx", "title": "FX", "error": "cannot be traced"}


def test_the_card_shows_all_roads(whole, scored):
    metrics = document.evaluate([scored], extra={"quantization": quantized.figures(whole)}, times=20)
    shown = card._quantization(metrics["quantization"])
    assert "| **INT8** (shipped) | 23.0 | 0.30 | 18.0 / 19.8 | 0.45 | 90 | +0.0010 |" in shown
    assert "| FX | cannot be traced |" in shown
    met = {row["text"]: row["met"] for row in metrics["targets"] if row["figure"] == 5}
    assert list(met.values()) == [True, True, True]


def test_nothing_picked_is_nothing_shipped(whole):
    import msgspec

    assert quantized.figures(msgspec.structs.replace(whole, picked=""))["shipped"] == {}


def test_a_table_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(EvaluationError, match=r"table\.json"):
        quantized.read(tmp_path / "table.json")
