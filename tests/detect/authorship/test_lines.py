"""Attribution line by line: added lines and what a note says of them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from clock import seconds
from hypothesis import given, settings
from hypothesis import strategies as st
from make import make_change, make_file

from riskbot.detect.authorship.lines import attribution, owned, spans
from riskbot.detect.authorship.notes import Entry
from riskbot.detect.authorship.traced import at_head
from riskbot.domain.authorship import FileAuthorship, Kind, Share, Span, Tier
from riskbot.domain.change import FileDiff, Provenance

ID = "c" * 40
FIRST, SECOND = "s_11111111111111", "s_22222222222222"
CLAUDE, CURSOR = f"{FIRST}::t_aaaaaaaaaaaaaa", f"{SECOND}::t_bbbbbbbbbbbbbb"
PERSON = "h_33333333333333"


def note(attested: str, first: str = "claude", second: str = "cursor") -> bytes:
    sessions = {
        FIRST: {"agent_id": {"tool": first, "id": "1", "model": "m-1"}},
        SECOND: {"agent_id": {"tool": second, "id": "2", "model": "m-2"}},
    }
    known = {"schema_version": "authorship/3.0.0", "base_commit_sha": ID, "prompts": {}, "sessions": sessions}
    return f"{attested}---\n{json.dumps(known)}".encode()


def added(path: str = "a.py", lines: int = 10, kept: int = 0) -> FileDiff:
    """Make a file with ``kept`` old lines and ``lines`` new ones behind them."""
    old = "".join(f"old {n}\n" for n in range(kept))
    new = old + "".join(f"new {n}\n" for n in range(lines))
    return make_file(path, old if kept else None, new)


def test_added_lines_are_an_agents_a_persons_or_nobodys():
    told = attribution(ID, note(f"a.py\n  {CLAUDE} 1-4\n  {CURSOR} 6\n  {PERSON} 7-8\n"), (added(),))
    assert told.share == Share(0.5, 0.8, 10)
    assert told.files == (
        FileAuthorship(
            "a.py",
            10,
            5,
            2,
            (
                Span(1, 4, Kind.AGENT, "claude", "m-1"),
                Span(6, 6, Kind.AGENT, "cursor", "m-2"),
                Span(7, 8, None),
            ),
            ID,
        ),
    )
    assert [(sign.tool, sign.model, sign.seen, sign.counts) for sign in told.signs] == [
        ("claude", "m-1", "claude, m-1: 4 of 10 added lines", True),
        ("cursor", "m-2", "cursor, m-2: 1 of 10 added lines", True),
    ]
    assert {(sign.tier, sign.kind, sign.channel, sign.spoofable, sign.commit) for sign in told.signs} == {
        (Tier.A, Kind.AGENT, "notes", True, ID)
    }


def test_lines_that_the_commit_did_not_add_are_older_and_count_for_nothing():
    told = attribution(ID, note(f"a.py\n  {CLAUDE} 1-20\n"), (added(lines=5, kept=20),))
    assert told.signs == ()
    assert told.share == Share(0.0, 1.0, 5)
    assert told.files == (FileAuthorship("a.py", 5, 0, 0, (), ID),)


def test_a_known_person_alone_is_no_sign_of_anything():
    told = attribution(ID, note(f"a.py\n  {PERSON} 1-10\n"), (added(),))
    assert told.signs == ()
    assert told.share == Share(0.0, 0.0, 10)


def test_untracked_lines_are_not_a_persons():
    told = attribution(ID, note(""), (added(),))
    assert (told.signs, told.files, told.share) == ((), (), Share(0.0, 1.0, 10))


@pytest.mark.parametrize(
    "path", ["uv.lock", "vendor/x.py", "web/app.min.js", "go.sum", "t/__snapshots__/a.snap", "x_pb2.py"]
)
def test_generated_files_do_not_count(path):
    told = attribution(ID, note(f"{path}\n  {CLAUDE} 1-10\na.py\n  {PERSON} 1\n"), (added(path), added()))
    assert told.share == Share(0.0, 0.9, 10)
    assert [(sign.counts, sign.note) for sign in told.signs] == [(False, "only in generated files")]
    assert told.files[0].agent == 10


def test_nothing_but_generated_files_has_no_share():
    assert attribution(ID, note(f"uv.lock\n  {CLAUDE} 1-10\n"), (added("uv.lock"),)).share is None


def test_a_name_that_only_tests_write_is_no_tool():
    told = attribution(ID, note(f"a.py\n  {CLAUDE} 1-10\n", first="mock_ai"), (added(),))
    assert [sign.counts for sign in told.signs] == [False]
    assert told.share == Share(0.0, 1.0, 10)
    assert told.files[0].agent == 0


def test_a_merge_or_an_unread_diff_shows_its_note_without_counting():
    told = attribution(ID, note(f"a.py\n  {CLAUDE} 1-10\n  {PERSON} 11\n"), None)
    assert [(sign.tool, sign.counts) for sign in told.signs] == [("claude", False)]
    assert "not known" in told.signs[0].note
    assert (told.share, told.files) == (None, ())


def test_what_is_no_note_is_said_and_signs_nothing():
    told = attribution(ID, b"garbage", (added(),))
    assert (told.signs, told.files, told.share) == ((), (), None)
    assert told.omitted == (
        f"the authorship note of {ID[:12]} was not read: the note has no line --- between its two parts",
    )


def test_what_is_passed_over_in_a_note_is_said():
    told = attribution(ID, note(f"a.py\n  human 1-3\n  {CLAUDE} 4\n"), (added(),))
    assert told.omitted == (f"the authorship note of {ID[:12]} has a key of no known form",)
    assert told.share == Share(0.1, 1.0, 10)


def test_deleted_files_and_files_of_other_names_are_left_out():
    gone = make_file("gone.py", "x\n", None)
    told = attribution(ID, note(f"gone.py\n  {CLAUDE} 1\nother.py\n  {CLAUDE} 1-9\n"), (gone, added()))
    assert (told.signs, told.files) == ((), ())


def test_the_later_entry_holds_and_an_agent_before_a_person():
    first = Entry("a.py", Kind.AGENT, ((1, 6),), "claude")
    second = Entry("a.py", Kind.AGENT, ((4, 8),), "cursor")
    person = Entry("a.py", None, ((1, 10),))
    owners = owned(range(1, 11), [first, second, person])
    assert [owners[n][1] for n in (1, 3, 4, 8, 9, 10)] == ["claude", "claude", "cursor", "cursor", "", ""]
    assert [(one.start, one.end, one.tool) for one in spans(owners)] == [
        (1, 3, "claude"),
        (4, 8, "cursor"),
        (9, 10, ""),
    ]


@settings(max_examples=60)
@given(
    st.sets(st.integers(1, 60), max_size=40),
    st.lists(
        st.tuples(
            st.booleans(), st.sampled_from("xyz"), st.lists(st.tuples(st.integers(1, 60), st.integers(0, 30)))
        ),
        max_size=8,
    ),
)
def test_owners_are_those_of_a_plain_reading(lines, said):
    """Against painting line by line: people first, then agents, each over the one before."""
    entries = [
        Entry("a", Kind.AGENT if agent else None, tuple((a, a + n) for a, n in pairs), tool)
        for agent, tool, pairs in said
    ]
    plain: dict[int, str] = {}
    for kind in (None, Kind.AGENT):
        for entry in entries:
            if entry.kind is kind:
                plain |= {n: entry.tool for a, b in entry.ranges for n in range(a, b + 1) if n in lines}
    owners = owned(sorted(lines), entries)
    assert {line: tool for line, (_, tool, _) in owners.items()} == plain
    covered = [n for span in spans(owners) for n in range(span.start, span.end + 1)]
    assert sorted(covered) == sorted(plain)


def test_ranges_that_overlap_a_thousandfold_take_no_longer():
    entry = Entry("a", Kind.AGENT, tuple((1, 100_000) for _ in range(50_000)), "claude")
    lines = range(1, 100_001)
    assert seconds(lambda: owned(lines, [entry])) < 1


def test_spans_are_given_in_the_heads_numbers_where_the_version_is_the_heads():
    head = replace(added(lines=6, kept=4), new_blob="1" * 40)
    same, other = replace(head), replace(head, new_blob="2" * 40)
    change = replace(make_change({}), files=(head,))
    told = attribution(ID, note(f"a.py\n  {CLAUDE} 1-7\n"), (same,))
    with_same = replace(change, provenance=Provenance(patches=((ID, (same,)),)))
    assert at_head(with_same, told.files) == (
        FileAuthorship("a.py", 6, 3, 0, (Span(5, 7, Kind.AGENT, "claude", "m-1"),)),
    )
    with_other = replace(change, provenance=Provenance(patches=((ID, (other,)),)))
    assert at_head(with_other, told.files) == ()
