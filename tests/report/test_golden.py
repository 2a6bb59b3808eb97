"""What each format writes of one believable change, kept as files so that a difference can be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from make_authorship import make_agents_verdict
from make_verdict import make_people_verdict, make_verdict

from riskbot import __version__
from riskbot.report import render

DATA = Path(__file__).parent / "data"
GOLDEN = {
    "shop.txt": {"format": "text"},
    "shop.explain.txt": {"format": "text", "explain": True},
    "shop.ascii.txt": {"format": "text", "unicode": False, "width": 72},
    "shop.ansi": {"format": "text", "color": True},
    "shop.json": {"format": "json"},
    "shop.jsonl": {"format": "jsonl"},
    "shop.md": {"format": "markdown"},
    "shop.sarif": {"format": "sarif"},
}
AGENTS = {name.replace("shop", "agents"): how for name, how in GOLDEN.items()}
PEOPLE = {name.replace("shop", "people"): how for name, how in GOLDEN.items()}


def test_the_report_of_a_pull_request_says_the_same_of_its_people():
    written = render(make_people_verdict(), format="markdown")
    for word in ("awaits review", "Who has to approve", "carol", "alice", "fresh"):
        assert word in written


@pytest.mark.parametrize("name", PEOPLE)
def test_people_are_written_as_the_file_says(name):
    written = render(make_people_verdict(), **PEOPLE[name]).replace(__version__, "VERSION")
    path = DATA / name
    if os.environ.get("GOLDEN") == "write":
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", GOLDEN)
def test_the_format_writes_what_the_file_says(name):
    written = render(make_verdict(), **GOLDEN[name]).replace(__version__, "VERSION")
    path = DATA / name
    if os.environ.get("GOLDEN") == "write":
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", AGENTS)
def test_agents_are_written_as_the_file_says(name):
    written = render(make_agents_verdict(), **AGENTS[name]).replace(__version__, "VERSION")
    path = DATA / name
    if os.environ.get("GOLDEN") == "write":
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8")
