"""The history of one change, read by git in the background while something else is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from riskbot.domain.change import (
    Actor,
    Change,
    Commit,
    FileDiff,
    FileHistory,
    FileStatus,
    History,
    Metrics,
    Omission,
    OmissionKind,
)
from riskbot.domain.errors import EvaluationError
from riskbot.domain.spread import entropy, spread
from riskbot.gather.history.fix import says_fix
from riskbot.gather.history.lines import count_lines
from riskbot.gather.history.log import FORMAT, Entry, parse
from riskbot.gather.history.past import LATELY, FilePast, Past
from riskbot.outside.background import Background
from riskbot.outside.git import Git

SECONDS = 30.0
"""After so long the reading of history is given up; what is missing is then an Omission."""

PATHS = 100
"""With more touched files than this the whole log is read: git compares each path with each entry."""

Reader = Callable[[Past], int]


@dataclass(frozen=True, slots=True)
class Moment:
    """Who makes the change, and when; None where no commit says so."""

    author: Actor | None
    now: int


def start(git: Git | None, change: Change, *, seconds: float = SECONDS) -> Callable[[], History]:
    """Begin to read the past of ``change`` and return what gives its History, to be called once.

    The past is every commit that is no merge and reachable from the change's base. The change counts as
    one: its author and time are those of its head, it is a fix if one of its messages says so. Without a
    repository (``git`` None) or in a shallow clone, what the past would tell is None, and an Omission says
    so; the callable never raises for what git does.
    """
    moment = _moment(git, change)
    now = _now_metrics(change)
    reason = _unreadable(git, change)
    if git is None or reason is not None:
        return lambda: _without(now, [reason] if reason else [])
    if change.base is None:
        return lambda: _finish(change, moment, now, [])
    try:
        logs = _begin(git, change, change.base, moment, seconds)
    except EvaluationError as problem:
        # Not NO_HISTORY, which policies tolerate: there is a past, and it could not be read.
        failure = Omission(OmissionKind.MISSING_OBJECT, "history", problem.message)
        return lambda: _without(now, [failure])
    return lambda: _finish(change, moment, now, logs)


def _unreadable(git: Git | None, change: Change) -> Omission | None:
    if git is None or (change.base is None and change.head is None):
        said = "There is no repository behind the change, so who changed its files before is not known."
        return Omission(OmissionKind.NO_HISTORY, "history", said)
    if git.is_shallow():
        said = "The clone is shallow: earlier changes are not here (git fetch --unshallow brings them)."
        return Omission(OmissionKind.SHALLOW_HISTORY, "history", said)
    return None


def _moment(git: Git | None, change: Change) -> Moment:
    """Find author and time: the head commit's, else whom git would name now.

    A commit states its own time. One that claims to come from the future would make its files look long
    untouched, and so the change calm: it counts as made now.
    """
    clock = int(time.time())
    head = _head(change)
    if head is not None:
        return Moment(head.author, min(head.committed_at, clock))
    return Moment(_someone(git, change.base) if git is not None else None, clock)


def _head(change: Change) -> Commit | None:
    return next((commit for commit in change.commits if commit.id == change.head), None)


def _someone(git: Git, base: str | None) -> Actor | None:
    """Return the user whom git would write into a commit now, by the mailmap at ``base``."""
    try:
        contact = git.ask("var", "GIT_AUTHOR_IDENT").rpartition(b"> ")[0] + b">"
        if base is not None:
            mailmap = f"mailmap.blob={base}:.mailmap"
            contact = git.run("-c", mailmap, "check-mailmap", "--stdin", stdin=contact + b"\n").strip()
    except EvaluationError:  # nobody is named
        return None
    name, _, email = contact.decode("utf-8", "surrogateescape").removesuffix(">").rpartition(" <")
    return Actor(name, email)


@dataclass(frozen=True, slots=True)
class _Log:
    """One log that runs, what it feeds, and which metrics it is for."""

    running: Background
    feed: Callable[[Past, Entry], None]
    metrics: tuple[str, ...]
    what: str
    lines: bool = True


def _begin(git: Git, change: Change, base: str, moment: Moment, seconds: float) -> list[_Log]:
    """Start git: one log of the files' past, one of the author's."""
    prefix = ["--literal-pathspecs", "-c", f"mailmap.blob={base}:.mailmap"]
    # With paths git would leave out side branches that a merge threw away, but for --full-history.
    prefix += ["log", "--no-merges", "--full-history", "-z", "--raw", "--no-abbrev", FORMAT]
    sources = sorted({source for file in change.files if (source := _source(file)) is not None})
    logs = []
    if sources:
        # In a partial clone contents may be missing, and with them line counts and inexact renames.
        lines = [] if git.is_partial() else ["--numstat"]
        limit = sources if len(sources) <= PATHS else []
        files = Background(
            git, *prefix, "--no-renames", *lines, base, "--", *map(_raw, limit), seconds=seconds
        )
        feed = _files_feed(set(sources))
        logs.append(_Log(files, feed, ("ndev", "age", "nuc"), "the files' past", lines=bool(lines)))
    if moment.author is not None and moment.author.name:
        renames = "--find-renames=100%" if git.is_partial() else "--find-renames"
        # A byte that is not UTF-8 cannot be asked for; the feed looks at the whole name.
        wanted = max(f"{moment.author.name} <".split("\ufffd"), key=len)
        look = [renames, "-l1000", "--fixed-strings", f"--author={wanted}"]
        author = Background(git, *prefix, *look, base, "--", seconds=seconds)
        feed = _author_feed(moment.author.name)
        logs.append(_Log(author, feed, ("exp", "rexp", "sexp"), "the author's past"))
    look = ["log", "--no-merges", "-z", f"-{LATELY}", FORMAT, base, "--"]
    logs.append(_Log(Background(git, *look, seconds=seconds), Past.add_subject, (), "the latest commits"))
    return logs


def _files_feed(sources: set[str]) -> Callable[[Past, Entry], None]:
    def feed(past: Past, entry: Entry) -> None:
        entry.touches = [touch for touch in entry.touches if touch.path in sources]
        past.add_files(entry)

    return feed


def _author_feed(name: str) -> Callable[[Past, Entry], None]:
    def feed(past: Past, entry: Entry) -> None:
        if entry.author == name:  # git looks for the name anywhere in "name <address>"
            past.add_author(entry)

    return feed


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _source(file: FileDiff) -> str | None:
    """Return where the file's past is: its old path, None for a file that is new (also by copying)."""
    return None if file.status is FileStatus.COPIED else file.old_path


