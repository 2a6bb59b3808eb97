"""The facts that riskbot found out: risk, findings, machine authorship, zones, dependencies."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from riskbot.domain.assessment import Band
from riskbot.domain.authorship import Kind, Tier
from riskbot.domain.change import OmissionKind
from riskbot.domain.finding import Category, Confidence, Severity
from riskbot.facts.record import CommitId, Count, Path, Record, Time

#: The values of :class:`riskbot.domain.authorship.Category`; findings have categories too.
Authored = Literal["attested", "mixed", "declared", "assisted", "automation", "inferred", "none", "unknown"]


class Finding(Record, frozen=True):
    """One finding, as far as policies ask about findings."""

    rule: str
    severity: Severity
    confidence: Confidence = Confidence.HIGH
    category: Category = Category.SECURITY
    path: Path = "?"
    line: Annotated[int, Meta(ge=1)] | None = None
    introduced: bool = True
    on_changed_lines: bool = True
    suppressed_by: str | None = None
    fingerprint: str = ""


class Omission(Record, frozen=True):
    """Something that was not looked at."""

    kind: OmissionKind
    step: str
    reason: str = ""
    path: Path | None = None


class Failure(Record, frozen=True):
    """A step that failed."""

    step: str
    reason: str = ""


class Sign(Record, frozen=True):
    """One thing that was seen and tells who or what wrote some of it.

    ``kind``: it speaks of an agent, of an assistant whose suggestion was taken, of a bot that is no language
    model, or only of the surroundings. ``tier``: A somebody else vouches, B exact, C it misfires, D context;
    null: not said. ``counts`` false: it is only shown, as one that is dated before its tool can have left it
    (``anachronistic``). ``commit`` and ``path`` null: it is of the whole change.
    """

    what: Annotated[str, Meta(description="What was seen: the text itself, or words for it.")]
    channel: Annotated[
        str, Meta(description="Where it was seen: author, trailer, session, notes, style, …")
    ] = ""
    kind: Kind = Kind.AGENT
    tier: Tier | None = None
    tool: str = ""
    model: str = ""
    counts: bool = True
    spoofable: bool = True
    anachronistic: bool = False
    commit: CommitId | None = None
    path: Path | None = None
    note: str = ""


class Tool(Record, frozen=True):
    """One tool of the signs that count, and the best tier among its signs (null: not said)."""

    tool: Annotated[str, Meta(min_length=1)]
    kind: Kind = Kind.AGENT
    tier: Tier | None = None


class Share(Record, frozen=True):
    """What part of the added lines agents wrote: at least ``low`` (they bear signs), at most ``high``.

    Between the two are the lines of which nothing is known. ``lines``: how many were added in all.
    """

    low: Annotated[float, Meta(ge=0, le=1)]
    high: Annotated[float, Meta(ge=0, le=1)]
    lines: Count


class CommitAuthorship(Record, frozen=True):
    """What is known of one commit. ``category`` is the first that holds; the others stand for themselves.

    ``disclosed``: its own message says in a trailer that an agent took part. ``files``: which paths its signs
    speak of; null: not known, so it may be any. ``agent_signoffs``: its ``Signed-off-by`` that name an agent.
    """

    commit: CommitId
    category: Authored
    attested: bool | None = None
    declared: bool | None = None
    assisted: bool | None = None
    automation: bool | None = None
    inferred: bool | None = None
    tools: tuple[Tool, ...] = ()
    model: str = ""
    disclosed: bool = False
    share: Share | None = None
    files: tuple[Path, ...] | None = None
    agent_signoffs: tuple[str, ...] = ()


class FileAuthorship(Record, frozen=True):
    """What line-level attribution says of one file's ``added`` lines; the rest of them is untracked."""

    path: Path
    added: Count
    agent: Count
    human: Count


class Correction(Record, frozen=True):
    """What somebody put on record about a commit, beside the evidence: it can add to it, never take away."""

    commit: CommitId
    says: Annotated[str, Meta(description="A category's name, or human.")]
    tool: str = ""
    at: Time | None = None


class Authorship(Record, frozen=True):
    """What is known about machine authorship; the categories are never merged into one.

    Each is true, false or null (nobody looked). ``attested``: the forge, a verified signature or line-level
    attribution vouches for an agent; ``declared``: the change says so; ``assisted``: a person took over a
    suggestion; ``automation``: a bot that is no language model; ``inferred``: a guess from style, with
    ``probability``. ``disclosed``: every commit that bears an agent's signs says so in a trailer; null: none
    bears any, or nobody looked. ``category`` is the first that holds, for readers. ``tools``, ``commits`` and
    ``files`` null: not known.
    """

    category: Authored | None = None
    attested: bool | None = None
    declared: bool | None = None
    assisted: bool | None = None
    inferred: bool | None = None
    automation: bool | None = None
    disclosed: bool | None = None
    probability: Annotated[float, Meta(ge=0, le=1)] | None = None
    tools: tuple[Tool, ...] | None = None
    share: Share | None = None
    commits: tuple[CommitAuthorship, ...] | None = None
    files: tuple[FileAuthorship, ...] | None = None
    corrections: tuple[Correction, ...] = ()
    evidence: tuple[Sign, ...] = ()
    notes: Annotated[tuple[str, ...], Meta(description="What limits the answer.")] = ()


class Zone(Record, frozen=True):
    """A policy zone that the change touches, and who answers for it."""

    name: str
    stewards: Annotated[tuple[str, ...], Meta(description="People, as a policy writes them.")] = ()


class Dependency(Record, frozen=True):
    """One dependency that the change adds or moves. ``published_at`` null: not known."""

    name: str
    ecosystem: str = ""
    before: str | None = None
    after: str | None = None
    published_at: Time | None = None


class Assessment(Record, frozen=True):
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
