"""The modules of a tree: found by name, parsed when wanted; what their names mean without running them."""

from __future__ import annotations

import ast
import io
import sys
import warnings
from collections.abc import Iterator
from tokenize import detect_encoding

from riskbot.detect.flows.engine.definitions import ClassInfo, Module, index
from riskbot.detect.flows.engine.values import ClassRef, ExternalRef, FunctionRef, ModuleRef, Ref
from riskbot.detect.flows.trees.tree import MAX_BYTES, STEP, Tree
from riskbot.domain.change import Omission, OmissionKind


class Program:
    """All modules of a tree. ``problems`` are files that could not be read; each file is parsed once."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.problems: dict[str, Omission] = {}
        self._modules: dict[str, Module | None] = {}
        self._by_name: dict[str, str] = {}
        self._folders: set[str] = set()
        self._found: dict[tuple[str, str], str | None] = {}
        self._by_last: dict[str, list[str]] = {}
        self._busy: set[tuple[str, str]] = set()
        for path in tree.paths():
            name, _ = _dotted(path)
            self._by_name.setdefault(name, path)
            self._by_last.setdefault(name.rpartition(".")[2], []).append(name)
            while name := name.rpartition(".")[0]:
                self._folders.add(name)

    def module(self, path: str) -> Module | None:
        """The module at ``path``, or None: then ``problems`` says why."""
        if path not in self._modules:
            self._modules[path] = self._parse(path)
        return self._modules[path]

    def asked(self) -> frozenset[str]:
        """The paths of all modules that were asked for so far, those that cannot be parsed too."""
        return frozenset(self._modules)

    def finds(self) -> dict[tuple[str, str], str | None]:
        """The answers of :meth:`find` so far, by the name and the importer's folder."""
        return dict(self._found)

    def parsed(self) -> Iterator[Module]:
        """The modules that were asked for so far."""
        yield from (one for one in list(self._modules.values()) if one is not None)

    def readable(self, path: str) -> bool:
        """Whether the file at ``path`` could be parsed, if anybody asked; nothing of it is kept."""
        return self._modules[path] is not None if path in self._modules else self._syntax(path) is not None

    def _parse(self, path: str) -> Module | None:
        found = self._syntax(path)
        if found is None:
            return None
        name, is_package = _dotted(path)
        module = Module(path, name, found[0], is_package, found[1])
        try:
            index(module)
        except RecursionError:
            self._omit(OmissionKind.UNPARSABLE, path, "nested too deeply to be read")
            return None
        return module

    def _syntax(self, path: str) -> tuple[ast.Module, int] | None:
        """The syntax tree and the number of lines; None: then ``problems`` says why."""
        content = self.tree.read(path)
        if content is None:
            self._omit(OmissionKind.NOT_SCANNED, path, "its content could not be read")
            return None
        if len(content) > MAX_BYTES:
            self._omit(OmissionKind.TOO_LARGE, path, f"larger than {MAX_BYTES:,} bytes")
            return None
        try:
            # Python refuses such a file when it runs it; from bytes it parses what stands in comments unread.
            content.decode(detect_encoding(io.BytesIO(content).readline)[0])
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(content)
        except SyntaxError as error:
            self._omit(OmissionKind.UNPARSABLE, path, f"line {error.lineno or 1}: {error.msg}")
            return None
        except UnicodeDecodeError as error:
            what = f"not the encoding that it declares, or UTF-8 where it declares none ({error.reason})"
            self._omit(OmissionKind.UNPARSABLE, path, what)
            return None
        except (ValueError, LookupError) as error:
            self._omit(OmissionKind.UNPARSABLE, path, str(error) or type(error).__name__)
            return None
        except (RecursionError, MemoryError):
            self._omit(OmissionKind.UNPARSABLE, path, "nested too deeply to be parsed")
            return None
        return tree, content.count(b"\n") + 1

    def _omit(self, kind: OmissionKind, path: str, reason: str) -> None:
        self.problems[path] = Omission(kind, STEP, reason, path)

    def find(self, name: str, importer: str) -> str | None:
        """The path of the module that ``import name`` means in the file ``importer``; None: not in the tree.

        Where a tree begins to be a package is not always to be seen, so every folder above the importer may
        be a root, the nearest first.
        """
        key = (name, importer.rpartition("/")[0])
        if key not in self._found:
            self._found[key] = self._find(name, key[1])
        return self._found[key]

    def _find(self, name: str, folder: str) -> str | None:
        if name.partition(".")[0] in sys.stdlib_module_names:
            return None
        base = folder.replace("/", ".")
        while True:
            full = f"{base}.{name}" if base else name
            if full in self._by_name:
                return self._by_name[full]
            if not base:
                break
            base = base.rpartition(".")[0]
        if "." in name:
            ends = [one for one in self._by_last.get(name.rpartition(".")[2], ()) if one.endswith("." + name)]
            if ends:
                return self._by_name[min(ends, key=lambda one: (len(one), one))]
        else:
            for root in ("src", "lib", "python"):
                if f"{root}.{name}" in self._by_name:
                    return self._by_name[f"{root}.{name}"]
        return None

    def imported(self, statement: ast.ImportFrom, module: Module) -> str:
        """The absolute dotted name that ``from ... import`` names."""
        if not statement.level:
            return statement.module or ""
        parts = module.name.split(".")
        up = statement.level - (1 if module.is_package else 0)
        parts = parts[: len(parts) - up] if up else parts
        return ".".join([*parts, *([statement.module] if statement.module else [])])

    def module_ref(self, name: str, importer: str) -> Ref:
        """What ``name`` means as a module: one of the tree, a folder of it, or something outside."""
        path = self.find(name, importer)
        if path is not None:
            return ModuleRef(path)
        return ExternalRef(name)

    def import_from(self, statement: ast.ImportFrom, name: str, module: Module) -> Ref | None:
        """What ``from m import name`` binds; None where only running the module tells."""
        source = self.imported(statement, module)
        path = self.find(source, module.path) if source else None
        if path is not None and path != module.path:
            if (home := self.module(path)) is not None:
                if name in home.bound or home.stars:
                    found = self.static(home, name)
                    if found is not None or name in home.bound:
                        return found
                below = self.find(f"{home.name}.{name}", module.path)
                return ModuleRef(below) if below else ExternalRef(f"{home.name}.{name}")
            return ExternalRef(f"{source}.{name}")
        below = self.find(f"{source}.{name}" if source else name, module.path)
        return ModuleRef(below) if below else ExternalRef(f"{source}.{name}" if source else name)

    def static(self, module: Module, name: str) -> Ref | None:
        """What a name of a module's top level is, where a definition or an import says it alone."""
        key = (module.path, name)
        if key in self._busy:  # imports in a circle
            return None
        self._busy.add(key)
        try:
            return self._static(module, name)
        finally:
            self._busy.discard(key)

    def _static(self, module: Module, name: str) -> Ref | None:
        bound = module.bound.get(name)
        if bound is None:
            for star in module.stars:
                path = self.find(self.imported(star, module), module.path)
                if path and path != module.path and (home := self.module(path)) is not None:
                    found = self.static(home, name)
                    if found is not None:
                        return found
            return None
        for statement in reversed(bound):
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                return FunctionRef(module.functions[name])
            if isinstance(statement, ast.ClassDef):
                return ClassRef(module.classes[name])
            if isinstance(statement, ast.Import):
                for one in statement.names:
                    if one.asname == name:
                        return self.module_ref(one.name, module.path)
                    if one.asname is None and one.name.partition(".")[0] == name:
                        return self.module_ref(name, module.path)
            if isinstance(statement, ast.ImportFrom):
                for one in statement.names:
                    if (one.asname or one.name) == name:
                        return self.import_from(statement, one.name, module)
        return None

    def attribute(self, owner: Ref, name: str, importer: str) -> Ref | None:
        """What ``owner.name`` is, for modules, classes and what is outside."""
        if isinstance(owner, ModuleRef):
            module = self.module(owner.path)
            if module is not None:
                if name in module.bound or module.stars:
                    found = self.static(module, name)
                    if found is not None or name in module.bound:
                        return found
                below = self.find(f"{module.name}.{name}", importer)
                return ModuleRef(below) if below else ExternalRef(f"{module.name}.{name}")
        if isinstance(owner, ExternalRef):
            below = self.find(f"{owner.name}.{name}", importer) if owner.name in self._folders else None
            return ModuleRef(below) if below else ExternalRef(f"{owner.name}.{name}")
        if isinstance(owner, ClassRef) and name in owner.info.inner:
            return ClassRef(owner.info.inner[name])
        return None

    def resolve(self, node: ast.expr, module: Module) -> Ref | None:
        """What a dotted expression of a module's top level means, without running anything."""
        if isinstance(node, ast.Name):
            found = self.static(module, node.id)
            if found is None and node.id not in module.bound:
                return ExternalRef(node.id)
            return found
        if isinstance(node, ast.Attribute):
            owner = self.resolve(node.value, module)
            return self.attribute(owner, node.attr, module.path) if owner is not None else None
        if isinstance(node, ast.Subscript | ast.Call):
            return self.resolve(node.value if isinstance(node, ast.Subscript) else node.func, module)
        return None

    def order(self, info: ClassInfo) -> tuple[ClassInfo | str, ...]:
        """A class, its bases and theirs, each once, depth first; names for bases outside the tree."""
        if info.order is None:
            info.order = (info,)  # what a class that inherits from itself sees
            found: list[ClassInfo | str] = [info]
            for base in info.node.bases:
                reference = self.resolve(base, info.module)
                if isinstance(reference, ClassRef):
                    more = self.order(reference.info)
                elif isinstance(reference, ExternalRef):
                    more = (reference.name,)
                else:
                    more = ("?",)
                found.extend(one for one in more if one not in found)
            info.order = tuple(found[:24])
        return info.order


def _dotted(path: str) -> tuple[str, bool]:
    """The dotted name of a path, and whether it is a package's ``__init__``."""
    stem = path.rpartition(".")[0]
    name = stem.replace("/", ".")
    if name == "__init__":
        return "", True
    if name.endswith(".__init__"):
        return name.removesuffix(".__init__"), True
    return name, False
