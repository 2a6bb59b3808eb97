import numpy as np
import pytest

from learn.evaluate.make_rows import make_rows
from riskbot.domain.errors import EvaluationError
from riskbot.learn.evaluate import baselines, contest, words
from riskbot.learn.evaluate.baselines import Boosting
from riskbot.learn.evaluate.rows import split_by_time
from riskbot.learn.evaluate.scored import OURS

QUICK = Boosting(rounds=20, threads=1)


def test_every_baseline_meets_the_model_on_the_same_rows():
    train, test = split_by_time(make_rows(800, texts=True), 0.6)
    ours, text = np.full(len(test), 0.2), np.linspace(0, 1, len(test))
    heard = []
    given = {OURS: ours, contest.TRANSFORMER: text}
    scored = contest.contest("cross-project", train, test, given, settings=QUICK, told=heard.append)
    assert heard == [*baselines.FITTED, words.NAME]
    assert list(scored.scores) == [OURS, *heard, contest.TRANSFORMER]
    assert scored.scores[OURS] is ours
    assert (scored.scores[baselines.KAMEI_NAME] == baselines.logistic(train)(test)).all()


def test_without_texts_no_words_are_read_and_the_model_must_be_there():
    train, test = split_by_time(make_rows(400), 0.5)
    scored = contest.contest("later-slice", train, test, {OURS: np.full(len(test), 0.5)}, settings=QUICK)
    assert words.NAME not in scored.scores
    with pytest.raises(EvaluationError, match="scores 3 rows"):
        contest.contest("later-slice", train, test, {OURS: np.full(3, 0.5)}, settings=QUICK)
