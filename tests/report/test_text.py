"""Terminal text: says it well, stays bounded, fits the width, and never lets the change speak to the terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make import make_change, make_file
from make_verdict import (
    make_assessment,
    make_calm_verdict,
    make_failure,
    make_finding,
    make_shop_change,
    make_verdict,
)
from rich.cells import cell_len

from report.strategies import verdicts
from riskbot.domain.assessment import Band, Factor
from riskbot.domain.change import Omission, OmissionKind
from riskbot.domain.finding import Location, Severity, Side
from riskbot.domain.verdict import Clause, Outcome, Status
from riskbot.report import frames, text

SGR = re.compile(r"\x1b\[[0-9;]*m")


def test_the_verdict_and_the_score_come_first():
    lines = text.render(make_verdict()).splitlines()
    assert lines[0] == "HELD  The policy holds this change back."
    assert "YELLOW  riskier than 96 % of earlier changes" in lines[2]


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_its_word_and_only_an_allowed_one_has_nothing_to_mend(outcome):
    written = text.render(make_verdict(outcome=outcome))
    assert written.startswith(outcome.name)
    assert ("Mend this" in written) == (outcome is not Outcome.ALLOWED)


def test_only_the_clauses_that_hold_it_back_are_in_the_gist():
    held = text.render(make_verdict()).partition("Why this score")[0]
    assert "2 new findings of severity high; none is allowed" in held
    assert "up to yellow is allowed" not in held
    assert "not a weekend" not in held


def test_a_root_without_clauses_still_says_why():
    root = Clause("default", Status.ERROR, "every clause was skipped")
    assert "every clause was skipped" in text.render(make_verdict(outcome=Outcome.UNDECIDED, root=root))


def test_a_finding_is_shown_in_its_code_with_the_line_pointed_at():
    written = text.render(make_verdict())
    assert '\u276f 11 \u2502         query = f"SELECT' in written
    assert "shop/orders.py:11-13" in written
    assert "tests/test_auth.py:9-11  (before the change)" in written


def test_findings_that_do_not_count_are_counted_and_shown_when_asked():
    gist, full = text.render(make_verdict()), text.render(make_verdict(), explain=True)
    assert "1 finding was there before this change and 1 finding is silenced" in " ".join(gist.split())
    assert "py.weak-hash" not in gist
    assert "silenced by a nosem comment on line 15" in full
    assert "py.no-timeout" in full
    assert "there before this change" in full


def test_two_findings_of_the_same_lines_show_the_code_once():
    verdict = make_verdict()
    first = next(
        f for f in verdict.assessment.findings if f.location.line and f.introduced and not f.suppressed_by
    )
    second = replace(first, rule="another-rule", message="Another reason.", fingerprint="0" * 32)
    alone = replace(verdict, assessment=replace(verdict.assessment, findings=(first,)))
    both = replace(verdict, assessment=replace(verdict.assessment, findings=(first, second)))
    pointer = frames_of(text.render(alone))
    assert pointer == 1
    assert frames_of(text.render(both)) == 1
    assert "another-rule" in text.render(both)


def frames_of(words: str) -> int:
    """Count the code frames: each points at one line."""
    return words.count("\N{HEAVY RIGHT-POINTING ANGLE QUOTATION MARK ORNAMENT}")


def test_notes_are_counted_and_shown_when_asked():
    verdict = make_verdict()
    note = replace(verdict.assessment.findings[0], severity=Severity.INFO, message="Two helpers are new.")
    verdict = replace(verdict, assessment=replace(verdict.assessment, findings=(note,)))
    gist, full = text.render(verdict), text.render(verdict, explain=True)
    assert "Two helpers" not in gist
    assert "1 note on what was added, removed or moved; --explain shows it." in " ".join(gist.split())
    assert "Two helpers are new." in full


def test_a_yes_or_no_question_is_answered_in_a_word():
    assert re.search(r"says that it fixes a defect +no +", text.render(make_verdict(), explain=True))


def test_places_that_would_add_nothing_to_see_are_left_out():
    assessment = make_verdict().assessment
    hunks = tuple(replace(hunk, score=0.2 if at == 0 else 0.004) for at, hunk in enumerate(assessment.hunks))
    places = text.render(make_verdict(replace(assessment, hunks=hunks))).partition("Riskiest places")[2]
    assert "+0.20" in places
    assert "+0.00" not in places


@pytest.mark.parametrize("width", [40, 50, 60, 80, 120])
def test_the_score_is_readable_in_full_at_every_width(width):
    gist = " ".join(text.render(make_verdict(), width=width).split())
    assert "YELLOW riskier than 96 % of earlier changes Among the riskiest few: " in gist


def test_a_band_is_explained_unless_it_is_calm_or_was_raised():
    assert "Among the riskiest few: deserves a careful second look." in text.render(make_verdict())
    assert Band.GREEN.meaning.capitalize() not in text.render(make_calm_verdict())
    raised = text.render(make_verdict(make_assessment(band_note="Raised from green: semgrep failed.")))
    assert "Raised from green: semgrep failed." in raised
    assert "riskiest few" not in raised


def test_explain_adds_up_to_the_score():
    full = text.render(make_verdict(), explain=True)
    numbers = re.findall(r"([+\u2212]\d\.\d{4})$", full, re.MULTILINE)
    parts = [float(each.replace("\u2212", "-")) for each in numbers]
    assert len(parts) == 11
    assert sum(parts[:-1]) == pytest.approx(parts[-1], abs=1e-3)
    assert "probability of 31.2%" in full


def test_explain_shows_the_whole_policy_the_gates_the_notes_and_the_past():
    full = text.render(make_verdict(), explain=True)
    for words in (
        "up to yellow is allowed",
        "Gate weekend",
        "the clone is shallow",
        "it is not a weekend",
        "4,812 commits read",
    ):
        assert words in full


def test_what_was_not_analysed_and_what_failed_is_said():
    written = text.render(make_verdict(make_assessment(failures=(make_failure(),))))
    assert "Not analysed" in written
    assert "semgrep failed: it was killed after 60 seconds" in written
    assert "the clone is shallow: 50 commits deep (history)" in written


def test_a_calm_change_is_a_short_text():
    written = text.render(make_calm_verdict())
    assert written.startswith("ALLOWED")
    assert "1 commit, 1 file" in written
    assert len(written.splitlines()) < 40


def test_without_colour_there_is_no_escape_sequence_and_with_it_the_words_are_the_same():
    plain, colored = text.render(make_verdict()), text.render(make_verdict(), color=True)
    assert "\x1b" not in plain
    assert "\x1b[" in colored
    bare = SGR.sub("", colored).replace(" HELD ", "HELD", 1)
    assert [line.rstrip() for line in bare.replace("\u2501", "\u254c").splitlines()] == [
        line.rstrip() for line in plain.replace("\u2501", "\u254c").splitlines()
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("explain", [False, True])
def test_no_line_is_wider_than_the_terminal_or_ends_in_space(width, explain):
    for line in text.render(make_verdict(), width=width, explain=explain).splitlines():
        assert cell_len(line) <= width
        assert line == line.rstrip()


def test_ascii_is_ascii():
    assert text.render(make_verdict(), unicode=False, explain=True).isascii()


def many(number: int):
    """A change of so many files with a finding, an omission and a hunk each."""
    change = make_change({f"src/file_{n:04}.py": ("a\n", "b\n") for n in range(number)})
    findings = tuple(make_finding(path=file.path, line=1) for file in change.files)
    omissions = tuple(
        Omission(OmissionKind.TOO_LARGE, "gather", f"{n} bytes", f"x{n}") for n in range(number)
    )
    return make_verdict(make_assessment(change, findings=findings, omissions=omissions))


def test_three_thousand_files_stay_one_page_and_what_is_left_out_is_counted():
    written = text.render(many(3000))
    assert len(written.splitlines()) < 160
    assert "3,000 files" in written
    assert "and 2,980 more findings" in written
    assert "and 2,997 more places" in written
    assert "and 2,994 more things" in written


def test_numbers_and_nouns_agree():
    one = text.render(many(1))
    assert "1 file," in one
    assert "1 files" not in one


def test_a_line_of_a_million_characters_is_cut_and_a_tab_is_four_columns():
    change = make_change({"a.py": ("x = 0\n", "\ty = '" + "z" * 1_000_000 + "'\n")})
    written = text.render(
        make_verdict(make_assessment(change, findings=(make_finding(path="a.py", line=1),))), width=80
    )
    assert len(written) < 10_000
    assert "\u2502     y = 'zzz" in written


def test_wide_characters_count_as_two_columns():
    factor = Factor("x", "\u6f22\u5b57" * 30, 1.0, 0.5)
    for line in text.render(make_verdict(make_assessment(factors=(factor,))), width=60).splitlines():
        assert cell_len(line) <= 60


def test_without_the_contents_the_frame_comes_from_the_diff():
    file = make_file("a.py", "one\ntwo\nthree\n", "one\n2\nthree\n")
    change = replace(make_change({}), files=(replace(file, old=None, new=None),))
    new = frames.of_finding(change, Location("a.py", 2), ">")
    old = frames.of_finding(change, Location("a.py", 2, side=Side.OLD), ">")
    assert [(each.number, each.sign, each.code) for each in new] == [
        (1, "", "one"),
        (2, ">", "2"),
        (3, "", "three"),
    ]
    assert [each.code for each in old] == ["one", "two", "three"]
    assert frames.of_finding(change, Location("elsewhere.py", 2), ">") == []
    assert frames.of_finding(make_shop_change(), Location("shop/auth.py", 9_999), ">") == []


@given(
    st.lists(st.sampled_from(["a", "b\r", "", "\u00e9"]), max_size=12), st.integers(1, 14), st.integers(0, 5)
)
def test_a_slice_of_lines_is_what_splitting_gives(lines, start, more):
    content = "\n".join(lines).encode()
    expected = content.split(b"\n")
    if expected[-1] == b"":
        expected.pop()
    assert frames._slice(content, start, start + more) == expected[start - 1 : start + more]


def test_a_long_hunk_shows_where_it_is_densest_and_says_how_much_is_left():
    old = "".join(f"line {n}\n" for n in range(40))
    new = old.replace("line 0\n", "first\n").replace("line 5\n", "x\n")
    for n in range(10, 22):
        new = new.replace(f"line {n}\n", f"changed {n}\n")
    lines, left = frames.of_hunk(make_file("a.py", old, new).hunks[0])
    assert len(lines) == frames.HUNK_LINES
    assert left > 0
    assert all(line.sign for line in lines)


@pytest.mark.parametrize(("band", "note"), [(Band.RED, "raised: semgrep failed"), (Band.GREEN, "")])
def test_a_raised_band_says_why(band, note):
    written = text.render(make_verdict(make_assessment(band=band, band_note=note)))
    assert band.name in written
    assert note in written


@settings(max_examples=80, deadline=None)
@given(verdicts(), st.booleans(), st.booleans(), st.sampled_from([40, 100]))
def test_whatever_the_words_only_our_own_colours_reach_the_terminal(verdict, color, explain, width):
    written = text.render(verdict, color=color, explain=explain, width=width)
    written.encode("utf-8")
    rest = SGR.sub("", written) if color else written
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", rest
    )
    assert all(cell_len(line) <= width for line in rest.splitlines())
    colours = set(re.findall(r"\x1b\[([0-9;]*)m", written))
    assert all(
        int(part or 0) in {0, 1, 2, 3, 30, 31, 32, 33, 34, 36, 37, 41, 42, 43}
        for each in colours
        for part in each.split(";")
    )


@settings(max_examples=60, deadline=None)
@given(verdicts())
def test_whatever_the_words_ascii_is_ascii(verdict):
    assert text.render(verdict, unicode=False, explain=True).isascii()
