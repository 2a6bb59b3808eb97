"""The outline by libcst, for syntax that the running interpreter does not know yet."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from riskbot.detect.structure.outline import Kind, Outline, Piece
from riskbot.detect.structure.source import Source, UnreadableError, first_line


def pieces_by_libcst(source: Source) -> Outline:
    """Cut a module into pieces with libcst. Raises UnreadableError where libcst cannot read it either."""
    try:
        module = cst.parse_module(source.text)
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        positions = wrapper.resolve(PositionProvider)
    except Exception as error:  # libcst has raised what it does not document, such as for a t-string
        raise UnreadableError(f"it is not valid Python, or too new: {first_line(error)}") from error
    result = Outline(source)
    _cut(result, module.body, "", positions)
    _read_imports(result, module, positions)
    return result


def _cut(result: Outline, body, scope: str, positions) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    for node in body:
        where: CodeRange = positions[node]
        decorators = getattr(node, "decorators", ())
        start = min([where.start.line, *(positions[d].start.line for d in decorators)])
        if isinstance(node, cst.ClassDef) and isinstance(node.body, cst.IndentedBlock):
            scope_inside = ".".join(part for part in (scope, node.name.value) if part)
            first = node.body.body[0]
            head = min(positions[n].start.line for n in (first, *getattr(first, "decorators", ()))) - 1
            text = result.source.cut(start, head)
            result.pieces.append(Piece(Kind.CLASS, scope, node.name.value, start, head, text))
            _cut(result, node.body.body, scope_inside, positions)
            continue
        kind = _kind(node)
        name = node.name.value if kind is not Kind.STATEMENT else ""
        text = result.source.cut(start, where.end.line)
        result.pieces.append(Piece(kind, scope, name, start, where.end.line, text))


def _kind(node: cst.CSTNode) -> Kind:
    if isinstance(node, cst.FunctionDef):
        return Kind.FUNCTION
    return Kind.CLASS if isinstance(node, cst.ClassDef) else Kind.STATEMENT


def _read_imports(result: Outline, module: cst.Module, positions) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    from riskbot.detect.structure.names import imported

    for line in module.body:
        for node in getattr(line, "body", ()) if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(node, cst.Import | cst.ImportFrom):
                for alias, module_name, target in imported(node):
                    result.modules.setdefault(module_name, positions[line].start.line)
                    result.aliases[alias] = target
