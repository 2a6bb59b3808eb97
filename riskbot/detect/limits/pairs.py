"""Which function, class or module before the change is which after it: by name, address or what it does."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from riskbot.detect.limits.units import Unit

_ALIKE = 0.6  # share of equal statements from which a removed and an added unit are one, renamed
_MOST_PAIRS = 400  # removed times added in one file; beyond it only names count
_NODES = 400  # of one statement that are looked at for its likeness


@dataclass(eq=False, slots=True)
class Home:
    """One file of the change: its units and its text before and after, None where that side is not known."""

    path: str
    old_path: str
    old: list[Unit]
    new: list[Unit]
    git_old: Callable[[int], int]
    git_new: Callable[[int], int]


@dataclass(eq=False, slots=True)
class Pair:
    """A unit before and after, with the files that they stand in."""

    home: Home
    old: Unit
    new: Unit
    target: Home


@dataclass(eq=False, slots=True)
class Matching:
    """All pairs of a change, and the units that are only there after it."""

    pairs: list[Pair] = field(default_factory=list)
    added: list[tuple[Home, Unit]] = field(default_factory=list)


def match(homes: Iterable[Home]) -> Matching:
    """Pair the units of every file, then those that moved to another file under their name."""
    result = Matching()
    lost: list[tuple[Home, Unit]] = []
    for home in homes:
        gone, came = _by_name(home, result)
        if home.old and home.new:
            _by(home, gone, came, result, _address)
            _alike(home, gone, came, result)
        lost += [(home, unit) for unit in gone]
        result.added += [(home, unit) for unit in came]
    _moved(lost, result)
    return result


def _by_name(home: Home, result: Matching) -> tuple[list[Unit], list[Unit]]:
    """Pair units of one qualified name, those that bear it several times in their order."""
    new: dict[tuple[str, type], list[Unit]] = defaultdict(list)
    for unit in home.new:
        new[unit.name, kind(unit)].append(unit)
    old: dict[tuple[str, type], list[Unit]] = defaultdict(list)
    for unit in home.old:
        old[unit.name, kind(unit)].append(unit)
    gone: list[Unit] = []
    for key, units in old.items():
        others = new.get(key, [])
        if len(units) == len(others):
            result.pairs += [Pair(home, one, other, home) for one, other in zip(units, others, strict=True)]
            del new[key]
        elif not others:
            gone += units
        else:
            del new[key]  # one name, now defined more or less often: which is which cannot be told
    return gone, [unit for units in new.values() for unit in units]


def kind(unit: Unit) -> type:
    """Tell functions, classes and modules apart; an ``async`` function is a function."""
    return ast.FunctionDef if isinstance(unit.node, ast.AsyncFunctionDef) else type(unit.node)


def _address(unit: Unit) -> str:
    """The verb and the path of a handler: ``get '/users'``."""
    return " ".join(
        f"{getattr(one.func, 'attr', '')} {one.args[0].value!r}"
        for one in unit.routes
        if isinstance(one, ast.Call) and one.args and isinstance(one.args[0], ast.Constant)
    )


def _by(home: Home, gone: list[Unit], came: list[Unit], result: Matching, key: Callable[[Unit], str]) -> None:
    new = {key(unit): unit for unit in came if key(unit)}
    for unit in list(gone):
        other = new.pop(key(unit), None) if key(unit) else None
        if other is not None:
            result.pairs.append(Pair(home, unit, other, home))
            gone.remove(unit)
            came.remove(other)


def _alike(home: Home, gone: list[Unit], came: list[Unit], result: Matching) -> None:
    if not 0 < len(gone) * len(came) <= _MOST_PAIRS:
        return
    shapes = {id(unit): _shape(unit) for unit in [*gone, *came]}
    for unit in list(gone):
        rivals = [one for one in came if one.owner == unit.owner and kind(one) is kind(unit)]
        scored = [(_likeness(shapes[id(unit)], shapes[id(one)]), number) for number, one in enumerate(rivals)]
        best, number = max(scored, default=(0.0, 0))
        if best >= _ALIKE:
            result.pairs.append(Pair(home, unit, rivals[number], home))
            gone.remove(unit)
            came.remove(rivals[number])


def _shape(unit: Unit) -> Counter[tuple[str, ...]]:
    """What a unit does, statement by statement, without layout."""
    body = unit.node.body
    return Counter(tuple(_words(statement)) for statement in body[:200])


def _words(statement: ast.stmt) -> Iterator[str]:
    for number, node in enumerate(ast.walk(statement)):
        if number == _NODES:
            return
        word = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", None)
        yield (
            f"{type(node).__name__}:{word if isinstance(word, str) else getattr(node, 'value', '')!s:.20}"
            if (word or isinstance(node, ast.Constant))
            else type(node).__name__
        )


def _likeness(one: Counter[tuple[str, ...]], other: Counter[tuple[str, ...]]) -> float:
    both, either = sum((one & other).values()), sum((one | other).values())
    return both / either if either else 0.0


def _moved(lost: list[tuple[Home, Unit]], result: Matching) -> None:
    """Pair what went in one file with what came under the same name in another, where there is one such."""
    came: dict[tuple[str, type], list[tuple[Home, Unit]]] = defaultdict(list)
    for home, unit in result.added:
        if unit.name:
            came[unit.name.rpartition(".")[2], kind(unit)].append((home, unit))
    found: set[int] = set()
    for home, unit in lost:
        homes = came.get((unit.name.rpartition(".")[2], kind(unit)), []) if unit.name else []
        if len(homes) == 1:
            target, other = homes.pop()
            found.add(id(other))
            result.pairs.append(Pair(home, unit, other, target))
    result.added = [(home, unit) for home, unit in result.added if id(unit) not in found]
