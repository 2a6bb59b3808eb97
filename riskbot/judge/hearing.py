"""The order of a judgement: are the facts whole, what do the clauses say, who could change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from riskbot.domain.errors import place
from riskbot.domain.verdict import Clause, Interest, Note, Outcome, Status, Subject, Verdict
from riskbot.facts.document import Facts
from riskbot.judge.bench import Bench
from riskbot.judge.breakglass import Emergency, standing
from riskbot.judge.doubt import doubted
from riskbot.judge.language.policy import Policy
from riskbot.judge.needs.need import MET, Both, Never, asks
from riskbot.judge.needs.reviewers import Advice, advise
from riskbot.judge.owners import Rosters
from riskbot.judge.pathflags import path_flags
from riskbot.judge.people.accountable import accountable
from riskbot.judge.people.opinions import settle
from riskbot.judge.predicates.machine import Machine
from riskbot.judge.predicates.owners import FORM, Owners, broken_code
from riskbot.judge.tree import How, Node, Ruling, asked, benches, combine, conclude, evaluate, leaves
from riskbot.judge.wholeness import UNKNOWABLE, incomplete

MAX_FLAGS = 100


def hear(facts: Facts, policy: Policy, owners: Rosters, now: datetime) -> Verdict:
    """Judge; see :func:`riskbot.judge.judge`."""
    bench = Bench(facts, policy.rules, owners, now)
    people = policy.asks_people
    blocks = tuple(dict.fromkeys(_blocks(policy.requires, bench, people=people)))
    unknowable = tuple(note for note in blocks if note.code in UNKNOWABLE)
    swapped = tuple(note for note in blocks if note.code == "queue_differs")
    emergency = standing(bench, whole=not unknowable and not swapped)
    unfit = tuple(note for note in blocks if note not in unknowable and note not in swapped)
    heard = _settled(evaluate(policy.requires, bench))
    if people:
        heard = doubted(heard, policy.requires, bench)
    ruling = _blocked(heard, Status.PENDING, unfit)
    # An emergency is declared for a head: it excuses neither another tree nor facts that are not whole.
    ruling = _blocked(_excused(ruling, emergency), Status.PENDING, swapped)
    ruling = _blocked(ruling, Status.ERROR, unknowable)
    outcome, root = conclude(ruling.clause)
    verdict = Verdict(
        outcome,
        root,
        policy.id,
        _subject(facts),
        blocks=blocks,
        flags=(
            *(emergency.flags if emergency else ()),
            *_guesses(policy.requires, bench),
            *_flags(bench, people=people),
        )[:MAX_FLAGS],
        obligations=emergency.obligations if emergency else (),
    )
    if not people:
        return verdict
    leaves_asked = asks(heard.need) if heard.need is not None else ()
    counted = frozenset(one.account for ask in leaves_asked for one in ask.counted if one.account is not None)
    opinions = settle(bench.ballot, counted, facts, bench.directory)
    return _with_people(replace(verdict, opinions=opinions), ruling, bench)


def _with_people(verdict: Verdict, ruling: Ruling, bench: Bench) -> Verdict:
    """Add who has a part in it, who answers for it, and who could unlock it."""
    held = verdict.outcome is Outcome.HELD
    advice = advise(bench, ruling) if held else Advice()
    return replace(
        verdict,
        interested=_interested(bench),
        accountable=tuple(str(one) for one in accountable(bench)),
        unlocking=advice.unlocking,
        unlocking_note=advice.unlocking_note,
        suggested=advice.suggested,
    )


def _blocks(requires: Node, bench: Bench, *, people: bool) -> Iterator[Note]:
    """What stands in the way whoever approves; who made it only matters to a policy about people."""
    yield from incomplete(bench.facts)
    yield from _unusable(requires, bench)
    if people and bench.facts.pull is not None:  # before that there is nothing to approve yet
        for one in benches(requires, bench):
            yield from one.interested.blocks


def _unusable(requires: Node, bench: Bench) -> Iterator[Note]:
    """The owners file, where a clause asks for owners and it cannot be relied on as a whole."""
    lint = bench.rosters.owners.broken
    if lint is not None and any(isinstance(leaf.predicate, Owners) for leaf in leaves(requires)):
        yield Note(broken_code(lint, FORM[bench.rules.owners.format]), f"{lint.file}: {lint.message}")


def _settled(ruling: Ruling) -> Ruling:
    """Make a policy that asked nothing an error before anything else is combined with it."""
    _, root = conclude(ruling.clause)
    return ruling if root is ruling.clause else Ruling(root, Never(root.reason))


def _blocked(ruling: Ruling, status: Status, notes: tuple[Note, ...]) -> Ruling:
    """Put what stands in the way beside the tree: all must hold, and no approval helps."""
    if not notes:
        return ruling
    name = "the facts are whole" if status is Status.ERROR else "who made it, and what is merged, is known"
    evidence = tuple(f"{note.code}: {note.reason}" for note in notes)
    clauses = (Clause(name, status, notes[0].reason, evidence), ruling.clause)
    together = combine(How.ALL, (clause.status for clause in clauses))
    return Ruling(
        Clause("all of", together, notes[0].reason, clauses=clauses),
        Both(tuple(filter(None, (Never(notes[0].reason), ruling.need)))),
    )


def _excused(ruling: Ruling, emergency: Emergency | None) -> Ruling:
    """Put a declared emergency beside the tree: either is enough, and the verdict shows both."""
    if emergency is None:
        return ruling
    clauses = (ruling.clause, emergency.clause)
    if emergency.opens:
        return Ruling(Clause("any of", Status.SATISFIED, emergency.clause.reason, clauses=clauses), MET)
    # One that does not count changes nothing, not even what could not be evaluated into what is held.
    return replace(ruling, clause=replace(ruling.clause, name="any of", evidence=(), clauses=clauses))


def _guesses(requires: Node, bench: Bench) -> Iterator[Note]:
    """What clauses about machines were asked to tell of a guess from style: it decides nothing."""
    told = (
        note
        for leaf, before in asked(requires, bench)
        if isinstance(leaf.predicate, Machine)
        for note in leaf.predicate.notes(before)
    )
    yield from dict.fromkeys(told)


def _flags(bench: Bench, *, people: bool) -> Iterator[Note]:
    yield from path_flags(bench.files, bench.facts.texts or ())
    if not people:
        return
    yield from bench.interested.flags
    yield from bench.ballot.flags
    others = bench.rosters.others
    for roster in (bench.rosters.owners, *(others[path] for path in sorted(others))):
        for lint in (*((roster.broken,) if roster.broken else ()), *roster.deceptive):
            yield Note(lint.code, f"{place(lint.file, lint.line, lint.column)}: {lint.message}")


def _interested(bench: Bench) -> tuple[Interest, ...]:
    """Everybody with a part in it, by name."""
    found = bench.interested
    known = [Interest(bench.directory.name(id_), id_, grounds) for id_, grounds in found.accounts.items()]
    strangers = [Interest(name, None, grounds) for name, grounds in found.strangers.items()]
    return tuple(sorted(known + strangers, key=lambda one: (one.who.casefold(), one.account or 0)))


def _subject(facts: Facts) -> Subject:
    pull = facts.pull
    return Subject(
        facts.repository,
        pull.number if pull else None,
        pull.base_ref if pull else None,
        facts.change.base,
        facts.change.head,
    )
