"""Roads of PyTorch's graph modes: FX (traced) and PT2E (exported, the x86 quantizer, inductor)."""

from __future__ import annotations

import warnings
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskbot.learn.quantize import checkpoint, eager
from riskbot.learn.quantize.data import INPUTS, Tokens
from riskbot.learn.quantize.roads import Road, Score, Source

if TYPE_CHECKING:
    import torch

CALIBRATED = 64
"""So many chunks of training changes set the static scales of activations."""


def example(tokens: Tokens, number: int = 0) -> tuple[torch.Tensor, ...]:
    """Give one chunk as the model's arguments, int64 [1, its tokens] each."""
    import torch

    return tuple(torch.from_numpy(tokens.one(number)[name].copy()) for name in INPUTS)


def _calibrate(model: Any, tokens: Tokens) -> None:
    import torch

    with torch.no_grad():
        for number in range(min(CALIBRATED, len(tokens))):
            model(*example(tokens, number))


def _fx_whole(source: Source, file: Path) -> None:
    from torch.ao.quantization import get_default_qconfig_mapping
    from torch.ao.quantization.quantize_fx import convert_fx, prepare_fx

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="torch.ao.quantization is deprecated")
        inputs = example(source.calibration)
        model = checkpoint.load(source.checkpoint, attention="eager")
        prepared = prepare_fx(model, get_default_qconfig_mapping("x86"), inputs)
        _calibrate(prepared, source.calibration)
        eager.save(convert_fx(prepared), file)


def _fx_blocks(source: Source, file: Path) -> None:
    """Trace every linear layer alone: what FX can still do where the whole cannot be traced."""
    import torch
    from torch.ao.quantization import get_default_qconfig_mapping
    from torch.ao.quantization.quantize_fx import convert_fx, prepare_fx

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="torch.ao.quantization is deprecated")
        model = checkpoint.load(source.checkpoint, attention="eager")
        linears = {name: part for name, part in model.named_modules() if isinstance(part, torch.nn.Linear)}
        mapping = get_default_qconfig_mapping("x86")
        for name, linear in linears.items():
            given = (torch.zeros(1, linear.in_features),)
            model.set_submodule(name, prepare_fx(torch.nn.Sequential(linear), mapping, given))
        _calibrate(model, source.calibration)
        for name in linears:
            traced: Any = model.get_submodule(name)
            model.set_submodule(name, convert_fx(traced))
        eager.save(model, file)


def _pt2e(source: Source, file: Path, *, dynamic: bool) -> None:
    import torch
    from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_pt2e
    from torchao.quantization.pt2e.quantizer import x86_inductor_quantizer as x86

    model = checkpoint.load(source.checkpoint, attention="eager")
    inputs = example(source.calibration)
    shapes = {name: {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC} for name in INPUTS}
    two = tuple(torch.cat([part, part]) for part in inputs)  # one chunk alone would fix the batch at 1
    exported = torch.export.export(model, two, dynamic_shapes=shapes).module()
    quantizer = x86.X86InductorQuantizer()
    quantizer.set_global(x86.get_default_x86_inductor_quantization_config(is_dynamic=dynamic))
    prepared = prepare_pt2e(exported, quantizer)
    _calibrate(prepared, source.calibration)
    converted = convert_pt2e(prepared)
    torch.export.save(torch.export.export(converted, two, dynamic_shapes=shapes), file)


def _load_pt2e(file: Path, threads: int, *, compiled: bool) -> Score:
    import torch
    import torchao.quantization.pt2e.quantize_pt2e  # noqa: F401 - registers the operators that the file names

    torch.set_num_threads(threads)
    model = torch.export.load(file).module()
    if not compiled:
        return eager.scorer(model, threads)
    import torch._inductor.config as inductor

    inductor.freezing = True  # packs the int8 weights, as the tutorial of the x86 quantizer says
    return eager.scorer(torch.compile(model, dynamic=True), threads)


def _inductor(name: str, title: str, *, dynamic: bool, compiled: bool) -> Road:
    return Road(
        name, title, partial(_pt2e, dynamic=dynamic), partial(_load_pt2e, compiled=compiled), suffix=".pt2"
    )


ROADS = (
    Road("fx", "PyTorch FX, whole model, static int8", _fx_whole, eager.load),
    Road("fx-blocks", "PyTorch FX, each linear layer, static int8", _fx_blocks, eager.load),
    _inductor("pt2e-static", "PT2E, x86 quantizer, static int8, inductor", dynamic=False, compiled=True),
    _inductor("pt2e-dynamic", "PT2E, x86 quantizer, dynamic int8, inductor", dynamic=True, compiled=True),
    _inductor(
        "pt2e-static-eager", "PT2E, x86 quantizer, static int8, not compiled", dynamic=False, compiled=False
    ),
)
