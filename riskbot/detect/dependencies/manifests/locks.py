"""Lock files: every distribution with version, source and hashes.

Formats: poetry.lock and pdm.lock (their own TOML), uv.lock, pylock.toml (PEP 751), Pipfile.lock and
package-lock.json (JSON; https://docs.npmjs.com/cli/configuring-npm/package-lock-json).
"""

from __future__ import annotations

from typing import Any

from riskbot.detect.dependencies.manifests import requirement
from riskbot.detect.dependencies.manifests.model import (
    Bound,
    Declared,
    Draft,
    Hook,
    Origin,
    Places,
    normalised,
)
from riskbot.detect.dependencies.manifests.pyproject import Table, array, table


def read_toml(draft: Draft, data: Table, places: Places) -> None:
    """Read poetry.lock, pdm.lock, uv.lock (``package``) and pylock.toml (``packages``)."""
    held = table(data, "metadata", "files") or table(data, "metadata", "hashes")  # Poetry before 1.5, PDM
    for package in array(data.get("package", data.get("packages"))):
        name = table(package).get("name")
        if not isinstance(name, str):
            draft.problem("an entry has no name")
            continue
        line = places.quoted(name)
        if table(package, "source").keys() & {"editable", "virtual"}:
            draft.provides.append(normalised(name))
            continue
        draft.declared.append(_locked(name, package, held.get(name), line))


def _locked(name: str, package: Table, older: Any, line: int | None) -> Declared:
    version = str(package.get("version", ""))
    source = package.get("source")
    origin, url, revision, registry = _source(source if isinstance(source, dict) else package)
    return Declared(
        normalised(name),
        f"{name} {version}",
        line,
        f"=={version}",
        Bound.PINNED,
        origin,
        url,
        revision,
        frozenset(_hashes(package) | _hashes({"files": older})),
        index=registry,
    )


def _source(facts: Table) -> tuple[Origin, str, str, str]:
    """Read where a locked package comes from: origin, address, commit, registry."""
    kind = facts.get("type")
    vcs = table(facts, "vcs")
    git = facts.get("git") or (facts.get("url") if kind == "git" else None) or vcs.get("url")
    if isinstance(git, str):
        revision = facts.get("resolved_reference") or facts.get("revision") or vcs.get("commit-id") or ""
        return Origin.VCS, git.partition("#")[0].partition("?")[0], str(revision or git.partition("#")[2]), ""
    for key in ("path", "directory"):
        if isinstance(path := facts.get(key), (str, dict)):
            where = path if isinstance(path, str) else str(path.get("path", ""))
            return Origin.PATH, where, "", ""
    if kind in ("directory", "file"):
        return Origin.PATH, str(facts.get("url", "")), "", ""
    registry = facts.get("registry") or facts.get("index") or (facts.get("url") if kind == "legacy" else "")
    archive = facts.get("archive")
    url = facts.get("url") if kind in (None, "url") else None
    url = table(archive).get("url") if archive else url
    if isinstance(url, str) and not registry:
        return Origin.URL, url, "", ""
    return Origin.INDEX, "", "", str(registry or "")


def _hashes(package: Table) -> set[str]:
    """Collect the hashes of a package's files, whatever the format calls them."""
    found: set[str] = set()
    files = [*array(package.get("files")), *array(package.get("wheels")), package.get("sdist")]
    for one in files:
        digest = table(one).get("hash")
        if isinstance(digest, str):
            found.add(digest)
        found |= {f"{name}:{value}" for name, value in table(one, "hashes").items()}
    return found


def read_pipfile_lock(draft: Draft, data: Any, places: Places) -> None:
    """Read Pipfile.lock; ``_meta.sources`` are the indexes."""
    names = {
        str(table(one).get("name")): str(table(one).get("url"))
        for one in array(table(data, "_meta").get("sources"))
    }
    for group, packages in table(data).items():
        if group == "_meta":
            continue
        for name, facts in table(packages).items():
            version = str(table(facts).get("version", ""))
            git, path = table(facts).get("git"), table(facts).get("path")
            url = str(git or path or table(facts).get("file") or "")
            origin = Origin.VCS if git else requirement.origin_of(url) if url else Origin.INDEX
            draft.declared.append(
                Declared(
                    normalised(name),
                    f"{name} {version}",
                    places.key(name),
                    version,
                    Bound.PINNED,
                    origin,
                    url,
                    str(table(facts).get("ref", "")),
                    frozenset(str(one) for one in array(table(facts).get("hashes"))),
                    group if group != "default" else "",
                    index=names.get(str(table(facts).get("index", "")), ""),
                )
            )


def read_npm(draft: Draft, data: Any, places: Places) -> None:
    """Read package-lock.json, version 2 and 3 (``packages``) and 1 (``dependencies``)."""
    packages = table(data, "packages")
    for path, facts in packages.items():
        if "node_modules/" in path:
            _npm(draft, path.rpartition("node_modules/")[2], table(facts), places.quoted(path))
    if not packages:
        for name, facts in table(data, "dependencies").items():
            _npm(draft, name, table(facts), places.quoted(name))


def _npm(draft: Draft, name: str, facts: Table, line: int | None) -> None:
    if facts.get("link") is True:
        return
    version, resolved = str(facts.get("version", "")), str(facts.get("resolved", ""))
    registry = "/".join(resolved.split("/")[:3]) if resolved.startswith("http") else ""
    origin = Origin.VCS if resolved.startswith("git") else Origin.INDEX
    hashes = frozenset([str(facts["integrity"])]) if "integrity" in facts else frozenset()
    draft.declared.append(
        Declared(
            name,
            f"{name} {version}",
            line,
            f"=={version}",
            Bound.PINNED,
            origin,
            resolved if origin is Origin.VCS else "",
            hashes=hashes,
            index=registry,
        )
    )
    if facts.get("hasInstallScript") is True:
        draft.hooks.append(Hook(f"the install script of {name}", name, line))
