"""Tell from its message whether a commit mends a defect: FIX, and a file's prior fixes and repairs."""

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
_REPAIR = re.compile(
    r"""\b(?:(?:hot|bug)?fix(?:e[sd]|ing|up)?|bugs?|defects?|regressions?|crash(?:e[sd]|ing)?|repair(?:s|ed)?
      | broken|breakage|faults?|faulty|incorrect(?:ly)?|wrong(?:ly)?|prevents?|avoid(?:s|ed)?|races?
      | deadlocks?|leak(?:s|ed|ing)?
      | typeerror|keyerror|valueerror|attributeerror|indexerror|traceback|failures?)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_NO_REPAIR = re.compile(
    r"""\b(?:typos?|spelling|grammar|docs?|docstrings?|documentation|readme|changelog|comments?|lint(?:er|ing)?
      | flake8|pep-?8|pylint|mypy|ruff|isort|black|style|formatting|whitespace|indentation|warnings?|tests?
      | ci|travis|appveyor|tox|build|links?|imports?)\b""",
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


def says_repair(message: str) -> bool:
    """Say whether the first line of ``message`` says, in any words, that code was repaired.

    Wider than :func:`says_fix` (projects that name no issues are heard too), but repairs of documents, tests,
    formatting and builds do not count, unless a reported defect is named.
    """
    subject = message.lstrip()[:400].partition("\n")[0]
    if says_fix(message):
        return True
    return _REPAIR.search(subject) is not None and _NO_REPAIR.search(subject) is None
