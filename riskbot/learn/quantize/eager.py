"""Roads of plain PyTorch: fp32 as the reference, bf16, and eager dynamic quantization."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskbot.learn.quantize import checkpoint
from riskbot.learn.quantize.data import INPUTS, Feed
from riskbot.learn.quantize.roads import REFERENCE, Road, Score, Scores, Source

if TYPE_CHECKING:
    import torch


def scorer(model: Any, threads: int) -> Score:
    """Wrap a torch module: arrays in, float32 array out, so many threads, no gradients."""
    import torch

    torch.set_num_threads(threads)

    def score(feed: Feed) -> Scores:
        with torch.inference_mode():
            given = model(*(torch.from_numpy(feed[name]) for name in INPUTS))
        array: Scores = given.float().numpy()
        return array

    return score


def save(model: torch.nn.Module, file: Path) -> None:
    """Write a whole module. It is a pickle: read only what this machine wrote."""
    import torch

    torch.save(model, file)


def load(file: Path, threads: int) -> Score:
    """Read what :func:`save` wrote."""
    import torch

    torch.set_num_threads(threads)
    return scorer(torch.load(file, weights_only=False), threads)


def _fp32(source: Source, file: Path) -> None:
    save(checkpoint.load(source.checkpoint), file)


def _bf16(source: Source, file: Path) -> None:
    import torch

    save(checkpoint.load(source.checkpoint).to(torch.bfloat16), file)


def _dynamic(source: Source, file: Path) -> None:
    import torch
    from torch.ao import quantization

    quantize: Any = quantization.quantize_dynamic  # it has no types
    with warnings.catch_warnings():
        # The road is measured because it is what most people know; that its end is announced is no news.
        warnings.filterwarnings("ignore", message="torch.ao.quantization is deprecated")
        save(quantize(checkpoint.load(source.checkpoint), {torch.nn.Linear}, dtype=torch.qint8), file)


ROADS = (
    Road(REFERENCE, "PyTorch eager fp32", _fp32, load, portable=True),
    Road("torch-bf16", "PyTorch eager bf16", _bf16, load),
    Road("torch-dynamic", "PyTorch eager quantize_dynamic, int8", _dynamic, load),
)
