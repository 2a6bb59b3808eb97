"""What the encoder is trained on: changes of several chunks, tokenised once, drawn anew every round.

Every round a change gives at most so many of its chunks, of as many hunks as possible. Which, and in which
order the changes come, follows from the seed and the place in training alone, so a run that was killed goes
on with exactly what would have come next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from riskbot.domain.errors import UsageError
from riskbot.learn.train.tokens import PART_TOKENS, Integers, Tokens, tokenize


@dataclass(frozen=True, slots=True)
class Sample:
    """A change to learn from: pairs of texts, and ``offset``, what is known without the text, a logit.

    ``label`` is 0 or 1 (or a probability between), ``weight`` multiplies its loss. ``hunks`` says of which
    hunk each chunk is, so that a draw takes chunks of distinct hunks first; empty: each chunk is its own.
    """

    id: str
    chunks: Sequence[tuple[str, str]]
    label: float = 0.0
    offset: float = 0.0
    weight: float = 1.0
    hunks: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """Samples tokenised: sample i has the chunks ``rows[i]`` to ``rows[i+1]``.

    ``hunks`` is [chunks]; ``labels``, ``offsets`` and ``weights`` are [samples].
    """

    tokens: Tokens
    rows: Integers
    hunks: Integers
    labels: npt.NDArray[np.float32]
    offsets: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.labels)

    def draw(self, sample: int, most: int, seed: Sequence[int]) -> Integers:
        """Draw at most ``most`` chunks of a sample: one of each hunk before any second, at random."""
        start, end = int(self.rows[sample]), int(self.rows[sample + 1])
        if end - start <= most:
            return np.arange(start, end)
        chance = np.random.default_rng(seed).random(end - start)
        hunks = self.hunks[start:end]
        turn = np.empty(end - start, dtype=np.int64)
        order = np.lexsort((chance, hunks))
        fresh = np.flatnonzero(np.diff(hunks[order], prepend=hunks[order[0]] - 1))
        turn[order] = np.arange(end - start) - np.repeat(fresh, np.diff(fresh, append=end - start))
        return np.sort(start + np.lexsort((chance, turn))[:most])

    def key(self) -> str:
        """A hash of everything that is learnt from: the same data gives the same."""
        told = hashlib.sha256(self.tokens.key().encode())
        for array in (self.rows, self.hunks, self.labels, self.offsets, self.weights):
            told.update(array.tobytes())
        return told.hexdigest()


def prepare(samples: Sequence[Sample], tokenizer: Tokenizer, cache: Path | None = None) -> Prepared:
    """Tokenise samples. Raises UsageError for numbers that cannot be learnt from, naming the sample."""
    for sample in samples:
        numbers = (sample.label, sample.offset, sample.weight)
        if not np.isfinite(numbers).all() or not 0 <= sample.label <= 1 or sample.weight < 0:
            raise UsageError(f"The sample {sample.id} has label, offset and weight {numbers}.")
        if len(sample.hunks) not in {0, len(sample.chunks)}:
            raise UsageError(f"The sample {sample.id} does not say of each chunk which hunk's it is.")
    pairs = [pair for sample in samples for pair in sample.chunks]
    hunks = [at for sample in samples for at in (sample.hunks or range(len(sample.chunks)))]
    rows = np.cumsum([0, *(len(sample.chunks) for sample in samples)], dtype=np.int64)
    return Prepared(
        tokenize(pairs, tokenizer, cache),
        rows,
        np.array(hunks, dtype=np.int64),
        *(
            np.array([getattr(sample, name) for sample in samples], dtype=np.float32)
            for name in ("label", "offset", "weight")
        ),
    )


Drawn = tuple[int, Integers]
"""A sample's number and the numbers of the chunks drawn of it."""


class Rounds(torch.utils.data.Dataset[Drawn]):
    """All rounds over the samples as one sequence: item k is of round ``k // samples``, shuffled by round."""

    def __init__(self, prepared: Prepared, rounds: float, most: int, seed: int) -> None:
        """Lay out ``rounds`` rounds (a part of one allowed) with at most ``most`` chunks of a change."""
        self._prepared, self._most, self._seed = prepared, most, seed
        self._length = max(1, round(rounds * len(prepared)))
        self._order: tuple[int, Integers] = (-1, np.empty(0, dtype=np.int64))

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, at: int) -> Drawn:
        turn, place = divmod(at, len(self._prepared))
        if self._order[0] != turn:
            shuffled = np.random.default_rng((self._seed, turn)).permutation(len(self._prepared))
            self._order = (turn, shuffled)
        sample = int(self._order[1][place])
        return sample, self._prepared.draw(sample, self._most, (self._seed, turn, sample))


class Collator:
    """Makes a batch of drawn changes: their chunks in parts of like length, and to which change each belongs.

    ``parts``: the encoder's inputs, a dict of int64 [chunks of the part, tokens] each; ``change``: int64
    [chunks], the place in the batch of each chunk's change, in the order of the parts; ``labels``,
    ``offsets``, ``weights``: float [changes].
    """

    def __init__(self, prepared: Prepared, part_tokens: int = PART_TOKENS) -> None:
        self._prepared, self._part_tokens = prepared, part_tokens

    def __call__(self, drawn: Sequence[Drawn]) -> dict[str, Any]:
        """Collate what was drawn."""
        prepared = self._prepared
        numbers = np.concatenate([chosen for _, chosen in drawn])
        place = {int(number): at for at, (_, chosen) in enumerate(drawn) for number in chosen}
        parts = list(prepared.tokens.parts(numbers, self._part_tokens))
        samples = np.array([sample for sample, _ in drawn])
        return {
            "parts": [prepared.tokens.padded(part) for part in parts],
            "change": torch.tensor([place[int(number)] for part in parts for number in part]),
            "labels": torch.from_numpy(prepared.labels[samples]),
            "offsets": torch.from_numpy(prepared.offsets[samples]),
            "weights": torch.from_numpy(prepared.weights[samples]),
        }
