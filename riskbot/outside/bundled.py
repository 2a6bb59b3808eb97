"""Where the data that riskbot ships lies: inside the package once installed, beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

from riskbot.domain.errors import EvaluationError

_PACKAGE = Path(__file__).resolve().parent.parent


def folder(name: str) -> Path:
    """Find a shipped folder: ``rules``, ``policies`` or ``models``.

    Raises EvaluationError when the installation lacks it.
    """
    for candidate in (_PACKAGE / "bundled" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise EvaluationError(
        f"The folder {name!r} that riskbot ships is missing from {_PACKAGE}.",
        mend="Install riskbot again: pip install --force-reinstall riskbot.",
    )
