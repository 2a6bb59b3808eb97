"""Limits on how often something is called: decorators, dependencies, classes and calls that name them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from riskbot.detect.limits import names, rates
from riskbot.detect.limits.units import Family, Function, Limit, Text, own

KEY = "rate"
EXEMPT = "exempt"


def of_function(node: Function, text: Text) -> Iterator[Limit]:
    """Find the decorators and dependencies of a function that limit calls, or that take the limit away."""
    for decorator in node.decorator_list:
        yield from _named(decorator, text, "@")
    plain = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    given = [*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)]
    for part in [*(one.annotation for one in plain if one.annotation is not None), *given]:
        if any(_depends(one) for one in ast.walk(part)):
            yield from _named(part, text, "")
    yield from _written(node, text)


def of_class(node: ast.ClassDef, text: Text) -> Iterator[Limit]:
    """Find the decorators and base classes of a class that limit calls."""
    for decorator in node.decorator_list:
        yield from _named(decorator, text, "@")
    for base in node.bases:
        if names.is_rate(names.dotted(base)):
            yield _limit(base, text.of(base))
    yield from _written(node, text)


def of_module(node: ast.Module, text: Text) -> Iterator[Limit]:
    """Find what limits calls for a whole module or application: routers, limiters, middleware."""
    for inner in own(node):
        if isinstance(inner, ast.Call) and not names.is_exempting(names.dotted(inner.func)):
            parts: list[ast.AST] = [inner.func, *inner.args]
            called = names.dotted(inner.func)
            dependencies = [one.value for one in inner.keywords if one.arg == "dependencies"]
            if any(names.is_rate(_name(one)) for one in parts) and not called.endswith(
                ("getLogger", "include")
            ):
                yield _limit(inner, text.of(inner), firm=False)
            for part in dependencies:
                yield from _named(part, text, "")
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str) and _is_path(inner.value):
            yield _limit(inner, text.of(inner), firm=False)
    yield from _written(node, text)


def _is_path(value: str) -> bool:
    """A dotted path of a class, as lists of middleware hold them."""
    return (
        len(value) < 200 and "." in value and " " not in value and "/" not in value and names.is_rate(value)
    )


def _named(node: ast.expr, text: Text, sign: str) -> Iterator[Limit]:
    """Say whether a decorator or dependency limits calls, by any name in it."""
    if names.is_exempting(names.dotted(node)) or _empty(node):
        yield Limit(
            Family.RATE, EXEMPT, "calls", None, sign + text.of(node), node.lineno, off=True, firm=False
        )
        return
    if any(names.is_rate(_name(one)) for one in ast.walk(node)):
        yield _limit(node, sign + text.of(node))


def _empty(node: ast.expr) -> bool:
    """``throttle_classes([])``."""
    return (
        isinstance(node, ast.Call)
        and names.is_rate(names.dotted(node.func))
        and len(node.args) == 1
        and isinstance(node.args[0], ast.List | ast.Tuple)
        and not node.args[0].elts
    )


def _name(node: ast.AST) -> str:
    return names.dotted(node) if isinstance(node, ast.Name | ast.Attribute) else ""


def _depends(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and names.dotted(node.func).rpartition(".")[2] in {
        "Depends",
        "Security",
    }


def _limit(node: ast.expr, text: str, *, firm: bool = True) -> Limit:
    found = list(rates.within(node))
    return Limit(Family.RATE, KEY, "calls", min(found, default=None), text, node.lineno, firm=firm)


def _written(outer: Function | ast.ClassDef | ast.Module, text: Text) -> Iterator[Limit]:
    """Find calls that are given a rate as text: ``setting("login_ratelimit", default="10 per minute")``."""
    decorators = getattr(outer, "decorator_list", [])
    told = {inner for decorator in decorators for inner in ast.walk(decorator)}
    for node in own(outer):
        if not isinstance(node, ast.Call) or node in told:
            continue
        given = [*node.args, *(one.value for one in node.keywords)]
        texts = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        short = [one for one in texts if len(one) < 200]
        found = [rate for one in short for rate in rates.read(one) or ()]
        rest = [one for one in short if rates.read(one) is None]
        if found:
            what = f"`{rest[-1]}`" if rest else "calls"
            key = " ".join(["call", names.dotted(node.func), *rest])
            yield Limit(Family.RATE, key, what, min(found), text.of(node), node.lineno, soft=True)
