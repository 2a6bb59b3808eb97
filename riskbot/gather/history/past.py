"""The past: what is known of files and authors from the commits read so far, and the metrics it gives.

The definitions follow the published OpenStack data that the shipped model is fitted on (Zeng et al., "Deep
just-in-time defect prediction: how far are we?", ISSTA 2021), after Kamei et al. (TSE 2013,
doi:10.1109/TSE.2012.70), with two differences: new files count, and nothing but the past is counted (not
the change itself, not the future). ``docs/history.md`` has them side by side, with the agreement measured.

Counting does not depend on the order in which commits are added, so a past read from a log limited to some
paths or to one author is the same as the whole one for these paths and this author.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from riskbot.domain.change import AuthorShare, FileHistory
from riskbot.domain.spread import subsystem
from riskbot.gather.history.fix import says_fix, says_repair
from riskbot.gather.history.log import Entry

DAY = 86_400
RECENT_DAYS = 90
YEAR_DAYS = 365
SHAKEN_DAYS = 60
"""A change that a repair of the same file follows within so many days is called shaken."""
LOOKED_AT = 100
"""So many of a file's last changes are looked at for that."""
LATELY = 200
"""So many of the repository's last changes tell how often it is repaired."""


@dataclass(slots=True)
class FilePast:
    """What happened at one path: by whom (changes and lines added), when, how many of it were fixes.

    ``times`` and ``repairs`` (those of them that repaired something) ascend.
    """

    commits: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)
    times: list[int] = field(default_factory=list)
    repairs: list[int] = field(default_factory=list)
    fixes: int = 0
    added: int = 0
    removed: int = 0

    @property
    def last(self) -> int:
        """When the path was last changed; 0 for one without a past."""
        return self.times[-1] if self.times else 0

    def add(self, entry: Entry, *, fix: bool, repair: bool, added: int, removed: int) -> None:
        """Count one commit that touched the path."""
        self.commits[entry.author] += 1
        self.lines[entry.author] += added
        insort(self.times, entry.authored_at)
        if repair:
            insort(self.repairs, entry.authored_at)
        self.fixes += fix
        self.added += added
        self.removed += removed

    def history(self, path: str, now: int, author: str | None = None) -> FileHistory:
        """Return the past as the domain's noun; ``now`` is when the change was made, ``author`` by whom."""
        shares = [AuthorShare(name, count, self.lines[name]) for name, count in self.commits.items()]
        return FileHistory(
            path=path,
            commits=len(self.times),
            authors=tuple(sorted(shares, key=lambda share: (-share.commits, -share.added, share.author))),
            fixes=self.fixes,
            recent_commits=_since(self.times, now - RECENT_DAYS * DAY),
            first_changed_at=self.times[0] if self.times else None,
            last_changed_at=self.times[-1] if self.times else None,
            churn_added=self.added,
            churn_removed=self.removed,
            repairs=len(self.repairs),
            recent_repairs=_since(self.repairs, now - YEAR_DAYS * DAY),
            shaken=self._shaken(),
            last_repaired_at=self.repairs[-1] if self.repairs else None,
            own_commits=None if author is None else self.commits[author],
        )

    def _shaken(self) -> int:
        """Count the latest changes that a repair of the path soon followed."""
        times, shaken = self.times[-LOOKED_AT:], 0
        for repaired in self.repairs[-LOOKED_AT:]:
            at = bisect_left(times, repaired)
            shaken += at > 0 and repaired - times[at - 1] <= SHAKEN_DAYS * DAY
        return shaken


def _since(ascending: list[int], start: int) -> int:
    return len(ascending) - bisect_left(ascending, start)


@dataclass(slots=True)
class AuthorPast:
    """What one author did: how many files he touched on which UTC day, and which, by subsystem."""

    days: Counter[int] = field(default_factory=Counter)
    touched: int = 0
    paths: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, entry: Entry) -> None:
        """Count one of the author's commits."""
        self.days[entry.committed_at // DAY] += len(entry.touches)
        self.touched += len(entry.touches)
        for touch in entry.touches:
            self.paths[subsystem(touch.path)].add(touch.path)

    def recent(self, now: int) -> float:
        """Return REXP: each file touched so far weighs 1/(1 + whole days ago)."""
        today = now // DAY
        return sum(count / (1 + max(0, today - day)) for day, count in self.days.items())


@dataclass(slots=True)
class Past:
    """Files by path and authors by name, fed commit by commit."""

    files: dict[str, FilePast] = field(default_factory=dict)
    authors: dict[str, AuthorPast] = field(default_factory=dict)
    lately: deque[bool] = field(default_factory=lambda: deque(maxlen=LATELY))

    def add_subject(self, entry: Entry) -> None:
        """Note whether a commit repairs something; only the last ones fed in are kept."""
        self.lately.append(says_repair(entry.message))

    def repair_share(self) -> float | None:
        """Return the part of repairs among the commits noted; None without any."""
        return sum(self.lately) / len(self.lately) if self.lately else None

    def add_files(self, entry: Entry, lines: dict[str, int] | None = None) -> None:
        """Count what ``entry`` did at each path.

        A rename is a change at both paths. A log read without renames shows it as one whole file deleted
        and one added; for a log read with them, ``lines`` (blob id to line count) says how many those are.
        """
        fix, repair = says_fix(entry.message), says_repair(entry.message)
        for touch in entry.touches:
            added, removed = touch.added or 0, touch.removed or 0
            if touch.source is not None and touch.source != touch.path:
                known = lines or {}
                added, removed = known.get(touch.new_blob or "", 0), known.get(touch.old_blob or "", 0)
                self._file(touch.source).add(entry, fix=fix, repair=repair, added=0, removed=removed)
                removed = 0
            self._file(touch.path).add(entry, fix=fix, repair=repair, added=added, removed=removed)

    def add_author(self, entry: Entry) -> None:
        """Count what the author of ``entry`` did."""
        author = self.authors.get(entry.author)
        if author is None:
            author = self.authors[entry.author] = AuthorPast()
        author.add(entry)

    def _file(self, path: str) -> FilePast:
        past = self.files.get(path)
        if past is None:
            past = self.files[path] = FilePast()
        return past

    def of_files(self, sources: Iterable[str | None], now: int) -> tuple[int, float, int]:
        """Return NDEV, AGE and NUC of a change to the files at ``sources`` (None: a new file), at ``now``.

        NDEV: distinct authors so far, over all the files. AGE: days since each file's last change, the mean
        over the files that have a past (0 without any). NUC: changes so far, summed over the files.
        """
        pasts = [past for source in sources if source is not None and (past := self.files.get(source))]
        authors = set().union(*(past.commits for past in pasts))
        ages = [max(0, now - past.last) / DAY for past in pasts]
        age = sum(ages) / len(ages) if ages else 0.0
        return len(authors), age, sum(len(past.times) for past in pasts)

    def of_author(self, author: str, paths: Iterable[str], now: int) -> tuple[int, float, int]:
        """Return EXP, REXP and SEXP of a change by ``author`` to the files at ``paths``, at ``now``.

        EXP: files touched so far, counted once for each commit. REXP: the same, each weighing
        1/(1 + days ago). SEXP: distinct files touched so far in the subsystems of ``paths``.
        """
        past = self.authors.get(author, AuthorPast())
        touched = {subsystem(path) for path in paths}
        known = sum(len(past.paths[name]) for name in touched if name in past.paths)
        return past.touched, past.recent(now), known
