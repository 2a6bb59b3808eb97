"""Signatures before and after: what callers and subclasses notice. One finding per function."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import libcst as cst

from riskbot.detect.structure.compare import FilePair, Pair
from riskbot.detect.structure.names import dotted
from riskbot.detect.structure.unit import Key, Unit
from riskbot.detect.structure.world import Hit, World, fresh, is_public, is_test, shorten, where
from riskbot.domain.finding import Severity

_BINDING = {"property", "classmethod", "staticmethod", "cached_property", "functools.cached_property"}
_MUTABLE_CALLS = {"list", "dict", "set", "defaultdict", "OrderedDict", "bytearray", "deque"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; ``kind``: ``/`` positional only, ``=`` either way, ``*`` keyword only, ``**`` rest."""

    name: str
    kind: str
    default: Key
    default_text: str
    annotation: str


def check(home: FilePair, world: World) -> Iterator[Hit]:
    """Compare every function that exists on both sides; look at new defaults everywhere."""
    del world  # a signature is judged by itself
    if is_test(home.path):
        return
    hits: list[Hit] = []
    for pair in home.pairs:
        if pair.before and pair.after and not pair.same_text and pair.old and pair.new:
            hits += _compare(home, pair, pair.old, pair.new)
    yield from _together(hits)
    for _, old, new in fresh(home):
        yield from _mutable_defaults(home, old, new)


def _compare(home: FilePair, pair: Pair, old: Unit, new: Unit) -> Iterator[Hit]:
    one, two = old.definition, new.definition
    if isinstance(one, cst.ClassDef) and isinstance(two, cst.ClassDef):
        yield from _bases(home, old, new, one, two)
    if not (isinstance(one, cst.FunctionDef) and isinstance(two, cst.FunctionDef)):
        return
    public = is_public(home, pair.piece)
    before, after = parameters(old, one), parameters(new, two)
    name, line = pair.piece.qualname, new.line(two) if _heads_differ(old, new, one, two) else None
    breaking, compatible, defaults = parameter_changes(before, after)
    for rule, changes, ending in (
        ("structure.signature-breaking", breaking, "Existing calls can fail: check every caller."),
        ("structure.default-changed", defaults, "Callers that do not pass it now get other behaviour."),
    ):
        if changes:
            severity = None if public else Severity.LOW
            words = "; ".join(changes)
            message = f"Signature of `{name}`: {words}. {ending}"
            yield Hit(
                rule, home.path, line, message, f"{name} {words}", evidence=(name, words), severity=severity
            )
    if not breaking:
        compatible += _annotation_changes(before, after, one, two, old, new)
        if compatible and public:
            words = "; ".join(compatible[:6])
            message = f"Signature of `{name}`: {words}."
            yield Hit(
                "structure.signature-changed",
                home.path,
                line,
                message,
                f"{name} {words}",
                evidence=(name, words),
            )
    yield from _async_and_binding(home, name, line, one, two)


def _together(hits: list[Hit]) -> Iterator[Hit]:
    """One finding where several functions changed alike, and one per file for compatible changes."""
    groups: dict[tuple[str, str], list[Hit]] = defaultdict(list)
    for hit in hits:
        info = hit.rule == "structure.signature-changed"
        alike = "" if info else hit.evidence[1] if len(hit.evidence) == 2 else hit.matched
        groups[hit.rule, alike].append(hit)
    for (rule, alike), group in groups.items():
        first = group[0]
        if len(group) == 1:
            yield first
            continue
        names = [hit.evidence[0] for hit in group if hit.evidence]
        words = f" of {shorten(names)}"
        ending = (
            f": {alike}. The same change in {len(group)} functions: check their callers."
            if alike
            else " changed compatibly."
        )
        severity = None if any(hit.severity is None for hit in group) else first.severity
        evidence = tuple(": ".join(hit.evidence) for hit in group[:20])
        matched = " ".join(names)
        yield replace(
            first,
            message=f"Signatures{words}{ending}",
            matched=f"{rule} {matched}",
            evidence=evidence,
            severity=severity,
        )


def _heads_differ(old: Unit, new: Unit, one: cst.FunctionDef, two: cst.FunctionDef) -> bool:
    """Say cheaply, before positions are computed, whether anything above the body changed."""
    return old.text(one.with_changes(body=cst.IndentedBlock([])), 5000) != new.text(
        two.with_changes(body=cst.IndentedBlock([])), 5000
    )


