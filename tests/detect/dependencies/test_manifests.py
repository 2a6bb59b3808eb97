"""Every manifest format: what is declared, where, how tightly, from where; and nothing hostile gets through."""

from __future__ import annotations

import pytest
from clock import seconds
from hypothesis import given, settings
from hypothesis import strategies as st

from riskbot.detect.dependencies.manifests import Bound, Declared, Manifest, Origin, normalised, read
from riskbot.detect.dependencies.manifests.others import npm_bound
from riskbot.detect.dependencies.manifests.requirement import bound_of, revision_of
from riskbot.domain.manifests import ManifestKind, manifest_kind


def manifest(path: str, text: str) -> Manifest:
    found = read(path, text.encode())
    assert found is not None
    return found


def names(path: str, text: str) -> dict[str, tuple[int | None, str]]:
    return {one.name: (one.line, one.group) for one in manifest(path, text).declared}


def only(path: str, text: str) -> Declared:
    (found,) = manifest(path, text).declared
    return found


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("pyproject.toml", ManifestKind.PYPROJECT),
        ("libs/a/setup.py", ManifestKind.SETUP_PY),
        ("requirements.txt", ManifestKind.REQUIREMENTS),
        ("requirements-dev.in", ManifestKind.REQUIREMENTS),
        ("requirements/extras/redis.txt", ManifestKind.REQUIREMENTS),
        ("constraints.txt", ManifestKind.REQUIREMENTS),
        ("docs/requirements.pip", ManifestKind.REQUIREMENTS),
        ("pylock.dev.toml", ManifestKind.PYLOCK),
        ("environment-dev.yml", ManifestKind.CONDA),
        ("npm-shrinkwrap.json", ManifestKind.PACKAGE_LOCK),
        ("notes.txt", None),
        ("requirements.md", None),
        ("requirements", None),
        ("my-pyproject.toml", None),
        ("templates/environment/values.yaml", None),
    ],
)
def test_which_files_are_manifests(path: str, kind: ManifestKind | None) -> None:
    assert manifest_kind(path) is kind


def test_requirements() -> None:
    text = f"""# comment
Flask_Login==0.6.3  # why
requests[socks,security]>=2,<3 ; python_version > "3.8"
uvicorn \\
    --hash=sha256:{"a" * 64} \\
    --hash=sha256:{"b" * 64}
-r other.txt
-cconstraints.txt
--index-url=https://user:word@pypi.acme.example/simple
-e git+https://github.com/acme/tool.git@main#egg=acme-tool
./libs/own
https://example.org/pkg_name-1.0-py3-none-any.whl
name @ git+ssh://git@github.com/acme/name@{"1" * 40}
?!
"""
    found = manifest("requirements.txt", text)
    assert [(one.name, one.line, one.bound, one.origin) for one in found.declared] == [
        ("flask-login", 2, Bound.PINNED, Origin.INDEX),
        ("requests", 3, Bound.UPPER, Origin.INDEX),
        ("uvicorn", 4, Bound.NONE, Origin.INDEX),
        ("acme-tool", 10, Bound.NONE, Origin.VCS),
        ("own", 11, Bound.NONE, Origin.PATH),
        ("pkg-name", 12, Bound.NONE, Origin.URL),
        ("name", 13, Bound.PINNED, Origin.VCS),
    ]
    assert found.declared[1].extras == ("security", "socks")
    assert len(found.declared[2].hashes) == 2
    assert found.includes == ("other.txt", "constraints.txt")
    assert [(one.safe, one.extra) for one in found.indexes] == [(False, False)]
    assert found.problems == ("line 14 is no requirement",)


