"""The picture: columns where they belong, well-formed SVG, the same each time."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from report.authored.make_authored import plain
from report.authored.test_shares import NOW, SOME, at, counted
from riskbot.domain.authorship import Category
from riskbot.report.authored import picture, svg
from riskbot.report.authored.picture import COLOURS, HEIGHT, WIDTH, Box, Label
from riskbot.report.authored.shares import By, Shares

TOP, CHART = 100, 210


def drawn(found, by=By.MONTH):
    return picture.draw(found, by, repository="shop", origin="HEAD")


def columns(one, words):
    return [shape for shape in one.shapes if isinstance(shape, Box) and words in shape.title]


def test_columns_are_as_high_as_the_shares():
    one = drawn(counted(*SOME))
    (declared,) = columns(one, "2026-03: declared, 50 %")
    (attested,) = columns(one, "2026-03: attested, 50 %")
    assert declared.height == pytest.approx(CHART / 2)
    assert declared.y + declared.height == pytest.approx(attested.y)
    assert attested.y + attested.height == pytest.approx(TOP + CHART)
    assert declared.fill == COLOURS[Category.DECLARED]
    (claude,) = columns(one, "2026-03: claude, 1")
    assert claude.height == pytest.approx(CHART / 4), "4 is the round number above 2"


def test_everything_stays_on_the_sheet():
    found = Shares(NOW)
    for month in range(1, 9):
        for number in range(12):
            found.add(plain(Category.DECLARED, f"tool-{number}"), at(f"2026-0{month}-01"))
    one = drawn(found)
    for shape in one.shapes:
        assert 0 <= shape.x <= WIDTH
        assert 0 <= shape.y <= HEIGHT
        if isinstance(shape, Box):
            assert shape.x + shape.width <= WIDTH
            assert shape.y + shape.height <= HEIGHT
    assert columns(one, "2026-01: 5 other tools, 5")


def test_names_of_periods_do_not_overlap():
    one = drawn(counted(("1998-01-01", Category.NONE, ""), *SOME), By.MONTH)
    places = sorted(
        {shape.x for shape in one.shapes if isinstance(shape, Label) and shape.anchor == "middle"}
    )
    assert min(b - a for a, b in itertools.pairwise(places)) >= 40


@pytest.mark.parametrize("share", [0.001, 0.05, 0.2, 0.34, 1.0])
def test_the_highest_column_fits(share):
    found = Shares(NOW)
    for number in range(1_000):
        category = Category.DECLARED if number < 1_000 * share else Category.NONE
        found.add(plain(category, "claude" if category is Category.DECLARED else ""), at("2026-01-01"))
    one = drawn(found)
    assert all(box.height <= CHART + 1e-6 for box in columns(one, "2026-01"))


def test_svg_is_well_formed_whatever_the_repository_is_called():
    found = counted(*SOME)
    text = svg.written(picture.draw(found, By.MONTH, repository='<a&"b\x00>\udcff', origin="]]>"))
    text.encode("utf-8")
    root = ET.fromstring(text)
    tags = Counter(element.tag.rpartition("}")[2] for element in root.iter())
    assert tags["rect"] > 5
    assert set(tags) == {"svg", "title", "rect", "path", "text"}
    assert text == svg.written(picture.draw(found, By.MONTH, repository='<a&"b\x00>\udcff', origin="]]>"))