def parameters(unit: Unit, node: cst.FunctionDef) -> list[Parameter]:
    """A function's parameters in order, without ``self`` and ``cls``."""
    found = []
    groups = [("/", node.params.posonly_params), ("=", node.params.params)]
    star = node.params.star_arg
    groups += [("*args", [star])] if isinstance(star, cst.Param) else []
    groups += [("*", node.params.kwonly_params)]
    groups += [("**", [node.params.star_kwarg])] if node.params.star_kwarg else []
    for kind, group in groups:
        for param in group:
            default = param.default
            note = param.annotation.annotation if param.annotation else None
            found.append(
                Parameter(
                    param.name.value,
                    kind,
                    unit.key(default) if default else (),
                    unit.text(default, 40) if default else "",
                    unit.text(note, 200) if note else "",
                )
            )
    static = any(dotted(d.decorator) == "staticmethod" for d in node.decorators)
    bound = found and found[0].kind in {"/", "="} and not static
    return found[1:] if unit.piece.scope and bound else found


def parameter_changes(
    before: list[Parameter], after: list[Parameter]
) -> tuple[list[str], list[str], list[str]]:
    """Say what changed for callers, in words: (breaking, compatible, changed defaults)."""
    old, new = {p.name: p for p in before}, {p.name: p for p in after}
    takes_any = any(p.kind == "**" for p in after)
    breaking: list[str] = []
    compatible: list[str] = []
    defaults: list[str] = []
    gone = [p for p in before if p.name not in new]
    come = [p for p in after if p.name not in old]
    for left, right in _renames(gone, come, before, after):
        gone.remove(left)
        come.remove(right)
        words = f"`{left.name}` renamed to `{right.name}`"
        (compatible if left.kind in {"/", "*args", "**"} or left.name.startswith("_") else breaking).append(
            words
        )
    for p in gone:
        hidden = takes_any and p.kind == "*"
        (compatible if hidden else breaking).append(f"`{p.name}` removed")
    for p in come:
        needed = not p.default and p.kind in {"/", "=", "*"}
        words = f"`{p.name}` added" + (" without a default" if needed else "")
        (breaking if needed else compatible).append(words)
    for name in (n for n in new if n in old):
        _one_parameter(old[name], new[name], breaking, compatible, defaults)
    order = [
        p.name for p in before if p.kind in {"/", "="} and p.name in new and new[p.name].kind in {"/", "="}
    ]
    now = [p.name for p in after if p.name in order]
    if order != now:
        breaking.append(f"order is now `{', '.join(now)}`")
    elif not breaking and _inserted(before, after):
        breaking.append(f"`{_inserted(before, after)}` inserted before existing positional parameters")
    return breaking, compatible, defaults


def _renames(
    gone: list[Parameter], come: list[Parameter], before: list[Parameter], after: list[Parameter]
) -> list[tuple[Parameter, Parameter]]:
    return [
        (left, right)
        for left in gone
        for right in come
        if before.index(left) == after.index(right)
        and (left.kind, left.default) == (right.kind, right.default)
    ]


def _one_parameter(
    old: Parameter, new: Parameter, breaking: list[str], compatible: list[str], defaults: list[str]
) -> None:
    marker = old.default_text.partition("(")[0]
    if (
        old.default
        and not new.default
        and new.annotation.startswith("Annotated[")
        and f"{marker}(" in new.annotation
    ):
        compatible.append(f"the default of `{old.name}` became part of its annotation")
    elif old.default and not new.default:
        breaking.append(f"`{old.name}` lost its default `{old.default_text}`")
    elif new.default and not old.default:
        compatible.append(f"`{old.name}` now has the default `{new.default_text}`")
    elif old.default != new.default:
        defaults.append(f"the default of `{old.name}` went from `{old.default_text}` to `{new.default_text}`")
    if old.kind != new.kind:
        kinds = {"/": "positional only", "*": "keyword only"}
        words = f"`{old.name}` is now {kinds.get(new.kind, 'positional or keyword')}"
        (compatible if new.kind == "=" else breaking).append(words)


