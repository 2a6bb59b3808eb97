"""Diff parsing: exact on what git and diff write, and a clear error on everything else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from clock import seconds
from hypothesis import given, settings
from hypothesis import strategies as st
from make import git, make_repository

from riskbot.domain.change import FileStatus, LineKind
from riskbot.domain.errors import UsageError
from riskbot.gather import diff

SIMPLE = b"""\
diff --git a/a.py b/a.py
index 1111111111111111111111111111111111111111..2222222222222222222222222222222222222222 100644
--- a/a.py
+++ b/a.py
@@ -1,3 +1,3 @@ def f():
 one
-two
+zwei
 three
"""


def one(patch: bytes) -> diff.FileDiff:
    (file,) = diff.parse(patch)
    return file


def test_a_plain_modification() -> None:
    file = one(SIMPLE)
    assert (file.status, file.old_path, file.new_path) == (FileStatus.MODIFIED, "a.py", "a.py")
    assert (file.old_blob, file.new_blob) == ("1" * 40, "2" * 40)
    assert (file.old_mode, file.new_mode) == ("100644", "100644")
    assert (file.added, file.removed) == (1, 1)
    (hunk,) = file.hunks
    assert hunk.section == "def f():"
    assert [(line.kind, line.old, line.new, line.raw) for line in hunk.lines] == [
        (LineKind.CONTEXT, 1, 1, b"one\n"),
        (LineKind.REMOVED, 2, None, b"two\n"),
        (LineKind.ADDED, None, 2, b"zwei\n"),
        (LineKind.CONTEXT, 3, 3, b"three\n"),
    ]
    assert diff.apply(file.hunks, b"one\ntwo\nthree\nfour\n") == b"one\nzwei\nthree\nfour\n"


def test_lines_that_look_like_headers_are_lines() -> None:
    patch = (
        b"--- a.sql\n+++ a.sql\n@@ -1,3 +1,3 @@\n--- a/old comment\n-diff --git a/x b/x\n-@@ -1 +1 @@\n"
        b"+++ b/new comment\n+diff --git a/y b/y\n+@@ -1 +1 @@\n"
    )
    file = one(patch)
    assert [line.raw for line in file.hunks[0].lines] == [
        b"-- a/old comment\n",
        b"diff --git a/x b/x\n",
        b"@@ -1 +1 @@\n",
        b"++ b/new comment\n",
        b"diff --git a/y b/y\n",
        b"@@ -1 +1 @@\n",
    ]


@pytest.mark.parametrize(
    ("header", "old", "new"),
    [
        (b"--- a/x y.py\t\n+++ b/x y.py\t\n", "x y.py", "x y.py"),
        (b'--- "a/t\\tb\\303\\244\\"\\\\.py"\n+++ "b/t\\tb\\303\\244\\"\\\\.py"\n', 't\tbä"\\.py', 't\tbä"\\.py'),
        (b'--- "a/n\\nl"\n+++ "b/n\\nl"\n', "n\nl", "n\nl"),
        (b"--- a/\xff.py\n+++ b/\xff.py\n", "\udcff.py", "\udcff.py"),
        (b"--- i/x.py\n+++ w/x.py\n", "x.py", "x.py"),
        (b"--- x.py\n+++ x.py\n", "x.py", "x.py"),
        (b"--- b/x.py\n+++ b/x.py\n", "b/x.py", "b/x.py"),
        (b"--- old/pkg/x.py\t2024-05-01 12:00:00.000000000 +0200\n+++ new/pkg/x.py\t2024-05-02\n", "pkg/x.py", "pkg/x.py"),
        (b"--- x.py.orig\t2024-05-01\n+++ x.py\t2024-05-02\n", "x.py", "x.py"),
        (b"--- /tmp/x.py\n+++ /home/me/y.py\n", "home/me/y.py", "home/me/y.py"),
        (b"--- ../a/x.py\n+++ ../b/x.py\n", "b/x.py", "b/x.py"),
        (b"--- a/x.py\r\n+++ b/x.py\r\n", "x.py", "x.py"),
    ],
)  # fmt: skip
def test_names(header: bytes, old: str, new: str) -> None:
    file = one(header + b"@@ -1 +1 @@\n-a\n+b\n")
    assert (file.old_path, file.new_path) == (old, new)


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (b"diff --git a/x b/x", "x"),
        (b"diff --git a/a b/a b b/a b/a b", "a b/a b"),
        (b'diff --git "a/\\303\\244" "b/\\303\\244"', "ä"),
        (b"diff --git x.py x.py", "x.py"),
        (b"diff --git i/-x w/-x", "-x"),
    ],
)
def test_names_where_only_the_first_line_has_them(line: bytes, path: str) -> None:
    file = one(line + b"\nold mode 100644\nnew mode 100755\n")
    assert (file.old_path, file.new_path) == (path, path)
    assert (file.old_mode, file.new_mode, file.hunks) == ("100644", "100755", ())


def test_renames_and_copies() -> None:
    for word, status in ((b"rename", FileStatus.RENAMED), (b"copy", FileStatus.COPIED)):
        file = one(
            b'diff --git "a/o\\"" b/n w\nsimilarity index 100%%\n%s from "o\\""\n%s to n w\n'.replace(b"%%", b"%")
            .replace(b"%s", word)
        )  # fmt: skip
        assert (file.status, file.old_path, file.new_path, file.similarity) == (status, 'o"', "n w", 100)


def test_added_and_deleted_files_carry_their_content() -> None:
    added = one(
        b"diff --git a/x b/x\nnew file mode 100755\nindex 0000000..1234567\n--- /dev/null\n+++ b/x\n@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n"
    )
    assert (added.status, added.old_path, added.new, added.new_mode) == (
        FileStatus.ADDED,
        None,
        b"a\nb",
        "100755",
    )
    deleted = one(b"--- a/x\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n")
    assert (deleted.status, deleted.new_path, deleted.old) == (FileStatus.DELETED, None, b"a\nb\n")
    empty = one(b"diff --git a/x b/x\nnew file mode 100644\nindex 0000000..e69de29\n")
    assert (empty.status, empty.new, empty.hunks) == (FileStatus.ADDED, b"", ())


@pytest.mark.parametrize(
    "time",
    [
        b"1970-01-01 01:00:00.000000000 +0100",
        b"Thu Jan 01 00:00:00 1970 +0000",
        b"Thu Jan  1 00:00:00 1970",
        b"(nonexistent)",
        b"(revision 0)",
    ],
)
def test_how_diff_mercurial_and_subversion_say_that_there_is_no_file(time: bytes) -> None:
    file = one(b"--- old/x.py\t" + time + b"\n+++ new/x.py\t2024-05-01\n@@ -0,0 +1 @@\n+a\n")
    assert (file.status, file.new_path, file.new) == (FileStatus.ADDED, "x.py", b"a\n")


def test_binary_files_of_git_and_diff() -> None:
    file = one(b"diff --git a/x b/x\nindex 123456..234567 100644\nBinary files a/x and b/x differ\n")
    assert (file.binary, file.path) == (True, "x")
    file = one(b"Binary files old/x.png and new/x.png differ\n")
    assert (file.binary, file.path) == (True, "x.png")
    patch = b"diff --git a/x b/x\nnew file mode 100644\nindex 0000000..1234567\nGIT binary patch\nliteral 3\nKcmZQzWMT#Y01f~L\n\nliteral 0\nHcmV?d00001\n\n"
    files = diff.parse(patch + SIMPLE)
    assert [(file.binary, file.path) for file in files] == [(True, "x"), (False, "a.py")]


def test_mailed_patches_have_text_around() -> None:
    mail = (
        b"From 1234 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\n\nBinary files a and b differ\n---\n a.py | 2 +-\n\n"
        + SIMPLE
        + b"-- \n2.39.5\n\n"
    )
    assert diff.parse(mail)[-1] == one(SIMPLE)


def test_stripped_blanks_of_empty_context_lines_are_understood() -> None:
    file = one(b"--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n\n-a\n+b\n\n")
    assert diff.apply(file.hunks, b"\na\n\n") == b"\nb\n\n"


def test_carriage_returns_are_content() -> None:
    file = one(b"--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\r\n-b\rc\r\n+b\n")
    assert diff.apply(file.hunks, b"a\r\nb\rc\r\n") == b"a\r\nb\n"


def test_no_newline_in_any_language() -> None:
    file = one(b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ Kein Zeilenumbruch am Dateiende.\n+a\n")
    assert diff.apply(file.hunks, b"a") == b"a\n"


def test_a_file_that_becomes_a_link_is_one_file() -> None:
    patch = (
        b"diff --git a/x b/x\ndeleted file mode 100644\nindex 1111111..0000000\n--- a/x\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n"
        b"diff --git a/x b/x\nnew file mode 120000\nindex 0000000..2222222\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+y\n\\ No newline at end of file\n"
    )
    file = one(patch)
    assert (file.status, file.old_mode, file.new_mode) == (FileStatus.TYPE_CHANGED, "100644", "120000")
    assert (file.added, file.removed) == (1, 2)
    assert diff.apply(file.hunks, b"a\nb\n") == b"y"


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        (b"hello\n", "Line 1 of the diff: no file header"),
        (SIMPLE[:-7], "Line 9 of the diff: .*promised|cut off"),
        (SIMPLE[:-1], "Line 9 of the diff: the diff is cut off"),
        (SIMPLE[: SIMPLE.index(b"@@")], "Line 4 of the diff: a hunk should follow"),
        (SIMPLE[: SIMPLE.index(b"+++")], r"Line 3 of the diff: the line after this one should begin with \+\+\+"),
        (SIMPLE.replace(b" three", b"?three"), "Line 9 of the diff: this line does not belong"),
        (SIMPLE.replace(b"@@ -1,3", b"@@ -1,x"), "Line 5 of the diff: this hunk header cannot be read"),
        (SIMPLE.replace(b"@@ -1,3", b"@@ -0,3"), "Line 5 of the diff: this hunk overlaps"),
        (SIMPLE + SIMPLE[SIMPLE.index(b"@@") :], "Line 10 of the diff: this hunk overlaps"),
        (SIMPLE[SIMPLE.index(b"@@") :], "Line 1 of the diff: a hunk comes without"),
        (b"diff --cc a.py\nindex 1,2..3\n", "Line 1 of the diff: this is a combined diff"),
        (b"Only in new: x.py\n", "Line 1 of the diff: .* only one side has"),
        (b"Submodule sm 63efc37..a0c4515:\n  > m\n", "Line 1 of the diff: a submodule"),
        (SIMPLE + b"Submodule sm 0000000...a0c4515 (new submodule)\n", "Line 10 of the diff: a submodule"),
        (b"Index: x\nCannot display: file marked as a binary type.\n", "Line 2 of the diff: .*binary"),
        (b"\x1b[1mdiff --git a/x b/x\x1b[m\n", "no file header"),
        (b'--- "a/x\n+++ "b/x\n@@ -1 +1 @@\n-a\n+b\n', "Line 1 of the diff: the quotes"),
        (b'--- "a/\\q"\n+++ "b/\\q"\n@@ -1 +1 @@\n-a\n+b\n', "Line 1 of the diff: .*escape"),
        (SIMPLE.replace(b"b/a.py", b"b/../../etc/passwd"), "leaves the tree"),
        (SIMPLE.replace(b"a/a.py", b"a//etc/x").replace(b"b/a.py", b"b//etc/x"), "leaves the tree"),
        (b'diff --git "a/x\\000" "b/x\\000"\nold mode 100644\nnew mode 100755\n', "leaves the tree"),
        (b"diff --git a/x b/y\nold mode 100644\nnew mode 100755\n", "name cannot be read"),
        (b"diff --git a/x b/x\nrename from x\n", "one of its names is missing"),
        (b"diff --git a/x b/x\nold mode 10\n", "mode cannot be read"),
        (b"diff --git a/x b/x\nindex zz\n", "index line cannot be read"),
        (b"diff --git a/x b/x\nGIT binary patch\nliteral 3\nKcmZQz\n", "cut off in the middle of a binary"),
        (b"diff --git a/x b/x\nGIT binary patch\nnonsense\n", "that should follow this line is missing"),
        (b"--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n@@ -5,0 +7 @@\n+b\n", "Line .* of the diff"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(patch: bytes, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        diff.parse(patch)
    assert caught.value.mend


def test_limits_are_kept() -> None:
    with pytest.raises(UsageError, match="at most 10 are read"):
        diff.parse(SIMPLE, max_bytes=10)
    with pytest.raises(UsageError, match="at most 4 lines"):
        diff.parse(SIMPLE, max_lines=4)
    assert diff.parse(SIMPLE, max_bytes=len(SIMPLE), max_lines=9)


def test_nothing_gives_nothing() -> None:
    assert diff.parse(b"") == diff.parse(b" \n\n") == ()


def test_apply_refuses_what_does_not_fit() -> None:
    hunks = one(SIMPLE).hunks
    for content in (b"", b"one\nzwei\nthree\n", b"one\ntwo\nthree"):
        with pytest.raises(UsageError):
            diff.apply(hunks, content)


LINES = st.lists(
    st.sampled_from(
        [b"", b"a", b"b", b"\r", b"c\rd", b"-- x", b"++ y", b"@@ -1 +1 @@", b"diff --git a/x b/x", b"\\ No", b"\xff\xfe", b" ", b"\t"]
    )
    | st.binary(max_size=6).map(lambda raw: raw.replace(b"\n", b"").replace(b"\0", b"")),
    max_size=25,
)  # fmt: skip
CONTENTS = st.builds(lambda lines, end: b"\n".join(lines) + (b"\n" if end else b""), LINES, st.booleans())


def _git_diff(folder: Path, old: bytes, new: bytes, *options: str) -> bytes:
    (folder / "old").write_bytes(old)
    (folder / "new").write_bytes(new)
    command = ["git", "diff", "--no-index", "--no-renames", *options, "--", "old", "new"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("edits")


@settings(max_examples=150, deadline=None)
@given(old=CONTENTS, new=CONTENTS, context=st.sampled_from(["-U3", "-U0", "-U1", "--function-context"]))
def test_gits_diff_parsed_and_applied_gives_the_new_content(
    folder: Path, old: bytes, new: bytes, context: str
) -> None:
    patch = _git_diff(folder, old, new, "--text", context)
    files = diff.parse(patch)
    assert len(files) == (old != new)
    for file in files:
        assert diff.apply(file.hunks, old) == new
        assert file.added == sum(line.kind is LineKind.ADDED for hunk in file.hunks for line in hunk.lines)


@settings(max_examples=100, deadline=None)
@given(old=CONTENTS, new=CONTENTS)
def test_plain_diffs_parsed_and_applied_give_the_new_content(folder: Path, old: bytes, new: bytes) -> None:
    (folder / "old").write_bytes(old)
    (folder / "new").write_bytes(new)
    command = ["diff", "-u", "--text", "old", "new"]
    patch = subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout
    for file in diff.parse(patch):
        assert diff.apply(file.hunks, old) == new


def _parses_or_says_why(patch: bytes) -> None:
    try:
        diff.parse(patch)
    except UsageError as problem:
        if "of the diff" not in problem.message or not problem.mend:
            raise


PIECES = st.sampled_from([line + b"\n" for line in SIMPLE.split(b"\n")] + [
    b"--- ", b"+++ ", b"@@ -1,2 +3 @@\n", b"@@ -99999999999 +1 @@\n", b"diff --git ", b'"a/', b'\\"', b"rename from x\n",
    b"GIT binary patch\n", b"literal 5\n", b"\n", b"\\ No newline at end of file\n", b"new file mode 100644\n", b"Only in a: b\n",
])  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=8), max_size=30).map(b"".join) | st.binary(max_size=200))
def test_garbage_gives_the_clear_error_or_a_diff(patch: bytes) -> None:
    _parses_or_says_why(patch)


def test_every_truncation_gives_the_clear_error_or_whole_hunks(tmp_path: Path) -> None:
    root = make_repository(
        tmp_path / "r", {"a b": "1\n2\n3\n" * 5, "gone": "x\n", "bin": b"\0\1\2" * 50, "mv": "m\n" * 9}
    )
    for name, content in {"a b": "1\n2\n4\n" * 5, "ä": "neu", "bin": b"\0\3" * 70}.items():
        (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (root / "gone").unlink()
    (root / "mv").rename(root / "moved")
    git(root, "add", "-A")
    patch = git(root, "diff", "--cached", "-M", "--binary", "--full-index", "HEAD")
    assert len(diff.parse(patch)) == 5
    for end in range(len(patch)):
        _parses_or_says_why(patch[:end])
        if (
            end
            and patch[end - 1] != 10
            and b"\n" in patch[:end]
            and patch[:end].rpartition(b"\n")[2][:1] in b"+- "
        ):
            before = patch[:end].rpartition(b"\n")[2]
            if len(before) > 2 and not before.startswith((b"---", b"+++")):
                with pytest.raises(UsageError):
                    diff.parse(patch[:end])


def test_time_is_linear_in_the_diff() -> None:
    """Ten times the diff may take at most thirty times as long (linear, with room for a busy machine)."""

    def patch(count: int) -> bytes:
        body = b"".join(b"-old %d\n+new %d\n" % (n, n) for n in range(count))
        return b"--- a/x\n+++ b/x\n@@ -1,%d +1,%d @@\n" % (count, count) + body

    small, large = patch(5_000), patch(50_000)
    assert diff.parse(large)[0].added == 50_000
    assert seconds(lambda: diff.parse(large)) < 30 * seconds(lambda: diff.parse(small))


def test_a_type_change_is_not_seen_where_two_patches_meet() -> None:
    patch = b"--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+b\n"
    assert [file.status for file in diff.parse(patch)] == [FileStatus.DELETED, FileStatus.ADDED]


@pytest.mark.parametrize("surplus", [b"+evil()\n", b" x\n", b"-x\n", b"@@ nonsense\n"])
def test_lines_beyond_what_the_hunk_promised_are_refused(surplus):
    """Nobody would apply them, and nobody would look at them: they may not hide."""
    with pytest.raises(UsageError, match="Line 6"):
        diff.parse(b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n" + surplus)


def test_a_mail_signature_may_follow_a_hunk():
    (file,) = diff.parse(b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n-- \n2.39.5\n")
    assert (file.added, file.removed) == (1, 1)
