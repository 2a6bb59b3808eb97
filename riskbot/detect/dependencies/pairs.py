"""The manifests of a change, before and after, and what else declares dependencies beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from riskbot.detect.dependencies.manifests import Declared, Manifest, read
from riskbot.domain.change import Change, FileDiff, Omission, OmissionKind
from riskbot.domain.manifests import ManifestKind, manifest_kind

_STEP = "dependencies"
_LINKS = ("120000", "160000")


@dataclass(frozen=True)
class Pair:
    """One manifest of the change: ``before`` None where it is new, ``after`` None where it is gone."""

    file: FileDiff
    before: Manifest | None
    after: Manifest | None

    @cached_property
    def old(self) -> dict[str, list[Declared]]:
        """What it declared, by name."""
        return _by_name(self.before)

    @cached_property
    def new(self) -> dict[str, list[Declared]]:
        """What it declares, by name."""
        return _by_name(self.after)

    @property
    def path(self) -> str:
        """Where it is, or was."""
        return self.file.path

    @property
    def kind(self) -> ManifestKind:
        """What kind of manifest it is."""
        side = self.after or self.before
        if side is None:
            raise AssertionError("BUG: a pair without sides")
        return side.kind


def _by_name(manifest: Manifest | None) -> dict[str, list[Declared]]:
    found: dict[str, list[Declared]] = {}
    for one in manifest.declared if manifest is not None else ():
        found.setdefault(one.name, []).append(one)
    return found


@dataclass(frozen=True)
class Scene:
    """All manifests that a change speaks of, and those that stand around it."""

    change: Change
    pairs: tuple[Pair, ...]

    def _untouched(self) -> Iterator[tuple[str, bytes, ManifestKind]]:
        """Give the manifests in the tree that the change does not touch, unread."""
        touched = {pair.path for pair in self.pairs}
        around = self.change.surroundings
        for path, text in around.manifests if around is not None else ():
            kind = manifest_kind(path)
            if kind is not None and path not in touched:
                yield path, text, kind

    @cached_property
    def known(self) -> frozenset[str]:
        """The names that the base declared, in whatever manifest, and those of the projects here."""
        before = [pair.before for pair in self.pairs if pair.before is not None]
        after = [pair.after for pair in self.pairs if pair.after is not None]
        around = (read(path, text) for path, text, kind in self._untouched() if not kind.is_lock)
        people = [one for one in (*before, *around) if one is not None and not one.kind.is_lock]
        here = {name for one in (*people, *after) for name in one.provides}
        return frozenset(here | {entry.name for one in people for entry in one.declared})

    def has_lock(self, path: str) -> bool:
        """Tell whether a lock file stands in the folder of ``path`` or above it, after the change."""
        kept = [pair.path for pair in self.pairs if pair.after is not None and pair.kind.is_lock]
        locks = [*kept, *(path for path, _, kind in self._untouched() if kind.is_lock)]
        return any(path.startswith(one.rpartition("/")[0]) for one in locks)

    def lock_of(self, path: str, kinds: Collection[ManifestKind]) -> Manifest | None:
        """Read the lock file of one of ``kinds`` in the very folder of ``path``, as it is after the change.

        One further up may or may not be for this manifest too: that is the tool's business.
        """
        folder = path.rpartition("/")[0]
        for pair in self.pairs:
            if pair.after is not None and pair.kind in kinds and pair.path.rpartition("/")[0] == folder:
                return pair.after
        for other, text, kind in self._untouched():
            if kind in kinds and other.rpartition("/")[0] == folder:
                return read(other, text)
        return None


def scene(change: Change, omissions: list[Omission]) -> Scene:
    """Read the manifests of a change; what of them cannot be read is an omission."""
    found = []
    for file in change.files:
        paths = (file.new_path, file.old_path)
        if not any(path and manifest_kind(path) for path in paths):
            continue
        if {file.new_mode, file.old_mode} & set(_LINKS):
            continue
        if (file.new_path is not None and file.new is None) or (
            file.old_path is not None and file.old is None
        ):
            reason = "only its changed lines are known: what they do to dependencies is not"
            omissions.append(Omission(OmissionKind.CONTENT_UNKNOWN, _STEP, reason, file.path))
            continue
        before = read(file.old_path, file.old) if file.old_path and file.old is not None else None
        after = read(file.new_path, file.new) if file.new_path and file.new is not None else None
        if before is None and after is None:
            continue
        omissions += _gaps(before, after)
        found.append(Pair(file, before, after))
    return Scene(change, tuple(found))


def _gaps(before: Manifest | None, after: Manifest | None) -> Iterator[Omission]:
    """Say what cannot be read after the change, or could not before: then what is new is not known."""
    if after is None:
        return
    told = before.problems if before is not None else ()
    for problem in after.problems:
        whole = problem.startswith("it ")
        if "dynamic" in problem:
            continue  # another manifest declares them, and is looked at itself
        if whole or problem not in told:
            kind = OmissionKind.UNPARSABLE if whole else OmissionKind.PARTLY_PARSED
            yield Omission(kind, _STEP, problem, after.path)
    if any(problem.startswith("it ") for problem in told) and not after.problems:
        reason = "its base cannot be read: all that it declares counts as new"
        yield Omission(OmissionKind.PARTLY_PARSED, _STEP, reason, after.path)
