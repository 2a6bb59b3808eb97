"""What a push would send: git's ref lines read, turned into ranges, each range checked once.

The input is that of git's pre-push hook (https://git-scm.com/docs/githooks#_pre_push): the remote's name
and location as arguments, and one line per ref on standard input.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from riskbot.domain.errors import RiskbotError, UsageError
from riskbot.domain.verdict import Outcome
from riskbot.report.escape import public, terminal
from riskbot.surfaces.terminal import error

if TYPE_CHECKING:
    from riskbot.outside.git import Git

_ID = re.compile(rb"[0-9a-f]{40}|[0-9a-f]{64}")  # SHA-1 or SHA-256 repositories
_EDGES = 500  # at most so many places where outgoing history joins the remote's are compared


@dataclass(frozen=True, slots=True)
class RefUpdate:
    """One ref that the push changes. ``local`` None: it is deleted; ``remote`` None: it is new there.

    ``local`` and ``remote`` are object ids, which may be those of annotated tags.
    """

    local_ref: str
    local: str | None
    remote_ref: str
    remote: str | None


@dataclass(frozen=True, slots=True)
class Range:
    """Commits to check, from ``base`` (None: everything is new) to ``head``, for one ref or for several."""

    base: str | None
    head: str
    origin: str
    updates: tuple[RefUpdate, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A ref without a range, and why. ``outcome`` is UNDECIDED for what riskbot cannot read."""

    update: RefUpdate
    reason: str
    outcome: Outcome = Outcome.ALLOWED


def parse(stdin: bytes) -> tuple[RefUpdate, ...]:
    """Read the lines ``<local ref> SP <local id> SP <remote ref> SP <remote id> LF`` of a pre-push hook.

    Raises UsageError naming the first line that is none. A local ref may hold spaces (``:/fix typo``).
    """
    lines = stdin.removesuffix(b"\n").split(b"\n") if stdin else []
    return tuple(_parse_line(number, line) for number, line in enumerate(lines, 1))


def _parse_line(number: int, line: bytes) -> RefUpdate:
    parts = line.rsplit(b" ", 3)
    if len(parts) != 4 or not all(parts) or not (_ID.fullmatch(parts[1]) and _ID.fullmatch(parts[3])):
        shown = line[:200].decode("utf-8", "replace")
        raise UsageError(
            f"Line {number} of standard input is not what git gives to a pre-push hook: {shown!r}.",
            mend="Each line must be: LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID.",
        )
    local_ref, local, remote_ref, remote = (part.decode("utf-8", "surrogateescape") for part in parts)
    return RefUpdate(local_ref, _some(local), remote_ref, _some(remote))


def _some(object_id: str) -> str | None:
    """Return the id, or None for the zero id that stands for "no such object"."""
    return object_id if object_id.strip("0") else None


def from_precommit(git: Git, environment: Mapping[str, str]) -> tuple[str, tuple[RefUpdate, ...]]:
    """Read what the pre-commit framework tells its pre-push hooks: the remote's name and one ref.

    It keeps standard input to itself and sets PRE_COMMIT_* (https://pre-commit.com/#pre-commit-during-push)
    for the first ref only. FROM_REF and TO_REF are missing for a new root branch, and everything is for
    ``pre-commit run --hook-stage pre-push``: then the local branch, or HEAD, stands for what is pushed.
    """
    remote = environment.get("PRE_COMMIT_REMOTE_NAME", "")
    local_ref = environment.get("PRE_COMMIT_LOCAL_BRANCH") or "HEAD"
    asked = environment.get("PRE_COMMIT_TO_REF") or local_ref
    head = _commit(git, asked)
    if head is None:
        raise UsageError(
            f"pre-commit asks about {asked}, which is no commit here.",
            mend="Commit something first, or name a revision with --to-ref.",
        )
    before = environment.get("PRE_COMMIT_FROM_REF")
    base = before and (_commit(git, before) or before)
    remote_ref = environment.get("PRE_COMMIT_REMOTE_BRANCH") or local_ref
    return remote or "origin", (RefUpdate(local_ref, head, remote_ref, base or None),)


