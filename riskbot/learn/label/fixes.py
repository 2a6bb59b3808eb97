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
# What is mended in these is not how the program behaves. They follow the word "fix".
_ASIDE = r"""(?: typ(?:o|os|ographical) | spelling | grammar | wording | misspell\w{0,5} | punctuation
    | codespell | tutorials? | doc(?:s|umentation|string|strings)? | readme(?:\.\w{1,4})? | comments?
    | changelog | news | authors
    | release[ ]notes? | copyright | licen[cs]es? | rst | markdown | todos? | badges?
    | lint(?:s|er|ing|ers)? | flake8 | pep-?8 | pep-?257 | pyflakes | pycodestyle | pylint | ruff | isort
    | hacking | whitespaces? | blank[ ]lines? | line[ ]lengths? | imports?[ ]order | unused[ ]\w{1,20}
    | mypy | pyright | typing | type[ ](?:hints?|annotations?|checking|checks)
    | (?:unit|functional|integration|doc|smoke|e2e|flaky|failing|broken|windows|py3|python[ ]?3)?[ -]?tests?
    | test_\w{1,80} | test[ _]?(?:cases?|suite) | testing | coverage
    | tox(?:\.ini)? | nox | pre-?commit | jenkins | gate | ci | travis(?:\.yml)? | appveyor | circleci
    | github[ ]actions? | makefile | setup\.(?:py|cfg) | pyproject(?:\.toml)?
    | manifest(?:\.in)? | requirements(?:\.txt)? | merge[ ]conflicts? )"""
# These only where the subject ends with them or goes on in another thought: "fix the build" is no repair,
# "fix build order" is one.
_LAST = r"""(?: links? | urls? | style | styling | formatting | indent(?:s|ation|ing)? | naming
    | black | sphinx | (?:deprecation[ ]?)?warnings? | annotations? | fixtures? | mocks? | build(?:s|ing)?
    | workflows? | packaging | dependenc(?:y|ies) | deps | merges? | conflicts?
    | version(?:[ ]number)? | examples? )
    (?=[ ]?(?:\Z|[.,;:!([&/]|(?:in|on|for|of|and|from|after|with)\b))"""
_KIND = r"""(?: docs? | documentation | tests? | testing | ci | build | style | chore | lint | typing
    | typos? | changelog | release | refactor )"""
# At most two words may stand between "fix" and its object: "fix a few typos".
_NO_REPAIR = re.compile(
    rf"""\bfix(?:e[sd]|ing|up)?:?\s(?:[\w'`./-]{{1,30}}\s){{0,2}}?(?:{_ASIDE}(?![\w-]|\.\w)|{_LAST})
      | ^\[?{_KIND}(?:\([^)]{{0,60}}\))?\]?!?[:,\]]   # docs: ..., [tests] ..., style(core)!: ...
      | ^fixup! | ^\(?(?:merge|revert|reland|reapply|bump|upgrade|update[ ]dependenc)
      | \b(?:{_ASIDE} | formatting | style | styling | build )[ ]fix(?:es|ed)?\b
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
