"""Which files declare dependencies, told by their paths alone."""

from __future__ import annotations

import re
from enum import Enum


class ManifestKind(Enum):
    """What kind of manifest or lock file a path is; the value is the tool or format that reads it."""

    PYPROJECT = "pyproject.toml"
    REQUIREMENTS = "requirements file"
    SETUP_CFG = "setup.cfg"
    SETUP_PY = "setup.py"
    PIPFILE = "Pipfile"
    PIPFILE_LOCK = "Pipfile.lock"
    POETRY_LOCK = "poetry.lock"
    UV_LOCK = "uv.lock"
    PDM_LOCK = "pdm.lock"
    PYLOCK = "pylock.toml"
    CONDA = "conda environment"
    HATCH = "hatch.toml"
    TOX = "tox.ini"
    NOX = "noxfile.py"
    PACKAGE_JSON = "package.json"
    PACKAGE_LOCK = "package-lock.json"

    @property
    def is_lock(self) -> bool:
        """It is written by a tool and names every distribution with its version and source."""
        return self in _LOCKS

    @property
    def is_python(self) -> bool:
        """It speaks of Python distributions."""
        return self not in (ManifestKind.PACKAGE_JSON, ManifestKind.PACKAGE_LOCK)


_LOCKS = frozenset(
    {
        ManifestKind.PIPFILE_LOCK,
        ManifestKind.POETRY_LOCK,
        ManifestKind.UV_LOCK,
        ManifestKind.PDM_LOCK,
        ManifestKind.PYLOCK,
        ManifestKind.PACKAGE_LOCK,
    }
)
_NAMES = {
    kind.value: kind
    for kind in ManifestKind
    if kind not in (ManifestKind.REQUIREMENTS, ManifestKind.CONDA, ManifestKind.PYLOCK)
} | {"npm-shrinkwrap.json": ManifestKind.PACKAGE_LOCK}
# pylock.toml and pylock.<name>.toml: PEP 751.
_PYLOCK = re.compile(r"pylock(?:\.[^.]+)?\.toml")
# pip names no ending; what is in use: requirements*.txt, test-requirements.txt, requirements/*.txt, *.in.
_REQUIREMENTS = re.compile(
    r"(?:[^/]*(?:requirements|constraints)[^/]*|(?:requirements|reqs)(?:/[^/]+){1,3}|(?:py)?deps)\.(?:txt|in|pip)"
)
_CONDA = re.compile(r"(?:conda[-_.]?)?(?:environment|env)(?:[-_.][^/]*)?\.ya?ml|conda[-_.][^/]*\.ya?ml")
_SUFFIXES = (
    ".toml",
    ".txt",
    ".in",
    ".pip",
    ".cfg",
    ".py",
    ".ini",
    ".lock",
    ".json",
    ".yml",
    ".yaml",
    "Pipfile",
)


def manifest_kind(path: str) -> ManifestKind | None:
    """Say which kind of manifest the file at ``path`` is, None if it is none. Only the path is looked at."""
    if not path.endswith(_SUFFIXES):
        return None
    name = path.rpartition("/")[2]
    if (kind := _NAMES.get(name)) is not None:
        return kind
    lowered = name.lower()
    if lowered.endswith((".txt", ".in", ".pip")):
        tail = "/".join(path.lower().split("/")[-4:])
        found = any(_REQUIREMENTS.fullmatch(tail.split("/", cut)[-1]) for cut in range(tail.count("/") + 1))
        return ManifestKind.REQUIREMENTS if found else None
    if lowered.endswith((".yml", ".yaml")) and _CONDA.fullmatch(lowered):
        return ManifestKind.CONDA
    return ManifestKind.PYLOCK if _PYLOCK.fullmatch(lowered) else None


def governs_install(path: str) -> bool:
    """Tell whether a file decides what is installed, or runs then: manifests, configuration of indexes."""
    name = path.rpartition("/")[2]
    return name in _CONFIGS or name.endswith(".pth") or manifest_kind(path) is not None


_CONFIGS = ("pip.conf", "pip.ini", ".npmrc", "uv.toml", "sitecustomize.py", "usercustomize.py")
