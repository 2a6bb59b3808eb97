"""Limits on how much one call may take: bounds of parameters and fields, clamps, guards, cut lists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from riskbot.detect.limits import names
from riskbot.detect.limits.units import Family, Function, Limit, Text, Unit, own

_BOUNDS = {"le": 0, "lt": -1, "max_length": 0, "max_items": 0, "max_value": 0}
_WRAPPED = {"Le": 0, "Lt": 1, "MaxLen": 0, "Max": 0}
_LISTS = re.compile(
    r"^(?:con)?(?:list|set|frozenset|tuple|sequence|iterable|collection|many)|ListField$", re.IGNORECASE
)
_MOST = re.compile(r"max|limit|cap|ceil|upper|most", re.IGNORECASE)
_LEAVING = (ast.Raise, ast.Return)
_ROWS = frozenset(
    {"limit", "paginate", "first", "one", "one_or_none", "scalar", "fetchone", "fetchmany", "islice", "slice"}
)
_ALL = frozenset({"all", "fetchall", "to_list"})
_TYPES = frozenset(
    {
        "Annotated",
        "Any",
        "Body",
        "Cookie",
        "Dict",
        "EmailStr",
        "Field",
        "Form",
        "Ge",
        "Gt",
        "Header",
        "Interval",
        "Le",
        "Len",
        "List",
        "Lt",
        "MaxLen",
        "MinLen",
        "NonNegativeFloat",
        "NonNegativeInt",
        "None",
        "Optional",
        "Param",
        "Path",
        "PositiveFloat",
        "PositiveInt",
        "Query",
        "Sequence",
        "Set",
        "StrictInt",
        "Tuple",
        "UUID",
        "UUID4",
        "Union",
        "annotated_types",
        "at",
        "bool",
        "bytes",
        "config",
        "confloat",
        "conint",
        "conlist",
        "conset",
        "date",
        "datetime",
        "dict",
        "fastapi",
        "float",
        "frozenset",
        "int",
        "list",
        "params",
        "pydantic",
        "serializers",
        "set",
        "settings",
        "str",
        "t",
        "tuple",
        "typing",
    }
)


def of_function(unit: Unit, node: Function, text: Text) -> Iterator[Limit]:
    """Find the limits of a function's parameters and in its own body."""
    handler = unit.is_handler
    for argument, default in _parameters(node):
        yield from _bounds(argument.arg, [argument.annotation, default], text, handler=handler)
    for inner in own(node):
        if isinstance(inner, ast.Call):
            yield from _clamp(inner, text, handler=handler)
        elif isinstance(inner, ast.If):
            yield from _guard(inner, text, handler=handler)
        elif isinstance(inner, ast.IfExp | ast.Assert):
            yield from _compared(inner.test, inner, text, handler=handler, firm=isinstance(inner, ast.IfExp))
        elif isinstance(inner, ast.Subscript):
            yield from _slice(inner, text)
    if handler:
        yield from _rows(node, text)


def of_class(node: ast.ClassDef, text: Text) -> Iterator[Limit]:
    """Find the limits of a class's fields: pydantic's ``Field(le=...)``, a serializer's ``max_value=``."""
    for inner in own(node):
        if isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Name):
            yield from _bounds(inner.target.id, [inner.annotation, inner.value], text, handler=False)
        elif isinstance(inner, ast.Assign) and isinstance(inner.value, ast.Call) and len(inner.targets) == 1:
            name = names.dotted(inner.targets[0])
            last = names.dotted(inner.value).rpartition(".")[2]
            if last in {"IntegerField", "ListField", "Integer", "List"} and "models." not in names.dotted(
                inner.value
            ):
                yield from _bounds(name, [inner.value], text, handler=False)


def of_module(node: ast.Module, text: Text) -> Iterator[Limit]:
    """Find the limits of types with a name: ``Limit = Annotated[int, Query(le=100)]``."""
    for inner in own(node):
        if isinstance(inner, ast.Assign) and isinstance(inner.targets[0], ast.Name):
            whole = names.dotted(inner.value.value if isinstance(inner.value, ast.Subscript) else inner.value)
            if whole.rpartition(".")[2] in {"Annotated", "Query", "conint", "conlist"}:
                yield from _bounds(inner.targets[0].id, [inner.value], text, handler=True)


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
        parts = [part for a, d in _parameters(node) if a.arg == name for part in (a.annotation, d)]
    if not parts:
        return None
    words = {
        one.id for part in parts if part is not None for one in ast.walk(part) if isinstance(one, ast.Name)
    }
    return all(word in _TYPES or word.isupper() or word.endswith("Field") for word in words)


def _parameters(node: Function) -> list[tuple[ast.arg, ast.expr | None]]:
    plain = [*node.args.posonlyargs, *node.args.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(node.args.defaults))
    return [
        *zip(plain, [*defaults, *node.args.defaults], strict=True),
        *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
    ]


def _bounds(name: str, parts: list[ast.expr | None], text: Text, *, handler: bool) -> Iterator[Limit]:
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


