"""CODEOWNERS as GitHub has it: who owns a path, and whom a change of it must ask.

The last line that matches decides; any one of its owners suffices; a line without owners makes unowned. A
file of 3 MB or more owns nothing, as on GitHub, and says so in ``broken``; so does one of more rules than
anybody writes, which would take long. docs/owners.md lists the rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Final

from riskbot.judge.owners import DECEPTIVE, Lint, Owner, Ownership, spelling
from riskbot.judge.owners.lines import Rule, read
from riskbot.judge.owners.match import SOMETHING, Index, Pattern
from riskbot.judge.owners.shadows import shadows
from riskbot.written.glob import folded

#: GitHub: "must be under 3 MB". Decimal, which is the smaller of what that can mean.
MAX_BYTES: Final = 3_000_000
#: A file with more rules, owners, or folders and names in patterns is not read: nobody wrote that.
MAX_LINES: Final = 50_000
MAX_OWNERS: Final = 250_000
MAX_SEGMENTS: Final = 250_000
_LINE: Final = re.compile(r"^[ \t]*[^ \t\r\n#]", re.MULTILINE)
#: More rules than this for one path, all told apart by nothing but letter case, all guard it.
_MOST_SPELLINGS: Final = 50
#: What is odd about the whole file; a hidden character may make any line look like another.
_FILE_WIDE: Final = ("bom", "control_char")


class CodeOwners:
    """One CODEOWNERS file, read. Implements :class:`riskbot.judge.owners.Roster`."""

    __slots__ = (
        "_documented",
        "_lints",
        "_others",
        "_read",
        "_suspects",
        "_wide",
        "broken",
        "file",
        "rules",
    )

    def __init__(
        self, file: str, rules: tuple[Rule, ...], lints: tuple[Lint, ...], broken: Lint | None
    ) -> None:
        self.file = file
        self.rules = rules
        self._read = lints  # what reading the lines found; shadows are looked for when asked
        self._lints: tuple[Lint, ...] | None = None
        self.broken = broken
        wide = {lint.code: lint for lint in reversed(lints) if lint.code in _FILE_WIDE}
        self._wide = (broken,) if broken else tuple(wide[code] for code in _FILE_WIDE if code in wide)
        self._documented = _Reading((rule.pattern, rule.owners) for rule in rules)
        self._others = tuple(_other_readings(rules))
        self._suspects = Index(
            (number, pattern)
            for number, rule in enumerate(rules)
            if rule.pattern is None
            for pattern in (rule.suspected, rule.otherwise)
            if pattern is not None
        )

    @classmethod
    def parse(cls, data: bytes | str, file: str) -> CodeOwners:
        """Read a file's content; never raises. ``file`` is its path, for positions."""
        text = data.decode("utf-8", "surrogateescape") if isinstance(data, bytes) else data
        size = len(data) if isinstance(data, bytes) else len(text.encode("utf-8", "surrogatepass"))
        if size >= MAX_BYTES:
            return cls.too_large(file, size)
        if len(_LINE.findall(text)) > MAX_LINES or text.count("@") > MAX_OWNERS:
            return cls.too_long(file)
        lints: list[Lint] = []
        if text.startswith("\ufeff"):
            lints.append(Lint("bom", "The file starts with a byte order mark: save it without.", file, 1, 1))
            text = text.removeprefix("\ufeff")
        rules: list[Rule] = []
        segments = 0
        for number, line in enumerate(text.split("\n"), 1):
            if not line:
                continue
            rule, odd = read(line.removesuffix("\r"), number, file)
            if odd:
                lints += odd
            if rule is not None:
                rules.append(rule)
                segments += 1 + rule.text.count("/")
                if segments > MAX_SEGMENTS:
                    return cls.too_long(file)
        return cls(file, tuple(rules), tuple(lints), None)

    @classmethod
    def too_large(cls, file: str, size: int) -> CodeOwners:
        """Stand for a file of 3 MB or more, which GitHub does not load."""
        message = (
            f"The file has {size:,} bytes; GitHub loads none of {MAX_BYTES:,} or more, so it owns nothing."
        )
        return cls.unusable(file, Lint("too_large", message, file))

    @classmethod
    def too_long(cls, file: str) -> CodeOwners:
        """Stand for a file of so many rules that nobody can have written them."""
        message = (
            f"The file has more than {MAX_LINES:,} rules, {MAX_OWNERS:,} owners, or"
            f" {MAX_SEGMENTS:,} folders and names in its patterns: it is not read."
        )
        return cls.unusable(file, Lint("too_long", message, file))

    @classmethod
    def unusable(cls, file: str, lint: Lint) -> CodeOwners:
        """Stand for a file that cannot be read at all."""
        return cls(file, (), (lint,), lint)

    @property
    def lints(self) -> tuple[Lint, ...]:
        """Everything odd, in the order of the lines."""
        if self._lints is None:
            self._lints = tuple(sorted((*self._read, *shadows(self.rules, self.file)), key=_place))
        return self._lints

    @property
    def deceptive(self) -> tuple[Lint, ...]:
        """What may deceive whoever reads the files."""
        return tuple(lint for lint in self._read if lint.code in DECEPTIVE)

    def of(self, path: str) -> Ownership:
        """Say who owns ``path``, as GitHub documents it."""
        return self._ownership(path, self._documented, self._documented.last(path))

    def guarding(self, path: str, *, odd_mode: bool = False) -> tuple[Ownership, ...]:
        """Every ownership that a change of ``path`` must satisfy; :meth:`of` first. See Roster.guarding."""
        documented = self._documented
        decides = documented.last(path)
        found = {decides: documented}
        for reading in (documented, *self._others):
            first = decides if reading is documented else reading.last(path)
            for number in reading.guarding(path, first, odd_mode=odd_mode):
                # Nobody's is nothing that a change would have to satisfy.
                if number not in found and reading.owners[number]:
                    found[number] = reading
        return tuple(self._ownership(path, reading, number) for number, reading in found.items())

    def _ownership(self, path: str, reading: _Reading, number: int | None) -> Ownership:
        lints = self._concerning(path, number) if self._read else ()
        if number is None:
            return Ownership(path, lints=lints)
        rule = self.rules[number]
        return Ownership(path, reading.owners[number], self.file, rule.line, rule.text, lints=lints)

    def _concerning(self, path: str, number: int | None) -> tuple[Lint, ...]:
        """Gather what is odd about the file, the line that decides, and the last that seems meant for it."""
        suspect = self._suspects.last(path)
        odd = dict.fromkeys(self._wide)
        if number is not None:
            odd |= dict.fromkeys(self.rules[number].lints)
        if suspect is not None and (number is None or suspect > number):
            odd |= dict.fromkeys(self.rules[suspect].lints)
        return tuple(odd)


