"""Cases against a policy: judge each, and say where what came out is not what was expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from riskbot.domain.errors import ConfigError
from riskbot.domain.verdict import Clause, Outcome, Status, Verdict
from riskbot.facts.document import Facts
from riskbot.judge import judge
from riskbot.judge.cases.loader import Case
from riskbot.judge.language.policy import Policy
from riskbot.judge.owners import Rosters
from riskbot.judge.owners.reading import read
from riskbot.judge.tree import leaves

_NOT_SATISFIED = {Status.PENDING, Status.ERROR}


@dataclass(frozen=True, slots=True)
class Result:
    """What a case came to; ``wrong`` lists every difference, empty where there is none."""

    case: Case
    verdict: Verdict
    wrong: tuple[str, ...]


def verdict_of(case: Case, policy: Policy) -> Verdict:
    """Judge the case's facts; the owners files and rosters are those of its texts."""
    return judge(case.facts, policy, rosters_of(case.facts, policy), case.now)


def rosters_of(facts: Facts, policy: Policy) -> Rosters:
    """Read the owners files and rosters that the policy asks for from the facts' texts."""
    return read(facts.texts, policy.rules.owners.format, rosters=policy.rosters)


def try_(case: Case, policy: Policy) -> Result:
    """Judge the case and compare."""
    verdict = verdict_of(case, policy)
    return Result(case, verdict, tuple(_differences(case, verdict, policy)))


def run(case: Case, policy: Policy) -> ConfigError | None:
    """Judge the case; None when the policy answers as expected, else what came out instead."""
    wrong = try_(case, policy).wrong
    if not wrong:
        return None
    return case.mark.error(f"{case.name}: {'; '.join(wrong)}.", "Mend the policy or the case.")


def open_clauses(verdict: Verdict, policy: Policy) -> frozenset[str]:
    """Name the policy's clauses that keep the change back: not those that a satisfied alternative excuses."""
    names = {leaf.name for leaf in leaves(policy.requires)}
    found = set()
    waiting = [verdict.root]
    while waiting:
        clause = waiting.pop()
        if clause.status in _NOT_SATISFIED:
            waiting += clause.clauses
            found |= {clause.name} & names if not clause.clauses else set()
    return frozenset(found)


def named(root: Clause, policy: Policy) -> list[Clause]:
    """Pick the verdict's leaf clauses, by the policy's names."""
    names = {leaf.name for leaf in leaves(policy.requires)}
    found: list[Clause] = []
    waiting = [root]
    while waiting:
        clause = waiting.pop()
        if not clause.clauses and clause.name in names:
            found.append(clause)
        waiting += clause.clauses
    return found


def _differences(case: Case, verdict: Verdict, policy: Policy) -> Iterator[str]:
    """Say every difference in one phrase each."""
    wanted = case.wanted
    open_ = open_clauses(verdict, policy)
    if verdict.outcome is not case.expect or open_ != wanted.because:
        yield f"expected {_why(case.expect, wanted.because)}, came out as {_why(verdict.outcome, open_)}"
        for name in sorted(wanted.because - {leaf.name for leaf in leaves(policy.requires)}):
            yield f"the policy has no clause {name!r}"
    counted = [opinion.who for opinion in verdict.opinions if opinion.counts]
    for what, expected, came in (
        ("counted", wanted.counted, counted),
        ("interested", wanted.interested, [one.who for one in verdict.interested]),
        ("accountable", wanted.accountable, [who.partition(" (")[0] for who in verdict.accountable]),
        ("blocks", wanted.blocks, [note.code for note in verdict.blocks]),
        ("flags", wanted.flags, [note.code for note in verdict.flags]),
    ):
        if expected is not None and expected != frozenset(came):
            yield f"expected {what} {_shown(expected)}, came out as {_shown(came)}"
    ignored = {opinion.who: opinion.code for opinion in verdict.opinions if not opinion.counts}
    for who, code in (wanted.ignored or {}).items():
        if ignored.get(who) != code:
            came_out = ignored.get(who, "counted" if who in counted else "without an opinion")
            yield f"expected {who} ignored as {code}, came out {came_out}"
    unlocks = frozenset(map(frozenset, verdict.unlocking))
    if wanted.unlocks is not None and wanted.unlocks != unlocks:
        yield f"expected to unlock: {_sets(wanted.unlocks)}, came out as {_sets(unlocks)}"
    could = {clause.name: frozenset(clause.could) for clause in named(verdict.root, policy)}
    for name, people in (wanted.could or {}).items():
        if could.get(name) != people:
            yield f"expected {name!r} could be met by {_shown(people)}, came out as {_shown(could.get(name))}"


def _shown(words: Iterable[str] | None) -> str:
    """Write names in a row; those of clauses hold blanks, so each stands in quotes."""
    return ", ".join(map(repr, sorted(set(words or ())))) or "nothing"


def _why(outcome: Outcome, open_: Iterable[str]) -> str:
    """Say an outcome and what keeps it from being allowed, if anything does."""
    names = sorted(set(open_))
    return f"{outcome.value} because of {_shown(names)}" if names else outcome.value


def _sets(sets: Iterable[frozenset[str]]) -> str:
    return " or ".join(sorted("+".join(sorted(one)) or "nobody" for one in sets)) or "nothing"
