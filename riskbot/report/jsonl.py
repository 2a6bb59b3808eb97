"""Verdict -> one record a line: the facts of the JSON report, for logs and streams.

Each line is an object whose ``kind`` says what it is; the other fields are those of the same part in
:mod:`riskbot.report.document`. Three differ, because a line must stand alone: ``clause`` carries its place in
the tree (``path``, names from the root down) instead of the clauses below it, and ``assessment`` and
``authorship`` have none of their lists of parts, whose members follow. The order is: report, change, commits,
files, findings, assessment, factors, hunks, gates, dimensions, failures, omissions, history, authorship with
its signs, commits, files and corrections, clauses, blocks, flags, interested, opinions, suggested,
obligations, verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, structs

from riskbot.domain.assessment import Band
from riskbot.domain.verdict import Outcome, Reviewed, Status
from riskbot.report import authorship
from riskbot.report import document as doc
from riskbot.report import verdict as verdict_
from riskbot.report.building import build
from riskbot.report.escape import json_text


class _Record(Struct, kw_only=True, forbid_unknown_fields=True):
    """What the records of this format share."""


class ReportLine(_Record):
    """The first line: what follows."""

    schema: Annotated[str, Meta(description="The version of the report.")]
    riskbot: Annotated[str, Meta(description="The version of riskbot that wrote it.")]


class ChangeLine(_Record):
    """What was looked at; its commits and files follow, a line each."""

    repository: Annotated[str, Meta(description="The repository's name or address, without credentials.")]
    base: Annotated[str | None, Meta(description="The commit it starts from; null: none.")]
    head: Annotated[str | None, Meta(description="The commit it ends with; null: what is not committed.")]
    origin: Annotated[str, Meta(description="How the range was chosen, in a sentence.")]


class AssessmentLine(_Record):
    """How risky the change is; the reasons follow, a line each."""

    probability: Annotated[float, Meta(description="The calibrated probability of a defect, 0 to 1.")]
    percentile: Annotated[
        float, Meta(description="How many per cent of the reference score lower, 0 to 100.")
    ]
    band: Annotated[Band, Meta(description="How risky in a word: green, weekend, yellow, red.")]
    band_note: Annotated[str, Meta(description="Why the band is not the percentile's own; else empty.")]
    intercept: Annotated[float, Meta(description="Where the logit starts.")]
    logit: Annotated[float, Meta(description="Intercept plus all contributions.")]
    model: Annotated[doc.ModelEntry, Meta(description="Which model spoke.")]


class MetricsLine(_Record):
    """The past in numbers; the files' pasts follow, a line each. Left out where there is no history."""

    commits_walked: Annotated[int, Meta(description="How many commits of the past were read.")]
    metrics: Annotated[doc.MetricsEntry, Meta(description="The change metrics.")]


class AuthorshipLine(_Record):
    """Who or what wrote the change; the signs, commits, files and corrections follow, a line each."""

    status: Annotated[str, Meta(description="evaluated or not evaluated.")]
    note: Annotated[str, Meta(description="What the category means, in words.")]
    category: Annotated[str | None, Meta(description="The first category that holds; null: not evaluated.")]
    attested: Annotated[bool | None, Meta(description="Somebody other than the writer vouches for an agent.")]
    declared: Annotated[bool | None, Meta(description="The change says itself that an agent took part.")]
    assisted: Annotated[bool | None, Meta(description="A person took over a machine's suggestion.")]
    automation: Annotated[bool | None, Meta(description="A bot that is no language model took part.")]
    inferred: Annotated[bool | None, Meta(description="A guess from style; experimental, and no evidence.")]
    disclosed: Annotated[bool | None, Meta(description="Whether every commit of an agent says so.")]
    probability: Annotated[float | None, Meta(description="The greatest of the style's; null: none.")]
    tools: Annotated[tuple[str, ...], Meta(description="The tools of the signs that count, by name.")]
    share: Annotated[
        authorship.AuthoredShare | None, Meta(description="The agents' part; null: not counted.")
    ]
    notes: Annotated[tuple[str, ...], Meta(description="What was not looked at.")]


class ClauseLine(_Record):
    """One clause of the verdict's tree, parents first."""

    path: Annotated[tuple[str, ...], Meta(description="The names from the root down to this clause.")]
    status: Annotated[Status, Meta(description="What it came to.")]
    reason: Annotated[str, Meta(description="Why, in a sentence.")]
    evidence: Annotated[tuple[str, ...], Meta(description="What that rests on.")]
    could: Annotated[tuple[str, ...], Meta(description="Who could satisfy it by approving.")]


class VerdictLine(_Record):
    """The last line: what the policy says."""

    outcome: Annotated[Outcome, Meta(description="allowed, held or undecided.")]
    awaits: Annotated[bool, Meta(description="Held, and only until people approve.")]
    exit_code: Annotated[int, Meta(description="What the command ends with.")]
    policy: Annotated[verdict_.PolicyEntry, Meta(description="Which policy spoke.")]
    accountable: Annotated[tuple[str, ...], Meta(description="Who answers for the change.")]
    unlocking: Annotated[
        tuple[tuple[str, ...], ...],
        Meta(description="The smallest sets of people whose approval would allow it."),
    ]
    unlocking_note: Annotated[str, Meta(description="Why there is none, or that there are more; or empty.")]


