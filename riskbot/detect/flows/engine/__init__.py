"""Does data of a zone reach a sink that does not accept it? Asked of a whole tree, across its files.

An abstract interpreter over the standard library's syntax trees. Each function is analysed once for a shape
of arguments, with symbols for what the caller brings; what is stored in attributes and globals is a fact of
the program, and facts are collected until no more are found. Nothing of the tree is run.

The answer is a heuristic: code reached only through names made at run time, or through what libraries do, is
not seen.
"""

from __future__ import annotations

import datetime as dt
import gc
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from riskbot.detect.flows.engine import branches, builtin, calls, expressions, statements
from riskbot.detect.flows.engine.annotations import instance_of
from riskbot.detect.flows.engine.decorators import decorated
from riskbot.detect.flows.engine.definitions import ClassInfo, FunctionInfo, Module
from riskbot.detect.flows.engine.frame import Frame
from riskbot.detect.flows.engine.invoke import Args, invoke
from riskbot.detect.flows.engine.modules import analyse_function, globals_of
from riskbot.detect.flows.engine.program import Program
from riskbot.detect.flows.engine.relevance import Relevance, Words
from riskbot.detect.flows.engine.tables import Tables
from riskbot.detect.flows.engine.values import ClassRef, FunctionRef
from riskbot.detect.flows.engine.world import ExhaustedError, World
from riskbot.detect.flows.trees.tree import STEP, Tree
from riskbot.domain.change import Omission, OmissionKind
from riskbot.domain.zones import Flow, Zones

_REGISTERED = (branches, builtin, calls, expressions, statements)  # each registers what it evaluates
_ROUNDS = 12  # of collecting facts and names
_FUEL = 100_000  # expressions and statements that one file may cost, and so many more for each line
_FUEL_PER_LINE = 30
_DEEPEST = 12_000  # Python calls inside Python calls


@dataclass(frozen=True, slots=True)
class Basis:
    """What a result was made from: the files that were parsed, the hot words, and which file imports meant.

    ``finds`` gives the answers by the name that was imported and the importer's folder.
    """

    parsed: frozenset[str]
    relevant: frozenset[bytes]
    finds: dict[tuple[str, str], str | None]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The flows of a tree, in the order of files and lines, and what was not analysed."""

    flows: tuple[Flow, ...] = ()
    problems: tuple[Omission, ...] = ()
    basis: Basis | None = None


def analyse(
    tree: Tree,
    zones: Zones,
    roots: Collection[str] | None = None,
    *,
    told: Collection[str] | None = None,
    words: Words | None = None,
    today: dt.date | None = None,
    deadline: float | None = None,
) -> Analysis:
    """Find the flows that begin to be seen in the files ``roots`` (all, where None).

    Of them only the functions that can see data of a zone are asked (:mod:`.relevance`; ``words`` may
    remember what stands in files). What cannot be parsed is a problem where it matters to them, and in
    any case of the files ``told`` (all, where None). ``today`` decides which exceptions of sinks have
    run out; ``deadline`` (of time.monotonic) ends the work: what was not analysed by then is a problem
    of kind TIMEOUT. Raises nothing for whatever the files hold.
    """
    program = Program(tree)
    world = World(program, Tables(zones, today or dt.datetime.now(dt.UTC).date()), deadline)
    paths = sorted(tree.paths() if roots is None else roots)
    relevance = world.relevance = Relevance(world, tree, paths, words)
    with _deep_stack():
        todo = relevance.files()
        for _ in range(_ROUNDS):
            world.changed.clear()
            for path in todo:
                _root(world, path)
            grown = relevance.grow()
            if not grown and not world.changed:
                break
            todo = _again(world, relevance, paths)
        for path in paths if told is None else sorted(told):
            program.readable(path)
    flows = sorted(
        world.flows.values(), key=lambda flow: (flow.file, flow.line, flow.zone, flow.sink, flow.source)
    )
    problems = [program.problems[path] for path in sorted(program.problems) if path]
    return Analysis(tuple(flows), tuple(problems), Basis(program.asked(), relevance.hot(), program.finds()))


def _again(world: World, relevance: Relevance, paths: list[str]) -> list[str]:
    """Forget what depends on facts that changed, or has a new hot word; return the files to look at again."""
    changed = set(world.changed)
    world.invalidate(changed, relevance.warmed)
    fresh = set(relevance.fresh_files())
    return [path for path in paths if path in fresh or not changed.isdisjoint(world.read.get(path, ()))]


def _root(world: World, path: str) -> None:
    """Analyse every function of a file that may see data, and its top level."""
    module = world.program.module(path)
    if module is None:
        return
    world.refuel(_FUEL + _FUEL_PER_LINE * module.lines)
    frame = Frame(world, module, None, 0)
    try:
        world.check_time()
        globals_of(frame, module)
        for info in list(module.all_functions()):
            if not world.cold(info):
                _function(world, frame, info)
                frame.heap.clear()  # each begins with what everybody knows
        for one in list(module.classes.values()):
            for info in inherited(world, one):
                analyse_function(frame, info, one)
                frame.heap.clear()
        for info, function in list(world.roots.items()):
            if info.module is module and not world.cold(info):
                invoke(frame, function, Args(), info.node)
                frame.heap.clear()
    except (ExhaustedError, RecursionError, MemoryError) as error:
        reason = (
            "nested too deeply" if isinstance(error, RecursionError) else "it took more work than is allowed"
        )
        world.program.problems[path] = Omission(OmissionKind.TIMEOUT, STEP, reason, path)
        world.running.clear()
        world.provisional.clear()
    world.read[path] = world.read.get(path, frozenset()) | frozenset(frame.reads)
    world.consulted[path] = world.consulted.get(path, frozenset()) | frozenset(frame.consulted)


def inherited(world: World, one: ClassInfo) -> Iterator[FunctionInfo]:
    """The methods that a class inherits and that call what it overrides: with it they may do other things."""
    seen = set(one.methods)
    own = one.methods.keys() | one.assigned.keys() | world.held.get(one.dotted, set())
    for base in world.program.order(one)[1:]:
        if not isinstance(base, ClassInfo):
            continue
        for name, method in base.methods.items():
            if name not in seen and not world.cold(method) and not method.scan.asks.isdisjoint(own):
                yield method
        seen.update(base.methods)


def _function(world: World, frame: Frame, info: FunctionInfo) -> None:
    analyse_function(frame, info)
    if info.decorators:
        made = decorated(
            frame, info, None if info.owner is None else instance_of(world, ClassRef(info.owner)).refs[0]
        )
        for one in made.refs:
            if isinstance(one, FunctionRef) and one.info is not info:
                invoke(frame, one, Args(), info.node)


@contextmanager
def _deep_stack() -> Iterator[None]:
    """Room for expressions inside expressions (Python's frames lie on the heap); few looks for garbage.

    Syntax trees are millions of objects that live as long as the analysis: a third of the time went there.
    """
    before, often = sys.getrecursionlimit(), gc.get_threshold()
    sys.setrecursionlimit(max(before, _DEEPEST))
    gc.set_threshold(max(often[0], 100_000), 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*often)
        sys.setrecursionlimit(before)


__all__ = ["Analysis", "Module", "analyse"]