def ranges(git: Git, remote: str, updates: tuple[RefUpdate, ...]) -> tuple[Range | Skipped, ...]:
    """Say what each update would bring to ``remote`` (a name or a location), in the order of the updates.

    Updates that come to the same commits share one Range. The base is

    * the merge base with what the ref held on the remote, if that is known here;
    * else (a new ref, or commits that were never fetched) nothing, where every commit is on a
      remote-tracking branch already; otherwise the merge base with the ref's remote-tracking branch, with
      the remote's default branch, or with the nearest remote-tracking branch, whichever is first to exist;
    * None where no history is shared with any of them.
    """
    seen = _Seen.of(git, remote, updates)
    steps: dict[object, Range | Skipped] = {}
    for update in updates:
        step = _step(git, seen, update)
        if isinstance(step, Skipped):
            steps[update] = step
            continue
        key = (step.base, step.head)
        known = steps.get(key)
        steps[key] = replace(known, updates=(*known.updates, update)) if isinstance(known, Range) else step
    return tuple(steps.values())


def review(
    steps: tuple[Range | Skipped, ...],
    remote: str,
    check: Callable[[Range], int],
    write: Callable[[str], None],
) -> int:
    """Check every range and return the worst exit code: undecided 3, misconfigured 2, held 1, allowed 0.

    Each ref gets its heading through ``write``; ``check`` writes the report below it and returns the exit
    code. An error of one range is said there, and the others are still checked.
    """
    code, gap = Outcome.ALLOWED.exit_code, ""
    for step in steps:
        if isinstance(step, Skipped):
            write(f"{gap}{_heading(step.update, remote)}: skipped, {terminal(step.reason)}\n")
            gap = ""
            code = max(code, step.outcome.exit_code)
            continue
        write(gap + "".join(f"{_heading(update, remote)}\n" for update in step.updates))
        gap = "\n"  # between a report and the next heading
        try:
            code = max(code, check(step))
        except RiskbotError as problem:
            error(str(problem))
            code = max(code, problem.exit_code)
    return code


def _heading(update: RefUpdate, remote: str) -> str:
    arrow = f"{_short(update.local_ref)} -> {public(remote)} {_short(update.remote_ref)}"
    return terminal(arrow)


def _short(ref: str) -> str:
    """Return the ref as git shows it after a push."""
    return ref.removeprefix("refs/heads/").removeprefix("refs/tags/")


@dataclass(frozen=True, slots=True)
class _Seen:
    """What this repository knows of the remote: its remote-tracking branches, as they were last fetched.

    A remote that was never fetched from (a bare URL, say) has none: then those of all remotes stand in.
    ``candidates`` are the branches whose merge base with something new is a good base, the best first.
    ``commits`` gives the commit of each id in the updates that is here and stands for one; ``outgoing``
    holds every commit to be pushed that is on none of the branches. Both are asked for all updates at once.
    """

    remote: str
    pattern: str
    prefix: str
    branches: frozenset[str]
    candidates: tuple[str, ...]
    commits: Mapping[str, str]
    outgoing: frozenset[str]

    @classmethod
    def of(cls, git: Git, remote: str, updates: tuple[RefUpdate, ...]) -> _Seen:
        listed = os.fsdecode(git.ask("for-each-ref", "--format=%(refname) %(symref)", "refs/remotes"))
        rows = [line.split(" ") for line in listed.splitlines()]
        prefix, pattern = f"refs/remotes/{remote}/", f"--remotes={remote}"
        if not any(name.startswith(prefix) for name, _ in rows):
            prefix, pattern = "refs/remotes/", "--remotes"
        ours = {name: target for name, target in rows if name.startswith(prefix)}
        heads = [target for name, target in ours.items() if target and name.endswith("/HEAD")]
        usual = [name for name in ours if name.removeprefix(prefix) in {"main", "master"}]
        branches = frozenset(name for name, target in ours.items() if not target)
        commits = _commits(git, {name for one in updates for name in (one.local, one.remote) if name})
        tips = {commits[one.local] for one in updates if one.local in commits}
        asked = ("rev-list", "--stdin", "--not", pattern)
        walked = git.ask(*asked, stdin="\n".join(tips).encode()) if tips else b""
        outgoing = frozenset(walked.decode().split())
        return cls(public(remote), pattern, prefix, branches, tuple(heads + usual), commits, outgoing)


