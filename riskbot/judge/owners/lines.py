r"""One line of a CODEOWNERS file -> a rule, or why it is none.

Every line is read on its own: one that is wrong is passed over, as GitHub does, and so takes nobody's
ownership away. Where GitHub does not document what it does, both readings are kept: ``pattern`` is the
likelier one, ``otherwise`` the other, and None in either says that there the line does not count.

Sources: the GitHub page "About code owners" for what works and what does not (``\#``, ``!``, ``[ ]``,
comments at the end of a line, the 3 MB), the errors that its REST interface lists (``Invalid owner``,
``Invalid pattern`` for ``***``, ``/`` that never matches), and gitignore(5) for the rest.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from riskbot.judge.owners import Lint, Owner
from riskbot.judge.owners.match import Pattern

#: A user, a team, an address. Applications (``name[bot]``) cannot own.
_OWNER: Final = re.compile(
    r"@[A-Za-z0-9][\w.-]*(?:/[\w.-]+)?|[\w.%+'-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", re.ASCII
)
# A backslash takes the next character with it, so that `a\ b` is one pattern.
_PATTERN: Final = re.compile(r"(?:\\.|[^ \t\\]|\\$)+")
_BLANKS: Final = " \t"
_STARS: Final = re.compile(r"\*{3,}")
_CLASS: Final = re.compile(r"\[[^\]]*\]?")


@dataclass(frozen=True, slots=True)
class Rule:
    """What one line says. ``suspected``: what it might have been meant to match, where it does not count."""

    line: int
    text: str
    owners: tuple[Owner, ...]
    pattern: Pattern | None
    otherwise: Pattern | None
    #: The owners in the other reading: fewer, where some are no owners at all.
    owners_otherwise: tuple[Owner, ...]
    suspected: Pattern | None = None
    lints: tuple[Lint, ...] = ()


def read(text: str, line: int, file: str) -> tuple[Rule | None, tuple[Lint, ...]]:
    """Read one line, without its end. Returns the rule, if any, and all that is odd about the line."""
    lints = _characters(text, line, file)
    match = _PATTERN.match(text, len(text) - len(text.lstrip(_BLANKS)))
    if match is None or match[0].startswith("#"):
        return None, lints
    return _Line(text, line, file, lints).rule(match)


def _characters(text: str, line: int, file: str) -> tuple[Lint, ...]:
    """Find what cannot be seen. Blanks that are no ASCII do no harm in a comment."""
    if text.isprintable():
        return ()
    for at, character in enumerate(text):
        kind = unicodedata.category(character)
        if character != "\t" and kind in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
            if kind == "Cs":
                message = "A byte here is not UTF-8."
                return (Lint("undocumented_syntax", message, file, line, at + 1),)
            message = (
                f"There is a character that cannot be seen, U+{ord(character):04X}; only a line feed ends a"
                " line, so what follows it is still part of this one."
            )
            return (Lint("control_char", message, file, line, at + 1),)
    return ()


class _Line:
    """One line that is neither empty nor a comment, while it is read."""

    def __init__(self, text: str, line: int, file: str, lints: tuple[Lint, ...]) -> None:
        self.text = text
        self.line = line
        self.file = file
        self.lints = list(lints)
        self.counts = True  # as documented
        self.counts_otherwise = True

    def note(self, code: str, message: str, at: int) -> None:
        self.lints.append(Lint(code, message, self.file, self.line, at + 1))

    def rule(self, match: re.Match[str]) -> tuple[Rule, tuple[Lint, ...]]:
        written, at = match[0], match.start()
        text = self._pattern(written, at)
        owners, all_valid = self._owners(match.end())
        if not all_valid:
            self.counts = False
            self.counts_otherwise = self.counts_otherwise and bool(owners)
        elif not owners and _OWNER.fullmatch(written):
            self.counts = self.counts_otherwise = False
            self.note("missing_pattern", f"{written} is an owner; the pattern before it is missing.", at)
        elif not owners and self.counts:
            self.note(
                "unowned_by_empty_line", f"{written} has no owner here: what it matches is nobody's.", at
            )
        rule = Rule(
            line=self.line,
            text=written,
            owners=owners,
            pattern=Pattern.read(text) if self.counts else None,
            otherwise=Pattern.read(text) if self.counts_otherwise else None,
            owners_otherwise=owners,
            suspected=None if self.counts else Pattern.read(_guess(written)),
            lints=tuple(self.lints),
        )
        return rule, rule.lints

    def _pattern(self, written: str, at: int) -> str:
        """Judge the pattern's syntax; return it as it is to be matched, in either reading."""
        if hidden := next((c for c in self._ruling(at) if c != "\t" and not c.isprintable()), None):
            surrogate = unicodedata.category(hidden) == "Cs"
            self.counts = self.counts_otherwise = False
            if surrogate:
                self.counts = True  # a file name may have such bytes too
            elif not self.lints:
                self.note("control_char", f"U+{ord(hidden):04X} is no blank here: write a space.", at)
        if written.startswith("!"):
            self._refuse(at, "'!' does not negate in CODEOWNERS: the line does not count.")
        elif written.startswith("\\#"):
            self._refuse(at, "'\\#' does not work in CODEOWNERS: the line does not count.")
        elif "[" in written or "]" in written:
            self._doubt(at, "'[ ]' does not work in CODEOWNERS: the line does not count.")
        elif "***" in written:
            self._doubt(at, "'***' is no pattern: write '**' or '*'. The line does not count.")
        elif "\\" in written.replace("\\ ", "").replace("\\\t", ""):
            self._doubt(at, "A backslash is not documented here: the line does not count.")
        else:
            self._undocumented(written, at)
        text = _STARS.sub("**", re.sub(r"\\(.)", r"\1", written))
        pattern = Pattern.read(text)
        if self.counts and not pattern.itself and not pattern.beneath:
            mend = "; did you mean '*'?" if written == "/" else "."
            self.note("never_matches", f"{written} never matches anything{mend}", at)
        return text

    def _ruling(self, at: int) -> str:
        """Return the line from its pattern up to its comment."""
        found = re.search(r"[ \t]#", self.text[at:])
        return self.text[at : at + found.start()] if found else self.text[at:]

    def _undocumented(self, written: str, at: int) -> None:
        """Note what works in most tools but is not documented: it counts, and may not elsewhere."""
        why = None
        if "\\" in written:
            why = "A blank after a backslash"
        elif "#" in written:
            why = "'#' inside a pattern"
        elif written.endswith("/**/") or written == "**/":
            why = "'**/' at the end"
        elif not unicodedata.is_normalized("NFC", written):
            why = "A name that is not in the normal form NFC"
        if why:
            self.counts_otherwise = False
            self.note("undocumented_syntax", f"{why} is not documented; it is taken as meant.", at)

    def _refuse(self, at: int, message: str) -> None:
        self.counts = self.counts_otherwise = False
        self.note("undocumented_syntax", message, at)

    def _doubt(self, at: int, message: str) -> None:
        self.counts = False
        self.note("undocumented_syntax", message, at)

    def _owners(self, start: int) -> tuple[tuple[Owner, ...], bool]:
        """Read the owners up to the comment; say whether all were owners."""
        owners, all_valid = [], True
        for found in re.finditer(r"[^ \t]+", self.text[start:]):
            name, mark, _ = found[0].partition("#")
            at = start + found.start()
            if name and _OWNER.fullmatch(name):
                owners.append(Owner(name, file=self.file, line=self.line))
            elif name:
                all_valid = False
                self.note(
                    "invalid_owner", f"{name!r} is no @user, @organisation/team or address: not counted.", at
                )
            if mark:
                break
        return tuple(owners), all_valid


def _guess(written: str) -> str:
    """Guess what a line that does not count was meant to match, to tell whom it concerns."""
    return _CLASS.sub("?", _STARS.sub("**", written.removeprefix("!"))).replace("\\", "")
