"""Score chunks with the trained encoder in torch, for evaluation; serving does it with onnxruntime."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch

from riskbot.learn.train.base import TOKENIZER, unreadable
from riskbot.learn.train.tokens import PART_TOKENS, Integers, Tokens, tokenize

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from riskbot.learn.train.encoder import ChunkClassifier

Floats = npt.NDArray[np.float64]


def load(folder: Path) -> tuple[ChunkClassifier, Tokenizer]:
    """Load what ``finetune`` wrote: the model, in evaluation mode, and its tokenizer.

    Raises EvaluationError where the folder has none.
    """
    from tokenizers import Tokenizer
    from transformers.utils import logging

    from riskbot.learn.train.encoder import ChunkClassifier

    logging.disable_progress_bar()
    try:
        model = ChunkClassifier.from_pretrained(folder, local_files_only=True)
        return model.train(mode=False), Tokenizer.from_file(str(folder / TOKENIZER))
    except Exception as error:  # the tokenizers library raises plain Exceptions
        raise unreadable(str(folder), error) from error


def has_bf16(device: torch.device) -> bool:
    """Say whether the hardware computes bfloat16, which saves time: CUDA, or a CPU with a unit for it."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    able = torch.cpu.get_capabilities()
    return device.type == "cpu" and bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def mixed(device: torch.device, bf16: bool | None) -> contextlib.AbstractContextManager[None]:
    """Compute in bfloat16 where that is safe; ``bf16`` None: where the hardware does it."""
    if not (has_bf16(device) if bf16 is None else bf16):
        return contextlib.nullcontext()
    return torch.autocast(device.type, dtype=torch.bfloat16)


def chunk_scores(
    model: ChunkClassifier,
    tokenizer: Tokenizer,
    pairs: Sequence[tuple[str, str]],
    *,
    batch_tokens: int = PART_TOKENS,
    bf16: bool | None = False,
) -> Floats:
    """Score pairs of texts, in their order: logits, float64 [pairs]. ``bf16`` None: where it saves time."""
    tokens = tokenize(pairs, tokenizer)
    return token_scores(model, tokens, np.arange(len(pairs)), batch_tokens=batch_tokens, bf16=bf16)


def token_scores(
    model: ChunkClassifier,
    tokens: Tokens,
    numbers: Integers,
    *,
    batch_tokens: int = PART_TOKENS,
    bf16: bool | None = False,
) -> Floats:
    """Score the chunks ``numbers`` of what is tokenised already: float64, in the order of ``numbers``."""
    scores = np.empty(len(numbers))
    places = np.empty(len(tokens.starts), dtype=np.int64)
    places[numbers] = np.arange(len(numbers))
    was, device = model.training, model.device
    model.train(mode=False)
    with torch.inference_mode(), mixed(device, bf16):
        for part in tokens.parts(numbers, batch_tokens):
            told = {name: tensor.to(device) for name, tensor in tokens.padded(part).items()}
            scores[places[part]] = model(**told).float().cpu().numpy()
    model.train(was)
    return scores


def pool_numpy(scores: Floats, change_index: Integers, count: int) -> Floats:
    """Pool chunk scores to change scores by log-mean-exp, as :func:`riskbot.learn.train.encoder.pool` does.

    float [chunks], int [chunks] -> float64 [count]; a change without chunks gets nan.
    """
    greatest = np.full(count, -np.inf)
    np.maximum.at(greatest, change_index, scores)
    total = np.bincount(change_index, np.exp(scores - greatest[change_index]), count)
    number = np.bincount(change_index, minlength=count)
    pooled = np.full(count, np.nan)
    some = number > 0
    pooled[some] = greatest[some] + np.log(total[some] / number[some])
    return pooled
