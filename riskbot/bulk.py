"""Scoring many commits of one repository at once: the history is replayed once, the heavy part is spread.

A commit's features need all that came before it. ``riskbot check`` asks git for that, commit by commit; here
one walk over the whole log gives every commit its past, in git's reversed ``--date-order``. On a linear
history both are the same; on parallel branches the walk also counts what happened beside the commit, earlier.

What the walk does not reach (merges, which it leaves out, and commits of a clone that is not whole) goes the
road of ``riskbot check``, one by one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from riskbot.domain.assessment import ModelId
from riskbot.domain.change import Change, Omission
from riskbot.domain.finding import Detection, Failure
from riskbot.gather import local
from riskbot.gather.history.walk import walk
from riskbot.gather.limits import Limits
from riskbot.gather.replay import filled, replay
from riskbot.gather.wanted import meet, plan, resolve
from riskbot.outside.git import Git
from riskbot.workers import Lost, spread

if TYPE_CHECKING:
    from riskbot.assess import LinearModel, Scale, Speaker

Load = Callable[[], "tuple[Speaker, Speaker | None]"]
"""Loads who speaks, and who speaks where that one finds no text; picklable, for each worker loads its own."""


@dataclass(frozen=True, slots=True)
class Score:
    """How risky a commit is: calibrated probability, percentile (0 to 100), band, and by which model."""

    probability: float
    percentile: float
    band: str
    model: str


@dataclass(frozen=True, slots=True)
class Scored:
    """One line of the answer: the commit's id (or the name given, where it is unknown), score or error."""

    commit: str
    score: Score | None
    error: str = ""

    def line(self) -> str:
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
                "model": told.model,
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
                    reason = result.reason.rstrip(".")
                    found[one] = Scored(one, None, f"The commit could not be scored: {reason}.")
                else:
                    found[one] = Scored(one, result)
            yield found[name]


def _scores(
    git: Git, wanted: Sequence[str], load: Load, *, jobs: int, seconds: float, limits: Limits
) -> Generator[tuple[str, Score | Lost]]:
    """Score commits by id, in any order."""
    from riskbot.assess import LinearModel

    chosen = plan(git, wanted)
    speakers = load()
    (model, scale), _ = speakers
    tasks: Iterator[tuple[str, Change | str]] = ((one, one) for one in chosen.rest)
    if isinstance(model, LinearModel):
        yield from meet(git, chosen, partial(_measured, git, (model, scale)))
    else:
        tasks = chain(meet(git, chosen, partial(_changes, git)), tasks)
    desk = partial(_Desk, git.root, load, limits)
    with closing(spread(desk, tasks, jobs, seconds=seconds)) as results:
        for name, result in results:
            yield name, _placed(result, speakers) if isinstance(result, _Marked) else result


def _measured(
    git: Git, speaker: tuple[LinearModel, Scale], tip: str, wanted: Sequence[str], absent: Sequence[str]
) -> Iterator[tuple[str, Score]]:
    """Score commits by their metrics alone."""
    model, scale = speaker
    asked = frozenset(wanted)
    for measured in walk(git, tip, exclude=absent):
        if measured.entry.id in asked:
            probability = model.probability(measured.metrics)
            percentile = scale.percentile(probability)
            band = scale.bands.band(percentile).value
            yield measured.entry.id, Score(probability, percentile, band, named(model.id))


def _changes(
    git: Git, tip: str, wanted: Sequence[str], absent: Sequence[str]
) -> Iterator[tuple[str, Change]]:
    """Give commits as changes with their past."""
    for one in replay(git, tip, wanted, exclude=absent):
        yield one.measured.entry.id, one.change


@dataclass(frozen=True, slots=True)
class _Marked:
    """What a worker says of a commit: the probability, who spoke, and what was not analysed."""

    probability: float
    fallback: bool
    omissions: tuple[Omission, ...]
    failures: tuple[Failure, ...]


def named(model: ModelId) -> str:
    """Name a model in one word: its name and the beginning of its hash."""
    return f"{model.name}@{model.sha256[:12]}"


def _placed(marked: _Marked, speakers: tuple[Speaker, Speaker | None]) -> Score:
    speaker, fallback = speakers
    model, scale = fallback if marked.fallback and fallback is not None else speaker
    percentile = scale.percentile(marked.probability)
    band, _ = scale.place(percentile, marked.omissions, marked.failures)
    return Score(marked.probability, percentile, band.value, named(model.id))


class _Desk:
    """What a worker does: one commit after another, with tools that are made once."""

    def __init__(self, repository: Path, load: Load, limits: Limits) -> None:
        from riskbot.assess.risk import RiskModel
        from riskbot.detect.structure import StructureDetector

        self.git, self.limits = Git.open(repository), limits
        self.speaker, self.fallback = load()
        detector, model = StructureDetector(), self.speaker[0]
        self.look = detector.run if isinstance(model, RiskModel) and model.compares else detector.unread
        self._opened = self.git.blobs()
        self.blobs = self._opened.__enter__()  # closed with the process

    def __call__(self, task: Change | str) -> _Marked:
        from riskbot.assess import speaker
        from riskbot.assess.blend import sigmoid

        change = self._commit(task) if isinstance(task, str) else filled(task, self.blobs)
        reading = self.speaker[0].read(change)
        detection = Detection() if reading is None else self._detect(change)
        model, scale, _ = speaker(*self.speaker, self.fallback, reading)
        probability = sigmoid(model.logit_of(change, detection, reading))
        past = change.history.omissions if change.history else ()
        gaps = (*change.omissions, *past, *detection.omissions)
        return _Marked(probability, scale is not self.speaker[1], gaps, detection.failures)

    def _commit(self, name: str) -> Change:
        """Read a commit as ``riskbot check`` does."""
        gathered = local.from_range(self.git, f"{name}^!", self.limits)
        return replace(gathered.change, history=gathered.history())

    def _detect(self, change: Change) -> Detection:
        try:
            return self.look(change)
        except Exception as problem:  # noqa: BLE001 - as in a detector's cell: a crash is a Failure
            reason = f"The structure detector failed ({type(problem).__name__})."
            return Detection(failures=(Failure("structure", reason),))
