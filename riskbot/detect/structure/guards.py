"""Checks that went or got weaker: asserts, guards, conditions around calls."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

import libcst as cst

from riskbot.detect.structure.access import is_permission
from riskbot.detect.structure.compare import FilePair, Relation
from riskbot.detect.structure.names import dotted
from riskbot.detect.structure.unit import Key, Unit
from riskbot.detect.structure.world import Hit, World, edited, is_test, pick, removed, where
from riskbot.domain.finding import Severity

_EXITS = (cst.Raise, cst.Return, cst.Continue, cst.Break)
_OPPOSITE = {
    "NotEqual": "Equal",
    "IsNot": "Is",
    "NotIn": "In",
    "GreaterThanEqual": "LessThan",
    "LessThanEqual": "GreaterThan",
}
_LOGGING = {"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "print"}
_CHECKING = re.compile(r"^_?(validate|check|verify|ensure|enforce|assert|sanitize)(_|$)")
_LOOSER = {
    ("LessThan", "LessThanEqual"),
    ("GreaterThan", "GreaterThanEqual"),
    ("Equal", "LessThanEqual"),
    ("Equal", "GreaterThanEqual"),
    ("Equal", "In"),
    ("Is", "Equal"),
    ("Is", "In"),
}


Tested: TypeAlias = cst.If | cst.Assert | cst.While


def check(home: FilePair, world: World) -> Iterator[Hit]:
    """Compare the checks of every unit that changed."""
    if is_test(home.path):
        return
    loosened: list[Hit] = []
    for _, old, new in edited(home):
        yield from _asserts_removed(home, world, old, new)
        yield from _guards_removed(home, world, old, new)
        yield from _calls_removed(home, world, old, new)
        loosened += _loosened(home, old, new)
        yield from _unguarded(home, old, new)
    yield from _alike(loosened)


def _alike(hits: list[Hit]) -> Iterator[Hit]:
    """One finding for the same edit made in several functions of a file."""
    groups: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        groups[hit.matched].append(hit)
    for group in groups.values():
        names = [name for hit in group for name in hit.evidence]
        note = f" The same edit in {len(group)} places." if len(group) > 1 else ""
        yield replace(group[0], message=group[0].message + note, evidence=tuple(names[:20]))


def _asserts_removed(home: FilePair, world: World, old: Unit, new: Unit) -> Iterator[Hit]:
    spare = len(old.of(cst.Assert)) - len(new.of(cst.Assert))
    facts = {fact(new, node.test) for node in new.of(cst.If)}
    for node in pick(old.of(cst.Assert), old, new)[: max(spare, 0)]:
        if world.lost(old, node) and fact(old, node.test) not in facts:
            text = old.text(node.test, 60)
            message = f"{where(new)} no longer asserts `{text}`: what it ruled out can now go on unnoticed."
            yield removed(home, "structure.assert-removed", old, node, message)


def exit_of(node: cst.If) -> cst.CSTNode | None:
    """How a guard leaves (its last statement), None for an ``if`` that is no guard."""
    last = node.body.body[-1] if node.body.body else None
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    return last if (isinstance(last, _EXITS) or _aborts(last)) and node.orelse is None else None


def _aborts(node: cst.CSTNode | None) -> bool:
    """A call that does not come back, by its usual names."""
    call = node.value if isinstance(node, cst.Expr) else None
    return isinstance(call, cst.Call) and dotted(call.func).rpartition(".")[2] in {"abort", "exit", "_exit"}


def fact(unit: Unit, test: cst.BaseExpression) -> tuple[str | Key, ...]:
    """What a condition is about, whichever way round: ``a is None`` and ``not a is None`` are equal."""
    while isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        test = test.expression
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return (unit.key(test),)
    target = test.comparisons[0]
    sign = type(target.operator).__name__
    return unit.key(test.left), _OPPOSITE.get(sign, sign), unit.key(target.comparator)


def _guards(unit: Unit) -> list[tuple[cst.If, cst.CSTNode]]:
    return [(node, leave) for node in unit.of(cst.If) if (leave := exit_of(node)) is not None]


def _guards_removed(home: FilePair, world: World, old: Unit, new: Unit) -> Iterator[Hit]:
    before, after = _guards(old), _guards(new)
    tests = {fact(new, node.test) for node in new.of(cst.If) if not _toothless(node)}
    for kinds, severity in (((cst.Raise, cst.Expr), None), ((cst.Return,), Severity.LOW)):
        lost = [
            (n, leave)
            for n, leave in before
            if isinstance(leave, kinds) and fact(old, n.test) not in tests and _turns_away(n)
        ]
        gained = [n for n, leave in after if isinstance(leave, kinds)]
        spare = sum(isinstance(leave, kinds) for _, leave in before) - len(gained)
        for node, leave in lost[: max(spare, 0)]:
            if world.lost(old, node) and not _lives_on(world, old, new, node, leave):
                message = (
                    f"{where(new)} no longer stops at `if {old.text(node.test, 60)}`"
                    f" (`{old.text(leave, 60)}`): input that it turned away now reaches the code below."
                )
                yield _guard_hit(home, old, node, message, severity)


def _guard_hit(home: FilePair, old: Unit, node: cst.If, message: str, severity: Severity | None) -> Hit:
    """A guard that asked who may do this is a permission check."""
    if severity is None and is_permission(old.text(node, 300)):
        return removed(home, "structure.auth-removed", old, node, message)
    return removed(home, "structure.check-removed", old, node, message, severity)


def _toothless(node: cst.If) -> bool:
    """The body only logs: whoever comes here goes on."""
    lines: list[cst.CSTNode] = []
    for line in node.body.body:
        lines += line.body if isinstance(line, cst.SimpleStatementLine) else [line]
    return node.orelse is None and all(
        isinstance(s, cst.Pass)
        or (
            isinstance(s, cst.Expr)
            and isinstance(s.value, cst.Call)
            and dotted(s.value.func).rpartition(".")[2] in _LOGGING
        )
        for s in lines
    )


def _lives_on(world: World, old: Unit, new: Unit, node: cst.If, leave: cst.CSTNode) -> bool:
    """The check stands elsewhere after the change: the same condition, or the same error with its words."""
    worded = isinstance(leave, cst.Raise) and isinstance(leave.exc, cst.Call) and leave.exc.args
    if worded and not world.lost(old, leave):
        return True
    if old.key(node.test) in {new.key(n.test) for n in new.of(cst.If) if _toothless(n)}:
        return False
    return not world.lost(old, node.test) and not isinstance(node.test, cst.Name)


def _calls_removed(home: FilePair, world: World, old: Unit, new: Unit) -> Iterator[Hit]:
    """A call made for nothing but its check is gone, and what it called is still there."""
    kept = {dotted(call.func) for call in new.of(cst.Call)}
    for line in old.of(cst.Expr):
        call = line.value.expression if isinstance(line.value, cst.Await) else line.value
        if not isinstance(call, cst.Call):
            continue
        name = dotted(call.func)
        last = name.rpartition(".")[2]
        if not _CHECKING.match(last) or is_permission(last):  # permission checks have a rule of their own
            continue
        if name not in kept and world.lost(old, call) and not _defined_no_more(world, last):
            message = (
                f"{where(new)} no longer calls `{old.text(call, 60)}`: what that refused now reaches"
                " the code below."
            )
            yield removed(home, "structure.check-removed", old, line, message)


def _defined_no_more(world: World, name: str) -> bool:
    pairs = (pair for home in world.files for pair in home.pairs if pair.relation in _GONE)
    return any(pair.before is not None and pair.before[0].name == name for pair in pairs)


_GONE = {Relation.REMOVED, Relation.RENAMED}


def _loosened(home: FilePair, old: Unit, new: Unit) -> Iterator[Hit]:
    """Conditions that were edited in place, where the new one lets more pass."""
    seen = set()
    for left, right, stops in _edited_tests(old, new):
        why = _looser(old, left, new, right, stops=stops)
        if not why or (old.key(left), new.key(right)) in seen:
            continue
        seen.add((old.key(left), new.key(right)))
        effect = "fewer inputs are turned away" if stops else "it now holds in more cases"
        yield Hit(
            "structure.check-loosened",
            home.path,
            new.line(right),
            f"The condition `{old.text(left, 60)}` in {where(new)} became `{new.text(right, 60)}`"
            f" ({why}): {effect}.",
            f"{old.text(left, 200)} {new.text(right, 200)}",
            evidence=(f"in {where(new)}",),
        )


def _edited_tests(old: Unit, new: Unit) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression, bool]]:
    """Conditions of the same kind of statement which stand for one another; whether they turn away."""
    for kind in (cst.If, cst.Assert, cst.While):
        before, after = _tested(old, kind), _tested(new, kind)
        kept_old, kept_new = {old.key(n.test) for n in before}, {new.key(n.test) for n in after}
        lost = [n for n in before if old.key(n.test) not in kept_new]
        gained = [n for n in after if new.key(n.test) not in kept_old]
        if len(lost) != len(gained):
            continue
        for left, right in zip(lost, gained, strict=True):
            one, two = _turns_away(left), _turns_away(right)
            if one == two and one is not None:
                yield left.test, right.test, one

    answers, answers_now = _answers(old), _answers(new)
    if len(answers) == len(answers_now) == 1:
        yield answers[0], answers_now[0], False


def _answers(unit: Unit) -> list[cst.BaseExpression]:
    """The conditions that a function returns."""
    values = [node.value for node in unit.of(cst.Return)]
    return [v for v in values if isinstance(v, cst.Comparison | cst.BooleanOperation)]


def _tested(unit: Unit, kind: type[Tested]) -> list[Tested]:
    return [node for node in unit.nodes if type(node) is kind and isinstance(node, Tested)]


def _turns_away(node: Tested) -> bool | None:
    """Whether the condition holds for what is refused; None where it chooses between results."""
    if not isinstance(node, cst.If):
        return False
    leave = exit_of(node)
    if isinstance(leave, cst.Return) and leave.value is not None:
        refusal = isinstance(leave.value, cst.Name) and leave.value.value in {
            "None",
            "False",
            "NotImplemented",
        }
        return True if refusal else None
    return leave is not None


def _looser(old: Unit, left: cst.BaseExpression, new: Unit, right: cst.BaseExpression, *, stops: bool) -> str:
    """Why ``right`` lets more pass than ``left``, in words; "" if it does not as far as is seen."""
    joins, parts = _operands(old, left)
    joins_now, parts_now = _operands(new, right)
    grows, shrinks = ("Or", "And") if not stops else ("And", "Or")
    words = {"And": "and", "Or": "or"}
    if new.text(right) in (("False", "0") if stops else ("True", "1")):
        return "it holds always" if not stops else "it never holds"
    if set(parts) == set(parts_now) and joins == shrinks and joins_now == grows:
        return f"`{words[shrinks]}` became `{words[grows]}`"
    if joins == shrinks and set(parts_now) < set(parts) and joins_now in {shrinks, ""}:
        return "a condition was dropped"
    if stops and joins_now == grows and set(parts) < set(parts_now) and joins in {grows, ""}:
        return f"`{words[grows]} ...` was added"
    if isinstance(left, cst.Comparison) and isinstance(right, cst.Comparison):
        return _looser_comparison(old, left, new, right, stops=stops)
    return ""


def _operands(unit: Unit, node: cst.BaseExpression) -> tuple[str, list[Key]]:
    """("And" or "Or", what it joins); ("", [the node itself]) for anything else."""
    if not isinstance(node, cst.BooleanOperation):
        return "", [unit.key(node)]
    kind, found, waiting = type(node.operator), [], [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, cst.BooleanOperation) and isinstance(part.operator, kind):
            waiting += [part.right, part.left]  # type: ignore[list-item]
        else:
            found.append(unit.key(part))
    return kind.__name__, found


def _looser_comparison(
    old: Unit, left: cst.Comparison, new: Unit, right: cst.Comparison, *, stops: bool
) -> str:
    if len(left.comparisons) != 1 or len(right.comparisons) != 1:
        return ""
    one, two = left.comparisons[0], right.comparisons[0]
    if old.key(left.left) != new.key(right.left):
        return ""
    pair = (type(one.operator).__name__, type(two.operator).__name__)
    same = old.key(one.comparator) == new.key(two.comparator)
    if (pair[::-1] if stops else pair) in _LOOSER and (same or "In" in pair):
        return f"`{_sign(old, one)}` became `{_sign(new, two)}`"
    return ""


def _sign(unit: Unit, target: cst.ComparisonTarget) -> str:
    return unit.text(target.operator).strip() or type(target.operator).__name__


def _unguarded(home: FilePair, old: Unit, new: Unit) -> Iterator[Hit]:
    """``if test: call()`` that became ``call()``."""
    if len(new.of(cst.If)) >= len(old.of(cst.If)):
        return
    kept = {new.key(n.test) for n in new.nodes if isinstance(n, cst.If | cst.While | cst.IfExp)}
    always = {old.key(node) for node in _free(old)}
    free = {new.key(node): node for node in _free(new)}
    for node in old.of(cst.If):
        leave = exit_of(node)
        if old.key(node.test) in kept or node.orelse is not None or isinstance(leave, cst.Raise):
            continue
        if any(isinstance(o, cst.If) for o in old.around(node)) or _version_test(old, node):
            continue
        keys = [old.key(e) for e in old.inside(node.body, *_DOING)]
        freed = [free[key] for key in keys if key in free and key not in always]
        if freed:
            yield Hit(
                "structure.call-unguarded",
                home.path,
                new.line(freed[0]),
                f"{where(new)} does `{new.text(freed[0], 50)}` always; before, only `if"
                f" {old.text(node.test, 50)}`.",
                f"{new.piece.qualname} {new.text(freed[0], 200)}",
            )


_DOING = (cst.Expr, cst.Return)


def _free(unit: Unit) -> list[cst.CSTNode]:
    """Statements under no condition that call something, for its effect or its result."""
    nodes: list[cst.Expr | cst.Return] = [*unit.of(cst.Expr), *unit.of(cst.Return)]
    return [
        node
        for node in nodes
        if isinstance(node.value, cst.Call) and not any(isinstance(o, cst.If) for o in unit.around(node))
    ]


def _version_test(old: Unit, node: cst.If) -> bool:
    text = old.text(node.test).lower()
    return any(word in text for word in ("version", "py3", "py2", "six.", "compat", "platform"))
