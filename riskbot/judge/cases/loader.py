"""``*.cases.yml`` -> cases, as strictly as policies are read: every error has its line and column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from riskbot.domain.verdict import Outcome
from riskbot.facts import document as doc
from riskbot.judge.cases.cast import NOW, Cast, Path, WrongFactsError, moment
from riskbot.judge.cases.full import full
from riskbot.judge.cases.short import CaseText, FileText
from riskbot.judge.language.typed import convert, only
from riskbot.written import marked
from riskbot.written.marked import Mark, Node

_SHARED = ("now", "people", "teams", "texts")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What must come out beside the outcome; None (or an empty mapping): not compared."""

    because: frozenset[str] = frozenset()
    counted: frozenset[str] | None = None
    ignored: Mapping[str, str] | None = None
    interested: frozenset[str] | None = None
    accountable: frozenset[str] | None = None
    blocks: frozenset[str] | None = None
    flags: frozenset[str] | None = None
    unlocks: frozenset[frozenset[str]] | None = None
    could: Mapping[str, frozenset[str]] | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One case: where it is written, the facts it speaks of and when, and what must come out."""

    name: str
    mark: Mark
    facts: doc.Facts
    expect: Outcome
    wanted: Wanted = Wanted()
    now: datetime = NOW

    @property
    def because(self) -> frozenset[str]:
        """The clauses that must not be satisfied."""
        return self.wanted.because


def load(data: bytes, file: str) -> tuple[Case, ...]:
    """Read a file of cases. Raises ConfigError with line and column, as for policies."""
    root = marked.parse(data, file)
    top = only(root, ("cases", *_SHARED), "A file of cases")
    listed = top.get("cases")
    if listed is None or not isinstance(listed.value, tuple) or not listed.value:
        raise root.mark.error("The file lists no cases.", "Write cases: and at least one '- case: …'.")
    keys = {key: mark for key, mark in root.keys.items() if key in _SHARED}
    shared_node = Node({key: top[key] for key in keys}, root.mark, keys)
    shared = convert(shared_node, FileText)
    cases: list[Case] = []
    lines: dict[str, int] = {}
    for node in listed.value:
        case = _case(node, shared, shared_node)
        if case.name in lines:
            message = f"The case {case.name!r} stands on line {lines[case.name]} already."
            raise node.mark.error(message, "Give each case its own name.")
        lines[case.name] = node.mark.line
        cases.append(case)
    return tuple(cases)


def _case(node: Node, shared: FileText, shared_node: Node) -> Case:
    text = convert(node, CaseText)
    try:
        now = NOW
        if (said := text.now or shared.now) is not None:
            now = moment(said, ("now",))
        cast = Cast({**shared.people, **text.people}, {**shared.teams, **text.teams})
        facts = full(text.facts, cast, {**shared.texts, **text.texts}, now)
    except WrongFactsError as wrong:
        mark = _place(node, wrong.path) or _place(shared_node, wrong.path) or node.mark
        raise mark.error(wrong.message, wrong.mend) from None
    return Case(text.case, node.mark, facts, text.expect, _wanted(text), now)


def _wanted(text: CaseText) -> Wanted:
    return Wanted(
        because=frozenset(text.because),
        counted=_set(text.counted),
        ignored=text.ignored or None,
        interested=_set(text.interested),
        accountable=_set(text.accountable),
        blocks=_set(text.blocks),
        flags=_set(text.flags),
        unlocks=None if text.unlocks is None else frozenset(map(frozenset, text.unlocks)),
        could={name: frozenset(people) for name, people in text.could.items()} or None,
    )


def _set(words: Iterable[str] | None) -> frozenset[str] | None:
    return None if words is None else frozenset(words)


def _place(node: Node, path: Path) -> Mark | None:
    """Follow the path into the node, as far as it goes; None where not even the first step is there."""
    found: Mark | None = None
    for step in path:
        below: Node | None = None
        if isinstance(node.value, dict):
            below = node.value.get(str(step))
        elif isinstance(node.value, tuple) and isinstance(step, int) and step < len(node.value):
            below = node.value[step]
        if below is None:
            break
        node, found = below, below.mark
    return found
