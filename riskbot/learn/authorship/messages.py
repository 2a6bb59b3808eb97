"""Numbers about a commit's message and outline, kept apart from those about its code, and never served.

They say how far a message gives an agent away. What names a tool is cut out first: trailers, footers and
lines with a link to one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from riskbot.domain.change import Commit

PREFIX = "m."
_TRAILER = re.compile(r"^[A-Za-z][\w-]*:\s|^Signed-off-by", re.MULTILINE)
_FOOTER = re.compile(
    r"generated|written by|made with|co-authored|claude|copilot|cursor|devin|codex|gemini|aider|openhands"
    r"|amp\b|jules|https?://|\U0001f916",
    re.IGNORECASE,
)
_SCOPE = re.compile(r"^(?:feat|fix|docs|test|tests|chore|refactor|perf|ci|build|style)(?:\([^)]*\))?!?:")
_NUMBER = re.compile(r"#\d+|\bgh-\d+", re.IGNORECASE)
_PAST = re.compile(r"^\W*(?:\w+ed)\b", re.IGNORECASE)
_BULLET = re.compile(r"^\s*[-*\u2022]\s|^\s*\d+[.)]\s")


def message(commit: Commit) -> dict[str, float]:
    """Measure a message without the lines that name a tool."""
    subject, _, rest = commit.message.partition("\n")
    body = [
        line
        for line in rest.splitlines()
        if line.strip() and not _FOOTER.search(line) and not _TRAILER.match(line)
    ]
    text = "\n".join([subject, *body])
    words = subject.split()
    return {
        "subject_length": float(len(subject)),
        "subject_words": float(len(words)),
        "subject_capital": float(subject[:1].isupper()),
        "subject_period": float(subject.rstrip().endswith(".")),
        "subject_scope": float(bool(_SCOPE.match(subject))),
        "subject_past": float(bool(_PAST.match(subject))),
        "body_lines": float(len(body)),
        "body_words": float(sum(len(line.split()) for line in body)),
        "bullets": float(sum(bool(_BULLET.match(line)) for line in body)),
        "ticks": float(text.count("`")),
        "numbers": float(len(_NUMBER.findall(text))),
        "headings": float(sum(line.startswith(("#", "**")) for line in body)),
        "symbols": float(sum("\u2010" <= char <= "\u2bff" or char >= "\U0001f000" for char in text)),
    }


def outline(lines: int, files: int, tests: float) -> Mapping[str, float]:
    """Give what a commit adds in outline: Python lines, files, and the share that is in tests."""
    return {"lines": float(lines), "files": float(files), "tests": tests}
