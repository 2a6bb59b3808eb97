"""Two trees to FileDiffs: what differs, how, and both contents, all within limits.

git is never given a blob that is too large or missing: its sizes are asked for first, and where there are
such blobs the trees are made again without them (in the scratch repository), so that neither the diff nor
the search for renames reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from riskbot.domain.change import FileDiff, FileStatus, Omission, OmissionKind
from riskbot.domain.errors import EvaluationError, UsageError
from riskbot.gather.diff import iter_files
from riskbot.gather.limits import Limits
from riskbot.gather.names import decode, is_safe
from riskbot.outside.git import Blobs, Git

SUBMODULE = "160000"
_STATUS = {
    "A": FileStatus.ADDED,
    "D": FileStatus.DELETED,
    "M": FileStatus.MODIFIED,
    "T": FileStatus.TYPE_CHANGED,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One path that differs (``git diff-tree --raw``); a side that does not exist is None."""

    path: str
    status: FileStatus
    old_mode: str | None
    new_mode: str | None
    old_blob: str | None
    new_blob: str | None

    def blobs(self) -> Iterator[str]:
        """Give the ids of the contents; a submodule has none here."""
        for mode, blob in ((self.old_mode, self.old_blob), (self.new_mode, self.new_blob)):
            if blob is not None and mode != SUBMODULE:
                yield blob

    def file(self) -> FileDiff:
        """Say what is known without reading a content."""
        return FileDiff(
            status=self.status,
            old_path=None if self.old_blob is None else self.path,
            new_path=None if self.new_blob is None else self.path,
            old_mode=self.old_mode,
            new_mode=self.new_mode,
            old_blob=self.old_blob,
            new_blob=self.new_blob,
        )


def read_files(
    git: Git, old: str, new: str, blobs: Blobs, limits: Limits
) -> tuple[tuple[FileDiff, ...], tuple[Omission, ...]]:
    """Read what changed from the tree ``old`` to the tree ``new`` (ids of trees or commits), in path order.

    What is too large, missing, binary, a symbolic link or a submodule has no contents and an Omission.
    Raises UsageError for more files than the limit, EvaluationError where git fails.
    """
    entries = list_entries(git, old, new, limits)
    sizes = git.sizes(blob for entry in entries.values() for blob in entry.blobs())
    aside = {path: why for path, entry in entries.items() if (why := _unreadable(entry, sizes, limits))}
    readable = [entry for path, entry in entries.items() if path not in aside]
    if aside:
        old, new = (_tree(git, _side(readable, new=side)) for side in (False, True))
    omissions = list(aside.values())
    files = list(_diff(git, old, new, limits, omissions)) if readable else []
    covered = {path for file in files for path in _accounted(file)}
    for entry in readable:
        if entry.path not in covered:
            files.append(entry.file())
            omissions.append(_omission(OmissionKind.TOO_LARGE, "the diff is over the limit", entry.path))
    filler = _Filler(entries, sizes, blobs, limits.max_total_bytes)
    files = [filler.fill(file) for file in files] + _moved(entries[path] for path in aside)
    return tuple(sorted(files, key=_order)), tuple(omissions + filler.omissions)


def list_entries(git: Git, old: str, new: str, limits: Limits) -> dict[str, Entry]:
    """List the paths that differ, without renames; reads trees only."""
    raw = git.run("diff-tree", "-r", "--raw", "-z", "--no-renames", "--no-abbrev", old, new).split(b"\0")
    if len(raw) // 2 > limits.max_files:
        raise UsageError(
            f"The change touches {len(raw) // 2:,} files; at most {limits.max_files:,} are read.",
            mend="Check it in parts, for example one commit at a time (COMMIT^!).",
        )
    entries = (_entry(head, path) for head, path in zip(raw[::2], raw[1::2], strict=False))
    return {entry.path: entry for entry in entries}


def _entry(head: bytes, path: bytes) -> Entry:
    if not is_safe(path):
        raise EvaluationError(
            f"A tree holds the path {path!r}, which leads out of it.",
            mend="Run `git fsck`: such a tree was made by hand.",
        )
    old_mode, new_mode, old_blob, new_blob, status = head.decode()[1:].split()
    return Entry(
        path=decode(path),
        status=_STATUS[status[0]],
        old_mode=old_mode if old_mode.strip("0") else None,
        new_mode=new_mode if new_mode.strip("0") else None,
        old_blob=old_blob if old_blob.strip("0") else None,
        new_blob=new_blob if new_blob.strip("0") else None,
    )


def _omission(kind: OmissionKind, reason: str, path: str | None = None) -> Omission:
    return Omission(kind, "gather", reason, path)


def _unreadable(entry: Entry, sizes: dict[str, int | None], limits: Limits) -> Omission | None:
    """Say why an entry's contents cannot be read, if so."""
    for blob in entry.blobs():
        size = sizes[blob]
        if size is None:
            reason = f"the content {blob[:12]} is not in this clone"
            return _omission(OmissionKind.MISSING_OBJECT, reason, entry.path)
        if size > limits.max_file_bytes:
            reason = f"{size:,} bytes are over the limit of {limits.max_file_bytes:,}"
            return _omission(OmissionKind.TOO_LARGE, reason, entry.path)
    return None


def _side(entries: Iterable[Entry], *, new: bool) -> Iterator[bytes]:
    """Give one side's entries in the form that git update-index takes."""
    for entry in entries:
        mode, blob = (entry.new_mode, entry.new_blob) if new else (entry.old_mode, entry.old_blob)
        if mode is not None and blob is not None:
            yield f"{mode} {blob}\t{entry.path}\0".encode("utf-8", "surrogateescape")


