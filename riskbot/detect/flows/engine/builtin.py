"""The functions of Python itself, and of its standard library, that do more with data than pass it on."""

from __future__ import annotations

import ast

from riskbot.detect.flows.engine.access import attribute, store_attribute
from riskbot.detect.flows.engine.calls import apply
from riskbot.detect.flows.engine.definitions import ClassInfo
from riskbot.detect.flows.engine.frame import Frame, constant
from riskbot.detect.flows.engine.invoke import Args
from riskbot.detect.flows.engine.items import everything, find_method, iterate, read_item, text
from riskbot.detect.flows.engine.methods import as_dict, replaced
from riskbot.detect.flows.engine.models import model
from riskbot.detect.flows.engine.shapes import deep
from riskbot.detect.flows.engine.values import (
    NOTHING,
    ClassRef,
    Const,
    ExternalRef,
    FunctionRef,
    Key,
    Labels,
    Object,
    ObjectRef,
    Value,
    join,
    join_all,
    labelled,
    merge,
    ref,
)


def _new(  # noqa: PLR0917 - who, what and where
    frame: Frame,
    node: ast.AST,
    kind: str,
    rest: Value,
    fields: dict[Key, Value] | None = None,
    mark: str = "",
) -> Value:
    return ref(ObjectRef(frame.allocate(node, Object(kind, None, fields, rest), mark or kind)))


@model(
    "len",
    "bool",
    "isinstance",
    "issubclass",
    "hasattr",
    "callable",
    "id",
    "print",
    "range",
    "any",
    "all",
    "delattr",
    "logging.basicConfig",
    "asyncio.sleep",
    "time.sleep",
    "operator.truth",
    "operator.eq",
    "operator.contains",
    "hmac.compare_digest",
    "secrets.compare_digest",
    "inspect.isawaitable",
    "operator.not_",
)
def _nothing(frame: Frame, args: Args, node: ast.AST) -> Value:  # noqa: ARG001
    return NOTHING


@model("str", "repr", "format", "ascii", "pprint.pformat", "reprlib.repr")
def _text(frame: Frame, args: Args, node: ast.AST) -> Value:
    labels: Labels = {}
    for value in args.all():
        labels = merge(labels, text(frame, value, node))
    literal = args.positional[0].refs if args.positional else ()
    return Value(labels, tuple(one for one in literal if isinstance(one, Const)))


@model("type")
def _type(frame: Frame, args: Args, node: ast.AST) -> Value:  # noqa: ARG001
    found = [
        frame.object(one.id).info
        for value in args.positional[:1]
        for one in value.refs
        if isinstance(one, ObjectRef)
    ]
    return Value({}, tuple(ClassRef(one) for one in found if isinstance(one, ClassInfo)))


@model("list", "tuple", "collections.deque", "iter", "aiter")
def _sequence(frame: Frame, args: Args, node: ast.AST) -> Value:
    value = args.first(0)
    for one in value.refs:
        if isinstance(one, ObjectRef) and not value.labels and len(value.refs) == 1:
            made = frame.object(one.id)
            if made.kind in {"list", "tuple"}:
                return _new(frame, node, "list", made.rest, dict(made.fields))
    return _new(frame, node, "list", iterate(frame, value, node))


@model(
    "set",
    "frozenset",
    "reversed",
    "itertools.cycle",
    "itertools.islice",
    "itertools.takewhile",
    "itertools.dropwhile",
    "random.sample",
    "heapq.nlargest",
    "heapq.nsmallest",
)
def _collection(frame: Frame, args: Args, node: ast.AST) -> Value:
    items = join_all(iterate(frame, value, node) for value in args.positional)
    return _new(frame, node, "list", items)


@model("sorted")
def _sorted(frame: Frame, args: Args, node: ast.AST) -> Value:
    items = iterate(frame, args.first(0), node)
    _keyed(frame, args, items, node)
    return _new(frame, node, "list", items)


@model("min", "max")
def _extreme(frame: Frame, args: Args, node: ast.AST) -> Value:
    only = len(args.positional) == 1
    items = iterate(frame, args.positional[0], node) if only else join_all(args.positional)
    _keyed(frame, args, items, node)
    return join_all([items, args.star, args.keywords.get("default", NOTHING)])


def _keyed(frame: Frame, args: Args, items: Value, node: ast.AST) -> None:
    key = args.keywords.get("key", NOTHING)
    if key.refs:
        apply(frame, key, Args([items]), node)


