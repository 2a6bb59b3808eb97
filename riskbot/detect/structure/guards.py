"""Checks that went or got weaker: asserts, guards, conditions around calls, permission checks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import libcst as cst

from riskbot.detect.structure.compare import FilePair
from riskbot.detect.structure.names import dotted
from riskbot.detect.structure.unit import Key, Unit
from riskbot.detect.structure.world import Hit, World, edited, is_test, pick, where
from riskbot.domain.finding import Severity, Side

_AUTH = re.compile(
    r"(login|auth|permission|permitted|admin|staff|superuser|role|scope|jwt|token|csrf_protect|rate_?limit|throttle)"
    r"\w*(require|check|verify|valid|class|mixin|protect|limit|need|test)|"
    r"(require|check|verify|validate|ensure|enforce|has|need|assert)s?_\w*(login|auth|permission|admin|staff|role|scope"
    r"|access|owner|csrf|token|signature)|authenticated|authorize|authorise|^authenticate$|login_required|LoginRequired"
    r"|PermissionRequired|^(jwt|auth|token)_required$|csrf_protect",
    re.IGNORECASE,
)
_UNSAFE = re.compile(r"csrf_exempt|AllowAny|allow_anonymous|login_not_required|permit_all", re.IGNORECASE)
_EXITS = (cst.Raise, cst.Return, cst.Continue, cst.Break)
_LOOSER = {
    ("LessThan", "LessThanEqual"),
    ("GreaterThan", "GreaterThanEqual"),
    ("Equal", "LessThanEqual"),
    ("Equal", "GreaterThanEqual"),
    ("Equal", "In"),
    ("Is", "Equal"),
    ("Is", "In"),
}


def check(home: FilePair, world: World) -> Iterator[Hit]:
    """Compare the checks of every unit that changed."""
    if is_test(home.path):
        return
    loosened: list[Hit] = []
    for _, old, new in edited(home):
        yield from _asserts_removed(home, world, old, new)
        yield from _guards_removed(home, world, old, new)
        loosened += _loosened(home, old, new)
        yield from _unguarded(home, old, new)
        yield from _auth(home, world, old, new)
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


def _removed(  # noqa: PLR0917 - a Hit on the old side has this much to say
    home: FilePair, rule: str, old: Unit, node: cst.CSTNode, message: str, severity: Severity | None = None
) -> Hit:
    path = home.file.old_path or home.path
    matched = f"{old.piece.qualname} {old.text(node, 200)}"
    return Hit(rule, path, old.line(node), message, matched, Side.OLD, severity=severity)


def _asserts_removed(home: FilePair, world: World, old: Unit, new: Unit) -> Iterator[Hit]:
    spare = len(old.of(cst.Assert)) - len(new.of(cst.Assert))
    for node in pick(old.of(cst.Assert), old, new)[: max(spare, 0)]:
        if world.lost(old, node) and "type" not in old.key(node.test):
            text = old.text(node.test, 60)
            message = f"{where(new)} no longer asserts `{text}`: what it ruled out can now go on unnoticed."
            yield _removed(home, "structure.assert-removed", old, node, message)


def exit_of(node: cst.If) -> cst.CSTNode | None:
    """How a guard leaves (its last statement), None for an ``if`` that is no guard."""
    last = node.body.body[-1] if node.body.body else None
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    return last if isinstance(last, _EXITS) and node.orelse is None else None


def _guards(unit: Unit) -> list[tuple[cst.If, cst.CSTNode]]:
    return [(node, leave) for node in unit.of(cst.If) if (leave := exit_of(node)) is not None]


def _guards_removed(home: FilePair, world: World, old: Unit, new: Unit) -> Iterator[Hit]:
    before, after = _guards(old), _guards(new)
    tests = {new.key(node.test) for node in new.of(cst.If)}
    for kind, severity in ((cst.Raise, None), (cst.Return, Severity.LOW)):
        lost = [
            n
            for n, leave in before
            if isinstance(leave, kind) and old.key(n.test) not in tests and _turns_away(n)
        ]
        gained = [n for n, leave in after if isinstance(leave, kind)]
        spare = sum(isinstance(leave, kind) for _, leave in before) - len(gained)
        for node in lost[: max(spare, 0)]:
            if not world.lost(old, node) or _test_lives_on(world, old, node):
                continue
            leave = exit_of(node)
            how = f"`{old.text(leave, 60)}`" if leave is not None else "leaves"
            message = (
                f"{where(new)} no longer stops at `if {old.text(node.test, 60)}` ({how}): input"
                " that it turned away"
                " now reaches the code below."
            )
            yield _removed(home, "structure.check-removed", old, node, message, severity)


def _test_lives_on(world: World, old: Unit, node: cst.If) -> bool:
    """The same condition stands elsewhere after the change: moved into a helper or another branch."""
    return not world.lost(old, node.test) and not isinstance(node.test, cst.Name)


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
    kinds: tuple[type[cst.If | cst.Assert], ...] = (cst.If, cst.Assert)
    for kind in kinds:
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


def _tested(unit: Unit, kind: type[cst.If | cst.Assert]) -> list[cst.If | cst.Assert]:
    return [node for node in unit.nodes if type(node) is kind and isinstance(node, cst.If | cst.Assert)]


def _turns_away(node: cst.If | cst.Assert) -> bool | None:
    """Whether the condition holds for what is refused; None where it chooses between results."""
    if isinstance(node, cst.Assert):
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
    free = {new.key(n): n for n in new.of(cst.Expr) if not any(isinstance(o, cst.If) for o in new.around(n))}
    for node in old.of(cst.If):
        if old.key(node.test) in kept or node.orelse is not None or exit_of(node) is not None:
            continue
        if any(isinstance(o, cst.If) for o in old.around(node)) or _version_test(old, node):
            continue
        freed = [
            free[old.key(e)]
            for e in old.inside(node.body, cst.Expr)
            if old.key(e) in free and isinstance(e.value, cst.Call)
        ]
        if freed:
            yield Hit(
                "structure.call-unguarded",
                home.path,
                new.line(freed[0]),
                f"{where(new)} calls `{new.text(freed[0], 50)}` always; before, only `if"
                f" {old.text(node.test, 50)}`.",
                f"{new.piece.qualname} {new.text(freed[0], 200)}",
            )


def _version_test(old: Unit, node: cst.If) -> bool:
    text = old.text(node.test).lower()
    return any(word in text for word in ("version", "py3", "py2", "six.", "compat", "platform"))


def _auth(home: FilePair, world: World, old: Unit, new: Unit) -> Iterator[Hit]:
    kept = {word for node in _protections(new) for word in [_protection(new, node)]}
    for node in _protections(old):
        name = _protection(old, node)
        if _AUTH.search(name) and name not in kept and world.lost(old, node):
            message = (
                f"{where(new)} lost `{old.text(node, 60)}`: make sure that who may call it is still"
                " checked, here or"
                " before."
            )
            yield _removed(home, "structure.auth-removed", old, node, message)
    for first, _ in pairwise([*pick([*new.of(cst.Decorator), *new.of(cst.Assign)], new, old), None]):
        if first is not None and _UNSAFE.search(new.text(first, 200)):
            yield Hit(
                "structure.auth-opened",
                home.path,
                new.line(first),
                f"{where(new)} now says `{new.text(first, 60)}`: anyone may reach it.",
                f"{new.piece.qualname} {new.text(first, 200)}",
            )


def _protections(unit: Unit) -> list[cst.CSTNode]:
    """Where protection is declared: decorators, base classes, dependencies, calls made for their effect."""
    found: list[cst.CSTNode] = [*unit.of(cst.Decorator)]
    found += [a for a in unit.of(cst.Arg) if isinstance(unit.parent(a), cst.ClassDef)]
    found += [c for c in unit.of(cst.Call) if dotted(c.func).rpartition(".")[2] in {"Depends", "Security"}]
    return found + [c for c in unit.of(cst.Call) if isinstance(unit.parent(c), cst.Expr)]


def _protection(unit: Unit, node: cst.CSTNode) -> str:
    """The name that tells what the protection is; a dependency is named by its first argument."""
    if isinstance(node, cst.Decorator):
        node = node.decorator
    if isinstance(node, cst.Arg):
        node = node.value
    if isinstance(node, cst.Call):
        if dotted(node.func).rpartition(".")[2] in {"Depends", "Security"}:
            return f"require_auth_{unit.text(node, 60)}"
        node = node.func
    return dotted(node).rpartition(".")[2]
