"""Agent Trace records: believed where the content checks, shown where it does not, never echoed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from clock import seconds
from hypothesis import given
from hypothesis import strategies as st
from make import make_change, make_file

from riskbot.detect.authorship import catalogue
from riskbot.detect.authorship.change import authorship
from riskbot.detect.authorship.hashed import Checker, murmur3
from riskbot.detect.authorship.traced import Traced, traced
from riskbot.detect.authorship.traces import MAX_BYTES, MAX_CLAIMS, parse
from riskbot.domain.authorship import Category, FileAuthorship, Kind, Share, Span, Tier
from riskbot.domain.change import Actor, Change, Commit, Provenance

PARENT, HEAD = "b" * 40, "a" * 40
PATH = ".agent-trace/traces.jsonl"


def record(*ranges: dict[str, object], **other: object) -> bytes:
    """Make a record the way the reference code does, for src/a.py."""
    conversation = {
        "url": "file:///home/somebody/PRIVATE.jsonl",
        "contributor": {"type": "ai", "model_id": "vendor/model-1"},
        "ranges": list(ranges),
        "related": [{"type": "session", "url": "https://example.org/PRIVATE"}],
    }
    one = {
        "version": "1.0",
        "id": "550e8400-e29b-41d4-a716-446655440000",
        "timestamp": "2026-01-23T14:30:00Z",
        "vcs": {"type": "git", "revision": PARENT},
        "tool": {"name": "claude-code"},
        "files": [{"path": "src/a.py", "conversations": [conversation]}],
        "metadata": {"command": "PRIVATE"},
    } | other
    return json.dumps(one).encode()


def lines(start: int, end: int, **other: object) -> dict[str, object]:
    return {"start_line": start, "end_line": end} | other


def hashed(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def change(*blobs: bytes, new: str = "old\none\ntwo\nthree\n") -> Change:
    who = Actor("Ada Example", "ada@example.org")
    commit = Commit(HEAD, "t" * 40, (PARENT,), who, who, 1_790_000_000, 1_790_000_000, "change")
    told = Provenance(
        traces=tuple((f".agent-trace/{n}.jsonl", blob) for n, blob in enumerate(blobs)),
        lines=((HEAD, (("src/a.py", 3),)),),
    )
    files = (make_file("src/a.py", "old\n", new),)
    return replace(make_change({}), files=files, commits=(commit,), provenance=told)


def test_a_range_whose_content_checks_is_attested():
    told = traced(change(record(lines(2, 3, content_hash=hashed("one\ntwo")))))
    assert [(s.tool, s.model, s.tier, s.counts, s.channel) for s in told.signs] == [
        ("claude", "vendor/model-1", Tier.A, True, "trace")
    ]
    assert told.files == (
        FileAuthorship("src/a.py", 3, 2, 0, (Span(2, 3, Kind.AGENT, "claude", "vendor/model-1"),)),
    )


@pytest.mark.parametrize("text", ["one\ntwo", "one\ntwo\n"])
def test_murmur3_checks_with_and_without_the_last_line_feed(text):
    told = traced(change(record(lines(2, 3, content_hash=f"murmur3:{murmur3(text.encode())}"))))
    assert [sign.counts for sign in told.signs] == [True]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "00000000"),
        (b"test", "ba6bd213"),
        (b"Hello, world!", "c0363e43"),
        (b"The quick brown fox jumps over the lazy dog", "2e4ff723"),
        (b"\xff\xff\xff\xff", "76293b50"),
        (b"\x21\x43\x65\x87", "f55b516b"),
        (b"\x21\x43\x65", "7e4a8634"),
    ],
)
def test_murmur3_is_the_published_function(data, expected):
    """Vectors for MurmurHash3_x86_32 with seed 0 that several implementations publish."""
    assert murmur3(data) == expected


def test_content_that_moved_is_found_where_added_lines_begin():
    told = traced(change(record(lines(40, 41, content_hash=hashed("one\ntwo")))))
    assert told.files[0].spans == (Span(2, 3, Kind.AGENT, "claude", "vendor/model-1"),)


@pytest.mark.parametrize(
    "given", [lines(1, 3), lines(2, 3, content_hash=hashed("other")), lines(2, 3, content_hash="md5:1")]
)
def test_a_range_that_does_not_check_is_shown_and_does_not_count(given):
    told = traced(change(record(given)))
    assert [(sign.tier, sign.counts) for sign in told.signs] == [(Tier.C, False)]
    assert told.files == ()


def test_a_record_of_another_commit_that_does_not_check_says_nothing():
    older = record(lines(1, 3), vcs={"type": "git", "revision": "d" * 40})
    foreign = record(lines(1, 3), vcs={"type": "jj", "revision": PARENT})
    assert traced(change(older, foreign)) == Traced()


def test_lines_that_the_change_did_not_add_are_older():
    assert traced(change(record(lines(1, 1, content_hash=hashed("old"))))).signs == ()


def test_people_and_mixed_ranges():
    person = lines(2, 2, content_hash=hashed("one"), contributor={"type": "human"})
    mixed = lines(3, 3, content_hash=hashed("two"), contributor={"type": "mixed", "model_id": "m"})
    told = traced(change(record(person, mixed)))
    assert told.files == (FileAuthorship("src/a.py", 3, 0, 1, (Span(2, 2, None),)),)
    assert [(sign.model, sign.note) for sign in told.signs] == [("m", "with a person, as the record says")]


def test_addresses_and_commands_never_leave_the_parser():
    told = change(record(lines(1, 3)), record(lines(2, 3, content_hash=hashed("one\ntwo"))))
    assert "PRIVATE" not in repr(traced(told))
    assert "PRIVATE" not in repr(parse(told.provenance.traces[0][1]))


def test_one_record_may_stand_alone_over_many_lines():
    pretty = json.dumps(json.loads(record(lines(2, 3, content_hash=hashed("one\ntwo")))), indent=2).encode()
    assert traced(change(pretty)).files[0].agent == 2


def test_what_is_no_file_is_passed_over():
    files = [
        {
            "path": ".shell-history",
            "conversations": [{"contributor": {"type": "ai"}, "ranges": [lines(1, 1)]}],
        }
    ]
    assert parse(record(files=files)) == parse(b"")


@pytest.mark.parametrize("version", ["0.1.0", "0.1", "1.0", "1.0.0"])
def test_versions_as_they_are_written(version):
    assert parse(record(lines(1, 2), version=version)).claims


@pytest.mark.parametrize("version", ["2.0", "1", "", "v1.0", "0.1.0\n", 1.0])
def test_other_versions_are_a_problem(version):
    read = parse(record(lines(1, 2), version=version))
    assert (read.claims, len(read.problems)) == ((), 1)


@pytest.mark.parametrize(
    "given",
    [
        lines(0, 3),
        lines(5, 4),
        lines(-1, 1),
        lines(1, 10**30),
        lines("1", 2),
        lines(1, 2, content_hash=7),
        {"start_line": 1},
    ],
)
def test_ranges_that_make_no_sense_are_a_problem_or_check_nothing(given):
    told = traced(change(record(given)))
    assert told.files == ()
    assert not any(sign.counts for sign in told.signs)


def test_a_line_that_cannot_be_read_spoils_no_other():
    good = record(lines(2, 3, content_hash=hashed("one\ntwo")))
    told = traced(change(b"\n".join([b"{", good, b"\xff", b"[" * 100_000, b"", b"null"])))
    assert told.files[0].agent == 2
    assert told.omitted == (".agent-trace/0.jsonl has a record that cannot be read",)


def test_large_files_are_bounded():
    assert parse(b"x" * (MAX_BYTES + 1)).problems
    many = record(*[lines(n + 1, n + 1) for n in range(MAX_CLAIMS + 1)])
    read = parse(many)
    assert len(read.claims) == MAX_CLAIMS
    assert read.claims[-1].start == MAX_CLAIMS + 1
    assert len(read.problems) == 1


def test_checking_is_bounded():
    new = "old\n" + "x" * 100_000 + "\n" + "".join(f"{n}\n\n" for n in range(300))
    ranges = [lines(2, 2, content_hash="murmur3:00000000") for _ in range(2_000)]
    told = change(record(*ranges), new=new)
    assert seconds(lambda: traced(told), tries=1) < 5
    assert "over the limit" in traced(told).omitted[-1]


def test_the_budget_is_kept():
    checker = Checker(left=40)
    assert checker.fits([b"one\n"], hashed("one"))
    assert not checker.fits([b"x" * 40], hashed("x" * 40))
    assert checker.left < 0


def test_a_change_that_only_traces_attest_is_mixed_where_they_cover_a_part():
    shipped = catalogue.shipped()
    part = authorship(change(record(lines(2, 3, content_hash=hashed("one\ntwo")))), shipped)
    assert (part.category, part.attested, part.tools) == (Category.MIXED, True, ("claude",))
    assert part.share == Share(2 / 3, 1.0, 3)
    whole = authorship(change(record(lines(2, 4, content_hash=hashed("one\ntwo\nthree")))), shipped)
    assert (whole.category, whole.share) == (Category.ATTESTED, Share(1.0, 1.0, 3))
    none = authorship(change(record(lines(1, 3))), shipped)
    assert (none.category, none.attested) == (Category.NONE, False)


def test_without_traces_nothing_is_done():
    assert traced(replace(change(), provenance=None)) == Traced()


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(blob):
    parse(blob)
    traced(change(blob))
