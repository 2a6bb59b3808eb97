"""Verdict -> one plain, versioned document: what ``--format json`` writes and other programs read.

The types below are the schema: :func:`schema` draws it from them, so neither can say what the other does
not. Every field is always there; what could not be known is null, what nothing has looked at yet says
"not evaluated". The same verdict always gives the same bytes. Paths are written as
:func:`riskbot.report.escape.path` says.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from riskbot.domain.assessment import Band, Level
from riskbot.domain.change import FileStatus, OmissionKind
from riskbot.domain.finding import Category, Confidence, Severity, Side
from riskbot.domain.verdict import Reviewed
from riskbot.report.authorship import AuthorshipEntry
from riskbot.report.verdict import VerdictEntry

SCHEMA: Final = "riskbot.report/1"

_Path = Annotated[
    str,
    Meta(
        description="A path in the repository. A backslash is doubled; a byte that is not UTF-8 is \\xHH.",
        min_length=1,
    ),
]
_Line = Annotated[int, Meta(description="A line number, from 1.", ge=1)]
_Count = Annotated[int, Meta(ge=0)]


class _Record(Struct, kw_only=True, forbid_unknown_fields=True):
    """What all parts of the document share: every field named, no other field allowed."""


class Person(_Record):
    """A name and an address as the commit states them: self-declared, never proof."""

    name: Annotated[str, Meta(description="The name.")]
    email: Annotated[str, Meta(description="The e-mail address.")]


class CommitEntry(_Record):
    """One commit of the change."""

    id: Annotated[str, Meta(description="The commit's id.")]
    parents: Annotated[tuple[str, ...], Meta(description="The ids of its parents.")]
    author: Annotated[Person, Meta(description="Who wrote it, by its own account.")]
    committer: Annotated[Person, Meta(description="Who committed it, by its own account.")]
    authored_at: Annotated[int, Meta(description="When it was written, in seconds since 1970 UTC.")]
    committed_at: Annotated[int, Meta(description="When it was committed, in seconds since 1970 UTC.")]
    message: Annotated[str, Meta(description="The whole message.")]


class FileEntry(_Record):
    """One file of the change."""

    status: Annotated[FileStatus, Meta(description="What happened to it, in git's words.")]
    path: Annotated[_Path, Meta(description="Its path: the new one, or the old one of a deleted file.")]
    old_path: Annotated[_Path | None, Meta(description="Its path at the base; null if it was not there.")]
    old_mode: Annotated[str | None, Meta(description="Its mode at the base, six octal digits.")]
    new_mode: Annotated[str | None, Meta(description="Its mode at the head, six octal digits.")]
    added: Annotated[_Count, Meta(description="How many lines were added.")]
    removed: Annotated[_Count, Meta(description="How many lines were removed.")]
    binary: Annotated[bool, Meta(description="Whether git takes it for binary; then lines are not counted.")]


class ChangeEntry(_Record):
    """What was looked at."""

    repository: Annotated[str, Meta(description="The repository's name or address, without credentials.")]
    base: Annotated[str | None, Meta(description="The commit it starts from (the merge base); null: none.")]
    head: Annotated[str | None, Meta(description="The commit it ends with; null: what is not committed.")]
    origin: Annotated[str, Meta(description="How the range was chosen, in a sentence.")]
    commits: Annotated[tuple[CommitEntry, ...], Meta(description="Its commits.")]
    files: Annotated[tuple[FileEntry, ...], Meta(description="Its files.")]


class Place(_Record):
    """A place in a file of the change."""

    file: Annotated[_Path, Meta(description="The file's path.")]
    line: Annotated[_Line | None, Meta(description="The first line; null: the whole file.")]
    end_line: Annotated[_Line | None, Meta(description="The last line, itself included.")]
    side: Annotated[Side, Meta(description="Which version of the file: old (base) or new (head).")]


class EvidenceEntry(_Record):
    """One thing that was seen."""

    what: Annotated[str, Meta(description="What was seen, in words.")]
    where: Annotated[Place | None, Meta(description="Where it was seen.")]


class FindingEntry(_Record):
    """One thing a detector saw; kept with its marks whether or not it counts."""

    rule: Annotated[str, Meta(description="The rule's id.")]
    detector: Annotated[str, Meta(description="Which detector saw it.")]
    severity: Annotated[Severity, Meta(description="How bad it is if true.")]
    confidence: Annotated[Confidence, Meta(description="How sure the detector is.")]
    category: Annotated[Category, Meta(description="What kind of risk it is.")]
    file: Annotated[_Path, Meta(description="The file's path.")]
    line: Annotated[_Line | None, Meta(description="The first line; null: the whole file.")]
    end_line: Annotated[_Line | None, Meta(description="The last line, itself included.")]
    side: Annotated[Side, Meta(description="Which version of the file: old (base) or new (head).")]
    message: Annotated[str, Meta(description="What is wrong, for a reviewer.")]
    on_changed_line: Annotated[bool, Meta(description="Whether it lies on lines that the change touched.")]
    introduced: Annotated[bool, Meta(description="Whether the change brought it; false: the base had it.")]
    suppressed_by: Annotated[
        str | None, Meta(description="What asks to silence it, in words; null: nothing.")
    ]
    fingerprint: Annotated[str, Meta(description="Its name across changes; stays when lines move.")]
    evidence: Annotated[tuple[EvidenceEntry, ...], Meta(description="What it was concluded from.")]
    flow: Annotated[
        tuple[EvidenceEntry, ...],
        Meta(description="The way that data took, the source first; empty where it is about one place."),
    ]


class FactorEntry(_Record):
    """One reason for the score. All contributions and the intercept add up to the logit."""

    name: Annotated[str, Meta(description="Its name in the model.")]
    title: Annotated[str, Meta(description="Its name in words.")]
    value: Annotated[float | None, Meta(description="What was measured; null: not known, see note.")]
    contribution: Annotated[float, Meta(description="What it adds to the logit; positive: riskier.")]
    note: Annotated[str, Meta(description="What stood in for an unknown value; else empty.")]
    family: Annotated[str, Meta(description="What it is about, where factors have families; else empty.")]


class HunkEntry(_Record):
    """One hunk's part in the score."""

    file: Annotated[_Path, Meta(description="The file's path.")]
    old_start: Annotated[_Count, Meta(description="Its first line at the base, as in a unified diff.")]
    old_count: Annotated[_Count, Meta(description="How many lines it spans at the base.")]
    new_start: Annotated[_Count, Meta(description="Its first line at the head.")]
    new_count: Annotated[_Count, Meta(description="How many lines it spans at the head.")]
    score: Annotated[float, Meta(description="How far the logit falls when the hunk is left out.")]
    text: Annotated[
        float | None, Meta(description="What of that comes from reading its lines; null: no model read them.")
    ]


