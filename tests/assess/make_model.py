"""Make the folder of a tiny risk model: a graph of a few hundred bytes, real trees, a real manifest.

The text model looks each word up in a table and takes the mean over the tokens; so what a chunk gets is known.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from tokenizers.processors import TemplateProcessing

from riskbot.assess import features
from riskbot.assess.manifest import schema_text

from .make_trees import stump

WORDS = {
    "[PAD]": 0.0,
    "[UNK]": 0.0,
    "[CLS]": 0.0,
    "[SEP]": 0.0,
    "[ADD]": 0.0,
    "[DEL]": 0.0,
    "[CTX]": 0.0,
    "danger": 8.0,
    "calm": -8.0,
}
"""What each word adds; the mean over all tokens is the chunk's score."""
FEATURES = ("la", "nf", "entropy", "exp", "age", "source_added")
TREES = [
    stump(0, 5.0, -0.5, 0.5),
    stump(0, 50.0, -0.25, 0.75),
    stump(1, 3.0, -0.1, 0.3),
    stump(2, 1.0, -0.05, 0.2),
    stump(3, 10.0, 0.4, -0.3, missing_left=True),
    stump(4, 30.0, 0.1, -0.1),
    stump(5, 20.0, -0.2, 0.2),
]
REFERENCE = [number / 200 for number in range(1, 200)]


def tokenizer() -> bytes:
    """Make a tokenizer that splits at white space; what it does not know is one unknown token."""
    made = Tokenizer(WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.pre_tokenizer = WhitespaceSplit()
    special = [(name, list(WORDS).index(name)) for name in ("[CLS]", "[SEP]")]
    made.post_processor = TemplateProcessing("[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", special)
    return made.to_str().encode()


def graph(
    schema: str,
    *,
    inputs: tuple[str, ...] = ("input_ids", "attention_mask", "token_type_ids"),
    output: str = "score",
    words: dict[str, float] = WORDS,
) -> bytes:
    """Make the graph: mean over the tokens of what their words add."""
    table = numpy_helper.from_array(np.array(list(words.values()), dtype=np.float32), "table")
    axis = numpy_helper.from_array(np.array([1], dtype=np.int64), "axis")
    nodes = [
        helper.make_node("Gather", ["table", inputs[0]], ["found"]),
        helper.make_node("Cast", [inputs[1]], ["weights"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["found", "weights"], ["counted"]),
        helper.make_node("ReduceSum", ["counted", "axis"], ["sum"], keepdims=0),
        helper.make_node("ReduceSum", ["weights", "axis"], ["size"], keepdims=0),
        helper.make_node("Div", ["sum", "size"], [output]),
    ]
    takes = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"]) for name in inputs]
    gives = [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch"])]
    made = helper.make_model(
        helper.make_graph(nodes, "tiny", takes, gives, [table, axis]),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=9,
    )
    helper.set_model_props(made, {"riskbot.schema": schema})
    onnx.checker.check_model(made)
    return made.SerializeToString()


def make_model(
    folder: Path,
    *,
    trees: list[dict[str, Any]] | None = None,
    names: tuple[str, ...] = FEATURES,
    blend: dict[str, Any] | None = None,
    reference: Any = None,
    version: int = features.CATALOGUE_VERSION,
    schema: str | None = None,
) -> Path:
    """Write the whole folder, so that it loads; the options make one that is wrong in one way."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "intercept": -1.0,
        "text": {"weight": 0.5, "center": 0.1},
        "features": list(names),
        "trees": TREES if trees is None else trees,
    }
    (folder / "blend.json").write_text(json.dumps(told | (blend or {})))
    (folder / "calibration.json").write_text(
        json.dumps({"reference": REFERENCE if reference is None else reference})
    )
    (folder / "tokenizer.json").write_bytes(tokenizer())
    (folder / "model.onnx").write_bytes(graph(schema_text(version, names) if schema is None else schema))
    (folder / "metrics.json").write_text(json.dumps({"auc": 0.79, "capture": {"5": 0.2, "10": 0.35}}))
    (folder / "card.md").write_text("# A tiny model\n\nFor tests.\n")
    sign(folder, names=names, version=version)
    return folder


def sign(
    folder: Path, *, names: tuple[str, ...] = FEATURES, version: int = features.CATALOGUE_VERSION
) -> None:
    """Write the manifest anew, as somebody who edits on purpose would."""
    lines = ['name = "risk"', 'version = "0-test"', 'reference = "199 changes made for a test"', ""]
    lines += ["[schema]", f"version = {version}", f"features = {json.dumps(list(names))}"]
    for table, files in (
        ("files", ("blend.json", "calibration.json", "model.onnx", "tokenizer.json")),
        ("documents", ("metrics.json", "card.md")),
    ):
        lines += ["", f"[{table}]"]
        lines += [
            f'"{name}" = "{hashlib.sha256((folder / name).read_bytes()).hexdigest()}"' for name in files
        ]
    (folder / "manifest.toml").write_text("\n".join(lines) + os.linesep)
