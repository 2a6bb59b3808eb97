"""The benchmark against the developers' own links: what it reads and how it counts."""

import json
import sys
from pathlib import Path

import pytest

from learn.label.history import BEGIN, Story

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))
oracle = pytest.importorskip("szz_oracle")


def row(fix, *bugs, repository="acme/shop", languages=("py",), **dates):
    dates = dates or {"best_scenario_issue_date": "2024-01-01T00:01:00"}
    return {
        "repo_name": repository,
        "fix_commit_hash": fix,
        "bug_commit_hash": list(bugs),
        "language": list(languages),
        **dates,
    }


def written(tmp_path, *rows):
    path = tmp_path / "oracle.json"
    path.write_text(json.dumps(rows))
    return path


def test_pairs_of_the_language_are_read_with_the_issue_in_utc(tmp_path):
    path = written(
        tmp_path,
        row("f1", "b1", "b2", earliest_issue_date="1970-01-02T00:00:00"),
        row("f2", "b3", languages=("c", "py")),
        row("f3", "b4", languages=("java",)),
    )
    first, second = oracle.read_oracle(path, "py")
    assert (first.fix, first.inducing, first.issued_at, first.reported) == ("f1", {"b1", "b2"}, 86_400, True)
    assert (second.fix, second.reported) == ("f2", False)


def test_precision_and_recall_are_pooled_over_all_pairs():
    total = oracle.pooled([oracle.Count(1, 4, 1), oracle.Count(1, 1, 2), oracle.Count(0, 0, 1)])
    assert total.figures() == pytest.approx((2 / 5, 2 / 4, 2 * 0.4 * 0.5 / 0.9))
    assert oracle.Count(0, 0, 3).figures() == (0, 0, 0)


def test_the_interval_holds_the_figure_and_is_a_point_where_repositories_agree():
    mixed = [[oracle.Count(1, 2, 1)], [oracle.Count(0, 1, 1)], [oracle.Count(1, 1, 1)]] * 5
    (low, high), *_ = oracle.intervals(mixed, draws=200)
    assert low < 0.5 < high
    assert oracle.intervals([[oracle.Count(1, 2, 1)]] * 5, draws=200)[0] == (0.5, 0.5)


def test_the_labeller_itself_is_asked_and_what_is_newer_than_the_issue_dropped(tmp_path):
    story = Story(tmp_path / "acme+shop")
    old = story.commit("old", {"a.py": "x = 1\ny = 1\n"})
    late = story.commit("late", {"a.py": "x = 1\ny = 2\n"})
    fix = story.commit("fix", {"a.py": "x = 0\ny = 0\n"}, "Fix the numbers")
    pair = oracle.Pair("acme/shop", fix, frozenset({old}), BEGIN + 90, reported=True)
    missing = oracle.Pair("acme/gone", fix, frozenset({old}), BEGIN, reported=True)
    found = oracle.answer(pair, tmp_path, oracle.Limits())
    assert {commit for commit, _ in found.blamed["b"]} == {old, late}
    assert [commit for commit, _ in found.blamed["r"]] == [late]
    assert (found.said, found.product, found.problem) == ("words", True, "")
    assert oracle.answer(missing, tmp_path, oracle.Limits()).problem == "no clone"
    assert oracle.answer(
        oracle.Pair("acme/shop", "0" * 40, frozenset(), 0, reported=True), tmp_path, oracle.Limits()
    ).problem
    rows = {
        one["pairs"]: one
        for one in oracle.rows_of("b", [pair], oracle._ours({("acme/shop", fix): found}, "b"))
    }
    assert (rows["all"]["precision"], rows["all"]["recall"]) == (0.5, 1)
    assert (rows["filtered"]["precision"], rows["filtered"]["recall"]) == (1, 1)


def test_what_was_kept_is_not_asked_again(tmp_path):
    keep = tmp_path / "kept.jsonl"
    keep.write_text(
        json.dumps({"repository": "a/b", "fix": "f", "said": "none", "commits": 1, "seconds": 0.1}) + "\n"
    )
    pair = oracle.Pair("a/b", "f", frozenset({"b"}), 0, reported=True)
    (answer,) = oracle.answer_all([pair], pytest.fail, len, keep=keep)
    assert answer.fix == "f"
