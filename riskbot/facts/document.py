"""The facts document: everything that judging a change may look at, as one versioned JSON document.

The types below are the schema: :func:`riskbot.facts.schema` draws it from them, and the decoder refuses what
they do not say. Whoever talks to a forge fills it; judging reads nothing else, so a stored document and a
stored policy give the same verdict for ever.

**Unknown is not empty.** A field that may be null means "not known" when it is null or left out; an empty
list means "looked, and there is none". Judging treats what is not known as the stricter of what it could be.

Times are RFC 3339 with an offset. Accounts are the forge's numeric ids, because names can be given up and
taken by another; teams are written ``organisation/team``, paths as :mod:`riskbot.facts.paths` says.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from functools import total_ordering
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from riskbot.domain.assessment import Band
from riskbot.domain.change import FileStatus, OmissionKind
from riskbot.domain.finding import Category, Confidence, Severity
from riskbot.facts import paths

SCHEMA: Final = "riskbot.facts/1"

Time = Annotated[datetime, Meta(tz=True, description="A time with its offset (RFC 3339).")]
AccountId = Annotated[int, Meta(ge=1, description="An account's numeric id at the forge.")]
CommitId = Annotated[str, Meta(pattern=r"\A[0-9a-f]{7,64}\Z", description="A commit or tree id, in full.")]
_Count = Annotated[int, Meta(ge=0)]
_Path = Annotated[str, Meta(min_length=1, description="A path; a byte that is not UTF-8 is \\xHH.")]
_Mode = Annotated[str, Meta(pattern=r"\A[0-7]{6}\Z", description="Six octal digits, as git writes modes.")]


class _Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all parts of the document share: fields are named, no other field is allowed."""


class AccountType(Enum):
    """What kind of account it is, in the forge's words."""

    USER = "User"
    BOT = "Bot"
    ORGANIZATION = "Organization"


@total_ordering
class Permission(Enum):
    """What an account may do in the repository, ordered; custom roles as the base role they rest on."""

    NONE = "none"
    READ = "read"
    TRIAGE = "triage"
    WRITE = "write"
    MAINTAIN = "maintain"
    ADMIN = "admin"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Permission):
            return NotImplemented
        order = list(Permission)
        return order.index(self) < order.index(other)


class Account(_Record, frozen=True):
    """One account that plays a part. ``permission`` null: not known, so it can do nothing."""

    id: AccountId
    login: Annotated[str, Meta(min_length=1, description="Its name now; bots with their [bot] suffix.")]
    type: AccountType = AccountType.USER
    permission: Annotated[Permission | None, Meta(description="Its effective permission; null: unknown.")] = (
        None
    )
    controller: Annotated[
        AccountId | None, Meta(description="Who controls it (a registry's word); null: nobody known.")
    ] = None
    emails: Annotated[tuple[str, ...], Meta(description="Addresses that the forge vouches for.")] = ()
    active: Annotated[bool, Meta(description="False: suspended, or away.")] = True


class Membership(_Record, frozen=True):
    """One stay in a team, from ``since`` (null: not known) up to but not at ``until`` (null: still)."""

    account: AccountId
    since: Time | None = None
    until: Time | None = None
    changed_by: Annotated[AccountId | None, Meta(description="Who added it; null: unknown.")] = None


class Team(_Record, frozen=True):
    """A team and who was in it. ``members`` null: the team exists but could not be read."""

    name: Annotated[str, Meta(min_length=1, description="organisation/team, without @.")]
    members: tuple[Membership, ...] | None = None
    as_of: Annotated[Time | None, Meta(description="When it was read.")] = None


class Signature(_Record, frozen=True):
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


class Trailer(_Record, frozen=True):
    """One trailer of a commit message (``git interpret-trailers``), as written: self-declared."""

    key: str
    value: str


class Suggestion(_Record, frozen=True):
    """A reviewer's suggestion that a commit applied."""

    by: AccountId
    lines: Annotated[_Count, Meta(description="How many lines it changed.")]


class Commit(_Record, frozen=True):
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


class RecentAuthor(_Record, frozen=True):
    """Who lately wrote lines that the change touches."""

    account: AccountId
    lines: _Count
    last_at: Time | None = None


class File(_Record, frozen=True):
    """One file of the change, as git tells it."""

    status: FileStatus
    old_path: _Path | None = None
    new_path: _Path | None = None
    old_mode: _Mode | None = None
    new_mode: _Mode | None = None
    added: _Count = 0
    removed: _Count = 0
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


class Head(_Record, frozen=True):
    """One head that the branch has had, and what it was compared with."""

    commit: CommitId
    tree: CommitId | None = None
    merge_base: CommitId | None = None
    at: Time | None = None


