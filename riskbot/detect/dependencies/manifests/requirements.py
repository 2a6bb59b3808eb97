"""pip's requirements and constraints files (https://pip.pypa.io/en/stable/reference/requirements-file-format/)."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from riskbot.detect.dependencies.manifests import requirement
from riskbot.detect.dependencies.manifests.model import Draft, Index

_COMMENT = re.compile(r"(?:^|\s+)#.*$")
_HASH = re.compile(r"\s--hash[=\s]+(\w+:[0-9A-Fa-f]+)")
_PER_REQUIREMENT = re.compile(r"\s--(?:hash|config-settings?|global-option|install-option)\b.*$")
_INDEX = {"-i": "--index-url", "--pypi-url": "--index-url", "-f": "--find-links"}
_WITH_VALUE = ("--index-url", "--extra-index-url", "--find-links", "--trusted-host")
_MAX_LINE = 60_000  # characters: a requirement with the hashes of some hundred files
_MAX_OPTION = 4_000
_PYPI = ("pypi.org", "pypi.python.org", "files.pythonhosted.org")


def read(draft: Draft, text: str) -> None:
    """Read a requirements file into ``draft``; lines that are neither requirement nor option are problems."""
    for number, line in _logical(text):
        if len(line) > (_MAX_OPTION if line.startswith("-") else _MAX_LINE):
            draft.problem(f"line {number} is too long to be read")
            continue
        if line.startswith("-"):
            _option(draft, line, number)
            continue
        hashes = frozenset(_HASH.findall(line))
        found = requirement.parse(_PER_REQUIREMENT.sub("", line), line=number)
        if found is None:
            draft.problem(f"line {number} is no requirement")
            continue
        draft.declared.append(replace(found, hashes=hashes))


def _logical(text: str) -> Iterator[tuple[int, str]]:
    """Give the lines as pip joins them: a backslash at the end continues, a comment ends one."""
    begun, parts = 0, []
    for number, raw in enumerate(text.splitlines(), 1):
        begun = begun or number
        if raw.endswith("\\") and not raw.lstrip().startswith("#"):
            parts.append(raw[:-1])
            continue
        parts.append(raw)
        line = _COMMENT.sub("", "".join(parts)).strip()
        if line:
            yield begun, line
        begun, parts = 0, []
    if parts:
        yield begun, _COMMENT.sub("", "".join(parts)).strip()


def _option(draft: Draft, line: str, number: int) -> None:
    try:
        words = shlex.split(line.replace("=", " ", 1) if line.startswith("--") else line)
    except ValueError:
        draft.problem(f"line {number} is no option")
        return
    option, value = words[0], words[1] if len(words) > 1 else ""
    if option[:2] in ("-r", "-c", "-e", "-i", "-f") and len(option) > 2 and option[1] != "-":
        option, value = option[:2], option[2:]
    option = _INDEX.get(option, option)
    if option in ("-r", "--requirement", "-c", "--constraint"):
        draft.includes.append(value)
    elif option in ("-e", "--editable"):
        if found := requirement.parse(value, line=number):
            draft.declared.append(replace(found, written=line))
    elif option in _WITH_VALUE and value:
        draft.indexes.append(index(value, option, number))


def index(url: str, option: str, line: int | None) -> Index:
    """Make the index that an option of pip adds; PyPI itself is safe."""
    host = (urlsplit(url).hostname or "") if "//" in url else ""
    safe = url.startswith("https:") and host in _PYPI
    extra = option in ("--extra-index-url", "--find-links")
    return Index(url, line, extra=extra, safe=safe, option=option)


def is_constraints(path: str) -> bool:
    """Tell whether a file of pip only limits versions, by its name."""
    return "constraint" in path.rpartition("/")[2].lower()
