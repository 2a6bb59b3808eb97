"""Packages that a module imports for the first time."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from riskbot.detect.structure.compare import FilePair
from riskbot.detect.structure.world import Hit, World, is_test
from riskbot.domain.finding import Severity


def check(home: FilePair, world: World) -> Iterator[Hit]:
    """One finding per file for third-party packages that no file of the change imported before."""
    if home.new is None:
        return
    ours, known = _own(world), _imported_before(world)
    new = {
        name.partition(".")[0]: line
        for name, line in home.new.modules.items()
        if not name.startswith(".") and name.partition(".")[0] not in sys.stdlib_module_names | ours | known
    }
    if new:
        names = sorted(new)
        yield Hit(
            "structure.new-dependency",
            home.path,
            home.new.source.git_line(min(new.values())),
            f"First import of {', '.join(f'`{name}`' for name in names)} in this change's files: is the package"
            " declared, pinned and trusted?",
            " ".join(names),
            severity=Severity.INFO if is_test(home.path) or home.old is None else None,
        )


def _own(world: World) -> set[str]:
    """Every folder and module name on the paths of the change: imports of these are the repository's own."""
    return {
        part.removesuffix(".py").removesuffix(".pyi") for home in world.files for part in home.path.split("/")
    }


def _imported_before(world: World) -> set[str]:
    return {name.partition(".")[0] for home in world.files if home.old for name in home.old.modules}
