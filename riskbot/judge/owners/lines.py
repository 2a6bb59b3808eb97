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
from typing import Final, NamedTuple

from riskbot.judge.owners import Lint, Owner
from riskbot.judge.owners.match import NEVER, Pattern

#: A user, a team, an address. Applications (``name[bot]``) cannot own.
_OWNER: Final = re.compile(
    r"@[A-Za-z0-9][\w.-]*(?:/[\w.-]+)?|[\w.%+'-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", re.ASCII
)
# A backslash takes the next character with it, so that `a\ b` is one pattern.
_PATTERN: Final = re.compile(r"(?:\\.|[^ \t\\]|\\$)+")
_BLANKS: Final = " \t"
_STARS: Final = re.compile(r"\*{3,}")
_WORD: Final = re.compile(r"[^ \t]+")
_BACKSLASH: Final = re.compile(r"\\(.)")
_ESCAPED_BLANK: Final = re.compile(r"\\[ \t]")
_COMMENT: Final = re.compile(r"[ \t]#")
_CLASS: Final = re.compile(r"\[[^\]]*\]?")


#: The longest path that Linux opens; a longer pattern does not count.
MAX_PATTERN: Final = 4_096

#: What makes a pattern more than names, stars, question marks and slashes.
_ODD: Final = re.compile(r"\A!|[\[\]\\#]|\*\*\*|\*\*/\Z")


class Rule(NamedTuple):
    """What one line says. ``suspected``: what it might have been meant to match, where it does not count."""

    line: int
    text: str
    owners: tuple[Owner, ...]
    pattern: Pattern | None
    otherwise: Pattern | None
    suspected: Pattern | None = None
    lints: tuple[Lint, ...] = ()


def read(text: str, line: int, file: str) -> tuple[Rule | None, tuple[Lint, ...]]:
    """Read one line, without its end. Returns the rule, if any, and all that is odd about the line."""
    seen = text if text.isascii() and text.isprintable() else text.replace("\t", " ")
    lints = () if seen.isprintable() else _hidden(text, line, file)
    match = _PATTERN.match(text, len(text) - len(text.lstrip(_BLANKS)))
    if match is None or match[0].startswith("#"):
        return None, lints
    rule = _Line(text, line, file, lints).rule(match, printable=seen.isprintable())
    return rule, rule.lints


def _hidden(text: str, line: int, file: str) -> tuple[Lint, ...]:
    """Find the first character that cannot be seen. Blanks that are no ASCII do no harm in a comment."""
    for at, character in enumerate(text):
        kind = unicodedata.category(character)
        if character == "\t" or kind not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
            continue
        if kind == "Cs":
            return (Lint("undocumented_syntax", "A byte here is not UTF-8.", file, line, at + 1),)
        message = (
            f"There is a character that cannot be seen, U+{ord(character):04X}; only a line feed ends a"
            " line, so what follows it is still part of this one."
        )
        return (Lint("control_char", message, file, line, at + 1),)
    return ()


