"""The owners files at a revision, from real repositories."""

from pathlib import Path

import pytest

from riskbot.facts.document import Text
from riskbot.gather.governing import owners_texts
from riskbot.outside.git import Git
from tests.make import git, make_commit, make_repository


def texts(root: Path, style: str = "codeowners", rosters: tuple[str, ...] = ()) -> dict[str, Text]:
    repository = Git.open(root)
    head = repository.head()
    assert head is not None
    return {text.path: text for text in owners_texts(repository, head, style, rosters)}


def test_every_codeowners_and_the_rosters_named_are_read(tmp_path: Path) -> None:
    files = {
        "CODEOWNERS": "* @root\n",
        "docs/CODEOWNERS": "* @docs\n",
        "src/CODEOWNERS": "* @elsewhere\n",
        ".riskbot/readability": "*.py @readers\n",
    }
    root = make_repository(tmp_path / "r", files)
    found = texts(root, rosters=(".riskbot/readability", "absent"))
    assert {path: text.text for path, text in found.items()} == {
        path: content for path, content in files.items() if not path.startswith("src")
    }


@pytest.mark.parametrize("style", ["gerrit", "prow"])
def test_owners_files_are_found_at_any_depth_under_the_names_they_have(tmp_path: Path, style: str) -> None:
    names = ["OWNERS", "a/b/OWNERS", "a/SECURITY_OWNERS", "OWNERS_ALIASES", "b/OWNERS.build"]
    root = make_repository(tmp_path / "r", {**dict.fromkeys(names, "alice\n"), "a/owners.py": "x = 1\n"})
    assert sorted(texts(root, style)) == sorted(names)


def test_what_is_no_plain_text_is_listed_without_it(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "r", {"CODEOWNERS": b"\xff\xfe", "docs/CODEOWNERS": "#" * (5 * 2**20)})
    (root / ".github").mkdir()
    (root / ".github" / "CODEOWNERS").symlink_to("../CODEOWNERS")
    make_commit(root, {})
    found = texts(root)
    assert {path: (text.text, text.mode) for path, text in found.items()} == {
        ".github/CODEOWNERS": (None, "120000"),
        "CODEOWNERS": (None, "100644"),
        "docs/CODEOWNERS": (None, "100644"),
    }
    assert found["docs/CODEOWNERS"].size == 5 * 2**20


def test_the_base_is_read_not_the_working_tree(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "r", {"CODEOWNERS": "* @old\n"})
    (root / "CODEOWNERS").write_text("* @new\n")
    git(root, "add", "-A")
    assert texts(root)["CODEOWNERS"].text == "* @old\n"
