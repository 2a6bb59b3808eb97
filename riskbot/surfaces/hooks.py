"""The hook file: put in place and taken away, never at the cost of somebody else's hook."""

from __future__ import annotations

import os
import shlex
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from riskbot.domain.errors import EvaluationError, UsageError

if TYPE_CHECKING:
    from riskbot.outside.git import Git

HOOK_TYPES = ("pre-push",)
_KEPT = ".before-riskbot"
_MARK = "# riskbot hook: pre-push"

# One script for every state: whether an earlier hook is kept beside it is looked at when it runs.
_SCRIPT = r"""#!/bin/sh
@MARK@
# Written by `riskbot hook install`, which writes it anew each time: commands of your own belong into
# @EARLIER@ beside this file, which runs after riskbot has allowed the push.
# `riskbot hook uninstall` removes this file. To push once without any check: git push --no-verify

python=@PYTHON@
earlier=${0%/*}/@EARLIER@

check() {
    # -P: nothing is ever imported from the folder that is being pushed.
    if "$python" -P -c 'import riskbot' 2>/dev/null; then
        "$python" -P -m riskbot hook pre-push "$@"
    elif command -v riskbot >/dev/null 2>&1; then
        riskbot hook pre-push "$@"
    else
        printf '%s' 'error: This push was refused because riskbot could not be started: it is neither' \
            " installed for $python nor on PATH. Install it and run 'riskbot hook install' again;" \
            ' to push once without the check: git push --no-verify' >&2
        echo >&2
        return 3
    fi
}

if [ -x "$earlier" ]; then
    # Both read what git says on standard input; an empty input stays empty.
    refs=$(cat; echo .)
    refs=${refs%.}
    printf '%s' "$refs" | check "$@" >&2 || exit
    printf '%s' "$refs" | "$earlier" "$@"
else
    check "$@" >&2
fi
"""


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of the hook file at ``path``, in a sentence for the person who asked."""

    path: Path
    sentence: str


class _Found(Enum):
    NOTHING = "nothing"
    OURS = "ours"
    FOREIGN = "foreign"


def script(python: str) -> bytes:
    """Return the hook: a POSIX sh script that runs riskbot with the interpreter ``python`` (a path)."""
    text = _SCRIPT.replace("@MARK@", _MARK).replace("@EARLIER@", f"pre-push{_KEPT}")
    return os.fsencode(text.replace("@PYTHON@", shlex.quote(python)))


def install(
    git: Git, *, hook_type: str = "pre-push", force: bool = False, python: str = sys.executable
) -> Placed:
    """Write the hook where git looks for it (core.hooksPath, worktrees and bare repositories included).

    A foreign hook raises UsageError; with ``force`` it is kept beside riskbot's as
    ``pre-push.before-riskbot``, and runs after it on the same input. Installing again renews the file.
    Raises EvaluationError when the file cannot be written.
    """
    hook = _place(git, hook_type)
    with _in_words(hook):
        found, content = _look(hook), script(python)
        if found is _Found.FOREIGN:
            if not force:
                raise _foreign(hook)
            _keep(hook)
            words = f"Installed {hook}; the hook that was there runs after it, from {_kept(hook).name}."
        elif found is _Found.OURS and _same(hook, content):
            return Placed(hook, f"{hook} is riskbot's already; nothing to do.{_note(git, hook.parent)}")
        else:
            words = f"{'Renewed' if found is _Found.OURS else 'Installed'} {hook}."
        try:
            _write(hook, content)
        except BaseException:
            if found is _Found.FOREIGN:
                _kept(hook).replace(hook)
            raise
    return Placed(hook, words + _note(git, hook.parent))


def uninstall(git: Git, *, hook_type: str = "pre-push") -> Placed:
    """Remove riskbot's hook, and bring back the one that ``install(force=True)`` kept.

    A foreign hook raises UsageError and stays. Without any hook there is nothing to do.
    """
    hook = _place(git, hook_type)
    with _in_words(hook):
        found, kept = _look(hook), _kept(hook)
        if found is _Found.FOREIGN:
            raise UsageError(
                f"{hook} was not written by riskbot, so it was left alone.",
                mend="Remove it by hand if it is no longer wanted.",
            )
        if os.path.lexists(kept):
            kept.replace(hook)  # one step: there is a hook at every moment
            return Placed(hook, f"Removed riskbot's hook; the earlier hook is back at {hook}.")
        if found is _Found.NOTHING:
            return Placed(hook, f"There is no hook at {hook}; nothing to remove.")
        hook.unlink()
    return Placed(hook, f"Removed {hook}.")


def _place(git: Git, hook_type: str) -> Path:
    """Return the hook's absolute path; git itself knows core.hooksPath, ``~`` and the common folder."""
    if hook_type not in HOOK_TYPES:
        raise UsageError(
            f"riskbot has no {hook_type} hook.", mend=f"The hooks it has: {', '.join(HOOK_TYPES)}."
        )
    told = git.ask("rev-parse", "--path-format=absolute", "--git-path", "hooks")
    folder = Path(os.fsdecode(told.removesuffix(b"\n")))
    if folder.exists() and not folder.is_dir():
        raise UsageError(
            f"Hooks are switched off in this repository: core.hooksPath is {folder}, which is no folder.",
            mend="Unset core.hooksPath or point it at a folder, then try again.",
        )
    return folder / hook_type


