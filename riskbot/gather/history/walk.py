"""The metrics of every commit of a range, in one walk over the log: for learning and measuring."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from riskbot.domain.change import FileHistory, Metrics
from riskbot.domain.spread import entropy, spread
from riskbot.gather.history.fix import says_fix
from riskbot.gather.history.lines import Lines
from riskbot.gather.history.log import FORMAT, Entry, Touch, parse
from riskbot.gather.history.past import FilePast, Past
from riskbot.outside.git import Git

CHUNK = 1 << 16


@dataclass(slots=True)
class Measured:
    """One commit with its metrics, and its files' pasts if they were asked for, all as of just before it."""

    entry: Entry
    metrics: Metrics
    files: tuple[FileHistory, ...] = ()
    repair_share: float | None = None


def walk(
    git: Git,
    tip: str,
    *,
    base: str | None = None,
    files: Callable[[Entry], bool] = lambda _: False,
    exclude: Sequence[str] = (),
    also: Sequence[str] = (),
) -> Iterator[Measured]:
    """Measure every commit that is not a merge from ``tip`` (a commit id) back to the root, oldest first.

    The order is git's ``--date-order`` reversed: no child before its parents, else by commit date; each
    commit is judged by what precedes it in that order, so on parallel branches by both. With ``base`` only
    ``base..tip`` is read and the past begins there. ``files`` says of which commits the files' pasts are
    wanted: they cost more than the rest. What the commits in ``also`` reach is walked too. Paths in
    ``exclude`` do not exist for the walk (say, where their objects are missing). Raises EvaluationError where
    git fails.
    """
    past = Past()
    with git.blobs() as blobs, entries(git, tip, base=base, exclude=exclude, also=also) as log:
        lines = Lines(blobs.read)
        for entry in log:
            before = [lines.before(touch) for touch in entry.touches]
            histories = tuple(_histories(past, entry)) if files(entry) else ()
            yield Measured(entry, measure(past, entry, before), histories, past.repair_share())
            for touch, count in zip(entry.touches, before, strict=True):
                lines.learn(touch, count)
            past.add_files(entry, lines.known)
            past.add_author(entry)
            past.add_subject(entry)


@contextmanager
def entries(
    git: Git,
    tip: str,
    *,
    base: str | None = None,
    oldest_first: bool = True,
    exclude: Sequence[str] = (),
    also: Sequence[str] = (),
) -> Iterator[Iterator[Entry]]:
    """Open the log of the commits that are no merges, with renames, line counts and mailmap of ``tip``."""
    arguments = command(tip, base=base, oldest_first=oldest_first, exclude=exclude, also=also)
    with git.stream(*arguments) as out:
        yield parse(iter(lambda: out.read(CHUNK), b""))


def command(
    tip: str,
    *,
    base: str | None = None,
    oldest_first: bool = True,
    exclude: Sequence[str] = (),
    also: Sequence[str] = (),
) -> list[str | bytes]:
    """Return git's arguments for :func:`entries`."""
    return [
        *("-c", f"mailmap.blob={tip}:.mailmap", "log", "--no-merges", "--full-history", "--date-order"),
        *(["--reverse"] if oldest_first else []),
        *("-z", "--raw", "--numstat", "--no-abbrev", "--find-renames", "-l1000", FORMAT),
        *([tip, *also] if base is None else [tip, *also, f"^{base}"]),
        "--",
        *pathspecs(exclude),
    ]


def pathspecs(exclude: Sequence[str]) -> list[bytes]:
    """Write what git shall not look at (gitglossary(7), "pathspec"); nothing where there is nothing."""
    left_out = [b":(exclude,literal)" + path.encode("utf-8", "surrogateescape") for path in exclude]
    return [b".", *left_out] if left_out else []


def measure(past: Past, entry: Entry, before: Sequence[int | None]) -> Metrics:
    """Return the fourteen metrics of ``entry``; ``before`` has each file's lines before it."""
    touches, now = entry.touches, entry.committed_at
    paths = [touch.path for touch in touches]
    ns, nd, nf = spread(paths)
    ndev, age, nuc = past.of_files((touch.source for touch in touches), now)
    exp, rexp, sexp = past.of_author(entry.author, paths, now)
    return Metrics(
        ns=ns,
        nd=nd,
        nf=nf,
        entropy=entropy(_changed(touch) for touch in touches),
        la=sum(touch.added or 0 for touch in touches),
        ld=sum(touch.removed or 0 for touch in touches),
        lt=None if None in before else sum(count or 0 for count in before),
        fix=float(says_fix(entry.message)),
        ndev=ndev,
        age=age,
        nuc=nuc,
        exp=exp,
        rexp=rexp,
        sexp=sexp,
    )


def _changed(touch: Touch) -> int:
    return (touch.added or 0) + (touch.removed or 0)


def _histories(past: Past, entry: Entry) -> Iterator[FileHistory]:
    for touch in entry.touches:
        found = past.files.get(touch.source) if touch.source is not None else None
        yield (found or FilePast()).history(touch.path, entry.committed_at, entry.author)
