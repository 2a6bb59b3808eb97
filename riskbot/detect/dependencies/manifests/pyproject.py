"""TOML manifests: pyproject.toml (PEP 517, 621, 735; Poetry, PDM, Hatch, uv), hatch.toml and Pipfile.

Sources: https://packaging.python.org/en/latest/specifications/pyproject-toml/,
https://packaging.python.org/en/latest/specifications/dependency-groups/,
https://python-poetry.org/docs/dependency-specification/, https://docs.astral.sh/uv/concepts/projects/dependencies/,
https://hatch.pypa.io/latest/config/environment/overview/, https://pipenv.pypa.io/en/latest/pipfile.html.
"""

from __future__ import annotations

from dataclasses import replace
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
from riskbot.detect.dependencies.manifests.requirements import index as pip_index

Table = dict[str, Any]


def table(value: Any, *keys: str) -> Table:
    """Give the table at a path of keys, an empty one where there is none or it is something else."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def array(value: Any) -> list[Any]:
    """Give a list as it is, an empty one for anything else."""
    return value if isinstance(value, list) else []


def read_pyproject(draft: Draft, data: Table, places: Places) -> None:
    """Read everything in a pyproject.toml that names dependencies, sources or what builds it."""
    project = table(data, "project")
    if isinstance(name := project.get("name"), str):
        draft.provides.append(normalised(name))
    _listed(draft, project.get("dependencies"), "", places)
    for extra, wanted in table(project, "optional-dependencies").items():
        _listed(draft, wanted, f"extra {extra}", places)
    for group, wanted in table(data, "dependency-groups").items():
        _listed(draft, wanted, f"group {group}", places)
    build = table(data, "build-system")
    _listed(draft, build.get("requires"), "build", places)
    if "backend-path" in build:
        text = f"{build.get('build-backend', '')} in {build['backend-path']}"
        draft.hooks.append(Hook("a build backend of its own", text, places.key("backend-path")))
    if "dynamic" in project and "dependencies" in array(project["dynamic"]):
        draft.problem("its dependencies are dynamic: the build backend fills them in")
    tool = table(data, "tool")
    _poetry(draft, table(tool, "poetry"), places)
    for group, wanted in table(tool, "pdm", "dev-dependencies").items():
        _listed(draft, wanted, f"group {group}", places)
    _sources(draft, table(tool, "pdm").get("source"), places)
    _uv(draft, table(tool, "uv"), places)
    hatch = table(tool, "hatch")
    read_hatch(draft, hatch, places)
    _listed(draft, table(tool, "setuptools", "dynamic", "dependencies").get("file"), "", places, files=True)
    for extra in table(tool, "setuptools", "dynamic", "optional-dependencies").values():
        _listed(draft, table(extra).get("file"), "", places, files=True)


def read_hatch(draft: Draft, data: Table, places: Places) -> None:
    """Read the environments and build hooks of Hatch's own table."""
    for env, facts in table(data, "envs").items():
        for key in ("dependencies", "extra-dependencies"):
            _listed(draft, table(facts).get(key), f"environment {env}", places)
    for hook in (table(data, "build", "hooks"), *(table(one, "hooks") for one in _targets(data))):
        for facts in hook.values():
            _listed(draft, table(facts).get("dependencies"), "build", places)
        if "custom" in hook:
            text = str(table(hook, "custom").get("path", "hatch_build.py"))
            draft.hooks.append(Hook("a build hook of its own", text, places.key("custom")))


def _targets(data: Table) -> list[Table]:
    return [target for target in table(data, "build", "targets").values() if isinstance(target, dict)]


def _listed(draft: Draft, wanted: Any, group: str, places: Places, *, files: bool = False) -> None:
    """Read a list of requirements; with ``files``, a list of requirements files that are included."""
    if files:
        names = [wanted] if isinstance(wanted, str) else array(wanted)
        draft.includes += [name for name in names if isinstance(name, str)]
        return
    if wanted is not None and not isinstance(wanted, list):
        draft.problem(f"the dependencies of {group or 'the project'} are no list")
    for text in array(wanted):
        if isinstance(text, dict):
            continue  # {include-group = "..."} (PEP 735)
        found = None
        if isinstance(text, str):
            found = requirement.parse(text, line=places.quoted(text), group=group)
        if found is None:
            draft.problem(f"an entry of {group or 'the project'} is no requirement")
        else:
            draft.declared.append(found)


