"""Permission checks that went, and what was opened to everyone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from riskbot.detect.structure.compare import FilePair, Relation
from riskbot.detect.structure.names import dotted
from riskbot.detect.structure.outline import Kind
from riskbot.detect.structure.unit import Unit
from riskbot.detect.structure.world import Hit, World, is_test, pick, removed, where

_AUTH = re.compile(
    r"(login|auth(?!or(?!i))|permission|permitted|admin|staff|superuser|role|scope|jwt|token|csrf_protect)"
    r"\w*(require|check|verify|valid|class|mixin|protect|limit|need|test|middleware)|"
    r"(require|check|verify|validate|ensure|enforce|has|need|assert)s?_\w*(login|auth(?!or(?!i))|permission|admin|staff"
    r"|role|scope|access|owner|csrf|token|signature)|authenticated|authorize|authorise|^authenticate$|login_required"
    r"|LoginRequired|PermissionRequired|^(jwt|auth|token)_required$|csrf_protect|Csrf\w*Middleware|SecurityMiddleware"
    r"|user_passes_test|(admin|staff|superuser|owner|member)s?_only|^protected$|^Is(Admin|Owner|Staff|Super)",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"PermissionDenied|PermissionError|Forbidden|Unauthori[sz]ed|NotAuthori[sz]ed|AccessDenied|AuthenticationFailed"
    r"|\b40[13]\b|\bhas_(object_)?perms?\b|\bis_(admin|staff|superuser|authenticated|owner)\b"
)
_WHO = re.compile(
    r"user|auth(?!or(?!i))|token|permission|role|scope|admin|owner|api_?key|login|jwt|credential|principal",
    re.IGNORECASE,
)
_DEPENDS = re.compile(r"\b(Depends|Security)\(\s*([\w.]*)")
_LISTS = re.compile(r"permission|authentication|decorators|middleware|dependencies", re.IGNORECASE)
_UNSAFE = re.compile(r"csrf_exempt|AllowAny|allow_anonymous|login_not_required|permit_all", re.IGNORECASE)


def check(home: FilePair, world: World) -> Iterator[Hit]:
    """Compare what declares protection in every unit that changed, and in class attributes that went."""
    if is_test(home.path):
        return
    for pair in home.pairs:  # also those that differ in annotations alone
        if pair.before and pair.after and not pair.same_text and pair.old and pair.new:
            opened = list(_opened(home, pair.old, pair.new))
            kept = {name for name, _ in _protections(pair.new)}
            yield from opened or _gone(home, world, pair.old, kept)
    scopes = {piece.qualname for piece in home.new.pieces} | {""} if home.new else set()
    for pair in home.pairs:
        alone = pair.relation is Relation.REMOVED and pair.piece.kind is Kind.STATEMENT
        if alone and pair.piece.scope in scopes and pair.old is not None:
            yield from _gone(home, world, pair.old, set())


def is_permission(text: str) -> bool:
    """Whether code speaks of who may do something."""
    return _AUTH.search(text) is not None or _REFUSES.search(text) is not None


def _gone(home: FilePair, world: World, old: Unit, kept: set[str]) -> Iterator[Hit]:
    for name, node in _protections(old):
        # An annotation is no part of a parameter's meaning, so the change as a whole cannot be asked for it.
        if name not in kept and (isinstance(node, cst.Param) or world.lost(old, node)):
            message = (
                f"{where(old)} lost `{old.text(node, 60)}`: make sure that who may call it is still checked,"
                " here or before."
            )
            yield removed(home, "structure.auth-removed", old, node, message)


def _opened(home: FilePair, old: Unit, new: Unit) -> Iterator[Hit]:
    for node in pick([*new.of(cst.Decorator), *new.of(cst.Assign)], new, old):
        if _UNSAFE.search(new.text(node, 200)):
            yield Hit(
                "structure.auth-opened",
                home.path,
                new.line(node),
                f"{where(new)} now says `{new.text(node, 60)}`: anyone may reach it.",
                f"{new.piece.qualname} {new.text(node, 200)}",
            )


def _protections(unit: Unit) -> list[tuple[str, cst.CSTNode]]:
    """(name, node) wherever protection is declared: decorators, bases, lists, dependencies, calls."""
    found: list[tuple[str, cst.CSTNode]] = []
    nodes: list[tuple[cst.CSTNode, cst.BaseExpression]] = [(d, d.decorator) for d in unit.of(cst.Decorator)]
    nodes += [(a, a.value) for a in unit.of(cst.Arg) if isinstance(unit.parent(a), cst.ClassDef)]
    nodes += [(c, c) for c in unit.of(cst.Call) if isinstance(unit.parent(c), cst.Expr)]
    nodes += [(element, element.value) for element in _listed(unit)]
    for node, value in nodes:
        name = _name(unit, value)
        if _AUTH.search(name):
            found.append((name, node))
    dependencies: list[tuple[cst.CSTNode, cst.CSTNode]] = [(c, c) for c in unit.of(cst.Call)]
    dependencies += [(p, p.annotation.annotation) for p in unit.of(cst.Param) if p.annotation]
    for node, place in dependencies:
        if isinstance(place, cst.Call) and dotted(place.func).rpartition(".")[2] not in {
            "Depends",
            "Security",
        }:
            continue
        for kind, name in _DEPENDS.findall(unit.text(place, 300)):
            if kind == "Security" or _WHO.search(name):
                found.append((f"{kind}({name}", node))
    return found


def _listed(unit: Unit) -> list[cst.BaseElement]:
    """The members of lists that are assigned to names such as ``permission_classes`` and ``MIDDLEWARE``."""
    values = [n.value for n in unit.of(cst.Assign) if _LISTS.search(dotted(n.targets[0].target))]
    return [e for value in values if isinstance(value, cst.List | cst.Tuple) for e in value.elements]


def _name(unit: Unit, value: cst.BaseExpression) -> str:
    """The last part of a dotted name, a call's or a string's."""
    if isinstance(value, cst.Call):
        value = value.func
    name = unit.text(value, 200).strip("\"'") if isinstance(value, cst.SimpleString) else dotted(value)
    return name.rpartition(".")[2]
