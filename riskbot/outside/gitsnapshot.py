"""What is staged or not yet committed, taken as a tree, without touching the repository.

The index is copied into the scratch repository, and so are the contents of changed files: a snapshot,
which nothing changes meanwhile. The user's filters (``filter.*.clean``), hooks and file system monitor are
not run; line endings are converted as the repository's settings say.
"""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from riskbot.domain.change import Omission, OmissionKind
from riskbot.domain.errors import EvaluationError, UsageError
from riskbot.outside.git import Git
from riskbot.outside.gitcommand import run

# What decides how files are read; all of it is plain data that starts nothing.
# Where sparseCheckout is set, git looks at files outside the sparse part too, once they are there.
_SETTINGS = (
    r"^core\.(autocrlf|eol|filemode|symlinks|ignorecase|precomposeunicode|excludesfile|trustctime|checkstat"
    r"|sparsecheckout)$"
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A tree (its id) in the scratch repository, and what could not be taken into it."""

    tree: str
    omissions: tuple[Omission, ...] = ()


def staged(git: Git) -> Snapshot:
    """Take what is staged. Raises UsageError without a work tree or in the middle of a conflict."""
    _require_work_tree(git)
    return Snapshot(_write_tree(git, _copy_index(git)))


def worktree(git: Git, *, max_file_bytes: int, max_total_bytes: int) -> Snapshot:
    """Take the tracked files as they are now, and the untracked ones that are not ignored.

    Symbolic links are taken as links. Files over a limit, and what is neither file nor link, are left as
    they were, with an Omission each.
    """
    _require_work_tree(git)
    index = _copy_index(git)
    inside = _Inside(git, index, max_file_bytes, max_total_bytes)
    paths, hidden, omissions = inside.sort()
    inside.update(hidden, "--force-remove")
    inside.update(paths, "--add", "--remove", "--replace")
    return Snapshot(_write_tree(git, index), tuple(omissions + inside.filtered(paths)))


def _require_work_tree(git: Git) -> None:
    if git.bare:
        raise UsageError(
            f"{git.root} has no work tree: nothing can be staged or changed in it.",
            mend="Name a range of commits instead.",
        )


def _copy_index(git: Git) -> Path:
    """Copy the index (and what a split index shares); its time tells git which entries to distrust."""
    copy = git.scratch / "index"
    try:
        for shared in git.index.parent.glob("sharedindex.*"):
            shutil.copy2(shared, git.scratch / shared.name)
        if git.index.exists():
            shutil.copy2(git.index, copy)
    except OSError as problem:
        raise EvaluationError(f"The index {git.index} cannot be read: {problem.strerror}.") from problem
    return copy


def _write_tree(git: Git, index: Path) -> str:
    env = {"GIT_INDEX_FILE": str(index)}
    if git.run("ls-files", "--unmerged", "-z", env=env):
        raise UsageError(
            "There are files with unresolved conflicts.", mend="Resolve them and `git add` them first."
        )
    return git.run("write-tree", "--missing-ok", env=env).decode().strip()


@dataclass(frozen=True, slots=True)
class _Inside:
    """git in the work tree, with the copied index and without the user's programs."""

    git: Git
    index: Path
    max_file_bytes: int
    max_total_bytes: int

    def run(self, *arguments: str, stdin: bytes | None = None) -> bytes:
        env = self.git.hermetic | {"GIT_INDEX_FILE": str(self.index), "GIT_WORK_TREE": str(self.git.root)}
        settings = ["-c", "core.bare=false", "-c", "core.safecrlf=false", *self.settings()]
        return run((*settings, *arguments), self.git.root, env, stdin)

    def settings(self) -> list[str]:
        listed = self.git.ask("config", "-z", "--get-regexp", _SETTINGS, ok=(0, 1))
        pairs = [os.fsdecode(pair).partition("\n") for pair in listed.split(b"\0") if pair]
        return [part for key, _, value in pairs for part in ("-c", f"{key}={value or 'true'}")]

    def update(self, paths: list[bytes], *options: str) -> None:
        """Bring the copied index up to date for ``paths``."""
        try:
            self.run("update-index", "-z", *options, "--stdin", stdin=b"\0".join([*paths, b""]))
        except EvaluationError as problem:
            mend = "`git add` would fail in the same way: mend the file, or what .gitattributes says of it."
            raise EvaluationError(problem.message, mend=mend) from problem

    def sort(self) -> tuple[list[bytes], list[bytes], list[Omission]]:
        """Return the paths to take, those hidden behind a link, and an Omission for each not taken."""
        self.copy_excludes()
        changed = self.run("diff-files", "--name-only", "-z", "--ignore-submodules=dirty").split(b"\0")
        untracked = self.run("ls-files", "--others", "--exclude-standard", "-z").split(b"\0")
        omissions: list[Omission] = []
        taken: list[bytes] = []
        hidden: list[bytes] = []
        left = self.max_total_bytes
        for path in dict.fromkeys(part for part in (*changed, *untracked) if part):
            if self.is_hidden(path):
                hidden.append(path)
                continue
            size, omission = self.measure(path, left)
            if omission is None:
                taken.append(path)
                left -= size
            else:
                omissions.append(omission)
        return taken, hidden, omissions

    def is_hidden(self, path: bytes) -> bool:
        """Say whether a folder on the way is a link now: git takes what was in the folder for deleted."""
        folders = [path[:at] for at, byte in enumerate(path) if byte == ord("/") and at < len(path) - 1]
        return any(os.path.islink(os.path.join(os.fsencode(self.git.root), folder)) for folder in folders)  # noqa: PTH114, PTH118 - bytes

    def copy_excludes(self) -> None:
        """Bring the repository's own list of ignored files along."""
        told = self.git.ask("rev-parse", "--path-format=absolute", "--git-path", "info/exclude")
        source, target = Path(os.fsdecode(told).removesuffix("\n")), self.git.scratch / "info" / "exclude"
        if source.is_file():
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(source, target)

    def measure(self, path: bytes, left: int) -> tuple[int, Omission | None]:
        """Return a path's size, and why it is not taken, if so."""
        place = os.path.join(os.fsencode(self.git.root), path)  # noqa: PTH118 - bytes
        try:
            found = os.lstat(place)
        except (FileNotFoundError, NotADirectoryError):
            return 0, None  # deleted
        except OSError as problem:
            return 0, self.omit(OmissionKind.NOT_SCANNED, f"it cannot be read: {problem.strerror}", path)
        if path.endswith(b"/"):
            return 0, self.omit(OmissionKind.SUBMODULE, "a repository of its own, not a submodule yet", path)
        if stat.S_ISDIR(found.st_mode) or stat.S_ISLNK(found.st_mode):
            return 0, None  # a submodule that moved, a link: git records an id, a target
        if not stat.S_ISREG(found.st_mode):
            return 0, self.omit(OmissionKind.NOT_SCANNED, "it is neither a file nor a link", path)
        if not os.access(place, os.R_OK):
            return 0, self.omit(OmissionKind.NOT_SCANNED, "it may not be read", path)
        if found.st_size > min(self.max_file_bytes, left):
            return 0, self.omit(OmissionKind.TOO_LARGE, f"{found.st_size:,} bytes are over the limit", path)
        return found.st_size, None

    def omit(self, kind: OmissionKind, reason: str, path: bytes) -> Omission:
        return Omission(kind, "gather", reason, path.decode("utf-8", "surrogateescape"))

    def filtered(self, paths: list[bytes]) -> list[Omission]:
        """Say which files a filter would have changed on their way into a commit (Git LFS, for one)."""
        told = self.run("check-attr", "-z", "--stdin", "filter", stdin=b"\0".join([*paths, b""])).split(b"\0")
        reason = "its filter is not run, so what a commit would hold is unknown"
        return [
            self.omit(OmissionKind.CONTENT_UNKNOWN, reason, path)
            for path, value in zip(told[::3], told[2::3], strict=False)
            if value not in {b"unspecified", b"unset"}
        ]