class Replay(_Record, frozen=True):
    """A head redone by the caller with git, not believed: what tree ``commit`` gives on top of ``onto``.

    ``kind`` *rebase*: its commits replayed there; *update*: the two merged.
    """

    kind: Literal["rebase", "update"]
    commit: Annotated[CommitId, Meta(description="The earlier head that was redone.")]
    onto: CommitId
    tree: Annotated[CommitId | None, Meta(description="What came out; null: it did not go cleanly.")] = None


class Change(_Record, frozen=True):
    """What is proposed. ``declared_*`` are the forge's own counts: a shorter list is a truncated one.

    ``head`` null: a working tree. ``files`` and ``commits`` null: not known.
    """

    base: Annotated[CommitId | None, Meta(description="The merge base.")] = None
    head: CommitId | None = None
    files: tuple[File, ...] | None = None
    commits: tuple[Commit, ...] | None = None
    declared_files: _Count | None = None
    declared_commits: _Count | None = None
    heads: Annotated[tuple[Head, ...], Meta(description="All heads so far, the present one too.")] = ()
    replays: tuple[Replay, ...] = ()


class Push(_Record, frozen=True):
    """One push to the branch, with the account the forge holds for the pusher (null: not known)."""

    by: AccountId | None
    after: CommitId
    before: CommitId | None = None
    at: Time | None = None


class ReviewState(Enum):
    """The state of a review, in GitHub's words."""

    APPROVED = "APPROVED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    COMMENTED = "COMMENTED"
    DISMISSED = "DISMISSED"
    PENDING = "PENDING"


class Dismissal(_Record, frozen=True):
    """Who took a review back, and what it had said."""

    by: AccountId | None
    was: Annotated[ReviewState | None, Meta(description="What it said before; null: unknown.")] = None
    at: Time | None = None


class Review(_Record, frozen=True):
    """One review. ``commit`` is what was looked at; ``pull`` and ``base_ref`` are this one's if null."""

    id: Annotated[int, Meta(ge=1)]
    by: AccountId
    state: ReviewState
    commit: CommitId
    at: Time
    dismissed: Dismissal | None = None
    repository: Annotated[int | None, Meta(description="Its repository's id, if not this one.")] = None
    pull: Annotated[int | None, Meta(description="Its pull request, if not this one.")] = None
    base_ref: Annotated[str | None, Meta(description="The base branch when it was given; null: unknown.")] = (
        None
    )


class Label(_Record, frozen=True):
    """A label, with who set it and, once it was taken off, who did."""

    name: str
    by: AccountId | None = None
    at: Time | None = None
    removed_by: AccountId | None = None
    removed_at: Annotated[Time | None, Meta(description="Null: it is still on.")] = None


class Comment(_Record, frozen=True):
    """One comment on the pull request. An edited one is read by nobody."""

    id: Annotated[int, Meta(ge=1)]
    by: AccountId
    at: Time
    body: str
    edited: bool = False


class Check(_Record, frozen=True):
    """One check run, with the app that reported it (null: a commit status, which anyone may post)."""

    name: str
    commit: CommitId
    conclusion: Annotated[str | None, Meta(description="success, failure, …; null: not finished.")] = None
    app: Annotated[int | None, Meta(description="The numeric id of the app.")] = None


class AgentRun(_Record, frozen=True):
    """One run of a coding agent: who asked for it, and whether the forge vouches for that."""

    agent: AccountId | None = None
    initiator: AccountId | None = None
    attested: bool = False
    commits: Annotated[tuple[CommitId, ...], Meta(description="What it wrote; empty: not known.")] = ()
    source: Annotated[str, Meta(description="Where this is known from, in words.")] = ""


class BaseChange(_Record, frozen=True):
    """The pull request was pointed at another base branch."""

    before: str
    after: str
    at: Time


class Queue(_Record, frozen=True):
    """The merge queue's own commit, of which this pull request is one part.

    ``recomputed_tree``: what merging the members' heads onto the base gives; null: nobody recomputed it.
    """

    head: CommitId
    tree: CommitId | None = None
    recomputed_tree: CommitId | None = None
    members: tuple[int, ...] = ()


class Merge(_Record, frozen=True):
    """Who merged (or told the forge to merge once it may), and who deployed."""

    merged: bool = False
    by: AccountId | None = None
    at: Time | None = None
    auto_merge_by: Annotated[AccountId | None, Meta(description="Who asked for merging when ready.")] = None
    deployed_by: AccountId | None = None


class BreakGlass(_Record, frozen=True):
    """Somebody declared an emergency for exactly this head."""

    by: AccountId
    reason: str
    head: CommitId
    at: Time


class BanLift(_Record, frozen=True):
    """Somebody vouches that a person named as co-author had no part in it."""

    person: AccountId
    by: AccountId
    reason: str
    head: CommitId
    at: Time


class Tally(_Record, frozen=True):
    """How often one person lately approved another's changes: for the record, not for the verdict."""

    author: AccountId
    approver: AccountId
    approvals: _Count