def _poetry(draft: Draft, poetry: Table, places: Places) -> None:
    if isinstance(name := poetry.get("name"), str):
        draft.provides.append(normalised(name))
    groups = {"": poetry.get("dependencies"), "group dev": poetry.get("dev-dependencies")}
    groups |= {
        f"group {name}": table(facts).get("dependencies") for name, facts in table(poetry, "group").items()
    }
    for group, wanted in groups.items():
        _named(draft, table(wanted), group, places)
    _sources(draft, poetry.get("source"), places)


def read_pipfile(draft: Draft, data: Table, places: Places) -> None:
    """Read a Pipfile: every table that is not one of pipenv's own is a category of packages."""
    for group, wanted in data.items():
        if group not in ("source", "requires", "scripts", "pipenv", "pipfile", "build-system"):
            name = "" if group == "packages" else f"group {group.removesuffix('-packages')}"
            _named(draft, table(wanted), name, places)
    _sources(draft, data.get("source"), places)


def _named(draft: Draft, wanted: Table, group: str, places: Places) -> None:
    """Read a table of names to versions, as Poetry and pipenv have it."""
    for name, facts in wanted.items():
        line = places.key(name)
        if name.lower() == "python":
            continue
        for one in facts if isinstance(facts, list) else [facts]:
            draft.declared.append(_entry(name, one, group, line))


def _entry(name: str, facts: Any, group: str, line: int | None) -> Declared:
    """Read one value: a version, or a table of version, git, url, path and source."""
    if not isinstance(facts, dict):
        specifier = str(facts)
        specifier = "" if specifier == "*" else specifier
        bound = requirement.bound_of(specifier)
        return Declared(normalised(name), f"{name} = {facts!r}"[:200], line, specifier, bound, group=group)
    written = f"{name} = {facts!r}"[:200]
    for key, usual in (
        ("git", Origin.VCS),
        ("url", Origin.URL),
        ("file", Origin.PATH),
        ("path", Origin.PATH),
    ):
        if isinstance(url := facts.get(key), str):
            origin = requirement.origin_of(url) if key == "file" else usual
            revision = next((str(facts[one]) for one in ("rev", "ref", "tag", "branch") if one in facts), "")
            bound = Bound.PINNED if requirement.is_commit(revision) else Bound.NONE
            return Declared(normalised(name), written, line, "", bound, origin, url, revision, group=group)
    found = _entry(name, facts.get("version", "*"), group, line)
    named = facts.get("source") or facts.get("index") or ""
    extras = tuple(str(one) for one in array(facts.get("extras")))
    return replace(found, written=written, extras=extras, index=str(named))


def _sources(draft: Draft, sources: Any, places: Places) -> None:
    """Read Poetry's, PDM's and pipenv's sources; only Poetry's explicit ones are asked by name alone."""
    for source in array(sources):
        url = table(source).get("url")
        if not isinstance(url, str):
            continue
        found = pip_index(url, "source", places.quoted(url))
        priority = str(table(source).get("priority", ""))
        secondary = priority in ("supplemental", "secondary") or bool(table(source).get("secondary"))
        safe = found.safe or priority == "explicit"
        draft.indexes.append(replace(found, extra=secondary, safe=safe))


def _uv(draft: Draft, uv: Table, places: Places) -> None:
    """Read uv's own table: development dependencies, indexes, and sources that replace what PyPI has."""
    _listed(draft, uv.get("dev-dependencies"), "group dev", places)
    for key in ("constraint-dependencies", "override-dependencies"):
        if key in uv:
            draft.includes.append(f"[tool.uv] {key}")
    for one in array(uv.get("index")):
        if isinstance(url := table(one).get("url"), str):
            found = pip_index(url, "index", places.quoted(url))
            safe = found.safe or table(one).get("explicit") is True
            draft.indexes.append(replace(found, extra=table(one).get("default") is not True, safe=safe))
    for key in ("index-url", "extra-index-url", "find-links"):
        urls = uv.get(key)
        for url in [urls] if isinstance(urls, str) else array(urls):
            if isinstance(url, str):
                draft.indexes.append(pip_index(url, f"--{key}", places.quoted(url)))
    for name, source in table(uv, "sources").items():
        for one in source if isinstance(source, list) else [source]:
            _source(draft, name, table(one), places.key(name))


def _source(draft: Draft, name: str, facts: Table, line: int | None) -> None:
    """Take a ``[tool.uv.sources]`` entry: what the dependency of that name really comes from."""
    if facts.get("workspace") is True:
        draft.provides.append(normalised(name))
    elif any(key in facts for key in ("git", "url", "path")):
        draft.declared.append(replace(_entry(name, facts, "source", line), group="source"))


__all__ = ["array", "read_hatch", "read_pipfile", "read_pyproject", "table"]
