"""The roads: every way from the fine-tuned model to one that scores. The families have a module each.

A road *converts* the checkpoint into a file (in one process) and *loads* that file into something that scores
(in another, whose memory, import time and latency are measured). Nothing is left out because it fails: what
cannot run stands in the table with its error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riskbot.learn.quantize.data import Feed, Tokens

Scores = NDArray[np.float32]
Score = Callable[[Feed], Scores]
"""Inputs, each int64 [batch, tokens] -> a score a chunk, float32 [batch]."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a road may start from: the checkpoint, and chunks of *training* changes to calibrate with.

    ``graph``: the fp32 ONNX graph with fused operators; ``plain``: as exported.
    """

    checkpoint: Path
    graph: Path
    plain: Path
    calibration: Tokens
    threads: int


@dataclass(frozen=True, slots=True)
class Road:
    """A road: ``convert(source, file)`` writes the file that is measured, ``load(file, threads)`` serves it.

    ``portable``: that it gives the same scores on processors with and without the instructions for dot
    products of int8 (VNNI). Without them the usual kernels add two products of 8 bits in 16 bits, which
    overflows unless the weights keep to 7 (ONNX Runtime, "Quantize ONNX models", on ``reduce_range``).
    """

    name: str
    title: str
    convert: Callable[[Source, Path], None]
    load: Callable[[Path, int], Score]
    suffix: str = ".pt"
    portable: bool = False


REFERENCE = "torch-fp32"
"""The road that the others are compared with."""


def roads() -> dict[str, Road]:
    """Give all roads by name, the reference first."""
    from riskbot.learn.quantize import ao, eager, graph, runtime

    return {road.name: road for family in (eager, graph, ao, runtime) for road in family.ROADS}