class _Line:
    """One line that is neither empty nor a comment, while it is read."""

    __slots__ = ("counts", "counts_otherwise", "file", "line", "lints", "text")

    def __init__(self, text: str, line: int, file: str, lints: tuple[Lint, ...]) -> None:
        self.text = text
        self.line = line
        self.file = file
        self.lints = list(lints)
        self.counts = True  # as documented
        self.counts_otherwise = True

    def rule(self, match: re.Match[str], *, printable: bool) -> Rule:
        """Read the pattern and the owners."""
        written, at = match[0], match.start()
        if not printable:
            self._visible(at)
        too_long = len(written) > MAX_PATTERN
        if too_long:
            message = f"The pattern has more than {MAX_PATTERN:,} characters: the line does not count."
            self._doubt(message, at, "too_long")
            written = written[:MAX_PATTERN]
        if _ODD.search(written) or not written.isascii():
            self._syntax(written, at)
        pattern = _begun(written) if too_long else Pattern.read(_plain(written))
        if pattern is NEVER and self.counts:
            mend = "; did you mean '*'?" if written == "/" else "."
            self._note("never_matches", f"{written} never matches anything{mend}", at)
        owners, all_valid = self._owners(match.end())
        if not all_valid:
            self.counts = False
            self.counts_otherwise = self.counts_otherwise and bool(owners)
        elif not owners:
            self._ownerless(written, at)
        return Rule(
            self.line,
            written,
            owners,
            pattern if self.counts else None,
            pattern if self.counts_otherwise else None,
            None if self.counts else Pattern.read(_guess(written)),
            tuple(self.lints),
        )

    def _note(self, code: str, message: str, at: int) -> None:
        self.lints.append(Lint(code, message, self.file, self.line, at + 1))

    def _ownerless(self, written: str, at: int) -> None:
        if _OWNER.fullmatch(written):
            self.counts = self.counts_otherwise = False
            self._note("missing_pattern", f"{written} is an owner; the pattern before it is missing.", at)
        elif self.counts:
            message = f"{written} has no owner here: what it matches is nobody's."
            self._note("unowned_by_empty_line", message, at)

    def _visible(self, at: int) -> None:
        """Judge what cannot be seen before the comment: a rule that has it does not count."""
        comment = _COMMENT.search(self.text, at)
        ruling = self.text[at : comment.start() if comment else None]
        hidden = [character for character in ruling if character != "\t" and not character.isprintable()]
        if hidden:
            # A byte that is not UTF-8 may be in a file name too, so as a likely reading it stays.
            self.counts = all(unicodedata.category(character) == "Cs" for character in hidden)
            self.counts_otherwise = False
            if not self.lints:
                self._note("control_char", f"U+{ord(hidden[0]):04X} is no blank here: write a space.", at)

    def _syntax(self, written: str, at: int) -> None:
        """Judge what is more in a pattern than gitignore's plain cases."""
        if written.startswith("!"):
            self._refuse("'!' does not negate in CODEOWNERS: the line does not count.", at)
        elif written.startswith("\\#"):
            self._refuse("'\\#' does not work in CODEOWNERS: the line does not count.", at)
        elif "[" in written or "]" in written:
            self._doubt("'[ ]' does not work in CODEOWNERS: the line does not count.", at)
        elif "***" in written:
            self._doubt("'***' is no pattern: write '**' or '*'. The line does not count.", at)
        elif "\\" in _ESCAPED_BLANK.sub("", written):
            self._doubt("A backslash is not documented here: the line does not count.", at)
        elif "\\" in written:
            self._accept("A blank after a backslash", at)
        elif "#" in written:
            self._accept("'#' inside a pattern", at)
        elif written.endswith("**/"):
            self._accept("'**/' at the end", at)
        elif not unicodedata.is_normalized("NFC", written):
            self._accept("A name that is not in the normal form NFC", at)

    def _refuse(self, message: str, at: int) -> None:
        """GitHub documents that it does not work."""
        self.counts = self.counts_otherwise = False
        self._note("undocumented_syntax", message, at)

    def _doubt(self, message: str, at: int, code: str = "undocumented_syntax") -> None:
        """It is not documented to work: it only adds owners."""
        self.counts = False
        self._note(code, message, at)

    def _accept(self, what: str, at: int) -> None:
        """It works in most tools, and GitHub documents nothing: both readings guard."""
        self.counts_otherwise = False
        self._note("undocumented_syntax", f"{what} is not documented; it is taken as meant.", at)

    def _owners(self, start: int) -> tuple[tuple[Owner, ...], bool]:
        """Read the owners up to the comment; say whether all were owners."""
        owners, all_valid = [], True
        for found in _WORD.finditer(self.text, start):
            name, mark, _ = found[0].partition("#")
            if name and _OWNER.fullmatch(name):
                owners.append(Owner(name, 0, self.file, self.line))
            elif name and all_valid:  # the first tells enough
                all_valid = False
                message = f"{name!r} is no @user, @organisation/team or address: the line does not count."
                self._note("invalid_owner", message, found.start())
            if mark:
                break
        return tuple(owners), all_valid


def _plain(written: str) -> str:
    """Return the text to match: without backslashes, with ``**`` for what has more stars."""
    return (
        _STARS.sub("**", _BACKSLASH.sub(r"\1", written)) if "\\" in written or "***" in written else written
    )


def _begun(written: str) -> Pattern:
    """Return what matches all that a pattern with this beginning can match, and more."""
    pattern = Pattern.read(_plain(f"{written}*"))
    return pattern if pattern is NEVER else pattern._replace(itself=True, beneath=True)


def _guess(written: str) -> str:
    """Guess what a line that does not count was meant to match, to tell whom it concerns."""
    return _CLASS.sub("?", _STARS.sub("**", written.removeprefix("!"))).replace("\\", "")
