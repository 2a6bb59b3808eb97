"""``riskbot model info``: a model's name, hash, features, reference and measured figures."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from riskbot.surfaces import output, terminal
from riskbot.surfaces.model import naming


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    naming.add_argument(parser, "the one that scores")
    parser.add_argument("--json", action="store_true", help="write it for programs")
    parser.add_argument("--output", metavar="FILE", help="write to FILE, whole or not at all")
    parser.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="colour in text (default: auto)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Say what the manifest and the measures hold; raises EvaluationError where they are not whole."""
    import json

    from riskbot.assess.manifest import Manifest, sound
    from riskbot.report import models

    folder = naming.shipped()[0] if arguments.model is None else naming.folder(arguments.model)
    manifest = Manifest.open(folder)
    metrics: dict[str, Any] = {}
    if "metrics.json" in manifest.documents:
        data = manifest.read("metrics.json")
        with sound(folder):
            metrics = dict(json.loads(data))
    told = models.Told(
        name=manifest.name,
        version=manifest.version,
        sha256=manifest.sha256,
        folder=str(folder),
        reference=manifest.reference,
        schema=manifest.schema,
        features=manifest.features,
        files={name: len(manifest.read(name)) for name in manifest.files},
        metrics=metrics,
    )
    if arguments.json:
        output.write(models.as_json(told), arguments.output)
        return 0
    shown = arguments.output in {None, "-"}
    text = models.as_text(
        told,
        color=shown and terminal.wants_color(sys.stdout, arguments.color),
        width=terminal.width(sys.stdout),
        unicode=not shown or terminal.speaks_unicode(sys.stdout),
    )
    output.write(text, arguments.output)
    return 0