def _finish(change: Change, moment: Moment, now: History, logs: list[_Log]) -> History:
    """Wait for the logs and compute what they tell."""
    past, walked = Past(), 0
    omissions, failed = list(now.omissions), set[str]()
    for log in logs:
        try:
            read = _feed(past, log)
            walked += read if log.metrics else 0
        except TimeoutError:
            failed.update(log.metrics)
            said = f"git took more than {log.running.seconds:g} seconds to read {log.what}."
            omissions.append(Omission(OmissionKind.TIMEOUT, "history", said))
        except EvaluationError as problem:
            failed.update(log.metrics)
            said = f"{log.what.capitalize()} could not be read: {problem.message}"
            omissions.append(Omission(OmissionKind.MISSING_OBJECT, "history", said))
    if moment.author is None or not moment.author.name:
        failed.update(("exp", "rexp", "sexp"))
        said = "No commit and no git setting says who the author is, so his experience is not known."
        omissions.append(Omission(OmissionKind.NO_HISTORY, "history", said))
    metrics = _metrics(change, moment, now.metrics, past)
    metrics = replace(metrics, **dict.fromkeys(failed, None))
    blind = not all(log.lines for log in logs)
    if blind:
        said = "The clone is partial: earlier changes are counted, their lines and any mailmap are not known."
        omissions.append(Omission(OmissionKind.MISSING_OBJECT, "history", said))
    files = () if blind or "ndev" in failed else tuple(_histories(change.files, past, moment))
    return History(metrics, files, walked, tuple(omissions), past.repair_share(), moment.now)


def _feed(past: Past, log: _Log) -> int:
    count = 0
    for entry in parse(log.running.finish()):
        log.feed(past, entry)
        count += 1
    return count


def _metrics(change: Change, moment: Moment, now: Metrics, past: Past) -> Metrics:
    ndev, age, nuc = past.of_files(map(_source, change.files), moment.now)
    name = moment.author.name if moment.author is not None else ""
    exp, rexp, sexp = past.of_author(name, (file.path for file in change.files), moment.now)
    return replace(now, ndev=ndev, age=age, nuc=nuc, exp=exp, rexp=rexp, sexp=sexp)


def _histories(files: Iterable[FileDiff], past: Past, moment: Moment) -> Iterator[FileHistory]:
    author = moment.author.name if moment.author is not None else None
    for file in files:
        source = _source(file)
        found = past.files.get(source) if source is not None else None
        yield (found or FilePast()).history(file.path, moment.now, author)


def _without(now: History, omissions: list[Omission]) -> History:
    return replace(now, omissions=(*now.omissions, *omissions))


def _now_metrics(change: Change) -> History:
    """Return the metrics that need no past, and an Omission for each that is not known."""
    files, omissions = change.files, []
    ns, nd, nf = spread([file.path for file in files])
    unknown = [file.path for file in files if _lines_before(file) is None]
    if unknown:
        said = "The old contents are not known, so neither is the number of lines before the change."
        path = unknown[0] if len(unknown) == 1 else None
        omissions.append(Omission(OmissionKind.CONTENT_UNKNOWN, "history", said, path))
    if not change.commits:
        said = "There is no commit yet, so no message says whether the change fixes a defect."
        omissions.append(Omission(OmissionKind.NO_HISTORY, "history", said))
    metrics = Metrics(
        ns=ns,
        nd=nd,
        nf=nf,
        entropy=entropy(file.added + file.removed for file in files),
        la=sum(file.added for file in files),
        ld=sum(file.removed for file in files),
        lt=None if unknown else sum(_lines_before(file) or 0 for file in files),
        fix=float(any(says_fix(commit.message) for commit in change.commits)) if change.commits else None,
    )
    return History(metrics, omissions=tuple(omissions))


def _lines_before(file: FileDiff) -> int | None:
    """Return LT's part: lines of the old text; 0 for a new or binary file and a submodule."""
    if _source(file) is None or file.binary or file.is_submodule:
        return 0
    return None if file.old is None else count_lines(file.old)
