"""Words: what the added and removed lines of code are made of, in any language; tests and prose left out.

Each class of words is counted among the added lines and among the removed ones. No parser is asked, so this
holds also for files that nobody can parse.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from riskbot.assess import kinds
from riskbot.domain.change import Change, Line, LineKind

_CLASSES: dict[str, tuple[str, str]] = {
    "condition": ("if elif else elseif case switch match unless when", "conditions"),
    "loop": ("for while foreach map filter iter next enumerate range", "loops"),
    "leave": ("return yield break continue goto", "returns, breaks and the like"),
    "handler": ("try except catch finally rescue suppress", "error handlers"),
    "raise": ("raise throw abort panic exit", "raised errors"),
    "assert": ("assert ensure check validate verify require", "checks and assertions"),
    "nothing": ("None null nil undefined NaN", "uses of None or null"),
    "logic": ("and or not && || ! any all", "logical operators"),
    "compare": ("== != <= >= < > is in === !==", "comparisons"),
    "concurrency": (
        (
            "async await thread threads threading lock locks Lock RLock queue Queue mutex asyncio"
            " concurrent gather Semaphore multiprocessing Event event loop atomic spawn daemon"
            " fork acquire release wait join"
        ),
        "concurrency",
    ),
    "io": (
        (
            "open read write close file files path paths os shutil tempfile seek flush stream"
            " bytes encode decode encoding"
        ),
        "files, streams and bytes",
    ),
    "network": (
        (
            "socket request requests response http https url urls host port headers client server"
            " connection connect timeout"
        ),
        "network",
    ),
    "database": (
        (
            "select insert update delete where query execute session commit rollback cursor"
            " transaction sql table column model models objects"
        ),
        "database",
    ),
    "process": (
        (
            "subprocess system Popen exec eval pickle compile signal environ getattr setattr"
            " import_module __import__"
        ),
        "processes and dynamic code",
    ),
    "own": ("self this cls super", "uses of the object itself"),
    "logging": (
        ("log logger logging print debug info warn warning warnings error exception"),
        "log messages",
    ),
    "types": (
        ("isinstance issubclass type hasattr callable cast int str float bool bytes"),
        "type checks and conversions",
    ),
    "time": (
        (
            "time datetime date timedelta sleep timezone utc tz retry retries delay interval"
            " deadline expires expiry"
        ),
        "dates, times and retries",
    ),
    "cache": (
        ("cache cached caching lru_cache memoize global globals nonlocal static weakref"),
        "caches and global state",
    ),
    "access": (
        (
            "auth password token permission permissions user users login secret session key keys"
            " role admin csrf"
        ),
        "users, permissions and secrets",
    ),
    "compat": (
        ("deprecated DeprecationWarning compat six version versions sys platform PY2 PY3 win32 windows"),
        "versions and platforms",
    ),
    "todo": ("TODO FIXME XXX HACK", "notes to do something later"),
    "define": ("def class lambda function func fn struct interface enum", "definitions"),
    "import": ("import from include require using use", "imports"),
    "copy": (
        ("copy deepcopy update append extend pop remove clear setdefault sort sorted reverse"),
        "changes of collections in place",
    ),
    "default": ("default defaults kwargs args get options option config settings", "options and defaults"),
}
_LOOKUP: dict[str, tuple[str, ...]] = {}
for _name, (_words, _) in _CLASSES.items():
    for _word in _words.split():
        _LOOKUP[_word] = (*_LOOKUP.get(_word, ()), _name)

TITLES: dict[str, str] = {
    **{f"{name}_added": f"{title} in the added lines" for name, (_, title) in _CLASSES.items()},
    **{f"{name}_removed": f"{title} in the removed lines" for name, (_, title) in _CLASSES.items()},
    "calls_added": "calls in the added lines",
    "numbers_added": "numbers in the added lines",
    "distinct_words": "different names in the added lines",
    "new_words": "names in the added lines that the removed ones do not have",
    "indent_most": "deepest indentation of an added line, in spaces",
    "indent_mean": "mean indentation of the added lines, in spaces",
    "line_length": "mean length of the added lines",
    "comment_share": "share of comments in the added lines",
    "similar": "share of the added lines' names that the removed ones have too",
}
_TOKEN = re.compile(r"[A-Za-z_]\w*|\d[\w.]*|[=!<>]=+|&&|\|\||[<>!(]")
_MOST = 200_000
"""So many characters of either side are read."""


def measure(change: Change) -> dict[str, float | None]:
    """Give the family's numbers; None where no line of code is at hand."""
    added, removed = _Side(), _Side()
    for line in _lines(change):
        (added if line.kind is LineKind.ADDED else removed).add(line)
    if not added.lines and not removed.lines:
        return dict.fromkeys(TITLES)
    ours, theirs = added.counts(), removed.counts()
    counts = {f"{name}_added": ours[name] for name in _CLASSES}
    counts |= {f"{name}_removed": theirs[name] for name in _CLASSES}
    names, gone = added.names(), removed.names()
    lines = added.lines
    return {
        **counts,
        "calls_added": added.tokens["("],
        "numbers_added": sum(count for token, count in added.tokens.items() if token[0].isdigit()),
        "distinct_words": len(names),
        "new_words": len(names - gone),
        "indent_most": added.deepest if lines else None,
        "indent_mean": added.indents / lines if lines else None,
        "line_length": added.size / lines if lines else None,
        "comment_share": added.comments / lines if lines else None,
        "similar": len(names & gone) / len(names) if names else None,
    }


class _Side:
    """The words of one side, counted."""

    def __init__(self) -> None:
        self.tokens: Counter[str] = Counter()
        self.lines = self.size = self.indents = self.deepest = self.comments = 0

    def add(self, line: Line) -> None:
        """Count one line, as long as the limit is not reached; empty lines do not count."""
        if self.size > _MOST:
            return
        text = line.raw[:2_000].decode("utf-8", "replace").rstrip()
        bare = text.lstrip()
        if not bare:
            return
        indent = len(text.expandtabs(8)) - len(bare.expandtabs(8)) if text[0] in " \t" else 0
        self.lines += 1
        self.size += len(bare)
        self.indents += indent
        self.deepest = max(self.deepest, indent)
        if bare.startswith(("#", "//", "*", "/*")):
            self.comments += 1
        self.tokens.update(_TOKEN.findall(bare))

    def counts(self) -> Counter[str]:
        """Count the classes' words."""
        found: Counter[str] = Counter()
        for token, count in self.tokens.items():
            for name in _LOOKUP.get(token, ()):
                found[name] += count
        return found

    def names(self) -> set[str]:
        """Give the distinct names and words."""
        return {token for token in self.tokens if token[0].isalpha() or token[0] == "_"}


def _lines(change: Change) -> Iterator[Line]:
    for file in change.files:
        if kinds.rank(file.path) > 1:
            continue
        for hunk in file.hunks:
            for line in hunk.lines:
                if line.kind is not LineKind.CONTEXT:
                    yield line
