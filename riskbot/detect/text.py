"""Checks of the added lines as text: what a reader cannot see, and what asks a checker for silence.

They need nothing but the diff, so they work on every kind of file and without a repository. Where the whole
Python file is known, its tokens tell comments and names from strings.
"""

from __future__ import annotations

import io
import re
import tokenize
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

from riskbot.detect.suppressions import suppression_in
from riskbot.domain.change import Change, FileDiff, Line, LineKind, Omission, OmissionKind
from riskbot.domain.finding import (
    Category,
    Confidence,
    Detection,
    Finding,
    Location,
    Rule,
    Severity,
    fingerprint,
)

_STEP = "text"
# The controls that reorder what follows (https://trojansource.codes, CVE-2021-42574).
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_NAME = re.compile(r"[^\W\d]\w*")
_LATIN = re.compile("[A-Za-z]")
_LOOKALIKE = re.compile("[\u0370-\u03ff\u0400-\u052f]")  # Greek and Cyrillic hold twins of Latin letters
_PYTHON_STRING_OR_COMMENT = re.compile(r"""#.*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""")
_PROSE = {".md", ".rst", ".txt", ".adoc", ".po", ".pot", ".html", ".csv", ".tex", ".svg"}
_TOKENS_LIMIT = 2**20  # bytes of a file that is tokenized; above, lines are read one by one
_FINDINGS_LIMIT = 200  # in one file: a hostile one can hold millions

BIDI = Rule(
    "unicode-bidi",
    "An added line holds a control character that reorders what is shown",
    "The line reads differently from how it runs: code can look like a comment, or a comment like code."
    " Delete the character; where text of both directions is wanted, write it as an escape.",
    Severity.HIGH,
    Confidence.HIGH,
    Category.SECURITY,
    ("CWE-1007: Insufficient Visual Distinction of Homoglyphs Presented to User",),
    ("https://trojansource.codes",),
)
CONFUSABLE = Rule(
    "unicode-confusable-identifier",
    "An added name is not the name it looks like",
    "Python folds names to their plain form (NFKC) before it uses them, and letters of other alphabets look"
    " like Latin ones, so a reader and a scanner see another name than the interpreter. Use plain letters.",
    Severity.HIGH,
    Confidence.MEDIUM,
    Category.SECURITY,
    ("CWE-1007: Insufficient Visual Distinction of Homoglyphs Presented to User",),
    ("https://docs.python.org/3/reference/lexical_analysis.html#identifiers",),
)
LONE_RETURN = Rule(
    "lone-carriage-return",
    "An added line holds a carriage return that is no line end for git",
    "Python starts a new line there, most viewers do not: code can hide behind a comment. Delete the"
    " character, or end the line properly.",
    Severity.HIGH,
    Confidence.HIGH,
    Category.SECURITY,
    ("CWE-451: User Interface (UI) Misrepresentation of Critical Information",),
    ("https://docs.python.org/3/reference/lexical_analysis.html#physical-lines",),
)
SUPPRESSION = Rule(
    "suppression-added",
    "The change asks a checker for silence",
    "The comment hides what a checker says of this line, from now on and for every later edit. Mend what it"
    " complains of, or say beside the comment why it is wrong here.",
    Severity.LOW,
    Confidence.HIGH,
    Category.MAINTAINABILITY,
)
_RULES = (BIDI, CONFUSABLE, LONE_RETURN, SUPPRESSION)


@dataclass(frozen=True)
class TextDetector:
    """Reads the added lines of every text file."""

    name: str = _STEP

    def run(self, change: Change) -> Detection:
        """Check each file by itself; a file without hunks (binary, unchanged) has no added lines."""
        findings: list[Finding] = []
        omissions: list[Omission] = []
        for file in change.files:
            found = list(islice(_check(file), _FINDINGS_LIMIT + 1))
            if len(found) > _FINDINGS_LIMIT:
                reason = (
                    f"it has more than {_FINDINGS_LIMIT} findings of this kind; the rest was not looked for"
                )
                omissions.append(Omission(OmissionKind.NOT_SCANNED, _STEP, reason, file.path))
            findings += found[:_FINDINGS_LIMIT]
        fired = {finding.rule for finding in findings}
        rules = tuple(rule for rule in _RULES if rule.id in fired)
        return Detection(tuple(findings), tuple(omissions), rules=rules)


@dataclass(frozen=True, slots=True)
class _Hit:
    """What was seen in an added line: ``what`` for the reader, ``matched`` for the fingerprint."""

    rule: Rule
    line: int
    what: str
    matched: str
    severity: Severity
    introduced: bool = True


