"""What the actions of ``riskbot zones`` share: finding the zones file, opening the tree, checking it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from riskbot.surfaces import terminal

if TYPE_CHECKING:
    from riskbot.detect.flows.trees.folder import FolderTree
    from riskbot.detect.flows.trees.kept import KeptTree
    from riskbot.domain.change import Omission
    from riskbot.domain.finding import Evidence, Finding, Location
    from riskbot.domain.zones import Flow, Zones
    from riskbot.report.zones.checked import Checked


@dataclass(frozen=True, slots=True)
class Ground:
    """The zones that hold (``file`` as typed), where their repository begins, and the files looked at."""

    file: str
    text: bytes
    zones: Zones
    top: Path
    tree: FolderTree
    kept: KeptTree

    def shown(self, path: str) -> str:
        """Write a path of the tree for readers: from the current folder, or in full where it lies outside."""
        typed = Path(self.tree.shown(path))
        there = self.top / typed
        return str(there.relative_to(Path.cwd()) if there.is_relative_to(Path.cwd()) else there)


def add_arguments(parser: argparse.ArgumentParser, *, paths: bool = True) -> None:
    """Declare what all actions take."""
    if paths:
        parser.add_argument(
            "paths",
            nargs="*",
            metavar="PATH",
            help="a file or folder to look at (default: the current folder)",
        )
    parser.add_argument(
        "--zones",
        metavar="FILE",
        help="the zones (default: .riskbot/zones.yaml, here or in a folder above PATH)",
    )


def add_output(parser: argparse.ArgumentParser, *, color: bool = True) -> None:
    """Declare where the words go."""
    parser.add_argument("--output", metavar="FILE", help="write to FILE, whole or not at all")
    if color:
        parser.add_argument(
            "--color",
            choices=("auto", "always", "never"),
            default="auto",
            help="colour in text (default: auto)",
        )


def open_zones(arguments: argparse.Namespace, paths: Sequence[str] = ()) -> tuple[str, bytes, Zones, Path]:
    """Read the zones: their file's name, text and meaning, and the folder that patterns of paths start at.

    Raises UsageError where there is no such file, ConfigError where it is wrong.
    """
    from riskbot.detect.flows.language.zones import load
    from riskbot.domain.errors import UsageError

    there = _absolute(arguments.zones) if arguments.zones is not None else _found(paths)
    file = arguments.zones or os.path.relpath(there)
    try:
        with there.open("rb") as opened:
            text = opened.read(2**20)
    except OSError as problem:
        raise UsageError(
            f"{file} cannot be read: {problem.strerror}.", mend="Name a zones file."
        ) from problem
    inside = there.parent.name == ".riskbot"
    return file, text, load(text, file), there.parent.parent if inside else Path.cwd()


def _absolute(file: str) -> Path:
    """Make a path absolute without following links: one that is named stays one."""
    return Path(os.path.normpath(Path.cwd() / file))


def _found(paths: Sequence[str]) -> Path:
    """Look for the file in the current folder and those above it, then above each path."""
    from riskbot.detect.flows import PATH
    from riskbot.domain.errors import UsageError

    for start in (".", *paths):
        here = _absolute(start)
        for folder in (here, *here.parents):
            if (folder / PATH).is_file():
                return folder / PATH
    raise UsageError(
        f"There is no {PATH} here or in a folder above.", mend="Name a zones file with --zones FILE."
    )


def open_ground(arguments: argparse.Namespace) -> Ground:
    """Read the zones and list the files; UsageError for a path that is not there."""
    from riskbot.detect.flows.trees.folder import FolderTree
    from riskbot.detect.flows.trees.kept import KeptTree

    paths = arguments.paths or ["."]
    file, text, zones, top = open_zones(arguments, paths)
    tree = FolderTree([_absolute(path) for path in paths], top)
    return Ground(file, text, zones, top, tree, KeptTree(tree, zones))


def check(ground: Ground, progress: Callable[[str], None], *, semgrep: bool = False) -> Checked:
    """Find all flows, those of other languages by semgrep, and write their paths as they would be typed."""
    from riskbot.detect.flows.cache import Store
    from riskbot.detect.flows.compare import compare
    from riskbot.detect.flows.findings import finding
    from riskbot.detect.flows.incremental import analyse
    from riskbot.detect.flows.others.scan import beside
    from riskbot.detect.flows.rules import OPENED
    from riskbot.report.zones.checked import Checked

    progress("Following the data")
    store = Store(f"zones check of {ground.top}")
    analysis = analyse(ground.kept, ground.zones, store=store, told=ground.kept.paths())
    store.save()
    flows, problems = list(analysis.flows), list(analysis.problems)
    others, more, count = _others(ground, progress, semgrep=semgrep)
    flows = sorted(
        [*flows, *beside(flows, others)],
        key=lambda flow: (flow.file, flow.line, flow.zone, flow.sink, flow.source),
    )
    omissions = dict.fromkeys(_shown(ground, (*ground.kept.omissions(), *problems, *more)))
    told = compare((), flows, renames={}, added={}, old=ground.kept.read, new=ground.kept.read).told
    findings = {id(one.flow): finding(one) for one in told}
    return Checked(
        file=ground.file,
        zones=ground.zones,
        flows=tuple(_flow(ground, flow) for flow in flows),
        findings=tuple(_finding(ground, findings[id(flow)]) for flow in flows),
        rules=(OPENED,),
        omissions=tuple(omissions),
        looked_at=len(ground.kept.paths()) + count,
        code=_code(ground, flows),
    )


def _others(
    ground: Ground, progress: Callable[[str], None], *, semgrep: bool
) -> tuple[list[Flow], list[Omission], int]:
    """Check files of other languages by the rules that the zones compile to."""
    from riskbot.detect.flows.others import scan as others

    paths = ground.kept.files(others.ENDINGS)
    python = ground.kept.files(others.PYTHON) if semgrep else ()
    if not paths and not python:
        return [], [], 0
    progress("Asking semgrep")
    flows, omissions = others.check(ground.kept, ground.zones, [*paths, *python])
    return list(flows), list(omissions), len(paths)


def _shown(ground: Ground, omissions: Sequence[Omission]) -> list[Omission]:
    """Tell each file once: where the tree and the engine both say why, the tree knows better."""
    first = {one.path or one.reason: one for one in reversed(omissions)}
    return [
        one if one.path is None else replace(one, path=ground.shown(one.path))
        for one in sorted(first.values(), key=lambda one: (one.path or "", one.reason))
    ]


def _flow(ground: Ground, flow: Flow) -> Flow:
    steps = tuple(replace(step, file=ground.shown(step.file)) for step in flow.path)
    return replace(flow, file=ground.shown(flow.file), path=steps)


def _finding(ground: Ground, finding: Finding) -> Finding:
    def there(where: Location) -> Location:
        return replace(where, path=ground.shown(where.path))

    def step(one: Evidence) -> Evidence:
        return one if one.where is None else replace(one, where=there(one.where))

    return replace(finding, location=there(finding.location), flow=tuple(step(one) for one in finding.flow))


def _code(ground: Ground, flows: Sequence[Flow]) -> dict[tuple[str, int], bytes]:
    """Read the lines that steps stand on."""
    wanted: dict[str, set[int]] = {}
    for flow in flows:
        for step in flow.path:
            wanted.setdefault(step.file, set()).add(step.line)
    code: dict[tuple[str, int], bytes] = {}
    for path, numbers in wanted.items():
        lines = (ground.kept.read(path) or b"").split(b"\n")
        for number in numbers:
            if 0 < number <= len(lines):
                code[ground.shown(path), number] = lines[number - 1][:2000]
    return code


def tell(omissions: Sequence[Omission]) -> None:
    """Write what was not analysed to standard error, for formats that have no place for it."""
    from riskbot.report.escape import terminal as harmless

    for one in omissions:
        path = f"{one.path}: " if one.path else ""
        sys.stderr.write(f"not analysed: {harmless(path + one.reason)}\n")


def look(arguments: argparse.Namespace) -> tuple[bool, int, bool]:
    """Return what the terminal can show: colour, its width, more than ASCII."""
    shown = arguments.output in {None, "-"}
    return (
        shown and terminal.wants_color(sys.stdout, arguments.color),
        terminal.width(sys.stdout),
        not shown or terminal.speaks_unicode(sys.stdout),
    )
