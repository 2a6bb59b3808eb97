"""Roads of torchao: ``quantize_`` with int8 weights, with and without int8 activations, and autoquant."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from riskbot.learn.quantize import checkpoint, eager
from riskbot.learn.quantize.roads import Road, Score, Source


def _convert(config: str, source: Source, file: Path) -> None:
    from torchao import quantization

    model = checkpoint.load(source.checkpoint)
    quantization.quantize_(model, getattr(quantization, config)())
    eager.save(model, file)


def _compiled(file: Path, threads: int) -> Score:
    """Compile at loading, for any number of chunks and tokens: torchao's own advice for speed."""
    import torch

    torch.set_num_threads(threads)
    model = torch.load(file, weights_only=False)
    return eager.scorer(torch.compile(model, dynamic=True), threads)


def _auto(source: Source, file: Path) -> None:
    """Let torchao time each layer's choices on a real chunk and keep the fastest."""
    import torch
    from torchao.quantization import autoquant

    model = autoquant(checkpoint.load(source.checkpoint))
    eager.scorer(model, source.threads)(source.calibration.one(0))
    model.finalize_autoquant()
    eager.save(torch.nn.Sequential(model)[0], file)


_DYNAMIC, _WEIGHT = "Int8DynamicActivationInt8WeightConfig", "Int8WeightOnlyConfig"

ROADS = (
    Road(
        "torchao-int8",
        "torchao int8 activations (dynamic) and weights",
        partial(_convert, _DYNAMIC),
        eager.load,
    ),
    Road("torchao-int8-compiled", "the same, compiled by inductor", partial(_convert, _DYNAMIC), _compiled),
    Road("torchao-weight", "torchao int8 weights only", partial(_convert, _WEIGHT), eager.load),
    Road("torchao-weight-compiled", "the same, compiled by inductor", partial(_convert, _WEIGHT), _compiled),
    Road("torchao-autoquant", "torchao autoquant", _auto, eager.load),
)
