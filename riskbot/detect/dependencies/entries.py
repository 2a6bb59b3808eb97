"""What a change does to single dependencies: added, loosened, unpinned, from an address, alike another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from riskbot.detect.dependencies import alike
from riskbot.detect.dependencies.manifests import Bound, Declared, Origin
from riskbot.detect.dependencies.manifests.requirement import is_commit
from riskbot.detect.dependencies.manifests.requirements import is_constraints
from riskbot.detect.dependencies.pairs import Pair, Scene
from riskbot.detect.dependencies.told import Told
from riskbot.domain.finding import Severity
from riskbot.domain.manifests import ManifestKind

_APPLICATION = (
    ManifestKind.REQUIREMENTS,
    ManifestKind.PIPFILE,
    ManifestKind.PACKAGE_JSON,
    ManifestKind.CONDA,
)
_WORK = re.compile(r"\b(?:dev|tests?|testing|docs?|lint|typing|pre-commit|tox|nox|ci|build)\b", re.IGNORECASE)
_WORDS = {
    Bound.NONE: "any version",
    Bound.LOWER: "any later version",
    Bound.UPPER: "a range of versions",
    Bound.PINNED: "one version",
}


def entries(pair: Pair, scene: Scene) -> Iterator[Told]:
    """Tell what one manifest, not a lock file, newly declares or declares otherwise."""
    if pair.after is None:
        return
    own = set(pair.after.provides)
    for name, after in pair.new.items():
        if name in own:
            continue
        before = pair.old.get(name, [])
        fresh = [one for one in after if not any(_same(one, other) for other in before)]
        if not fresh:
            continue
        if not before:
            yield from _added(pair, fresh[0], scene)
        else:
            yield from _changed(pair, before, after, fresh)


def _same(one: Declared, other: Declared) -> bool:
    keys = ("specifier", "bound", "origin", "url", "revision", "hashes", "index")
    return all(getattr(one, key) == getattr(other, key) for key in keys)


def _added(pair: Pair, one: Declared, scene: Scene) -> Iterator[Told]:
    """Tell of a name that the manifest did not have: the gravest thing that can be said of it."""
    if one.origin is not Origin.INDEX:
        yield from _address(pair, one)
        return
    if one.name in scene.known or is_constraints(pair.path):
        return
    npm = pair.kind is ManifestKind.PACKAGE_JSON
    near = "" if npm else alike.nearest(one.name)
    if near:
        words = f"The new dependency {one.name} looks like {near}, and is another distribution."
        yield Told("dependency-looks-alike", pair.path, one.line, words, one.name)
        return
    within = f" ({one.group})" if one.group else ""
    if one.bound is Bound.NONE and not one.hashes and _is_application(pair, scene):
        words = f"{one.name} is new{within} and may be any version."
        severity = None if _has_habit(pair) else Severity.LOW
        yield Told("dependency-unpinned", pair.path, one.line, words, one.name, severity)
        return
    words = f"{one.name} is new here{within}: {_WORDS[one.bound]}."
    yield Told("dependency-added", pair.path, one.line, words, one.name)


def _is_application(pair: Pair, scene: Scene) -> bool:
    """Tell whether what is installed is decided here: no tool writes a lock of it."""
    if pair.kind not in _APPLICATION or pair.path.endswith(".in"):
        return False
    held = (ManifestKind.PIPFILE, ManifestKind.PACKAGE_JSON)
    return pair.kind not in held or not scene.has_lock(pair.path)


def _has_habit(pair: Pair) -> bool:
    """Tell whether the manifest holds versions by habit: at least half of its entries have a bound."""
    whole = [one for entries in pair.new.values() for one in entries if one.origin is Origin.INDEX]
    return len(whole) > 2 and 2 * sum(one.bound > Bound.LOWER for one in whole) >= len(whole)


def _changed(
    pair: Pair, before: list[Declared], after: list[Declared], fresh: list[Declared]
) -> Iterator[Told]:
    """Tell of a name that was there and is held less tightly now, or comes from elsewhere."""
    moved = [one for one in fresh if one.origin is not Origin.INDEX]
    if moved:
        if all(not _as_before(one, other) for one in moved for other in before):
            yield from _address(pair, moved[0])
        return
    was, now = (min(side, key=lambda one: one.bound) for side in (before, after))
    if was.origin is not Origin.INDEX:
        return
    lost = [one for one in fresh if not one.hashes] if all(one.hashes for one in before) else []
    if lost:
        words = f"{now.name} lost its hashes."
        yield Told("dependency-loosened", pair.path, lost[0].line, words, f"{now.name} hashes")
    elif now.bound < was.bound:
        old, new = was.specifier or "no bound", now.specifier or "no bound"
        words = (
            f"{now.name} was held to {_WORDS[was.bound]} ({old}), and now is to {_WORDS[now.bound]} ({new})."
        )
        mild = now.bound is Bound.UPPER or was.bound is Bound.LOWER or _is_for_work(pair.path, now)
        severity = Severity.LOW if mild else None
        matched = f"{now.name} {was.specifier} {now.specifier}"
        yield Told("dependency-loosened", pair.path, now.line, words, matched, severity)


def _is_for_work(path: str, one: Declared) -> bool:
    """Tell whether a dependency is for developing, testing or documenting, and is not shipped."""
    return bool(_WORK.search(one.group) or _WORK.search(path.rpartition("/")[2]))


def _as_before(one: Declared, other: Declared) -> bool:
    """Tell whether an address only moved on to another fixed commit of the same place."""
    if one.origin is not other.origin or _place(one.url) != _place(other.url):
        return False
    return one.bound >= other.bound


def _place(url: str) -> str:
    parts = urlsplit(url.partition("#")[0])
    return f"{parts.netloc.rpartition('@')[2]}{parts.path.partition('@')[0].removesuffix('.git')}"


def _address(pair: Pair, one: Declared) -> Iterator[Told]:
    """Tell of a dependency that comes from an address; a path inside the repository is its own code."""
    if one.origin is Origin.PATH and not _leads_out(pair.path, one.url):
        return
    url = one.url.partition("#")[0]
    if url.removeprefix("git+").startswith(("http:", "git:", "ftp:")):
        severity, how = Severity.HIGH, "without encryption"
    elif one.bound is Bound.PINNED or is_commit(one.revision):
        severity, how = Severity.LOW, "at a fixed commit or hash"
    elif one.origin is Origin.PATH:
        severity, how = Severity.LOW, "outside the repository"
    elif one.origin is Origin.VCS:
        severity, how = (
            None,
            f"at {one.revision!r}, which can be moved" if one.revision else "at whatever is newest",
        )
    else:
        severity, how = None, "without a hash"
    words = f"{one.name} comes from {_shown(url)} ({one.origin.value}), {how}."
    yield Told("dependency-from-url", pair.path, one.line, words, f"{one.name} {url}", severity)


def _leads_out(manifest: str, path: str) -> bool:
    """Tell whether a local path, relative to its manifest or to the top, leaves the repository."""
    path = path.removeprefix("file:").removeprefix("link:")
    if path.startswith(("/", "~", "\\")) or (len(path) > 1 and path[1] == ":"):
        return not path.startswith("//")
    depth = manifest.count("/")
    for part in path.split("/"):
        depth += -1 if part == ".." else 0 if part in ("", ".") else 1
        if depth < 0:
            return True
    return False


def _shown(url: str) -> str:
    """Give an address without a password, and not longer than a line."""
    head, mark, rest = url.partition("://")
    if mark and "@" in rest.partition("/")[0]:
        rest = rest.partition("@")[2]
    return f"{head}{mark}{rest}"[:120]
