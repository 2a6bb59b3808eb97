"""The baseline that reads text: hashed TF-IDF words of the diff, with the features, in one regression."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from riskbot.learn.evaluate.baselines import EARLY, Design, regression
from riskbot.learn.evaluate.rows import Chunk, Rows, Scorer, split_by_time
from riskbot.learn.measure import Ranking

NAME = "TF-IDF and metrics"
COLUMNS = 2**18
"""Hashed columns. No vocabulary is kept, so nothing can leak into it; weights of words (inverse document
frequency) come from the training rows."""
MOST_WORDS = 4000
"""Words read of one change: a bulk change must not take minutes."""
PENALTIES = (0.1, 1.0, 10.0)
_WORD = re.compile(r"\[(ADD|DEL|CTX)\]|[A-Za-z_][A-Za-z_0-9]{0,60}")
_SIGN = {"ADD": "+", "DEL": "-", "CTX": " "}


def words(chunks: Iterable[Chunk]) -> list[str]:
    """Give the words of a change's chunks: of subject and paths once each, of lines after the line's sign.

    >>> words([("fix parser", "[ADD] return x[DEL] pass")])
    ['fix', 'parser', '+return', '+x', '-pass']
    """
    return list(islice(_words(chunks), MOST_WORDS))


def _words(chunks: Iterable[Chunk]) -> Iterator[str]:
    seen = set()
    for first, second in chunks:
        for match in _WORD.finditer(first):
            # Every chunk repeats the subject: more chunks are not more of it.
            if match[0] not in seen:
                seen.add(match[0])
                yield match[0]
        sign = ""
        for match in _WORD.finditer(second):
            if match[1]:
                sign = _SIGN[match[1]]
            else:
                yield sign + match[0]


def tfidf(train: Rows) -> Scorer:
    """Fit a logistic regression on words of the diff and all features, side by side."""
    early, late = split_by_time(train, EARLY)
    candidates = {penalty: _fit(early, penalty) for penalty in PENALTIES}
    best = max(candidates, key=lambda penalty: Ranking(candidates[penalty](late), late.label).auc())
    return _fit(train, best)


def _fit(train: Rows, penalty: float) -> Scorer:
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

    hashed = HashingVectorizer(analyzer=words, n_features=COLUMNS, alternate_sign=False, norm=None)
    weights = TfidfTransformer(sublinear_tf=True).fit(hashed.transform(train.texts))
    design = Design.of(train, train.names, logged=True)

    def values(rows: Rows) -> Any:
        from scipy import sparse

        text = weights.transform(hashed.transform(rows.texts))
        return sparse.hstack([text, sparse.csr_matrix(design(rows))], format="csr")

    model = regression(values(train), train.label, penalty)
    return lambda rows: np.asarray(model.predict_proba(values(rows))[:, 1])