@model("sum", "math.fsum", "statistics.mean")
def _sum(frame: Frame, args: Args, node: ast.AST) -> Value:  # noqa: ARG001
    return join_all([labelled(everything(frame, args.positional[:1])), *args.positional[1:]])


@model("next", "anext")
def _next(frame: Frame, args: Args, node: ast.AST) -> Value:
    return join(iterate(frame, args.first(0), node), args.first(1) if len(args.positional) > 1 else NOTHING)


@model(
    "dict",
    "collections.OrderedDict",
    "collections.ChainMap",
    "types.MappingProxyType",
    "collections.Counter",
)
def _dict(frame: Frame, args: Args, node: ast.AST) -> Value:
    made = Object("dict", None, {("item", name): value for name, value in args.keywords.items()}, args.stars)
    labels: Labels = {}
    for value in args.positional:
        labels = merge(labels, value.labels)
        for one in value.refs:
            if isinstance(one, ObjectRef):
                inner = frame.object(one.id)
                if inner.kind in {"dict", "parameter"}:
                    made.fields = {**inner.fields, **made.fields}
                    made.rest, made.keys = join(made.rest, inner.rest), join(made.keys, inner.keys)
                else:
                    _pairs(frame, made, iterate(frame, ref(one), node), node)
    return Value(labels, (ObjectRef(frame.allocate(node, made, "dict")),))


@model("collections.defaultdict")
def _defaultdict(frame: Frame, args: Args, node: ast.AST) -> Value:
    made = _dict(frame, Args(args.positional[1:], args.keywords, args.star, args.stars), node)
    missing = apply(frame, args.positional[0], Args(), node) if args.positional else NOTHING
    for one in made.refs if missing is not NOTHING else ():
        if isinstance(one, ObjectRef):
            frame.write(one.id, None, missing, strong=False)
    return made


@model("dataclasses.field", "attr.ib", "attr.field", "attrs.field", "pydantic.Field", "msgspec.field")
def _declared_field(frame: Frame, args: Args, node: ast.AST) -> Value:
    for name in ("default_factory", "factory"):
        if name in args.keywords:
            return apply(frame, args.keywords[name], Args(), node)
    return args.keywords.get("default", NOTHING)


def _pairs(frame: Frame, made: Object, pair: Value, node: ast.AST) -> None:
    made.keys = join(made.keys, read_item(frame, pair, 0, node))
    made.rest = join(made.rest, read_item(frame, pair, 1, node))


@model("enumerate")
def _enumerate(frame: Frame, args: Args, node: ast.AST) -> Value:
    item = iterate(frame, args.first(0), node)
    pair = _new(frame, node, "tuple", NOTHING, {("item", 0): NOTHING, ("item", 1): item}, "pair")
    return _new(frame, node, "list", pair)


@model("zip", "itertools.zip_longest", "itertools.product")
def _zip(frame: Frame, args: Args, node: ast.AST) -> Value:
    if not args.positional:
        return _transposed(frame, args.star, node)
    turns = [iterate(frame, value, node) for value in args.positional]
    rest = iterate(frame, args.star, node)
    pair = _new(
        frame, node, "tuple", rest, {("item", place): value for place, value in enumerate(turns)}, "pair"
    )
    return _new(frame, node, "list", pair)


def _transposed(frame: Frame, rows: Value, node: ast.AST) -> Value:
    """``zip(*rows)``: the first of all rows, the second of all rows."""
    places: dict[Key, Value] = {}
    rest = labelled(rows.labels)
    for one in rows.refs:
        made = frame.object(one.id) if isinstance(one, ObjectRef) else None
        if made is not None:
            rest = join(rest, made.rest)
            for key, value in made.fields.items():
                if isinstance(key, tuple):
                    places[key] = join(places.get(key, NOTHING), value)
    columns: dict[Key, Value] = {
        key: _new(frame, node, "tuple", join(value, rest), mark=f"column {key[1]}")
        for key, value in places.items()
    }
    return _new(frame, node, "tuple", _new(frame, node, "tuple", rest, mark="column"), columns)


@model("itertools.chain")
def _chain(frame: Frame, args: Args, node: ast.AST) -> Value:
    return _new(
        frame, node, "list", join_all(iterate(frame, value, node) for value in [*args.positional, args.star])
    )


