"""The extra ``learn``: said plainly where it is not installed, before anything is begun."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

MINING = ("numpy", "pyarrow")
TRAINING = (*MINING, "sklearn", "lightgbm", "torch", "transformers", "accelerate", "onnx")
NEEDS = {
    "mine": MINING,
    "label": MINING,
    "train": TRAINING,
    "quantize": (*TRAINING, "onnxscript", "torchao"),
    "evaluate": (*TRAINING, "matplotlib"),
    "authorship": (*MINING, "sklearn", "lightgbm", "matplotlib"),
}
"""What each step imports that the plain install has not; nothing of it is imported to find out."""


def need(steps: Iterable[str]) -> None:
    """Raise UsageError, naming the mend, where a step lacks what it imports."""
    from riskbot.domain.errors import UsageError

    missing = sorted({name for step in steps for name in NEEDS[step] if find_spec(name) is None})
    if missing:
        raise UsageError(
            f"`riskbot learn` needs more than the plain install has ({', '.join(missing)}).",
            mend="Install it: pip install 'riskbot[learn]'.",
        )
