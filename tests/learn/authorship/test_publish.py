"""From mined tables to a folder that riskbot serves, and the configuration that says how."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from make import make_repository

from riskbot.detect.authorship import style
from riskbot.detect.authorship.style.features import names
from riskbot.domain.errors import ConfigError, UsageError
from riskbot.learn.authorship import config, crossed, data, publish, table
from riskbot.learn.authorship.candidates import candidates, columns, weights
from riskbot.learn.authorship.config import Config, Evaluate, Fit
from riskbot.learn.authorship.views import against_author, against_repository
from riskbot.learn.config import Repository
from riskbot.learn.crew import Place

YEARS = {"early": 2018, "late": 2022, "proxy": 2023, "modern": 2025, "agent": 2025}
QUICK = Fit(folds=2, rounds=4, fewest=5, erased=2, threads=1)


def tables(folder: Path, repositories: list[str], *, each: int = 12) -> list[Path]:
    """Write tables in which agents' commits differ a little from all others."""
    random = np.random.default_rng(4)
    paths = []
    for name in repositories:
        rows = []
        for group, year in YEARS.items():
            for number in range(each):
                features = random.normal(size=len(names())) + (0.6 if group == "agent" else 0.0)
                when = int((year - 1970) * 31_556_952 + number * 86_400)
                row = {
                    **dict.fromkeys(table.SCHEMA.names, 0),
                    **dict.fromkeys(("change", "tool", "tier"), ""),
                    **dict(zip((f"s.{one}" for one in names()), map(float, features), strict=True)),
                    "repository": name,
                    "commit": f"{name}-{group}-{number}",
                    "patch": f"{name}-{group}-{number}",
                    "group": group,
                    "author": f"{number % 3}",
                    "tool": "claude" if group == "agent" else "",
                    "authored_at": when,
                    "committed_at": when,
                    "lines": 30,
                    "files": 1,
                    "noted": None,
                }
                rows.append(row)
                if number < 3 and group in {"agent", "late"}:
                    rows += [row | {"change": kind} for kind in ("renamed", "stripped", "formatted")]
        path = folder / f"{name}.parquet"
        table.write(rows, path)
        paths.append(path)
    return paths


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("published")
    paths = tables(root, ["one", "two", "three", "four"])
    place = Place(root / "out", root / "kept")
    place.out.mkdir()
    told = Config(
        root, (), ("one", "two", "three"), fit=QUICK, evaluate=Evaluate(bootstrap=20), file="a.toml"
    )
    assert publish.publish(told, paths, place) == {"trained on repositories": 3, "enabled": 0}
    return place.out


def test_what_is_published_can_be_served(made):
    assert style.load(place=made) is None, "it did not pass"
    found = style.load(place=made, experimental=True)
    assert found is not None
    assert "did not pass its own gate" in found.warning
    manifest = tomllib.loads((made / "manifest.toml").read_text())
    named = manifest["files"] | manifest["documents"]
    assert set(named) == {path.name for path in made.iterdir()} - {"manifest.toml"}
    assert all(sha256((made / name).read_bytes()).hexdigest() == digest for name, digest in named.items())
    assert manifest["training"]["repositories"] == ["one", "three", "two"]


def test_serving_gives_what_was_learnt(made, tmp_path):
    """The plain numbers of the folder score a row as the fitted line did: the threshold flags 5 % of people."""
    told = json.loads((made / "model.json").read_text())
    from riskbot.detect.authorship.style.model import Line

    line = Line.parse(told)
    rows = table.read(tables(tmp_path, ["four"])).to_pylist()
    scores = [
        line.calibrated({name: row[f"s.{name}"] for name in names()})
        for row in rows
        if row["group"] == "agent" and not row["change"]
    ]
    metrics = json.loads((made / "metrics.json").read_text())
    flagged = metrics["measuring"]["found"]["all"]
    assert flagged["rows"] == len(scores)
    assert flagged["flagged"] == sum(score >= line.high for score in scores)


def test_the_figures_are_those_of_the_rows(made):
    metrics = json.loads((made / "metrics.json").read_text())
    assert metrics["measuring"]["contrasts"]["late"]["auc"] > 0.8, "what was put in is found"
    assert metrics["measuring"]["contrasts"]["gold"]["auc"] is None
    assert "could not be measured" in metrics["gate"][0]["found"]
    assert metrics["enabled"] is False
    late = metrics["training"]["alarms"]["eras"]["late"]
    early = metrics["training"]["alarms"]["eras"]["early"]
    assert (late["flagged"] + early["flagged"]) / (late["rows"] + early["rows"]) == pytest.approx(
        0.05, abs=0.03
    )
    moved = metrics["robustness"]["renamed"]["agents"]
    assert (moved["rows"], moved["mean_absolute"], moved["unmoved"]) == (12, 0, 1)
    assert moved["flagged_before"] == moved["flagged_after"]
    assert metrics["candidates"][metrics["chosen"]]["served"]


