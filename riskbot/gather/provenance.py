"""What lies beside the commits and tells who wrote them: notes, traces, branch, signatures, lines per commit.

Nothing is judged here, and nothing is believed: all but what git verifies is written by whoever could push.
It costs two git commands; a third counts the lines of a range's commits while the files are read, a fourth
reads the diffs of commits that bear notes. What is there and is not read is said in ``Provenance.omitted``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

from riskbot.domain.change import Change, Commit, FileStatus, Provenance
from riskbot.domain.errors import EvaluationError
from riskbot.gather import notes
from riskbot.gather.history import log
from riskbot.gather.limits import Limits
from riskbot.gather.names import decode
from riskbot.gather.noted import bound, patches
from riskbot.gather.signers import verified
from riskbot.outside.background import Background
from riskbot.outside.git import Git
from riskbot.outside.gitobjects import Objects, objects

MAX_COMMITS: Final = 1_000
"""Beside more commits nothing is looked up: the newest are taken."""
SECONDS: Final = 20.0
"""After so long the counting of lines is given up."""
TRACES: Final = ".agent-trace"
"""Where the reference code of Agent Trace puts its records (the specification leaves it open)."""

__all__ = ["count", "of_branch", "patches", "read"]

Lines = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
Counting = Callable[[], tuple[Lines, tuple[str, ...]]]

_REFS = ("refs/heads", "refs/remotes")
_HIDDEN = (".git", ".gitignore", ".gitattributes", ".gitmodules", ".mailmap", ".editorconfig")
_MAX_CONFIGS = 1_000
_MAX_TRACES = 20


def count(git: Git, commits: Sequence[Commit], tips: Sequence[str], limits: Limits) -> Counting:
    """Begin to count the lines that each commit adds, in the background; to be called once, when needed.

    ``tips`` select the commits for git log, as they did for ``commits``. For a single commit nothing is
    started: the change's own files say it, see :func:`read`.
    """
    if len(commits) < 2:
        return lambda: ((), ())
    options = ("-z", "--raw", "--numstat", "--no-abbrev", "-M", f"-l{limits.rename_limit}")
    shown = ("--no-merges", "--no-show-signature", "--format=%x01%H%x00%x00%x00%x00%x00")
    try:
        begun = Background(
            git,
            *bound(limits),
            *("log", f"--max-count={MAX_COMMITS}", *options, *shown, *tips, "--"),
            seconds=SECONDS,
        )
    except EvaluationError as problem:
        said = problem.message
        return lambda: ((), (said,))
    return lambda: _counted(begun)


def read(git: Git, change: Change, name: str, counting: Counting, limits: Limits) -> Provenance:
    """Read what lies beside the commits of ``change``, whose files and charter are known.

    ``name`` is how the head was named, empty where nobody named it. Raises ConfigError where the base's
    list of agents' keys cannot be read, EvaluationError where git cannot read the repository at all.
    """
    if change.head is None:
        return of_branch(git)
    tips, branch = _refs(git, change.head, name)
    ids = [commit.id for commit in change.commits[:MAX_COMMITS]]
    omitted: list[str] = []
    if len(change.commits) > MAX_COMMITS:
        omitted.append(f"only what lies beside the newest {MAX_COMMITS:,} commits was read")
    found: dict[str, tuple[tuple[str, bytes], ...] | None] = {}
    with objects(git, notes.MAX_BYTES) as reader:
        for ref in (notes.ATTRIBUTION, notes.CORRECTIONS):
            found[ref] = None
            if ref in tips:
                found[ref], left_out = notes.read(git, reader, tips[ref], ids)
                omitted += left_out
        configs = tuple(islice(_configs(git, reader, change.head), _MAX_CONFIGS))
        traces = tuple(_traces(git, reader, change.head, omitted))
        signed = verified(git, reader, change.charter, ids, omitted)
    diffs = patches(git, change.commits, found[notes.ATTRIBUTION] or (), limits, omitted)
    lines, uncounted = _lines(change, counting)
    return Provenance(
        branch=branch,
        notes=found[notes.ATTRIBUTION],
        corrections=found[notes.CORRECTIONS],
        traces=traces,
        verified=signed,
        configs=configs,
        lines=lines,
        patches=diffs,
        omitted=(*omitted, *uncounted),
    )


def of_branch(git: Git) -> Provenance:
    """Say on which branch one works: all that lies beside what is not committed yet."""
    said = decode(git.ask("symbolic-ref", "--quiet", "HEAD", ok=(0, 1))).strip()
    return Provenance(branch=said.removeprefix("refs/heads/") or None)


def _refs(git: Git, head: str, name: str) -> tuple[dict[str, str], str | None]:
    """Ask for the notes' commits by ref, and for the branch that ends at ``head``, in one command."""
    asked = "--format=%(objectname) %(HEAD)%(refname)"
    said = git.ask("for-each-ref", asked, notes.ATTRIBUTION, notes.CORRECTIONS, *_REFS)
    tips, ending, current = {}, [], None
    for line in said.splitlines():
        object_name, _, rest = decode(line).partition(" ")
        ref = rest[1:]
        if ref in {notes.ATTRIBUTION, notes.CORRECTIONS}:
            tips[ref] = object_name
        elif object_name == head:
            ending.append(ref)
            current = ref if rest[0] == "*" else current
    return tips, _branch(name, ending, current)


