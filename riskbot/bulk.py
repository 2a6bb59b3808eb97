"""Scoring many commits of one repository at once: the history is replayed once, the heavy part is spread.

A commit's features need all that came before it. ``riskbot check`` asks git for that, commit by commit; here
one walk over the whole log gives every commit its past, in git's reversed ``--date-order``. On a linear
history both are the same; on parallel branches the walk also counts what happened beside the commit, earlier.

What the walk does not reach (merges, which it leaves out, and commits of a clone that is not whole) goes the
road of ``riskbot check``, one by one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from riskbot.gather import local
from riskbot.gather.history.walk import walk
from riskbot.gather.limits import Limits
from riskbot.gather.replay import order
from riskbot.outside.git import Git
from riskbot.workers import Lost, spread

if TYPE_CHECKING:
    from riskbot.assess import LinearModel, Scale

NAME = re.compile(r"(?![-^])(?:[A-Za-z0-9_./~^+-]|@(?!\{)|@\{[a-z0-9-]{1,20}\}){1,250}", re.ASCII)
"""What a line may be to be looked up: an id or a name, without the ways to search messages or files."""
TIPS = 8
"""So many histories are walked; commits that none of them holds go the road of ``riskbot check``."""

Load = Callable[[], "tuple[LinearModel, Scale]"]
"""Loads the model and its scale; picklable, for each worker loads its own."""


@dataclass(frozen=True, slots=True)
class Score:
    """How risky a commit is: the calibrated probability, the percentile (0 to 100), the band's name."""

    probability: float
    percentile: float
    band: str


@dataclass(frozen=True, slots=True)
class Scored:
    """One line of the answer: the commit's id (or the name given, where it is unknown), score or error."""

    commit: str
    score: Score | None
    error: str = ""

    def line(self, model: str) -> str:
        """Write it as one line of JSON, without its end."""
        if self.score is None:
            return json.dumps({"commit": self.commit, "error": self.error})
        told = self.score
        return json.dumps(
            {
                "commit": self.commit,
                "probability": told.probability,
                "percentile": told.percentile,
                "band": told.band,
                "model": model,
            }
        )


def names(data: bytes) -> list[str]:
    """Read the commits that a text names, one a line; blank lines and comments (#) do not count."""
    lines = (line.strip() for line in data.decode("utf-8", "surrogateescape").split("\n"))
    return [line for line in lines if line and not line.startswith("#")]


def score_commits(
    git: Git,
    commits: Sequence[str],
    load: Load,
    *,
    jobs: int,
    seconds: float = 150.0,
    limits: Limits | None = None,
) -> Iterator[Scored]:
    """Score commits by any of their names, in the order given; an unknown one gives an error in its place.

    ``load`` gives model and scale. At most ``jobs`` processes work at a time, at most ``seconds`` on one
    commit: one that takes longer or crashes them has an error, too. Raises EvaluationError where the model
    cannot be loaded or git fails.
    """
    ids = resolve(git, commits)
    found: dict[str, Scored] = {}
    wanted = list(dict.fromkeys(one for one in ids if one is not None))
    results = _scores(git, wanted, load, jobs=jobs, seconds=seconds, limits=limits or Limits())
    with closing(results):
        for given, name in zip(commits, ids, strict=True):
            if name is None:
                yield Scored(given[:200], None, "There is no such commit in this repository.")
                continue
            while name not in found:
                one, result = next(results)
                if isinstance(result, Lost):
                    found[one] = Scored(one, None, f"The commit could not be scored: {result.reason}.")
                else:
                    found[one] = Scored(one, result)
            yield found[name]


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
class _Plan:
    """Which commits are met on a walk to which tip, in the walk's order, and which on none."""

    walks: list[tuple[str, list[str]]]
    rest: list[str]


def _plan(git: Git, wanted: Sequence[str]) -> _Plan:
    if not wanted or git.is_shallow() or git.is_partial():
        return _Plan([], list(wanted))
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
    return _Plan(walks, [one for one in wanted if one in merges or one in left])


def _scores(
    git: Git, wanted: Sequence[str], load: Load, *, jobs: int, seconds: float, limits: Limits
) -> Generator[tuple[str, Score | Lost]]:
    """Score commits by id, in any order."""
    plan = _plan(git, wanted)
    model, scale = load()
    for tip, members in plan.walks:
        yield from _measured(git, tip, members, model, scale)
    desk = partial(_Desk, git.root, load, limits)
    keys = dict(enumerate(plan.rest))
    with closing(spread(desk, iter(keys.items()), jobs, seconds=seconds)) as results:
        for key, result in results:
            yield keys[key], result


def _measured(
    git: Git, tip: str, members: Sequence[str], model: LinearModel, scale: Scale
) -> Iterator[tuple[str, Score]]:
    """Score commits by their metrics alone."""
    asked = set(members)
    # What is left of the walk once all were met is not read: git is ended.
    for measured in islice((one for one in walk(git, tip) if one.entry.id in asked), len(asked)):
        probability = model.probability(measured.metrics)
        percentile = scale.percentile(probability)
        yield measured.entry.id, Score(probability, percentile, scale.bands.band(percentile).value)


class _Desk:
    """What a worker does: one commit after another, with tools that are made once."""

    def __init__(self, repository: Path, load: Load, limits: Limits) -> None:
        self.git, self.limits = Git.open(repository), limits
        self.model, self.scale = load()

    def __call__(self, task: str) -> Score:
        gathered = local.from_range(self.git, f"{task}^!", self.limits)
        change = replace(gathered.change, history=gathered.history())
        from riskbot.assess import assess
        from riskbot.domain.finding import Detection

        done = assess(change, Detection(), self.model, self.scale)
        return Score(done.probability, done.percentile, done.band.value)
