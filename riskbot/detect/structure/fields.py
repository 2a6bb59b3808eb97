"""The fields of dataclasses and their kin are the signature of a constructor that nobody wrote."""

from __future__ import annotations

import ast
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator

from riskbot.detect.structure.compare import FilePair
from riskbot.detect.structure.outline import Kind, Outline, Piece
from riskbot.detect.structure.signatures import Parameter, parameter_changes
from riskbot.detect.structure.world import Hit, World, is_public, is_test
from riskbot.domain.finding import Severity

_MADE = re.compile(
    r"@([\w.]+\.)?(dataclass|define|frozen|mutable|attrs|attr\.s)\b|class [^\n]*\(([\w.]+\.)?NamedTuple\b"
)
_KEYWORDS = re.compile(r"kw_only\s*=\s*True")


def check(home: FilePair, world: World) -> Iterator[Hit]:
    """Compare the constructors of the classes whose body changed."""
    del world  # a class is judged by itself
    if is_test(home.path) or home.old is None or home.new is None:
        return
    one, two = _bodies(home.old), _bodies(home.new)
    for scope in (name for name in two if name in one and one[name] != two[name]):
        heads = [_head(side, scope) for side in (home.old, home.new)]
        if not all(head is not None and _MADE.search(head.text) for head in heads):
            continue
        before, after = _fields(home.old, scope, heads[0]), _fields(home.new, scope, heads[1])
        breaking, _, defaults = parameter_changes(before, after)
        yield from _hits(home, heads[1], breaking, defaults)


def _bodies(side: Outline) -> dict[str, list[str]]:
    """The plain statements of each class, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for piece in side.pieces:
        if piece.kind is Kind.STATEMENT and piece.scope:
            found[piece.scope].append(piece.text)
    return found


def _hits(home: FilePair, head: Piece | None, breaking: list[str], defaults: list[str]) -> Iterator[Hit]:
    if head is None:
        return
    line = home.new.source.git_line(head.start) if home.new else None
    severity = None if is_public(home, head) else Severity.LOW
    for rule, changes, ending in (
        ("structure.signature-breaking", breaking, "Existing calls can fail: check every caller."),
        ("structure.default-changed", defaults, "Callers that do not pass it now get other behaviour."),
    ):
        if changes:
            words = "; ".join(changes)
            message = f"Fields of `{head.qualname}`, which its constructor takes: {words}. {ending}"
            yield Hit(rule, home.path, line, message, f"{head.qualname} {words}", severity=severity)


def _head(side: Outline, scope: str) -> Piece | None:
    return next((p for p in side.pieces if p.kind is Kind.CLASS and p.qualname == scope), None)


def _fields(side: Outline, scope: str, head: Piece | None) -> list[Parameter]:
    """The fields in order, each as the parameter that it becomes."""
    kind = "*" if head and _KEYWORDS.search(head.text) else "="
    found: list[Parameter] = []
    for piece in side.pieces:
        if piece.kind is not Kind.STATEMENT or piece.scope != scope:
            continue
        try:
            body = ast.parse(textwrap.dedent(piece.text)).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in body:
            if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
                continue
            note = ast.unparse(node.annotation)
            if "ClassVar" in note:
                continue
            if re.search(r"\bKW_ONLY$", note):
                kind = "*"
                continue
            parameter = _parameter(node, kind, note)
            found += [parameter] if parameter else []
    return found


def _parameter(node: ast.AnnAssign, kind: str, note: str) -> Parameter | None:
    """None for a field that the constructor does not take."""
    text = "" if node.value is None else ast.unparse(node.value)
    if isinstance(node.value, ast.Call) and text.partition("(")[0].rpartition(".")[2] in {
        "field",
        "ib",
        "Factory",
    }:
        given = {k.arg: ast.unparse(k.value) for k in node.value.keywords}
        if given.get("init") == "False":
            return None
        kind = "*" if given.get("kw_only") == "True" else kind
        text = given.get("default") or given.get("default_factory") or given.get("factory") or ""
    return Parameter(ast.unparse(node.target), kind, (text,) if text else (), text[:40], note[:60])