def test_pyproject_in_all_its_dialects() -> None:
    text = """[build-system]
requires = ["hatchling>=1"]
backend-path = ["tools"]
[project]
name = "My.App"
dependencies = [
  "httpx>=0.27",
]
dynamic = ["version"]
[project.optional-dependencies]
s3 = ["boto3"]
[dependency-groups]
dev = ["ruff==0.5", {include-group = "test"}]
[tool.poetry.dependencies]
python = "^3.11"
django = "^4.2"
tool = [{version = "<2", python = "<3.9"}, {version = ">=2"}]
[tool.poetry.group.docs.dependencies]
sphinx = {version = "~7.1", extras = ["x"]}
[tool.pdm.dev-dependencies]
lint = ["mypy"]
[tool.hatch.envs.test]
dependencies = ["pytest<9"]
[tool.uv]
dev-dependencies = ["tox"]
[[tool.uv.index]]
url = "https://pypi.acme.example/simple"
explicit = true
[tool.uv.sources]
httpx = { git = "https://github.com/encode/httpx", rev = "1111111111111111111111111111111111111111" }
mate = { workspace = true }
"""
    found = manifest("pyproject.toml", text)
    assert [(one.name, one.line, one.group) for one in found.declared] == [
        ("httpx", 7, ""),
        ("boto3", 11, "extra s3"),
        ("ruff", 13, "group dev"),
        ("hatchling", 2, "build"),
        ("django", 16, ""),
        ("tool", 17, ""),
        ("tool", 17, ""),
        ("sphinx", 19, "group docs"),
        ("mypy", 21, "group lint"),
        ("tox", 25, "group dev"),
        ("httpx", 30, "source"),
        ("pytest", 23, "environment test"),
    ]
    bounds = {one.name: one.bound for one in found.declared if one.origin is Origin.INDEX}
    assert (bounds["django"], bounds["sphinx"], bounds["mypy"]) == (Bound.UPPER, Bound.UPPER, Bound.NONE)
    assert [one.bound for one in found.declared if one.origin is Origin.VCS] == [Bound.PINNED]
    assert found.provides == ("my-app", "mate")
    assert [one.safe for one in found.indexes] == [True]
    assert [one.what for one in found.hooks] == ["a build backend of its own"]
    assert found.problems == ()


def test_setup_py_is_read_and_never_run() -> None:
    text = """from setuptools import setup
import subprocess
raise SystemExit("it was run")
BASE = ["six>=1", f"acme[x]=={1 + 1}"]
EXTRA = {"s3": ["boto3"], "web": BASE + ["flask"]}
subprocess.check_call(["make"])
setup(name="x", install_requires=BASE + read("more.txt"), extras_require=EXTRA, tests_require="mock\\nnose")
args = {"setup_requires": ["wheel"]}
args["install_requires"] = ["attrs == " + VERSION]
"""
    found = manifest("setup.py", text)
    assert {one.name: one.group for one in found.declared} == {
        "six": "extra web",
        "acme": "extra web",
        "boto3": "extra s3",
        "flask": "extra web",
        "mock": "extra test",
        "nose": "extra test",
        "wheel": "build",
        "attrs": "",
    }
    assert found.problems == ("install_requires is not written out in setup.py",)
    assert [(one.what, one.line) for one in found.hooks] == [
        ("a call of subprocess.check_call in setup.py", 6)
    ]
    assert found.provides == ("x",)


def test_setup_cfg_tox_and_nox() -> None:
    cfg = "[metadata]\nname = a_b\n[options]\ninstall_requires =\n    six\n    attrs>=1 # why\n"
    assert names("setup.cfg", cfg + "[options.extras_require]\nx = toml; python_version<'3'\n") == {
        "six": (5, ""),
        "attrs": (6, ""),
        "toml": (8, "extra x"),
    }
    assert manifest("setup.cfg", "[options]\ninstall_requires = file: a.txt, b.txt\n").includes == (
        "a.txt",
        "b.txt",
    )
    tox = "[testenv]\ndeps =\n    -r requirements.txt\n    py311,lint: ruff==0.5\n    {[base]deps}\n    pytest\n"
    assert list(names("tox.ini", tox)) == ["ruff", "pytest"]
    assert list(
        names("noxfile.py", "def t(session):\n    session.install('-e', '.', 'pytest', 'mypy>=1')\n")
    ) == [
        "pytest",
        "mypy",
    ]


