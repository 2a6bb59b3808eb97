"""What a reviewer should notice about paths."""

import pytest

from riskbot.domain.change import FileStatus
from riskbot.facts.document import File, Text
from riskbot.judge.pathflags import path_flags


def codes(*files: File, texts: tuple[Text, ...] = ()) -> dict[str, tuple[str, ...]]:
    return {note.code: note.evidence for note in path_flags(files, texts)}


def added(path: str, mode: str = "100644") -> File:
    return File(status=FileStatus.ADDED, new_path=path, new_mode=mode)


@pytest.mark.parametrize("path", ["s\u0435cure/x.py", "src/\u0391dmin.py", "docs/p\u0430y"])
def test_mixed_scripts_are_named(path: str) -> None:
    found = codes(added(path))
    assert set(found) == {"look_alike_path"}
    assert "U+0" in found["look_alike_path"][0]


@pytest.mark.parametrize(
    "path",
    [
        "src/a.py",
        "\u0434\u043e\u043a\u0438/\u043e\u0431\u0437\u043e\u0440.md",
        "docs/caf\u00e9.md",
        "\u65e5\u672c/x.py",
        "docs/\u043f\u0440/x.py",
    ],
)
def test_one_script_a_name_is_ordinary(path: str) -> None:
    assert not codes(added(path))


def test_links_and_submodules_are_named() -> None:
    assert set(codes(added("secure", "120000"))) == {"link_mode"}
    assert set(codes(added("secure", "160000"))) == {"link_mode"}


def test_what_governs_is_named_on_either_side_of_a_rename() -> None:
    texts = (Text(path="CODEOWNERS", text="", size=0),)
    moved = File(status=FileStatus.RENAMED, old_path="CODEOWNERS", new_path="old/CODEOWNERS.txt")
    assert codes(moved, texts=texts) == {"governing_change": ("CODEOWNERS",)}
    assert not codes(added("src/CODEOWNERS"), texts=texts)
