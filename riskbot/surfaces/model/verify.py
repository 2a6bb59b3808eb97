"""``riskbot model verify``: every file of a model has the hash of its manifest, and the model loads."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from riskbot.surfaces.model import naming


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    naming.add_argument(parser, "all that are installed")


def run(arguments: argparse.Namespace) -> int:
    """Check one model or all; 0 where they are whole, 3 where a file is not, which is named."""
    from riskbot.report.escape import terminal

    chosen = naming.shipped() if arguments.model is None else [naming.folder(arguments.model)]
    faults = 0
    for folder in chosen:
        said = _faults(folder)
        faults += len(said)
        for line in said:
            sys.stderr.write(f"{terminal(line)}\n")
        if not said:
            sys.stdout.write(f"{terminal(folder.name)}: whole, every file as its manifest says\n")
    return 3 if faults else 0


def _faults(folder: Path) -> list[str]:
    """List what is wrong with a model; where the files are as they should be, whether it loads."""
    from riskbot.assess import LinearModel, RiskModel
    from riskbot.assess.manifest import MEND, Manifest
    from riskbot.domain.errors import EvaluationError

    try:
        manifest = Manifest.open(folder)
        said = [f"{problem} {MEND}" for _, problem in manifest.wrong()]
        if not said:
            kind = LinearModel if "model.json" in manifest.files else RiskModel
            kind.load(folder)
    except EvaluationError as problem:
        return [str(problem)]
    return said
