"""Database migrations (Django, alembic): what they do to data that is already there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import libcst as cst

from riskbot.detect.structure.compare import FilePair
from riskbot.detect.structure.names import calls, keyword
from riskbot.detect.structure.unit import Unit
from riskbot.detect.structure.world import Hit, World, fresh, is_test, shorten, where

_PATH = re.compile(r"(^|/)migrations/|(^|/)(alembic|migrations?)/versions/|(^|/)versions/[0-9a-f]{8,}_")
_DESTRUCTIVE = {
    "RemoveField",
    "DeleteModel",
    "drop_column",
    "drop_table",
    "RemoveConstraint",
    "drop_constraint",
    "RenameField",
    "RenameModel",
    "rename_table",
    "AlterModelTable",
}
_RAW = {"RunSQL", "execute", "RunPython"}
_ADDING = {
    "AddField",
    "CreateModel",
    "AlterField",
    "AddIndex",
    "AddConstraint",
    "add_column",
    "create_table",
    "alter_column",
    "create_index",
    "create_foreign_key",
    "create_unique_constraint",
}


def check(home: FilePair, world: World) -> Iterator[Hit]:
    """Look at the operations that a migration gained; an alembic ``downgrade`` is left alone."""
    del world  # a migration is judged by itself
    if not _PATH.search(home.path) or is_test(home.path):
        return
    plain: list[str] = []
    first: tuple[Unit, cst.Call] | None = None
    for _, old, new in fresh(home):
        if new.piece.name == "downgrade":
            continue
        known = Counter(old.key(call) for _, call in calls(old)) if old else Counter()
        for name, call in calls(new):
            last, root = name.rpartition(".")[2], name.partition(".")[0]
            if known[new.key(call)] or not _is_operation(name, root):
                continue
            if last in _ADDING:
                plain.append(last)
                first = first or (new, call)
            yield from _risky(home, new, call, last)
    if first is not None:
        counted = [f"{name} x{n}" if n > 1 else name for name, n in Counter(plain).items()]
        unit, call = first
        message = (
            f"The migration does {shorten(counted)}: locks and running time grow with the size of the tables."
        )
        yield Hit("structure.migration-operation", home.path, unit.line(call), message, " ".join(counted))


def _is_operation(name: str, root: str) -> bool:
    return (
        "migrations." in name or root in {"op", "batch_op"} or ".op." in name or name.startswith("alembic.")
    )


def _risky(home: FilePair, new: Unit, call: cst.Call, last: str) -> Iterator[Hit]:
    text = new.text(call, 60)
    if last in _DESTRUCTIVE:
        message = (
            f"`{text}`: data or names that running code still uses go away, and a rollback"
            " does not bring them back."
        )
        yield Hit("structure.migration-destructive", home.path, new.line(call), message, new.text(call, 300))
    elif last in _RAW:
        message = (
            f"`{text}` in {where(new)} runs by hand-written code: is it reversible,"
            " repeatable and fast enough?"
        )
        yield Hit("structure.migration-raw", home.path, new.line(call), message, new.text(call, 300))
    elif _not_null(call, last):
        message = (
            f"`{text}` makes a column NOT NULL without a default: rows that are there already"
            " can make it fail."
        )
        yield Hit("structure.migration-not-null", home.path, new.line(call), message, new.text(call, 300))


def _not_null(call: cst.Call, last: str) -> bool:
    if last == "alter_column":
        return _is(keyword(call, "nullable"), "False")
    if last not in {"AddField", "add_column"}:
        return False
    inner = [argument.value for argument in call.args if isinstance(argument.value, cst.Call)]
    column = inner[-1] if inner else None
    if column is None:
        return False
    if last == "add_column":
        return _is(keyword(column, "nullable"), "False") and keyword(column, "server_default") is None
    optional = _is(keyword(column, "null"), "True") or keyword(column, "default") is not None
    many = getattr(column.func, "attr", None)
    return (
        not optional
        and keyword(column, "db_default") is None
        and getattr(many, "value", "") != "ManyToManyField"
    )


def _is(value: cst.BaseExpression | None, name: str) -> bool:
    return isinstance(value, cst.Name) and value.value == name
