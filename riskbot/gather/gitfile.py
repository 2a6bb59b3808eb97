"""One file of a git diff: the extended headers of git-diff(1) and what follows them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from riskbot.domain.change import FileDiff, FileStatus, Hunk
from riskbot.gather import names
from riskbot.gather.hunks import Reader, read_hunks

_MODE = re.compile(rb"[0-7]{6}\Z")
_INDEX = re.compile(rb"([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: ([0-7]{6}))?\Z")
_SIMILARITY = re.compile(rb"(\d{1,3})%\Z")
_BINARY_BLOCK = re.compile(rb"(?:literal|delta) \d{1,19}\Z")
_BINARY_LINE = re.compile(rb"[A-Za-z][0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]{5,}\Z")
_FULL_ID = (40, 64)

_HEADERS = (
    b"old mode ",
    b"new mode ",
    b"deleted file mode ",
    b"new file mode ",
    b"copy from ",
    b"copy to ",
    b"rename from ",
    b"rename to ",
    b"similarity index ",
    b"dissimilarity index ",
    b"index ",
)


@dataclass(slots=True)
class _Head:
    """What the headers have said so far."""

    status: FileStatus = FileStatus.MODIFIED
    old: bytes | None = None
    new: bytes | None = None
    old_mode: str | None = None
    new_mode: str | None = None
    old_blob: str | None = None
    new_blob: str | None = None
    similarity: int | None = None
    moved: bool = False
    """Whether ``rename`` or ``copy`` lines gave the names; they come without prefixes."""


def read_git_file(reader: Reader, line: bytes) -> FileDiff:
    """Read the file that begins with ``line`` (``diff --git ...``); UsageError where it is damaged."""
    start, first = reader.number, line[len(b"diff --git ") :]
    head = _Head()
    while reader.peek().startswith(_HEADERS):
        _header(reader, head, reader.next())
    binary, hunks = _body(reader, head)
    old, new = _names(reader, head, first)
    for name in (old, new):
        if name is not None and not names.is_safe(name):
            reader.fail(f"the file that begins at line {start} has a name that leaves the tree.")
    return FileDiff(
        status=head.status,
        old_path=None if old is None else names.decode(old),
        new_path=None if new is None else names.decode(new),
        old_mode=head.old_mode,
        new_mode=head.new_mode,
        old_blob=head.old_blob,
        new_blob=head.new_blob,
        similarity=head.similarity,
        binary=binary,
        hunks=hunks,
        added=sum(hunk.added for hunk in hunks),
        removed=sum(hunk.removed for hunk in hunks),
    )


def _header(reader: Reader, head: _Head, line: bytes) -> None:
    """Take in one extended header line."""
    key = next(key for key in _HEADERS if line.startswith(key))
    value = line[len(key) :].rstrip(b"\r\n")
    if key.endswith(b"mode "):
        _mode(reader, head, key, value)
    elif key.startswith((b"rename", b"copy")):
        name, _ = reader.name(value)
        head.moved = True
        head.status = FileStatus.RENAMED if key.startswith(b"rename") else FileStatus.COPIED
        if key.endswith(b"from "):
            head.old = name
        else:
            head.new = name
    elif key == b"index ":
        _index(reader, head, value)
    elif key == b"similarity index " and (match := _SIMILARITY.match(value)):
        head.similarity = min(int(match[1]), 100)


def _mode(reader: Reader, head: _Head, key: bytes, value: bytes) -> None:
    if not _MODE.match(value):
        reader.fail("this file mode cannot be read.")
    if key == b"new file mode ":
        head.status = FileStatus.ADDED
    elif key == b"deleted file mode ":
        head.status = FileStatus.DELETED
    if key in {b"old mode ", b"deleted file mode "}:
        head.old_mode = value.decode()
    else:
        head.new_mode = value.decode()


def _index(reader: Reader, head: _Head, value: bytes) -> None:
    """Read ``index OLD..NEW[ MODE]``; abbreviated ids name nothing and are dropped."""
    match = _INDEX.match(value)
    if match is None:
        reader.fail("this index line cannot be read.")
    ids = [match[1].decode(), match[2].decode()]
    head.old_blob, head.new_blob = (
        name if len(name) in _FULL_ID and name.strip("0") else None for name in ids
    )
    if match[3]:
        head.old_mode = head.new_mode = match[3].decode()


def _body(reader: Reader, head: _Head) -> tuple[bool, tuple[Hunk, ...]]:
    """Read what follows the headers: hunks, a word on binary contents, or nothing."""
    line = reader.peek()
    if line.startswith(b"Binary files ") and line.rstrip(b"\r\n").endswith(b" differ"):
        reader.next()
        return True, ()
    if line.rstrip(b"\r\n") == b"GIT binary patch":
        reader.next()
        _binary_patch(reader)
        return True, ()
    if not line.startswith(b"--- "):
        return False, ()
    old, _ = reader.name(reader.next()[4:])
    if not reader.peek().startswith(b"+++ "):
        reader.fail("the line after this one should begin with +++.")
    new, _ = reader.name(reader.next()[4:])
    if not reader.peek().startswith(b"@@ -"):
        reader.fail("a hunk should follow this line.")
    if not head.moved:
        head.old = None if old == b"/dev/null" else old
        head.new = None if new == b"/dev/null" else new
        head.status = _status(head)
    return False, read_hunks(reader)


def _status(head: _Head) -> FileStatus:
    """Let /dev/null say what a header about the mode may have left out."""
    if head.old is None:
        return FileStatus.ADDED
    return FileStatus.DELETED if head.new is None else head.status


def _binary_patch(reader: Reader) -> None:
    """Pass over ``git diff --binary``'s one or two blocks, each ended by an empty line."""
    for block in range(2):
        if not _BINARY_BLOCK.match(reader.peek().rstrip(b"\r\n")):
            if block == 0:
                reader.fail("the binary patch that should follow this line is missing.")
            return
        reader.next()
        while (line := reader.next()).strip():
            if not _BINARY_LINE.match(line.rstrip(b"\r\n")):
                reader.fail("this line of a binary patch cannot be read.")
        if not line:
            reader.fail("the diff is cut off in the middle of a binary patch.")


def _names(reader: Reader, head: _Head, first: bytes) -> tuple[bytes | None, bytes | None]:
    """Settle both names, from the clearest source that the file has."""
    old, new = head.old, head.new
    if head.moved:
        if old is None or new is None:
            reader.fail("the file is renamed or copied, but one of its names is missing.")
        return old, new
    if old is None and new is None:
        try:
            pair = names.from_git_line(first)
        except ValueError as problem:
            reader.fail(f"{problem}.")
        if pair is None:
            reader.fail("the file's name cannot be read from its `diff --git` line.")
        old, new = pair
    old, new = names.strip_git(old, new)
    if head.status is FileStatus.ADDED:
        return None, new
    if head.status is FileStatus.DELETED:
        return old, None
    # A modified file has one name; the new side's counts where the prefixes were unknown.
    return new, new
