"""Where an import comes from: the standard library, this repository, a declared distribution, or nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from riskbot.detect.dependencies import names
from riskbot.detect.dependencies.fresh import parse
from riskbot.detect.dependencies.imports import Imported, bound_names
from riskbot.detect.dependencies.own import Found, Own
from riskbot.detect.dependencies.provided import Provided
from riskbot.domain.change import Change, Surroundings

_RUN_BY = {
    "setup.py": "setuptools",
    "noxfile.py": "nox",
    "tasks.py": "invoke",
    "fabfile.py": "fabric",
    "dodo.py": "doit",
    "conftest.py": "pytest",
    "locustfile.py": "locust",
}
"""Files that a tool runs: the tool is there when they are, wherever it was installed from."""


class Lack(Enum):
    """What is wrong with an import, worst first."""

    UNDECLARED = "undeclared"
    NO_MODULE = "no such module here"
    NO_NAME = "no such name here"
    TRANSITIVE = "only brought along"
    INSIDE = "only inside a package"


@dataclass(frozen=True, slots=True)
class Missing:
    """An import that nothing provides; ``name`` is the part that is missing."""

    lack: Lack
    name: str


@dataclass(frozen=True)
class Resolver:
    """Resolves imports in the head's tree of a change."""

    change: Change
    around: Surroundings
    _names: dict[str, frozenset[str] | None] = field(default_factory=dict)

    @cached_property
    def own(self) -> Own:
        """The repository's own modules."""
        folders = {path.rpartition("/")[0] for path, _ in self.around.manifests}
        return Own(self.around.modules, self.around.opaque, folders)

    @cached_property
    def provided(self) -> Provided:
        """What its manifests provide."""
        return Provided(self.around)

    @cached_property
    def _contents(self) -> dict[str, bytes]:
        return {
            file.new_path: file.new for file in self.change.files if file.new_path and file.new is not None
        }

    def missing(self, one: Imported, path: str, script: frozenset[str]) -> Missing | None:
        """Say what an import of the file ``path`` lacks, None where it is provided.

        ``script`` are the names that the file declares for itself.
        """
        if one.level:
            gap = self.own.relative(path, one.level, one.module)
            return Missing(Lack.NO_MODULE, gap) if gap else self._name(one, path)
        if names.is_standard(one.module):
            return None
        found, gap = self.own.find(one.module, path)
        if found is Found.OWN:
            return self._name(one, path)
        if any(name in script for name in names.providers(one.module)) or self.provided.has(one.module):
            return None
        if found is Found.NEAR or _RUN_BY.get(path.rpartition("/")[2]) == one.top:
            return None
        if found is Found.MISSING:
            return Missing(Lack.NO_MODULE, gap)
        if self.provided.is_project(one.module):
            return None
        inside = Lack.INSIDE if found is Found.INSIDE else Lack.UNDECLARED
        lack = Lack.TRANSITIVE if self.provided.brings(one.module) else inside
        return Missing(lack, one.module if one.top in ("google", "azure") else one.top)

    def _name(self, one: Imported, path: str) -> Missing | None:
        """Say which name a module of the repository does not have, where its content is in the change."""
        if not one.names:
            return None
        files = [file for file in self.own.file_of(one.module, path, one.level) if file in self.own.files]
        if len(files) != 1 or files[0] not in self._contents or files[0] == path:
            return None
        bound = self._bound(files[0])
        if bound is None:
            return None
        for name in one.names:
            dunder = name.startswith("__") or name == "*"
            if not dunder and name not in bound and not self.own.has_submodule(files[0], name):
                return Missing(Lack.NO_NAME, f"{'.' * one.level}{one.module}.{name}")
        return None

    def _bound(self, file: str) -> frozenset[str] | None:
        """Give the names that a file of the change binds; None where that cannot be known. Kept."""
        if file not in self._names:
            tree = parse(self._contents[file])
            self._names[file] = bound_names(tree) if tree is not None else None
        return self._names[file]