def _step(git: Git, seen: _Seen, update: RefUpdate) -> Range | Skipped:
    """Find one update's range, or the reason why it has none."""
    if update.local is None:
        return Skipped(update, "the push deletes it there and sends nothing.")
    head = seen.commits.get(update.local)
    if head is None:
        return Skipped(update, "it points to no commit, and riskbot reads only commits.", Outcome.UNDECIDED)
    before = seen.commits.get(update.remote) if update.remote else None
    if before is not None:
        base = _merge_base(git, before, head)
        if base == head:
            return Skipped(update, f"{seen.remote} has these commits there already.")
        if base is not None:
            forced = "" if base == before else ", from where both sides parted (a forced push)"
            return Range(base, head, f"what the push adds to {_short(update.remote_ref)}{forced}", (update,))
    elif head not in seen.outgoing:
        return Skipped(update, f"every commit of it is on {seen.remote} already.")
    base, why = _fork_point(git, seen, update, head)
    return Range(base, head, why, (update,))


def _fork_point(git: Git, seen: _Seen, update: RefUpdate, head: str) -> tuple[str | None, str]:
    """Return the base for commits of which the remote's own ref tells nothing here, and why this one."""
    candidates = seen.candidates
    own = seen.prefix + update.remote_ref.removeprefix("refs/heads/")
    if update.remote and own in seen.branches:
        candidates = (own, *candidates)
    kind = "new" if update.remote is None else "replaced"
    what = f"what the push brings as {kind} {_short(update.remote_ref)}"
    for branch in candidates:
        tip = _commit(git, branch)
        base = tip and _merge_base(git, tip, head)
        if base:
            return base, f"{what}, from the merge base with {branch.removeprefix('refs/remotes/')}"
    base = _nearest(git, seen, head)
    if base is not None:
        return base, f"{what}, from the nearest commit that {seen.remote} has"
    why = "this clone is shallow, and" if git.is_shallow() else "for"
    return None, f"{what}, all of it, {why} it shares no history with anything known of {seen.remote}"


def _nearest(git: Git, seen: _Seen, head: str) -> str | None:
    """Return the newest commit on a remote-tracking branch that an outgoing commit has as its parent."""
    walked = git.ask("rev-list", "--boundary", head, "--not", seen.pattern, "--").decode().split()
    edges = [name.removeprefix("-") for name in walked if name.startswith("-")][:_EDGES]
    if not edges:
        return None
    # Where the remote's work was merged in between, the older of two edges is behind the newer one.
    apart = git.run("merge-base", "--independent", *edges).decode().split()
    return next(name for name in edges if name in apart)


def _merge_base(git: Git, one: str, other: str) -> str | None:
    """Return the best common ancestor of two commits, None where they share no history."""
    return git.run("merge-base", one, other, ok=(0, 1)).decode().strip() or None


def _commits(git: Git, ids: set[str]) -> dict[str, str]:
    """Return the commit of each object id that is here and is a commit or an annotated tag of one."""
    asked = sorted(ids)
    answers = git.run(
        "cat-file",
        "--batch-check=%(objectname)",
        stdin="".join(f"{name}^{{commit}}\n" for name in asked).encode(),
    )
    lines = answers.decode().splitlines()
    return {name: line for name, line in zip(asked, lines, strict=True) if " " not in line}


def _commit(git: Git, name: str) -> str | None:
    """Return the id of the commit that a name, an id or an annotated tag stands for, None without one."""
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return git.ask(*asked, ok=(0, 1, 128)).decode().strip() or None