def test_pipfile_conda_and_package_json() -> None:
    pipfile = """[[source]]
url = "https://pypi.org/simple"
[packages]
flask = "*"
tool = {git = "https://github.com/a/tool", ref = "main"}
[dev-packages]
pytest = {version = "==8.0", index = "acme"}
"""
    found = manifest("Pipfile", pipfile)
    assert [(one.name, one.line, one.bound, one.group) for one in found.declared] == [
        ("flask", 4, Bound.NONE, ""),
        ("tool", 5, Bound.NONE, ""),
        ("pytest", 7, Bound.PINNED, "group dev"),
    ]
    conda = "channels: [conda-forge, acme]\ndependencies:\n- python=3.11\n- acme::gdal=3.8\n- pip:\n  - flask==3.0\n  - -r more.txt\n"
    found = manifest("environment.yml", conda)
    assert [(one.name, one.line, one.bound, one.index) for one in found.declared] == [
        ("gdal", 4, Bound.UPPER, "acme"),
        ("flask", 6, Bound.PINNED, ""),
    ]
    assert [one.safe for one in found.indexes] == [True, False]
    node = '{"dependencies": {"a": "^1.2.3",\n"b": "acme/b#main"},\n"scripts": {"postinstall": "node x", "test": "y"}}'
    found = manifest("package.json", node)
    assert [(one.name, one.line, one.origin) for one in found.declared] == [
        ("a", 1, Origin.INDEX),
        ("b", 2, Origin.VCS),
    ]
    assert [one.what for one in found.hooks] == ["npm's postinstall script"]


def test_lock_files() -> None:
    uv = """[[package]]
name = "flask"
version = "3.0"
source = { registry = "https://pypi.org/simple" }
sdist = { url = "https://x", hash = "sha256:aa", size = 1 }
wheels = [{ url = "https://y", hash = "sha256:bb" }]
[[package]]
name = "me"
version = "1"
source = { editable = "." }
[[package]]
name = "fork"
version = "1"
source = { git = "https://github.com/a/fork?rev=main#1111111111111111111111111111111111111111" }
"""
    found = manifest("uv.lock", uv)
    assert [(one.name, one.line, one.specifier, one.origin) for one in found.declared] == [
        ("flask", 2, "==3.0", Origin.INDEX),
        ("fork", 12, "==1", Origin.VCS),
    ]
    assert found.declared[0].hashes == {"sha256:aa", "sha256:bb"}
    assert found.declared[1].revision == "1" * 40
    assert found.provides == ("me",)
    poetry = '[[package]]\nname = "a"\nversion = "1"\n[package.source]\ntype = "legacy"\nurl = "https://r/simple"\n'
    assert only("poetry.lock", poetry).index == "https://r/simple"
    older = (
        '[[package]]\nname = "a"\nversion = "1"\n[metadata.files]\na = [{file = "f", hash = "sha256:cc"}]\n'
    )
    assert only("poetry.lock", older).hashes == {"sha256:cc"}
    pylock = '[[packages]]\nname = "a"\nversion = "1"\nindex = "https://r/simple"\nwheels = [{name = "w", hashes = {sha256 = "dd"}}]\n'
    one = only("pylock.toml", pylock)
    assert (one.index, one.hashes) == ("https://r/simple", {"sha256:dd"})
    pipenv = '{"_meta": {"sources": [{"name": "p", "url": "https://r"}]}, "default": {"a": {"version": "==1", "index": "p", "hashes": ["sha256:ee"]}}}'
    one = only("Pipfile.lock", pipenv)
    assert (one.specifier, one.index, one.hashes) == ("==1", "https://r", {"sha256:ee"})
    npm = '{"packages": {"": {}, "node_modules/@a/b": {"version": "1.0.0", "resolved": "https://registry.npmjs.org/b.tgz", "integrity": "sha512-x", "hasInstallScript": true}}}'
    found = manifest("package-lock.json", npm)
    assert (found.declared[0].name, found.declared[0].index) == ("@a/b", "https://registry.npmjs.org")
    assert [one.what for one in found.hooks] == ["the install script of @a/b"]