def _branch(name: str, ending: list[str], current: str | None) -> str | None:
    """Pick the branch that is meant of those that end at the head: the named, the current, the only one."""
    for ref in ending:
        if ref in {name, f"refs/heads/{name}", f"refs/remotes/{name}"}:
            return _short(ref)
    if current is not None and name in {"", "HEAD", "@"}:
        return _short(current)
    short = {one for ref in ending if (one := _short(ref)) != "HEAD"}
    return short.pop() if len(short) == 1 else None


def _short(ref: str) -> str:
    """Take ``refs/heads/`` off a branch, and the remote's name too."""
    if ref.startswith("refs/heads/"):
        return ref.removeprefix("refs/heads/")
    return ref.removeprefix("refs/remotes/").partition("/")[2]


def _configs(git: Git, reader: Objects, head: str) -> Iterator[str]:
    """Give the paths of the head's tree that may configure an agent; folders end with a slash."""
    top, github = reader.read([f"{head}^{{tree}}".encode(), f"{head}:.github".encode()])
    for folder, tree in (("", top), (".github/", github)):
        for name, item in notes.items(tree, git.object_format):
            path = f"{folder}{decode(name)}{'/' if item.is_tree else ''}"
            if folder or path.lower().endswith(".md") or (path[0] == "." and path not in _HIDDEN):
                yield path


def _traces(git: Git, reader: Objects, head: str, omitted: list[str]) -> Iterator[tuple[str, bytes]]:
    """Give the Agent Trace records of the head's tree, by path."""
    tree = next(reader.read([f"{head}:{TRACES}".encode()]))
    named = {
        f"{TRACES}/{decode(name)}": item.id
        for name, item in notes.items(tree, git.object_format)
        if item.mode.startswith("100") and name.endswith((b".jsonl", b".json"))
    }
    if len(named) > _MAX_TRACES:
        omitted.append(f"only {_MAX_TRACES} of {len(named):,} files of traces were read")
    chosen = dict(islice(sorted(named.items()), _MAX_TRACES))
    for path, found in zip(chosen, reader.read([blob.encode() for blob in chosen.values()]), strict=True):
        if found is None or found.size > notes.MAX_BYTES:
            omitted.append(f"{path} is not in this clone, or over the limit")
        else:
            yield path, found.content


def _lines(change: Change, counting: Counting) -> tuple[Lines, tuple[str, ...]]:
    """Say how many lines each commit adds; a single one's are those of the change."""
    if len(change.commits) == 1 and len(change.commits[0].parents) < 2:
        counted = tuple(
            each
            for file in change.files
            for each in _sides(
                file.path, None if file.status is FileStatus.COPIED else file.old_path, file.added
            )
        )
        return ((change.commits[0].id, counted),), ()
    return counting()


def _sides(path: str, source: str | None, added: int) -> Iterator[tuple[str, int]]:
    """Give a file with its added lines, and where it was renamed from, with none: that was touched too."""
    yield path, added
    if source is not None and source != path:
        yield source, 0


def _counted(begun: Background) -> tuple[Lines, tuple[str, ...]]:
    try:
        return tuple(
            (
                one.id,
                tuple(
                    each
                    for touch in one.touches
                    for each in _sides(touch.path, touch.source, touch.added or 0)
                ),
            )
            for one in log.parse(begun.finish())
        ), ()
    except TimeoutError:
        return (), (f"the lines of the commits were not counted within {begun.seconds:.0f} seconds",)
    except EvaluationError as problem:
        return (), (f"the lines of the commits were not counted: {problem.message}",)
