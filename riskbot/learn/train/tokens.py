"""Chunks as tokens: tokenised once as serving does, kept by content, and stacked by length without waste."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from riskbot.assess.classifier import Reader

Integers = npt.NDArray[np.int64]
PART_TOKENS = 4096
"""So many tokens, padding included, go through the encoder at once: 32 chunks of 128."""
_BLOCK = 2048
_STEP = 8  # widths are rounded up to it: few shapes, each of which a kernel is prepared for


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
