"""Limits on how much one call may take: bounds of its parameters, clamps, guards, cut lists, read rows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from riskbot.detect.limits import names
from riskbot.detect.limits.bounds import bounds, number, parameters
from riskbot.detect.limits.units import Family, Function, Limit, Text, Unit, own

_MOST = re.compile(r"max|limit|cap|ceil|upper|most", re.IGNORECASE)
_LEAVING = (ast.Raise, ast.Return)
_ROWS = frozenset(
    {"limit", "paginate", "first", "one", "one_or_none", "scalar", "fetchone", "fetchmany", "islice", "slice"}
)
_ALL = frozenset({"all", "fetchall", "to_list"})


def of_function(unit: Unit, node: Function, text: Text) -> Iterator[Limit]:
    """Find the limits of a function's parameters and in its own body."""
    handler = unit.is_handler
    for argument, default in parameters(node):
        yield from bounds(argument.arg, [argument.annotation, default], text, handler=handler)
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
        most="" if value is not None else names.dotted(most).rpartition(".")[2].strip("_"),
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
