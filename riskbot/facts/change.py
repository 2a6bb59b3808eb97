"""The facts about the change itself, as git tells them: files, commits, heads."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal

from msgspec import Meta

from riskbot.domain.change import FileStatus
from riskbot.facts import paths
from riskbot.facts.record import AccountId, CommitId, Count, Mode, Path, Record, Time


class Signature(Record, frozen=True):
    """Who a commit says wrote or committed it. Only ``account`` comes from the forge (by the address)."""

    name: str
    email: str
    at: Time | None = None
    account: Annotated[AccountId | None, Meta(description="Whom the forge took it for; null: nobody.")] = None


class Verification(Enum):
    """What the forge says of a commit's cryptographic signature."""

    VERIFIED = "verified"
    INVALID = "invalid"
    NONE = "none"


class Trailer(Record, frozen=True):
    """One trailer of a commit message (``git interpret-trailers``), as written: self-declared."""

    key: str
    value: str


class Suggestion(Record, frozen=True):
    """A reviewer's suggestion that a commit applied."""

    by: AccountId
    lines: Annotated[Count, Meta(description="How many lines it changed.")]


class Commit(Record, frozen=True):
    """One commit reachable from the head, or from an earlier head, and not from the base: by all parents.

    ``recomputed_tree``: for a merge, the tree that merging its parents gives (``git merge-tree``), null where
    nobody recomputed it. ``in_head`` false: it belonged to an earlier head only.
    """

    id: CommitId
    parents: tuple[CommitId, ...]
    author: Signature
    committer: Signature
    tree: CommitId | None = None
    message: str = ""
    trailers: tuple[Trailer, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    verification: Verification | None = None
    signer: Annotated[AccountId | None, Meta(description="Whose key signed it, if verified.")] = None
    recomputed_tree: CommitId | None = None
    in_head: bool = True


class RecentAuthor(Record, frozen=True):
    """Who lately wrote lines that the change touches."""

    account: AccountId
    lines: Count
    last_at: Time | None = None


class File(Record, frozen=True):
    """One file of the change, as git tells it."""

    status: FileStatus
    old_path: Path | None = None
    new_path: Path | None = None
    old_mode: Mode | None = None
    new_mode: Mode | None = None
    added: Count = 0
    removed: Count = 0
    recent_authors: tuple[RecentAuthor, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths on both sides, decoded; one where they are equal. A copy's source is not touched."""
        sides = [self.old_path if self.status is not FileStatus.COPIED else None, self.new_path]
        return tuple(dict.fromkeys(paths.decode(side) for side in sides if side is not None))

    @property
    def link(self) -> bool:
        """Either side is known to be a symbolic link or a submodule."""
        return bool({self.old_mode, self.new_mode} & {"120000", "160000"})

    @property
    def odd_mode(self) -> bool:
        """Either side is, or may be, a link or a submodule, and so may stand in the place of a folder."""
        return self.link or self._kind_unknown

    @property
    def _kind_unknown(self) -> bool:
        """Nobody knows what the path is: of a file that keeps its kind either mode tells."""
        if self.status is FileStatus.TYPE_CHANGED:
            return None in {self.old_mode, self.new_mode}
        if self.status in {FileStatus.ADDED, FileStatus.COPIED}:
            return self.new_mode is None
        return self.old_mode is None and (self.new_mode is None or self.status is FileStatus.DELETED)


class Head(Record, frozen=True):
    """One head that the branch has had, and what it was compared with."""

    commit: CommitId
    tree: CommitId | None = None
    merge_base: CommitId | None = None
    at: Time | None = None


class Replay(Record, frozen=True):
    """A head redone by the caller with git, not believed: what tree ``commit`` gives on top of ``onto``.

    ``kind`` *rebase*: its commits replayed there; *update*: the two merged.
    """

    kind: Literal["rebase", "update"]
    commit: Annotated[CommitId, Meta(description="The earlier head that was redone.")]
    onto: CommitId
    tree: Annotated[CommitId | None, Meta(description="What came out; null: it did not go cleanly.")] = None


class Change(Record, frozen=True):
    """What is proposed. ``declared_*`` are the forge's own counts: a shorter list is a truncated one.

    ``head`` null: a working tree. ``files`` and ``commits`` null: not known.
    """

    base: Annotated[CommitId | None, Meta(description="The merge base.")] = None
    head: CommitId | None = None
    files: tuple[File, ...] | None = None
    commits: tuple[Commit, ...] | None = None
    declared_files: Count | None = None
    declared_commits: Count | None = None
    heads: Annotated[tuple[Head, ...], Meta(description="All heads so far, the present one too.")] = ()
    replays: tuple[Replay, ...] = ()
