from dataclasses import replace

import numpy as np
import pytest

from learn.evaluate.make_rows import NAMES, make_rows
from riskbot.domain.errors import EvaluationError
from riskbot.learn.evaluate import baselines, words
from riskbot.learn.evaluate.baselines import KAMEI, Boosting, Design
from riskbot.learn.evaluate.rows import split_by_time
from riskbot.learn.measure import Ranking

QUICK = Boosting(rounds=40, threads=1)


@pytest.fixture(scope="module")
def halves():
    return split_by_time(make_rows(2400), 0.5)


def _auc(scorer, rows):
    return Ranking(scorer(rows), rows.label).auc()


def test_lines_added_alone_ranks_as_la_itself(halves):
    train, test = halves
    assert _auc(baselines.lines_added(train), test) == pytest.approx(Ranking(test.la, test.label).auc())


def test_the_project_prior_is_the_rate_of_the_training_rows(halves):
    train, test = halves
    known = train.part(train.repository != "owner/name2")
    prior = baselines.project_prior(known)(test)
    mine = known.label[known.repository == "owner/name1"].mean()
    assert prior[test.repository == "owner/name1"] == pytest.approx(mine)
    assert prior[test.repository == "owner/name2"] == pytest.approx(known.label.mean())


def test_more_knowledge_ranks_better_on_later_rows(halves):
    train, test = halves
    la = _auc(baselines.lines_added(train), test)
    fourteen = _auc(baselines.logistic(train), test)
    trees = _auc(baselines.boosting(train, settings=QUICK), test)
    assert fourteen > la - 0.02  # the other thirteen are noise here
    assert trees > fourteen + 0.05  # the trees see churn


def test_the_stronger_transform_is_taken():
    """With risk linear in log la, logs win; with risk linear in la, raw values do."""
    random = np.random.default_rng(1)
    rows = make_rows(1500, missing=0)
    for logit in (1.5 * (np.log1p(rows.la) - 3), np.clip(rows.la / 200, 0, 4) * 2 - 2):
        train = rows.labelled((random.random(1500) < 1 / (1 + np.exp(-logit))).astype(float))
        chosen = baselines.logistic(train)(train)
        either = []
        for logged in (True, False):
            design = Design.of(train, KAMEI, logged=logged)
            model = baselines.regression(design(train), train.label, 1.0)
            either.append(Ranking(model.predict_proba(design(train))[:, 1], train.label).auc())
        assert Ranking(chosen, train.label).auc() >= max(either) - 0.005


def test_unknown_values_enter_as_the_training_mean_and_a_column_of_them_changes_nothing(halves):
    train, _ = halves
    gone = train.matrix.copy()
    gone[:, NAMES.index("age")] = np.nan
    design = Design.of(replace(train, matrix=gone), KAMEI, logged=True)
    column = KAMEI.index("age")
    assert not design(replace(train, matrix=gone))[:, column].any()
    full = Design.of(train, ("churn",), logged=False)
    values = full(train)
    unknown = np.isnan(train.columns(("churn",))[:, 0])
    assert unknown.any()
    assert not values[unknown].any()
    assert values[~unknown].mean() == pytest.approx(0, abs=1e-9)
    assert values[~unknown].std() == pytest.approx(1)


def test_the_number_of_rounds_is_found_on_later_training_rows(halves):
    train, _ = halves
    settings = Boosting(most=120, threads=1)
    assert 1 <= settings.count(train, train.names) <= 120
    assert Boosting(rounds=7).count(train, train.names) == 7


def test_boosting_repeats_itself(halves):
    train, test = halves
    first, second = (baselines.boosting(train, settings=QUICK)(test) for _ in range(2))
    assert (first == second).all()


def test_scores_given_must_fit_the_rows(halves):
    _, test = halves
    score = np.linspace(0, 1, len(test))
    assert baselines.given(score)(test) is score
    with pytest.raises(EvaluationError, match=r"1,200 scores .* 2,400 rows"):
        baselines.given(score)(make_rows(2400))


def test_training_rows_of_one_kind_are_refused(halves):
    train, _ = halves
    with pytest.raises(EvaluationError, match="all of one kind"):
        baselines.lines_added(train.labelled(np.zeros(len(train))))


def test_words_carry_the_sign_of_their_line_and_a_subject_counts_once():
    chunks = [("fix it : a", "[ADD] a + b[CTX] c"), ("fix it : p", "[DEL] d d")]
    assert words.words(chunks) == ["fix", "it", "a", "+a", "+b", " c", "p", "-d", "-d"]


def test_words_of_one_change_are_bounded():
    assert len(words.words([("a", "[ADD] x" * 10_000)])) == words.MOST_WORDS


def test_words_of_the_diff_add_to_the_features():
    train, test = split_by_time(make_rows(2000, texts=True), 0.6)
    with_words = words.tfidf(train)(test)
    nothing = [[("", "")]] * len(train)
    blind = words.tfidf(replace(train, texts=nothing))(replace(test, texts=nothing[: len(test)]))
    assert Ranking(with_words, test.label).auc() > Ranking(blind, test.label).auc() + 0.01
