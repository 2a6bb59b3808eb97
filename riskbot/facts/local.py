"""Assessment -> Facts: what riskbot itself knows of a change, before a forge has said anything.

No reviews, no pushes, no accounts: they are not known here, and so they are null, not empty.
"""

from __future__ import annotations

from riskbot.domain.assessment import Assessment
from riskbot.domain.change import Actor, Commit
from riskbot.facts import document as doc
from riskbot.facts.paths import encode


def of(
    assessment: Assessment, texts: tuple[doc.Text, ...] = (), directory: doc.Directory | None = None
) -> doc.Facts:
    """Write down what the assessment knows.

    ``texts`` are the governing files at the base, ``directory`` who is who, where somebody wrote that down.
    """
    change = assessment.change
    return doc.Facts(
        schema=doc.SCHEMA,
        repository=change.repository,
        change=doc.Change(
            base=change.base,
            head=change.head,
            files=tuple(
                doc.File(
                    status=file.status,
                    old_path=None if file.old_path is None else encode(file.old_path),
                    new_path=None if file.new_path is None else encode(file.new_path),
                    old_mode=file.old_mode,
                    new_mode=file.new_mode,
                    added=file.added,
                    removed=file.removed,
                )
                for file in change.files
            ),
            commits=tuple(_commit(commit) for commit in change.commits),
        ),
        accounts=None if directory is None else directory.accounts,
        teams=None if directory is None else directory.teams,
        assessment=assessed(assessment),
        texts=texts,
    )


def assessed(assessment: Assessment) -> doc.Assessment:
    """Write down what policies may ask of the assessment."""
    return doc.Assessment(
        band=assessment.band,
        percentile=assessment.percentile,
        band_note=assessment.band_note,
        findings=tuple(
            doc.Finding(
                rule=finding.rule,
                severity=finding.severity,
                confidence=finding.confidence,
                category=finding.category,
                path=encode(finding.location.path),
                line=finding.location.line,
                introduced=finding.introduced,
                on_changed_lines=finding.on_changed_line,
                suppressed_by=finding.suppressed_by,
                fingerprint=finding.fingerprint,
            )
            for finding in assessment.findings
        ),
        omissions=tuple(
            doc.Omission(
                kind=one.kind,
                step=one.step,
                reason=one.reason,
                path=None if one.path is None else encode(one.path),
            )
            for one in assessment.omissions
        ),
        failures=tuple(doc.Failure(step=one.step, reason=one.reason) for one in assessment.failures),
    )


def _commit(commit: Commit) -> doc.Commit:
    return doc.Commit(
        id=commit.id,
        parents=commit.parents,
        tree=commit.tree,
        author=_signature(commit.author),
        committer=_signature(commit.committer),
        message=commit.message,
    )


def _signature(actor: Actor) -> doc.Signature:
    return doc.Signature(name=actor.name, email=actor.email)
