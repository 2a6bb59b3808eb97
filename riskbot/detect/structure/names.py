"""What a dotted name in the source stands for, by the module's own imports. No scope analysis: cheap."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from riskbot.detect.structure.unit import Unit


def dotted(node: cst.CSTNode) -> str:
    """``a.b.c`` of a name or attribute chain; an inner call or subscript reads as ``()``; else ""."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if isinstance(node, cst.Name):
        parts.append(node.value)
    elif parts:
        parts.append("()")
    return ".".join(reversed(parts))


def imported(node: cst.Import | cst.ImportFrom) -> Iterator[tuple[str, str, str]]:
    """(local name, module, what it stands for) of an import statement; relative modules keep their dots."""
    if isinstance(node.names, cst.ImportStar):
        return
    for alias in node.names:
        name = dotted(alias.name)
        local = alias.asname.name.value if alias.asname and isinstance(alias.asname.name, cst.Name) else None
        if isinstance(node, cst.ImportFrom):
            module = "." * len(node.relative) + (dotted(node.module) if node.module else "")
            yield local or name, module, f"{module}.{name}"
        else:
            yield local or name.partition(".")[0], name, name if local else name.partition(".")[0]


def aliases(unit: Unit) -> dict[str, str]:
    """The module's import aliases with the unit's own on top."""
    found = unit.outline.aliases
    statements: list[cst.Import | cst.ImportFrom] = [*unit.of(cst.Import), *unit.of(cst.ImportFrom)]
    own = {local: target for node in statements for local, _, target in imported(node)}
    return found | own if own else found


def resolve(name: str, known: dict[str, str]) -> str:
    """``name`` with its first part replaced by what the module imported under it."""
    first, dot, rest = name.partition(".")
    return known.get(first, first) + dot + rest


def calls(unit: Unit) -> Iterator[tuple[str, cst.Call]]:
    """Every call of the unit with the resolved dotted name of what is called, "" where it has none."""
    known = aliases(unit)
    for node in unit.of(cst.Call):
        yield resolve(dotted(node.func), known), node


def keyword(call: cst.Call, name: str) -> cst.BaseExpression | None:
    """The value of a call's keyword argument, None where it is not given."""
    for argument in call.args:
        if argument.keyword is not None and argument.keyword.value == name:
            return argument.value
    return None
