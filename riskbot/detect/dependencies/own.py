"""The repository's own modules: which names an import can mean, in every layout Python can be run from."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

_SOURCES = ("", "src", "lib", "python")
_ENDINGS = (".py", ".pyi", ".pyw", ".pyx", ".so", ".pyd")


class Found(Enum):
    """How an absolute name stands to the repository's modules.

    OWN: at the top, in ``src`` or beside a project's manifest. NEAR: in another folder that may be on the
    path. INSIDE: only within a package, where no path leads. MISSING: its package is the repository's own,
    and has no such part. FOREIGN: nothing here is so called.
    """

    OWN = "own"
    NEAR = "near"
    INSIDE = "inside"
    MISSING = "missing"
    FOREIGN = "foreign"


class Own:
    """An index of all modules in a tree.

    Any folder that is no package may be on ``sys.path`` (the top, ``src``, a script's own folder, the folder
    of tests, a project of a monorepo), and so may every folder above the importing file.
    """

    def __init__(
        self, modules: Iterable[str], opaque: Iterable[str] = (), projects: Iterable[str] = ()
    ) -> None:
        """Index ``modules``, paths; ``opaque`` are submodules and links, whose inside is not known.

        ``projects`` are the folders of manifests, "" for the top.
        """
        self._strong = frozenset(
            f"{folder}/{source}".strip("/") for folder in ("", *projects) for source in _SOURCES
        )
        self.files = frozenset(modules)
        self._children: dict[str, set[str]] = {}
        self._at: dict[str, set[str]] = {}
        self._opaque = {path.rpartition("/")[2].partition(".")[0] for path in opaque}
        self._opaque_paths = tuple(opaque)
        for path in self.files:
            folder, _, name = path.rpartition("/")
            stem = name.partition(".")[0]
            if name.endswith(_ENDINGS):
                self._add(folder, stem)

    def _add(self, folder: str, name: str) -> None:
        """Enter a module and the folders around it, each once."""
        while name not in (known := self._children.setdefault(folder, set())):
            known.add(name)
            self._at.setdefault(name, set()).add(folder)
            if not folder:
                return
            folder, _, name = folder.rpartition("/")

    def is_package(self, folder: str) -> bool:
        """Tell whether a folder is a regular package."""
        return "__init__" in self._children.get(folder, ())

    def find(self, module: str, importer: str) -> tuple[Found, str]:
        """Look an absolute module name up as the file ``importer`` would mean it.

        MISSING comes with the first part of the name that no file stands for.
        """
        top, *rest = module.split(".")
        if top in self._opaque:
            return Found.OWN, ""
        folders = self._at.get(top)
        if not folders:
            return Found.FOREIGN, ""
        roots = [folder for folder in folders if not self.is_package(folder)]
        strong = [folder for folder in roots if folder in self._strong]
        if not strong:
            near = roots or importer.rpartition("/")[0] in folders
            return (Found.NEAR if near else Found.INSIDE), ""
        gaps = {self._gap(root, top, rest) for root in roots}
        return (Found.OWN, "") if "" in gaps else (Found.MISSING, max(gaps, key=len))

    def _gap(self, root: str, top: str, rest: list[str]) -> str:
        """Give the shortest dotted name under ``root`` that nothing stands for; "" if all of it does."""
        at, name = f"{root}/{top}".lstrip("/"), top
        for part in rest:
            if not self.is_package(at):
                return ""  # a namespace package may go on elsewhere, a module may set attributes
            if part not in self._children[at]:
                return "" if self._may_be_made(at, part) else f"{name}.{part}"
            at, name = f"{at}/{part}", f"{name}.{part}"
        return ""

    def relative(self, importer: str, level: int, module: str) -> str:
        """Give what a relative import names that does not exist, as a dotted name; "" where it exists."""
        folder = importer.rpartition("/")[0]
        for _ in range(level - 1):
            folder = folder.rpartition("/")[0]
        if not module or not self.is_package(folder):
            return ""
        at = folder
        for part in module.split("."):
            if at not in self._children:
                return ""
            if part not in self._children[at]:
                return "" if self._may_be_made(at, part) else "." * level + module
            at = f"{at}/{part}".lstrip("/")
        return ""

    def _may_be_made(self, folder: str, part: str) -> bool:
        """Tell whether a module may be built and not kept: an extension, a version, a protocol's stubs."""
        if (
            part.startswith("_")
            or part in ("version", "build_info")
            or part.endswith(("_pb2", "_pb2_grpc", "_rs"))
        ):
            return True
        return any(path == f"{folder}/{part}".lstrip("/") or path == folder for path in self._opaque_paths)

    def file_of(self, module: str, importer: str, level: int) -> tuple[str, ...]:
        """Give the paths that the module's own file may have."""
        if level:
            folder = importer.rpartition("/")[0]
            for _ in range(level - 1):
                folder = folder.rpartition("/")[0]
            roots = [folder]
        else:
            roots = sorted(self._at.get(module.partition(".")[0], ()))
        stems = ["/".join([*([root] if root else []), *module.split(".")]).strip("/") for root in roots]
        return tuple(one for stem in stems for one in (f"{stem}.py", f"{stem}/__init__.py"))

    def has_submodule(self, file: str, name: str) -> bool:
        """Tell whether a package, by the path of its ``__init__.py``, has a module of that name."""
        folder = file.removesuffix("/__init__.py")
        return folder != file and name in self._children.get(folder, ())
