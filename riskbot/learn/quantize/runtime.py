"""Roads of ONNX Runtime: fp32, dynamic int8 and static int8. The only ones that serve without torch."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from riskbot.learn.quantize.data import INPUTS, Feed, Tokens
from riskbot.learn.quantize.roads import Road, Score, Scores, Source

CALIBRATED = 64
"""So many chunks of training changes set the static scales of activations."""
_ERRORS_ONLY = 3
_MULTIPLIED = ["MatMul", "Attention"]
_LOOKED_UP = ["Gather", "EmbedLayerNormalization"]


def load(file: Path, threads: int) -> Score:
    """Load a graph with the settings that serving uses."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    names = [one.name for one in session.get_inputs()]

    def score(feed: Feed) -> Scores:
        array: Scores = session.run(["score"], {name: feed[name] for name in names})[0]
        return array

    return score


def _fp32(source: Source, file: Path) -> None:
    file.write_bytes(source.graph.read_bytes())


def _dynamic(source: Source, file: Path, *, channels: bool, seven: bool, tables: bool) -> None:
    """Quantize weights now and activations at each run; ``tables``: the embeddings too."""
    from onnx import TensorProto
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        source.graph,
        file,
        op_types_to_quantize=_MULTIPLIED + (_LOOKED_UP if tables else []),
        per_channel=channels,
        reduce_range=seven,
        weight_type=QuantType.QInt8,
        # Fused operators are not ONNX's, so the quantizer cannot infer the types behind them.
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
    )


class _Chunks:
    """Calibration data as ONNX Runtime asks for it: one chunk after another, then None.

    All are cut to their median length, the shorter ones left out: what collects percentiles wants one shape.
    """

    def __init__(self, tokens: Tokens) -> None:
        chunks = [tokens.one(number) for number in range(min(CALIBRATED, len(tokens)))]
        lengths = [feed[INPUTS[0]].shape[1] for feed in chunks]
        length = sorted(lengths)[len(lengths) // 2]
        self._feeds = iter(
            [
                {name: array[:, :length] for name, array in feed.items()}
                for feed, its in zip(chunks, lengths, strict=True)
                if its >= length
            ]
        )

    def get_next(self) -> Feed | None:
        return next(self._feeds, None)


def _static(source: Source, file: Path, *, method: str, seven: bool) -> None:
    """Quantize weights and, with scales from training chunks, activations (QDQ form).

    From the plain graph: of the fused operators the quantizer does not know what types they give, and leaves
    out what stands behind them. The runtime fuses at loading.
    """
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.calibrate import CalibrationDataReader

    CalibrationDataReader.register(_Chunks)
    quantize_static(
        source.plain,
        file,
        _Chunks(source.calibration),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["MatMul", "Gather"],
        per_channel=True,
        reduce_range=seven,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=CalibrationMethod[method],
        extra_options={"MatMulConstBOnly": True},  # products of two activations lose too much
    )


def _road(name: str, title: str, convert: Any, *, portable: bool = False) -> Road:
    return Road(name, f"ONNX Runtime {title}", convert, load, suffix=".onnx", portable=portable)


def _dynamic_road(name: str, title: str, *, channels: bool, seven: bool, tables: bool = True) -> Road:
    convert = partial(_dynamic, channels=channels, seven=seven, tables=tables)
    return _road(name, f"dynamic int8, {title}", convert, portable=seven)


ROADS = (
    _road("onnx-fp32", "fp32", _fp32, portable=True),
    _dynamic_road(
        "onnx-dynamic-matmul", "weights of products only", channels=False, seven=False, tables=False
    ),
    _dynamic_road("onnx-dynamic", "one scale a matrix", channels=False, seven=False),
    _dynamic_road("onnx-dynamic-7bit", "one scale a matrix, 7 bits", channels=False, seven=True),
    _dynamic_road("onnx-dynamic-channel", "one scale a channel", channels=True, seven=False),
    _dynamic_road("onnx-dynamic-channel-7bit", "one scale a channel, 7 bits", channels=True, seven=True),
    _road("onnx-static", "static int8, extremes", partial(_static, method="MinMax", seven=False)),
    _road(
        "onnx-static-percentile",
        "static int8, percentile, 7 bits",
        partial(_static, method="Percentile", seven=True),
        portable=True,
    ),
)