class Pull(_Record, frozen=True):
    """What the forge says of the pull request. Null lists are not known."""

    repository: Annotated[int, Meta(ge=1, description="The repository's numeric id.")]
    number: Annotated[int, Meta(ge=1)]
    base_ref: Annotated[str, Meta(min_length=1)]
    opened_by: AccountId | None
    opened_at: Time | None = None
    title: str = ""
    draft: bool = False
    pushes: tuple[Push, ...] | None = None
    reviews: tuple[Review, ...] | None = None
    labels: tuple[Label, ...] | None = None
    comments: tuple[Comment, ...] | None = None
    checks: tuple[Check, ...] | None = None
    assigned_by: Annotated[
        tuple[AccountId, ...], Meta(description="Who assigned the work to an agent or asked it to act.")
    ] = ()
    agent_runs: tuple[AgentRun, ...] = ()
    base_changes: tuple[BaseChange, ...] = ()
    queue: Queue | None = None
    merge: Merge = Merge()
    break_glass: tuple[BreakGlass, ...] = ()
    ban_lifts: tuple[BanLift, ...] = ()
    tallies: tuple[Tally, ...] = ()
    declared_reviews: _Count | None = None


class Finding(_Record, frozen=True):
    """One finding, as far as policies ask about findings."""

    rule: str
    severity: Severity
    confidence: Confidence = Confidence.HIGH
    category: Category = Category.SECURITY
    path: _Path = "?"
    line: Annotated[int, Meta(ge=1)] | None = None
    introduced: bool = True
    on_changed_lines: bool = True
    suppressed_by: str | None = None
    fingerprint: str = ""


class Omission(_Record, frozen=True):
    """Something that was not looked at."""

    kind: OmissionKind
    step: str
    reason: str = ""
    path: _Path | None = None


class Failure(_Record, frozen=True):
    """A step that failed."""

    step: str
    reason: str = ""


class Sign(_Record, frozen=True):
    """One piece of evidence that a machine wrote some of it."""

    what: str
    channel: Annotated[str, Meta(description="Where it was seen: trailer, author, app, note, style, …")] = ""
    commit: CommitId | None = None
    path: _Path | None = None
    tool: str = ""
    spoofable: bool = True


class Authorship(_Record, frozen=True):
    """What is known about machine authorship; the categories are never merged into one.

    Each is true, false or null (nobody looked). ``attested``: the forge or a verified signature vouches;
    ``declared``: the change says so; ``inferred``: a guess from style, with ``probability``. ``automation``:
    a bot that is no language model.
    """

    attested: bool | None = None
    declared: bool | None = None
    inferred: bool | None = None
    automation: bool | None = None
    probability: Annotated[float, Meta(ge=0, le=1)] | None = None
    evidence: tuple[Sign, ...] = ()


class Zone(_Record, frozen=True):
    """A policy zone that the change touches, and who answers for it."""

    name: str
    stewards: Annotated[tuple[str, ...], Meta(description="People, as a policy writes them.")] = ()


class Dependency(_Record, frozen=True):
    """One dependency that the change adds or moves. ``published_at`` null: not known."""

    name: str
    ecosystem: str = ""
    before: str | None = None
    after: str | None = None
    published_at: Time | None = None


class Assessment(_Record, frozen=True):
    """What riskbot found out about the change itself. Null: not looked at."""

    band: Band
    percentile: float
    band_note: str = ""
    findings: tuple[Finding, ...] = ()
    omissions: tuple[Omission, ...] = ()
    failures: tuple[Failure, ...] = ()
    authorship: Authorship | None = None
    zones: tuple[Zone, ...] | None = None
    dependencies: tuple[Dependency, ...] | None = None


class Text(_Record, frozen=True):
    """One governing file, as it is at the base: owners files, rosters, the policy.

    ``text`` null: it was not read, because of its ``size`` or because it is not UTF-8 text.
    """

    path: _Path
    text: str | None
    size: Annotated[int, Meta(ge=0, description="Its length in bytes.")]
    mode: _Mode = "100644"


class Directory(_Record, frozen=True):
    """Accounts and teams alone: what a team writes down for checks that can ask no forge."""

    accounts: tuple[Account, ...]
    teams: tuple[Team, ...] = ()


class Facts(_Record, frozen=True):
    """The whole document. ``accounts`` and ``teams`` null: nobody could be asked (a local check)."""

    schema: Annotated[Literal["riskbot.facts/1"], Meta(description="What kind of document this is.")]
    repository: Annotated[str, Meta(description="Its name, for readers.")]
    change: Change
    pull: Annotated[Pull | None, Meta(description="Null: not proposed yet.")] = None
    accounts: tuple[Account, ...] | None = None
    teams: tuple[Team, ...] | None = None
    assessment: Assessment | None = None
    texts: Annotated[
        tuple[Text, ...] | None, Meta(description="What governs, at the base; null: nobody looked.")
    ] = None
    load: Annotated[dict[str, int], Meta(description="Open review requests, by account id.")] = {}