@model("itertools.chain.from_iterable")
def _chained(frame: Frame, args: Args, node: ast.AST) -> Value:
    return _new(frame, node, "list", iterate(frame, iterate(frame, args.first(0), node), node))


@model("map", "itertools.starmap")
def _map(frame: Frame, args: Args, node: ast.AST) -> Value:
    turns = [iterate(frame, value, node) for value in args.positional[1:]]
    result = apply(frame, args.first(0), Args(turns), node)
    return _new(frame, node, "list", result)


@model("filter", "itertools.filterfalse")
def _filter(frame: Frame, args: Args, node: ast.AST) -> Value:
    items = iterate(frame, args.first(1), node)
    if args.first(0).refs:
        apply(frame, args.first(0), Args([items]), node)
    return _new(frame, node, "list", items)


@model("functools.reduce")
def _reduce(frame: Frame, args: Args, node: ast.AST) -> Value:
    items = iterate(frame, args.first(1), node)
    result = args.first(2) if len(args.positional) > 2 else items
    for _ in range(2):
        result = join(result, apply(frame, args.first(0), Args([result, items]), node))
    return result


@model("getattr")
def _getattr(frame: Frame, args: Args, node: ast.AST) -> Value:
    name = constant(args.first(1)) if len(args.positional) > 1 else None
    value = args.first(0)
    default = args.first(2) if len(args.positional) > 2 else NOTHING
    if isinstance(name, str):
        owner = node.args[0] if isinstance(node, ast.Call) and node.args else None
        written = f"{ast.unparse(owner)[:60]}.{name}" if owner is not None else name
        return join(attribute(frame, value, name, node, written), default)
    return join(labelled(deep(frame, value)), default)


@model("setattr", "object.__setattr__")
def _setattr(frame: Frame, args: Args, node: ast.AST) -> Value:
    if len(args.positional) > 2:
        name = constant(args.positional[1])
        if isinstance(name, str):
            store_attribute(frame, args.positional[0], name, args.positional[2], node, name)
        else:
            for one in args.positional[0].refs:
                if isinstance(one, ObjectRef):
                    frame.write(one.id, None, args.positional[2], strong=False)
    return NOTHING


@model("vars", "dataclasses.asdict", "attr.asdict", "attrs.asdict")
def _fields(frame: Frame, args: Args, node: ast.AST) -> Value:
    value = args.first(0)
    result = labelled(value.labels)
    for one in value.refs:
        if isinstance(one, ObjectRef):
            result = join(result, as_dict(frame, frame.object(one.id), node))
    return result


@model("dataclasses.replace", "attr.evolve", "attrs.evolve", "copy.replace")
def _replaced(frame: Frame, args: Args, node: ast.AST) -> Value:
    result = labelled(args.first(0).labels)
    for one in args.first(0).refs:
        if isinstance(one, ObjectRef):
            result = join(result, replaced(frame, frame.object(one.id), Args(keywords=args.keywords), node))
    return result


@model("collections.namedtuple")
def _namedtuple(frame: Frame, args: Args, node: ast.AST) -> Value:
    fields: dict[Key, Value] = {
        "func": ref(ExternalRef("<namedtuple>")),
        ("item", 0): args.first(1, "field_names"),
    }
    return _new(frame, node, "partial", NOTHING, fields)


@model("<namedtuple>")
def _named(frame: Frame, args: Args, node: ast.AST) -> Value:
    names: list[str] = []
    for one in args.first(0).refs:
        if isinstance(one, Const) and isinstance(one.value, str):
            names = one.value.replace(",", " ").split()
        elif isinstance(one, ObjectRef):
            items = [value for key, value in frame.object(one.id).fields.items() if isinstance(key, tuple)]
            names = [str(constant(value)) for value in items]
    given = dict(zip(names, args.positional[1:], strict=False)) | args.keywords
    fields: dict[Key, Value] = {}
    for place, name in enumerate(names):
        fields[name] = fields["item", place] = given.get(name, NOTHING)
    return _new(frame, node, "tuple", join(args.star, args.stars), fields, "named")


@model("functools.partial", "functools.partialmethod")
def _partial(frame: Frame, args: Args, node: ast.AST) -> Value:
    fields: dict[Key, Value] = {"func": args.first(0)}
    fields.update({("item", place): value for place, value in enumerate(args.positional[1:])})
    fields.update({("item", name): value for name, value in args.keywords.items()})
    return _new(frame, node, "partial", NOTHING, fields)


