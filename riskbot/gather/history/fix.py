"""Tell from its message whether a commit mends a reported defect: FIX, and a file's prior fixes."""

from __future__ import annotations

import re

# Spaces are bounded everywhere: a message is written by anyone, and must not make matching slow.
_NUMBER = r"(?:(?:[\w.-]{1,100}/[\w.-]{1,100})?\#|gh-|lp:?\s?\#?)\s?\d+"
_CLOSING = r"(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?)"
_FIX = re.compile(
    rf"""\b(?:closes|partial|related|fixes|fix)-bug:?\s{{0,2}}\#?\s?\d+  # footers of OpenStack
      | \bbug:?\s{{0,2}}\#?\s?\d+                                # bug 123, Bug: #123
      | \blp:?\s?\#?\d{{5,}}                                       # lp:123456
      | \b{_CLOSING}:?\s{{1,2}}(?:bug\s|issue\s)?{_NUMBER}           # closing words of the forges
      | \b{_CLOSING}:?\s{{1,2}}https?://\S{{1,200}}/issues/\d+
    """,
    re.IGNORECASE | re.VERBOSE,
)
READ = 20_000
"""So many characters of a message are read: a longer one is a pasted log."""


def says_fix(message: str) -> bool:
    """Say whether ``message`` names a reported defect that its commit fixes.

    A reference is asked for (``Closes-Bug: #1``, ``bug 1``, ``Fixes #1``), not only the word "fix": that is
    what the published OpenStack data call a fix, and it tells a typo from a defect.
    """
    return _FIX.search(message[:READ]) is not None
