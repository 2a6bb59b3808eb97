"""Synthetic changes whose risk is known: what every test of the evaluation measures on."""

import numpy as np

from riskbot.learn.evaluate.baselines import KAMEI, KAMEI_NAME
from riskbot.learn.evaluate.document import SWITCHED
from riskbot.learn.evaluate.rows import Rows
from riskbot.learn.evaluate.scored import OURS, Scored

NAMES = (*KAMEI, "churn", "depth")
START = 1_500_000_000


def make_rows(count=1200, repositories=4, seed=0, *, texts=False, missing=0.1):
    """Give rows whose logit is -3 + log(1 + la) / 2 + churn, of which ``missing`` of the churn is unknown."""
    random = np.random.default_rng(seed)
    matrix = random.gamma(1.0, 5.0, (count, len(NAMES)))
    la = np.round(random.lognormal(3, 1.2, count))
    ld = np.round(random.lognormal(2, 1.2, count))
    matrix[:, NAMES.index("la")], matrix[:, NAMES.index("ld")] = la, ld
    churn = random.normal(size=count)
    word = random.random(count) < 0.3
    logit = -3 + 0.5 * np.log1p(la) + churn + (word if texts else 0)
    matrix[:, NAMES.index("churn")] = np.where(random.random(count) < missing, np.nan, churn)
    return Rows(
        matrix,
        NAMES,
        (random.random(count) < 1 / (1 + np.exp(-logit))).astype(float),
        START + np.sort(random.uniform(0, 4 * 365 * 86_400, count)).round(),
        np.array([f"owner/name{i}" for i in random.integers(0, repositories, count)]),
        np.array([f"{random.integers(0, 2**63):040x}" for _ in range(count)]),
        la,
        ld,
        [
            [("subject : a . py", f"[ADD] {'eval' if w else 'plain'} (x)[DEL] y[CTX] z"), ("b", "[ADD] v")]
            for w in word
        ]
        if texts
        else (),
    )


def make_scored(name="cross-project", count=2000, seed=3):
    """Give measured rows: a model that sees the risk, a regression that sees half of it, lines added."""
    rows = make_rows(count, repositories=4, seed=seed)
    churn = np.nan_to_num(rows.columns(("churn",))[:, 0])
    seen = {
        OURS: -3 + 0.5 * np.log1p(rows.la) + churn,
        KAMEI_NAME: -3 + 0.5 * np.log1p(rows.la) + 0.3 * churn,
        "lines added alone": -2.5 + 0.4 * np.log1p(rows.la),
        SWITCHED: -3 + 0.5 * np.log1p(rows.la) + 0.8 * churn,
    }
    return Scored(
        name, rows, {key: 1 / (1 + np.exp(-logit)) for key, logit in seen.items()}, "synthetic rows"
    )
