"""What Agent Trace records say of a change: their ranges, checked against the head's lines. Pure.

See :mod:`riskbot.detect.authorship.traces` for what a record is worth.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from typing import Final

from riskbot.detect.authorship import traces
from riskbot.detect.authorship.hashed import Checker, readable
from riskbot.detect.authorship.lines import owned, spans
from riskbot.detect.authorship.notes import Entry
from riskbot.detect.authorship.traces import Claim
from riskbot.domain.authorship import FileAuthorship, Kind, Sign, Tier
from riskbot.domain.change import Change, FileDiff, Provenance
from riskbot.domain.generated import is_generated

CHANNEL: Final = "trace"
SIGNATURE: Final = "agent-trace"
CONFIDENCE: Final = 0.9
"""Not measured: the lines are those that the record means, and nobody vouches for the record."""
WEAK: Final = 0.5
"""Not measured either: whether the record means these lines cannot be told."""
_MAX_SIGNS: Final = 20
_MAX_STARTS: Final = 50


@dataclass(frozen=True, slots=True)
class Traced:
    """What the records say of a change.

    ``signs``: of the whole change, one for each file of records, tool and model. ``files``: those with
    checked ranges, in the head's numbers (``commit`` is None). ``omitted``: what was not read or checked, in
    words.
    """

    signs: tuple[Sign, ...] = ()
    files: tuple[FileAuthorship, ...] = ()
    omitted: tuple[str, ...] = ()


Who = tuple[str, str, str]
"""Tool, model and kind of contributor."""


@dataclass(slots=True)
class _Tally:
    """Added lines that check, and ranges that do not, by who is said to have written them."""

    sure: Counter[Who] = field(default_factory=Counter)
    weak: Counter[Who] = field(default_factory=Counter)


@dataclass(slots=True)
class _File:
    """One file of the change, with what is checked of it so far."""

    diff: FileDiff
    lines: list[bytes] = field(default_factory=list)
    added: list[int] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    starts: tuple[int, ...] = ()

    @classmethod
    def of(cls, diff: FileDiff) -> _File:
        added = sorted(diff.added_lines())
        runs = groupby(enumerate(added), key=lambda one: one[1] - one[0])
        starts = tuple(next(run)[1] for _, run in islice(runs, _MAX_STARTS))
        return cls(diff, (diff.new or b"").splitlines(keepends=True), added, starts=starts)


def traced(change: Change) -> Traced:
    """Lay the head's Agent Trace records over the change's added lines; never raises for what they hold.

    A range is looked for where it stands, and where each of the first 50 runs of added lines begins.
    """
    told = change.provenance or Provenance()
    if not told.traces:
        return Traced()
    files = {one.new_path: _File.of(one) for one in change.files if one.new_path is not None and one.added}
    parents = {name for commit in change.commits for name in commit.parents}
    checker = Checker()
    signs, omitted = list[Sign](), list[str]()
    for path, blob in told.traces:
        read = traces.parse(blob)
        omitted += [f"{path} has {problem}" for problem in read.problems]
        about = [claim for claim in read.claims if claim.path in files]
        tally = _Tally()
        for claim in about:
            file = files[claim.path]
            _take(claim, file, _found(claim, file, checker), parents, tally)
        signs += _signs(path, tally)
    if checker.left < 0:
        omitted.append("not all ranges of traces were checked: they are over the limit")
    return Traced(tuple(signs[:_MAX_SIGNS]), _attributed(files.values()), tuple(omitted))


def _take(claim: Claim, file: _File, start: int | None, parents: set[str], tally: _Tally) -> None:
    """Count the added lines of a range that checks at ``start``, or the range itself where it does not."""
    who = (claim.tool, claim.model, claim.contributor)
    if start is not None:
        end = start + claim.end - claim.start
        lines = bisect_right(file.added, end) - bisect_left(file.added, start)
        if claim.contributor == "ai":
            file.entries.append(Entry(claim.path, Kind.AGENT, ((start, end),), claim.tool, claim.model))
        elif claim.contributor == "human":
            file.entries.append(Entry(claim.path, None, ((start, end),)))
        if lines and claim.contributor != "human" and not is_generated(claim.path):
            tally.sure[who] += lines
    elif claim.contributor != "human" and claim.revision in parents:
        tally.weak[who] += 1


def _found(claim: Claim, file: _File, checker: Checker) -> int | None:
    """Give the first line of the head that the claim's hash fits, None where there is none."""
    if not readable(claim.content_hash):
        return None
    length = claim.end - claim.start + 1
    for start in dict.fromkeys((claim.start, *file.starts)):
        if checker.left < 0:
            return None
        lines = file.lines[start - 1 : start - 1 + length]
        if len(lines) == length and checker.fits(lines, claim.content_hash):
            return start
    return None


def _signs(path: str, tally: _Tally) -> list[Sign]:
    signs = []
    for (tool, model, contributor), lines in tally.sure.most_common():
        who = _who(tool, model)
        sign = _sign(path, tool, model, f"{who}: {lines:,} added lines")
        signs.append(
            replace(sign, note="with a person, as the record says") if contributor == "mixed" else sign
        )
    for (tool, model, _), ranges in tally.weak.most_common():
        said = f"{_who(tool, model)}: {ranges:,} ranges of files of the change"
        note = "a record of a parent commit, whose ranges cannot be checked"
        sign = _sign(path, tool, model, said)
        signs.append(replace(sign, tier=Tier.C, counts=False, confidence=WEAK, note=note))
    return signs


def _who(tool: str, model: str) -> str:
    return ", ".join(part for part in (tool, model) if part) or "an agent"


def _sign(path: str, tool: str, model: str, said: str) -> Sign:
    return Sign(
        Kind.AGENT,
        Tier.A,
        CHANNEL,
        said[:200],
        tool=tool,
        model=model,
        signature=SIGNATURE,
        confidence=CONFIDENCE,
        path=path,
    )


def _attributed(files: Iterable[_File]) -> tuple[FileAuthorship, ...]:
    found = []
    for file in files:
        owners = owned(file.added, file.entries)
        if owners:
            people = sum(kind is None for kind, _, _ in owners.values())
            runs = tuple(spans(owners))
            path = file.diff.path
            found.append(FileAuthorship(path, len(file.added), len(owners) - people, people, runs))
    return tuple(found)


def at_head(change: Change, files: Sequence[FileAuthorship]) -> tuple[FileAuthorship, ...]:
    """Say of commits' files where their lines are in the change's head, as far as that is sure.

    A file of a commit counts lines in the commit's own version. Where that version is the head's, blob by
    blob, the numbers are the head's, and its spans are given once more with ``commit`` None, cut down to the
    lines that the change adds. All other files are left out: what became of their lines is not known.
    """
    told = change.provenance or Provenance()
    heads = {one.new_path: one for one in change.files if one.new_path is not None}
    versions = {
        (commit, one.new_path): one.new_blob
        for commit, patch in told.patches
        for one in patch
        if one.new_path
    }
    found: dict[str, FileAuthorship] = {}
    for one in files:
        head = heads.get(one.path)
        blob = versions.get((one.commit or "", one.path))
        if head is None or blob is None or blob != head.new_blob or one.path in found:
            continue
        added = sorted(head.added_lines())
        entries = [
            Entry(one.path, span.kind, ((span.start, span.end),), span.tool, span.model) for span in one.spans
        ]
        owners = owned(added, entries)
        people = sum(kind is None for kind, _, _ in owners.values())
        runs = tuple(spans(owners))
        found[one.path] = FileAuthorship(one.path, len(added), len(owners) - people, people, runs)
    return tuple(found.values())
