"""What a change does to where dependencies come from: indexes, lock files, and what runs at install."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from riskbot.detect.dependencies.entries import _shown as shown
from riskbot.detect.dependencies.manifests import Bound, Declared, Manifest, Origin
from riskbot.detect.dependencies.pairs import Pair, Scene
from riskbot.detect.dependencies.told import Told
from riskbot.domain.change import FileDiff, LineKind
from riskbot.domain.finding import Confidence, Severity, Side
from riskbot.domain.manifests import ManifestKind

_LOCK_OF = {
    ManifestKind.PYPROJECT: (
        ManifestKind.UV_LOCK,
        ManifestKind.POETRY_LOCK,
        ManifestKind.PDM_LOCK,
        ManifestKind.PYLOCK,
    ),
    ManifestKind.PIPFILE: (ManifestKind.PIPFILE_LOCK,),
}
_CONFIGS = {
    "pip.conf": r"\s*(?:extra-index-url|index-url|find-links|trusted-host)\s*=\s*(\S+)",
    "pip.ini": r"\s*(?:extra-index-url|index-url|find-links|trusted-host)\s*=\s*(\S+)",
    ".npmrc": r"\s*(?:@[\w.\-]+:)?registry\s*=\s*(\S+)",
    "uv.toml": r"\s*(?:url|extra-index-url|index-url|find-links)\s*=\s*\[?\s*[\"']([^\"']+)",
}
_OFFICIAL = re.compile(r"https://(?:pypi\.org|registry\.npmjs\.org|files\.pythonhosted\.org)(?:/|$)")
_STARTED = ("sitecustomize.py", "usercustomize.py")


def indexes(pair: Pair) -> Iterator[Told]:
    """Tell of a package index that a manifest did not name before."""
    before = {(one.url, one.option) for one in pair.before.indexes} if pair.before else set()
    for one in pair.after.indexes if pair.after else ():
        if one.safe or (one.url, one.option) in before:
            continue
        severity = None
        if one.option == "--trusted-host" or one.url.startswith("http:"):
            words, severity = f"{shown(one.url)} is trusted without a check of who answers.", Severity.HIGH
        elif one.option == "channel":
            words, severity = f"conda takes packages from the channel {one.url} too.", Severity.LOW
        elif one.extra:
            words = f"Packages are looked for at {shown(one.url)} beside the usual index."
        else:
            words, severity = f"Packages are looked for at {shown(one.url)}.", Severity.LOW
        yield Told("index-added", pair.path, one.line, words, f"{one.option} {one.url}", severity)


def configured(file: FileDiff) -> Iterator[Told]:
    """Tell of an index that a configuration file of pip, npm or uv names in an added line."""
    pattern = _CONFIGS.get(file.path.rpartition("/")[2])
    if pattern is None or file.new_path is None:
        return
    gone = {line.text.strip() for hunk in file.hunks for line in hunk.lines if line.kind is LineKind.REMOVED}
    for hunk in file.hunks:
        for line in hunk.lines:
            match = re.match(pattern, line.text[:2_000]) if line.kind is LineKind.ADDED else None
            if match and not _OFFICIAL.match(match[1]) and line.text.strip() not in gone:
                words = f"Packages are looked for at {shown(match[1])}."
                severity = Severity.HIGH if match[1].startswith("http:") else None
                yield Told("index-added", file.path, line.new, words, match[1], severity)


def hooks(pair: Pair) -> Iterator[Told]:
    """Tell of code that newly runs when the package is built or installed."""
    if pair.after is None:
        return
    before = {(one.what, one.text) for one in pair.before.hooks} if pair.before else set()
    names = {one.what for one in pair.before.hooks} if pair.before else set()
    seen: set[tuple[str, str]] = set()
    for one in pair.after.hooks:
        if (one.what, one.text) in before | seen:
            continue
        seen.add((one.what, one.text))
        locked = pair.kind is ManifestKind.PACKAGE_LOCK
        verb = "is changed" if one.what in names and not locked else "is new"
        words = f"{one.what[:1].upper()}{one.what[1:]} {verb}: {one.text[:100]}."
        mild = locked or "own" in one.what or one.text.startswith("{")
        yield Told(
            "install-script",
            pair.path,
            one.line,
            words,
            f"{one.what} {one.text}",
            Severity.LOW if mild else None,
        )


def started(file: FileDiff) -> Iterator[Told]:
    """Tell of a file that every start of Python runs: a .pth file with an import, or sitecustomize.py."""
    name = file.path.rpartition("/")[2]
    if file.new_path is None or not (name.endswith(".pth") or name in _STARTED):
        return
    for hunk in file.hunks:
        for line in hunk.lines:
            runs = line.text.startswith(("import ", "import\t")) or name in _STARTED
            if line.kind is LineKind.ADDED and runs and line.text.strip():
                words = f"{name} runs whenever Python starts where it is installed."
                yield Told("install-script", file.path, line.new, words, name)
                return


def locked(pair: Pair) -> Iterator[Told]:
    """Tell of an entry of a lock file whose version stayed and whose source or hashes did not."""
    if pair.before is None or pair.after is None:
        return
    before = {(one.name, one.specifier): one for one in pair.before.declared}
    for (name, version), now in {(one.name, one.specifier): one for one in pair.after.declared}.items():
        was = before.get((name, version))
        if was is None:
            continue
        if (was.origin, _site(was)) != (now.origin, _site(now)):
            words = f"{name} {version.lstrip('=')} now comes from {_told(now)} instead of {_told(was)}."
            yield Told("lock-source-changed", pair.path, now.line, words, f"{name} {version} source")
        elif _replaced(was.hashes, now.hashes):
            words = f"{name} {version.lstrip('=')} has other hashes, though its version is the same."
            yield Told("lock-source-changed", pair.path, now.line, words, f"{name} {version} hashes")


def sources(pair: Pair) -> Iterator[Told]:
    """Tell of a registry or repository that a lock file did not name before, once for each."""
    if pair.after is None or pair.before is None or not pair.before.declared:
        return
    known = {_site(one) for one in pair.before.declared}
    seen = set()
    for one in pair.after.declared:
        site = _site(one)
        old = (one.name, one.specifier) in {(was.name, was.specifier) for was in pair.before.declared}
        if not site or site in known or site in seen or old or one.origin is Origin.PATH:
            continue
        seen.add(site)
        words = f"{one.name} comes from {_told(one)}, which the lock file did not name before."
        mild = Severity.MEDIUM if one.bound is Bound.PINNED and one.origin is Origin.VCS else None
        yield Told("lock-source-changed", pair.path, one.line, words, f"site {site}", mild)


def _site(one: Declared) -> str:
    """Name where an entry comes from: its registry, or its repository without the commit."""
    if one.origin is Origin.INDEX:
        site = one.index.removesuffix("/").removesuffix("/simple")
        return "" if _OFFICIAL.match(f"{site}/") or site.startswith("https://registry.yarnpkg.com") else site
    return (
        one.url.partition("#")[0].partition("?")[0].removesuffix(".git")
        if one.origin is Origin.VCS
        else one.url
    )


def _told(one: Declared) -> str:
    return shown(_site(one)) or "the public index"


def _replaced(was: frozenset[str], now: frozenset[str]) -> bool:
    """Tell whether hashes were exchanged: none of an algorithm's old ones is left, and there are new ones.

    New files of a version only add hashes, a file that was withdrawn only takes one away.
    """
    kinds = {one.partition(":")[0].partition("-")[0] for one in was & was} & {
        one.partition(":")[0].partition("-")[0] for one in now
    }
    return bool(kinds) and bool(was) and bool(now) and not was & now


def gone(pair: Pair, pairs: Iterable[Pair]) -> Iterator[Told]:
    """Tell of a lock file that is removed, where no other one takes its place."""
    folder = pair.path.rpartition("/")[0]
    after = [one.after for one in pairs if one.after is not None]
    if pair.after is None and not any(
        one.kind.is_lock and one.path.rpartition("/")[0] == folder for one in after
    ):
        words = "The lock file is removed: what is installed is no longer fixed."
        yield Told("dependency-loosened", pair.path, None, words, "lock removed", side=Side.OLD)


def out_of_step(pair: Pair, scene: Scene) -> Iterator[Told]:
    """Tell of a requirement that the change brings and that the lock file beside it does not meet."""
    if pair.kind not in _LOCK_OF or pair.after is None or not _asks_more(pair):
        return
    lock = scene.lock_of(pair.path, _LOCK_OF[pair.kind])
    if lock is None or lock.problems or not lock.declared:
        return
    held: dict[str, set[str]] = {}
    for one in lock.declared:
        held.setdefault(one.name, set()).add(one.specifier.lstrip("="))
    for name, after in pair.new.items():
        for one in after:
            if (
                one.origin is not Origin.INDEX
                or one.group in ("build", "source")
                or name in pair.after.provides
            ):
                continue
            if one.specifier in {other.specifier for other in pair.old.get(name, ())}:
                continue
            words = _lag(one, held.get(name), lock)
            if words:
                yield Told("lock-out-of-step", pair.path, one.line, words, f"{name} {one.specifier}")
                break


def _asks_more(pair: Pair) -> bool:
    """Tell whether a manifest asks for anything that it did not ask for before: else no lock need be read."""
    return any(
        one.specifier not in {was.specifier for was in pair.old.get(name, ())}
        for name, after in pair.new.items()
        for one in after
    )


def _lag(one: Declared, versions: set[str] | None, lock: Manifest) -> str:
    """Say how a lock file lags behind a requirement, "" where it does not or that cannot be told."""
    name = lock.path.rpartition("/")[2]
    if versions is None:
        return f"{name} has no entry for {one.name}."
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        wanted = SpecifierSet(one.specifier)
        fits = any(wanted.contains(version, prereleases=True) for version in versions if version)
    except (InvalidSpecifier, ValueError):
        return ""
    return "" if fits else f"{name} holds {one.name} {', '.join(sorted(versions))}, not {one.specifier}."


__all__ = [
    "Confidence",
    "configured",
    "gone",
    "hooks",
    "indexes",
    "locked",
    "out_of_step",
    "sources",
    "started",
]
