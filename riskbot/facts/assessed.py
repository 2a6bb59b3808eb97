"""The facts that riskbot found out: risk, findings, machine authorship, zones, dependencies."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from riskbot.domain.assessment import Band
from riskbot.domain.change import OmissionKind
from riskbot.domain.finding import Category, Confidence, Severity
from riskbot.facts.record import CommitId, Path, Record, Time


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
    """One piece of evidence that a machine wrote some of it."""

    what: str
    channel: Annotated[str, Meta(description="Where it was seen: trailer, author, app, note, style, …")] = ""
    commit: CommitId | None = None
    path: Path | None = None
    tool: str = ""
    spoofable: bool = True


class Authorship(Record, frozen=True):
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
