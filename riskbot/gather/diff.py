"""Unified diffs to FileDiffs, and back onto contents. Pure.

Reads what git writes (git-diff(1), "Generating patch text with -p") and what plain ``diff -u`` writes
(https://www.gnu.org/software/diffutils/manual/#Detailed-Unified), with text before, between and after,
as in mailed patches. Lines that look like headers inside a hunk are lines of the hunk.

Time is linear in the diff; memory is the lines kept. A diff that is cut off or damaged raises UsageError
with the number of the line. What no parser can see: a diff cut exactly between two hunks or files.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from riskbot.domain.change import FileDiff, FileStatus, Hunk
from riskbot.domain.errors import UsageError
from riskbot.gather import names
from riskbot.gather.gitfile import read_git_file
from riskbot.gather.hunks import CUT, HUNK, Reader, apply, read_hunks

__all__ = ["apply", "iter_files", "parse"]

_BINARY = re.compile(rb"(?:Binary files|Files) (.+) and (.+) differ\Z")
_ONLY_IN = re.compile(rb"Only in [^:]+: .+\Z")
_NOT_SHOWN = b"Cannot display: file marked as a binary type."
_SUBMODULE = re.compile(rb"Submodule .+ [0-9a-f]{4,64}\.{2,3}[0-9a-f]{4,64}[ :(]")
_COMBINED = (b"diff --cc ", b"diff --combined ", b"@@@ ")
_MISSING = b"/dev/null"


def parse(
    patch: bytes, *, max_bytes: int | None = None, max_lines: int | None = None
) -> tuple[FileDiff, ...]:
    """Read a whole unified diff; the order is the diff's.

    Added files carry their new content, deleted ones their old one; other contents are None. Raises
    UsageError for a diff that is cut off, damaged, combined, over a limit, or no diff at all; a diff of
    nothing but white space gives an empty tuple.
    """
    if max_bytes is not None and len(patch) > max_bytes:
        raise UsageError(
            f"The diff has {len(patch):,} bytes; at most {max_bytes:,} are read.",
            mend="Split the change, or raise the limit.",
        )
    files = tuple(iter_files(io.BytesIO(patch), max_lines=max_lines))
    if not files and patch.strip():
        raise UsageError(
            "Line 1 of the diff: no file header of a unified diff is found from here on.",
            mend="Make it again with `git diff --no-color` or `diff -ruN`, and give it whole.",
        )
    return files


def iter_files(lines: Iterable[bytes], *, max_lines: int | None = None) -> Iterator[FileDiff]:
    """Read a unified diff line by line (each with its newline), giving each file when it is complete."""
    held: FileDiff | None = None
    for file in _files(Reader(lines, max_lines)):
        if held is not None and _is_type_change(held, file):
            held = _type_change(held, file)
            continue
        if held is not None:
            yield held
        held = file
    if held is not None:
        yield held


def _files(reader: Reader) -> Iterator[FileDiff]:
    """Give the files as the diff has them; a type change is still two of them."""
    seen_git = False
    while line := reader.next():
        if line.startswith(b"diff --git "):
            seen_git = True
            yield _with_content(reader, read_git_file(reader, line))
        elif line.startswith(b"--- ") and _opens_plain_file(reader):
            yield _with_content(reader, _plain_file(reader, line))
        elif line.startswith(_COMBINED):
            reader.fail(
                "this is a combined diff of a merge, which does not say what each side had.",
                "Give the diff against one parent, for example `git diff MERGE^1 MERGE`.",
            )
        elif _SUBMODULE.match(line):
            reader.fail(
                "a submodule is shown by its commits, not as a file that differs.",
                "Make the diff again with `git diff --submodule=short`.",
            )
        elif HUNK.match(line):
            reader.fail("a hunk comes without the name of its file, or is longer than its header says.")
        elif not seen_git:
            yield from _unshown(reader, line.rstrip(b"\r\n"))


def _opens_plain_file(reader: Reader) -> bool:
    """Say whether the lines after a ``---`` line make it the head of a file."""
    return reader.peek().startswith(b"+++ ") and reader.peek(1).startswith(b"@@ -")


def _plain_file(reader: Reader, line: bytes) -> FileDiff:
    """Read one file of a plain diff; ``line`` is its ``---`` line."""
    old, old_time = reader.name(line[4:])
    new, new_time = reader.name(reader.next()[4:])
    number = reader.number
    hunks = read_hunks(reader)
    name = names.from_plain(old, new)
    if len(hunks) == 1 and hunks[0].old_count == 0 and names.is_epoch(old_time):
        old = _MISSING
    if len(hunks) == 1 and hunks[0].new_count == 0 and names.is_epoch(new_time):
        new = _MISSING
    if not names.is_safe(name):
        raise UsageError(f"Line {number} of the diff: the file's name cannot be used.", mend=CUT)
    return replace(
        _plain(old, new, name),
        hunks=hunks,
        added=sum(hunk.added for hunk in hunks),
        removed=sum(hunk.removed for hunk in hunks),
    )


def _plain(old: bytes, new: bytes, name: bytes) -> FileDiff:
    path = names.decode(name)
    if old == _MISSING:
        return FileDiff(FileStatus.ADDED, None, path)
    if new == _MISSING:
        return FileDiff(FileStatus.DELETED, path, None)
    return FileDiff(FileStatus.MODIFIED, path, path)


def _unshown(reader: Reader, line: bytes) -> Iterator[FileDiff]:
    """Read what plain ``diff -r`` says of files whose content it does not show."""
    if match := _BINARY.match(line):
        name = names.from_plain(match[1], match[2])
        if not names.is_safe(name):
            reader.fail("the file's name cannot be used.")
        yield replace(_plain(match[1], match[2], name), binary=True)
    elif line == _NOT_SHOWN:
        reader.fail(
            "the diff leaves out a file that Subversion takes for binary.",
            "Make it again with `svn diff --force`, or without that file.",
        )
    elif _ONLY_IN.match(line):
        reader.fail(
            "the diff leaves out a file that only one side has.",
            "Make it again with `diff -ruN`, or with git.",
        )


def _with_content(reader: Reader, file: FileDiff) -> FileDiff:
    """Rebuild the one content that an added or deleted file's hunks give whole."""
    if file.binary or file.status not in {FileStatus.ADDED, FileStatus.DELETED}:
        return file
    added = file.status is FileStatus.ADDED
    sides = [
        (hunk.old_count, hunk.new_start) if added else (hunk.new_count, hunk.old_start) for hunk in file.hunks
    ]
    if sides not in ([], [(0, 1)]):
        reader.fail("the file that ends here is added or deleted, but its hunks do not give all of it.")
    content = b"".join(line.raw for hunk in file.hunks for line in hunk.lines)
    return replace(file, new=content) if added else replace(file, old=content)


def _is_type_change(first: FileDiff, second: FileDiff) -> bool:
    """Say whether two files are one that became a link or the like: git deletes it and adds it again."""
    statuses = (first.status, second.status)
    if statuses != (FileStatus.DELETED, FileStatus.ADDED) or first.old_path != second.new_path:
        return False
    return first.old_mode is not None and (first.old_mode[:2] != (second.new_mode or "")[:2])


def _type_change(old: FileDiff, new: FileDiff) -> FileDiff:
    """Make one FileDiff, with one hunk at most, of a file's deletion and addition."""
    before = old.hunks[0] if old.hunks else Hunk(0, 0, 0, 0, "", ())
    after = new.hunks[0] if new.hunks else Hunk(0, 0, 0, 0, "", ())
    hunk = Hunk(
        before.old_start, before.old_count, after.new_start, after.new_count, "", before.lines + after.lines
    )
    return replace(
        old,
        status=FileStatus.TYPE_CHANGED,
        new_path=new.new_path,
        new_mode=new.new_mode,
        new_blob=new.new_blob,
        binary=old.binary or new.binary,
        hunks=(hunk,) if hunk.lines else (),
        added=new.added,
        new=new.new,
    )
