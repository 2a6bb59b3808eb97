"""Change and its parts: what is proposed, exactly as git tells it.

Paths are ``str`` decoded from git's bytes as UTF-8 with ``surrogateescape``, so ``encode("utf-8",
"surrogateescape")`` gives the bytes back; reporters escape what cannot be shown. Contents are ``bytes``.
Times are seconds since the epoch, in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class LineKind(Enum):
    """What a line of a hunk does; the value is the marker that a unified diff puts before it."""

    CONTEXT = " "
    ADDED = "+"
    REMOVED = "-"


class FileStatus(Enum):
    """What happened to a file, in git's words (``git diff --raw``)."""

    ADDED = "added"
    DELETED = "deleted"
    MODIFIED = "modified"
    RENAMED = "renamed"
    COPIED = "copied"
    TYPE_CHANGED = "type-changed"


class OmissionKind(Enum):
    """Why something could not be looked at. Policy says which kinds matter."""

    BINARY = "binary"
    SYMLINK = "symlink"
    SUBMODULE = "submodule"
    TOO_LARGE = "too-large"
    UNPARSABLE = "unparsable"
    PARTLY_PARSED = "partly-parsed"
    TIMEOUT = "timeout"
    NOT_SCANNED = "not-scanned"
    MISSING_OBJECT = "missing-object"
    CONTENT_UNKNOWN = "content-unknown"
    SHALLOW_HISTORY = "shallow-history"
    NO_HISTORY = "no-history"


@dataclass(frozen=True, slots=True)
class Omission:
    """Something that was not analysed, kept as data so that it can never pass for "nothing found".

    ``step`` is the part that could not look (``gather``, ``history``, ``structure``, ``semgrep``);
    ``path`` is None where the whole change is meant.
    """

    kind: OmissionKind
    step: str
    reason: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A name and an address as a commit states them (mailmap applied). Self-declared: never proof."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of the change. ``message`` is decoded for reading; ``parents`` are all of them.

    ``trailers``: keys and values at the end of the message, by git's own rules (git-interpret-trailers(1)).
    ``written_author`` and ``written_committer`` are the names as the commit itself has them, before the
    mailmap: a mailmap may give an agent a person's name. None: not known.
    """

    id: str
    tree: str
    parents: tuple[str, ...]
    author: Actor
    committer: Actor
    authored_at: int
    committed_at: int
    message: str
    trailers: tuple[tuple[str, str], ...] = ()
    written_author: Actor | None = None
    written_committer: Actor | None = None

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a hunk.

    ``raw`` is the line's bytes with its terminator; a last line without a newline has none.
    ``old`` and ``new`` are its 1-based numbers on each side, None where it does not exist there.
    """

    kind: LineKind
    old: int | None
    new: int | None
    raw: bytes

    @property
    def text(self) -> str:
        """The line for reading: decoded, without its terminator."""
        return self.raw.rstrip(b"\r\n").decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Hunk:
    """A run of lines as in a unified diff (https://www.gnu.org/software/diffutils/manual/#Detailed-Unified)."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    section: str
    lines: tuple[Line, ...]

    @property
    def added(self) -> int:
        """How many lines the hunk adds."""
        return sum(line.kind is LineKind.ADDED for line in self.lines)

    @property
    def removed(self) -> int:
        """How many lines the hunk removes."""
        return sum(line.kind is LineKind.REMOVED for line in self.lines)


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One file of the change: both paths, both modes, the hunks, and both contents where they are known.

    ``old`` and ``new`` are the whole contents (None: no such side, not text that riskbot reads, over the
    size limit, or unknown because only a diff was given: then an Omission says which). Modes are git's
    six octal digits; ``old_blob`` and ``new_blob`` are object ids, None where the side does not exist.
    """

    status: FileStatus
    old_path: str | None
    new_path: str | None
    old_mode: str | None = None
    new_mode: str | None = None
    old_blob: str | None = None
    new_blob: str | None = None
    similarity: int | None = None
    binary: bool = False
    hunks: tuple[Hunk, ...] = ()
    added: int = 0
    removed: int = 0
    old: bytes | None = None
    new: bytes | None = None

    @property
    def path(self) -> str:
        """The path a reader looks for: the new one, or the old one of a deleted file."""
        path = self.new_path if self.new_path is not None else self.old_path
        if path is None:
            raise AssertionError("BUG: a FileDiff without any path")
        return path

    @property
    def is_symlink(self) -> bool:
        """Either side is a symbolic link (mode 120000)."""
        return "120000" in (self.old_mode, self.new_mode)

    @property
    def is_submodule(self) -> bool:
        """Either side is a submodule (mode 160000)."""
        return "160000" in (self.old_mode, self.new_mode)

    @property
    def is_python(self) -> bool:
        """The file's name says Python source or stub."""
        return self.path.endswith((".py", ".pyi", ".pyw"))

    def added_lines(self) -> frozenset[int]:
        """The new side's numbers of the added lines."""
        return frozenset(
            line.new
            for hunk in self.hunks
            for line in hunk.lines
            if line.kind is LineKind.ADDED and line.new is not None
        )

    def removed_lines(self) -> frozenset[int]:
        """The old side's numbers of the removed lines."""
        return frozenset(
            line.old
            for hunk in self.hunks
            for line in hunk.lines
            if line.kind is LineKind.REMOVED and line.old is not None
        )


