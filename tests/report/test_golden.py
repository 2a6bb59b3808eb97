"""What each format writes of one believable change, kept as files so that a difference can be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from make_verdict import make_verdict

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


@pytest.mark.parametrize("name", GOLDEN)
def test_the_format_writes_what_the_file_says(name):
    written = render(make_verdict(), **GOLDEN[name]).replace(__version__, "VERSION")
    path = DATA / name
    if os.environ.get("GOLDEN") == "write":
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8")
