"""Figure 1 of the risk model: its recipe on the published OpenStack rows (Zeng et al., ISSTA 2021).

    python benchmarks/risk_openstack.py benchmarks/data/openstack-issta21.csv.gz OUT --clones FOLDER

FOLDER holds full clones named owner+name (openstack+nova and so on), or owner+name/repo. The commits of the
rows are mined as ``riskbot learn mine`` does, on whatever branch they lie, into OUT/openstack. Trees are
fitted on the first 85 % of the rows marked ``train`` and calibrated on the later 15 %. The text has the
weight that the shipped model gives it: the shipped encoder read rows of both parts, so a weight fitted on
them would promise too much. The ``test`` rows are scored once. Writes
OUT/evaluation/sets/openstack-issta21.parquet, from which ``benchmarks/risk_model.py`` takes the figures.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from riskbot.learn.assemble import text_scores
from riskbot.learn.dataset import Texts
from riskbot.learn.evaluate import document, scored, targets
from riskbot.learn.evaluate.baselines import KAMEI, KAMEI_NAME, boosting, lines_added, logistic, project_prior
from riskbot.learn.evaluate.openstack import published, with_mined
from riskbot.learn.evaluate.rows import Rows, split_by_time
from riskbot.learn.evaluate.scored import OURS, Scored
from riskbot.learn.measure import Floats, Ranking
from riskbot.learn.mine import FEATURE, Limits, mine, read
from riskbot.learn.train.blend import TreesConfig, fit_trees, stack
from riskbot.learn.train.fit import usable
from riskbot.outside.git import Git

EARLY = 0.85
TREES, TEXT = "trees alone", "transformer alone"


def main() -> None:
    arguments = _arguments()
    train, test = published(arguments.rows)
    tables = [
        _mined(
            name,
            arguments.clones,
            arguments.out / "openstack",
            [str(one) for rows in (train, test) for one in rows.ids[rows.repository == name]],
        )
        for name in train.repositories()
    ]
    mined = _rows(tables)
    train, test = with_mined(train, mined), with_mined(test, mined)
    for part, rows in (("train", train), ("test", test)):
        print(f"{part}: {np.isfinite(rows.columns(('hunks',))).mean():.1%} of {len(rows):,} rows mined")
    made = recipe(train, test, arguments.text, arguments.out / "texts", arguments.workers)
    scored.write(arguments.out / "evaluation" / document.SETS, made)
    for name, score in made.scores.items():
        ranking = Ranking(score, test.label)
        captured = " ".join(f"{ranking.capture(share):.3f}" for share in (0.05, 0.1, 0.3, 0.5))
        print(f"{name:36} AUC {ranking.auc():.4f}  capture at 5/10/30/50 %: {captured}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("rows", type=Path, help="the published table, plain or gzipped")
    parser.add_argument("out", type=Path, help="the learning run's folder")
    parser.add_argument("--clones", type=Path, required=True, help="where the clones lie")
    parser.add_argument("--text", type=Path, default=Path("models/risk"), help="the folder of the text model")
    parser.add_argument("--workers", type=int, default=2, help="processes that score text")
    return parser.parse_args()


def _mined(name: str, clones: Path, out: Path, commits: list[str]) -> Path:
    """Mine the rows of one repository, unless that was done."""
    path = out / f"{name.replace('/', '+')}.parquet"
    if not path.is_file():
        folder = clones / name.replace("/", "+")
        git = Git.open(folder / "repo" if (folder / "repo").is_dir() else folder)
        out.mkdir(parents=True, exist_ok=True)
        told = mine(git, name, git.head() or "", path, Limits(only=tuple(commits), structure=0.0))
        print(f"{name}: {sum(told.rows.values())} commits in {told.seconds:.0f} s")
    return path


def _rows(tables: list[Path]) -> Rows:
    """Read what was mined; whether a row is to be skipped does not matter here: all published rows count."""
    table = read(tables)
    names = tuple(name.removeprefix(FEATURE) for name in table.schema.names if name.startswith(FEATURE))

    def column(name: str) -> Floats:
        return np.asarray(table.column(name).to_numpy(zero_copy_only=False), dtype=float)

    return Rows(
        matrix=np.column_stack([column(FEATURE + name) for name in names]),
        names=names,
        label=np.zeros(table.num_rows),
        when=column("committed_at"),
        repository=np.array(table.column("repository").to_pylist()),
        ids=np.array(table.column("commit").to_pylist()),
        la=column("la"),
        ld=column("ld"),
        texts=Texts(table.column("chunks")),
    )


def recipe(train: Rows, test: Rows, text: Path, kept: Path, workers: int) -> Scored:
    """Fit as the shipped model was fitted, and score the test rows; beside the baselines."""
    names = usable(train, people=False)
    early, late = split_by_time(train, EARLY)
    booster = fit_trees(early, names, TreesConfig())
    words, later = (text_scores(text, rows, kept=kept, workers=workers) for rows in (test, late))
    alone = stack(booster, late)
    weight = json.loads((text / "blend.json").read_bytes())["text"]["weight"]
    blend = replace(alone, weight=weight, center=float(np.nanmean(later)))
    shape = np.where(np.isfinite(words), words, np.nanmean(words))
    published14 = tuple(f"published.{name}" for name in KAMEI)
    plain = replace(train, matrix=train.columns(published14), names=KAMEI)
    measured = replace(test, matrix=test.columns(published14), names=KAMEI)
    scores = {
        OURS: _sigmoid(blend.logit(test, words)),
        TREES: _sigmoid(alone.logit(test)),
        TEXT: _sigmoid(shape),
        targets.LINES: lines_added(plain)(measured),
        "project prior": project_prior(plain)(measured),
        KAMEI_NAME: logistic(plain)(measured),
        "gradient boosting, published metrics": boosting(plain)(measured),
    }
    about = (
        "published test rows; the recipe fitted on the rows marked train; baselines on the published metrics"
    )
    return Scored(targets.OPENSTACK, test, scores, about)


def _sigmoid(logit: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logit)))


if __name__ == "__main__":
    main()
