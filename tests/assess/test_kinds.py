import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskbot.assess.kinds import Kind, kind, rank

CASES = {
    "src/app/views.py": Kind.SOURCE,
    "tests/test_views.py": Kind.TEST,
    "src/app/test_views.py": Kind.TEST,
    "src/app/views_test.go": Kind.TEST,
    "conftest.py": Kind.TEST,
    "docs/conf.py": Kind.DOCS,
    "docs/index.rst": Kind.DOCS,
    "CHANGES": Kind.DOCS,
    "README.md": Kind.DOCS,
    "setup.cfg": Kind.CONFIG,
    "pyproject.toml": Kind.CONFIG,
    "requirements/dev.txt": Kind.DEPENDENCIES,
    "requirements-dev.txt": Kind.DEPENDENCIES,
    "poetry.lock": Kind.DEPENDENCIES,
    ".github/workflows/ci.yml": Kind.CI,
    "Dockerfile": Kind.CI,
    "app/migrations/0001_initial.py": Kind.MIGRATION,
    "web/static/app.min.js": Kind.GENERATED,
    "api/v1_pb2.py": Kind.GENERATED,
    "vendor/lib/x.py": Kind.GENERATED,
    "logo.png": Kind.DATA,
    "contest/attest.py": Kind.SOURCE,
}


@pytest.mark.parametrize(("path", "expected"), CASES.items())
def test_paths_are_of_the_kind_that_people_call_them(path: str, expected: Kind):
    assert kind(path) is expected


def test_source_comes_before_tests_before_prose():
    assert rank("a/b.py") < rank("setup.cfg") < rank("tests/test_b.py") < rank("docs/b.rst")


@given(st.text(max_size=300))
def test_any_path_has_a_kind(path: str):
    assert isinstance(kind(path), Kind)
