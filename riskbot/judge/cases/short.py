"""The short form of facts, as a ``*.cases.yml`` file writes them: the types are the syntax.

docs/cases.md explains every key. What is left out is calm: a green change of one file, opened, written and
pushed by alice, nobody's review, nothing unknown. Times are RFC 3339, or a span (``30m``) after the opening.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from riskbot.domain.assessment import Band
from riskbot.domain.authorship import Tier
from riskbot.domain.change import FileStatus, OmissionKind
from riskbot.domain.finding import Category, Confidence, Severity
from riskbot.domain.verdict import Outcome
from riskbot.facts.document import AccountType, Permission

Login = Annotated[str, Meta(min_length=1, max_length=100)]
Words = Annotated[str, Meta(min_length=1)]
When = Words
# Which commit: a number counts the case's commits from 1; *head* is the last of them, *old* an earlier head.
Which = int | Literal["head", "old"]
# How it is known that a machine wrote a commit; a guess is of the whole change.
Known = Literal["attested", "declared", "assisted", "automation"]
_Count = Annotated[int, Meta(ge=0)]
_Id = Annotated[int, Meta(ge=1)]


class _Part(Struct, frozen=True, forbid_unknown_fields=True):
    """What all parts share."""


class PersonFacts(_Part, frozen=True):
    """One account; a bare permission stands for all of it."""

    permission: Permission = Permission.WRITE
    type: AccountType = AccountType.USER
    controller: Login | None = None
    id: _Id | None = None
    emails: tuple[str, ...] | None = None
    active: bool = True
    load: _Count | None = None


class MemberFacts(_Part, frozen=True):
    """One stay in a team; a bare login is an old member."""

    who: Login
    since: When | None = None
    until: When | None = None
    by: Login | None = None


PeopleFacts = dict[str, Permission | PersonFacts]
TeamsFacts = dict[str, tuple[str | MemberFacts, ...] | Literal["unread"]]
TextsFacts = dict[str, str]


class FileFacts(_Part, frozen=True, rename={"from_": "from"}):
    """One file; a bare path is a modified one."""

    path: Words
    from_: Words | None = None
    status: FileStatus | None = None
    mode: str = "100644"
    old_mode: str | None = None
    added: _Count = 1
    removed: _Count = 0
    recent: dict[str, _Count] = {}


class MachineFacts(_Part, frozen=True):
    """What a commit bears of a machine; a bare category stands for all of it.

    ``files``: which paths the signs speak of, left out: not known. ``signed_off``: the machine did so itself.
    """

    known: Known
    tool: str = ""
    tier: Tier | None = None
    disclosed: bool = False
    files: tuple[str, ...] | None = None
    signed_off: bool = False


class CommitFacts(_Part, frozen=True):
    """One commit, oldest first; a bare login wrote and committed it."""

    by: Login | None = None
    email: Words | None = None
    committer: Login | None = None
    coauthors: tuple[str, ...] = ()
    signoffs: tuple[str, ...] = ()
    machine: Known | MachineFacts | None = None
    message: str = ""
    suggestions: dict[str, _Count] = {}
    signer: Login | None = None
    parents: tuple[int | Literal["base", "main"], ...] | None = None
    merge: Literal["clean", "edited", "unknown"] | None = None
    tree: Words | None = None
    in_head: bool = True


class PushFacts(_Part, frozen=True):
    """One push; a bare login pushed. ``by: unknown`` is nobody known."""

    by: Login
    after: Which | None = None
    at: When | None = None


class ReviewFacts(_Part, frozen=True):
    """One review; a bare login approved the head."""

    by: Login
    state: Literal["approved", "changes-requested", "commented", "dismissed", "pending"] = "approved"
    of: Which = "head"
    at: When | None = None
    dismissed_by: Login | None = None
    pull: _Id | None = None
    base_ref: str | None = None
    repository: _Id | None = None


class LabelFacts(_Part, frozen=True):
    """One label; a bare name was set by whoever opened the change."""

    name: Words
    by: Login | None = None
    removed_by: Login | None = None


class CommentFacts(_Part, frozen=True):
    """One comment."""

    by: Login
    body: str
    at: When | None = None
    edited: bool = False


class CheckFacts(_Part, frozen=True):
    """One check run, successful unless it says otherwise."""

    name: Words
    app: _Id | None = None
    conclusion: str = "success"
    of: Which = "head"


class AgentRunFacts(_Part, frozen=True):
    """One run of a coding agent."""

    agent: Login | None = None
    initiator: Login | None = None
    attested: bool = True
    commits: tuple[int, ...] = ()


class DependencyFacts(_Part, frozen=True):
    """One dependency; ``age`` is how long before now its new version was published, left out: unknown."""

    name: Words
    ecosystem: str = ""
    before: str | None = None
    after: str | None = None
    age: Words | None = None


class MergeFacts(_Part, frozen=True):
    """Who merged it (*unknown*: somebody), asked for merging, deployed it."""

    by: Login | None = None
    auto_merge_by: Login | None = None
    deployed_by: Login | None = None
    at: When | None = None


class EmergencyFacts(_Part, frozen=True):
    """One declared emergency."""

    by: Login
    reason: str = "the shop is down"
    of: Which = "head"
    at: When | None = None


class LiftFacts(_Part, frozen=True):
    """Somebody vouches that ``person`` had no part."""

    person: Login
    by: Login
    reason: str = "had no part in it"
    of: Which = "head"
    at: When | None = None


class QueueFacts(_Part, frozen=True):
    """The merge queue's commit: its tree is what merging the members gives, something else, or unknown."""

    members: tuple[int, ...] = ()
    merge: Literal["clean", "edited", "unknown"] = "clean"


