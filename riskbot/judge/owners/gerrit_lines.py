"""The lines of an OWNERS file as Gerrit's code-owners plugin (backend ``find-owners``) reads them.

https://gerrit.googlesource.com/plugins/code-owners/+/HEAD/resources/Documentation/backend-find-owners.md

A line that is none of its statements grants nothing. Where it looks like a restriction (``set noparent``), it
is taken for one: a misspelled restriction must not open what it was written to close.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from riskbot.judge.owners import Lint
from riskbot.judge.owners.folders import HIDDEN, LINE_END, hidden_lint
from riskbot.judge.owners.gerrit_globs import Globs
from riskbot.judge.people.who import Who

MAX_LINE = 10_000
MAX_LINTS = 200
MAX_RULES = 2_000

# Gerrit's own classes; its \s is ASCII's.
_EMAIL = re.compile(r"(?:[^\s<>@,]+@[^\s<>@#,]+|\*)", re.ASCII)
_EMAIL_LINE = re.compile(r"([^\s<>@,]+@[^\s<>@#,]+|\*)\s*(?:#.*)?", re.ASCII | re.DOTALL)
_NO_PARENT = re.compile(r"set\s+noparent\s*(?:#.*)?", re.ASCII | re.DOTALL)
_IMPORT = re.compile(
    r"(file:\s*|include\s+)(?:([^\s:]+)\s*:\s*)?(?:([^\s:]+)\s*:\s*)?([^\s:#]+)\s*(?:#.*)?",
    re.ASCII | re.DOTALL,
)
_PER_FILE = re.compile(r"per-file\s+([^=#]+)=([^#]*)(?:#.*)?", re.ASCII | re.DOTALL)
_RESTRICTS = re.compile(r"no[\s_-]*parent|(?:^|=)\s*set\b", re.ASCII | re.IGNORECASE)
_BLANKS = re.compile(r"\s+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Named:
    """One owner and where it stands; the name ``*`` is everybody."""

    name: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Reference:
    """Another owners file, as written. ``whole``: its per-file lines and ``set noparent`` come with it."""

    project: str | None
    branch: str | None
    path: str
    line: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One ``per-file`` line: to whom the files that match belong, or (``alone``) to nobody but such lines."""

    globs: tuple[str, ...]
    line: int
    names: tuple[Named, ...] = ()
    reference: Reference | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """One file, read. ``noparent``: owners of the folders above do not count. ``closed``: a line was not."""

    file: str
    names: tuple[Named, ...] = ()
    rules: tuple[Rule, ...] = ()
    references: tuple[Reference, ...] = ()
    noparent: bool = False
    closed: bool = False
    lints: tuple[Lint, ...] = ()


def parse(text: str | None, file: str) -> Config:
    """Read a file; None is one that could not be read and may hold anything. Never raises."""
    if text is None:
        lint = Lint("unreadable", "The file is too large or is not UTF-8 text; nobody can rely on it.", file)
        return Config(file, noparent=True, closed=True, lints=(lint,))
    reader = _Reader(file)
    for number, line in enumerate(text.split("\n"), 1):
        reader.line(line.removesuffix("\r"), number)
    return reader.config()


