"""The document and the lines: what the schemas say, whatever is in them."""

from __future__ import annotations

import json

import jsonschema
import pytest

from report.authored.make_authored import FULL, ID, plain
from riskbot.domain.authorship import Category
from riskbot.domain.schemas import portable
from riskbot.report.authored import document


def parsed(one, at=1_780_000_000):
    text = document.line(one, at)
    assert "\n" not in text
    assert "\x1b" not in text
    found = json.loads(text)
    jsonschema.validate(found, portable(document.line_schema()))
    return found


def test_a_commit_without_a_sign():
    found = parsed(plain())
    assert list(found)[:5] == ["commit", "category", "tool", "confidence", "evidence"]
    assert found["commit"] == ID
    assert found["category"] == "none"
    assert found["evidence"] == []
    empty = ("tool", "confidence", "model", "share", "probability")
    assert [found[key] for key in empty] == [None] * 5


def test_everything_that_is_known():
    found = parsed(FULL)
    assert (found["category"], found["tool"], found["confidence"]) == ("mixed", "claude", 0.97)
    first, second = found["evidence"]
    assert list(first) == [
        *("channel", "seen", "tool", "model", "tier", "kind", "counts", "spoofable", "anachronistic"),
        *("signature", "path", "note"),
    ]
    assert (first["tier"], first["kind"], first["counts"]) == ("B", "agent", True)
    assert (second["anachronistic"], second["tool"], second["path"]) == (True, None, "caf\\xe9")
    assert found["share"] == {"low": 0.4, "high": 0.55, "lines": 120}
    assert found["files"][0]["path"] == "a\\\\b.py"
    assert [span["kind"] for span in found["files"][0]["spans"]] == ["agent", "person"]
    assert found["corrections"][0]["says"] == "human"
    assert found["note"] == "something \ufffd"


def test_a_time_that_is_not_known():
    assert parsed(plain(Category.UNKNOWN), None)["committed_at"] is None


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_document_is_written_in_pieces_and_is_one(count):
    summed = []

    def sums():
        summed.append(1)
        yield document.SummaryEntry(
            commits=count,
            categories=dict.fromkeys(Category, 0),
            tools={"claude": count},
            contested=0,
            notes=("a note",),
        )

    def entries():
        for _ in range(count):
            assert not summed, "the sums are asked for last"
            yield document.line(FULL, 1)

    pieces = document.written(
        entries(), version="1.0", repository='odd "name"\n', origin="HEAD~1..HEAD", sums=sums()
    )
    found = json.loads("".join(pieces))
    jsonschema.validate(found, portable(document.schema()))
    assert found["repository"] == 'odd "name"\n'
    assert len(found["commits"]) == count
    assert found["summary"]["tools"] == {"claude": count}
