"""Bounds that stand in types and defaults: of parameters, of fields, of types with a name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from riskbot.detect.limits import names
from riskbot.detect.limits.units import Family, Function, Limit, Text, own

_BOUNDS = {"le": 0, "lt": -1, "max_length": 0, "max_items": 0, "max_value": 0}
_WRAPPED = {"Le": 0, "Lt": 1, "MaxLen": 0, "Max": 0}
_LISTS = re.compile(
    r"^(?:con)?(?:list|set|frozenset|tuple|sequence|iterable|collection|many)|ListField$", re.IGNORECASE
)
_TYPES = frozenset(
    {
        *("Annotated", "Any", "Body", "Cookie", "Dict", "EmailStr", "Field", "Form"),
        *("Ge", "Gt", "Header", "Interval", "Le", "Len", "List", "Lt"),
        *("MaxLen", "MinLen", "NonNegativeFloat", "NonNegativeInt", "None", "Optional", "Param", "Path"),
        *("PositiveFloat", "PositiveInt", "Query", "Sequence", "Set", "StrictInt", "Tuple", "UUID"),
        *("UUID4", "Union", "annotated_types", "at", "bool", "bytes", "config", "confloat"),
        *("conint", "conlist", "conset", "date", "datetime", "dict", "fastapi", "float"),
        *("frozenset", "int", "list", "params", "pydantic", "serializers", "set", "settings"),
        *("str", "t", "tuple", "typing"),
    }
)


def of_class(node: ast.ClassDef, text: Text) -> Iterator[Limit]:
    """Find the limits of a class's fields: pydantic's ``Field(le=...)``, a serializer's ``max_value=``."""
    for inner in own(node):
        if isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Name):
            yield from bounds(inner.target.id, [inner.annotation, inner.value], text, handler=False)
        elif isinstance(inner, ast.Assign) and isinstance(inner.value, ast.Call) and len(inner.targets) == 1:
            name = names.dotted(inner.targets[0])
            last = names.dotted(inner.value).rpartition(".")[2]
            if last in {"IntegerField", "ListField", "Integer", "List"} and "models." not in names.dotted(
                inner.value
            ):
                yield from bounds(name, [inner.value], text, handler=False)


def of_module(node: ast.Module, text: Text) -> Iterator[Limit]:
    """Find the limits of types with a name: ``Limit = Annotated[int, Query(le=100)]``."""
    for inner in own(node):
        if isinstance(inner, ast.Assign) and isinstance(inner.targets[0], ast.Name):
            whole = names.dotted(inner.value.value if isinstance(inner.value, ast.Subscript) else inner.value)
            if whole.rpartition(".")[2] in {"Annotated", "Query", "conint", "conlist"}:
                yield from bounds(inner.targets[0].id, [inner.value], text, handler=True)


def is_open(node: Function | ast.ClassDef, name: str) -> bool | None:
    """Whether a parameter or field says all that bounds it where it stands; None: there is none so named.

    A type or default with a name of its own may hold the limit now: ``limit: PageLimit``.
    """
    if isinstance(node, ast.ClassDef):
        fields = [
            one for one in own(node) if isinstance(one, ast.AnnAssign) and names.dotted(one.target) == name
        ]
        parts: list[ast.AST | None] = [part for one in fields for part in (one.annotation, one.value)]
        plain = [
            one.value
            for one in own(node)
            if isinstance(one, ast.Assign) and names.dotted(one.targets[0]) == name
        ]
        parts += plain
    else:
        parts = [part for a, d in parameters(node) if a.arg == name for part in (a.annotation, d)]
    if not parts:
        return None
    words = {
        one.id for part in parts if part is not None for one in ast.walk(part) if isinstance(one, ast.Name)
    }
    return all(word in _TYPES or word.isupper() or word.endswith("Field") for word in words)


def parameters(node: Function) -> list[tuple[ast.arg, ast.expr | None]]:
    """List a function's parameters with their defaults, None where there is none."""
    plain = [*node.args.posonlyargs, *node.args.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(node.args.defaults))
    return [
        *zip(plain, [*defaults, *node.args.defaults], strict=True),
        *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
    ]


def bounds(name: str, parts: list[ast.expr | None], text: Text, *, handler: bool) -> Iterator[Limit]:
    """Find ``le=``, ``lt=``, ``max_length=`` and their like in a type or default.

    Outside handlers only names count by which a caller says how much it wants.
    """
    present = [part for part in parts if part is not None]
    several = any(_is_list(one) for part in present for one in ast.walk(part))
    counts = (
        handler or names.AMOUNT.search(name) is not None or (several and names.IDS.search(name) is not None)
    )
    for call in (one for part in present for one in ast.walk(part) if isinstance(one, ast.Call)):
        for word, node, step in _bounding(call):
            length = word in {"max_length", "MaxLen", "max_items"}
            if length and not several:
                continue  # of one text: a matter of its form
            value = number(node)
            yield Limit(
                Family.AMOUNT,
                f"cap {name}",
                f"`{name}`",
                None if value is None else value + step,
                f"{word}={text.of(node, 30)}",
                node.lineno,
                off=isinstance(node, ast.Constant) and node.value is None,
                firm=counts,
            )


def _bounding(call: ast.Call) -> Iterator[tuple[str, ast.expr, int]]:
    for word in call.keywords:
        if word.arg in _BOUNDS:
            yield word.arg, word.value, _BOUNDS[word.arg]
    last = names.dotted(call.func).rpartition(".")[2]
    if last in _WRAPPED and len(call.args) == 1:
        yield last, call.args[0], -_WRAPPED[last]


def _is_list(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Name | ast.Attribute)
        and _LISTS.search(names.dotted(node).rpartition(".")[2]) is not None
    )


def number(node: ast.expr) -> float | None:
    """Read a number that is written out, also as a product: ``10 * 1000``."""
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    ):
        return float(node.value) if abs(node.value) < 1e15 else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        left, right = (
            one.value if isinstance(one, ast.Constant) else None for one in (node.left, node.right)
        )
        if isinstance(left, int) and isinstance(right, int) and max(abs(left), abs(right)) < 1e9:
            return float(left * right)
    return None