class ReplayFacts(_Part, frozen=True):
    """An earlier head, redone onto the present base; ``tree`` is what came out (left out: a conflict)."""

    kind: Literal["rebase", "update"]
    commit: Which
    tree: Words | None = None


class ShareFacts(_Part, frozen=True):
    """What part of the added lines agents wrote."""

    low: Annotated[float, Meta(ge=0, le=1)]
    high: Annotated[float, Meta(ge=0, le=1)] = 1.0
    lines: _Count = 100


class CorrectionFacts(_Part, frozen=True):
    """What somebody put on record about a commit."""

    says: Words
    of: Which = "head"
    tool: str = ""


class AuthorshipFacts(_Part, frozen=True):
    """What is known of machine authorship, beside what the commits bear."""

    attested: bool = False
    declared: bool = False
    assisted: bool = False
    inferred: bool = False
    automation: bool = False
    disclosed: bool | None = None
    probability: Annotated[float, Meta(ge=0, le=1)] | None = None
    tools: tuple[Words, ...] = ()
    share: ShareFacts | None = None
    corrections: tuple[CorrectionFacts, ...] = ()


class DeclaredFacts(_Part, frozen=True):
    """The forge's own counts."""

    files: _Count | None = None
    commits: _Count | None = None
    reviews: _Count | None = None


class FindingFacts(_Part, frozen=True):
    """A finding in short; the defaults are those of a new one in plain sight."""

    severity: Severity
    confidence: Confidence = Confidence.HIGH
    category: Category = Category.SECURITY
    introduced: bool = True
    on_changed_lines: bool = True
    suppressed: bool = False
    rule: str = "case"


Unknown = Literal[
    "files",
    "commits",
    "accounts",
    "teams",
    "pull",
    "opened_by",
    "pushes",
    "reviews",
    "labels",
    "comments",
    "checks",
    "assessment",
    "authorship",
    "zones",
    "dependencies",
]


class Facts(_Part, frozen=True):
    """A change in short: what it is, what riskbot found, and what people did."""

    band: Band = Band.GREEN
    percentile: Annotated[float, Meta(ge=0, le=100)] | None = None
    files: tuple[str | FileFacts, ...] = ("app.py",)
    findings: tuple[FindingFacts, ...] = ()
    omissions: tuple[OmissionKind, ...] = ()
    failures: tuple[str, ...] = ()
    authorship: AuthorshipFacts = AuthorshipFacts()
    zones: dict[str, tuple[str, ...]] = {}
    dependencies: tuple[DependencyFacts, ...] = ()
    opened_by: Login | None = None
    opened_at: When | None = None
    base_ref: Words = "main"
    draft: bool = False
    commits: tuple[str | CommitFacts, ...] | None = None
    pushes: tuple[str | PushFacts, ...] | None = None
    reviews: tuple[str | ReviewFacts, ...] = ()
    labels: tuple[str | LabelFacts, ...] = ()
    comments: tuple[CommentFacts, ...] = ()
    checks: tuple[CheckFacts, ...] = ()
    assigned_by: tuple[str, ...] = ()
    agent_runs: tuple[AgentRunFacts, ...] = ()
    queue: QueueFacts | None = None
    merge: MergeFacts | None = None
    break_glass: tuple[EmergencyFacts, ...] = ()
    ban_lifts: tuple[LiftFacts, ...] = ()
    replays: tuple[ReplayFacts, ...] = ()
    declared: DeclaredFacts = DeclaredFacts()
    unknown: tuple[Unknown, ...] = ()
    patch: dict[str, Any] = {}


class CaseText(_Part, frozen=True):
    """One entry of the file; what is left out of the expectations is not compared, but ``because`` is."""

    case: Words
    facts: Facts
    expect: Outcome
    because: tuple[str, ...] = ()
    counted: tuple[str, ...] | None = None
    ignored: dict[str, str] = {}
    interested: tuple[str, ...] | None = None
    accountable: tuple[str, ...] | None = None
    blocks: tuple[str, ...] | None = None
    flags: tuple[str, ...] | None = None
    unlocks: tuple[tuple[str, ...], ...] | None = None
    could: dict[str, tuple[str, ...]] = {}
    now: Words | None = None
    people: PeopleFacts = {}
    teams: TeamsFacts = {}
    texts: TextsFacts = {}


class FileText(_Part, frozen=True):
    """The file but for its cases: what they share."""

    now: Words | None = None
    people: PeopleFacts = {}
    teams: TeamsFacts = {}
    texts: TextsFacts = {}
