"""Exports the text model as an fp32 ONNX graph whose nodes ONNX Runtime can fuse, checked against PyTorch."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from riskbot.domain.errors import EvaluationError
from riskbot.learn.quantize import checkpoint
from riskbot.learn.quantize.data import INPUTS, Feed

if TYPE_CHECKING:
    import torch

OPSET = 20
"""The first with Gelu as one operator, which ONNX Runtime fuses with the bias before it."""
TOLERANCE = 1e-4
"""How far a score may be from PyTorch's: rounding of fp32 in another order, in logits."""
OUTPUT = "score"


def export(folder: Path, file: Path, plain: Path) -> None:
    """Export a checkpoint's folder: int64 [batch, tokens] three times -> score float32 [batch].

    ``plain`` gets the graph as it is exported; in ``file`` Gelu and normalisation are fused with the sums
    before them, and attention where the optimizer knows the pattern. EvaluationError where the graph scores
    otherwise than the model.
    """
    settings = checkpoint.settings(folder)
    encoder = settings.get("encoder", settings)
    model = checkpoint.load(folder, attention="eager")  # fused attention exports as a dozen more nodes
    _write(model, plain)
    making = file.with_suffix(".making.onnx")
    _fuse(plain, making, encoder)
    check(model, making, int(encoder["vocab_size"]))
    making.replace(file)


def _write(model: torch.nn.Module, file: Path) -> None:
    import torch

    # Two chunks of different length: an axis of size 1 would be taken for a constant.
    inputs = tuple(torch.from_numpy(array) for array in _sample(2, 9, 2).values())
    axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("tokens")}
    with warnings.catch_warnings():
        # The exporter uses two spellings that PyTorch itself has given up; neither is ours to change.
        warnings.filterwarnings("ignore", category=FutureWarning, module=r"torch|copyreg")
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        warnings.filterwarnings("ignore", message="# The axis name")
        torch.onnx.export(
            model,
            inputs,
            file,
            input_names=INPUTS,
            output_names=[OUTPUT],
            dynamic_shapes=dict.fromkeys(INPUTS, axes),
            opset_version=OPSET,
            external_data=False,
            dynamo=True,
            verbose=False,
        )


def _fuse(source: Path, file: Path, encoder: dict[str, Any]) -> None:
    from onnxruntime.transformers import optimizer

    fused = optimizer.optimize_model(
        str(source),
        model_type="bert",
        num_heads=int(encoder.get("num_attention_heads", 0)),
        hidden_size=int(encoder.get("hidden_size", 0)),
        opt_level=0,  # what the runtime fuses at loading depends on the machine; the file must not
    )
    del fused.model.graph.value_info[:]  # shapes from before the fusion confuse the quantizer
    fused.save_model_to_file(str(file))


def _sample(batch: int, tokens: int, vocabulary: int) -> Feed:
    """Make inputs of different lengths, padded at the end, the same each time."""
    random = np.random.default_rng(batch * 1000 + tokens)
    ids = random.integers(1, vocabulary, (batch, tokens))
    mask = (np.arange(tokens) < random.integers(1, tokens + 1, (batch, 1))).astype(np.int64)
    return dict(zip(INPUTS, (ids * mask, mask, np.zeros_like(ids)), strict=True))


def check(model: torch.nn.Module, file: Path, vocabulary: int) -> float:
    """Compare a graph with the model over shapes and paddings; returns the largest difference of a score.

    EvaluationError where it is over ``TOLERANCE``.
    """
    import torch

    from riskbot.learn.quantize.runtime import load

    score = load(file, 1)
    worst = 0.0
    for shape in ((1, 1), (1, 7), (3, 16), (2, 31)):
        feed = _sample(*shape, vocabulary)
        with torch.inference_mode():
            expected = model(*(torch.from_numpy(feed[name]) for name in INPUTS)).numpy()
        worst = max(worst, float(np.abs(score(feed) - expected).max()))
    if not worst <= TOLERANCE:
        raise EvaluationError(
            f"The exported graph scores up to {worst:.2g} otherwise than the model (allowed: {TOLERANCE:g}).",
            mend="Another version of torch or onnxruntime may export it rightly.",
        )
    return worst
