"""Reading ``.riskbot/rules.toml`` strictly: severities of rules, and suppressions with reason and end.

::

    [severity]
    request-without-timeout = "low"

    [[suppress]]
    rule = "sql-from-string"
    paths = ["scripts/**"]          # optional; left out: everywhere
    reason = "one-off migrations, run by hand against a copy"
    until = 2027-03-31
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from riskbot.detect.adjust import FILE, PROTECTED, Adjustments, Suppression
from riskbot.detect.rules.paths import Paths
from riskbot.domain.errors import ConfigError
from riskbot.domain.finding import Severity
from riskbot.domain.suggest import did_you_mean

_TABLES = ("severity", "suppress")
_KEYS = ("rule", "paths", "reason", "until")
_MAX = 1_000
_TEXT = 400


def read(data: bytes, known: Collection[str]) -> Adjustments:
    """Read the file; ``known`` are the ids of all rules. Raises ConfigError with the line where it can."""
    source = _Source(data)
    tree = source.parse()
    for name in tree:
        if name not in _TABLES:
            source.wrong(
                rf"\s*\[*\s*[\"']?{re.escape(name)}\b",
                f"There is no {name!r} here.",
                did_you_mean(name, _TABLES),
            )
    severities = _severities(source, tree.get("severity", {}), known)
    entries = tree.get("suppress", [])
    if (
        not isinstance(entries, list)
        or not all(isinstance(one, dict) for one in entries)
        or len(entries) > _MAX
    ):
        source.wrong(
            r"\s*\[?suppress",
            f"suppress must be a list of at most {_MAX} tables.",
            "Begin each with [[suppress]].",
        )
    found = [_suppression(source.entry(number), entry, known) for number, entry in enumerate(entries)]
    return Adjustments(severities, tuple(found))


@dataclass(frozen=True, slots=True)
class _Source:
    """The text, and the part of it that is read, for the lines of errors (1-based; None: not found)."""

    data: bytes
    first: int = 1
    last: int = 1_000_000

    def parse(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self.data.decode())
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as problem:
            where = re.search(r"at line (\d+), column (\d+)", str(problem))
            line, column = (int(where[1]), int(where[2])) if where else (None, None)
            words = str(problem).partition(" (at ")[0]
            raise ConfigError(
                f"This is not TOML: {words}.", file=FILE, line=line, column=column, mend="Mend the syntax."
            ) from None

    def line(self, expression: str) -> int | None:
        """Find the first line of the part that begins so."""
        lines = self.data.decode().splitlines()[: self.last]
        for number, line in enumerate(lines, 1):
            if number >= self.first and re.match(expression, line):
                return number
        return None

    def entry(self, number: int) -> _Source:
        """Narrow to one ``[[suppress]]``; entries written in another way keep the whole."""
        lines = self.data.decode().splitlines()
        heads = [at for at, line in enumerate(lines, 1) if re.match(r"\s*\[", line)] + [len(lines) + 1]
        own = [at for at in heads[:-1] if re.match(r"\s*\[\[\s*[\"']?suppress[\"']?\s*\]\]", lines[at - 1])]
        if number >= len(own):
            return self
        return _Source(self.data, own[number], heads[heads.index(own[number]) + 1] - 1)

    def wrong(self, expression: str, message: str, mend: str = "See docs/rules.md.") -> NoReturn:
        line = self.line(expression)
        line = line if line is not None or self.first == 1 else self.first
        raise ConfigError(message, file=FILE, line=line, mend=mend)

    def key(self, name: str) -> str:
        """Write the expression of a line that sets a key."""
        return rf"\s*[\"']?{re.escape(name)}[\"']?\s*="


def _severities(source: _Source, table: Any, known: Collection[str]) -> tuple[tuple[str, Severity], ...]:
    if not isinstance(table, dict):
        source.wrong(r"\s*severity", "severity must be a table of rules.", "Begin it with [severity].")
    words = [severity.value for severity in Severity]
    found = []
    for rule, word in table.items():
        _check_rule(source, source.key(rule), rule, known)
        if word not in words:
            mend = (
                did_you_mean(word, words) if isinstance(word, str) else f"Write one of: {', '.join(words)}."
            )
            source.wrong(source.key(rule), f"{word!r:.80} is no severity.", mend)
        found.append((rule, Severity(word)))
    return tuple(found)


def _check_rule(source: _Source, where: str, rule: str, known: Collection[str]) -> None:
    if rule not in known:
        source.wrong(where, f"There is no rule {rule!r:.80}.", did_you_mean(rule, known))
    if rule in PROTECTED:
        source.wrong(
            where,
            f"The rule {rule} watches over what governs: it cannot be suppressed or given another severity.",
            "Let somebody who answers for the policy look at its findings.",
        )


def _suppression(source: _Source, entry: Mapping[str, Any], known: Collection[str]) -> Suppression:
    for name in entry:
        if name not in _KEYS:
            source.wrong(source.key(name), f"The key {name!r} is unknown here.", did_you_mean(name, _KEYS))
    for name in ("rule", "reason", "until"):
        if name not in entry:
            source.wrong(
                r"\s*\[\[", f"The key {name!r} is missing.", "A suppression says what, why and until when."
            )
    rule, reason, until = entry["rule"], entry["reason"], entry["until"]
    if not isinstance(rule, str):
        source.wrong(source.key("rule"), "rule must be the id of a rule, as a text.")
    _check_rule(source, source.key("rule"), rule, known)
    if not isinstance(reason, str) or not reason.strip() or len(reason) > _TEXT:
        source.wrong(
            source.key("reason"), f"reason must be a text of 1 to {_TEXT} characters.", "Say why it is right."
        )
    return Suppression(
        rule,
        " ".join(reason.split()),
        _date(source, until),
        _paths(source, entry.get("paths")),
        source.line(r"\s*\[\["),
    )


def _date(source: _Source, until: Any) -> dt.date:
    """Read a day: TOML's own date, or the same as a text."""
    if isinstance(until, str):
        try:
            return dt.date.fromisoformat(until)
        except ValueError:
            until = None
    if not isinstance(until, dt.date) or isinstance(until, dt.datetime):
        source.wrong(source.key("until"), "until must be a day.", "Write it so: until = 2027-03-31.")
    return until


def _paths(source: _Source, globs: Any) -> Paths:
    if globs is None:
        return Paths()
    good = isinstance(globs, list) and globs and all(isinstance(one, str) and one.strip("/") for one in globs)
    if not good:
        source.wrong(
            source.key("paths"),
            "paths must be a list of globs, with at least one.",
            "Left out, it is everywhere.",
        )
    return Paths(tuple(globs))