class GateEntry(_Record):
    """One gating mode and whether it would hold the change."""

    name: Annotated[str, Meta(description="The mode's name.")]
    top_percent: Annotated[float, Meta(description="It holds the riskiest so many per cent of changes.")]
    holds: Annotated[bool, Meta(description="Whether it would hold this change.")]


class SignEntry(_Record):
    """One thing that speaks for a kind of risk."""

    level: Annotated[Level, Meta(description="How strongly.")]
    what: Annotated[str, Meta(description="What was seen, in words.")]
    where: Annotated[Place | None, Meta(description="Where it was seen.")]


class DimensionEntry(_Record):
    """One kind of risk, from evidence of its own: no part of the score enters."""

    category: Annotated[Category, Meta(description="What kind of risk.")]
    level: Annotated[Level, Meta(description="That of the strongest sign; none: no sign, not safe.")]
    signs: Annotated[tuple[SignEntry, ...], Meta(description="What speaks for it, the strongest first.")]
    count: Annotated[_Count, Meta(description="How many signs there were; the strongest are listed.")]
    note: Annotated[str, Meta(description="What was not looked at; else empty.")]


class FailureEntry(_Record):
    """A step that crashed, was killed or ran out of time."""

    step: Annotated[str, Meta(description="The step.")]
    reason: Annotated[str, Meta(description="What happened, in words.")]
    detail: Annotated[str, Meta(description="What else is known; may be empty.")]


class OmissionEntry(_Record):
    """Something that was not analysed."""

    cause: Annotated[OmissionKind, Meta(description="Why, in a word.")]
    step: Annotated[str, Meta(description="The step that could not look.")]
    reason: Annotated[str, Meta(description="Why, in words.")]
    file: Annotated[_Path | None, Meta(description="The file's path; null: the whole change.")]


class ModelEntry(_Record):
    """Which model scored the change."""

    name: Annotated[str, Meta(description="Its name.")]
    sha256: Annotated[str, Meta(description="The hash of its files.")]
    reference: Annotated[str, Meta(description="What its percentiles are measured against.")]
    note: Annotated[str, Meta(description="Why it and not the usual one, or what was left out; else empty.")]


class MetricsEntry(_Record):
    """The change metrics of Kamei et al. (doi:10.1109/TSE.2012.70); null: could not be known."""

    ns: Annotated[float | None, Meta(description="Subsystems touched.")]
    nd: Annotated[float | None, Meta(description="Directories touched.")]
    nf: Annotated[float | None, Meta(description="Files touched.")]
    entropy: Annotated[float | None, Meta(description="How evenly the change is spread over its files.")]
    la: Annotated[float | None, Meta(description="Lines added.")]
    ld: Annotated[float | None, Meta(description="Lines removed.")]
    lt: Annotated[float | None, Meta(description="Lines in the files before the change.")]
    fix: Annotated[float | None, Meta(description="1 if it says that it fixes a defect, else 0.")]
    ndev: Annotated[float | None, Meta(description="Developers who changed the files before.")]
    age: Annotated[float | None, Meta(description="Days since the files were last changed, on average.")]
    nuc: Annotated[float | None, Meta(description="Earlier changes of the files.")]
    exp: Annotated[float | None, Meta(description="The author's earlier changes.")]
    rexp: Annotated[
        float | None, Meta(description="The author's earlier changes, recent ones weighing more.")
    ]
    sexp: Annotated[float | None, Meta(description="The author's earlier changes of these subsystems.")]


