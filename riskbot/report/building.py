"""Fill the types of :mod:`riskbot.report.document` from a verdict, one small function a type."""

from __future__ import annotations

from dataclasses import asdict

from riskbot import __version__
from riskbot.domain.assessment import Assessment, Dimension, Factor, HunkRisk
from riskbot.domain.change import Actor, Change, Commit, FileDiff, FileHistory, History, Omission
from riskbot.domain.finding import Evidence, Finding, Location
from riskbot.domain.verdict import Reviewed
from riskbot.report import authorship, reading, ruled
from riskbot.report import document as doc
from riskbot.report.escape import path, prose, public


def build(verdict: Reviewed) -> doc.Report:
    """Make the whole document."""
    assessment = verdict.assessment
    return doc.Report(
        schema=doc.SCHEMA,
        riskbot=__version__,
        change=change(assessment.change),
        findings=tuple(finding(each) for each in assessment.findings),
        assessment=assess(assessment),
        authorship=authorship.entry(assessment.authorship),
        verdict=ruled.entry(verdict),
    )


def change(told: Change) -> doc.ChangeEntry:
    """Write what was looked at; credentials in addresses are dropped."""
    return doc.ChangeEntry(
        repository=prose(public(told.repository)),
        base=told.base,
        head=told.head,
        origin=prose(public(told.origin)),
        commits=tuple(commit(each) for each in told.commits),
        files=tuple(file(each) for each in told.files),
    )


def commit(told: Commit) -> doc.CommitEntry:
    """Write one commit."""
    return doc.CommitEntry(
        id=told.id,
        parents=told.parents,
        author=_person(told.author),
        committer=_person(told.committer),
        authored_at=told.authored_at,
        committed_at=told.committed_at,
        message=prose(told.message),
    )


def _person(told: Actor) -> doc.Person:
    return doc.Person(name=prose(told.name), email=prose(told.email))


def file(told: FileDiff) -> doc.FileEntry:
    """Write one file."""
    return doc.FileEntry(
        status=told.status,
        path=path(told.path),
        old_path=None if told.old_path is None else path(told.old_path),
        old_mode=told.old_mode,
        new_mode=told.new_mode,
        added=told.added,
        removed=told.removed,
        binary=told.binary,
    )


def finding(told: Finding) -> doc.FindingEntry:
    """Write one finding with all its marks."""
    where = _place(told.location)
    return doc.FindingEntry(
        rule=prose(told.rule),
        detector=prose(told.detector),
        severity=told.severity,
        confidence=told.confidence,
        category=told.category,
        file=where.file,
        line=where.line,
        end_line=where.end_line,
        side=where.side,
        message=prose(told.message),
        on_changed_line=told.on_changed_line,
        introduced=told.introduced,
        suppressed_by=None if told.suppressed_by is None else prose(told.suppressed_by),
        fingerprint=prose(told.fingerprint),
        evidence=tuple(_evidence(each) for each in told.evidence),
        flow=tuple(_evidence(each) for each in told.flow),
    )


def _evidence(told: Evidence) -> doc.EvidenceEntry:
    where = None if told.where is None else _place(told.where)
    return doc.EvidenceEntry(what=prose(told.what), where=where)


def _place(told: Location) -> doc.Place:
    line = told.line if told.line is not None and told.line >= 1 else None
    end = None if line is None or told.end_line is None else max(line, told.end_line)
    return doc.Place(file=path(told.path), line=line, end_line=end, side=told.side)


def assess(told: Assessment) -> doc.AssessmentEntry:
    """Write the score and everything it was made from."""
    history = told.change.history
    return doc.AssessmentEntry(
        probability=told.probability,
        percentile=told.percentile,
        band=told.band,
        band_note=prose(told.band_note),
        intercept=told.intercept,
        logit=reading.logit(told),
        factors=tuple(factor(each) for each in told.factors),
        hunks=tuple(hunk(each) for each in reading.riskiest(told.hunks)),
        dimensions=tuple(dimension(each) for each in told.dimensions),
        gates=tuple(doc.GateEntry(**asdict(each)) for each in told.gates),
        failures=tuple(
            doc.FailureEntry(step=prose(each.step), reason=prose(each.reason), detail=prose(each.detail))
            for each in told.failures
        ),
        omissions=tuple(omission(each) for each in reading.omissions(told)),
        model=doc.ModelEntry(**{name: prose(text) for name, text in asdict(told.model).items()}),
        history=None if history is None else _history(history),
    )


def factor(told: Factor) -> doc.FactorEntry:
    """Write one reason."""
    return doc.FactorEntry(
        name=prose(told.name),
        title=prose(told.title),
        value=told.value,
        contribution=told.contribution,
        note=prose(told.note),
        family=prose(told.family),
    )


def hunk(told: HunkRisk) -> doc.HunkEntry:
    """Write one hunk's part in the score."""
    return doc.HunkEntry(
        file=path(told.path),
        old_start=told.old_start,
        old_count=told.old_count,
        new_start=told.new_start,
        new_count=told.new_count,
        score=told.score,
        text=told.text,
    )


def dimension(told: Dimension) -> doc.DimensionEntry:
    """Write one kind of risk."""
    signs = (
        doc.SignEntry(
            level=each.level,
            what=prose(each.evidence.what),
            where=None if each.evidence.where is None else _place(each.evidence.where),
        )
        for each in told.signs
    )
    return doc.DimensionEntry(
        category=told.category,
        level=told.level,
        signs=tuple(signs),
        count=told.count,
        note=prose(told.note),
    )


def omission(told: Omission) -> doc.OmissionEntry:
    """Write one thing that was not analysed."""
    return doc.OmissionEntry(
        cause=told.kind,
        step=prose(told.step),
        reason=prose(told.reason),
        file=None if told.path is None else path(told.path),
    )


def _history(told: History) -> doc.HistoryEntry:
    return doc.HistoryEntry(
        commits_walked=told.commits_walked,
        metrics=doc.MetricsEntry(**asdict(told.metrics)),
        files=tuple(file_history(each) for each in told.files),
    )


def file_history(told: FileHistory) -> doc.FileHistoryEntry:
    """Write one file's past."""
    return doc.FileHistoryEntry(
        file=path(told.path),
        commits=told.commits,
        authors=tuple(
            doc.AuthorEntry(author=prose(each.author), commits=each.commits, added=each.added)
            for each in told.authors
        ),
        owner_share=told.owner_share,
        fixes=told.fixes,
        recent_commits=told.recent_commits,
        first_changed_at=told.first_changed_at,
        last_changed_at=told.last_changed_at,
        churn_added=told.churn_added,
        churn_removed=told.churn_removed,
    )
