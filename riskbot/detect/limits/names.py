"""Which names speak of amounts, of limits on calls, and of code that answers a request."""

from __future__ import annotations

import ast
import re

AMOUNT = re.compile(
    r"(?:^|_)(?:limit|page_?size|per_?page|max_?results|num_?results|top_?k|top_?n|row_?limit|max_?rows|max_?items"
    r"|page_?limit|results_per_page|batch_?size|take|first|last|count|size|num|n|k|amount|rows|offset|skip|page)$",
    re.IGNORECASE,
)
"""Names of parameters by which a caller says how much it wants."""

PLAIN = re.compile(
    r"^(?:query_|result_|search_|list_)?(?:limit|page_?size|per_?page|page_limit)$|^max_?results$|^num_?results$",
    re.IGNORECASE,
)
"""Those of them that mean rows of an answer wherever they stand."""

IDS = re.compile(
    r"(?:^|_)(?:ids|uuids|guids|pks|emails|phones|phone_numbers|usernames|handles|keys)$", re.IGNORECASE
)
"""Names of lists of identifiers."""

RATE = re.compile(
    r"rate_?limit|throttl|slow_?api|request_?quota|^limiter\b|_limiter\b|\blimiter\.", re.IGNORECASE
)
"""Decorators, dependencies and classes that limit how often something is called."""

_EXEMPT = re.compile(
    r"exempt|unlimited|(?:no|skip|disable|without|bypass)_?(?:rate_?limit|throttl)", re.IGNORECASE
)

SETTING = re.compile(
    r"^(?:\w+_)?(?:MAX_?(?:PAGE_?SIZE|LIMIT|RESULTS|PER_PAGE|ROWS|IDS|ITEMS_PER_PAGE|PAGE_LIMIT)"
    r"|PAGE_?SIZE(?:_MAX|_LIMIT)?|PAGINATE_BY|PER_PAGE(?:_MAX)?|DEFAULT_(?:LIMIT|PAGE_SIZE|PER_PAGE)"
    r"|(?:LIMIT|RESULTS|ROWS)_MAX)$"
)
"""Constants that say how much one answer holds."""

CAPS = frozenset({"max_page_size", "max_limit", "paginate_by", "max_per_page", "max_paginate_by"})
SIZES = frozenset({"page_size", "default_limit", "per_page"})
"""Class attributes of pagination: the most that a caller may ask for, and what it gets without asking."""

TEST = re.compile(
    r"(?:^|/)(?:tests?|t|testing|test_\w+|\w+_tests?|spec|conftest|fixtures?|benchmarks?)/"
    r"|(?:^|/)(?:test_[^/]*|[^/]*_tests?|conftest|tests|locustfile)\.py$"
)
"""Paths of tests and benchmarks; what bounds a request stands elsewhere."""

ROUTES = frozenset(
    {
        "get",
        "post",
        "put",
        "patch",
        "delete",
        "head",
        "options",
        "route",
        "api_route",
        "websocket",
        "api_view",
    }
)


_PARTS = 12  # of a chain; a hostile one can hold thousands


def dotted(node: ast.AST) -> str:
    """``a.b.c`` of a name or chain of attributes, calls in it left out; "" for anything else."""
    parts: list[str] = []
    for _ in range(_PARTS):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Name):
            return ".".join([node.id, *reversed(parts)])
        else:
            break
    return ".".join(reversed(parts))


def is_exempting(name: str) -> bool:
    """Whether a dotted name takes a limit on calls away: ``limiter.exempt``."""
    return _EXEMPT.search(name.rpartition(".")[2]) is not None and (
        RATE.search(name) is not None or "unlimited" in name.lower()
    )


def is_rate(name: str) -> bool:
    """Whether a dotted name limits how often something is called."""
    return RATE.search(name) is not None and _EXEMPT.search(name) is None


def subject(node: ast.AST) -> str | None:
    """What an expression is about: ``limit`` of ``int(request.args.get("limit", 20))``; None: unknown."""
    for _ in range(8):
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute):
            return node.attr
        if isinstance(node, ast.BoolOp):
            node = node.values[0]
        elif isinstance(node, ast.Subscript):
            node = node.slice
        elif isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) and node.value.isidentifier() else None
        elif isinstance(node, ast.Call) and node.args and _takes(node):
            node = node.args[0]
        else:
            return None
    return None


def _takes(call: ast.Call) -> bool:
    """Whether the call only fetches or converts its first argument."""
    return dotted(call.func).rpartition(".")[2] in {"int", "float", "get", "get_argument", "pop", "abs"}
