"""Numbers, limits and switches that changed their value."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import libcst as cst

from riskbot.detect.structure.compare import FilePair
from riskbot.detect.structure.names import calls, dotted, keyword
from riskbot.detect.structure.unit import Unit
from riskbot.detect.structure.world import Hit, World, edited, fresh, is_test, pick, where
from riskbot.domain.finding import Side

_LIMIT = re.compile(
    r"timeout|time_?limit|deadline|retr(y|ies)|attempt|backoff|interval|delay|ttl|expir|max_|_max|min_|limit|pool_size|threshold|lifetime",
    re.IGNORECASE,
)
_NAMING = re.compile(r"^__\w+__$|version", re.IGNORECASE)
_SWITCHES_OFF = {
    "verify",
    "verify_ssl",
    "ssl_verify",
    "check_hostname",
    "validate_certs",
    "tls_verify",
    "verify_certs",
}
_LITERAL = (cst.Integer, cst.Float, cst.SimpleString, cst.UnaryOperation, cst.BinaryOperation)


def check(home: FilePair, world: World) -> Iterator[Hit]:
    """Compare assignments by name, keyword arguments by call, and numbers in code that is else the same."""
    del world  # values are judged where they stand
    if is_test(home.path) or home.path.endswith(".pyi"):
        return
    for _, old, new in fresh(home):
        yield from _tls(home, old, new)
    for _, old, new in edited(home):
        said = set()
        for hit, node in [*_assignments(home, old, new), *_arguments(home, old, new)]:
            said.add(node)
            yield hit
        yield from _timeouts_removed(home, old, new)
        yield from _numbers(home, old, new, said)


def _is_literal(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Name):
        return node.value in {"True", "False", "None"}
    if isinstance(node, cst.UnaryOperation):
        return _is_literal(node.expression)
    if isinstance(node, cst.BinaryOperation):
        return _is_literal(node.left) and _is_literal(node.right)
    return isinstance(node, _LITERAL)


def _assigned(unit: Unit) -> dict[str, cst.BaseExpression]:
    """Names that are assigned a literal exactly once."""
    found: dict[str, list[cst.BaseExpression]] = defaultdict(list)
    for node in unit.of(cst.Assign):
        if len(node.targets) == 1 and (name := dotted(node.targets[0].target)):
            found[name].append(node.value)
    for noted in unit.of(cst.AnnAssign):
        if noted.value is not None and (name := dotted(noted.target)):
            found[name].append(noted.value)
    return {name: values[0] for name, values in found.items() if len(values) == 1 and _is_literal(values[0])}


def _assignments(home: FilePair, old: Unit, new: Unit) -> Iterator[tuple[Hit, cst.CSTNode]]:
    before = _assigned(old)
    for name, value in _assigned(new).items():
        was = before.get(name)
        constant = new.definition is None or name.isupper() or _LIMIT.search(name)
        if was is None or not constant or _NAMING.search(name) or old.key(was) == new.key(value):
            continue
        if isinstance(value, cst.SimpleString) and not name.isupper():
            continue
        yield _changed(home, name, old, was, new, value), value


def _changed(  # noqa: PLR0917 - both sides with their units
    home: FilePair, name: str, old: Unit, was: cst.BaseExpression, new: Unit, value: cst.BaseExpression
) -> Hit:
    limit = _LIMIT.search(name) is not None
    ending = "under load or failure this decides what happens." if limit else "check who relies on the value."
    return Hit(
        "structure.limit-changed" if limit else "structure.constant-changed",
        home.path,
        new.line(value),
        f"`{name}` in {where(new)} went from `{old.text(was, 40)}` to `{new.text(value, 40)}`: {ending}",
        f"{new.piece.qualname} {name}",
        evidence=(f"before: {old.text(was)}", f"after: {new.text(value)}"),
    )


def _by_callee(unit: Unit) -> dict[str, list[cst.Call]]:
    found: dict[str, list[cst.Call]] = defaultdict(list)
    for name, call in calls(unit):
        if name:
            found[name].append(call)
    return found


def _same_calls(old: Unit, new: Unit) -> Iterator[tuple[str, cst.Call, cst.Call]]:
    """Calls of one callee that stand for one another: as many before as after, in order."""
    before = _by_callee(old)
    for name, after in _by_callee(new).items():
        if len(before.get(name, ())) == len(after):
            yield from ((name, *pair) for pair in zip(before[name], after, strict=True))


def _arguments(home: FilePair, old: Unit, new: Unit) -> Iterator[tuple[Hit, cst.CSTNode]]:
    for name, left, right in _same_calls(old, new):
        for argument in right.args:
            word = argument.keyword.value if argument.keyword else ""
            was = keyword(left, word) if word else None
            if was is None or not _LIMIT.search(word) or old.key(was) == new.key(argument.value):
                continue
            if _is_literal(was) and _is_literal(argument.value):
                label = f"{name.rpartition('.')[2]}({word}=)"
                yield _changed(home, label, old, was, new, argument.value), argument.value


def _timeouts_removed(home: FilePair, old: Unit, new: Unit) -> Iterator[Hit]:
    for name, left, right in _same_calls(old, new):
        was = keyword(left, "timeout")
        now = keyword(right, "timeout")
        gone = (
            now is None
            and not any(argument.star for argument in right.args)
            and len(right.args) < len(left.args)
        )
        none = isinstance(now, cst.Name) and now.value == "None"
        if was is None or (isinstance(was, cst.Name) and was.value == "None") or not (gone or none):
            continue
        yield Hit(
            "structure.timeout-removed",
            home.file.old_path or home.path,
            old.line(was),
            f"`{name}` in {where(new)} was called with `timeout={old.text(was, 30)}` and now waits"
            " without a limit of"
            " its own: a peer that hangs can hang the caller.",
            f"{new.piece.qualname} {name}",
            Side.OLD,
        )


def _tls(home: FilePair, old: Unit | None, new: Unit) -> Iterator[Hit]:
    for argument in pick(new.of(cst.Arg), new, old):
        word = argument.keyword.value if argument.keyword else ""
        if word in _SWITCHES_OFF and isinstance(argument.value, cst.Name) and argument.value.value == "False":
            yield _tls_hit(home, new, argument, f"{word}=False")
    for node in pick(new.of(cst.Assign), new, old):
        name = dotted(node.targets[0].target).rpartition(".")[2]
        off = isinstance(node.value, cst.Name) and node.value.value == "False"
        if (name in _SWITCHES_OFF and off) or dotted(node.value).endswith("CERT_NONE"):
            yield _tls_hit(home, new, node, new.text(node, 60))


def _tls_hit(home: FilePair, new: Unit, node: cst.CSTNode, what: str) -> Hit:
    message = (
        f"`{what}` in {where(new)} switches certificate checks off: anyone on the way can"
        " read and alter the traffic."
    )
    return Hit(
        "structure.tls-verify-disabled", home.path, new.line(node), message, f"{new.piece.qualname} {what}"
    )


def _numbers(home: FilePair, old: Unit, new: Unit, said: set[cst.CSTNode]) -> Iterator[Hit]:
    """Numbers in code that is the same token by token: nothing but the value was edited."""
    if new.definition is None or len(old.tokens) != len(new.tokens):
        return
    before, after = old.of(cst.Integer, cst.Float), new.of(cst.Integer, cst.Float)
    differ = sum(a != b for a, b in zip(old.tokens, new.tokens, strict=True))
    edits = [(a, b) for a, b in zip(before, after, strict=False) if old.key(a) != new.key(b)]
    if len(before) != len(after) or differ != len(edits):
        return
    for left, right in edits[:3]:
        if right in said or any(isinstance(o, cst.Param) for o in new.around(right)):
            continue
        lines = (
            o for o in new.around(right) if isinstance(o, cst.SimpleStatementLine | cst.Comparison | cst.Call)
        )
        around = next(lines, None)
        place = f" in `{new.text(around, 50)}`" if around is not None else ""
        yield Hit(
            "structure.constant-changed",
            home.path,
            new.line(right),
            f"`{old.text(left)}` became `{new.text(right)}`{place} of {where(new)}, and nothing"
            " else there changed.",
            f"{new.piece.qualname} {old.text(left)} {new.text(right)}",
        )
