"""`riskbot owners` as a person and a program meet it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from make import git, make_commit, make_repository

FILE = "* @acme/devs\n/secure/ @acme/sec @dave\n*.py @p bob\n/free/\n# note\u2028* @mallory\n"


def owners(*arguments: str, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "riskbot", "owners", *arguments]
    return subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, timeout=60, env=os.environ)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "r", {".github/CODEOWNERS": FILE, "CODEOWNERS": "* @other\n"})


def rows(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_json_answers_in_the_order_asked(repository):
    answers = rows(owners("x.py", "secure/k", "free/x", "./secure/k", "--format", "json", cwd=repository))
    assert answers == [
        {
            "path": "x.py",
            "owners": ["@acme/devs"],
            "line": 1,
            "pattern": "*",
            "lints": ["control_char", "invalid_owner"],
        },
        {
            "path": "secure/k",
            "owners": ["@acme/sec", "@dave"],
            "line": 2,
            "pattern": "/secure/",
            "lints": ["control_char"],
        },
        {
            "path": "free/x",
            "owners": [],
            "line": 4,
            "pattern": "/free/",
            "lints": ["control_char", "unowned_by_empty_line"],
        },
        {
            "path": "secure/k",
            "owners": ["@acme/sec", "@dave"],
            "line": 2,
            "pattern": "/secure/",
            "lints": ["control_char"],
        },
    ]


def test_a_file_of_ones_own_needs_no_repository(tmp_path):
    (tmp_path / "mine").write_bytes(b"a/ @x\r\n*.md docs@example.org\r\n")
    answers = rows(owners("--codeowners", "mine", "q", "b/a/c", "a.md", "--format", "json", cwd=tmp_path))
    assert [(row["owners"], row["line"], row["pattern"]) for row in answers] == [
        ([], None, None),
        (["@x"], 1, "a/"),
        (["docs@example.org"], 2, "*.md"),
    ]


@pytest.mark.parametrize("between", [b"\n", b"\0"])
def test_many_paths_come_from_standard_input(repository, between):
    names = [f"secure/{number}" for number in range(3_000)]
    stdin = between.join(map(os.fsencode, names)) + between
    answers = rows(owners("-", "--format", "json", cwd=repository, stdin=stdin))
    assert [row["path"] for row in answers] == names
    assert {row["line"] for row in answers} == {2}


def test_the_revision_counts_and_nothing_uncommitted(repository):
    first = git(repository, "rev-parse", "HEAD").decode().strip()
    make_commit(repository, {".github/CODEOWNERS": "* @new\n"})
    (repository / ".github" / "CODEOWNERS").write_text("* @uncommitted\n")
    new, old = (
        rows(owners("x", "--format", "json", *more, cwd=repository))[0]["owners"]
        for more in ((), ("--rev", first))
    )
    assert (new, old) == (["@new"], ["@acme/devs"])


def test_words_show_all_that_json_says(repository):
    done = owners("x.py", "free/x", "no\u202ewhere", cwd=repository)
    text = done.stdout.decode()
    assert done.returncode == 0
    assert "line 2" not in text
    for words in ("@acme/devs", "nobody", "line 4: /free/", "\\u202e", "(invalid_owner)", ":3:9"):
        assert words in text, text
    assert "\u202e" not in text
    assert "\u2028" not in text


def test_lint_lists_everything_odd(repository):
    found = rows(owners("--lint", "--format", "json", cwd=repository))
    assert [(row["code"], row["line"]) for row in found] == [
        ("invalid_owner", 3),
        ("unowned_by_empty_line", 4),
        ("control_char", 5),
    ]
    assert "(control_char)" in owners("--lint", cwd=repository).stdout.decode()


def test_a_file_too_large_owns_nothing_and_warns(tmp_path):
    (tmp_path / "big").write_text("* @a\n" + "#" * 3_000_000)
    done = owners("--codeowners", "big", "x", "--format", "json", cwd=tmp_path)
    row = {"path": "x", "owners": [], "line": None, "pattern": None, "lints": ["too_large"]}
    assert rows(done) == [row]
    assert b"warning: " in done.stderr


def test_a_linked_file_is_not_followed(tmp_path):
    root = make_repository(tmp_path / "r", {"real": "* @a\n"})
    (root / "CODEOWNERS").symlink_to("real")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "link")
    assert rows(owners("x", "--format", "json", cwd=root))[0]["lints"] == ["not_a_file"]


@pytest.mark.parametrize(
    ("style", "content", "owner"),
    [("gerrit", "a@x.org\n", "a@x.org"), ("prow", "approvers:\n- ann\n", "@ann")],
)
def test_owners_files_name_the_file_too(tmp_path, style, content, owner):
    root = make_repository(tmp_path / "r", {"a/OWNERS": content, "a/x": ""})
    row = rows(owners("a/x", "--style", style, "--format", "json", cwd=root))[0]
    assert (row["owners"], row["file"]) == ([owner], "a/OWNERS")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "No PATH"),
        (["x", "--lint"], "takes no PATH"),
        (["x", "--codeowners", "none"], "none cannot be read"),
        (["x", "--codeowners", "CODEOWNERS", "--rev", "HEAD"], "--codeowners reads one file"),
        (["x", "--codeowners", "CODEOWNERS", "--repo", "."], "not allowed with"),
        (["x", "--rev", "nowhere"], "nowhere is unknown"),
    ],
)
def test_what_is_wrong_is_said(repository, arguments, says):
    done = owners(*arguments, cwd=repository)
    assert done.returncode == 2
    assert done.stdout == b""
    assert says in done.stderr.decode()


def test_a_repository_without_owners_has_nobody(tmp_path):
    root = make_repository(tmp_path / "r", {"x": ""})
    done = owners("x", "--format", "json", cwd=root)
    assert rows(done)[0]["owners"] == []
    assert b"no CODEOWNERS file" in done.stderr


@pytest.mark.parametrize("path", ["", "/src/app.py", "../app.py", "src/../app.py"])
def test_what_is_no_path_from_the_root_is_refused(path: str, tmp_path: Path) -> None:
    """A line for everything would answer for it, and be wrong."""
    (tmp_path / "CODEOWNERS").write_text("* @everybody\n/src/ @src\n", encoding="utf-8")
    done = owners(path, "--codeowners", "CODEOWNERS", cwd=tmp_path)
    assert done.returncode == 2
    assert b"Write it like src/app.py." in done.stderr
