"""Reading manifests: one door for every format, strict in size and depth, never running anything."""

from __future__ import annotations

import configparser
import json
import tomllib
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from riskbot.detect.dependencies.manifests import locks, others, pyproject, requirements, static
from riskbot.detect.dependencies.manifests.model import (
    Bound,
    Declared,
    Draft,
    Hook,
    Index,
    Manifest,
    Origin,
    Places,
    normalised,
)
from riskbot.domain.manifests import ManifestKind, manifest_kind

__all__ = ["Bound", "Declared", "Hook", "Index", "Manifest", "Origin", "normalised", "read"]

MAX_BYTES: Final = 1 << 20
"""Of a manifest that a person writes."""
MAX_LOCK_BYTES: Final = 4 << 20
"""Of a lock file: the standard library's TOML reader takes about a second for it."""

_TOML: dict[ManifestKind, Callable[[Draft, dict[str, Any], Places], None]] = {
    ManifestKind.PYPROJECT: pyproject.read_pyproject,
    ManifestKind.HATCH: pyproject.read_hatch,
    ManifestKind.PIPFILE: pyproject.read_pipfile,
    ManifestKind.POETRY_LOCK: locks.read_toml,
    ManifestKind.UV_LOCK: locks.read_toml,
    ManifestKind.PDM_LOCK: locks.read_toml,
    ManifestKind.PYLOCK: locks.read_toml,
}
_JSON: dict[ManifestKind, Callable[[Draft, Any, Places], None]] = {
    ManifestKind.PIPFILE_LOCK: locks.read_pipfile_lock,
    ManifestKind.PACKAGE_LOCK: locks.read_npm,
    ManifestKind.PACKAGE_JSON: others.read_package_json,
}
_TEXT: dict[ManifestKind, Callable[[Draft, str], None]] = {
    ManifestKind.REQUIREMENTS: requirements.read,
    ManifestKind.SETUP_PY: static.read_setup_py,
    ManifestKind.SETUP_CFG: static.read_setup_cfg,
    ManifestKind.TOX: static.read_tox,
    ManifestKind.NOX: static.read_nox,
}


@lru_cache(512)
def read(path: str, content: bytes) -> Manifest | None:
    """Read the manifest at ``path``; None where the path is none.

    What cannot be read is in ``problems``, the rest stands: a file that is too large, no text, or no syntax
    of its format has problems and nothing else. Never raises for what a file holds.
    """
    kind = manifest_kind(path)
    if kind is None:
        return None
    draft = Draft(path, kind)
    limit = MAX_LOCK_BYTES if kind.is_lock else MAX_BYTES
    if len(content) > limit:
        draft.problem(f"it has {len(content):,} bytes; at most {limit:,} are read")
        return draft.done()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes in setup.py and the like, which are others' business
            _read(draft, content.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        draft.problem("it is not UTF-8")
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, configparser.Error, SyntaxError) as problem:
        draft.problem(f"it is no {kind.value} that can be parsed ({type(problem).__name__})")
    except (RecursionError, MemoryError, ValueError):
        draft.problem("it is nested too deep, or holds values that cannot be read")
    return draft.done()


def _read(draft: Draft, text: str) -> None:
    if (with_table := _TOML.get(draft.kind)) is not None:
        with_table(draft, tomllib.loads(text), Places(text))
    elif (with_json := _JSON.get(draft.kind)) is not None:
        with_json(draft, json.loads(text), Places(text))
    elif draft.kind is ManifestKind.CONDA:
        _conda(draft, text)
    else:
        _TEXT[draft.kind](draft, text)


def _conda(draft: Draft, text: str) -> None:
    """Read conda's YAML; aliases are refused, since they can grow without bound."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=loader)):
            draft.problem("it holds YAML aliases, which are not followed")
            return
        data = yaml.load(text, Loader=loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError:
        draft.problem("it is no YAML that can be parsed")
        return
    lines = {line.strip().removeprefix("- ").strip("'\""): n for n, line in enumerate(text.split("\n"), 1)}
    others.read_conda(draft, data, lines)
