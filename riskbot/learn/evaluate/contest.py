"""The contest: baselines fitted on the model's training rows, and all scores of the measured rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from riskbot.learn.evaluate import baselines, words
from riskbot.learn.evaluate.baselines import Boosting
from riskbot.learn.evaluate.rows import Rows
from riskbot.learn.evaluate.scored import OURS, Scored
from riskbot.learn.measure import Floats

TRANSFORMER = "transformer alone"


def contest(
    name: str,
    train: Rows,
    test: Rows,
    given: Mapping[str, Floats],
    *,
    about: str = "",
    settings: Boosting | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> Scored:
    """Fit every baseline on ``train`` and put its probabilities of ``test`` beside the scores ``given``.

    ``given`` holds the model's own probabilities under :data:`~riskbot.learn.evaluate.scored.OURS`, and
    others made elsewhere (:data:`TRANSFORMER`, the switch). Words are read where both have texts. ``told``
    hears the name of each baseline before it is fitted.
    """
    fitted = dict(baselines.FITTED) | {
        baselines.BOOSTING_NAME: partial(baselines.boosting, settings=settings)
    }
    if len(train.texts) and len(test.texts):
        fitted[words.NAME] = words.tfidf
    scores = {OURS: given[OURS]}
    for title, fit in fitted.items():
        told(title)
        scores[title] = fit(train)(test)
    return Scored(name, test, scores | dict(given), about)
