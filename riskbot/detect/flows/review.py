"""One change against the zones: both trees and their flows, the edits of the zones, and the gaps."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

from riskbot.detect.cell import inside
from riskbot.detect.flows import PATH, rules
from riskbot.detect.flows.cache import Store
from riskbot.detect.flows.compare import Comparison, Told, compare, key
from riskbot.detect.flows.edits import changes
from riskbot.detect.flows.findings import finding, preview, unread
from riskbot.detect.flows.incremental import Analysis, analyse
from riskbot.detect.flows.language.zones import load
from riskbot.detect.flows.others import scan as others
from riskbot.detect.flows.trees.kept import KeptTree
from riskbot.detect.flows.trees.revision import OverlayTree, Readable, at_revision, empty
from riskbot.detect.flows.trees.tree import PYTHON, STEP
from riskbot.detect.structure.source import looks_like_python
from riskbot.domain.change import Change, FileDiff, FileStatus, Omission, OmissionKind
from riskbot.domain.errors import ConfigError
from riskbot.domain.finding import Detection, Finding
from riskbot.domain.zones import Flow, Zones
from riskbot.outside.git import Git


class Analyse(Protocol):
    """How a tree is analysed by zones."""

    def __call__(self, tree: Readable, zones: Zones) -> Analysis:
        """Find the tree's flows."""


MOST = 200
"""So many findings of each fate are told one by one; the newly opened ones come first."""


def review(
    change: Change, git: Git | None, seconds: float, cache: Path | None, *, semgrep: bool = False
) -> Detection:
    """Look at the change by the base's zones; see :class:`riskbot.detect.flows.detector.FlowsDetector`."""
    deadline = time.monotonic() + seconds
    text = change.charter.text(PATH)
    zones = Zones() if text is None else load(text, PATH)
    proposed = _proposed(change)
    found = [each for file in change.files for each in changes.of_zones(file)]
    found += changes.of_code(change, zones)
    omissions: list[Omission] = []
    endings = (*others.ENDINGS, *(others.PYTHON if semgrep else ()))
    if proposed or (zones.zones and any(_asked(file) for file in change.files)):
        name = "no repository" if git is None else str(git.directory)
        with _sides(change, git) as (base, head):
            store = Store(name, cache)
            analysing = partial(_analyse, change, store, deadline, endings=endings)
            look = _Look(change, base, head, analysing, deadline)
            found += look.compared(zones)
            found += look.previewed(zones, proposed) if proposed else ()
            omissions += look.omissions
            store.save()
        if git is None:
            reason = "without a repository, flows were only looked for within the files of the change"
            omissions.append(Omission(OmissionKind.CONTENT_UNKNOWN, STEP, reason))
    fired = {each.rule for each in found}
    told = tuple(rule for rule in (*rules.RULES, *changes.RULES) if rule.id in fired)
    return Detection(tuple(found), tuple(dict.fromkeys(omissions)), rules=told)


def _proposed(change: Change) -> Zones | None:
    """Read the zones that the change proposes, for the preview; None where there are none to be read."""
    for file in change.files:
        if file.new_path == PATH and file.new is not None:
            try:
                return load(file.new, PATH)
            except ConfigError:
                return None  # an edit that breaks the file is a finding of its own
    return None


def _analyse(
    change: Change, store: Store, deadline: float, tree: Readable, zones: Zones, *, endings: tuple[str, ...]
) -> Analysis:
    """Find the flows of a tree: of all its Python, and by semgrep of the change's own files so ending."""
    tree = KeptTree(tree, zones)
    touched = {path for file in change.files for path in (file.old_path, file.new_path) if path is not None}
    done = Analysis()
    if any(_python(file) or PATH in {file.old_path, file.new_path} for file in change.files):
        told = touched.intersection(tree.paths())
        done = analyse(tree, zones, store=store, told=told, deadline=deadline)
    problems = (*done.problems, *tree.omissions())
    foreign = [path for path in tree.files(endings) if path in touched]
    if not foreign:
        return Analysis(done.flows, problems)
    left = max(0.1, deadline - time.monotonic())
    flows, gaps = others.check(tree, zones, foreign, seconds=left, new_group=not inside())
    return Analysis((*done.flows, *others.beside(done.flows, flows)), (*problems, *gaps))


def _asked(file: FileDiff) -> bool:
    """Tell whether anybody looks for flows in the file: a change has pictures, too."""
    return _python(file) or file.path.endswith(others.ENDINGS)


def _python(file: FileDiff) -> bool:
    """Tell whether either side of the file is Python source, by its name or its first line."""
    return any(
        path is not None and _is_python(path, content)
        for path, content in ((file.old_path, file.old), (file.new_path, file.new))
    )


def _is_python(path: str, content: bytes | None) -> bool:
    return path.endswith(PYTHON) or (not path.endswith(".pyi") and looks_like_python(path, content))