class _Reader:
    """Collects what the lines say."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._names: dict[str, Named] = {}
        self._rules: list[Rule] = []
        self._references: list[Reference] = []
        self._noparent = self._closed = False
        self._lints: list[Lint] = []

    def config(self) -> Config:
        """What was read."""
        return Config(
            self._file,
            tuple(self._names.values()),
            tuple(self._rules),
            tuple(self._references),
            self._noparent,
            self._closed,
            tuple(self._lints),
        )

    def line(self, line: str, number: int) -> None:
        """Read one line."""
        statement = line.strip(" \t")
        hidden = HIDDEN.search(line)
        if hidden:
            self._lint(hidden_lint(self._file, number, hidden))
            # Some readers end the line there, and would find a restriction after it.
            if any(_RESTRICTS.search(piece.partition("#")[0]) for piece in LINE_END.split(line)[1:]):
                self._noparent = True
            if HIDDEN.search(line.partition("#")[0]):
                self._unread(statement, number)
                return
        if not statement or statement.startswith("#"):
            return
        if len(line) > MAX_LINE or not self._statement(statement, number):
            column = len(line) - len(line.lstrip(" \t")) + 1
            message = f"{statement[:80]!r} is no statement of an OWNERS file; it is passed over."
            self._lint(Lint("bad_line", message, self._file, number, column))
            self._unread(statement, number)

    def _statement(self, text: str, number: int) -> bool:
        """Read a statement; False: it is none."""
        if _NO_PARENT.fullmatch(text):
            self._noparent = True
        elif match := _EMAIL_LINE.fullmatch(text):
            for named in self._named([match[1]], number):
                self._names.setdefault(named.name.casefold(), named)
        elif match := _IMPORT.fullmatch(text):
            self._references.append(_reference(match, number))
        elif match := _PER_FILE.fullmatch(text):
            return self._per_file(match[1], match[2].strip(), text, number)
        else:
            return False
        return True

    def _per_file(self, left: str, right: str, text: str, number: int) -> bool:
        """Read a per-file line; False: it is none."""
        parts = left.strip().split(",")
        if not right or any(not part.strip() or _BLANKS.search(part.strip()) for part in parts):
            return False
        if len(self._rules) >= MAX_RULES:
            message = f"The file has more than {MAX_RULES} per-file lines; this one is passed over."
            self._lint(Lint("too_many_rules", message, self._file, number))
            self._unread(text, number)
            return True
        globs, whole = self._globs(left, number)
        alone = _RESTRICTS.search(right) is not None and not right.startswith("file:")
        if alone and not (whole and globs):
            self._unread(text, number)
        match = _IMPORT.fullmatch(right)
        names: tuple[Named, ...] = ()
        if alone:
            if not _NO_PARENT.fullmatch(right):
                self._lint_line("bad_line", f"{right[:80]!r} is read as 'set noparent'.", number)
                self._closed = True
        elif match and match[1].startswith("include"):
            message = "A per-file line takes 'file:', not 'include'; it is passed over."
            self._lint_line("per_file_include", message, number)
            self._closed = True
            return True
        elif not match:
            emails = [part.strip() for part in right.split(",")]
            if not all(_EMAIL.fullmatch(email) for email in emails):
                return False
            names = tuple(self._named(emails, number))
        if globs:
            reference = _reference(match, number) if match and not alone else None
            self._rules.append(Rule(globs, number, names, reference, alone))
        return True

    def _globs(self, left: str, number: int) -> tuple[tuple[str, ...], bool]:
        """Read the globs; False beside them: not all of them are any."""
        globs = []
        whole = True
        for glob in _split(_BLANKS.sub(" ", left.strip(" \t\r\v\f"))):
            if glob.startswith("/"):
                problem = "it starts with '/', which no path in its folder does"
            else:
                problem = _problem(glob)
            if problem:
                whole = False
                self._closed = True
                self._lint_line("bad_glob", f"The glob {glob[:80]!r} matches nothing: {problem}.", number)
            else:
                globs.append(glob)
            if glob != glob.strip():
                message = f"The glob {glob[:80]!r} has a blank at its end, and so matches no ordinary file."
                self._lint_line("blank_in_glob", message, number)
        return tuple(globs), whole

    def _named(self, emails: list[str], number: int) -> list[Named]:
        """Keep those that can name somebody."""
        named = []
        for email in emails:
            if email != "*":
                try:
                    Who.parse(email)
                except ValueError:
                    message = f"{email[:80]!r} is no e-mail address; it owns nothing."
                    self._lint_line("bad_owner", message, number)
                    self._closed = True
                    continue
            named.append(Named(email, self._file, number))
        return named

    def _unread(self, text: str, number: int) -> None:
        """Note that a line grants nothing, and take what looks like a restriction for one."""
        self._closed = True
        if _RESTRICTS.search(text.partition("#")[0]):
            self._noparent = True
            message = "The line looks like a restriction, so owners of the folders above do not count here."
            self._lint_line("taken_as_noparent", message, number)

    def _lint_line(self, code: str, message: str, number: int) -> None:
        self._lint(Lint(code, message, self._file, number))

    def _lint(self, lint: Lint) -> None:
        if len(self._lints) < MAX_LINTS:
            self._lints.append(lint)
        elif len(self._lints) == MAX_LINTS:
            message = "The file has more oddities than are listed."
            self._lints.append(Lint("more_lints", message, self._file, lint.line))


def _reference(match: re.Match[str], number: int) -> Reference:
    # With one colon it is the project that is named, as in Gerrit.
    whole = match[1].startswith("include")
    return Reference(match[2], match[3], match[4], number, whole)


def _problem(glob: str) -> str:
    """Say why it is no glob, "" where it is one."""
    try:
        Globs([(0, glob)])
    except ValueError as problem:
        return str(problem)
    return ""


def _split(globs: str) -> list[str]:
    """Split at the commas outside braces and brackets."""
    found = [""]
    braces = brackets = 0
    for char in globs:
        if char == "," and not braces and not brackets:
            found.append("")
            continue
        braces = max(braces + (char == "{") - (char == "}"), 0)
        brackets = max(brackets + (char == "[") - (char == "]"), 0)
        found[-1] += char
    return [glob for glob in found if glob]
