"""Counting by period: nothing is lost, nothing is counted twice, nobody is counted at all."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.authored.make_authored import plain
from riskbot.domain.authorship import Category
from riskbot.domain.schemas import portable
from riskbot.report.authored import bars, picture, shares, svg
from riskbot.report.authored.shares import By, Shares

NOW = int(datetime(2026, 9, 1, tzinfo=UTC).timestamp())


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def counted(*commits: tuple[str, Category, str]) -> Shares:
    found = Shares(NOW)
    for day, category, tool in commits:
        found.add(plain(category, tool), at(day))
    return found


SOME = (
    ("2025-11-30T23:59:59", Category.NONE, ""),
    ("2025-12-01", Category.DECLARED, "claude"),
    ("2025-12-31T23:59:59", Category.NONE, ""),
    ("2026-03-01", Category.ATTESTED, "devin"),
    ("2026-03-02", Category.DECLARED, "claude"),
)


def test_by_month_with_the_empty_ones_between():
    periods = counted(*SOME).periods(By.MONTH)
    assert [period.name for period in periods] == ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03"]
    assert [period.commits for period in periods] == [1, 2, 0, 0, 2]
    assert periods[1].share(Category.DECLARED) == 0.5
    assert periods[2].share(Category.DECLARED) == 0
    assert periods[4].agents == {"devin": 1, "claude": 1}
    assert periods[4].first_day == "2026-03-01"


def test_by_quarter_and_year():
    found = counted(*SOME)
    assert [(p.name, p.commits) for p in found.periods(By.QUARTER)] == [("2025-Q4", 3), ("2026-Q1", 2)]
    assert [(p.name, p.commits) for p in found.periods(By.YEAR)] == [("2025", 3), ("2026", 2)]
    assert found.periods(By.QUARTER)[1].first_day == "2026-01-01"


@pytest.mark.parametrize(
    ("first", "by"),
    [("2026-08-01", By.MONTH), ("2024-10-01", By.MONTH), ("2024-08-01", By.QUARTER), ("2010-01-01", By.YEAR)],
)
def test_the_period_that_fits(first, by):
    assert counted((first, Category.NONE, ""), ("2026-08-02", Category.NONE, "")).by is by


@pytest.mark.parametrize("when", [None, 0, -5, NOW + 90_000, 10**18])
def test_a_time_that_is_none_is_counted_apart(when):
    found = Shares(NOW)
    found.add(plain(), when)
    assert found.periods(By.MONTH) == ()
    assert found.undated.commits == found.total().commits == 1


@given(st.lists(st.tuples(st.integers(0, NOW), st.sampled_from(Category)), max_size=60), st.sampled_from(By))
def test_every_commit_is_in_one_period(commits, by):
    found = Shares(NOW)
    for when, category in commits:
        found.add(plain(category), when)
    periods = found.periods(by)
    assert sum(period.commits for period in periods) + found.undated.commits == len(commits)
    starts = [period.start for period in periods]
    assert starts == list(range(starts[0], starts[-1] + 1, by.value)) if starts else True


def test_json_is_what_its_schema_says():
    found = counted(*SOME, ("2026-03-03", Category.AUTOMATION, "dependabot"))
    found.merges, found.repeated = 3, 1
    text = shares.json(found, By.QUARTER, version="1", repository="r", origin="HEAD", notes=("n",))
    document = json.loads(text)
    jsonschema.validate(document, portable(shares.schema()))
    assert [period["period"] for period in document["periods"]] == ["2025-Q4", "2026-Q1"]
    assert document["total"]["commits"] == 6
    assert document["total"]["agents"] == {"claude": 2, "devin": 1}
    assert document["total"]["others"] == {"dependabot": 1}
    assert (document["total"]["merges"], document["total"]["repeated"]) == (3, 1)


def test_csv_has_a_line_for_each_and_adds_up():
    rows = list(csv.DictReader(io.StringIO(shares.table(counted(*SOME), By.MONTH))))
    assert len(rows) == 5 * (len(Category) + 2)
    december = {row["name"]: row for row in rows if row["period"] == "2025-12" and row["of"] == "category"}
    assert december["declared"]["commits"] == "1"
    assert december["declared"]["share"] == "0.5000"
    assert sum(int(row["commits"]) for row in rows if row["of"] == "category") == 5
    assert {row["share"] for row in rows if row["period"] == "2026-01"} == {""}


def shown(found, by=By.MONTH, **looks):
    looks = {"color": False, "width": 100} | looks
    return bars.written(found, by, repository="shop", origin="HEAD", notes=(), **looks)


def test_bars_are_as_long_as_the_shares():
    found = counted(*SOME)
    text = shown(found)
    lines = {line.split()[0]: line for line in text.splitlines() if line[:2] == "20"}
    assert lines["2026-03"].count("A") == lines["2026-03"].count("d") > 20
    assert lines["2026-03"].endswith("100 %")
    assert lines["2025-12"].count("d") == lines["2026-03"].count("d")
    assert "d" not in lines["2026-01"]
    assert "5 commits: 1 attested, 2 declared, 2 without a sign." in text
    assert "No sign is not evidence" in text


def test_what_was_left_out_is_said():
    found = counted(*SOME)
    found.merges, found.repeated = 1_200, 2
    found.add(plain(), None)
    text = shown(found)
    assert "1,200 merges left out." in text
    assert "2 commits left out as the same change again." in text
    assert "1 commit without a date" in text


def test_nothing_to_show():
    assert "0 commits: none." in shown(Shares(NOW))
    assert svg.written(picture.draw(Shares(NOW), By.YEAR, repository="r", origin="o")).endswith("</svg>\n")


@pytest.mark.parametrize("width", [40, 80, 120])
def test_bars_fit_the_page(width):
    assert max(map(len, shown(counted(*SOME), width=width).splitlines())) <= width
    assert shown(counted(*SOME), width=width, unicode=False).isascii()
    assert "\u2588" in shown(counted(*SOME), width=width, color=True)
