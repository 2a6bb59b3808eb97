"""Manifests of other tools: conda's environment.yml and npm's package.json."""

from __future__ import annotations

import re
from typing import Any

from riskbot.detect.dependencies.manifests import requirement
from riskbot.detect.dependencies.manifests.model import (
    Bound,
    Declared,
    Draft,
    Hook,
    Index,
    Origin,
    Places,
    normalised,
)
from riskbot.detect.dependencies.manifests.pyproject import array, table

_MATCH = re.compile(r"(?:([\w.\-/]+)::)?([A-Za-z0-9_][\w.\-]*)\s*(?:\[[^\]]*\])?\s*(.*)")
_CHANNELS = ("conda-forge", "defaults", "bioconda", "nvidia", "pytorch", "nodefaults", "anaconda")
_NPM = (("dependencies", ""), ("devDependencies", "dev"), ("optionalDependencies", "optional"))
_HOOKS = ("preinstall", "install", "postinstall", "prepare", "preprepare", "postprepare")
"""npm runs these without being asked (https://docs.npmjs.com/cli/using-npm/scripts#life-cycle-operation-order)."""


def read_conda(draft: Draft, data: Any, lines: dict[str, int]) -> None:
    """Read environment.yml: conda's own packages, and those that pip installs beside them."""
    for channel in array(table(data).get("channels")):
        name = str(channel)
        safe = name in _CHANNELS
        draft.indexes.append(Index(name, lines.get(name), extra=True, safe=safe, option="channel"))
    for one in array(table(data).get("dependencies")):
        if isinstance(one, str):
            if (match := _MATCH.fullmatch(one.strip())) and match[2].lower() != "python":
                specifier = match[3].strip()
                bound = _conda_bound(specifier)
                draft.declared.append(
                    Declared(
                        normalised(match[2]), one, lines.get(one), specifier, bound, index=match[1] or ""
                    )
                )
            continue
        for text in array(table(one).get("pip")):
            if isinstance(text, str) and text.startswith("-r"):
                draft.includes.append(text[2:].strip())
            elif isinstance(text, str) and (found := requirement.parse(text, line=lines.get(text))):
                draft.declared.append(found)
            elif not (isinstance(text, str) and text.startswith("-")):
                draft.problem("an entry under pip: is no requirement")


def _conda_bound(specifier: str) -> Bound:
    """Say how tight conda's match specification is: one ``=`` is a prefix, a bare version is exact."""
    if specifier.startswith("=") and not specifier.startswith("=="):
        return Bound.UPPER
    return requirement.bound_of(specifier)


def read_package_json(draft: Draft, data: Any, places: Places) -> None:
    """Read package.json: dependencies, and the scripts that run at install."""
    scripts = table(data, "scripts")
    for name in _HOOKS:
        if isinstance(text := scripts.get(name), str):
            draft.hooks.append(Hook(f"npm's {name} script", text, places.key(name)))
    for key, group in _NPM:
        for name, specifier in table(data, key).items():
            text = str(specifier)
            origin, url = _npm_origin(text)
            revision = url.partition("#")[2] if origin is Origin.VCS else ""
            bound = npm_bound(text) if origin is Origin.INDEX else Bound.NONE
            if requirement.is_commit(revision):
                bound = Bound.PINNED
            written = f"{name}: {text}"[:200]
            draft.declared.append(
                Declared(name, written, places.quoted(name), text, bound, origin, url, revision, group=group)
            )


def _npm_origin(text: str) -> tuple[Origin, str]:
    """Say where npm takes a dependency from (https://docs.npmjs.com/cli/configuring-npm/package-json#dependencies)."""
    if text.startswith(("git", "github:", "gitlab:", "bitbucket:")):
        return Origin.VCS, text
    if text.startswith(("http:", "https:")):
        return (Origin.VCS if re.search(r"\.git(#|$)", text) else Origin.URL), text
    if text.startswith(("file:", "link:", "portal:", "./", "../", "/", "~/")):
        return Origin.PATH, text
    if re.fullmatch(r"[\w.\-]+/[\w.\-]+(?:#.*)?", text):
        return Origin.VCS, text
    return Origin.INDEX, ""


def npm_bound(text: str) -> Bound:
    """Say how tightly an npm range holds a version."""
    text = text.removeprefix("npm:").rpartition("@")[2].strip() or text
    if text in ("", "*", "x", "latest", "next") or text.startswith(("workspace:", "catalog:")):
        return Bound.UPPER if ":" in text else Bound.NONE
    if re.fullmatch(r"=?v?\d+\.\d+\.\d+(?:[-+][\w.\-]+)?", text):
        return Bound.PINNED
    if re.search(r"[\^~<]|\.x\b|\.\*| - |^\d", text):
        return Bound.UPPER
    return Bound.LOWER if text.startswith(">") else Bound.NONE
