"""What the repository's manifests provide: the distributions declared, locked, or brought along."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from riskbot.detect.dependencies import names
from riskbot.detect.dependencies.manifests import Manifest, normalised, read
from riskbot.domain.change import Surroundings
from riskbot.domain.manifests import ManifestKind, manifest_kind

_LOCKED = re.compile(rb'^name = "([A-Za-z0-9][\w.\-]*)"', re.MULTILINE)
_PIPFILE_LOCKED = re.compile(rb'^ {8}"([A-Za-z0-9][\w.\-]*)": \{', re.MULTILINE)
# The block of metadata in a single-file script (PEP 723), as its specification's own expression finds it.
_SCRIPT = re.compile(r"(?m)^# /// script$\s(?P<content>(^#(| .*)$\s)+)^# ///$")


@dataclass(frozen=True)
class Provided:
    """What the manifests around a change provide. Read when first asked for: most changes never ask."""

    around: Surroundings
    _asked: dict[str, bool] = field(default_factory=dict)

    @cached_property
    def manifests(self) -> tuple[Manifest, ...]:
        """Read every manifest that people write; lock files are only searched for names."""
        found = (
            read(path, content)
            for path, content in self.around.manifests
            if (kind := manifest_kind(path)) is not None and not kind.is_lock
        )
        return tuple(one for one in found if one is not None)

    @cached_property
    def declared(self) -> frozenset[str]:
        """The normalised names of all distributions that any manifest declares."""
        return frozenset(entry.name for one in self.manifests for entry in one.declared)

    @cached_property
    def here(self) -> frozenset[str]:
        """The normalised names of the projects that the manifests themselves build."""
        return frozenset(name for one in self.manifests for name in one.provides)

    @cached_property
    def locked(self) -> frozenset[str]:
        """The normalised names in lock files, and of the extras that are asked for."""
        found = {extra for one in self.manifests for entry in one.declared for extra in entry.extras}
        for path, content in self.around.manifests:
            kind = manifest_kind(path)
            if kind is not None and kind.is_lock:
                pattern = _PIPFILE_LOCKED if kind is ManifestKind.PIPFILE_LOCK else _LOCKED
                found |= {name.decode() for name in pattern.findall(content)}
        return frozenset(normalised(name) for name in found)

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """What may declare more than could be read: in words, each with its path.

        A setup.py that reads its requirements from files is none where there are such files.
        """
        files = any(one.kind is ManifestKind.REQUIREMENTS and one.declared for one in self.manifests)
        setup = any(
            one.kind in (ManifestKind.SETUP_PY, ManifestKind.SETUP_CFG) and one.declared
            for one in self.manifests
        )
        found = list(self.around.omitted)
        for one in self.manifests:
            for problem in one.problems:
                elsewhere = files or setup if "dynamic" in problem else files and "not written out" in problem
                if not elsewhere and not problem.startswith("line "):
                    found.append(f"{one.path}: {problem}")
        return tuple(found)

    def has(self, module: str) -> bool:
        """Tell whether a declared distribution provides ``module``, by the table of names or by likeness."""
        if (known := self._asked.get(module)) is None:
            known = self._asked[module] = _among(self.declared, module)
        return known

    def is_project(self, module: str) -> bool:
        """Tell whether a project that is built here provides ``module``, though no source of it is here."""
        return _among(self.here, module)

    def brings(self, module: str) -> bool:
        """Tell whether only a lock file or an extra names a distribution that provides ``module``."""
        return _among(self.locked, module)


def _among(distributions: frozenset[str], module: str) -> bool:
    known = any(name in distributions for name in names.providers(module))
    return known or any(names.may_provide(name, module) for name in distributions)


def script_requirements(text: str) -> frozenset[str]:
    """Read the names that a script declares for itself (PEP 723)."""
    match = _SCRIPT.search(text)
    if match is None:
        return frozenset()
    block = "".join(
        line[2:] if line.startswith("# ") else line[1:] for line in match["content"].splitlines(keepends=True)
    )
    try:
        wanted: Any = tomllib.loads(block).get("dependencies", [])
    except (tomllib.TOMLDecodeError, RecursionError):
        return frozenset()
    texts: Sequence[Any] = wanted if isinstance(wanted, list) else []
    heads = (re.match(r"\s*([A-Za-z0-9][\w.\-]*)", one) for one in texts if isinstance(one, str))
    return frozenset(normalised(one[1]) for one in heads if one)
