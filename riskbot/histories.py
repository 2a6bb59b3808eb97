"""Who wrote the commits of a history: read as a stream, judged one by one, counted as they pass.

A commit needs nothing but itself for its signs, so that a whole history is judged in one walk and in memory
that does not grow with it. What lies beside the commits (git notes, signatures) is looked up for those that
have it, a batch at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from riskbot.detect.authorship.catalogue import Catalogue
from riskbot.detect.authorship.commits import NOTHING, Beside, judge, share_of
from riskbot.domain.authorship import Category, CommitAuthorship
from riskbot.domain.change import Charter, Commit
from riskbot.domain.errors import EvaluationError
from riskbot.domain.generated import is_generated
from riskbot.gather import notes, signers
from riskbot.gather.limits import Limits
from riskbot.gather.stream import Streamed
from riskbot.outside.git import Git
from riskbot.outside.gitobjects import objects

_COUNTED = frozenset({Category.ATTESTED, Category.DECLARED, Category.AUTOMATION})
"""Categories whose share is known once the lines are counted; a share of 0 to 1 would say nothing."""
_NO_NOTE = "Its note of line-level attribution is not here, or over the limit."
_NO_DIFF = "Its diff, which its note speaks of, is not here, or over the limit."


@dataclass(frozen=True, slots=True)
class Judged:
    """One commit and what is known of it; ``commit`` is None where it could not be read."""

    authorship: CommitAuthorship
    commit: Commit | None

    @property
    def committed_at(self) -> int | None:
        """When it was committed, in seconds since the epoch."""
        return None if self.commit is None else self.commit.committed_at


@dataclass(slots=True)
class Tally:
    """Commits counted as they pass."""

    commits: int = 0
    contested: int = 0
    categories: Counter[Category] = field(default_factory=Counter)
    tools: Counter[str] = field(default_factory=Counter)

    def add(self, one: CommitAuthorship) -> None:
        """Count one commit."""
        self.commits += 1
        self.contested += bool(one.corrections)
        self.categories[one.category] += 1
        if one.tool:
            self.tools[one.tool] += 1


class Surroundings:
    """What lies beside commits: notes, corrections, signatures by listed keys; with ``lines`` their lines.

    The lists of notes are read once; ``charter`` is the base's, whose keys count.
    """

    def __init__(self, git: Git, charter: Charter, limits: Limits, *, lines: bool = False) -> None:
        self._git, self._charter, self._limits, self._lines = git, charter, limits, lines
        asked = "--format=%(objectname) %(refname)"
        said = git.ask("for-each-ref", asked, notes.ATTRIBUTION, notes.CORRECTIONS)
        tips = {ref: tip for tip, ref in (line.split() for line in said.decode().splitlines())}
        self._notes = self._listed(tips.get(notes.ATTRIBUTION))
        self._corrections = self._listed(tips.get(notes.CORRECTIONS))
        self._keys = charter.text(signers.PATH) is not None

    def _listed(self, tip: str | None) -> dict[str, str]:
        return {} if tip is None else dict(notes.every(self._git, tip))

    def of(self, commits: Sequence[Commit]) -> Mapping[str, Beside]:
        """Say what lies beside each of the commits, by id; those beside which nothing lies are left out."""
        noted = [one for one in commits if one.id in self._notes]
        contested = [one for one in commits if one.id in self._corrections]
        found: dict[str, Beside] = {}
        if noted:
            self._attributed(noted, found)
        if contested:
            self._contested(contested, found)
        if self._keys:
            self._signed(commits, found)
        return found

    def _attributed(self, commits: Sequence[Commit], found: dict[str, Beside]) -> None:
        """Read the notes of commits, and the diffs that they speak of."""
        from riskbot.gather import noted

        texts: dict[str, bytes] = {}
        total = 0
        blobs = [self._notes[one.id] for one in commits]
        for one, note in zip(commits, notes.contents(self._git, blobs), strict=True):
            total += 0 if note is None else len(note)
            if note is not None and total <= notes.MAX_TOTAL:
                texts[one.id] = note
        patches = dict(noted.patches(self._git, commits, texts.items(), self._limits, []))
        for one in commits:
            missing = "" if one.id in texts else _NO_NOTE
            if not missing and len(one.parents) < 2 and one.id not in patches:
                missing = _NO_DIFF
            found[one.id] = Beside(note=texts.get(one.id), patch=patches.get(one.id), missing=missing)

    def _contested(self, commits: Sequence[Commit], found: dict[str, Beside]) -> None:
        """Read what people put on record about commits."""
        from riskbot.detect.authorship import corrections

        blobs = [self._corrections[one.id] for one in commits]
        for one, note in zip(commits, notes.contents(self._git, blobs), strict=True):
            if note is not None:
                said = corrections.parse(one.id, note).corrections
                found[one.id] = replace(found.get(one.id, NOTHING), corrections=said)

    def _signed(self, commits: Sequence[Commit], found: dict[str, Beside]) -> None:
        omitted: list[str] = []
        with objects(self._git, notes.MAX_BYTES) as reader:
            ids = [one.id for one in commits]
            for name, owner in signers.verified(self._git, reader, self._charter, ids, omitted):
                found[name] = replace(found.get(name, NOTHING), verified=owner)

    def counted(self, judged: Sequence[Judged]) -> list[Judged]:
        """Fill in how many lines commits add, where that tells a share; without ``lines`` take files out."""
        if not self._lines:
            return [_without_files(one) if one.authorship.files else one for one in judged]
        wanted = [
            one.authorship.commit
            for one in judged
            if one.commit is not None
            and one.authorship.share is None
            and one.authorship.category in _COUNTED
            and len(one.commit.parents) < 2
        ]
        added = _added(self._git, wanted, self._limits) if wanted else {}
        return [
            replace(one, authorship=_shared(one.authorship, added)) if one.authorship.commit in added else one
            for one in judged
        ]


def judged(
    batches: Iterable[Sequence[Streamed]],
    catalogue: Catalogue,
    surroundings: Surroundings,
    *,
    weak: bool = False,
) -> Iterator[Judged]:
    """Say what is known of each commit, in the order given; what cannot be read is of category unknown."""
    for batch in batches:
        besides = surroundings.of([one.commit for one in batch if one.commit is not None])
        found = [_judged(one, catalogue, besides, weak=weak) for one in batch]
        yield from surroundings.counted(found)


def _shared(one: CommitAuthorship, added: Mapping[str, int]) -> CommitAuthorship:
    return replace(one, share=share_of(one.category, added[one.commit]))


def _without_files(one: Judged) -> Judged:
    return replace(one, authorship=replace(one.authorship, files=()))


def _judged(one: Streamed, catalogue: Catalogue, besides: Mapping[str, Beside], *, weak: bool) -> Judged:
    if one.commit is None:
        return Judged(CommitAuthorship(one.name, Category.UNKNOWN, note=one.note), None)
    beside = besides.get(one.commit.id, NOTHING)
    if one.note:  # some of it was not read: no sign in the rest does not mean that there is none
        beside = replace(beside, missing=f"{beside.missing} {one.note}".strip())
    return Judged(judge(one.commit, catalogue, beside=beside, weak=weak), one.commit)


def _added(git: Git, ids: Sequence[str], limits: Limits) -> dict[str, int]:
    """Count the lines that single-parent commits add to files that somebody writes, by id.

    Git gives up at the first object that is not here, so then the rest is asked in halves.
    """
    try:
        return _numbers(git, ids, limits)
    except EvaluationError:
        if len(ids) < 2:
            return {}
        middle = len(ids) // 2
        return _added(git, ids[:middle], limits) | _added(git, ids[middle:], limits)


def _numbers(git: Git, ids: Sequence[str], limits: Limits) -> dict[str, int]:
    from riskbot.gather.history import log

    shown = ("-z", "--raw", "--numstat", "--no-abbrev", "-M", f"-l{limits.rename_limit}")
    command = ("log", "--no-walk=unsorted", "--stdin", "--no-show-signature", *shown)
    given = "".join(f"{one}\n" for one in ids).encode()
    with git.stream(*command, "--format=%x01%H%x00%x00%x00%x00%x00", stdin=given) as output:
        return {
            one.id: sum(touch.added or 0 for touch in one.touches if not is_generated(touch.path))
            for one in log.parse(iter(lambda: output.read(1 << 16), b""))
        }
