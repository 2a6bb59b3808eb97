"""New reach into the world: files, network, processes, deserialization, crypto, concurrency, reflection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import libcst as cst

from riskbot.detect.structure.compare import FilePair
from riskbot.detect.structure.names import aliases, calls, dotted, resolve
from riskbot.detect.structure.unit import Unit
from riskbot.detect.structure.world import Hit, World, fresh, is_test, shorten, where
from riskbot.domain.finding import Severity

_EFFECTS = {
    "structure.new-dynamic-code": (
        "eval",
        "exec",
        "compile",
        "builtins.eval",
        "builtins.exec",
        "__import__",
        "importlib.reload",
        "runpy.",
        "types.FunctionType",
    ),
    "structure.new-deserialization": (
        "pickle.load",
        "pickle.Unpickler",
        "cPickle.",
        "dill.load",
        "cloudpickle.load",
        "marshal.load",
        "shelve.open",
        "yaml.load",
        "yaml.unsafe_load",
        "yaml.full_load",
        "jsonpickle.decode",
        "joblib.load",
        "torch.load",
        "numpy.load",
        "pandas.read_pickle",
    ),
    "structure.new-subprocess": (
        "subprocess.",
        "os.system",
        "os.popen",
        "os.exec",
        "os.spawn",
        "os.posix_spawn",
        "os.fork",
        "os.kill",
        "pty.spawn",
        "asyncio.create_subprocess_",
        "commands.getoutput",
        "pexpect.",
    ),
    "structure.new-network": (
        "socket.",
        "requests.",
        "urllib.request.",
        "urllib3.request",
        "urllib3.PoolManager",
        "urllib3.connection",
        "http.client.",
        "httpx.",
        "aiohttp.",
        "ftplib.",
        "smtplib.",
        "telnetlib.",
        "paramiko.",
        "xmlrpc.",
        "websockets.",
        "boto3.",
        "grpc.",
        "ssl.",
        "asyncio.open_connection",
        "asyncio.start_server",
    ),
    "structure.new-file-io": (
        "open",
        "io.open",
        "os.remove",
        "os.unlink",
        "os.rename",
        "os.replace",
        "os.makedirs",
        "os.mkdir",
        "os.rmdir",
        "os.chmod",
        "os.chown",
        "os.symlink",
        "os.open",
        "shutil.",
        "tempfile.",
        "pathlib.Path.",
        "zipfile.",
        "tarfile.",
        "sqlite3.connect",
        "codecs.open",
    ),
    "structure.new-crypto": (
        "hashlib.",
        "hmac.",
        "secrets.",
        "cryptography.",
        "Crypto.",
        "nacl.",
        "jwt.",
        "random.",
        "passlib.",
        "bcrypt.",
        "rsa.",
    ),
    "structure.new-concurrency": (
        "threading.",
        "multiprocessing.",
        "concurrent.futures.",
        "asyncio.create_task",
        "asyncio.TaskGroup",
        "asyncio.gather",
        "asyncio.run",
        "asyncio.to_thread",
        "asyncio.ensure_future",
        "asyncio.Lock",
        "asyncio.Queue",
        "_thread.",
        "gevent.",
        "eventlet.",
        "signal.signal",
        "signal.alarm",
    ),
    "structure.new-reflection": (
        "setattr",
        "importlib.import_module",
        "delattr",
        "globals",
        "locals",
        "vars",
        "inspect.currentframe",
        "inspect.stack",
        "sys._getframe",
        "sys.setrecursionlimit",
        "sys.settrace",
        "ctypes.",
        "gc.",
        "atexit.register",
    ),
}
_WHY = {
    "structure.new-dynamic-code": "text can become code: where does it come from?",
    "structure.new-deserialization": "such data can carry code that runs on loading: is the source trusted?",
    "structure.new-subprocess": "look at who controls the arguments, at the exit code and at a time limit.",
    "structure.new-network": "look at time limits, errors, TLS and at what is sent where.",
    "structure.new-file-io": "look at paths from outside, permissions, and files left open or half written.",
    "structure.new-crypto": "look at the algorithm, the source of randomness and how secrets are compared.",
    "structure.new-concurrency": "look at shared state, ordering and how it ends.",
    "structure.new-reflection": "what is set or read is decided at run time, out of sight of tools.",
    "structure.new-global-state": "the result now depends on who called before, and on threads.",
}
_SAFE_PARTS = ("Error", "Exception", "Timeout", "Warning")
_METHODS = {"write_text", "write_bytes", "read_text", "read_bytes", "unlink", "rmtree", "extractall", "touch"}


def effect_of(name: str, call: cst.Call | None = None) -> str | None:
    """The rule for a call of ``name`` (resolved), None where it reaches nothing outside."""
    if not name or name.endswith(_SAFE_PARTS) or "__version__" in name:
        return None
    for rule, prefixes in _EFFECTS.items():
        for prefix in prefixes:
            bare = prefix.isidentifier() or (
                not prefix.endswith(".") and prefix in {"io.open", "os.open", "codecs.open"}
            )
            if name == prefix if bare else name.startswith(prefix):
                return None if _harmless(name, call) else rule
    if name.rpartition(".")[2] in _METHODS and "." in name:
        return "structure.new-file-io"
    return None


def _harmless(name: str, call: cst.Call | None) -> bool:
    if name == "compile" or (name == "yaml.load" and call is not None and "SafeLoader" in _arguments(call)):
        return name != "compile" or call is None or len(call.args) < 3
    if name == "numpy.load":
        return call is None or "allow_pickle=True" not in _arguments(call).replace(" ", "")
    return name in {
        "random.Random",
        "threading.current_thread",
        "threading.get_ident",
        "multiprocessing.cpu_count",
    } or (name in {"setattr", "vars"} and call is not None and len(call.args) < 1)


def _arguments(call: cst.Call) -> str:
    return " ".join(cst.Module([]).code_for_node(argument) for argument in call.args)


def check(home: FilePair, world: World) -> Iterator[Hit]:
    """One finding per file and kind of effect, at the first new call; the others are its evidence."""
    if is_test(home.path) or home.path.endswith(".pyi"):
        return
    found: dict[str, list[tuple[Unit, cst.CSTNode, str]]] = defaultdict(list)
    for _, old, new in fresh(home):
        before = {name for name, _ in _reached(old)} if old else set()
        for name, node in _reached(new):
            rule = effect_of(name, node if isinstance(node, cst.Call) else None)
            if rule and name not in before and world.gained(new, node):
                found[rule].append((new, node, name))
        known = {n.name.value for node in old.of(cst.Global) for n in node.names} if old else set()
        for node in new.of(cst.Global):
            names = [n.name.value for n in node.names if n.name.value not in known]
            if names:
                found["structure.new-global-state"].append((new, node, f"global {', '.join(names)}"))
    for rule, places in found.items():
        yield _hit(home, rule, places)


def _reached(unit: Unit) -> Iterator[tuple[str, cst.CSTNode]]:
    """What the unit calls, and the functions it hands to others to call, by resolved name."""
    local = _locals(unit)
    for name, call in calls(unit):
        first = dotted(call.func).partition(".")[0]
        if first and first not in local:
            yield name, call
        elif isinstance(call.func, cst.Call):
            yield _by_getattr(unit, call.func), call
    known = aliases(unit)
    for argument in unit.of(cst.Arg):
        name = resolve(dotted(argument.value), known)
        first = dotted(argument.value).partition(".")[0]
        if name in _HANDED and first not in local:
            yield name, argument


_HANDED = {
    *(
        "subprocess.run",
        "subprocess.Popen",
        "subprocess.call",
        "subprocess.check_call",
        "subprocess.check_output",
    ),
    *(
        "os.system",
        "os.popen",
        "pickle.load",
        "pickle.loads",
        "marshal.loads",
        "yaml.unsafe_load",
        "eval",
        "exec",
    ),
}


def _by_getattr(unit: Unit, call: cst.Call) -> str:
    """``os.system`` of ``getattr(os, "system")``, "" for any other call."""
    if dotted(call.func) != "getattr" or len(call.args) < 2:
        return ""
    owner, attribute = call.args[0].value, call.args[1].value
    if not isinstance(attribute, cst.SimpleString):
        return ""
    return f"{resolve(dotted(owner), aliases(unit))}.{attribute.raw_value}"


def _locals(unit: Unit) -> set[str]:
    """Parameters and local variables that hide an import of the same name."""
    if not isinstance(unit.definition, cst.FunctionDef):
        return set()
    targets: list[cst.CSTNode] = [node.target for node in unit.of(cst.AssignTarget)]
    targets += [node.target for node in unit.of(cst.For)]
    named = {p.name.value for p in unit.of(cst.Param) if not p.default or dotted(p.default) != p.name.value}
    return named | {target.value for target in targets if isinstance(target, cst.Name)}


def _hit(home: FilePair, rule: str, places: list[tuple[Unit, cst.CSTNode, str]]) -> Hit:
    unit, node, _ = places[0]
    names = list(dict.fromkeys(name for _, _, name in places))
    familiar = home.old is not None and all(_used_before(home.old.source.text, name) for name in names)
    note = " (this file did so before, elsewhere)" if familiar else ""
    return Hit(
        rule,
        home.path,
        unit.line(node),
        f"{where(unit)} newly uses {shorten(names)}{note}: {_WHY[rule]}",
        " ".join(names),
        evidence=tuple(f"{name} in {where(place)}" for place, _, name in places[:10]),
        severity=Severity.INFO if familiar else None,
    )


def _used_before(text: str, name: str) -> bool:
    last = name.rpartition(".")[2].removeprefix("global ")
    return f"{last}(" in text or name in text
