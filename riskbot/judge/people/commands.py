"""Approvals written as comments: ``/approve COMMIT`` on a line of its own, and nothing that only looks so.

Read strictly, because a comment is text that others quote: the line starts in the first column and holds the
command alone; no line of its paragraph before it quotes, or opens code; nothing counts after the comment's
first code fence or HTML tag; an edited comment is read by nobody.
"""

from __future__ import annotations

import re

_COMMAND = re.compile(r"/approve[ \t]+([0-9a-f]{12,64}|cancel)[ \t]*\r?", re.ASCII)
# From here on a line may be code, or hidden from readers.
_OPAQUE = re.compile(r"```|~~~|<[A-Za-z/!?]")

CANCEL = "cancel"


def command(body: str) -> str | None:
    """Return the commit that the comment approves, CANCEL where it takes an approval back, else None.

    Two commands that differ contradict one another: then the comment says nothing, unless one takes back.
    """
    said: set[str] = set()
    doubtful = False  # the paragraph so far quotes somebody, or may have opened code
    for line in body.split("\n"):
        if _OPAQUE.search(line):
            break
        if not line.strip():
            doubtful = False
        elif not doubtful and (match := _COMMAND.fullmatch(line)):
            said.add(match[1])
        elif ">" in line or "`" in line:
            doubtful = True
    if CANCEL in said:
        return CANCEL
    return said.pop() if len(said) == 1 else None
