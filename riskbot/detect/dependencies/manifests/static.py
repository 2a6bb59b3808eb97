"""Python's manifests, read without running them: setup.py, noxfile.py (by syntax tree), setup.cfg, tox.ini.

What is not written out as a literal, or as names that are literals at the top of the file, is a problem that
is told: riskbot never runs code of the change.
"""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Iterator

from riskbot.detect.dependencies.manifests import requirement
from riskbot.detect.dependencies.manifests.model import Draft, Hook, normalised

_REQUIRES = {
    "install_requires": "",
    "requires": "",
    "setup_requires": "build",
    "tests_require": "extra test",
    "extras_require": "extra",
}
_RUNS = re.compile(
    r"(?:subprocess\.\w+|os\.(?:system|popen|exec\w*|spawn\w*)|urllib\.request\.\w+|urlopen|urlretrieve"
    r"|requests\.\w+|httpx\.\w+|socket\.\w+|ctypes\.\w+|exec|eval|__import__|check_call|check_output|Popen"
    r"|pip\.main|pickle\.loads|marshal\.loads)"
)
_MAX_NODES = 100_000
_MAX_DEPTH = 30


def read_setup_py(draft: Draft, text: str) -> None:
    """Read what ``setup(...)`` is given, and what the file runs when pip builds it.

    The arguments may be keywords, keys of a mapping, or set one by one (``args["install_requires"] = ...``).
    """
    tree = ast.parse(text)
    nodes = list(_bounded(tree))
    constants = _constants(tree)
    for node in nodes:
        for name, value in _arguments(node):
            _argument(draft, name, value, constants)
    _hooks(draft, nodes, text)


