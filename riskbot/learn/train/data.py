"""What the encoder is trained on: changes of several chunks, tokenised once, drawn anew every round.

Every round a change gives at most so many of its chunks, of as many hunks as possible. Which, and in which
order the changes come, follows from the seed and the place in training alone, so a run that was killed goes
on with exactly what would have come next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from riskbot.assess.classifier import Reader
from riskbot.domain.errors import UsageError

Integers = npt.NDArray[np.int64]
PART_TOKENS = 4096
"""So many tokens, padding included, go through the encoder at once: 32 chunks of 128."""
_BLOCK = 2048
_STEP = 8  # widths are rounded up to it: few shapes, each of which a kernel is prepared for


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
class Tokens:
    """Chunks as tokens, end to end: chunk k has ``ids[starts[k]:starts[k+1]]``, ``first[k]`` of type 0."""

    ids: npt.NDArray[np.int32]
    starts: Integers
    first: npt.NDArray[np.int32]
    pad: int

    @property
    def lengths(self) -> Integers:
        """The number of tokens of each chunk, int64 [chunks]."""
        return np.diff(self.starts)

    def key(self) -> str:
        """Give a hash of all tokens."""
        told = hashlib.sha256(self.ids.tobytes())
        told.update(self.starts.tobytes())
        told.update(self.first.tobytes())
        return told.hexdigest()

    def padded(self, numbers: Integers) -> dict[str, Tensor]:
        """Stack chunks as the encoder wants them: three int64 tensors [chunks, tokens]."""
        lengths = self.lengths[numbers]
        wide = -(-int(lengths.max(initial=1)) // _STEP) * _STEP
        places = np.arange(wide)
        seen = places < lengths[:, None]
        ids = np.full(seen.shape, self.pad, dtype=np.int64)
        ids[seen] = np.concatenate([self.ids[self.starts[at] : self.starts[at + 1]] for at in numbers])
        types = seen & (places >= self.first[numbers][:, None])
        return {
            "input_ids": torch.from_numpy(ids),
            "attention_mask": torch.from_numpy(seen.astype(np.int64)),
            "token_type_ids": torch.from_numpy(types.astype(np.int64)),
        }

    def parts(self, numbers: Integers, part_tokens: int = PART_TOKENS) -> Iterator[Integers]:
        """Group chunks of like length, the longest first; a padded group has at most ``part_tokens``."""
        lengths = self.lengths
        numbers = numbers[np.argsort(-lengths[numbers], kind="stable")]
        at = 0
        while at < len(numbers):
            wide = -(-int(lengths[numbers[at]]) // _STEP) * _STEP
            many = max(1, part_tokens // max(wide, 1))
            yield numbers[at : at + many]
            at += many


def tokenize(pairs: Sequence[tuple[str, str]], tokenizer: Tokenizer, cache: Path | None = None) -> Tokens:
    """Tokenise chunks as serving does (:class:`riskbot.assess.classifier.Reader`), cut at its limit.

    With a folder ``cache``, what was tokenised before (same texts, same tokenizer) is read from there.
    """
    file = None if cache is None else cache / f"tokens-{_key(pairs, tokenizer)}.npz"
    pad = tokenizer.token_to_id("[PAD]") or 0
    if file is not None and file.is_file():
        with np.load(file) as stored:
            return Tokens(stored["ids"], stored["starts"], stored["first"], pad)
    made = _tokenize(pairs, tokenizer, pad)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial.npz")
        np.savez(partial, ids=made.ids, starts=made.starts, first=made.first)
        partial.replace(file)
    return made


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


def _tokenize(pairs: Sequence[tuple[str, str]], tokenizer: Tokenizer, pad: int) -> Tokens:
    ids: list[npt.NDArray[np.int32]] = []
    lengths: list[int] = []
    first: list[int] = []
    written = tokenizer.to_str()
    reader, quick = Reader(written.encode()), Tokenizer.from_str(written)
    quick.no_padding()
    for at in range(0, len(pairs), _BLOCK):
        for told in _encoded(pairs[at : at + _BLOCK], quick, reader):
            ids.append(np.array(told.ids, dtype=np.int32))
            lengths.append(len(told.ids))
            first.append(len(told.type_ids) - sum(told.type_ids))
    starts = np.cumsum([0, *lengths], dtype=np.int64)
    return Tokens(
        np.concatenate(ids) if ids else np.empty(0, np.int32), starts, np.array(first, dtype=np.int32), pad
    )


def _encoded(pairs: Sequence[tuple[str, str]], quick: Tokenizer, reader: Reader) -> Sequence[Encoding]:
    try:
        return list(quick.encode_batch_fast([*pairs]))
    except Exception:  # noqa: BLE001 - raised where a first part alone is too long; serving cuts it, see Reader
        return [reader.encode(*pair) for pair in pairs]


def _key(pairs: Sequence[tuple[str, str]], tokenizer: Tokenizer) -> str:
    told = hashlib.sha256(tokenizer.to_str().encode())
    for first, second in pairs:
        told.update(f"{len(first)},{len(second)};{first}{second}".encode("utf-8", "surrogatepass"))
    return told.hexdigest()[:32]
