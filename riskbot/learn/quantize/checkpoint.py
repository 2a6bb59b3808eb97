"""Loads the fine-tuned text model for the roads to start from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskbot.domain.errors import UsageError
from riskbot.learn.manifest import digest

if TYPE_CHECKING:
    import torch

CONFIG = "config.json"
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"


def load(checkpoint: Path, *, attention: str = "sdpa") -> torch.nn.Module:
    """Load the model in evaluation mode, fp32: ``model(input_ids, attention_mask, token_type_ids)`` -> score.

    The inputs are int64 [batch, tokens], the score float32 [batch]. ``attention``: how transformers
    computes it, ``sdpa`` (fused) or ``eager`` (as single operations, which exporters recognise).
    """
    from riskbot.learn.train.encoder import ChunkClassifier

    model = ChunkClassifier.from_pretrained(checkpoint)
    model.encoder.set_attn_implementation(attention)
    model.train(mode=False)
    return model


def settings(checkpoint: Path) -> dict[str, Any]:
    """Read the checkpoint's config.json; UsageError where it has none."""
    try:
        found: dict[str, Any] = json.loads((checkpoint / CONFIG).read_bytes())
    except (OSError, ValueError) as problem:
        raise UsageError(
            f"{checkpoint} is no checkpoint: its {CONFIG} cannot be read ({problem}).",
            mend="Name the folder that training wrote.",
        ) from problem
    return found


def fingerprint(checkpoint: Path) -> str:
    """One hash of weights, configuration and tokenizer; UsageError naming the file that is missing."""
    try:
        return "-".join(digest(checkpoint / name)[:16] for name in (CONFIG, WEIGHTS, TOKENIZER))
    except OSError as problem:
        raise UsageError(
            f"{checkpoint} is no whole checkpoint: {Path(problem.filename).name} is missing.",
            mend="Name the folder that training wrote.",
        ) from problem