def _tree(git: Git, lines: Iterable[bytes]) -> str:
    """Write a tree of the given entries into the scratch repository."""
    index = git.scratch / "narrowed-index"
    index.unlink(missing_ok=True)
    env = {"GIT_INDEX_FILE": str(index)}
    git.run("update-index", "-z", "--index-info", stdin=b"".join(lines), env=env)
    return git.run("write-tree", "--missing-ok", env=env).decode().strip()


def _diff(git: Git, old: str, new: str, limits: Limits, omissions: list[Omission]) -> Iterator[FileDiff]:
    """Give the files of git's patch, as far as the limits allow; renames and copies are found here."""
    warnings: list[str] = []
    options = (
        "-M",
        "-C",
        f"-l{limits.rename_limit}",
        "--full-index",
        "--unified=3",
        "--diff-algorithm=myers",
    )
    with git.stream("diff-tree", "-r", "-p", *options, old, new, warnings=warnings) as output:
        lines = size = 0
        for file in iter_files(output):
            kept = [line for hunk in file.hunks for line in hunk.lines]
            lines, size = lines + len(kept), size + sum(len(line.raw) + 1 for line in kept)
            if lines > limits.max_lines or size > limits.max_patch_bytes:
                return
            yield file
    if any("rename detection was skipped" in line for line in warnings):
        reason = f"renames were not searched for among more than {limits.rename_limit:,} files"
        omissions.append(_omission(OmissionKind.NOT_SCANNED, reason))


def _accounted(file: FileDiff) -> Iterator[str]:
    """Give the paths of the raw list that a file of the patch stands for."""
    if file.new_path is not None:
        yield file.new_path
    if file.old_path is not None and file.status is not FileStatus.COPIED:
        yield file.old_path


class _Filler:
    """Adds modes, ids and contents to the files of a patch, as long as the budget lasts."""

    def __init__(
        self, entries: dict[str, Entry], sizes: dict[str, int | None], blobs: Blobs, budget: int
    ) -> None:
        self._entries, self._sizes, self._blobs, self._budget = entries, sizes, blobs, budget
        self.omissions: list[Omission] = []

    def fill(self, file: FileDiff) -> FileDiff:
        """Return the file with everything that is known of it."""
        before = self._entries.get(file.old_path or "")
        after = self._entries.get(file.new_path or "")
        file = replace(
            file,
            old_mode=before.old_mode if before else None,
            old_blob=before.old_blob if before else None,
            new_mode=after.new_mode if after else None,
            new_blob=after.new_blob if after else None,
            old=None,
            new=None,
        )
        if file.is_submodule or file.is_symlink:
            return self._without(file)
        if not file.binary:
            file = self._with_contents(file)
        return self._without(file) if file.binary else file

    def _with_contents(self, file: FileDiff) -> FileDiff:
        need = sum(self._sizes.get(blob) or 0 for blob in (file.old_blob, file.new_blob) if blob)
        if need > self._budget:
            reason = "the contents of the whole change are over the limit"
            self.omissions.append(_omission(OmissionKind.TOO_LARGE, reason, file.path))
            return file
        self._budget -= need
        old = self._read(file.old_blob, file)
        new = old if file.new_blob == file.old_blob else self._read(file.new_blob, file)
        if is_binary(old) or is_binary(new):
            return replace(file, binary=True)
        return replace(file, old=old, new=new)

    def _read(self, blob: str | None, file: FileDiff) -> bytes | None:
        content = None if blob is None else self._blobs.read(blob)
        if blob is not None and content is None:
            reason = f"the content {blob[:12]} cannot be read"
            self.omissions.append(_omission(OmissionKind.MISSING_OBJECT, reason, file.path))
        return content

    def _without(self, file: FileDiff) -> FileDiff:
        """Say why a file has no contents; one that only moved needs no excuse."""
        if file.old_blob != file.new_blob:
            self.omissions.append(unread(file))
        return file


def is_binary(content: bytes | None) -> bool:
    """Decide as git does: a NUL among the first 8,000 bytes."""
    return content is not None and b"\0" in content[:8000]


def unread(file: FileDiff) -> Omission:
    """Say what kind of file it is that has no text."""
    if file.is_submodule:
        return _omission(
            OmissionKind.SUBMODULE, "a submodule: its commits are another repository's", file.path
        )
    if file.is_symlink:
        return _omission(OmissionKind.SYMLINK, "a symbolic link: its target is not followed", file.path)
    if file.is_python and file.new_path is not None:
        # Not BINARY, which policies tolerate: older Pythons run such a file, and no detector reads it.
        reason = "Python by its name, yet binary: a NUL hides it from every reader"
        return _omission(OmissionKind.UNPARSABLE, reason, file.path)
    return _omission(OmissionKind.BINARY, "a binary file: it has no lines to read", file.path)


def _moved(entries: Iterable[Entry]) -> list[FileDiff]:
    """Make files of the entries set aside; equal contents under two names are a rename."""
    files: dict[str, FileDiff] = {}
    gone: dict[str, str] = {}
    for entry in sorted(entries, key=lambda entry: entry.status is not FileStatus.DELETED):
        file = entry.file()
        if entry.status is FileStatus.DELETED and entry.old_blob is not None:
            gone.setdefault(entry.old_blob, entry.path)
        elif entry.status is FileStatus.ADDED and (source := gone.pop(entry.new_blob or "", None)):
            past = files.pop(source)
            file = replace(
                file,
                status=FileStatus.RENAMED,
                old_path=source,
                old_mode=past.old_mode,
                old_blob=past.old_blob,
                similarity=100,
            )
        files[file.path] = file
    return list(files.values())


def _order(file: FileDiff) -> bytes:
    return file.path.encode("utf-8", "surrogateescape")