@contextmanager
def _sides(change: Change, git: Git | None) -> Iterator[tuple[Readable, Readable]]:
    """Open the base's tree and the head's, which is the base's with the change put over it."""
    if git is None or change.base is None:
        base = OverlayTree(empty(), change.files, new=False, is_python=_python)
        yield base, OverlayTree(empty(), change.files, is_python=_python)
        return
    scripts = [file.old_path for file in change.files if file.old_path is not None and _python(file)]
    with at_revision(git, change.base, scripts) as tree:
        yield tree, OverlayTree(tree, change.files, is_python=_python)


class _Look:
    """Both trees of one change; ``omissions`` says what of them could not be looked at."""

    def __init__(
        self, change: Change, base: Readable, head: Readable, analyse: Analyse, deadline: float
    ) -> None:
        self._change, self._base, self._head, self._analyse = change, base, head, analyse
        self._deadline = deadline
        self._renames = {
            file.old_path: file.new_path
            for file in change.files
            if file.status is FileStatus.RENAMED and file.old_path is not None and file.new_path is not None
        }
        self._added = {
            file.new_path: file.added_lines() for file in change.files if file.new_path is not None
        }
        self._touched = {path for file in change.files for path in (file.old_path, file.new_path) if path}
        self.omissions: list[Omission] = []

    def compared(self, zones: Zones) -> Iterator[Finding]:
        """Find what the change does to flows by the zones that it is judged by."""
        if not zones.zones:
            return
        # The head first: if the time is short, what the base had is what nobody knows.
        after, problems = self._side(self._head, zones)
        before, earlier = self._side(self._base, zones)
        result = self._compare(before, after)
        opened = [told for told in result.told if told.fate == "opened"]
        others = [told for told in result.told if told.fate != "opened" and self._near(told)]
        for fate in (opened, others, list(result.closed)):
            yield from self._bounded(fate)
        yield from self._gaps(problems, earlier)

    def previewed(self, zones: Zones, proposed: Zones) -> Iterator[Finding]:
        """Find what the zones that the change proposes forbid beyond those of the base."""
        now, _ = self._side(self._head, zones) if zones.zones else ((), ())
        then, problems = self._side(self._head, proposed)
        known = {key(flow) for flow in now}
        fresh = [told for told in self._compare((), then).told if key(told.flow) not in known]
        yield from (preview(told) for told in fresh[:MOST])
        yield from () if zones.zones else self._gaps(problems, ())

    def _side(self, tree: Readable, zones: Zones) -> tuple[tuple[Flow, ...], tuple[Omission, ...]]:
        done = self._analyse(tree, zones)
        return done.flows, done.problems

    def _compare(self, before: Sequence[Flow], after: Sequence[Flow]) -> Comparison:
        return compare(
            before,
            after,
            renames=self._renames,
            added=self._added,
            old=self._base.read,
            new=self._head.read,
        )

    def _near(self, told: Told) -> bool:
        """Tell whether the flow passes through a file of the change."""
        return told.flow.file in self._touched or any(step.file in self._touched for step in told.flow.path)

    def _bounded(self, told: Sequence[Told]) -> Iterator[Finding]:
        yield from (finding(one) for one in told[:MOST])
        if len(told) > MOST:
            reason = f"{len(told) - MOST} more {told[0].fate} flows were found; they are not told one by one"
            self.omissions.append(Omission(OmissionKind.NOT_SCANNED, STEP, reason))

    def _gaps(self, head: Sequence[Omission], base: Sequence[Omission]) -> Iterator[Finding]:
        """Sort what was not read: what the change touches, or time forbade, is an Omission of the change.

        A file that it leaves alone was as little read before: that is told without holding every change.
        """
        late = [one for one in base if one.kind is OmissionKind.TIMEOUT or one.path is None]
        over = time.monotonic() >= self._deadline  # else a file by itself takes more work than is allowed
        missing = {one.path: one for one in (*head, *base) if one.kind is OmissionKind.MISSING_OBJECT}
        if missing:
            files = "a file" if len(missing) == 1 else f"{len(missing)} files"
            reason = f"what flows may pass through is not all in this clone: {files} missing"
            self.omissions.append(Omission(OmissionKind.MISSING_OBJECT, STEP, reason))
        aside: dict[str, Omission] = {}
        for one in dict.fromkeys((*head, *late)):
            if one.kind is OmissionKind.MISSING_OBJECT or not self._asked(one.path):
                continue
            if one.path is None or one.path in self._touched or (over and one.kind is OmissionKind.TIMEOUT):
                self.omissions.append(one)
            else:
                aside.setdefault(one.path, one)
        if aside:
            yield unread(list(aside.values()))

    def _asked(self, path: str | None) -> bool:
        """Tell whether anybody would have looked at the path."""
        if path is None or path.endswith(PYTHON):
            return True
        return any(_asked(file) for file in self._change.files if path == file.new_path)
