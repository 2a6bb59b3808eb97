"""Packages that a module imports for the first time."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import libcst as cst

from riskbot.detect.structure.compare import FilePair
from riskbot.detect.structure.names import imported
from riskbot.detect.structure.unit import Unit
from riskbot.detect.structure.world import Hit, World, fresh, is_test, shorten
from riskbot.domain.finding import Severity

_TYPING = {"_typeshed", "typing_extensions"}  # stubs, and a backport that nearly everything brings along


def check_change(world: World) -> Iterator[Hit]:
    """One finding for all third-party packages that no file of the change imported before."""
    ours, known = _own(world), _imported_before(world)
    found: dict[str, tuple[FilePair, int]] = {}
    for home in world.files:
        for name, line in _imports(home):
            package = name.partition(".")[0]
            if package and package not in sys.stdlib_module_names | ours | known | _TYPING:
                best = found.get(package)
                if best is None or (is_test(best[0].path) and not is_test(home.path)):
                    found[package] = (home, line)
    if not found:
        return
    names = sorted(found, key=lambda name: (is_test(found[name][0].path), name))
    home, line = found[names[0]]
    outline = home.new
    verb = "is the package" if len(names) == 1 else "are the packages"
    yield Hit(
        "structure.new-dependency",
        home.path,
        outline.source.git_line(line) if outline else None,
        f"No file of this change imported {shorten(names)} before: {verb} declared, pinned and trusted?",
        " ".join(names),
        evidence=tuple(f"{name} in {found[name][0].path}" for name in names[:20]),
        severity=Severity.INFO if is_test(home.path) or home.old is None else None,
    )


def _imports(home: FilePair) -> Iterator[tuple[str, int]]:
    """(module, line) of what the new side imports: at module level, and inside functions that changed."""
    if home.new is None:
        return
    yield from ((name, line) for name, line in home.new.modules.items() if line not in home.new.typing)
    for _, _, unit in fresh(home) if not is_test(home.path) else ():  # whole new tests are not read
        for node in _statements(unit) if unit.definition else ():
            yield from ((module, unit.source_line(node)) for _, module, _ in imported(node))


def _statements(unit: Unit) -> list[cst.Import | cst.ImportFrom]:
    return [*unit.of(cst.Import), *unit.of(cst.ImportFrom)]


def _own(world: World) -> set[str]:
    """Every folder and module name on the paths of the change: imports of these are the repository's own."""
    return {
        part.removesuffix(".py").removesuffix(".pyi") for home in world.files for part in home.path.split("/")
    }


def _imported_before(world: World) -> set[str]:
    at_top = {name for home in world.files if home.old for name in home.old.modules}
    inside = {
        module
        for home in world.files
        for pair in home.pairs
        if not is_test(home.path) and pair.before and not pair.same_text and pair.old
        for node in _statements(pair.old)
        for _, module, _ in imported(node)
    }
    return {name.partition(".")[0] for name in at_top | inside}
