"""The text model: an encoder, mean pooling over the tokens, one linear head: a logit a chunk.

A change's score is the log-mean-exp of its chunks' scores: log(1/n sum exp s_k). It lies between their mean
and their greatest, so one bad hunk counts however much harmless text is around it, and it does not grow with
the number of chunks alone.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PretrainedConfig, PreTrainedModel
from transformers.utils import logging

from riskbot.learn.train.base import LIKE, base_checkpoint, unreadable

if TYPE_CHECKING:
    from tokenizers import Tokenizer

ATTENTION = "eager"
"""The plain form trains fastest on CPUs at 128 tokens: a step of MiniLM took 40 ms a chunk, with torch's
fused form 54 (bfloat16, 2 cores with AVX-512 BF16, 32 chunks at once, attention dropout 0; best of 3 steps
on a busy machine)."""


class ChunkConfig(PretrainedConfig):
    """The encoder's own configuration, as it came, and what the head adds: ``dropout`` before it."""

    model_type = "riskbot-chunks"

    def __init__(self, encoder: dict[str, Any] | None = None, dropout: float = 0.1, **told: Any) -> None:
        self.encoder = encoder or {}
        self.dropout = dropout
        super().__init__(**told)


class ChunkClassifier(PreTrainedModel):
    """Encoder, mean pooling and head. ``from_base`` starts one, ``from_pretrained`` loads a trained one."""

    config_class = ChunkConfig
    base_model_prefix = "encoder"
    _supports_sdpa = True
    accepts_loss_kwargs = True
    """Tells the Trainer to count the changes of the whole accumulated batch, by which the loss is divided."""

    def __init__(self, config: ChunkConfig) -> None:
        super().__init__(config)
        told = dict(config.encoder)
        inner = AutoConfig.for_model(told.pop("model_type"), **told)
        self.encoder = AutoModel.from_config(inner, attn_implementation=ATTENTION)
        # A pooler over the first token would be trained by nothing.
        self.encoder.pooler = None
        self.dropout = nn.Dropout(config.dropout)
        self.head = nn.Linear(int(inner.hidden_size), 1)
        self._typed = "token_type_ids" in inspect.signature(self.encoder.forward).parameters
        self._typed &= getattr(inner, "type_vocab_size", 0) > 1
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Score chunks: int64 [chunks, tokens] each -> float [chunks], logits."""
        types = {"token_type_ids": token_type_ids} if self._typed else {}
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask, **types).last_hidden_state
        seen = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * seen).sum(1) / seen.sum(1).clamp(min=1)
        scores: Tensor = self.head(self.dropout(mean)).squeeze(-1)
        return scores

    @classmethod
    def from_base(
        cls, base: str, tokenizer: Tokenizer, *, dropout: float = 0.1, attention: float = 0.0
    ) -> Self:
        """Put a fresh head on a base checkpoint, whose embeddings grow by the marks.

        ``dropout`` is the encoder's hidden dropout and that before the head, ``attention`` that of attention
        weights. Scores start near 0. Raises EvaluationError where the base cannot be loaded.
        """
        encoder = load_base(AutoModel, base, tokenizer)
        told = encoder.config.to_dict()
        told |= {"hidden_dropout_prob": dropout, "attention_probs_dropout_prob": attention}
        model = cls(ChunkConfig(encoder=told, dropout=dropout))
        # The head is of our making, and so are the encoder's poolers and heads that the base has and we drop.
        model.encoder.load_state_dict(encoder.state_dict(), strict=False)
        nn.init.normal_(model.head.weight, std=0.02)
        nn.init.zeros_(model.head.bias)
        return model

    def freeze(self, layers: int) -> None:
        """Keep the lowest ``layers`` layers, and with them the embeddings, as they are. 0: all learn."""
        if not layers:
            return
        self.encoder.embeddings.requires_grad_(requires_grad=False)
        for layer in _layers(self.encoder)[:layers]:
            layer.requires_grad_(requires_grad=False)


def load_base(kind: Any, base: str, tokenizer: Tokenizer) -> Any:
    """Load a base with one of transformers' Auto classes and give the marks embeddings like ``LIKE``'s.

    Raises EvaluationError where it cannot be loaded.
    """
    place = base_checkpoint(base)
    logging.disable_progress_bar()
    try:
        model = kind.from_pretrained(place, local_files_only=Path(place).is_dir())
    except (OSError, ValueError) as error:
        raise unreadable(base, error) from error
    table = model.get_input_embeddings().weight
    known = table.shape[0]
    if tokenizer.get_vocab_size() > known:
        model.resize_token_embeddings(tokenizer.get_vocab_size(), mean_resizing=False)
        table = model.get_input_embeddings().weight
    with torch.no_grad():
        mean = table[:known].mean(0)
        for mark, like in LIKE.items():
            at, source = tokenizer.token_to_id(mark), tokenizer.token_to_id(like)
            if at >= known:
                table[at] = mean if source is None else table[source]
    return model


def pool(scores: Tensor, change_index: Tensor, count: int) -> Tensor:
    """Pool chunk scores to change scores: float [chunks], int64 [chunks] -> float [count].

    log-mean-exp over the chunks of each change, computed around each change's greatest score so that nothing
    overflows. A change without chunks gets nan: nothing is known of it.
    """
    greatest = scores.new_full((count,), -torch.inf)
    greatest = greatest.scatter_reduce(0, change_index, scores.detach(), "amax")
    total = scores.new_zeros(count).index_add(0, change_index, (scores - greatest[change_index]).exp())
    number = scores.new_zeros(count).index_add(0, change_index, torch.ones_like(scores))
    pooled: Tensor = greatest + (total / number).log()
    return pooled


def _layers(encoder: Any) -> Any:
    for holder in ("encoder", "transformer"):  # BERT and its kin; DistilBERT
        layers = getattr(getattr(encoder, holder, None), "layer", None)
        if layers is not None:
            return layers
    return encoder.layers  # ModernBERT
