"""Is this change exactly a registered automation: whose bot, in what shape, with which inputs.

A flow is a grant, so everything here reads strictly: patterns match letter for letter, what is not known
does not count as in shape, and one human push, commit or co-author voids it for as long as the branch lives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from riskbot.domain.change import FileStatus
from riskbot.facts import paths
from riskbot.facts.document import Dependency, File
from riskbot.judge.language.declarations import Flow, Packages
from riskbot.judge.people import hands
from riskbot.judge.predicate import counted
from riskbot.written.glob import Glob

if TYPE_CHECKING:
    from riskbot.judge.bench import Bench

MAX_REASONS: Final = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """What one flow says of the change.

    ``void``: why it is not this flow. ``unknown``: what would have to be known to say that it is.
    ``untrusted``: which inputs are not trusted, where it is the flow.
    """

    flow: Flow | None
    void: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    untrusted: tuple[str, ...] = ()

    @property
    def possible(self) -> bool:
        """It may be this flow, as far as anybody knows."""
        return not self.void

    @property
    def in_shape(self) -> bool:
        """It is this flow, whatever its inputs are."""
        return not self.void and not self.unknown

    @property
    def trusted(self) -> bool:
        """It is this flow, and its inputs are trusted."""
        return self.in_shape and not self.untrusted


def read(name: str, bench: Bench) -> Reading:
    """Hold the change against the flow of that name; a name that nobody declared is void."""
    flow = next((one for one in bench.rules.flows if one.flow == name), None)
    if flow is None:
        return Reading(None, (f"The policy declares no flow {name!r}.",))
    void: list[str] = []
    unknown: list[str] = []
    for certain, reason in (*_who(flow, bench), *_shape(flow, bench)):
        (void if certain else unknown).append(reason)
    return Reading(flow, _few(void), _few(unknown), _few(_inputs(flow.packages, bench)))


def valid(bench: Bench) -> tuple[Flow, ...]:
    """The flows that the change is, in the order declared, whatever their inputs are."""
    readings = (read(flow.flow, bench) for flow in bench.rules.flows)
    return tuple(one.flow for one in readings if one.flow is not None and one.in_shape)


def _few(reasons: list[str]) -> tuple[str, ...]:
    """Each reason once, in order, and not more than a reader can use."""
    each = list(dict.fromkeys(reasons))
    rest = len(each) - MAX_REASONS
    return (*each[:MAX_REASONS], f"And {counted(rest, 'more reason')}.") if rest > 0 else tuple(each)


# Each check yields (certain, reason): certainly out of the flow, or not known to be in it.
_Check = Iterator[tuple[bool, str]]


def _who(flow: Flow, bench: Bench) -> _Check:
    """Everybody who had a hand in it must be one of the flow's bots, whatever is known only by their word."""
    bots = bench.standing(flow.bots)
    for account, roles in hands.hands(bench):
        who = bench.directory.name(account)
        if account in bots.accounts and not bench.directory.is_bot(account):
            yield True, f"{who} is a person's account, and a flow is no person's."
        elif account not in bots.accounts:
            yield (
                not (bots.unread or bots.someone),
                f"{who} had a part in it ({', '.join(roles)}) and is none of the flow's bots.",
            )
    for by in sorted({one.by for commit in bench.facts.change.commits or () for one in commit.suggestions}):
        if by not in bots.accounts:  # also one so small that the policy tolerates it in a reviewer
            yield True, f"{bench.directory.name(by)} suggested lines of it and is none of the flow's bots."
    for name, grounds in sorted(bench.interested.strangers.items()):
        roles = tuple(sorted({ground.role for ground in grounds}))
        yield False, f"Nobody knows who {name[:100]} is ({', '.join(roles)})."
    if bench.facts.pull is None:
        yield False, "It is not proposed yet, so nobody knows who opens it."
    for gap in hands.gaps(bench):
        yield False, gap


def _shape(flow: Flow, bench: Bench) -> _Check:
    """Every file must be of the flow's shape, and all of them together not too many."""
    files = bench.facts.change.files
    if not files:
        yield False, "Its files are not known." if files is None else "It changes no file."
        return
    declared = bench.facts.change.declared_files
    if declared is not None and declared != len(files):
        yield False, f"Only {len(files)} of {counted(declared, 'file')} are known."
    for file in files:
        yield from _file(flow, file)
    if flow.max_files is not None and len(files) > flow.max_files:
        yield True, f"It changes {counted(len(files), 'file')}; the flow may change {flow.max_files}."
    lines = sum(file.added + file.removed for file in files)
    if flow.max_lines is not None and lines > flow.max_lines:
        yield True, f"It changes {counted(lines, 'line')}; the flow may change {flow.max_lines}."


def _file(flow: Flow, file: File) -> _Check:
    """Check one file: status, both paths, both modes, and that its lines can be counted where they matter."""
    sides = tuple(dict.fromkeys(side for side in (file.old_path, file.new_path) if side is not None))
    shown = " -> ".join(sides) or "?"
    moved = file.status in {FileStatus.RENAMED, FileStatus.COPIED}
    if not sides or (moved and None in {file.old_path, file.new_path}):
        yield False, f"A path of {shown} is not known."
    if file.status not in flow.statuses:
        yield True, f"{shown} is {file.status.value}."
    for side in sides:
        if not any(_exactly(glob, paths.decode(side)) for glob in flow.paths):
            yield True, f"{side} is outside the flow's paths."
    modes = (
        file.old_mode if file.status is not FileStatus.ADDED else file.new_mode,
        file.new_mode if file.status is not FileStatus.DELETED else file.old_mode,
    )
    if file.link:
        yield True, f"{shown} is a link or a submodule."
    elif None in modes:
        yield False, f"The mode of {shown} is not known."
    elif modes[0] != modes[1] or (file.status is FileStatus.ADDED and modes[1] != "100644"):
        yield True, f"{shown} gets another mode."
    if flow.max_lines is not None and file.status is FileStatus.MODIFIED and not file.added + file.removed:
        yield False, f"Nobody counted the lines of {shown}."


@lru_cache(maxsize=1024)
def _exact(pattern: str) -> re.Pattern[str]:
    """Compile a pattern as it is written, without the folding that conditions want."""
    return Glob(pattern).exact()


def _exactly(glob: Glob, path: str) -> bool:
    """Say whether the path matches letter for letter."""
    return _exact(glob.pattern).fullmatch(f"{path}/") is not None


def _inputs(packages: Packages | None, bench: Bench) -> list[str]:
    """Say which inputs are not trusted, and why."""
    if packages is None:
        return []
    known = bench.assessment.dependencies if bench.assessment is not None else None
    if known is None:
        return ["Nobody looked which dependencies it moves."]
    return [why for one in known if (why := _untrusted(one, packages, bench))]


def _untrusted(one: Dependency, packages: Packages, bench: Bench) -> str:
    """Why one dependency is not trusted; empty where it is."""
    if one.name in packages.allow:
        return ""
    named = f"{one.name} {one.after or ''}".strip()
    if packages.older_than is None:
        return f"{named} is not on the list."
    if one.published_at is None:
        return f"{named} is not on the list, and nobody knows when it was published."
    if bench.now - one.published_at < packages.older_than.span:
        return f"{named} is not on the list, and was published less than {packages.older_than.text} ago."
    return ""
