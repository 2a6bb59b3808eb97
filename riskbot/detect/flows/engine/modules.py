"""Names of modules and classes: what their top level says, run when somebody asks."""

from __future__ import annotations

from riskbot.detect.flows.engine.annotations import instance_of
from riskbot.detect.flows.engine.definitions import ClassInfo, FunctionInfo, Module
from riskbot.detect.flows.engine.frame import Frame
from riskbot.detect.flows.engine.invoke import Args, invoke
from riskbot.detect.flows.engine.values import (
    NOTHING,
    ClassRef,
    ExternalRef,
    FunctionRef,
    ModuleRef,
    Ref,
    Value,
    join,
    ref,
)
from riskbot.detect.flows.engine.world import reached


def module_value(frame: Frame, owner: ModuleRef | ExternalRef, name: str) -> Value:
    """What ``module.name`` is."""
    if isinstance(owner, ModuleRef):
        module = frame.world.program.module(owner.path)
        if module is not None and (name in module.bound or module.stars):
            value = global_value(frame, module, name)
            if value is not NOTHING or name in module.bound:
                return value
    found = frame.world.program.attribute(owner, name, frame.path)
    return ref(found) if found is not None else NOTHING


def global_value(frame: Frame, module: Module, name: str) -> Value:
    """What a name of a module's top level is; functions may have given it other values."""
    frame.consulted.add(module.path)
    key = ("global", module.path, name)
    frame.reads.add(key)
    demand_global(frame, module, name)
    fact = frame.world.facts.get(key)
    bound = module.bound.get(name)
    found = frame.world.program.static(module, name)
    if bound is None or (found is not None and len(bound) == 1):
        if isinstance(found, FunctionRef) and found.info.decorators:
            from riskbot.detect.flows.engine.decorators import decorated

            value = decorated(frame, found.info, None)
        elif found is None:
            value = _starred(frame, module, name)
        else:
            value = ref(found)
            if isinstance(found, ClassRef | FunctionRef):
                frame.consulted.add(found.info.module.path)
    else:
        value = globals_of(frame, module).get(name, NOTHING)
        _shared_early(frame, module, value)
        if found is not None and not value.refs:
            value = join(value, ref(found))
        elif value is NOTHING and (imported := _imported(frame, module, name)) is not None:
            value = imported
    return value if fact is None else join(value, fact)


def _shared_early(frame: Frame, module: Module, value: Value) -> None:
    """Make known what a function asks a module for whose top level is still running: it may change it."""
    running = frame.world.bodies.get(module.path)
    if value.refs and running is not None and running is not frame and running.heap and not running.done:
        frame.world.escape(value, running.heap)
        for identity in reached(value):
            running.heap.pop(identity, None)


def _imported(frame: Frame, module: Module, name: str) -> Value | None:
    import ast

    for statement in module.bound.get(name, []):
        if isinstance(statement, ast.ImportFrom):
            path = frame.world.program.find(frame.world.program.imported(statement, module), module.path)
            home = frame.world.program.module(path) if path else None
            if home is not None and home is not module:
                original = next(
                    (one.name for one in statement.names if (one.asname or one.name) == name), name
                )
                return (
                    global_value(frame, home, original)
                    if (home.path, original) != (module.path, name)
                    else None
                )
    return None


def _starred(frame: Frame, module: Module, name: str) -> Value:
    """A name that ``from m import *`` brings, where running ``m`` tells what it is."""
    for star in module.stars:
        path = frame.world.program.find(frame.world.program.imported(star, module), module.path)
        home = frame.world.program.module(path) if path and path != module.path else None
        if home is not None and name in home.bound:
            return global_value(frame, home, name)
    return NOTHING


def globals_of(frame: Frame, module: Module) -> dict[str, Value]:
    """The variables of a module after its top level has run; in a circle of imports what there is so far."""
    world = frame.world
    running = world.bodies.get(module.path)
    if running is None:
        running = world.bodies[module.path] = Frame(world, module, None, frame.depth + 1)
        running.run(module.tree.body)
        running.dead, running.done = False, True
        for value in running.vars.values():
            world.escape(value, running.heap)
        for function in running.inside:
            if function.info not in world.roots:
                world.roots[function.info] = function
    frame.reads |= running.reads
    frame.consulted |= running.consulted
    return running.vars


def class_value(frame: Frame, info: ClassInfo, name: str) -> Value:
    """What an attribute is that a class's body gives a value."""
    world = frame.world
    key = (info, name)
    known = world.class_values.get(key)
    if known is None:
        world.class_values[key] = NOTHING  # an attribute that needs itself
        running = Frame(world, info.module, None, frame.depth + 1)
        known = running.eval(info.assigned[name])
        world.escape(known, running.heap)
        world.class_values[key] = known
        frame.reads |= running.reads
    fact_key = ("class", info.dotted, name)
    frame.reads.add(fact_key)
    fact = world.facts.get(fact_key)
    return known if fact is None else join(known, fact)


def demand_attribute(frame: Frame, info: ClassInfo, name: str) -> None:
    """Analyse the methods of a class that set an attribute, so that facts tell what it is."""
    key = (info, name)
    if key in frame.world.demanded:
        return
    frame.world.demanded.add(key)
    for method in info.methods.values():
        if method is not frame.info and (name in method.sets or method.name == "__init__"):
            _analysed(frame, method)


def demand_global(frame: Frame, module: Module, name: str) -> None:
    """Analyse the functions of a module that give a global its value."""
    key = (module.path, name)
    if key in frame.world.demanded:
        return
    frame.world.demanded.add(key)
    if name in module.bound:
        for function in module.setting(name):
            if function is not frame.info:
                _analysed(frame, function)


def _analysed(frame: Frame, info: FunctionInfo) -> None:
    running = Frame(frame.world, info.module, None, frame.depth + 1)
    analyse_function(running, info)
    frame.lowest = min(frame.lowest, running.lowest)


def analyse_function(frame: Frame, info: FunctionInfo, of: ClassInfo | None = None) -> None:
    """Analyse a function as whoever calls it from outside does: with arguments of which nothing is known.

    ``of``: as a method of this class, which inherits it.
    """
    receiver: Ref | None = None
    if info.owner is not None and not info.marked("staticmethod"):
        owner = ClassRef(of or info.owner)
        of_class = info.marked("classmethod") or info.name in {
            "__new__",
            "__init_subclass__",
            "__class_getitem__",
        }
        receiver = owner if of_class else instance_of(frame.world, owner).refs[0]
    invoke(frame, FunctionRef(info, None, receiver), Args(), info.node)
