"""A tiny text model as training writes it, and what to measure it on."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np

from learn.train.tiny import texts, tiny_base
from riskbot.learn.quantize.data import EvaluationSet


def checkpoint(folder: Path) -> Path:
    """Write a random model of 2 layers and 32 hidden units whose scores differ from chunk to chunk."""
    import torch

    from riskbot.learn.train.base import load_tokenizer
    from riskbot.learn.train.encoder import ChunkClassifier

    base = folder / "base"
    base.mkdir(parents=True)
    tokenizer = load_tokenizer(tiny_base(base, max_position_embeddings=512))
    model = ChunkClassifier.from_base(str(base), tokenizer)
    with torch.no_grad():
        model.head.weight.mul_(20)
    made = folder / "checkpoint"
    model.save_pretrained(made)
    tokenizer.save(str(made / "tokenizer.json"))
    return made


def pairs(many: int, seed: int) -> list[tuple[str, str]]:
    """Write chunks."""
    dice = random.Random(seed)
    return [texts(dice) for _ in range(many)]


def evaluation(changes: int = 30, seed: int = 5) -> EvaluationSet:
    """Make changes of 1 to 3 chunks, every third with a defect."""
    dice = random.Random(seed)
    counts = [dice.randint(1, 3) for _ in range(changes)]
    return EvaluationSet(
        pairs(sum(counts), seed),
        np.repeat(np.arange(changes), counts),
        np.array([float(at % 3 == 0) for at in range(changes)]),
        # Far apart, so that no rounding of a score changes the order.
        np.array([dice.uniform(-20, 20) for _ in range(changes)]),
    )
