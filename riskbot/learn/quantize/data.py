"""What the roads of quantization are measured on: chunks as tokens, grouped to changes that have labels."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riskbot.assess.classifier import Reader
from riskbot.domain.errors import UsageError
from riskbot.learn.measure import Floats

Ids = NDArray[np.int64]
Feed = dict[str, Ids]
"""The inputs of the graph, each int64 [batch, tokens]: input_ids, attention_mask, token_type_ids."""
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
Pair = tuple[str, str]


@dataclass(frozen=True, eq=False, slots=True)
class EvaluationSet:
    """Labelled changes, as chunks; none of them may have trained anything.

    ``pairs``: the chunks of all changes; ``change`` [chunks]: the number of the change that each belongs to,
    from 0; ``label`` [changes]: 0 or 1; ``offset`` [changes]: the logit that the chunks' score is added to
    (of the boosted trees; 0 where there is none). A change without chunks has the score 0.
    """

    pairs: Sequence[Pair]
    change: Ids
    label: Floats
    offset: Floats

    def __post_init__(self) -> None:
        """Refuse shapes that do not fit, and labels that no AUC can be taken of: UsageError."""
        changes = len(self.label)
        if len(self.change) != len(self.pairs) or len(self.offset) != changes:
            raise UsageError(
                f"The evaluation set does not fit together: {len(self.pairs)} chunks with {len(self.change)} "
                f"change numbers, {changes} labels with {len(self.offset)} offsets."
            )
        if len(self.change) and not 0 <= int(self.change.min()) <= int(self.change.max()) < changes:
            raise UsageError(f"The evaluation set has chunks of changes that are not among its {changes}.")
        if not 0 < self.label.sum() < changes:
            raise UsageError(
                "The evaluation set needs changes of both kinds, with and without a defect.",
                mend="Take more changes.",
            )

    def logits(self, scores: Floats) -> Floats:
        """Pool the chunks' scores [chunks] and add the offsets: the logit of each change [changes]."""
        return self.offset + pool(scores, self.change, len(self.label))


def pool(scores: Floats, change: Ids, changes: int) -> Floats:
    """Take the log of the mean of exp(score) over the chunks of each change; 0 where it has none."""
    top = np.full(changes, -np.inf)
    np.maximum.at(top, change, scores)
    top[np.isinf(top)] = 0.0
    total = np.bincount(change, np.exp(scores - top[change]), changes)
    count = np.bincount(change, minlength=changes)
    mean = np.divide(total, count, out=np.ones(changes), where=count > 0)
    pooled: Floats = top + np.log(mean)
    return pooled


@dataclass(frozen=True, eq=False, slots=True)
class Tokens:
    """Chunks as tokens, one after another: ``ids`` and ``types`` int64 [all tokens], ``ends`` [chunks]."""

    ids: Ids
    types: Ids
    ends: Ids

    def __len__(self) -> int:
        return len(self.ends)

    def one(self, number: int) -> Feed:
        """Give one chunk as inputs [1, its tokens], without padding."""
        begin, end = (int(self.ends[number - 1]) if number else 0), int(self.ends[number])
        ids = self.ids[None, begin:end]
        return dict(zip(INPUTS, (ids, np.ones_like(ids), self.types[None, begin:end]), strict=True))

    def batch(self, numbers: Sequence[int], tokens: int = 0) -> Feed:
        """Give chunks as inputs [chunks, tokens], padded with 0 to the longest, or to ``tokens``."""
        alone = [self.one(number) for number in numbers]
        width = max([tokens, *(feed[INPUTS[0]].shape[1] for feed in alone)])
        return {
            name: np.concatenate(
                [np.pad(feed[name], ((0, 0), (0, width - feed[name].shape[1]))) for feed in alone]
            )
            for name in INPUTS
        }

    def save(self, path: Path) -> None:
        """Write to an ``.npz`` file."""
        np.savez(path, ids=self.ids, types=self.types, ends=self.ends)

    @classmethod
    def read(cls, path: Path) -> Tokens:
        """Read what :meth:`save` wrote."""
        with np.load(path, allow_pickle=False) as file:
            return cls(file["ids"], file["types"], file["ends"])

    @property
    def digest(self) -> str:
        """The SHA-256 of all tokens."""
        sha256 = hashlib.sha256()
        for part in (self.ids, self.types, self.ends):
            sha256.update(np.ascontiguousarray(part).tobytes())
        return sha256.hexdigest()


def encode(pairs: Sequence[Pair], tokenizer: Path) -> Tokens:
    """Encode chunks exactly as serving does. UsageError where the tokenizer cannot be read."""
    try:
        reader = Reader(tokenizer.read_bytes())
    except (OSError, ValueError) as problem:
        raise UsageError(
            f"The tokenizer {tokenizer} cannot be read: {problem}.",
            mend="Train again; the checkpoint's folder needs its tokenizer.json.",
        ) from problem
    found = [reader.encode(*pair) for pair in pairs]
    none: list[Ids] = [np.empty(0, np.int64)]
    return Tokens(
        np.concatenate([np.array(one.ids, np.int64) for one in found] or none),
        np.concatenate([np.array(one.type_ids, np.int64) for one in found] or none),
        np.cumsum([len(one.ids) for one in found], dtype=np.int64),
    )
