"""Twins of semgrep's rules: lines that a rule must and must not find, decided as ``semgrep test`` does.

A comment ``ruleid: <id>`` says that the next line must be found, ``ok: <id>`` that it must not;
``todoruleid`` and ``todook`` are known gaps, where either is right. Every other line must not be found
(https://semgrep.dev/docs/writing-rules/testing-rules). All twins are scanned in one run.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from riskbot.detect.rules import Pack, languages, load_files
from riskbot.detect.rules.prefilter import Words
from riskbot.domain.errors import EvaluationError
from riskbot.outside.semgrep import scan

SECONDS = 120.0
_MARK = re.compile(
    r"(?:#|//|/\*|--|<!--|;|\(\*)\s?(?P<kind>ruleid|ok|todoruleid|todook):"
    r"\s*(?P<ids>[\w.,\- ]+?)\s*(?:-->|\*/|\*\))?\s*$"
)


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing that is not as the twin says: where (``line`` None: the whole file), and what."""

    file: str
    line: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Result:
    """One rule with its twins: how many lines or cases it was tried on, and what came out otherwise."""

    rule: str
    pack: str
    tried: int
    misses: tuple[Miss, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """The marked lines of one twin for one rule, 1-based."""

    bad: frozenset[int]
    good: frozenset[int]
    open: frozenset[int]

    @classmethod
    def of(cls, text: str, rule: str) -> Marks:
        """Read the marks that name ``rule``."""
        found: dict[str, set[int]] = {"ruleid": set(), "ok": set(), "todoruleid": set(), "todook": set()}
        for number, line in enumerate(text.split("\n"), 1):
            match = _MARK.search(line)
            if match and rule in {name.strip() for name in match["ids"].split(",")}:
                found[match["kind"]].add(number + 1)
        unsure = found["todoruleid"] | found["todook"]
        return cls(frozenset(found["ruleid"]), frozenset(found["ok"]), frozenset(unsure))


@dataclass(frozen=True, slots=True)
class Twin:
    """One file of lines for one rule."""

    rule: str
    file: Path
    ending: str
    content: bytes


def twins_of(file: Path, names: Iterable[str]) -> Iterator[Twin]:
    """List the twins of the rule in ``file``, which is for the languages ``names``."""
    for ending in dict.fromkeys(languages.BY_ID[name].twin for name in names):
        path = file.with_name(file.stem + ending)
        yield Twin(file.stem, path, ending.replace(".test", ""), path.read_bytes())


def run(paths: Sequence[Path], *, seconds: float = SECONDS) -> list[Result]:
    """Try the semgrep rules among the rule files ``paths`` on their twins, in the order given.

    Native rules are left out. Raises ConfigError for a rule file that cannot be read and EvaluationError
    where semgrep fails; a rule that semgrep cannot parse is the result of that rule.
    """
    pack = load_files(paths)
    files = [path for path in paths if path.stem in pack.languages]
    twins = [twin for path in files for twin in twins_of(path, pack.languages[path.stem])]
    try:
        missed = _misses(twins, pack, seconds)
    except EvaluationError as problem:
        missed = _one_by_one(twins, pack, seconds, problem)
    tried = dict.fromkeys(pack.languages, 0)
    for twin in twins:
        marks = Marks.of(twin.content.decode("utf-8", "replace"), twin.rule)
        tried[twin.rule] += len(marks.bad | marks.good)
    return [
        Result(rule, pack.rules[rule].pack, count, tuple(missed.get(rule, ())))
        for rule, count in tried.items()
    ]


def _misses(twins: Sequence[Twin], pack: Pack, seconds: float) -> dict[str, list[Miss]]:
    """Scan all twins in one run; each rule is held to its own twins only."""
    # A rule that would not be run on its own twin must show as one that finds nothing there.
    wanted = [
        {twin.rule} if Words(twin.content).meet(pack.needs[twin.rule]) else frozenset() for twin in twins
    ]
    endings = [twin.ending for twin in twins]
    done = scan(
        [twin.content for twin in twins], pack.merged, seconds=seconds, endings=endings, wanted=wanted
    )
    found: list[set[int]] = [set() for _ in twins]
    ends = [[place.start() for place in re.finditer(b"\n", twin.content)] for twin in twins]
    for match in done.matches:
        if match.rule == twins[match.file].rule:
            found[match.file].add(bisect_right(ends[match.file], match.start - 1) + 1)
    missed: dict[str, list[Miss]] = {}
    for index, twin in enumerate(twins):
        rows = list(_compare(twin, found[index]))
        if index in done.troubles:
            rows.append(Miss(str(twin.file), None, done.troubles[index][1]))
        missed.setdefault(twin.rule, []).extend(rows)
    return missed


def _compare(twin: Twin, found: set[int]) -> Iterator[Miss]:
    marks = Marks.of(twin.content.decode("utf-8", "replace"), twin.rule)
    if not marks.bad and not marks.good:
        yield Miss(str(twin.file), None, f"no line is marked for {twin.rule}")
    for line in sorted(marks.bad - found - marks.open):
        yield Miss(str(twin.file), line, "not found, though it must be")
    for line in sorted(found - marks.bad - marks.open):
        words = "found, though it is marked ok" if line in marks.good else "found, though nothing marks it"
        yield Miss(str(twin.file), line, words)


def _one_by_one(
    twins: Sequence[Twin], pack: Pack, seconds: float, problem: EvaluationError
) -> dict[str, list[Miss]]:
    """Find out which rule spoils the run: each alone on its own twins."""
    missed: dict[str, list[Miss]] = {}
    for rule in dict.fromkeys(twin.rule for twin in twins):
        own = [twin for twin in twins if twin.rule == rule]
        try:
            missed |= _misses(own, pack, seconds)
        except EvaluationError as alone:
            missed[rule] = [Miss(str(own[0].file), None, alone.message)]
    if not any(missed.values()):
        raise problem  # each runs alone: it is not the rules
    return missed