@dataclass(frozen=True, slots=True)
class Metrics:
    """The fourteen change metrics of Kamei et al. (TSE 2013, doi:10.1109/TSE.2012.70).

    A metric that could not be known (a shallow clone, a bare diff) is None, never zero.
    """

    ns: float | None = None
    nd: float | None = None
    nf: float | None = None
    entropy: float | None = None
    la: float | None = None
    ld: float | None = None
    lt: float | None = None
    fix: float | None = None
    ndev: float | None = None
    age: float | None = None
    nuc: float | None = None
    exp: float | None = None
    rexp: float | None = None
    sexp: float | None = None


@dataclass(frozen=True, slots=True)
class AuthorShare:
    """One author's part in a file's past: how many of its changes and how many of its added lines."""

    author: str
    commits: int
    added: int


@dataclass(frozen=True, slots=True)
class FileHistory:
    """One file's past before the change (merges do not count as changes).

    ``authors`` is sorted, the largest share first; ``fixes`` counts changes whose message names a reported
    defect that they fix, ``repairs`` those whose subject says in any words that they repair something
    (``recent_repairs``: of the 365 days before the change). ``shaken`` counts changes that such a repair
    followed within 60 days, among the last hundred. ``recent_commits`` counts those of the 90 days before
    the change; ``own_commits`` the changes by the present change's author, None where nobody is named.
    """

    path: str
    commits: int
    authors: tuple[AuthorShare, ...]
    fixes: int
    recent_commits: int
    first_changed_at: int | None
    last_changed_at: int | None
    churn_added: int
    churn_removed: int
    repairs: int = 0
    recent_repairs: int = 0
    shaken: int = 0
    last_repaired_at: int | None = None
    own_commits: int | None = None

    @property
    def owner_share(self) -> float | None:
        """The largest author's part of the file's changes, 0 to 1; None for a file without a past."""
        return self.authors[0].commits / self.commits if self.authors and self.commits else None


@dataclass(frozen=True, slots=True)
class History:
    """Who changed what, when, before this change. ``commits_walked`` says how much of the past was seen.

    ``repair_share`` is the part of repairs among the repository's last changes, 0 to 1; None where the past
    could not be read, or there is none. ``at`` is when the change was made, in seconds since the epoch.
    """

    metrics: Metrics
    files: tuple[FileHistory, ...] = ()
    commits_walked: int = 0
    omissions: tuple[Omission, ...] = ()
    repair_share: float | None = None
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Charter:
    """What governs the change, read at the merge base: a change cannot vote for itself.

    ``texts`` holds the governing files that exist there, by path: ``pyproject.toml`` and everything
    under ``.riskbot/``. ``revision`` is the commit they were read at, None without a repository.
    """

    revision: str | None = None
    texts: tuple[tuple[str, bytes], ...] = ()

    def text(self, path: str) -> bytes | None:
        """The governing file at ``path``, or None where the base has none."""
        return dict(self.texts).get(path)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a forge's pull request itself says, as far as it tells who wrote it.

    ``opener`` is the account's login, ``opener_id`` its number and ``opener_bot`` whether the forge calls it
    a bot (then it vouches for it); ``app`` is the login of the app that acted, "" if none.
    """

    title: str = ""
    body: str = ""
    opener: str = ""
    opener_id: int | None = None
    opener_bot: bool = False
    app: str = ""
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """What lies beside the commits and tells who wrote them, unread: all of it written by whoever could push.

    ``notes`` are the git notes under ``refs/notes/ai`` by commit and ``corrections`` those under
    ``refs/notes/riskbot-authorship``; None: the repository has no such notes. ``traces`` are the Agent Trace
    records of the head's tree by path. ``verified`` are commits whose signature git verified against the
    base's list of agents' keys, with the key's owner. ``configs`` are the head tree's paths that configure an
    agent (those that may: everything hidden, every ``.md`` at the top, and what lies in ``.github/``; folders
    end with a slash). ``lines`` counts each commit's added lines by file, merges left out; a file that only
    loses lines, or is binary, has 0. ``patches`` are the single-parent commits that bear notes, with their
    own diffs, since notes count lines in the commit's own version. ``omitted`` says in words what was there
    and was not read.
    """

    branch: str | None = None
    notes: tuple[tuple[str, bytes], ...] | None = None
    corrections: tuple[tuple[str, bytes], ...] | None = None
    traces: tuple[tuple[str, bytes], ...] = ()
    verified: tuple[tuple[str, str], ...] = ()
    configs: tuple[str, ...] = ()
    lines: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()
    patches: tuple[tuple[str, tuple[FileDiff, ...]], ...] = ()
    proposal: Proposal | None = None
    omitted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies around the change in the head's tree, as far as detectors ask for it.

    ``modules`` are the paths of all Python sources, stubs and compiled extensions; ``manifests`` the files
    that declare dependencies (pyproject.toml, requirements, lock files ...), whole, by path. ``omitted`` says
    in words what was there and was not read. ``opaque`` are the paths whose inside is not known: submodules
    and symbolic links.
    """

    modules: tuple[str, ...] = ()
    manifests: tuple[tuple[str, bytes], ...] = ()
    omitted: tuple[str, ...] = ()
    opaque: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What is proposed: from ``base`` (the merge base) to ``head``, as files and commits.

    ``repository`` names it for readers; ``base`` and ``head`` are commit ids, None where there is no such
    commit (``head`` of a working tree, both of a bare diff); ``origin`` says in a sentence how the range
    was chosen. ``surroundings`` is None where there is no repository to look at.
    """

    repository: str
    base: str | None
    head: str | None
    origin: str
    commits: tuple[Commit, ...] = ()
    files: tuple[FileDiff, ...] = ()
    charter: Charter = Charter()
    history: History | None = None
    omissions: tuple[Omission, ...] = ()
    provenance: Provenance | None = None
    surroundings: Surroundings | None = None
