"""Markdown: compact, folded, bounded, and nothing of it written by the change."""

from __future__ import annotations

import re

from hypothesis import given, settings
from make import make_change
from make_verdict import make_assessment, make_calm_verdict, make_failure, make_finding, make_verdict
from markdown_it import MarkdownIt

from report.strategies import verdicts
from riskbot.domain.change import Omission, OmissionKind
from riskbot.domain.finding import Evidence, Severity
from riskbot.domain.verdict import Clause, Outcome, Status
from riskbot.report import markdown

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OURS = {"<details>", "<details open>", "</details>", "<summary>", "</summary>", "<sub>", "</sub>", "<br>"}


def everything(text: str):
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


def test_the_verdict_is_the_heading_and_the_findings_are_a_table():
    written = markdown.render(make_verdict())
    assert written.startswith(
        "## riskbot: \u26d4 held\n\n\U0001f7e1 **yellow**: riskier than 96 % of earlier changes."
    )
    kinds = [token.type for token in everything(written)]
    assert kinds.count("table_open") == 3  # the reasons, the findings, the kinds of risk
    assert "`shop/orders.py:11-13`" in written
    assert "1 finding there before this change, 1 silenced finding" in written


def test_an_allowed_change_has_nothing_holding_it_back_and_no_empty_parts():
    written = markdown.render(make_calm_verdict())
    assert "allowed" in written
    assert "What holds it back" not in written
    assert "Findings" not in written
    assert "Not analysed" not in written


def test_notes_are_folded_away_and_not_counted_as_findings():
    note = make_finding(
        "structure.definitions-added", "a.py", 1, "Two helpers are new.", severity=Severity.INFO
    )
    written = markdown.render(make_verdict(make_assessment(findings=(note,))))
    assert "new</summary>" not in written
    assert "<details><summary>1 note on what was added, removed or moved</summary>" in written
    assert "Two helpers are new." in written


def test_an_undecided_change_is_not_said_to_be_held():
    written = markdown.render(make_verdict(outcome=Outcome.UNDECIDED))
    assert "**What could not be decided**" in written
    assert "What holds it back" not in written


def test_failures_are_not_folded_away():
    written = markdown.render(
        make_verdict(make_assessment(failures=(make_failure(),)), outcome=Outcome.UNDECIDED)
    )
    assert "<details open><summary>Not analysed: 2 things</summary>" in written
    assert "**semgrep failed**" in written


def test_a_fence_cannot_be_left_from_inside():
    change = make_change({"a.md": ("", "```\n</details>\n`````\n# owned\n")})
    fences = [
        token
        for token in everything(markdown.render(make_verdict(make_assessment(change))))
        if token.type == "fence"
    ]
    assert len(fences) == 1
    assert "+# owned" in fences[0].content


def large(words: str):
    """A verdict with far more than a comment holds, said in long words."""
    change = make_change({f"{words}{n}": ("a\n" * 40, "b\n" * 40) for n in range(200)})
    findings = tuple(make_finding(words, words, 1, words, evidence=(Evidence(words),)) for _ in range(500))
    omissions = tuple(Omission(OmissionKind.BINARY, words, words, f"{words}{n}") for n in range(500))
    clauses = tuple(Clause(words, Status.PENDING, words, (words,) * 20) for _ in range(50))
    root = Clause("default", Status.PENDING, words, clauses=clauses)
    return make_verdict(
        make_assessment(change, findings=findings, omissions=omissions, band_note=words), root=root
    )


def test_it_stays_under_githubs_limit_and_says_that_it_was_cut():
    for words in ("word " * 2000, "@a|`" * 2000, "\U0001f600" * 5000, "\x1b" * 5000, "<" * 9000):
        written = markdown.render(large(words))
        assert len(written.encode("utf-16-le")) // 2 <= 65_000
        assert written.count("<details") == written.count("</details>")
    assert "_Cut to fit: " in written


@settings(max_examples=80, deadline=None)
@given(verdicts())
def test_whatever_the_words_all_markup_is_ours(verdict):
    written = markdown.render(verdict)
    written.encode("utf-8")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", written)
    for token in everything(written):
        assert token.type not in {"link_open", "image", "heading_open"} or token.tag == "h2"
        if token.type in {"html_inline", "html_block"}:
            assert set(re.findall(r"<[^>]*>", token.content)) <= OURS
        if token.type == "text":
            assert not re.search(r"@\w|#\w|://|www\.", token.content)
    assert sum(token.type == "heading_open" for token in everything(written)) == 1
    tags = "".join(token.content for token in everything(written) if token.type.startswith("html"))
    assert tags.count("<details") == tags.count("</details>")
