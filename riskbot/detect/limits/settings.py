"""Limits that are settings: attributes of paginators, views, throttles; constants; REST_FRAMEWORK."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from riskbot.detect.limits import names, rates
from riskbot.detect.limits.bounds import number
from riskbot.detect.limits.units import Family, Limit, Text, own

_CLASSES = {"pagination_class": Family.AMOUNT, "throttle_classes": Family.RATE, "throttle_scope": Family.RATE}
_DEFAULTS = {
    "DEFAULT_PAGINATION_CLASS": Family.AMOUNT,
    "DEFAULT_THROTTLE_CLASSES": Family.RATE,
    "DEFAULT_THROTTLE_RATES": Family.RATE,
    "RATELIMIT_DEFAULT": Family.RATE,
    "RATELIMIT_ENABLED": Family.RATE,
    "RATELIMIT_ENABLE": Family.RATE,
}
_RATES = re.compile(r"RATE_?LIMIT|THROTTL", re.IGNORECASE)
_DEPTH = 4


def of_class(node: ast.ClassDef, text: Text) -> Iterator[Limit]:
    """Find the attributes of a class that limit: of paginators, views, throttles, classes of settings."""
    paginates = any("agina" in names.dotted(base) for base in node.bases) or "agina" in node.name
    throttles = any(names.is_rate(names.dotted(base)) for base in node.bases)
    for name, value in _assigned(node):
        if name in names.CAPS or (name in names.SIZES and paginates):
            yield _amount(name, name, value, text, soft=name in names.SIZES)
        elif name in _CLASSES:
            yield _listed(name, name, _CLASSES[name], value, text)
        elif name in {"rate", "THROTTLE_RATES"} and throttles:
            yield _rate(name, name, value, text)
        else:
            yield from _setting(name, name, value, text)


def of_module(node: ast.Module, text: Text) -> Iterator[Limit]:
    """Find the constants and tables of settings of a module that limit."""
    for name, value in _assigned(node):
        yield from _setting(name, name, value, text)


def _assigned(node: ast.ClassDef | ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for inner in own(node):
        if isinstance(inner, ast.Assign) and len(inner.targets) == 1:
            target: ast.expr = inner.targets[0]
            if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                yield f"{names.dotted(target.value)}.{target.slice.value!s}", inner.value
            elif name := names.dotted(target):
                yield name, inner.value
        elif isinstance(inner, ast.AnnAssign) and inner.value is not None:
            yield names.dotted(inner.target), inner.value


def _setting(path: str, name: str, value: ast.expr, text: Text, depth: int = 0) -> Iterator[Limit]:
    """Find a limit in one setting; a table's entries are settings of their own."""
    name = name.rpartition(".")[2]
    if isinstance(value, ast.Dict) and depth < _DEPTH and (name.isupper() or depth):
        for key, entry in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield from _setting(f"{path}.{key.value}", key.value, entry, text, depth + 1)
        if name in _DEFAULTS and value.keys:
            yield _presence(path, name, value, text)
    elif names.SETTING.search(name):
        yield _amount(path, name, value, text, soft=True)
    elif name in _DEFAULTS:
        yield _listed(path, name, _DEFAULTS[name], value, text)
    elif _RATES.search(path) and (isinstance(value, ast.Constant | ast.Call)):
        yield _rate(path, name, value, text)


def _presence(path: str, name: str, value: ast.expr, text: Text) -> Limit:
    return Limit(_DEFAULTS[name], f"setting {path}", f"`{name}`", None, text.of(value), value.lineno)


def _amount(path: str, name: str, value: ast.expr, text: Text, *, soft: bool) -> Limit:
    return Limit(
        Family.AMOUNT,
        f"setting {path}",
        f"`{name}`",
        _plain(value),
        f"{name} = {text.of(value, 40)}",
        value.lineno,
        off=isinstance(value, ast.Constant) and value.value is None,
        soft=soft,
    )


def _plain(value: ast.expr) -> float | None:
    """Read a number, also the default of one that comes from the environment: ``env.int("X", 100)``."""
    found = number(value)
    if found is not None or not isinstance(value, ast.Call):
        return found
    given = [one.value for one in value.keywords if one.arg == "default"] or value.args[-1:]
    if given and isinstance(given[0], ast.Call):
        return _plain(given[0])
    if given and isinstance(given[0], ast.Constant) and isinstance(given[0].value, str):
        return float(given[0].value) if re.fullmatch(r"\d{1,15}", given[0].value, re.ASCII) else None
    return number(given[0]) if given else None


def _rate(path: str, name: str, value: ast.expr, text: Text) -> Limit:
    off = isinstance(value, ast.Constant) and value.value in {None, ""}
    found = min(rates.within(value), default=None)
    return Limit(
        Family.RATE,
        f"setting {path}",
        f"`{name}`",
        found,
        f"{name} = {text.of(value, 40)}",
        value.lineno,
        off=off,
        soft=found is None,
    )


def _listed(path: str, name: str, family: Family, value: ast.expr, text: Text) -> Limit:
    """One that names classes: none, or fewer of them, is less of a limit."""
    several = isinstance(value, ast.List | ast.Tuple)
    parts = (
        frozenset(text.of(one, 200) for one in value.elts)
        if isinstance(value, ast.List | ast.Tuple)
        else frozenset()
    )
    none = isinstance(value, ast.Constant) and value.value in {None, "", False}
    rate = min(rates.within(value), default=None) if family is Family.RATE else None
    return Limit(
        family, f"setting {path}", f"`{name}`", rate, f"{name} = {text.of(value, 40)}", value.lineno,
        off=none or (several and not parts), parts=parts,
    )  # fmt: skip
