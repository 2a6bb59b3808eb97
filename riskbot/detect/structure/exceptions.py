"""Exception handling that lets more errors pass than before."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from typing import TypeAlias

import libcst as cst

from riskbot.detect.structure.compare import FilePair
from riskbot.detect.structure.guards import exit_of
from riskbot.detect.structure.names import calls, dotted
from riskbot.detect.structure.unit import Unit
from riskbot.detect.structure.world import Hit, World, edited, fresh, is_test, pick, where
from riskbot.domain.finding import Severity, Side

Handler: TypeAlias = cst.ExceptHandler | cst.ExceptStarHandler

_BROAD = {
    "": "everything, even Ctrl-C",
    "BaseException": "everything, even Ctrl-C",
    "Exception": "nearly everything",
}
_HANDLERS = (cst.ExceptHandler, cst.ExceptStarHandler)
_TRIES = (cst.Try, cst.TryStar)
_SAME = dict.fromkeys(("IOError", "EnvironmentError", "WindowsError"), "OSError") | {
    "socket.error": "OSError",
    "select.error": "OSError",
    "socket.timeout": "TimeoutError",
}  # old names of one type since Python 3.3 and 3.10
_LOGGING = {"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "print"}
_NOTHING = "does nothing"
_HARMLESS = {"ImportError", "ModuleNotFoundError", "StopIteration", "StopAsyncIteration", "KeyboardInterrupt"}


def check(home: FilePair, world: World) -> Iterator[Hit]:
    """Compare the handlers, raises and suppressions of every changed unit."""
    if is_test(home.path):
        return
    for _, old, new in edited(home):
        yield from _broadened(home, old, new)
        yield from _raises_removed(home, world, old, new)
        yield from _absorbed(home, old, new)
    for _, before, new in fresh(home):
        yield from _swallowed(home, world, before, new)
        yield from _finally_leaves(home, before, new)
        yield from _cause_dropped(home, before, new)
        yield from _suppressed(home, world, before, new)


def _handlers(unit: Unit) -> list[Handler]:
    return [*unit.of(cst.ExceptHandler), *unit.of(cst.ExceptStarHandler)]


def _tries(unit: Unit) -> list[cst.Try | cst.TryStar]:
    return [*unit.of(cst.Try), *unit.of(cst.TryStar)]


def caught(handler: Handler) -> set[str]:
    """The names of the exception types a handler catches; {""} for a bare ``except:``."""
    if handler.type is None:
        return {""}
    items = (
        [e.value for e in handler.type.elements] if isinstance(handler.type, cst.Tuple) else [handler.type]
    )
    names = {dotted(item) or "?" for item in items}
    return {_SAME.get(name, name) for name in names}


def _words(types: set[str]) -> str:
    return ", ".join(f"`{name}`" if name else "everything (bare `except:`)" for name in sorted(types))


def _reraises(unit: Unit, handler: Handler) -> bool:
    return bool(unit.inside(handler, cst.Raise))


def _covers(wide: str, narrow: str) -> bool:
    """Whether catching ``wide`` also catches ``narrow``, as far as built-in types tell."""
    if wide == narrow:
        return False
    if wide in _BROAD:
        return narrow not in _BROAD or list(_BROAD).index(wide) < list(_BROAD).index(narrow)
    one, two = getattr(builtins, wide, None), getattr(builtins, narrow, None)
    return isinstance(one, type) and isinstance(two, type) and issubclass(two, one)


def _retries(unit: Unit, handler: Handler, tried: set[str]) -> bool:
    """The handler calls what was tried once more: the second error reaches the caller."""
    return any(dotted(call.func) in tried for call in unit.inside(handler, cst.Call))


def _broadened(home: FilePair, old: Unit, new: Unit) -> Iterator[Hit]:
    before = [caught(h) for h in pick(_handlers(old), old, new)]
    for handler in pick(_handlers(new), new, old):
        now = caught(handler)
        for was in before:
            wider = {w for w in now - was if any(_covers(w, n) for n in was)}
            more = now > was
            if not wider and not more:
                continue
            before.remove(was)
            severity = Severity.LOW if not wider & _BROAD.keys() or _reraises(new, handler) else None
            note = next((f" It now hides {_BROAD[w]}." for w in sorted(wider) if w in _BROAD), "")
            yield Hit(
                "structure.exception-broadened",
                home.path,
                new.line(handler),
                f"{where(new)} catches {_words(now)} where it caught {_words(was)}.{note} Errors"
                " that used to surface"
                " may be handled as expected ones.",
                f"{new.piece.qualname} {sorted(was)} {sorted(now)}",
                severity=severity,
            )
            break


def _quiet(handler: Handler) -> str:
    """How a handler drops the error, in words; "" if it does something about it."""
    statements = [
        s
        for line in handler.body.body
        for s in (line.body if isinstance(line, cst.SimpleStatementLine) else [line])
    ]
    if not isinstance(handler.body, cst.IndentedBlock):
        statements = list(handler.body.body)
    found = ""
    for statement in statements:
        if isinstance(statement, cst.Pass) or _is_ellipsis(statement):
            found = found or _NOTHING
        elif isinstance(statement, cst.Continue | cst.Break):
            found = "goes on with the loop"
        elif isinstance(statement, cst.Return) and _is_sentinel(statement.value):
            found = "returns a plain value"
        elif isinstance(statement, cst.Expr) and isinstance(statement.value, cst.Call):
            if dotted(statement.value.func).rpartition(".")[2] not in _LOGGING:
                return ""
            found = found or "only logs"
        else:
            return ""
    return found


def _is_ellipsis(statement: cst.CSTNode) -> bool:
    return isinstance(statement, cst.Expr) and isinstance(statement.value, cst.Ellipsis)


def _is_sentinel(value: cst.BaseExpression | None) -> bool:
    if isinstance(value, cst.List | cst.Dict | cst.Tuple):
        return not value.elements
    return value is None or isinstance(value, cst.Name | cst.Integer | cst.SimpleString)


def _swallowed(home: FilePair, world: World, old: Unit | None, new: Unit) -> Iterator[Hit]:
    known = {(frozenset(caught(h)), _quiet(h)) for h in _handlers(old)} if old else set()
    handled = {t for h in _handlers(old) if not _quiet(h) for t in caught(h)} if old else set()
    for handler in _handlers(new):
        how, types = _quiet(handler), caught(handler)
        if (
            not how
            or (frozenset(types), how) in known
            or types <= _HARMLESS
            or not world.gained(new, handler)
        ):
            continue
        broad = bool(types & _BROAD.keys())
        if not broad and not types & handled:
            continue  # a narrow, expected error in new code is an ordinary idiom
        severity = Severity.LOW if how == "only logs" or not broad else None
        yield Hit(
            "structure.exception-swallowed",
            home.path,
            new.line(handler),
            f"In {where(new)} the handler for {_words(types)} {how}: a failure there looks like success."
            " Is that wanted for every error it catches?",
            f"{new.piece.qualname} {sorted(types)} {how}",
            severity=severity,
        )


def _finally_leaves(home: FilePair, old: Unit | None, new: Unit) -> Iterator[Hit]:
    """``return``, ``break`` or ``continue`` in ``finally`` drops whatever error is on its way (PEP 765)."""
    known = {old.key(node) for node in _leaving(old)} if old else set()
    for node in _leaving(new):
        if new.key(node) not in known:
            yield Hit(
                "structure.exception-swallowed",
                home.path,
                new.line(node),
                f"`{new.text(node, 60)}` in a `finally` of {where(new)} drops every error that is on its way,"
                " even Ctrl-C: the caller gets a result instead.",
                f"{new.piece.qualname} finally {new.text(node, 200)}",
            )


def _leaving(unit: Unit) -> list[cst.CSTNode]:
    """The statements that leave a ``finally`` block; those of a loop or function inside it stay in it."""
    found: list[cst.CSTNode] = []
    for block in unit.of(cst.Finally):
        for node in unit.inside(block, cst.Return, cst.Break, cst.Continue):
            stops = (
                (cst.FunctionDef,) if isinstance(node, cst.Return) else (cst.FunctionDef, cst.For, cst.While)
            )
            nearest = next(o for o in unit.around(node) if o is block or isinstance(o, stops))
            found += [node] if nearest is block else []
    return found


def _absorbed(home: FilePair, old: Unit, new: Unit) -> Iterator[Hit]:
    """A try that now stands around statements which were there before, without raising again."""
    if len(_tries(new)) <= len(_tries(old)):
        return
    bare = {
        old.key(node)
        for node in old.of(cst.SimpleStatementLine)
        if not any(isinstance(outer, _TRIES) for outer in old.around(node))
    }
    for node in pick(_tries(new), new, old):
        inside = {new.key(line) for line in node.body.body if isinstance(line, cst.SimpleStatementLine)}
        types = {t for handler in node.handlers for t in caught(handler)}
        tried = {dotted(call.func) for call in new.inside(node.body, cst.Call)}
        silent = [
            h
            for h in node.handlers
            if not _reraises(new, h) and not _quiet(h) and not _retries(new, h, tried)
        ]
        if inside & bare and silent and not types <= _HARMLESS:
            yield Hit(
                "structure.exception-absorbed",
                home.path,
                new.line(node),
                f"{where(new)} now catches {_words(types)} around code that let it pass to the"
                " caller, and does not"
                " raise again: callers no longer learn of the error.",
                f"{new.piece.qualname} {sorted(types)}",
            )


def _raises_removed(home: FilePair, world: World, old: Unit, new: Unit) -> Iterator[Hit]:
    if len(old.of(cst.Raise)) <= len(new.of(cst.Raise)):
        return
    kinds = {_raised(node) for node in new.of(cst.Raise)}
    after = _handlers(new)
    for node in pick(old.of(cst.Raise), old, new):
        name = _raised(node)
        guard = next((o for o in old.around(node) if isinstance(o, (cst.If, *_HANDLERS))), None)
        if name in kinds | {"NotImplementedError"} or _guards(guard) or not world.lost(old, node):
            continue
        if isinstance(guard, _HANDLERS) and any(_quiet(h) and caught(h) == caught(guard) for h in after):
            continue  # said of the handler already
        yield Hit(
            "structure.raise-removed",
            home.file.old_path or home.path,
            old.line(node),
            f"{where(new)} no longer raises (`{old.text(node, 60)}` is gone): callers that relied"
            " on the error go on"
            " with whatever is returned instead.",
            f"{new.piece.qualname} {old.text(node)}",
            Side.OLD,
        )


def _guards(node: cst.CSTNode | None) -> bool:
    """The raise is a guard's, of which the checks of conditions speak."""
    return isinstance(node, cst.If) and exit_of(node) is not None


