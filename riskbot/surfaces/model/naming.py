"""Which model is meant: a shipped one by its name, or any by its folder."""

from __future__ import annotations

import argparse
from pathlib import Path

SHIPPED = ("risk", "metrics")


def add_argument(parser: argparse.ArgumentParser, default: str) -> None:
    """Declare the option that names a model."""
    parser.add_argument(
        "--model",
        metavar="NAME",
        help=f"risk, metrics or a model's folder, written with a / in it (default: {default})",
    )


def shipped() -> list[Path]:
    """List the folders of the models that are installed."""
    from riskbot.outside import bundled

    models = bundled.folder("models")
    return [models / name for name in SHIPPED if (models / name).is_dir()]


def folder(named: str) -> Path:
    """Find the folder of a model. Raises UsageError for one that is not there."""
    from riskbot.domain.errors import UsageError

    path = Path(named) if "/" in named else next((one for one in shipped() if one.name == named), None)
    if path is None or not path.is_dir():
        names = ", ".join(one.name for one in shipped())
        raise UsageError(
            f"There is no model {named!r}.",
            mend=f"Installed are: {names}. A folder is written with a / in it.",
        )
    return path
