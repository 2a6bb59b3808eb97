"""Notes of git-ai: the standard's own shapes, what real notes do otherwise, and what attackers would."""

from __future__ import annotations

import json

import pytest
from clock import seconds
from hypothesis import given
from hypothesis import strategies as st

from riskbot.detect.authorship.notes import MAX_BYTES, MAX_RANGES, Entry, parse
from riskbot.domain.authorship import Kind

SESSION = "s_c9883b05a2487d"
TRACE = f"{SESSION}::t_9f8e7d6c5b4a32"
PERSON = "h_31dce776f88375"
OLD = "abcd1234abcd1234"


def agent(tool: str = "cursor", model: str = "some-model") -> dict[str, object]:
    return {"agent_id": {"tool": tool, "id": "secret-conversation", "model": model}}


def note(attested: str, **metadata: object) -> bytes:
    known = {"schema_version": "authorship/3.0.0", "base_commit_sha": "1" * 40, "prompts": {}} | metadata
    return f"{attested}---\n{json.dumps(known, indent=2)}".encode()


def test_all_three_kinds_of_keys_in_one_note():
    blob = note(
        f"src/main.py\n  {TRACE} 1-10,15\n  {PERSON} 20-22\nlib.py\n  {OLD} 1-50\n",
        sessions={SESSION: agent("claude", "m-1") | {"human_author": "nobody@example.org"}},
        humans={PERSON: {"author": "Nobody <nobody@example.org>"}},
        prompts={OLD: agent("cursor", "m-2") | {"messages_url": "https://example.org/secret"}},
    )
    read = parse(blob)
    assert read.error == ""
    assert read.problems == ()
    assert read.entries == (
        Entry("src/main.py", Kind.AGENT, ((1, 10), (15, 15)), "claude", "m-1"),
        Entry("src/main.py", None, ((20, 22),)),
        Entry("lib.py", Kind.AGENT, ((1, 50),), "cursor", "m-2"),
    )


def test_nothing_personal_leaves_the_parser():
    blob = note(
        f"a.py\n  {TRACE} 1\n  {PERSON} 2\n  {OLD} 3\n",
        sessions={SESSION: agent() | {"human_author": "PRIVATE", "custom_attributes": {"team": "PRIVATE"}}},
        humans={PERSON: {"author": "PRIVATE"}},
        prompts={
            OLD: agent() | {"human_author": "PRIVATE", "messages_url": "PRIVATE", "messages": ["PRIVATE"] * 9}
        },
    )
    said = repr(parse(blob))
    assert "PRIVATE" not in said
    assert "secret-conversation" not in said
    assert PERSON not in said


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("src/main.py", "src/main.py"),
        ('"src/my file.py"', "src/my file.py"),
        (r'"a \"b\".py"', 'a "b".py'),
        (r'"caf\303\251 one.py"', "café one.py"),
        (r'"a\tb.py"', "a\tb.py"),
        ("weiß.py", "weiß.py"),
    ],
)
def test_paths_with_blanks_and_escapes(line, path):
    assert [one.path for one in parse(note(f"{line}\n  {OLD} 1\n")).entries] == [path]


def test_bytes_that_are_no_text_stay_a_path():
    blob = note("PATH\n  abcd1234abcd1234 1\n").replace(b"PATH", b"\xff\xfe.py")
    assert parse(blob).entries[0].path.encode("utf-8", "surrogateescape") == b"\xff\xfe.py"


@pytest.mark.parametrize("key", ["abcd123", OLD, "94341aa7-fe48-4948-ab50-4fa9abb78651", SESSION])
def test_older_keys_are_an_agents_even_where_nobody_says_which(key):
    assert parse(note(f"a.py\n  {key} 1\n")).entries == (Entry("a.py", Kind.AGENT, ((1, 1),)),)


@pytest.mark.parametrize("key", ["human", "ai_agent", "s_xyz", "H_31dce776f88375", "h_31", "abcd", f"{OLD}0"])
def test_a_key_of_no_known_form_attests_nothing(key):
    read = parse(note(f"a.py\n  {key} 1-9\n  {OLD} 12\n"))
    assert [one.ranges for one in read.entries] == [((12, 12),)]
    assert read.problems == ("a key of no known form",)


def test_the_tools_own_names_become_the_catalogues():
    for said, known in (("github-copilot", "copilot"), ("droid", "factory"), ("Claude Code", "claude")):
        blob = note(f"a.py\n  {TRACE} 1\n", sessions={SESSION: agent(said)})
        assert parse(blob).entries[0].tool == known


@pytest.mark.parametrize("tool", ["", "a" * 200, "two words", "\x1b[31m", "../x", "<b>"])
def test_a_strange_name_of_a_tool_is_none(tool):
    blob = note(f"a.py\n  {TRACE} 1\n", sessions={SESSION: agent(tool, "\x1b[31mred")})
    assert (parse(blob).entries[0].tool, parse(blob).entries[0].model) == ("", "")


