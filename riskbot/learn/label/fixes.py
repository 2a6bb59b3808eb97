"""Which commits say that they repair a defect, and whether they name the reported issue."""

from __future__ import annotations

import re
from enum import Enum

from riskbot.gather.history.fix import says_fix

SUBJECT_READ = 300
"""So many characters of a subject are read; what follows is no subject any more."""


class Repair(Enum):
    """What a message says of a repair."""

    NONE = "none"
    WORDS = "words"
    """The subject speaks of a repair."""
    LINKED = "linked"
    """The message names the issue that is repaired (``Fixes #12``, ``Closes-Bug: 12``)."""


# "fix" and its kin, and words for what goes wrong. Whole words: "prefix" and "debug" are no repairs.
_REPAIR = re.compile(
    r"""\b(?: (?:hot|bug)?fix(?:e[sd]|ing|up)?
          | bugs? | defects? | faults? | faulty | flaws?
          | regress(?:ion|ions|ed) | crash(?:e[sd]|ing)? | hangs? | deadlocks?
          | broken | breakage | incorrect(?:ly)? | wrong(?:ly)? | mistake(?:s|nly)? | repairs?(?:ed)?
          | (?:memory|resource|file|fd)[ ]leaks? | traceback | race[ ]conditions? | off-by-one
          | segfaults? | vulnerabilit(?:y|ies) | cve-\d{4}-\d{1,7} | workaround )\b
      | \b(?:key|type|value|attribute|index|name|unicode\w{0,20}|import|recursion)error\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
# What is mended in these is not how the program behaves: words for the object of "fix".
_ASIDE = r"""(?: typ(?:o|os|ographical) | spelling | grammar | wording | misspell\w{0,5} | punctuation
    | doc(?:s|umentation|string|strings)? | readme(?:\.\w{1,4})? | comments? | changelog | news | release[ ]notes? | copyright
    | licen[cs]es? | links? | urls? | sphinx | rst | markdown | todos? | authors | badges?
    | lint(?:s|er|ing|ers)? | flake8 | pep-?8 | pep-?257 | pyflakes | pycodestyle | pylint | ruff | black | isort | mypy | pyright
    | hacking | style | styling | formatting | whitespaces? | indent(?:s|ation|ing)? | blank[ ]lines? | line[ ]lengths?
    | type[ ](?:hints?|annotations?|checking|checks) | typing | annotations?
    | (?:unit|functional|integration|doc|smoke|e2e|flaky|failing|broken|windows|py3|python[ ]?3)?[ -]?tests? | test[ _]?cases? | test_\w{1,80}
    | test[ ]?suite | testing | fixtures? | mocks? | coverage | tox(?:\.ini)? | nox | pre-?commit | jenkins | gate
    | ci | cis | travis(?:\.yml)? | appveyor | circleci | workflows? | github[ ]actions? | build(?:s|ing)? | makefile
    | setup\.(?:py|cfg) | pyproject(?:\.toml)? | packaging | manifest(?:\.in)? | requirements(?:\.txt)? | dependenc(?:y|ies) | deps
    | merge(?:s|d)?(?:[ ]conflicts?)? | conflicts? | version(?:[ ]number)? | naming | names? | imports?[ ]order | unused[ ]\w{1,20}
    | codespell | examples? | tutorials? | deprecation[ ]?warnings? | warnings? )"""
# At most four words may stand between "fix" and its object: "fix a few more typos".
_NO_REPAIR = re.compile(
    rf"""\bfix(?:e[sd]|ing|up)?:?\s(?:[\w'`./-]{{1,30}}\s){{0,2}}?{_ASIDE}(?![\w-]|\.\w)
      | ^\s{{0,3}}\[?(?:docs?|doc(?:umentation)?|tests?|testing|ci|build|style|chore|lint|typing|typos?|changelog|release|refactor)
        (?:\([^)]{{0,60}}\))?\]?!?[:,\]]
      | ^\s{{0,3}}fixup!
      | ^\s{{0,3}}\(?(?:merge|revert|reland|reapply|bump|upgrade|update[ ]dependenc)
      | {_ASIDE}[ ]fix(?:es|ed)?\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def subject(message: str) -> str:
    """Return the first line that says something."""
    return message[: SUBJECT_READ * 2].strip().partition("\n")[0].strip()[:SUBJECT_READ]


def repair(message: str) -> Repair:
    """Say what ``message`` tells of a repair.

    An issue named as repaired counts wherever it stands (see :func:`says_fix`; the ``(#123)`` that forges
    append is a pull request and does not count); the looser words only in the subject, and not where the
    subject says that text, tests, style or tooling were mended. Reverts and merges are no repairs: reverts
    are a source of their own.
    """
    head = subject(message)
    if _NO_REPAIR.search(head):
        return Repair.NONE
    if says_fix(message):
        return Repair.LINKED
    return Repair.WORDS if _REPAIR.search(head) else Repair.NONE
