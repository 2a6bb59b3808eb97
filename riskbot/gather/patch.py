"""A diff without its repository to a Change."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from riskbot.domain.change import Change, FileDiff, Omission, OmissionKind
from riskbot.domain.errors import UsageError
from riskbot.gather import diff, history
from riskbot.gather.limits import Gathered, Limits
from riskbot.gather.trees import is_binary, unread

_REASON = "only a diff was given"


def from_patch(patch: bytes, name: str, limits: Limits) -> Gathered:
    """Make a Change of a unified diff; ``name`` says where it came from.

    Base, head, commits and charter are empty. Contents are known for added and deleted files; for every
    other file an Omission says that they are not. Raises UsageError for an empty or damaged diff, for one
    over the limits, and for a series of patches (a file may come up once).
    """
    if not patch.strip():
        raise UsageError(f"The diff from {name} is empty.", mend="Check the command that made it.")
    files = diff.parse(patch, max_bytes=limits.max_patch_bytes, max_lines=limits.max_lines)
    _refuse_series(files)
    done = [_filled(file, limits) for file in files]
    omissions = tuple(omission for _, omission in done if omission is not None)
    change = Change(
        repository=name,
        base=None,
        head=None,
        origin=f"a diff from {name}",
        files=tuple(file for file, _ in done),
        omissions=omissions,
    )
    return Gathered(change, history.start(None, change))


def _refuse_series(files: tuple[FileDiff, ...]) -> None:
    counts = Counter(file.path for file in files)
    path, times = max(counts.items(), key=lambda item: item[1])
    if times > 1:
        raise UsageError(
            f"The diff changes {path!r} {times} times, as a series of patches does.",
            mend="Give one diff from before the series to after it.",
        )


def _filled(file: FileDiff, limits: Limits) -> tuple[FileDiff, Omission | None]:
    """Drop the contents that are not text or too large, and say why."""
    binary = file.binary or is_binary(file.old) or is_binary(file.new)
    if binary or file.is_symlink or file.is_submodule:
        return replace(file, binary=binary, old=None, new=None), unread(file)
    if max(len(file.old or b""), len(file.new or b"")) > limits.max_file_bytes:
        reason = f"the content is over the limit of {limits.max_file_bytes:,} bytes"
        return replace(file, old=None, new=None), Omission(
            OmissionKind.TOO_LARGE, "gather", reason, file.path
        )
    if file.old is not None or file.new is not None or not file.hunks:
        return file, None
    return file, Omission(OmissionKind.CONTENT_UNKNOWN, "gather", f"{_REASON}, not the file", file.path)
