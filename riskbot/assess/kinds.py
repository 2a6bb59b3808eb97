"""What kind of file a path names: source, test, documentation, configuration and the like."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from riskbot.domain.generated import MADE


class Kind(Enum):
    """The kinds, each with the words that a reader sees."""

    SOURCE = "source code"
    TEST = "tests"
    DOCS = "documentation"
    CONFIG = "configuration"
    CI = "continuous integration and builds"
    DEPENDENCIES = "dependencies"
    MIGRATION = "data migrations"
    DATA = "data and others"
    GENERATED = "generated or vendored"


CODE = frozenset(
    [
        "py",
        "pyi",
        "pyx",
        "pxd",
        "pyw",
        "ipynb",
        "js",
        "jsx",
        "mjs",
        "ts",
        "tsx",
        "java",
        "kt",
        "scala",
        "go",
        "rs",
        "c",
        "h",
        "cc",
        "cpp",
        "cxx",
        "hpp",
        "cs",
        "rb",
        "php",
        "swift",
        "m",
        "mm",
        "sh",
        "bash",
        "sql",
        "html",
        "jinja",
        "jinja2",
        "mako",
        "vue",
        "css",
        "scss",
        "less",
        "pl",
        "lua",
        "dart",
        "ex",
        "exs",
        "erl",
        "hs",
        "clj",
        "r",
        "jl",
        "proto",
        "kv",
    ]
)
_DOCS = frozenset(["md", "rst", "txt", "adoc", "tex", "pot", "po", "mdx"])
_CONFIG = frozenset(["toml", "cfg", "ini", "yml", "yaml", "json", "conf", "env", "properties", "xml"])
_TEST = re.compile(
    r"(?:^|/)(?:tests?|testing|test_suite|spec|specs|__tests__|t)(?:/|$)|(?:^|/)(?:tests?_[^/]*|[^/]*_tests?|conftest|test)\.\w+$"
)
_DEPENDENCIES = re.compile(
    r"(?:^|/)(?:(?:[\w-]*requirements?[\w.-]*|constraints)\.(?:txt|in)|requirements/[^/]+\.(?:txt|in)|poetry\.lock|pipfile(?:\.lock)?|uv\.lock|pdm\.lock"
    r"|package(?:-lock)?\.json|yarn\.lock|pnpm-lock\.yaml|go\.(?:mod|sum)|cargo\.(?:toml|lock)|gemfile(?:\.lock)?"
    r"|environment\.ya?ml|setup\.py)$"
)
_CI = re.compile(
    r"(?:^|/)(?:\.github|\.circleci|\.gitlab|\.azure-pipelines|ci|\.travis)/|(?:^|/)(?:\.travis\.yml|\.gitlab-ci\.yml|appveyor\.yml"
    r"|tox\.ini|noxfile\.py|dockerfile[^/]*|makefile|jenkinsfile|azure-pipelines\.yml|\.pre-commit-config\.yaml|\.appveyor\.yml)$"
)
_MIGRATION = re.compile(r"(?:^|/)(?:migrations?|alembic|versions)/(?:.*/)?[^/]*\.(?:py|sql)$")
_DOC_PLACE = re.compile(
    r"(?:^|/)(?:docs?|documentation|newsfragments|changes|changelog\.d|news|releasenotes)/|(?:^|/)(?:changelog|changes|news|readme|authors|contributors|license|copying|history)[^/]*$"
)


@lru_cache(maxsize=65_536)
def kind(path: str) -> Kind:
    """Say what kind of file a path names, by its folders and its ending; case does not count."""
    low = path.lower()
    ending = low.rpartition(".")[2] if "." in low.rpartition("/")[2] else ""
    code = ending in CODE
    if _DEPENDENCIES.search(low):
        return Kind.DEPENDENCIES
    if MADE.search(low):
        return Kind.GENERATED
    if _CI.search(low):
        return Kind.CI
    if code and _TEST.search(low):
        return Kind.TEST
    if _DOC_PLACE.search(low) or ending in _DOCS:
        return Kind.DOCS
    if _MIGRATION.search(low):
        return Kind.MIGRATION
    if code:
        return Kind.SOURCE
    return Kind.CONFIG if ending in _CONFIG else Kind.DATA


_RANKS = {Kind.SOURCE: 0, Kind.MIGRATION: 0, Kind.DEPENDENCIES: 1, Kind.CI: 1, Kind.CONFIG: 1, Kind.TEST: 2}


def rank(path: str) -> int:
    """Order paths by how much a defect there matters: 0 source code, 1 what runs it, 2 tests, 3 the rest."""
    return _RANKS.get(kind(path), 3)