@model("operator.attrgetter", "operator.itemgetter", "operator.methodcaller")
def _getter(frame: Frame, args: Args, node: ast.AST) -> Value:
    from riskbot.detect.flows.engine.definitions import last_name

    kind = last_name(node.func) if isinstance(node, ast.Call) else "itemgetter"
    fields: dict[Key, Value] = {"func": ref(ExternalRef(f"<{kind}>")), ("item", 0): args.first(0)}
    return _new(frame, node, "partial", NOTHING, fields)


@model("<attrgetter>")
def _attribute_got(frame: Frame, args: Args, node: ast.AST) -> Value:
    name = constant(args.first(0))
    value = args.first(1)
    for part in name.split(".") if isinstance(name, str) else ():
        value = attribute(frame, value, part, node, f"?.{part}")
    return value


@model("<itemgetter>")
def _item_got(frame: Frame, args: Args, node: ast.AST) -> Value:
    return read_item(frame, args.first(1), constant(args.first(0)), node)


@model("concurrent.futures.wait")
def _waited(frame: Frame, args: Args, node: ast.AST) -> Value:
    futures = _new(frame, node, "list", iterate(frame, args.first(0, "fs"), node), mark="futures")
    return _new(frame, node, "tuple", NOTHING, {("item", 0): futures, ("item", 1): futures})


@model("asyncio.gather", "asyncio.as_completed", "asyncio.wait", "concurrent.futures.as_completed")
def _gather(frame: Frame, args: Args, node: ast.AST) -> Value:
    fields: dict[Key, Value] = {("item", place): value for place, value in enumerate(args.positional)}
    rest = args.star
    if len(args.positional) == 1 and isinstance(node, ast.Call) and "gather" not in ast.dump(node.func):
        return _new(frame, node, "list", iterate(frame, args.positional[0], node))
    return _new(frame, node, "list", rest, fields)


@model(
    "asyncio.create_task",
    "asyncio.ensure_future",
    "asyncio.run",
    "asyncio.wait_for",
    "asyncio.shield",
    "anyio.run",
    "functools.lru_cache",
    "functools.cache",
    "functools.cached_property",
    "contextlib.closing",
    "contextlib.nullcontext",
    "contextlib.contextmanager",
    "weakref.ref",
    "weakref.proxy",
    "asgiref.sync.async_to_sync",
    "asgiref.sync.sync_to_async",
    "channels.db.database_sync_to_async",
    "joblib.delayed",
    "typing.final",
    "functools.update_wrapper",
    "<identity>",
    "property",
    "staticmethod",
    "classmethod",
)
def _same(frame: Frame, args: Args, node: ast.AST) -> Value:  # noqa: ARG001
    return args.first(0)


@model("functools.wraps")
def _wraps(frame: Frame, args: Args, node: ast.AST) -> Value:  # noqa: ARG001
    return ref(ExternalRef("<identity>"))


@model("typing.cast", "typing_extensions.cast", "cast")
def _cast(frame: Frame, args: Args, node: ast.AST) -> Value:  # noqa: ARG001
    return args.first(1)


@model("copy.copy", "copy.deepcopy")
def _copy(frame: Frame, args: Args, node: ast.AST) -> Value:
    value = args.first(0)
    refs = tuple(
        ObjectRef(frame.allocate(node, frame.object(one.id).copy(), f"copy {place}"))
        if isinstance(one, ObjectRef)
        else one
        for place, one in enumerate(value.refs)
    )
    return Value(value.labels, refs)


@model("types.SimpleNamespace", "argparse.Namespace")
def _namespace(frame: Frame, args: Args, node: ast.AST) -> Value:
    fields: dict[Key, Value] = {name: value for name, value in args.keywords.items()}  # noqa: C416 - wider keys
    made = Object("instance", None, fields, args.stars)
    return ref(ObjectRef(frame.allocate(node, made, "namespace")))


@model("Depends", "fastapi.Depends", "fastapi.Security", "fastapi.params.Depends")
def _depends(frame: Frame, args: Args, node: ast.AST) -> Value:
    value = args.first(0, "dependency")
    given = apply(frame, value, Args(), node)
    if any(isinstance(one, FunctionRef) and one.info.scan.generator for one in value.refs):
        return iterate(frame, given, node)
    return given


__all__ = ["find_method"]