class AuthorEntry(_Record):
    """One author's part in a file's past."""

    author: Annotated[str, Meta(description="The author.")]
    commits: Annotated[_Count, Meta(description="How many changes of the file.")]
    added: Annotated[_Count, Meta(description="How many lines added to it.")]


class FileHistoryEntry(_Record):
    """One file's past before the change; merges do not count."""

    file: Annotated[_Path, Meta(description="The file's path.")]
    commits: Annotated[_Count, Meta(description="How many changes.")]
    authors: Annotated[tuple[AuthorEntry, ...], Meta(description="Who made them, the most first.")]
    owner_share: Annotated[float | None, Meta(description="The first author's part of the changes, 0 to 1.")]
    fixes: Annotated[_Count, Meta(description="How many changes say that they fix a defect.")]
    recent_commits: Annotated[_Count, Meta(description="How many changes in the 90 days before this one.")]
    first_changed_at: Annotated[int | None, Meta(description="The first change, in seconds since 1970 UTC.")]
    last_changed_at: Annotated[int | None, Meta(description="The last change, in seconds since 1970 UTC.")]
    churn_added: Annotated[_Count, Meta(description="Lines added over its whole past.")]
    churn_removed: Annotated[_Count, Meta(description="Lines removed over its whole past.")]


class HistoryEntry(_Record):
    """Who changed what before this change."""

    commits_walked: Annotated[_Count, Meta(description="How many commits of the past were read.")]
    metrics: Annotated[MetricsEntry, Meta(description="The change metrics.")]
    files: Annotated[tuple[FileHistoryEntry, ...], Meta(description="Each file's past.")]


class AssessmentEntry(_Record):
    """How risky the change is, and exactly why."""

    probability: Annotated[float, Meta(description="The calibrated probability of a defect, 0 to 1.")]
    percentile: Annotated[
        float, Meta(description="How many per cent of the reference score lower, 0 to 100.")
    ]
    band: Annotated[Band, Meta(description="How risky in a word: green, weekend, yellow, red.")]
    band_note: Annotated[str, Meta(description="Why the band is not the percentile's own; else empty.")]
    intercept: Annotated[float, Meta(description="Where the logit starts.")]
    logit: Annotated[float, Meta(description="Intercept plus all contributions.")]
    factors: Annotated[tuple[FactorEntry, ...], Meta(description="Every reason, in the model's order.")]
    hunks: Annotated[tuple[HunkEntry, ...], Meta(description="The hunks, the riskiest first.")]
    gates: Annotated[tuple[GateEntry, ...], Meta(description="The gating modes.")]
    dimensions: Annotated[tuple[DimensionEntry, ...], Meta(description="The kinds of risk.")]
    failures: Annotated[tuple[FailureEntry, ...], Meta(description="The steps that failed.")]
    omissions: Annotated[tuple[OmissionEntry, ...], Meta(description="What was not analysed.")]
    model: Annotated[ModelEntry, Meta(description="Which model spoke.")]
    history: Annotated[HistoryEntry | None, Meta(description="The past; null: there was none to read.")]


class Report(_Record):
    """Everything that riskbot says of one change."""

    schema: Annotated[Literal["riskbot.report/1"], Meta(description="The version of this document.")]
    riskbot: Annotated[str, Meta(description="The version of riskbot that wrote it.")]
    change: Annotated[ChangeEntry, Meta(description="What was looked at.")]
    findings: Annotated[tuple[FindingEntry, ...], Meta(description="Everything the detectors saw.")]
    assessment: Annotated[AssessmentEntry, Meta(description="How risky it is, and why.")]
    authorship: Annotated[AuthorshipEntry, Meta(description="Who or what wrote it, as far as it left signs.")]
    verdict: Annotated[VerdictEntry, Meta(description="What the policy says.")]


def schema() -> dict[str, Any]:
    """Describe the report as JSON schema (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"The report of riskbot check, {SCHEMA}",
        **msgspec.json.schema(Report),
    }


def render(verdict: Reviewed) -> str:
    """Write the document as indented JSON."""
    from riskbot.report.building import build
    from riskbot.report.escape import json_text

    encoded = msgspec.json.format(msgspec.json.encode(build(verdict)), indent=2)
    return json_text(encoded.decode()) + "\n"