def _arguments(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Give the arguments of ``setup`` that a node states, by name."""
    if isinstance(node, ast.Call) and _dotted(node.func).rpartition(".")[2] == "setup":
        yield from ((word.arg, word.value) for word in node.keywords if word.arg)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value in _REQUIRES and key.value != "requires":
                yield str(key.value), value
    elif isinstance(node, ast.Assign) and isinstance(target := node.targets[0], ast.Subscript):
        key = target.slice
        if isinstance(key, ast.Constant) and key.value in _REQUIRES:
            yield str(key.value), node.value


def _bounded(tree: ast.AST) -> Iterator[ast.AST]:
    for count, node in enumerate(ast.walk(tree)):
        if count > _MAX_NODES:
            return
        yield node


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Give what names are bound to at the top of the file, where they are bound once."""
    found: dict[str, ast.expr] = {}
    twice = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in found:
                twice.add(name)
            found[name] = node.value
    return {name: value for name, value in found.items() if name not in twice}


def _argument(draft: Draft, name: str, value: ast.expr, constants: dict[str, ast.expr]) -> None:
    if name == "name" and isinstance(value, ast.Constant):
        draft.provides.append(normalised(str(value.value)))
    if name not in _REQUIRES:
        return
    for extra, wanted in _groups(value, constants) if name == "extras_require" else [("", value)]:
        group = f"{_REQUIRES[name]} {extra}".strip()
        missed: list[ast.expr] = []
        for text, line in _literals(wanted, constants, missed):
            for one in text.split("\n"):
                if found := requirement.parse(one, line=line, group=group):
                    draft.declared.append(found)
        if missed:
            draft.problem(f"{name} is not written out in setup.py")


def _groups(value: ast.expr, constants: dict[str, ast.expr]) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(value, ast.Name):
        value = constants.get(value.id, value)
    if not isinstance(value, ast.Dict):
        yield "", value
        return
    for key, one in zip(value.keys, value.values, strict=True):
        yield (str(key.value) if isinstance(key, ast.Constant) else ""), one


def _literals(
    node: ast.expr, constants: dict[str, ast.expr], missed: list[ast.expr], depth: int = 0
) -> Iterator[tuple[str, int]]:
    """Give the texts of a literal list with their lines; what is none goes to ``missed``.

    Of a text that is put together (``f"name>={version}"``) the beginning is given: it holds the name.
    """
    below = depth + 1
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value, node.lineno
    elif depth > _MAX_DEPTH:
        missed.append(node)
    elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        for one in node.elts:
            yield from _literals(one.value if isinstance(one, ast.Starred) else one, constants, missed, below)
    elif isinstance(node, (ast.JoinedStr, ast.BinOp)) and (begin := _beginning(node)):
        yield begin, node.lineno
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _literals(node.left, constants, missed, below)
        yield from _literals(node.right, constants, missed, below)
    elif isinstance(node, ast.Name) and node.id in constants:
        yield from _literals(constants[node.id], constants, missed, below)
    elif (
        isinstance(node, ast.Call) and _dotted(node.func) in ("list", "tuple", "sorted", "set") and node.args
    ):
        yield from _literals(node.args[0], constants, missed, below)
    else:
        missed.append(node)


def _beginning(node: ast.expr) -> str:
    """Give the fixed beginning of a text that is put together, as far as it can hold a whole name."""
    if isinstance(node, ast.JoinedStr):
        node = node.values[0] if node.values else node
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
        node = node.left
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    match = re.match(r"\s*[A-Za-z0-9][\w.\-]*(?:\[[\w,\-. ]*\])?(?=[\s<>=!~;@])", text)
    return match[0] if match else ""


def _dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _hooks(draft: Draft, nodes: list[ast.AST], text: str) -> None:
    """Take what setup.py starts or fetches; building an sdist runs the whole file."""
    lines = text.split("\n")
    for node in nodes:
        if isinstance(node, ast.Call) and _RUNS.fullmatch(name := _dotted(node.func)):
            line = lines[node.lineno - 1].strip() if node.lineno <= len(lines) else name
            draft.hooks.append(Hook(f"a call of {name} in setup.py", line, node.lineno))
        elif isinstance(node, ast.keyword) and node.arg == "cmdclass":
            draft.hooks.append(
                Hook("commands of its own (cmdclass)", ast.unparse(node.value)[:500], node.value.lineno)
            )


def read_setup_cfg(draft: Draft, text: str) -> None:
    """Read setuptools' declarative options (https://setuptools.pypa.io/en/latest/userguide/declarative_config.html)."""
    parser = configparser.RawConfigParser(strict=False)
    parser.read_string(text)
    lines = _lines(text)
    if parser.has_option("metadata", "name"):
        draft.provides.append(normalised(parser.get("metadata", "name")))
    wanted = [
        (group, parser.get("options", key))
        for key, group in _REQUIRES.items()
        if parser.has_option("options", key)
    ]
    if parser.has_section("options.extras_require"):
        wanted += [(f"extra {extra}", value) for extra, value in parser.items("options.extras_require")]
    for group, value in wanted:
        _several(draft, value, group, lines)


def read_tox(draft: Draft, text: str) -> None:
    """Read the ``deps`` and ``requires`` of tox.ini's environments."""
    parser = configparser.RawConfigParser(strict=False)
    parser.read_string(text)
    lines = _lines(text)
    for section in parser.sections():
        for key in ("deps", "requires"):
            if parser.has_option(section, key):
                _several(draft, parser.get(section, key), f"tox {section}", lines, strict=False)


def _several(draft: Draft, value: str, group: str, lines: dict[str, int], *, strict: bool = True) -> None:
    if value.startswith("file:"):
        draft.includes += [one.strip() for one in value[5:].split(",")]
        return
    for raw in value.splitlines():
        text = raw.partition(" #")[0].strip()
        if not strict:  # tox: factors before the requirement (py311,lint: name), substitutions, pip's options
            text = re.sub(r"^[\w.,\-!{}]+:\s+", "", text)
        if not text or text.startswith(("#", "-", "{", "%")):
            draft.includes += [text[2:].strip()] if text.startswith("-r") else []
            continue
        found = requirement.parse(text, line=lines.get(raw.strip()), group=group)
        if found is not None:
            draft.declared.append(found)
        elif strict:
            draft.problem(f"an entry of {group or 'the project'} is no requirement")


def _lines(text: str) -> dict[str, int]:
    return {
        line.partition("=")[2].strip() or line.strip(): n for n, line in enumerate(text.split("\n"), 1)
    } | {line.strip(): n for n, line in enumerate(text.split("\n"), 1)}


def read_nox(draft: Draft, text: str) -> None:
    """Read what noxfile.py installs by literal names: ``session.install("name", ...)``."""
    for node in _bounded(ast.parse(text)):
        if isinstance(node, ast.Call) and _dotted(node.func).endswith((".install", ".conda_install")):
            for word, line in _words(node.args):
                if found := requirement.parse(word, line=line, group="nox"):
                    draft.declared.append(found)


def _words(arguments: list[ast.expr]) -> Iterator[tuple[str, int]]:
    """Give the literal arguments that are no options and no paths, with their lines."""
    for one in arguments:
        text = one.value if isinstance(one, ast.Constant) else None
        if isinstance(text, str) and not text.startswith(("-", ".")):
            yield text, one.lineno


__all__ = ["read_nox", "read_setup_cfg", "read_setup_py", "read_tox"]
