"""Commits by name, many at once: their ids, and on which walks over the history they are met."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from riskbot.domain.errors import EvaluationError
from riskbot.gather.missing import missing_paths
from riskbot.gather.replay import order
from riskbot.outside.git import Git

NAME = re.compile(r"(?![-^])(?:[A-Za-z0-9_./~^+-]|@(?!\{)|@\{[a-z0-9-]{1,20}\}){1,250}", re.ASCII)
"""What a line may be to be looked up: an id or a name, without the ways to search messages or files."""
TIPS = 8
"""So many histories are walked; commits that none of them holds go the road of ``riskbot check``."""


def resolve(git: Git, commits: Sequence[str]) -> list[str | None]:
    """Return the id of each commit, None for what names none, or more than one."""
    asked = list(dict.fromkeys(one for one in commits if NAME.fullmatch(one)))
    answer = git.ask(
        "cat-file",
        "--buffer",
        "--batch-check=%(objectname) %(objecttype)",
        stdin="".join(f"{one}^{{commit}}\n" for one in asked).encode(),
    )
    known = {
        name: line.split()[0].decode()
        for name, line in zip(asked, answer.splitlines(), strict=True)
        if line.endswith(b" commit")
    }
    return [known.get(one) for one in commits]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which commits are met on a walk to which tip, in the walk's order, and which on none."""

    walks: list[tuple[str, list[str]]]
    rest: list[str]


def plan(git: Git, wanted: Sequence[str]) -> Plan:
    """Plan how commits (ids) are met: on the way to HEAD where that has them, else to the newest of them.

    Merges are on no walk, and nothing is where the clone is not whole: its past would be another one.
    """
    if not wanted or git.is_shallow() or git.is_partial():
        return Plan([], list(wanted))
    said = git.run(
        *("log", "--no-walk=unsorted", "--stdin", "--format=%H %ct %P"),
        stdin="".join(f"{one}\n" for one in wanted).encode(),
    )
    words = [line.split() for line in said.decode().splitlines()]
    merges = {name for name, _, *parents in words if len(parents) > 1}
    newest = [name for name, when, *_ in sorted(words, key=lambda one: (-int(one[1]), one[0]))]
    left = set(wanted) - merges
    walks: list[tuple[str, list[str]]] = []
    head = git.head()
    for tip in [*([head] if head else []), *newest]:
        if not left or len(walks) == TIPS:
            break
        if tip != head and tip not in left:
            continue
        members = [one for one in order(git, tip) if one in left]
        left -= set(members)
        walks += [(tip, members)] if members else []
    return Plan(walks, [one for one in wanted if one in merges or one in left])


Met = TypeVar("Met")
Walk = Callable[[str, Sequence[str], Sequence[str]], Iterator[tuple[str, Met]]]
"""Walks to a tip and gives what was asked for, by id; paths in the last argument do not exist for it."""


def meet(git: Git, chosen: Plan, walk: Walk[Met]) -> Iterator[tuple[str, Met]]:
    """Make the walks of a plan and give what they meet, by id; what is left of a walk after that is not read.

    Where contents are missing from the clone, a walk is made again without their paths, and the commits that
    touch nothing else join ``chosen.rest``. Raises EvaluationError where git fails for another reason.
    """
    for tip, members in chosen.walks:
        left = dict.fromkeys(members)
        try:
            for name, met in islice(walk(tip, members, ()), len(members)):
                del left[name]
                yield name, met
        except EvaluationError:
            absent = missing_paths(git, tip)
            if not absent:
                raise
            readable = [name for name in order(git, tip, exclude=absent) if name in left]
            chosen.rest.extend(name for name in left if name not in set(readable))
            yield from islice(walk(tip, readable, absent), len(readable))
