"""What is known of a whole change: its commits, the pull request, and the bounds of an agent's share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from riskbot.detect.authorship import corrections
from riskbot.detect.authorship.catalogue import Catalogue
from riskbot.detect.authorship.commits import Beside, Style, counting, judge
from riskbot.detect.authorship.proposal import proposal_signs
from riskbot.detect.authorship.traced import Traced, at_head, traced
from riskbot.domain.authorship import (
    Authorship,
    Category,
    CommitAuthorship,
    Correction,
    Kind,
    Share,
    Sign,
    Tier,
)
from riskbot.domain.change import Change, Commit, FileDiff, OmissionKind, Provenance
from riskbot.domain.generated import is_generated

AGENTS = frozenset({Category.ATTESTED, Category.MIXED, Category.DECLARED})
"""Categories of a commit that bears an agent's signs."""

_NOTHING = Provenance()


def authorship(
    change: Change, catalogue: Catalogue, *, weak: bool = False, style: Style | None = None
) -> Authorship:
    """Say what is known of a change. ``weak``: signs of tier C count too; ``style`` guesses where given."""
    beside = change.provenance or _NOTHING
    commits = _commits(change, catalogue, weak=weak, style=style)
    trace = traced(change)
    around = (
        *proposal_signs(beside.branch, beside.proposal, beside.configs, catalogue, weak=weak),
        *trace.signs,
    )
    every = (*around, *(sign for one in commits for sign in one.signs))
    written = [one for one, commit in zip(commits, change.commits, strict=True) if _writes(one, commit)]
    looked = bool(commits)

    def some(kind: Kind, *tiers: Tier) -> bool | None:
        return counting(every, kind, *tiers) or (False if looked else None)

    attested = some(Kind.AGENT, Tier.A)
    files = tuple(file for one in commits for file in one.files)
    share = _traced(_share(written), trace)
    return Authorship(
        category=_category(written, around, share),
        attested=None if attested is False and change.provenance is None else attested,
        declared=some(Kind.AGENT, Tier.B, Tier.C),
        assisted=some(Kind.ASSISTED),
        automation=some(Kind.AUTOMATION),
        inferred=_inferred(commits) if style is not None else None,
        disclosed=_disclosed(written, around),
        probability=max((one.probability for one in commits if one.probability is not None), default=None),
        tools=tuple(sorted({sign.tool for sign in every if sign.counts and sign.tool})),
        share=share,
        signs=around,
        commits=commits,
        files=(*files, *at_head(change, files), *trace.files),
        notes=(*_notes(change), *_unread(beside, trace)),
    )


def _commits(
    change: Change, catalogue: Catalogue, *, weak: bool, style: Style | None
) -> tuple[CommitAuthorship, ...]:
    """Judge every commit with what lies beside it."""
    told = change.provenance or _NOTHING
    notes, patches, verified = dict(told.notes or ()), dict(told.patches), dict(told.verified)
    lines = dict(told.lines)
    contested = _corrections(told)
    found = []
    for commit in change.commits:
        added = lines.get(commit.id)
        beside = Beside(
            note=notes.get(commit.id),
            patch=patches.get(commit.id) or (_own(change, commit) if style is not None else None),
            verified=verified.get(commit.id, ""),
            added=None if added is None else sum(n for path, n in added if not is_generated(path)),
            corrections=contested.get(commit.id, ()),
        )
        found.append(judge(commit, catalogue, beside=beside, weak=weak, style=style))
    return tuple(found)


def _own(change: Change, commit: Commit) -> tuple[FileDiff, ...] | None:
    """Give the diff of the one commit that a change is made of: that of the change itself."""
    return change.files if len(change.commits) == 1 and commit.id == change.head else None


def _corrections(told: Provenance) -> dict[str, tuple[Correction, ...]]:
    return {commit: corrections.parse(commit, note).corrections for commit, note in told.corrections or ()}