def _raised(node: cst.Raise) -> str:
    target = node.exc.func if isinstance(node.exc, cst.Call) else node.exc
    return dotted(target) if target is not None else ""


def _cause_dropped(home: FilePair, old: Unit | None, new: Unit) -> Iterator[Hit]:
    for node in pick(new.of(cst.Raise), new, old):
        item = node.cause.item if node.cause else None
        if old is None or not (isinstance(item, cst.Name) and item.value == "None"):
            continue
        yield Hit(
            "structure.exception-cause-dropped",
            home.path,
            new.line(node),
            f"`{new.text(node, 60)}` in {where(new)} hides the original error from tracebacks and logs.",
            f"{new.piece.qualname} {new.text(node)}",
        )


def _suppressed(home: FilePair, world: World, old: Unit | None, new: Unit) -> Iterator[Hit]:
    known = {old.key(call) for call in old.of(cst.Call)} if old else set()
    dropped = [caught(h) for h in _handlers(old) if _quiet(h) == _NOTHING] if old else []
    for name, call in calls(new):
        if name == "contextlib.suppress" and new.key(call) not in known and world.gained(new, call):
            types = {dotted(argument.value) for argument in call.args}
            if types in dropped:  # `except: pass` in other words
                dropped.remove(types)
                continue
            if types <= _HARMLESS or (old is None and not types & _BROAD.keys()):
                continue
            yield Hit(
                "structure.exception-suppressed",
                home.path,
                new.line(call),
                f"{where(new)} now suppresses {_words(types)}: the block ends early and nothing says so.",
                f"{new.piece.qualname} {sorted(types)}",
                severity=None if types & _BROAD.keys() else Severity.LOW,
            )
