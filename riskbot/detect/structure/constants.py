"""Numbers, limits and switches that changed their value."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import libcst as cst

from riskbot.detect.structure.compare import FilePair
from riskbot.detect.structure.names import calls, dotted, keyword
from riskbot.detect.structure.unit import Unit
from riskbot.detect.structure.world import Hit, World, edited, fresh, is_test, pick, removed, where
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
        yield from _waits_removed(home, old, new)
        yield from _numbers(home, old, new, said)


def _is_literal(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Name):
        return node.value in {"True", "False", "None"}
    if isinstance(node, cst.UnaryOperation):
        return _is_literal(node.expression)
    if isinstance(node, cst.BinaryOperation):
        return _is_literal(node.left) and _is_literal(node.right)
    return isinstance(node, _LITERAL)


def _equal(old: Unit, was: cst.BaseExpression, new: Unit, now: cst.BaseExpression) -> bool:
    """The same value, also written as another product: ``60 * 60`` and ``3600``."""
    return old.key(was) == new.key(now) or (
        None not in (_number(was), _number(now)) and _number(was) == _number(now)
    )


def _number(node: cst.BaseExpression) -> float | None:
    if isinstance(node, cst.Integer | cst.Float):
        return float(node.evaluated_value) if len(node.value) < 20 else None
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Multiply):
        left, right = _number(node.left), _number(node.right)
        return left * right if left is not None and right is not None else None
    return None


def _assigned(unit: Unit) -> dict[str, cst.BaseExpression]:
    """Names that are assigned a literal exactly once."""
    found: dict[str, list[cst.BaseExpression]] = defaultdict(list)
    for node in unit.of(cst.Assign):
        if len(node.targets) == 1 and (name := dotted(node.targets[0].target)):
            found[name].append(node.value)
    for noted in unit.of(cst.AnnAssign):
        if noted.value is not None and (name := dotted(noted.target)):
            found[name].append(noted.value)
    tables = unit.definition is None  # a list in a function is data, at module level it is a setting
    return {
        name: values[0]
        for name, values in found.items()
        if len(values) == 1
        and (_is_literal(values[0]) or (tables and name.isupper() and _is_table(values[0])))
    }


def _is_table(node: cst.BaseExpression) -> bool:
    """A list, tuple, set or dict of literals."""
    if not isinstance(node, cst.List | cst.Tuple | cst.Set | cst.Dict):
        return False
    return all(isinstance(e, cst.Element | cst.DictElement) and _is_literal(e.value) for e in node.elements)


def _assignments(home: FilePair, old: Unit, new: Unit) -> Iterator[tuple[Hit, cst.CSTNode]]:
    before = _assigned(old)
    for name, value in _assigned(new).items():
        was = before.get(name)
        constant = new.definition is None or name.isupper() or _LIMIT.search(name)
        if was is None or not constant or _NAMING.search(name) or _equal(old, was, new, value):
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
            if was is None or not _LIMIT.search(word) or _equal(old, was, new, argument.value):
                continue
            if word == "timeout" and dotted(argument.value) == "None":
                continue  # said as a timeout removed
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


_WAITS = (
    "asyncio.wait_for",
    "asyncio.timeout",
    "asyncio.timeout_at",
    "async_timeout.timeout",
    "anyio.fail_after",
    "trio.fail_after",
)


def _waits_removed(home: FilePair, old: Unit, new: Unit) -> Iterator[Hit]:
    """A call made for nothing but its time limit is gone."""
    kept = {name for name, _ in calls(new)}
    for name, call in calls(old):
        if name in _WAITS and not kept & {*_WAITS}:
            yield removed(
                home,
                "structure.timeout-removed",
                old,
                call,
                f"{where(new)} no longer waits within `{old.text(call, 60)}`: what hangs hangs the caller.",
            )


def _tls(home: FilePair, old: Unit | None, new: Unit) -> Iterator[Hit]:
    """Switches by name in calls, defaults and assignments; contexts and modes that check nothing."""
    pairs: list[tuple[cst.CSTNode, str, cst.BaseExpression]] = [
        (a, a.keyword.value, a.value) for a in pick(new.of(cst.Arg), new, old) if a.keyword
    ]
    pairs += [(p, p.name.value, p.default) for p in pick(new.of(cst.Param), new, old) if p.default]
    pairs += [
        (n, dotted(n.targets[0].target).rpartition(".")[2], n.value)
        for n in pick(new.of(cst.Assign), new, old)
    ]
    hits = [
        (node, new.text(node, 60))
        for node, word, value in pairs
        if (word in _SWITCHES_OFF and dotted(value) == "False")
        or dotted(value).endswith(("CERT_NONE", "_create_unverified_context"))
    ]
    before = {name for name, _ in calls(old)} if old else set()
    hits += [
        (call, new.text(call, 60))
        for name, call in calls(new)
        if name == "ssl._create_unverified_context" and name not in before
    ]
    if hits:  # one for the unit: a context is made lax in two lines
        node, what = hits[0]
        yield _tls_hit(home, new, node, what, [text for _, text in hits])


def _tls_hit(home: FilePair, new: Unit, node: cst.CSTNode, what: str, evidence: list[str]) -> Hit:
    message = (
        f"`{what}` in {where(new)} switches certificate checks off: anyone on the way can"
        " read and alter the traffic."
    )
    return Hit(
        "structure.tls-verify-disabled",
        home.path,
        new.line(node),
        message,
        f"{new.piece.qualname} {what}",
        evidence=tuple(evidence[:10]),
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