#: Every kind of line and the type of its fields.
KINDS: dict[str, type[Struct]] = {
    "report": ReportLine,
    "change": ChangeLine,
    "commit": doc.CommitEntry,
    "file": doc.FileEntry,
    "finding": doc.FindingEntry,
    "assessment": AssessmentLine,
    "factor": doc.FactorEntry,
    "hunk": doc.HunkEntry,
    "gate": doc.GateEntry,
    "dimension": doc.DimensionEntry,
    "failure": doc.FailureEntry,
    "omission": doc.OmissionEntry,
    "history": MetricsLine,
    "file-history": doc.FileHistoryEntry,
    "authorship": AuthorshipLine,
    "authorship-sign": authorship.AuthoredSign,
    "authored-commit": authorship.AuthoredCommit,
    "authored-file": authorship.AuthoredFile,
    "correction": authorship.CorrectionEntry,
    "clause": ClauseLine,
    "block": verdict_.NoteEntry,
    "flag": verdict_.NoteEntry,
    "interested": verdict_.InterestEntry,
    "opinion": verdict_.OpinionEntry,
    "suggested": verdict_.SuggestionEntry,
    "obligation": verdict_.ObligationEntry,
    "verdict": VerdictLine,
}


def render(verdict: Reviewed) -> str:
    """Write the records, one a line."""
    encode = msgspec.json.Encoder().encode
    lines = (
        encode({"kind": kind} | structs.asdict(record)).decode() for kind, record in records(build(verdict))
    )
    return "".join(json_text(line) + "\n" for line in lines)


def records(report: doc.Report) -> Iterator[tuple[str, Struct]]:
    """Take a report apart into its records, in the order of the format."""
    assessment = report.assessment
    yield "report", _narrow(ReportLine, report)
    yield "change", _narrow(ChangeLine, report.change)
    yield from _each("commit", report.change.commits)
    yield from _each("file", report.change.files)
    yield from _each("finding", report.findings)
    yield "assessment", _narrow(AssessmentLine, assessment)
    yield from _each("factor", assessment.factors)
    yield from _each("hunk", assessment.hunks)
    yield from _each("gate", assessment.gates)
    yield from _each("dimension", assessment.dimensions)
    yield from _each("failure", assessment.failures)
    yield from _each("omission", assessment.omissions)
    if assessment.history is not None:
        yield "history", _narrow(MetricsLine, assessment.history)
        yield from _each("file-history", assessment.history.files)
    yield "authorship", _narrow(AuthorshipLine, report.authorship)
    yield from _each("authorship-sign", report.authorship.evidence)
    yield from _each("authored-commit", report.authorship.commits)
    yield from _each("authored-file", report.authorship.files)
    yield from _each("correction", report.authorship.corrections)
    yield from _each("clause", _clauses(report.verdict.clauses, ()))
    yield from _each("block", report.verdict.blocks)
    yield from _each("flag", report.verdict.flags)
    yield from _each("interested", report.verdict.interested)
    yield from _each("opinion", report.verdict.opinions)
    yield from _each("suggested", report.verdict.suggested)
    yield from _each("obligation", report.verdict.obligations)
    yield "verdict", _narrow(VerdictLine, report.verdict)


def _each(kind: str, entries: Iterable[Struct]) -> Iterator[tuple[str, Struct]]:
    return ((kind, entry) for entry in entries)


def _narrow(to: type[Struct], whole: Struct) -> Struct:
    return to(**{name: getattr(whole, name) for name in to.__struct_fields__})


def _clauses(clause: verdict_.ClauseEntry, above: tuple[str, ...]) -> Iterator[ClauseLine]:
    path = (*above, clause.name)
    yield ClauseLine(
        path=path,
        status=clause.status,
        reason=clause.reason,
        evidence=clause.evidence,
        could=clause.could,
    )
    for below in clause.clauses:
        yield from _clauses(below, path)


def schema() -> dict[str, Any]:
    """Describe one line as JSON schema (draft 2020-12)."""
    _, definitions = msgspec.json.schema_components(KINDS.values(), ref_template="#/$defs/{name}")
    lines = {record.__name__ for record in KINDS.values()}
    kinds = {}
    for kind, record in KINDS.items():
        described = definitions[record.__name__]
        kinds[kind] = described | {
            "properties": {
                "kind": {"const": kind, "description": "What this line is."},
                **described["properties"],
            },
            "required": ["kind", *described["required"]],
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"One line of the jsonl report of riskbot check, {doc.SCHEMA}",
        "oneOf": list(kinds.values()),
        "$defs": {name: one for name, one in definitions.items() if name not in lines},
    }
