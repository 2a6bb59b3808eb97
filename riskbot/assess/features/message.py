"""Message: what the author says of the change, in his own words, and at what time of the week.

The message is in the author's hand: it may move the score only a little, and the model's card says how much.
"""

from __future__ import annotations

import re

from riskbot.domain.change import Change

_SAYS = {
    "add": (
        (
            r"add(?:s|ed|ing)?|new|introduc\w*|implement\w*|support\w*|enabl\w*|allow\w*|"
            r"feat(?:ure)?s?|creat\w+"
        ),
        "adds something",
    ),
    "repair": (
        (r"fix\w*|bugs?|broken|crash\w*|regressions?|hotfix|correct\w*|wrong|issue"),
        "repairs something",
    ),
    "refactor": (
        (
            r"refactor\w*|clean(?:s|ed|ing|up)?|simplif\w*|renam\w*|mov(?:e[sd]?|ing)|"
            r"reorgani\w*|extract\w*|restructur\w*|tid(?:y|ie)\w*"
        ),
        "restructures something",
    ),
    "remove": (r"remov\w*|delet\w*|drop\w*|deprecat\w*|get rid|unused|obsolete", "removes something"),
    "docs": (
        ("docs?|docstrings?|documentation|readme|changelog|comments?|typos?|spelling|release notes?"),
        "is about documentation",
    ),
    "test": (
        (
            r"tests?|testing|coverage|ci|travis|tox|mypy|flake8|lint\w*|pep-?8|black|"
            "ruff|isort"
        ),
        "is about tests or tools",
    ),
    "bump": (
        (
            r"bump\w*|upgrad\w*|updat\w*|pin(?:s|ned)?|versions?|releas\w*|deps?|"
            r"dependenc\w*"
        ),
        "updates a version",
    ),
    "speed": (r"perf\w*|speed\w*|fast\w*|optimi\w*|cach\w*|slow\w*|memory", "is about speed"),
    "safety": (
        (
            r"thread\w*|lock\w*|races?|concurren\w*|async\w*|deadlocks?|timeouts?|retr(?:y|"
            r"ies)\w*"
        ),
        "is about concurrency or time limits",
    ),
    "security": (
        (r"secur\w*|auth\w*|permission\w*|password\w*|tokens?|cve\S*|xss|csrf|injection"),
        "is about security",
    ),
    "types": (r"typ(?:e|ing|es) hints?|annotat\w*|typing|stubs?", "is about type annotations"),
    "refers": (r"#\d+|gh-\d+|bug \d+|lp:?\s?#?\d+", "names an issue"),
    "tentative": (
        (
            r"wip|try|trying|attempt|hack\w*|workaround|temporar\w*|initial|first|draft|"
            r"experiment\w*|prototype"
        ),
        "is tentative",
    ),
}
_PATTERNS = {
    name: re.compile(rf"\b(?:{words})\b" if name != "refers" else words, re.IGNORECASE)
    for name, (words, _) in _SAYS.items()
}

TITLES: dict[str, str] = {
    **{f"says_{name}": f"says that it {title}" for name, (_, title) in _SAYS.items()},
    "subject_words": "words of the subject",
    "message_words": "words of the message",
    "message_commits": "commits in the change",
    "hour": "hour of the day (UTC)",
    "weekday": "day of the week (UTC, Monday is 0)",
}
_READ = 4_000


def measure(change: Change) -> dict[str, float | None]:
    """Give the family's numbers; None where there is no commit yet, so no message."""
    if not change.commits:
        return dict.fromkeys(TITLES)
    last = change.commits[-1]
    subject = last.subject[:400]
    told = {f"says_{name}": float(pattern.search(subject) is not None) for name, pattern in _PATTERNS.items()}
    minutes = last.authored_at // 60
    return {
        **told,
        "says_refers": float(_PATTERNS["refers"].search(last.message[:_READ]) is not None),
        "subject_words": len(subject.split()),
        "message_words": len(last.message[:_READ].split()),
        "message_commits": len(change.commits),
        "hour": minutes // 60 % 24,
        "weekday": (minutes // 1440 + 3) % 7,  # the epoch began on a Thursday
    }