def _clamp(call: ast.Call, text: Text, *, handler: bool) -> Iterator[Limit]:
    """``min(limit, 100)``, either way round."""
    if not (isinstance(call.func, ast.Name) and call.func.id == "min" and len(call.args) == 2):
        return
    for one, most in ((call.args[0], call.args[1]), (call.args[1], call.args[0])):
        name = names.subject(one)
        if name and _asks(name, handler=handler) and _is_most(most) and not _is_most(one):
            yield _cap(name, most, text.of(call), call.lineno)
            return


def _guard(node: ast.If, text: Text, *, handler: bool) -> Iterator[Limit]:
    """``if limit > 100:`` that turns the caller away or takes the limit instead."""
    last = node.body[-1]
    stops = isinstance(last, _LEAVING) or _aborts(last)
    sets = isinstance(last, ast.Assign) and _is_most(last.value)
    yield from _compared(node.test, node.test, text, handler=handler, firm=stops or sets)


def _aborts(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and names.dotted(node.value).endswith("abort")
    )


def _compared(test: ast.expr, whole: ast.AST, text: Text, *, handler: bool, firm: bool) -> Iterator[Limit]:
    for one in ast.walk(test):
        if not isinstance(one, ast.Compare):
            continue
        terms = [one.left, *one.comparators]
        for left, sign, right in zip(terms, one.ops, terms[1:], strict=False):
            if isinstance(sign, ast.Gt | ast.GtE | ast.Lt | ast.LtE):
                greater = isinstance(sign, ast.Gt | ast.GtE)
                for asked, most, above in ((left, right, greater), (right, left, not greater)):
                    name = _counted(asked) or names.subject(asked)
                    if name and _asks(name, handler=handler) and _is_most(most):
                        strict = isinstance(sign, ast.GtE | ast.Lt)
                        yield _cap(
                            name,
                            most,
                            text.of(whole),
                            one.lineno,
                            firm=firm and above,
                            step=-1 if strict else 0,
                        )
                        break


def _counted(node: ast.expr) -> str | None:
    """``ids`` of ``len(ids)``."""
    if isinstance(node, ast.Call) and names.dotted(node.func) == "len" and len(node.args) == 1:
        name = names.subject(node.args[0])
        return name if name and names.IDS.search(name) else None
    return None


def _slice(node: ast.Subscript, text: Text) -> Iterator[Limit]:
    """``ids[:50]``."""
    if not (isinstance(node.value, ast.Name | ast.Attribute) and isinstance(node.slice, ast.Slice)):
        return
    name, upper = names.subject(node.value), node.slice.upper
    if name and names.IDS.search(name) and upper is not None and _is_most(upper):
        yield _cap(name, upper, text.of(node), node.lineno)


def _rows(node: Function, text: Text) -> Iterator[Limit]:
    """What bounds the rows that a handler reads, and whether it reads all of some."""
    for inner in own(node):
        last = names.dotted(inner.func).rpartition(".")[2] if isinstance(inner, ast.Call) else ""
        if isinstance(inner, ast.Call) and last == "limit" and len(inner.args) == 1 and _method(inner):
            value = number(inner.args[0])
            yield Limit(
                Family.AMOUNT,
                "rows",
                "its rows",
                value,
                text.of(inner),
                inner.end_lineno or inner.lineno,
                firm=_is_most(inner.args[0]),
            )
        elif last in _ROWS or (isinstance(inner, ast.Subscript) and isinstance(inner.slice, ast.Slice)):
            yield Limit(Family.AMOUNT, "rows", "its rows", None, "", getattr(inner, "lineno", 1), firm=False)
        elif isinstance(inner, ast.Call) and last in _ALL and not inner.args and _method(inner):
            yield Limit(Family.AMOUNT, "everything", "its rows", None, "", inner.lineno, firm=False)


def _method(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and not names.is_rate(names.dotted(call.func))


def _cap(name: str, most: ast.expr, text: str, line: int, *, firm: bool = True, step: int = 0) -> Limit:
    value = number(most)
    return Limit(
        Family.AMOUNT,
        f"cap {name}",
        f"`{name}`",
        None if value is None else value + step,
        text,
        line,
        firm=firm,
    )


def _asks(name: str, *, handler: bool) -> bool:
    """Whether a name says how much is wanted; ``size`` and ``count`` do so only in a handler."""
    pattern = names.AMOUNT if handler else names.PLAIN
    return pattern.search(name) is not None or names.IDS.search(name) is not None


def _is_most(node: ast.expr) -> bool:
    """Whether an expression can be a limit: a number from 2 on, or a name that says so."""
    value = number(node)
    if value is not None:
        return value >= 2
    last = names.dotted(node).rpartition(".")[2] if isinstance(node, ast.Name | ast.Attribute) else ""
    return (
        bool(last) and _MOST.search(last) is not None and names.PLAIN.search(last) is None
    ) or last.isupper()


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
