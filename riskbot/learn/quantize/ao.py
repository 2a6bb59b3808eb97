"""Roads of torchao: ``quantize_`` with int8 weights, with and without int8 activations, and autoquant."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from riskbot.learn.quantize import checkpoint, eager
from riskbot.learn.quantize.roads import Road, Score, Source


def _convert(config: str, source: Source, file: Path) -> None:
    import torch
    from torchao import quantization

    model = checkpoint.load(source.checkpoint)
    quantization.quantize_(model, getattr(quantization, config)())
    # torchao hangs functions on the layers that no pickle takes: weights and the rest are kept apart.
    bare = checkpoint.load(source.checkpoint)
    for part in bare.modules():
        for name, weight in part.named_parameters(recurse=False):
            part.register_parameter(name, torch.nn.Parameter(torch.empty_like(weight, device="meta")))
    torch.save((bare, model.state_dict()), file)


def _load(file: Path, threads: int, *, compiled: bool) -> Score:
    """Load, and compile for any number of chunks and tokens: torchao's own advice for speed."""
    import torch

    torch.set_num_threads(threads)
    model, weights = torch.load(file, weights_only=False)
    model.load_state_dict(weights, assign=True)
    return eager.scorer(torch.compile(model, dynamic=True) if compiled else model, threads)


def _auto(source: Source, file: Path) -> None:
    """Let torchao time each layer's choices on a real chunk and keep the fastest."""
    from torchao.quantization import autoquant

    model = autoquant(checkpoint.load(source.checkpoint))
    eager.scorer(model, source.threads)(source.calibration.one(0))
    model.finalize_autoquant()
    eager.save(model, file)


def _road(name: str, title: str, config: str, *, compiled: bool = False) -> Road:
    return Road(name, f"torchao {title}", partial(_convert, config), partial(_load, compiled=compiled))


_DYNAMIC, _WEIGHT = "Int8DynamicActivationInt8WeightConfig", "Int8WeightOnlyConfig"

ROADS = (
    _road("torchao-int8", "int8 activations (dynamic) and weights", _DYNAMIC),
    _road("torchao-int8-compiled", "int8 activations and weights, inductor", _DYNAMIC, compiled=True),
    _road("torchao-weight", "int8 weights only", _WEIGHT),
    _road("torchao-weight-compiled", "int8 weights only, inductor", _WEIGHT, compiled=True),
    Road("torchao-autoquant", "torchao autoquant", _auto, eager.load),
)