@pytest.mark.parametrize(
    ("specifier", "bound"),
    [
        ("", Bound.NONE),
        ("*", Bound.NONE),
        ("!=2", Bound.NONE),
        (">=1", Bound.LOWER),
        (">=1,<2", Bound.UPPER),
        ("~=1.4", Bound.UPPER),
        ("^1.4", Bound.UPPER),
        ("==1.*", Bound.UPPER),
        ("==1.4", Bound.PINNED),
        ("===1.4", Bound.PINNED),
        ("1.4", Bound.PINNED),
    ],
)
def test_how_tightly_python_binds(specifier: str, bound: Bound) -> None:
    assert bound_of(specifier) is bound


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("latest", Bound.NONE),
        ("", Bound.NONE),
        (">=1", Bound.LOWER),
        ("^1.2.3", Bound.UPPER),
        ("~1.2", Bound.UPPER),
        ("1.x", Bound.UPPER),
        ("1.2.3", Bound.PINNED),
        ("npm:other@1.2.3", Bound.PINNED),
        ("workspace:*", Bound.UPPER),
    ],
)
def test_how_tightly_npm_binds(text: str, bound: Bound) -> None:
    assert npm_bound(text) is bound


def test_names_and_revisions() -> None:
    assert normalised("Foo__Bar.baz-") == "foo-bar-baz"
    assert revision_of("git+https://user@host/a/b.git@v1#egg=x") == "v1"
    assert revision_of("git+https://user@host/a/b.git") == ""


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        ("pyproject.toml", b"\xff\xfe", "it is not UTF-8"),
        ("pyproject.toml", b"[project\n", "can be parsed"),
        ("pyproject.toml", b"x = " + b"[" * 100_000, "nested"),
        ("package.json", b"[" * 200_000, "nested"),
        ("uv.lock", b"a" * (4 << 20) + b"aa", "at most"),
        ("setup.py", b"(" * 2_000, "parsed"),
        ("setup.cfg", b"no section\n", "parsed"),
        ("environment.yml", b"a: &a [1]\nb: [*a, *a]\n", "aliases"),
        ("environment.yml", b"a: [\n", "parsed"),
    ],
)
def test_what_cannot_be_read_is_told(path: str, content: bytes, words: str) -> None:
    found = read(path, content)
    assert found is not None
    assert found.declared == ()
    assert len(found.problems) == 1
    assert words in found.problems[0]


@pytest.mark.parametrize(
    "path",
    [
        "pyproject.toml",
        "uv.lock",
        "Pipfile",
        "package.json",
        "package-lock.json",
        "Pipfile.lock",
        "environment.yml",
    ],
)
@pytest.mark.parametrize("value", ['"x"', "1", "[1, [2]]", "{}", '[{"name": 1}]'])
def test_values_of_other_kinds_never_break_a_reader(path: str, value: str) -> None:
    keys = (
        "project",
        "tool",
        "package",
        "packages",
        "dependencies",
        "build-system",
        "source",
        "scripts",
        "_meta",
    )
    joint = ": " if path.endswith(("json", "lock", "yml")) and path != "uv.lock" else " = "
    for key in keys:
        text = (
            f'{{"{key}"{joint}{value}}}' if path.endswith(("json", "file.lock")) else f"{key}{joint}{value}\n"
        )
        assert read(path, text.encode()) is not None


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        [
            "requirements.txt",
            "setup.cfg",
            "setup.py",
            "tox.ini",
            "noxfile.py",
            "pyproject.toml",
            "environment.yml",
        ]
    ),
    st.text(alphabet="ab1-_.=<>~!@#[](){}:;,'\"\\ \n\t/*&$é", max_size=80),
)
def test_no_text_breaks_a_reader(path: str, text: str) -> None:
    found = read(path, text.encode())
    assert found is not None
    for one in found.declared:
        assert one.name == normalised(one.name)
        assert one.line is None or 1 <= one.line <= text.count("\n") + 2


def test_hostile_sizes_take_no_time() -> None:
    lines = "".join(f"package-{n}=={n}\n" for n in range(5_000))
    assert seconds(tries=1, action=lambda: read.__wrapped__("requirements.txt", lines.encode())) < 3
    assert seconds(tries=1, action=lambda: read.__wrapped__("requirements.txt", b"a" * 1_000_000)) < 1
    assert seconds(tries=1, action=lambda: read.__wrapped__("requirements.txt", b"--hash=" * 100_000)) < 1
    assert (
        seconds(
            tries=1,
            action=lambda: read.__wrapped__(
                "setup.py", b"setup(install_requires=" + b"['a']+" * 300 + b"[])"
            ),
        )
        < 2
    )
