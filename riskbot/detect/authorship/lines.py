"""Line-level attribution of one commit: a note of git-ai laid over the lines that the commit adds. Pure.

An agent wrote the added lines that the note gives to a session or prompt; a person is on record for those
that it gives to a known human; the rest is untracked, which is not human. A note speaks of the whole file as
its commit left it, so what it says of lines that the commit did not add is older and counts for nothing here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from riskbot.detect.authorship import notes
from riskbot.detect.authorship.notes import Entry
from riskbot.domain.authorship import FileAuthorship, Kind, Share, Sign, Span, Tier
from riskbot.domain.change import FileDiff
from riskbot.domain.generated import is_generated

CHANNEL: Final = "notes"
SIGNATURE: Final = "git-ai-note"
CONFIDENCE: Final = 0.95
"""Not measured: a note is written by the tool itself, and by whoever else may push notes."""
FIXTURES: Final = frozenset(["mock_ai"])
"""Names under which git-ai's own tests write notes: no tool stands behind them."""
_MAX_SIGNS: Final = 20

Author = tuple[Kind | None, str, str]
"""Kind (None: a known person), tool and model."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """What a note says of a commit.

    ``signs``: one for each tool and model that wrote added lines, most lines first; they count where at least
    one line is in a file that somebody writes (see :func:`riskbot.domain.generated.is_generated`). ``files``:
    those of the commit that the note speaks of, in the commit's numbers. ``share``: of the added lines,
    without generated files; None where there are none, or the lines are not known. ``omitted``: what could
    not be read, in words.
    """

    signs: tuple[Sign, ...] = ()
    files: tuple[FileAuthorship, ...] = ()
    share: Share | None = None
    omitted: tuple[str, ...] = ()


def attribution(commit_id: str, note: bytes, patch: Sequence[FileDiff] | None) -> Attribution:
    """Lay the note of the commit ``commit_id`` over ``patch``, its diff against its one parent.

    ``patch`` None: the commit is a merge, or its diff was not read; then the note's signs are shown and do
    not count. Never raises for what a note holds.
    """
    read = notes.parse(note)
    if read.error:
        return Attribution(omitted=(f"the authorship note of {commit_id[:12]} was not read: {read.error}",))
    omitted = tuple(f"the authorship note of {commit_id[:12]} has {problem}" for problem in read.problems)
    if patch is None:
        return _unchecked(commit_id, read.entries, omitted)
    by_path: dict[str, list[Entry]] = {}
    for entry in read.entries:
        by_path.setdefault(entry.path, []).append(entry)
    files, written, generated = [], Counter[Author](), Counter[Author]()
    counted = agent = human = 0
    for file in patch:
        counts = not is_generated(file.path)
        counted += file.added if counts else 0
        if file.new_path is None or file.new_path not in by_path:
            continue
        added = sorted(file.added_lines())
        owners = owned(added, by_path[file.new_path])
        (written if counts else generated).update(owners.values())
        owners = {line: author for line, author in owners.items() if author[1] not in FIXTURES}
        people = sum(kind is None for kind, _, _ in owners.values())
        human += people if counts else 0
        agent += len(owners) - people if counts else 0
        runs = tuple(spans(owners))
        files.append(FileAuthorship(file.new_path, len(added), len(owners) - people, people, runs, commit_id))
    share = Share(agent / counted, (counted - human) / counted, counted) if counted else None
    signs = _signs(commit_id, written, counted) or _signs(commit_id, generated, 0)
    return Attribution(signs, tuple(files), share, omitted)


def owned(added: Sequence[int], entries: Iterable[Entry]) -> dict[int, Author]:
    """Say who wrote which of the lines ``added`` (sorted), by number; untracked ones are left out.

    Where entries overlap, the later one holds, and an agent's before a person's. Linear in lines and ranges,
    however they overlap.
    """
    ahead = list(range(len(added) + 1))  # where the next line without an owner may be, by position
    owners: dict[int, Author] = {}
    reverse = list(entries)[::-1]
    for entry in [one for one in reverse if one.kind is not None] + [
        one for one in reverse if one.kind is None
    ]:
        author = (entry.kind, entry.tool, entry.model)
        for start, end in entry.ranges:
            at = _free(ahead, bisect_left(added, start))
            while at < len(added) and added[at] <= end:
                owners[added[at]] = author
                ahead[at] = at + 1
                at = _free(ahead, at)
    return owners


def _free(ahead: list[int], at: int) -> int:
    """Give the first position from ``at`` on without an owner, and shorten the way there."""
    root = at
    while ahead[root] != root:
        root = ahead[root]
    while ahead[at] != root and at != root:
        ahead[at], at = root, ahead[at]
    return root


def spans(owners: dict[int, Author]) -> Iterator[Span]:
    """Join neighbouring lines of one author, in the order of the file."""
    numbered = enumerate(sorted(owners.items()))
    for _, run in groupby(numbered, key=lambda one: (one[1][0] - one[0], one[1][1])):
        lines = [line for _, (line, _) in run]
        kind, tool, model = owners[lines[0]]
        yield Span(lines[0], lines[-1], kind, tool, model)


def _signs(commit_id: str, written: Counter[Author], counted: int) -> tuple[Sign, ...]:
    """Make a sign for each tool and model; ``counted``: added lines in all, 0 for generated files."""
    signs = []
    for (kind, tool, model), lines in written.most_common(_MAX_SIGNS):
        if kind is None:
            continue
        said = f"{lines:,} of {counted:,} added lines" if counted else f"{lines:,} lines of generated files"
        fixture = tool in FIXTURES
        note = "a name that only tests write" if fixture else "" if counted else "only in generated files"
        signs.append(_sign(commit_id, tool, model, said, note))
    return tuple(signs)


def _unchecked(commit_id: str, entries: Iterable[Entry], omitted: tuple[str, ...]) -> Attribution:
    """Show what a note says whose lines cannot be looked up."""
    authors = dict.fromkeys((one.tool, one.model) for one in entries if one.kind is not None)
    note = "a merge, or a commit whose own diff was not read: its lines are not known"
    return Attribution(
        tuple(
            _sign(commit_id, tool, model, "lines that were not looked up", note)
            for tool, model in list(authors)[:_MAX_SIGNS]
        ),
        omitted=omitted,
    )


def _sign(commit_id: str, tool: str, model: str, said: str, note: str) -> Sign:
    """Make a sign; one with a ``note`` on what is wrong with it does not count."""
    who = ", ".join(part for part in (tool, model) if part) or "an agent"
    return Sign(
        Kind.AGENT,
        Tier.A,
        CHANNEL,
        f"{who}: {said}"[:200],
        tool=tool,
        model=model,
        signature=SIGNATURE,
        confidence=CONFIDENCE,
        counts=not note,
        commit=commit_id,
        note=note,
    )