@pytest.mark.parametrize(
    ("ranges", "kept"),
    [
        ("5-4", ()),
        ("0", ()),
        ("0-3,7", ((7, 7),)),
        ("1-99999999", ()),
        ("3,1-2", ((3, 3), (1, 2))),
        ("1-9,2-4,2-4", ((1, 9), (2, 4), (2, 4))),
    ],
)
def test_ranges_that_make_no_sense_are_passed_over(ranges, kept):
    read = parse(note(f"a.py\n  {OLD} {ranges}\n"))
    assert tuple(pair for one in read.entries for pair in one.ranges) == kept
    assert bool(read.problems) == (len(kept) < ranges.count(",") + 1)


@pytest.mark.parametrize(
    "ranges", ["", "a", "1,", "1-", "-1", "1--2", "1 2", "9" * 5000, "1,2,", "\uff11", "1-2-3", "+1"]
)
def test_ranges_that_cannot_be_read_are_a_problem(ranges):
    read = parse(note(f"a.py\n  {OLD} {ranges}\n"))
    assert read.entries == ()
    assert read.problems == ("ranges that cannot be read",)


def test_entries_of_no_file_and_paths_without_an_end():
    read = parse(note(f'  {OLD} 1\n"open\n  {OLD} 2\nb.py\n {OLD} 3\n'))
    assert read.entries == ()
    assert set(read.problems) == {
        "lines of no file",
        "a path whose quotes are not closed",
        "ranges that cannot be read",
    }


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"hello",
        b"a.py\n  abcd1234abcd1234 1\n",
        b"---\n",
        b"---\nnull",
        b"---\n[]",
        b"---\n{",
        b"---\n{}",
        b'---\n{"schema_version": 3}',
        b'---\n{"schema_version": "authorship/2.0.0"}',
        b'---\n{"schema_version": "authorship/4.0.0"}',
        b'---\n{"schema_version": "authorship/3.0.0\\n"}',
        b"a.py\n ---\n" + b'{"schema_version": "authorship/3.0.0"}',
        b'---\n{"schema_version": "authorship/3.0.0", "prompts": []}',
        b'---\n{"schema_version": "\xff"}',
        b"---\n" + b"[" * 200_000,
        b'---\n{"schema_version": "authorship/3.0.0", "x": ' + b'{"a":' * 200_000,
    ],
)
def test_what_is_no_note_is_an_error_and_never_a_crash(blob):
    read = parse(blob)
    assert read.error
    assert read.entries == ()


def test_empty_notes_and_null_maps_say_nothing():
    read = parse(b'---\n{"schema_version": "authorship/3.1.2", "prompts": null, "sessions": null}')
    assert (read.error, read.entries, read.problems) == ("", (), ())


def test_a_record_of_another_shape_names_no_tool():
    for record in ("text", 7, None, {"agent_id": "cursor"}, {"agent_id": {"tool": 7}}, {}):
        read = parse(note(f"a.py\n  {TRACE} 1\n", sessions={SESSION: record}))
        assert read.entries == (Entry("a.py", Kind.AGENT, ((1, 1),)),)


def test_a_divider_in_the_metadata_does_not_count():
    blob = note(f"a.py\n  {OLD} 1\n") + b"\n---\nb.py\n"
    assert parse(blob).error  # what follows the JSON object is no JSON


def test_large_notes_are_refused_before_they_are_read():
    assert "bytes" in parse(b"x" * (MAX_BYTES + 1)).error
    many = note("a.py\n  " + OLD + " " + ",".join(["1"] * (MAX_RANGES + 2)) + "\n")
    assert "ranges" in parse(many).error


def test_a_note_of_the_greatest_size_takes_little_time():
    half = MAX_RANGES // 2
    blob = note("a.py\n" + f"  {OLD} 1\n" * half, prompts={OLD: agent() | {"messages": ["x" * 5_000_000]}})
    assert len(parse(blob).entries) == half
    assert seconds(lambda: parse(blob)) < 1.5


@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise(blob):
    parse(blob)
    parse(blob + b"\n---\n" + b'{"schema_version": "authorship/3.0.0"}')


@given(
    st.lists(st.tuples(st.integers(1, 9000), st.integers(0, 50)), min_size=1, max_size=30),
    st.text(st.characters(exclude_characters='\n"\\', exclude_categories=["Cs"]), min_size=1, max_size=20),
)
def test_what_is_written_is_read(pairs, name):
    ranges = tuple((start, start + more) for start, more in pairs)
    said = ",".join(f"{start}-{end}" if end > start else str(start) for start, end in ranges)
    blob = note(f'"{name}"\n  {TRACE} {said}\n', sessions={SESSION: agent()})
    assert parse(blob).entries == (Entry(name, Kind.AGENT, ranges, "cursor", "some-model"),)