def _writes(one: CommitAuthorship, commit: Commit) -> bool:
    """Say whether a commit adds to the change: a merge that bears no sign only brings others together."""
    return len(commit.parents) < 2 or one.category in AGENTS


def _category(written: Sequence[CommitAuthorship], around: tuple[Sign, ...], share: Share | None) -> Category:
    """Pick the first category that holds; attested and declared where all commits are so."""
    found = {one.category for one in written}
    if found & AGENTS:
        if Category.MIXED in found or not found <= AGENTS:
            return Category.MIXED
        return Category.ATTESTED if found == {Category.ATTESTED} else Category.DECLARED
    if counting(around, Kind.AGENT):
        if share is not None and 0 < share.low < 1:
            return Category.MIXED
        return Category.ATTESTED if counting(around, Kind.AGENT, Tier.A) else Category.DECLARED
    for kind, category in ((Kind.ASSISTED, Category.ASSISTED), (Kind.AUTOMATION, Category.AUTOMATION)):
        if category in found or counting(around, kind):
            return category
    if Category.INFERRED in found:
        return Category.INFERRED
    return Category.UNKNOWN if not written or Category.UNKNOWN in found else Category.NONE


def _inferred(commits: Sequence[CommitAuthorship]) -> bool | None:
    """Say whether style was flagged anywhere; None where it abstained from every commit."""
    if any(sign.channel == "style" for one in commits for sign in one.signs):
        return True
    return False if any(one.probability is not None for one in commits) else None


def _disclosed(written: Sequence[CommitAuthorship], around: tuple[Sign, ...]) -> bool | None:
    """Say whether the commits say so themselves; what only the pull request bears, some commit must say."""
    agents = [one for one in written if one.category in AGENTS]
    if agents:
        return all(one.disclosed for one in agents)
    return any(one.disclosed for one in written) if counting(around, Kind.AGENT) else None


def _share(written: Sequence[CommitAuthorship]) -> Share | None:
    """Add up the commits' bounds, weighted by their lines; None where one of them is not known."""
    parts = [one.share for one in written]
    lines = sum(part.lines for part in parts if part is not None)
    if not lines or any(part is None for part in parts):
        return None
    low = sum(part.low * part.lines for part in parts if part is not None) / lines
    high = sum(part.high * part.lines for part in parts if part is not None) / lines
    return Share(min(low, 1.0), min(high, 1.0), lines)


def _traced(share: Share | None, trace: Traced) -> Share | None:
    """Raise the lower bound to what traces attest line by line, where that is more."""
    agent = sum(file.agent for file in trace.files if not is_generated(file.path))
    if share is None or not agent:
        return share
    low = max(share.low, min(agent / share.lines, 1.0))
    return Share(low, max(low, share.high), share.lines)


def _unread(told: Provenance, trace: Traced) -> Iterator[str]:
    """Say what lies beside the commits and could not be read."""
    yield from told.omitted
    yield from trace.omitted
    for commit, note in told.corrections or ():
        yield from corrections.parse(commit, note).problems


def _notes(change: Change) -> tuple[str, ...]:
    """Say what was not looked at, each in a sentence."""
    told = change.provenance
    found = []
    if not change.commits:
        found.append("There are no commits to look at, so nobody could say who wrote it.")
    elif change.head is None:
        found.append("What is not committed yet bears no signs.")
    if told is None:
        found.append("What lies beside the commits was not read: git notes, the branch, the pull request.")
    else:
        if told.notes is None and change.commits:
            found.append(
                "There are no git notes of line-level attribution here; if the remote has them, fetch them:"
                " git fetch origin '+refs/notes/ai:refs/notes/ai'."
            )
        if told.branch is None:
            found.append("The branch is not known.")
        if told.proposal is None:
            found.append("What the pull request says, and who opened it, is not known.")
    if any(omission.kind is OmissionKind.SHALLOW_HISTORY for omission in change.omissions):
        found.append("The clone is shallow, so commits of the change may be missing.")
    return tuple(found)
