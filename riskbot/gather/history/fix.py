"""Tell from its message whether a commit mends a reported defect: FIX, and a file's prior fixes."""

from __future__ import annotations

import re

_NUMBER = r"(?:(?:[\w.-]+/[\w.-]+)?\#|gh-|lp:?\s*\#?)\s*\d+"
_CLOSING = r"(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?)"
_FIX = re.compile(
    rf"""\b(?:closes|partial|related|fixes|fix)-bug:?\s*\#?\s*\d+   # OpenStack's and Launchpad's footers
      | \bbug:?\s*\#?\s*\d+                                        # bug 123, Bug: #123
      | \blp:?\s*\#?\d{{5,}}                                       # lp:123456
      | \b{_CLOSING}:?\s+(?:bug\s+|issue\s+)?{_NUMBER}             # GitHub's and GitLab's closing words
      | \b{_CLOSING}:?\s+https?://\S+/issues/\d+
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