def _check(file: FileDiff) -> Iterator[Finding]:
    """Turn the hits of one file into findings, equal ones numbered."""
    if file.is_symlink or file.is_submodule or file.new_path is None:
        return
    added = [line for hunk in file.hunks for line in hunk.lines if line.kind is LineKind.ADDED]
    removed = Counter(
        line.text.strip() for hunk in file.hunks for line in hunk.lines if line.kind is LineKind.REMOVED
    )
    tokens = _Tokens(file)
    seen: Counter[tuple[str, str]] = Counter()
    for hit in _hits(file, added, removed, tokens):
        key = (hit.rule.id, hit.matched)
        yield Finding(
            rule=hit.rule.id,
            detector=_STEP,
            severity=hit.severity,
            confidence=hit.rule.confidence,
            category=hit.rule.category,
            location=Location(file.path, hit.line, hit.line),
            message=f"{hit.what} {hit.rule.help}",
            fingerprint=fingerprint(hit.rule.id, file.path, hit.matched, seen[key]),
            introduced=hit.introduced,
        )
        seen[key] += 1


def _hits(file: FileDiff, added: list[Line], removed: Counter[str], tokens: _Tokens) -> Iterator[_Hit]:
    prose = PurePosixPath(file.path).suffix.lower() in _PROSE
    for line in added:
        number = line.new or 0
        text = line.text
        plain = text.isascii()
        if not plain and (controls := _BIDI.findall(text)):
            names = ", ".join(dict.fromkeys(f"U+{ord(control):04X}" for control in controls))
            severity = Severity.LOW if prose else BIDI.severity
            yield _Hit(BIDI, number, f"The line holds {names}.", text, severity)
        if file.is_python and not plain:
            yield from _confusable(text, number, tokens)
        if file.is_python and "\r" in text:
            yield _Hit(LONE_RETURN, number, "A carriage return stands inside the line.", text, Severity.HIGH)
        if not prose and (kind := suppression_in(text)) and tokens.is_comment(number, kind):
            # The same line taken out elsewhere in the file: it moved, so the silence is not new.
            moved = removed[text.strip()] > 0
            removed[text.strip()] -= moved
            what = f"A {kind!r} comment was {'moved' if moved else 'added'}."
            yield _Hit(SUPPRESSION, number, what, text, SUPPRESSION.severity, introduced=not moved)


def _confusable(text: str, number: int, tokens: _Tokens) -> Iterator[_Hit]:
    """Find names that Python reads as another name, and Latin names with a letter of another alphabet."""
    known = tokens.names(number)
    bare = _PYTHON_STRING_OR_COMMENT.sub(" ", text) if known is None else text
    for name in dict.fromkeys(_NAME.findall(bare)):
        if name.isascii() or (known is not None and name not in known):
            continue
        folded = unicodedata.normalize("NFKC", name)
        codes = ", ".join(f"U+{ord(letter):04X}" for letter in dict.fromkeys(name) if not letter.isascii())[
            :80
        ]
        if folded != name:
            # Composition alone (e + accent) shows the same letter; only another letter misleads.
            misleads = unicodedata.normalize("NFC", name) != folded
            severity = Severity.HIGH if misleads else Severity.LOW
            yield _Hit(CONFUSABLE, number, f"Python reads {name!r} ({codes}) as {folded!r}.", name, severity)
        elif _LATIN.search(name) and _LOOKALIKE.search(name):
            what = f"{name!r} mixes Latin letters with {codes}."
            yield _Hit(CONFUSABLE, number, what, name, Severity.MEDIUM)


class _Tokens:
    """The names and comments of a Python file by line, read when first asked for; unknown for other files."""

    def __init__(self, file: FileDiff) -> None:
        self._source = file.new if file.is_python else None
        self._read = False
        self._names: dict[int, set[str]] = {}
        self._comments: dict[int, str] = {}
        self._whole = False

    def names(self, line: int) -> set[str] | None:
        """Return the names on a line; None where the tokens are not known."""
        self._load()
        return self._names.get(line, set()) if self._whole else None

    def is_comment(self, line: int, kind: str) -> bool:
        """Tell whether the suppression is a comment's; where the tokens are not known it is taken for one."""
        self._load()
        return not self._whole or suppression_in(self._comments.get(line, "")) == kind

    def _load(self) -> None:
        if self._read or self._source is None:
            return
        self._read = True
        if len(self._source) > _TOKENS_LIMIT or b"\r" in self._source.replace(b"\r\n", b""):
            return  # with lone carriage returns Python counts other lines than git
        try:
            for token in tokenize.tokenize(io.BytesIO(self._source).readline):
                if token.type == tokenize.NAME:
                    self._names.setdefault(token.start[0], set()).add(token.string)
                elif token.type == tokenize.COMMENT:
                    self._comments[token.start[0]] = token.string
        except (SyntaxError, tokenize.TokenError, UnicodeDecodeError, RecursionError):
            return
        self._whole = True