def _look(hook: Path) -> _Found:
    """Say whose hook this is. A link is never riskbot's: it writes files, and never through a link."""
    try:
        mode = hook.lstat().st_mode
    except FileNotFoundError:
        return _Found.NOTHING
    if not stat.S_ISREG(mode):
        return _Found.FOREIGN
    with hook.open("rb") as file:
        head = file.read(4096).splitlines()[:3]
    return _Found.OURS if _MARK.encode() in head else _Found.FOREIGN


def _kept(hook: Path) -> Path:
    return hook.with_name(hook.name + _KEPT)


def _same(hook: Path, content: bytes) -> bool:
    return hook.read_bytes() == content and stat.S_IMODE(hook.lstat().st_mode) == 0o755


def _foreign(hook: Path) -> UsageError:
    what = f"is a link to {hook.readlink()}" if hook.is_symlink() else "was not written by riskbot"
    return UsageError(
        f"There is a {hook.name} hook already, and it {what}: {hook}.",
        mend=f"`riskbot hook install --force` keeps it as {_kept(hook).name} and runs both; or call"
        ' `riskbot hook pre-push "$@"` from it yourself; or use the pre-commit framework\'s hook `riskbot`.',
    )


def _keep(hook: Path) -> None:
    kept = _kept(hook)
    if os.path.lexists(kept):
        raise UsageError(
            f"{hook} is not riskbot's, and {kept.name}, the name it would be kept under, is taken too.",
            mend="Move one of the two away, then try again.",
        )
    hook.rename(kept)


def _write(hook: Path, content: bytes) -> None:
    hook.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=hook.parent, prefix=f".{hook.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o755)
        Path(name).replace(hook)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _note(git: Git, folder: Path) -> str:
    """Say what is special about a folder of hooks that is not the repository's own."""
    told = git.ask("rev-parse", "--path-format=absolute", "--git-common-dir")
    folder, own = folder.resolve(), Path(os.fsdecode(told.removesuffix(b"\n"))).resolve()
    if folder.is_relative_to(own) or folder.is_relative_to(git.directory.resolve()):
        return ""
    if not git.bare and folder.is_relative_to(git.root.resolve()):
        return (
            " Its folder lies in the working tree (core.hooksPath), so it can be committed by accident, and"
            " it names this machine's Python."
        )
    return (
        " Its folder is not this repository's alone: every repository whose core.hooksPath names it runs it."
    )


@contextmanager
def _in_words(hook: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise EvaluationError(
            f"The hook {hook} could not be changed: {problem.strerror or problem}.",
            mend="Check the permissions of its folder and the space on the disk.",
        ) from problem