def _inserted(before: list[Parameter], after: list[Parameter]) -> str:
    """The first new positional parameter that stands before an old one, "" if none does."""
    old = {p.name for p in before}
    places = [p for p in after if p.kind in {"/", "="}]
    for index, p in enumerate(places):
        if p.name not in old and any(later.name in old for later in places[index + 1 :]):
            return p.name
    return ""


def _annotation_changes(  # noqa: PLR0917 - both sides with their units
    before: list[Parameter],
    after: list[Parameter],
    one: cst.FunctionDef,
    two: cst.FunctionDef,
    old: Unit,
    new: Unit,
) -> list[str]:
    """Annotations that were there and differ; adding the first one says nothing about behaviour."""
    notes = {p.name: p.annotation for p in before}
    changes = [
        f"`{p.name}` is annotated `{p.annotation}`, was `{notes[p.name]}`"
        for p in after
        if notes.get(p.name) and p.annotation and notes[p.name] != p.annotation
    ]
    if one.returns and two.returns:
        left, right = old.text(one.returns.annotation), new.text(two.returns.annotation)
        if left != right:
            changes.append(f"returns `{right}`, was `{left}`")
    return changes


def _async_and_binding(
    home: FilePair, name: str, line: int | None, one: cst.FunctionDef, two: cst.FunctionDef
) -> Iterator[Hit]:
    if bool(one.asynchronous) != bool(two.asynchronous):
        now = "a coroutine function" if two.asynchronous else "a plain function"
        message = (
            f"`{name}` is now {now}: every caller must"
            f" {'await it' if two.asynchronous else 'stop awaiting it'}."
        )
        yield Hit("structure.async-changed", home.path, line, message, name)
    left, right = _bindings(one), _bindings(two)
    if left != right:
        before, after = (
            ", ".join(sorted(left)) or "a plain method",
            ", ".join(sorted(right)) or "a plain method",
        )
        message = f"`{name}` was {before} and is now {after}: it must be called differently."
        yield Hit("structure.binding-changed", home.path, line, message, f"{name} {before} {after}")


def _bindings(node: cst.FunctionDef) -> set[str]:
    names = {dotted(d.decorator) for d in node.decorators}
    return {"property" if "property" in name else name for name in names & _BINDING}


def _base_names(node: cst.ClassDef) -> list[str]:
    """The last part of each base's name, without type parameters and bases that exist for typing alone."""
    values = [a.value.value if isinstance(a.value, cst.Subscript) else a.value for a in node.bases]
    return [name for v in values if (name := dotted(v).rpartition(".")[2]) not in {"Generic", "Protocol", ""}]


def _bases(home: FilePair, old: Unit, new: Unit, one: cst.ClassDef, two: cst.ClassDef) -> Iterator[Hit]:
    if _base_names(one) == _base_names(two):
        return
    before = ", ".join(old.text(a.value, 40) for a in one.bases) or "nothing"
    after = ", ".join(new.text(a.value, 40) for a in two.bases) or "nothing"
    yield Hit(
        "structure.bases-changed",
        home.path,
        new.line(two),
        f"`{new.piece.qualname}` derives from {after}, was {before}: inherited behaviour and"
        " isinstance checks differ.",
        f"{new.piece.qualname} {before} {after}",
    )


def _mutable_defaults(home: FilePair, old: Unit | None, new: Unit) -> Iterator[Hit]:
    known = {old.key(p) for p in old.of(cst.Param)} if old else set()
    for param in new.of(cst.Param):
        value = param.default
        if value is not None and _is_mutable(value) and new.key(param) not in known:
            name = where(new) if new.definition is not None else "a lambda"
            yield Hit(
                "structure.mutable-default",
                home.path,
                new.line(param),
                f"`{param.name.value}={new.text(value, 30)}` in {name} is made once and shared by all"
                " calls: if any call changes it, the next one sees that. Use None and make it inside.",
                f"{new.piece.qualname} {param.name.value}",
            )


def _is_mutable(value: cst.BaseExpression) -> bool:
    literal = cst.List | cst.Dict | cst.Set | cst.ListComp | cst.DictComp | cst.SetComp
    made = isinstance(value, cst.Call) and dotted(value.func).rpartition(".")[2] in _MUTABLE_CALLS
    return made or isinstance(value, literal)
