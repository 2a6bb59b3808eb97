"""Assessment -> Facts: what riskbot itself knows of a change, before a forge has said anything.

No reviews, no pushes, no signatures: they are not known here, and so they are null, not empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from riskbot.domain.assessment import Assessment
from riskbot.domain.change import Actor, Commit, FileStatus
from riskbot.facts import document as doc
from riskbot.facts.authored import authored
from riskbot.facts.paths import encode
from riskbot.facts.plain import time, words


@dataclass(frozen=True, slots=True)
class Known:
    """What the repository says beside the assessment.

    ``texts`` are the governing files at the base, ``directory`` who is who, where somebody wrote that down;
    ``recomputed`` the trees of merges done again, by commit; ``recent`` who lately wrote the touched lines,
    by the file's old path.
    """

    texts: tuple[doc.Text, ...] = ()
    directory: doc.Directory | None = None
    recomputed: Mapping[str, str] = field(default_factory=dict)
    recent: Mapping[str, tuple[doc.RecentAuthor, ...]] = field(default_factory=dict)


def of(assessment: Assessment, known: Known = Known()) -> doc.Facts:
    """Write down what the assessment and the repository know."""
    change, directory = assessment.change, known.directory
    # A bare diff has no ends, and who made it stands nowhere; a working tree on a commit has no commits yet.
    anonymous = change.base is None and change.head is None
    return doc.Facts(
        schema=doc.SCHEMA,
        repository=words(change.repository),
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
                    recent_authors=known.recent.get(file.old_path or "", ())
                    if file.status is not FileStatus.COPIED
                    else (),
                )
                for file in change.files
            ),
            commits=None if anonymous else tuple(_commit(one, known.recomputed) for one in change.commits),
            heads=tuple(
                doc.Head(commit=commit.id, tree=commit.tree, merge_base=change.base)
                for commit in change.commits
                if commit.id == change.head
            ),
        ),
        accounts=None if directory is None else directory.accounts,
        teams=None if directory is None else directory.teams,
        assessment=assessed(assessment),
        texts=known.texts,
    )


def assessed(assessment: Assessment) -> doc.Assessment:
    """Write down what policies may ask of the assessment."""
    return doc.Assessment(
        band=assessment.band,
        percentile=assessment.percentile,
        band_note=words(assessment.band_note),
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
                suppressed_by=None if finding.suppressed_by is None else words(finding.suppressed_by),
                fingerprint=finding.fingerprint,
            )
            for finding in assessment.findings
        ),
        omissions=tuple(
            doc.Omission(
                kind=one.kind,
                step=one.step,
                reason=words(one.reason),
                path=None if one.path is None else encode(one.path),
            )
            for one in assessment.omissions
        ),
        failures=tuple(doc.Failure(step=one.step, reason=words(one.reason)) for one in assessment.failures),
        authorship=None
        if assessment.authorship is None
        else authored(assessment.authorship, assessment.change),
    )


def _commit(commit: Commit, recomputed: Mapping[str, str]) -> doc.Commit:
    return doc.Commit(
        id=commit.id,
        parents=commit.parents,
        tree=commit.tree,
        author=_signature(commit.author, commit.authored_at),
        committer=_signature(commit.committer, commit.committed_at),
        message=commit.message,
        trailers=tuple(doc.Trailer(key=key, value=value) for key, value in commit.trailers),
        recomputed_tree=recomputed.get(commit.id),
    )


def _signature(actor: Actor, seconds: int) -> doc.Signature:
    return doc.Signature(name=actor.name, email=actor.email, at=time(seconds))
