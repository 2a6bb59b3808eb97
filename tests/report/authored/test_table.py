"""The table: a line a commit, its evidence beneath, nothing that acts on a terminal."""

from __future__ import annotations

from dataclasses import replace

from report.authored.make_authored import FULL, ID, TRAILER, plain
from riskbot.domain.authorship import Category
from riskbot.report.authored import table, words
from riskbot.report.authored.document import SummaryEntry


def written(*rows, color=False, width=100, unicode=True, **sums):
    categories = dict.fromkeys(Category, 0) | {Category.NONE: len(rows)}
    summary = SummaryEntry(
        **({"commits": len(rows), "categories": categories, "tools": {}, "contested": 0, "notes": ()} | sums)
    )
    return "".join(table.written(rows, iter([summary]), color=color, width=width, unicode=unicode))


def test_a_commit_with_all_its_evidence():
    text = written(table.Row(FULL, 1_780_000_000, "Add a cache"))
    first, *rest = text.splitlines()
    assert first.split()[:3] == ["aaaaaaaaaa", "2026-05-28", "mixed"]
    assert "Claude Opus 4.5" in first
    assert first.endswith("Add a cache")
    assert "B  trailer: Co-authored-by: Claude Opus 4.5 <noreply@anthropic.com>" in rest[0]
    assert "does not count: dated before the tool could have left it" in rest[1]
    assert "agents are on record for 40 to 55 % of 120 added lines" in rest[2]
    assert "120 lines added, 48 by agents, 54 by people, 18 not known" in rest[3]
    assert "contested: human: I wrote it \\x1b[31m" in text
    assert words.FOOTNOTE in text.replace("\n", " ")


def test_signs_beyond_some_are_counted():
    one = replace(FULL, signs=(TRAILER,) * 9)
    assert "5 more signs" in written(table.Row(one, 1, ""))


def test_of_a_long_list_only_what_bears_something_is_shown():
    rows = [table.Row(plain(), 1, f"plain {n}") for n in range(table.ALL)]
    assert written(*rows).count("plain ") == table.ALL
    text = written(
        *rows, table.Row(FULL, 1, "this one"), table.Row(plain(Category.UNKNOWN), None, "and this")
    )
    assert text.count("plain ") == 0
    assert "this one" in text
    assert "and this" in text
    assert "Commits without any sign are not shown" in text


def test_every_line_fits_and_is_ascii_where_asked():
    hostile = replace(FULL, tool="\x1b]0;x\x07" * 50, model="", signs=(replace(TRAILER, seen="宽" * 200),))
    for width in (40, 80, 120):
        text = written(table.Row(hostile, 10**17, "s" * 5_000), width=width, unicode=False)
        assert text.isascii()
        assert "\x1b" not in text
        assert max(map(len, text.splitlines())) <= 3 * width  # two columns of Chinese are six of escapes


def test_colour_says_nothing_that_words_do_not():
    plainly = written(table.Row(FULL, 1, "s"))
    coloured = written(table.Row(FULL, 1, "s"), color=True)
    import re

    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured).split() == plainly.split()


def test_sums():
    text = written(
        commits=3,
        categories={Category.DECLARED: 2, Category.NONE: 1},
        tools={"claude": 2},
        contested=1,
        notes=("This clone is shallow.",),
    )
    assert "3 commits: 2 declared, 1 without a sign." in text
    assert "Tools: claude 2." in text
    assert "1 commit contested" in text
    assert "This clone is shallow." in text
    assert ID not in text
