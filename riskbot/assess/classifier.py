"""The text model: pairs of texts -> scores. The only place that needs onnxruntime and tokenizers.

The graph takes ``input_ids``, ``attention_mask`` and, where it wants them, ``token_type_ids`` (int64, shape
[batch, tokens]) and gives ``score`` (float32, shape [batch]): a logit a pair. One pair is given at a time,
without padding: a dynamically quantized graph takes its scales from the whole batch, so a pair's score would
depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Self

from riskbot.assess.chunks import TOKENS
from riskbot.assess.manifest import MEND, Manifest
from riskbot.domain.errors import EvaluationError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"
SCHEMA = "riskbot.schema"
"""The key in the graph's metadata under which the schema stands that the model was made for."""

_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}
_OUTPUT = "score"
_FATAL_ONLY = 4  # what else it would log is raised, too


class Reader:
    """Turns a pair of texts into tokens exactly as in training: at most ``TOKENS``, the second part cut."""

    def __init__(self, tokenizer: bytes) -> None:
        """Read a ``tokenizer.json``; raises ValueError for what is none."""
        from tokenizers import Tokenizer

        try:
            self._second, self._longest = (_bounded(Tokenizer.from_buffer(tokenizer), way) for way in _WAYS)
        except Exception as error:  # the library raises plain Exceptions
            raise ValueError(f"not a tokenizer: {error}") from error

    def encode(self, first: str, second: str) -> Encoding:
        """Encode a pair; where the first part leaves no room for the second, the longer one is cut."""
        try:
            return self._second.encode(first, second)
        except Exception:  # noqa: BLE001 - what the library raises where nothing of the second would be left
            return self._longest.encode(first, second)


_WAYS = ("only_second", "longest_first")


def _bounded(tokenizer: Tokenizer, strategy: str) -> Tokenizer:
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS, strategy=strategy)
    return tokenizer


class Classifier:
    """A loaded text model. The same pair always gets the same score, whatever else is asked."""

    def __init__(self, model: bytes, tokenizer: bytes, *, threads: int = 1) -> None:
        """Load a graph and a tokenizer; ``threads`` (0: one a core) share the work of one pair.

        Raises ValueError for a graph that cannot be loaded or has other inputs and outputs.
        """
        self._reader = Reader(tokenizer)
        self._session = _session(model, threads)
        self._inputs = [one.name for one in self._session.get_inputs()]
        outputs = [one.name for one in self._session.get_outputs()]
        if not {"input_ids", "attention_mask"} <= set(self._inputs) <= _INPUTS or outputs != [_OUTPUT]:
            raise ValueError(f"the graph takes {self._inputs} and gives {outputs}")
        told: dict[str, str] = self._session.get_modelmeta().custom_metadata_map
        self.schema = told.get(SCHEMA, "")

    @classmethod
    def load(cls, folder: Path, *, threads: int = 1) -> Self:
        """Load from a model's folder, after checking the hashes; raises EvaluationError naming the file."""
        return cls.of(Manifest.open(folder), threads=threads)

    @classmethod
    def of(cls, manifest: Manifest, *, threads: int = 1) -> Self:
        """Load the files that a manifest names; raises EvaluationError as :meth:`load`."""
        model, tokenizer = manifest.read(MODEL), manifest.read(TOKENIZER)
        try:
            return cls(model, tokenizer, threads=threads)
        except ValueError as error:
            raise EvaluationError(
                f"The text model in {manifest.folder} cannot be loaded: {error}.", mend=MEND
            ) from error

    def scores(self, pairs: Iterable[tuple[str, str]]) -> list[float]:
        """Score pairs, in their order: logits. Raises EvaluationError where no number comes out."""
        return [self._score(*pair) for pair in pairs]

    def _score(self, first: str, second: str) -> float:
        import math

        import numpy as np

        tokens = self._reader.encode(first, second)
        told = {
            "input_ids": tokens.ids,
            "attention_mask": tokens.attention_mask,
            "token_type_ids": tokens.type_ids,
        }
        feed = {name: np.array([told[name]], dtype=np.int64) for name in self._inputs}
        try:
            score = float(self._session.run([_OUTPUT], feed)[0].reshape(-1)[0])
        except Exception as error:  # the library's errors share no better class
            raise EvaluationError(
                f"The text model cannot read a part of this change: {str(error)[-200:]}.", mend=MEND
            ) from error
        if not math.isfinite(score):
            raise EvaluationError("The text model gives a part of this change no score.", mend=MEND)
        return score


def _session(model: bytes, threads: int) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _FATAL_ONLY
    # A thread that waits must not take the core from the analysers that run beside it.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library's errors share no better class
        raise ValueError(f"onnxruntime refuses it: {str(error)[:300]}") from error