def _other_readings(rules: Sequence[Rule]) -> Iterator[_Reading]:
    """Read the lines that can be read in two ways the other way: none of them counting, then all that may."""
    both = [(rule.pattern is not None, rule.otherwise is not None) for rule in rules]
    if (True, False) in both:
        certain = (None if rule.otherwise is None else rule.pattern for rule in rules)
        yield _Reading(zip(certain, (rule.owners for rule in rules), strict=True))
    if (False, True) in both:
        yield _Reading((rule.otherwise, rule.owners) for rule in rules)


class _Reading:
    """The rules in one reading of the lines that can be read in two ways."""

    __slots__ = ("_as_written", "_odd_groups", "_odd_letters", "_patterns", "last", "owners")

    def __init__(self, rules: Iterable[tuple[Pattern | None, tuple[Owner, ...]]]) -> None:
        self._patterns: dict[int, Pattern] = {}
        self.owners: dict[int, tuple[Owner, ...]] = {}
        for number, (pattern, owners) in enumerate(rules):
            if pattern is not None:
                self._patterns[number] = pattern
                self.owners[number] = owners
        self._as_written = Index(self._patterns.items())
        self.last: Callable[[str], int | None] = self._as_written.last
        self._odd_letters: Index | None = None
        self._odd_groups: dict[int, list[int]] = {}

    def guarding(self, path: str, decides: int | None, *, odd_mode: bool) -> list[int]:
        """Return the numbers of the rules that guard ``path`` in any spelling; ``decides`` is its last."""
        plain = _fold(path)
        found = {decides, *self._folded(plain, decides if plain == path else self.last(plain))}
        if odd_mode:
            beneath = f"{plain}/{SOMETHING}"
            last = self.last(beneath)
            found |= {last, *self._folded(beneath, last), *self._as_written.within(plain)}
            if plain != path:
                found |= {self.last(f"{path}/{SOMETHING}"), *self._as_written.within(path)}
            if self._odd_groups:
                found.update(self._spelled(self._odd().within(plain)))
        return sorted({number for number in found if number is not None})

    def _odd(self) -> Index:
        """Index, folded, the patterns that folding changes: the others match a folded path as written.

        Those that folding makes equal share one number, that of :attr:`_odd_groups`.
        """
        if self._odd_letters is None:
            last_of = {pattern: number for number, pattern in self._patterns.items()}
            groups: dict[Pattern, list[int]] = {}
            for pattern, number in sorted(last_of.items(), key=itemgetter(1)):
                plain = tuple(map(_fold, pattern.segments))
                if plain != pattern.segments:
                    for itself in {pattern.itself, not pattern.beneath}:
                        groups.setdefault(Pattern(plain, itself, not itself), []).append(number)
            numbered = {2 * numbers[-1] + plain.itself: plain for plain, numbers in groups.items()}
            self._odd_groups = {number: groups[plain] for number, plain in numbered.items()}
            self._odd_letters = Index(sorted(numbered.items()))
        return self._odd_letters

    def _spelled(self, groups: Iterable[int]) -> list[int]:
        return [number for group in groups for number in self._odd_groups[group]]

    def _folded(self, path: str, plain: int | None) -> list[int]:
        """Return the rules that decide for some well-made spelling of the folded ``path``; ``plain`` does."""
        odd = self._odd()
        if not self._odd_groups:
            return [] if plain is None else [plain]
        numbers = sorted({*self._spelled(odd.all(path)), *([] if plain is None else [plain])})
        if len(numbers) > _MOST_SPELLINGS:
            return numbers
        return [
            number
            for at, number in enumerate(numbers)
            if not any(
                spelling.both(self._patterns[number], self._patterns[later], path)
                for later in reversed(numbers[at + 1 :])
            )
        ]


def _fold(text: str) -> str:
    """Fold letter case and normal form: :func:`folded`, at once for what is plain."""
    return text.lower() if text.isascii() else folded(text)


def _place(lint: Lint) -> tuple[int, int, str]:
    return (lint.line or 0, lint.column or 0, lint.code)
