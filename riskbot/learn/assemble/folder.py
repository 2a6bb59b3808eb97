"""The folder of a risk model: what is served, and the manifest that every file's hash stands in."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import onnx

from riskbot.assess.classifier import MODEL, SCHEMA, TOKENIZER
from riskbot.assess.features import CATALOGUE_VERSION
from riskbot.assess.manifest import NAME, schema_text
from riskbot.assess.risk import BLEND, CALIBRATION
from riskbot.learn.measure import Floats
from riskbot.learn.train.blend import Blend, quantiles

FILES = (MODEL, TOKENIZER, BLEND, CALIBRATION)
_DIGITS = 9
"""So many significant digits of a number are written, more only make the file larger; of a threshold all."""
_WHOLE = "threshold"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a model is: its name and version, and in words what its percentiles are measured against."""

    name: str
    version: str
    reference: str


def write(quantized: Path, blend: Blend, reference: Floats, identity: Identity, out: Path) -> None:
    """Write what is served into ``out``: graph with the schema in it, tokenizer, blend, reference, manifest.

    ``quantized`` holds ``model.onnx`` and ``tokenizer.json``; ``reference`` are probabilities of the changes
    that percentiles are measured against.
    """
    out.mkdir(parents=True, exist_ok=True)
    document = blend.document()
    features = document["features"]
    graph = _bare(onnx.load(quantized / MODEL))
    onnx.helper.set_model_props(graph, {SCHEMA: schema_text(CATALOGUE_VERSION, features)})
    onnx.save(graph, out / MODEL)
    shutil.copyfile(quantized / TOKENIZER, out / TOKENIZER)
    _json(out / BLEND, _short(document))
    _json(out / CALIBRATION, {"rows": len(reference), "reference": _short(quantiles(reference))})
    sign(out, identity, features)


def _bare(model: onnx.ModelProto) -> onnx.ModelProto:
    """Leave out what the exporter noted beside the graph: stack traces, with the folders of this machine."""
    parts = [
        model.graph,
        *model.graph.node,
        *model.graph.value_info,
        *model.graph.initializer,
        *model.functions,
    ]
    for function in model.functions:
        parts += function.node
    for part in (*parts, *model.graph.input, *model.graph.output):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    model.ClearField("doc_string")
    return model


def sign(out: Path, identity: Identity, features: Sequence[str]) -> None:
    """Write the manifest: the hash of every file in ``out``; what is not served is a document."""
    names = sorted(path.name for path in out.iterdir() if path.is_file() and path.name != NAME)
    lines = [
        "# Written by riskbot learn; hashes are checked before a file is read.",
        f"name = {json.dumps(identity.name)}",
        f"version = {json.dumps(identity.version)}",
        f"reference = {json.dumps(identity.reference)}",
        "",
        "[schema]",
        f"version = {CATALOGUE_VERSION}",
        f"features = {json.dumps(list(features))}",
    ]
    for table, chosen in (("files", FILES), ("documents", [name for name in names if name not in FILES])):
        lines += ["", f"[{table}]"]
        lines += [f'"{name}" = "{hashlib.sha256((out / name).read_bytes()).hexdigest()}"' for name in chosen]
    (out / NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _json(path: Path, told: object) -> None:
    path.write_text(json.dumps(told, separators=(",", ":")) + "\n", encoding="utf-8")


def _short(told: object) -> object:
    """Shorten every number."""
    if isinstance(told, dict):
        return {name: one if name == _WHOLE else _short(one) for name, one in told.items()}
    if isinstance(told, list):
        return [_short(one) for one in told]
    if isinstance(told, float):
        return float(f"{told:.{_DIGITS}g}")
    return told