def test_the_card_says_off_and_why(made):
    card = (made / "card.md").read_text()
    assert "switched **off**" in card
    assert "could not be measured" in card
    assert "{" not in card, "every figure was filled in"
    for name in ("roc.png", "years.png", "repositories.png", "robustness.png"):
        assert name in card
        assert (made / name).stat().st_size > 1000


def test_no_model_scores_a_repository_that_it_learnt_from(tmp_path):
    corpus = data.load(tables(tmp_path, ["one", "two", "three"]), ["one", "two"])
    dealt = crossed.folds(corpus.rows, frozenset(["one", "two"]), 2)
    assert sorted(dealt.values()) == [0, 1]
    (plain,) = (one for one in candidates() if one.name == "plain, raw, people, linear")
    values = np.c_[corpus.rows.code, corpus.rows.said]
    held, final = crossed.score(plain, corpus, values, QUICK, frozenset(["one", "two"]))
    own = corpus.rows.repository == "three"
    assert np.allclose(held[own], final(values[own]))
    assert not np.allclose(held[~own], final(values[~own]))


def test_too_few_repositories_to_learn_from_are_named(tmp_path):
    paths = tables(tmp_path, ["one", "two"])
    with pytest.raises(UsageError, match="Only 1 repositories"):
        publish.publish(Config(tmp_path, (), ("one",), fit=QUICK), paths, Place(tmp_path, tmp_path))


def test_both_kinds_weigh_the_same_in_each_repository(tmp_path):
    rows = data.load(tables(tmp_path, ["one", "two"]), ["one"]).rows
    rows = rows.part(rows.agent | rows.people)
    label = rows.agent.astype(float)
    weight = weights(rows, label)
    for name in ("one", "two"):
        own = rows.repository == name
        assert weight[own & (label == 1)].sum() == pytest.approx(weight[own & (label == 0)].sum())
    assert weight.sum() == pytest.approx(len(rows))


def test_the_past_is_only_what_came_before(tmp_path):
    corpus = data.load(tables(tmp_path, ["one"]), ["one"])
    rows = corpus.rows
    past = against_repository(rows, corpus.plain)
    first = np.argsort(rows.when)[:20]
    assert np.isnan(past[first]).all()
    later = replace(rows, code=np.where((rows.year == "2025")[:, None], rows.code + 9, rows.code))
    known = rows.year != "2025"
    assert np.array_equal(against_repository(later, corpus.plain)[known], past[known], equal_nan=True)
    own = against_author(rows, corpus.plain, past)
    assert not np.array_equal(own, past, equal_nan=True)


def test_candidates_without_the_year_do_not_read_it():
    marked = {names().index(name) for name in ("era_fstring", "quotes_single")}
    assert not marked & set(columns("plain"))
    assert marked <= set(columns("all"))
    assert min(columns("message")) == len(names())
    assert len({one.name for one in candidates()}) == len(candidates())


def write(folder: Path, more: str = "", training: str = '["acme/shop"]') -> Path:
    make_repository(folder / "shop", {"a.py": "x = 1\n"})
    path = folder / "authorship.toml"
    path.write_text(
        f'out = "run"\ntraining = {training}\n[[repositories]]\nname = "acme/shop"\npath = "shop"\n{more}'
    )
    return path


def test_a_configuration_is_read(tmp_path):
    found = config.load(write(tmp_path, "[mine]\nagent = 7\n[evaluate]\nnominal = 0.1\n"))
    assert found.out == tmp_path / "run"
    assert (found.mine.agent, found.evaluate.nominal, found.fit.folds) == (7, 0.1, Fit().folds)
    assert found.repositories == (Repository("acme/shop", str(tmp_path / "shop")),)


@pytest.mark.parametrize(
    ("more", "training", "said"),
    [
        ("[mine]\nagents = 7\n", '["acme/shop"]', "agents"),
        ("[fit]\nfolds = 1\n", '["acme/shop"]', "fit.folds"),
        ("", '["acme/shoop"]', "acme/shoop"),
        ("[other]\n", '["acme/shop"]', "other"),
    ],
)
def test_a_wrong_configuration_is_named(tmp_path, more, training, said):
    with pytest.raises(ConfigError, match=said):
        config.load(write(tmp_path, more, training))
    with pytest.raises(UsageError, match="cannot be read"):
        config.load(tmp_path / "none.toml")
