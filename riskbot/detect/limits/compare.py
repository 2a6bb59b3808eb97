"""What became of each limit: still there, raised, switched off or gone."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from riskbot.detect.limits import bounds, names, rates, throttles
from riskbot.detect.limits.pairs import Matching, Pair
from riskbot.detect.limits.units import Family, Limit, Unit, words_in
from riskbot.domain.finding import Side

_MUCH = 10.0  # times as much: as good as gone
_LITTLE = 2.0  # less than that is tuning
_CHECKS = (
    "clamp",
    "cap",
    "clip",
    "bound",
    "valid",
    "check",
    "paginat",
    "limit",
    "normal",
    "sanit",
    "restrict",
    "page",
)


class Weight(Enum):
    """How much is lost."""

    GONE = "gone"
    RAISED = "raised"
    TUNED = "tuned"


@dataclass(frozen=True, slots=True)
class Loss:
    """A limit that went or got looser; the line is as git counts."""

    path: str
    line: int
    side: Side
    matched: str
    message: str
    weight: Weight
    evidence: tuple[str, ...]


def losses(matching: Matching) -> Iterator[Loss]:
    """Compare all pairs; what is bounded elsewhere after the change is not lost."""
    gained = _gained(matching)
    for pair in matching.pairs:
        yield from _throttled(pair, gained)
        before, after = _by_key(pair.old.limits), _by_key(pair.new.limits)
        words: set[str] | None = None
        for key, old in before.items():
            if key == throttles.KEY:
                continue
            firm = [one for one in old if one.firm and not one.off]
            if not firm:
                continue
            if new := after.get(key):
                yield from _loosened(pair, firm, new)
                continue
            words = words_in(pair.new) if words is None else words
            if not firm[0].soft and _still_needed(pair, firm[0], words) and not gained.has(firm[0]):
                yield _gone(pair, firm[0])


def _by_key(limits: Iterable[Limit]) -> dict[str, list[Limit]]:
    found: dict[str, list[Limit]] = defaultdict(list)
    for one in limits:
        found[one.key].append(one)
    return found


@dataclass(eq=False, slots=True)
class _Gained:
    """What limits are new after the change, anywhere in it."""

    amounts: set[tuple[str, float | None]]
    values: set[float]
    rates: bool
    words: set[str]

    def has(self, lost: Limit) -> bool:
        """Whether the same thing is bounded elsewhere now, or something is by the same number."""
        if lost.family is Family.RATE:
            return self.rates
        if lost.most and lost.most in self.words:
            return True  # what is new there takes the same limit by its name
        return (lost.key, lost.value) in self.amounts or (
            lost.value is not None and lost.value in self.values
        )


def _gained(matching: Matching) -> _Gained:
    fresh: list[tuple[Unit, Limit]] = [(unit, one) for _, unit in matching.added for one in unit.limits]
    for pair in matching.pairs:
        had = {(one.key, one.value) for one in pair.old.limits}
        fresh += [
            (pair.new, one) for one in pair.new.limits if (one.key, one.value) not in had and not one.off
        ]
    amounts = {(one.key, one.value) for _, one in fresh if one.family is Family.AMOUNT}
    wide = any(
        one.family is Family.RATE
        and one.key != throttles.EXEMPT
        and not one.off
        and _covers_others(unit, one)
        for unit, one in fresh
    )
    words = {word.strip("_") for _, unit in matching.added for word in words_in(unit)}
    return _Gained(amounts, {value for _, value in amounts if value is not None}, wide, words)


def _covers_others(unit: Unit, limit: Limit) -> bool:
    """A limit on a module or class is one on all that it holds; one in a new function may be its wrapper."""
    return not isinstance(unit.node, ast.FunctionDef | ast.AsyncFunctionDef) or limit.key == throttles.KEY


def _throttled(pair: Pair, gained: _Gained) -> Iterator[Loss]:
    """Compare the limits on calls as a whole: a unit may bear several."""
    old = [one for one in pair.old.limits if one.key == throttles.KEY]
    new = [one for one in pair.new.limits if one.key == throttles.KEY]
    was_exempt = any(one.key == throttles.EXEMPT for one in pair.old.limits)
    exempt = next((one for one in pair.new.limits if one.key == throttles.EXEMPT), None)
    if exempt is not None and not was_exempt:
        message = f"{_who(pair)} now bears `{exempt.text}`: it may be called as often as anyone likes."
        yield _loss(pair, exempt, message, Weight.GONE, Side.NEW, ())
    elif old and not new:
        firm = next((one for one in old if one.firm), None)
        if firm is not None and not gained.rates:
            yield _gone(pair, firm)
    elif old and new and not isinstance(pair.new.node, ast.Module):
        yield from _loosened(pair, old, new)


def _loosened(pair: Pair, old: list[Limit], new: list[Limit]) -> Iterator[Loss]:
    """The same thing is still bounded: by nothing, by fewer classes, or by a greater number."""
    off = next((one for one in new if one.off), None)
    if off is not None and all(one.off for one in new):
        message = (
            f"{_what(pair, old[0])} is switched off (`{off.text}`, it was `{old[0].text}`): {_effect(off)}"
        )
        yield _loss(pair, off, message, Weight.GONE, Side.NEW, (f"before: {old[0].text}",))
        return
    if len(new) == 1 and new[0].parts and new[0].parts < old[0].parts:
        less = ", ".join(sorted(old[0].parts - new[0].parts))
        message = f"{_what(pair, new[0])} no longer holds `{less}`: {_effect(new[0])}"
        yield _loss(pair, new[0], message, Weight.RAISED, Side.NEW, (f"before: {old[0].text}",))
        return
    was = [one.value for one in old if one.value is not None]
    now = [one.value for one in new if one.value is not None]
    if len(was) != len(old) or len(now) != len(new) or min(was) <= 0 or min(now) <= min(was):
        return
    times = min(now) / min(was)
    raised = next(one for one in new if one.value == min(now))
    weight = Weight.GONE if times >= _MUCH else Weight.RAISED if times >= _LITTLE else Weight.TUNED
    before, after = _said(old[0].family, min(was)), _said(raised.family, min(now))
    message = (
        f"{_what(pair, raised)} went from {before} to {after}, {times:.3g} times as much: {_effect(raised)}"
    )
    yield _loss(pair, raised, message, weight, Side.NEW, (f"before: {old[0].text}", f"after: {raised.text}"))


def _still_needed(pair: Pair, lost: Limit, words: set[str]) -> bool:
    """Whether what was bounded is still there, and nothing that may bound it out of sight took over."""
    node = pair.new.node
    _, _, name = lost.key.partition(" ")
    if lost.key == "rows":
        return any(one.key == "everything" for one in pair.new.limits)
    if lost.key.startswith("setting "):
        return _same_bases(pair)
    if name not in words and not isinstance(node, ast.ClassDef):
        return False
    if isinstance(node, ast.Module):
        return False  # a type that is gone; its uses say where
    told = bounds.is_open(node, name)
    if told is False or (told is None and isinstance(node, ast.ClassDef)):
        return False
    return isinstance(node, ast.ClassDef) or not _handed_on(pair, name)


def _same_bases(pair: Pair) -> bool:
    """Another base class may bring what went; a module has none."""
    old, new = pair.old.node, pair.new.node
    if isinstance(old, ast.ClassDef) and isinstance(new, ast.ClassDef):
        return {names.dotted(one) for one in old.bases} == {names.dotted(one) for one in new.bases}
    return isinstance(old, ast.Module)


def _handed_on(pair: Pair, name: str) -> bool:
    """Whether a call that was not there takes what was bounded, and its name says that it checks."""
    node = pair.new.node
    had = {names.dotted(one.func) for one in ast.walk(pair.old.node) if isinstance(one, ast.Call)}
    for call in (one for one in ast.walk(node) if isinstance(one, ast.Call)):
        called = names.dotted(call.func)
        given = [*call.args, *(one.value for one in call.keywords)]
        if called in had or not any(names.subject(one) == name for one in given):
            continue
        if any(word in called.rpartition(".")[2].lower() for word in _CHECKS):
            return True
    return any(
        isinstance(one, ast.Assign)
        and isinstance(one.value, ast.Call)
        and names.dotted(one.value.func) not in had
        and any(isinstance(target, ast.Name) and target.id == name for target in one.targets)
        and names.dotted(one.value.func).rpartition(".")[2]
        not in {"int", "float", "get", "getlist", "get_argument"}
        for one in ast.walk(node)
    )


def _gone(pair: Pair, lost: Limit) -> Loss:
    if lost.key == throttles.KEY:
        message = f"{_who(pair)} lost `{lost.text}`: it may now be called as often as anyone likes."
    else:
        most = "" if lost.value is None else f", at most {lost.value:.15g}"
        message = (
            f"{_what(pair, lost)} is no longer bounded (it was, by `{lost.text}`{most}): {_effect(lost)}"
        )
    return _loss(pair, lost, message, Weight.GONE, Side.OLD, ())


def _effect(limit: Limit) -> str:
    if limit.family is Family.RATE:
        return "more calls pass than before."
    return "one call can take more than before."


def _said(family: Family, value: float) -> str:
    return rates.words(value) if family is Family.RATE else f"{value:.15g}"


def _what(pair: Pair, limit: Limit) -> str:
    what = "How often it may be called" if limit.what == "calls" else limit.what
    of = "" if isinstance(pair.new.node, ast.Module) else f" of {pair.new}"
    words = f"{what}{of}"
    return words[:1].upper() + words[1:]


def _who(pair: Pair) -> str:
    words = str(pair.new)
    return words[:1].upper() + words[1:]


def _loss(  # noqa: PLR0917 - the fields of a Loss
    pair: Pair, limit: Limit, message: str, weight: Weight, side: Side, evidence: tuple[str, ...]
) -> Loss:
    old = side is Side.OLD
    line = pair.home.git_old(limit.line) if old else pair.target.git_new(limit.line)
    path = pair.home.old_path if old else pair.target.path
    return Loss(path, line, side, f"{pair.new.name} {limit.key} {limit.text}", message, weight, evidence)
