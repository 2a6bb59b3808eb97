"""Owners files: what their parsers found odd, and owners who do not exist, cannot approve, or stand alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from riskbot.judge.language.policy import Policy
from riskbot.judge.lint.found import Found, Severity
from riskbot.judge.lint.people import Known
from riskbot.judge.owners import Lint, Owner, Roster, Rosters
from riskbot.judge.owners.codeowners import CodeOwners
from riskbot.judge.people.who import People, Who, WhoKind

# What deceives a reader or takes ownership away; the rest is only odd.
_GRAVE = frozenset({"control_char", "bom", "too_large", "missing", "unreadable", "not_a_file"})


@dataclass(frozen=True, slots=True)
class _Rule:
    """Owners that stand together, and where."""

    file: str
    line: int | None
    what: str
    owners: tuple[Owner, ...]


def owners(rosters: Rosters, policy: Policy, known: Known | None, paths: Iterable[str]) -> Iterator[Found]:
    """Look at every owners file; ``paths`` are the repository's files, which show what OWNERS trees say."""
    files = list(paths)
    for roster in (rosters.owners, *(rosters.others[name] for name in sorted(rosters.others))):
        yield from _lints(roster)
        seen: set[tuple[str, str]] = set()
        for rule in _rules(roster, files):
            yield from _alone(rule, policy, known)
            for owner in rule.owners if known is not None else ():
                place = (f"{owner.file or rule.file}:{owner.line or rule.line}", owner.name)
                if place not in seen:
                    seen.add(place)
                    yield from _able(rule, owner, known)


def _lints(roster: Roster) -> Iterator[Found]:
    if roster.broken is not None:
        yield _of(roster.broken, Severity.ERROR)
    for lint in roster.lints:
        if lint != roster.broken:
            yield _of(lint, Severity.ERROR if lint.code in _GRAVE else Severity.WARNING)


def _of(lint: Lint, severity: Severity) -> Found:
    return Found(lint.code, severity, lint.file, lint.line, lint.column, lint.message)


def _rules(roster: Roster, files: Iterable[str]) -> Iterator[_Rule]:
    """List the sets of owners: each line of a CODEOWNERS file; of a tree, those of the repository's files."""
    if isinstance(roster, CodeOwners):
        for rule in roster.rules:
            what = rule.text.split()[0] if rule.text.split() else ""
            if rule.owners:
                yield _Rule(roster.file, rule.line, what, rule.owners)
        return
    seen: set[tuple[str, ...]] = set()
    for path in files:
        one = roster.of(path)
        if one.owners and one.names not in seen:
            seen.add(one.names)
            yield _Rule(one.file or one.owners[0].file or path, one.line, path, one.owners)


def _parsed(owner: Owner) -> Who | None:
    try:
        who = Who.parse(owner.name)
    except ValueError:
        return None
    return who if who.kind in {WhoKind.LOGIN, WhoKind.TEAM, WhoKind.EMAIL} else None


def _able(rule: _Rule, owner: Owner, known: Known | None) -> Iterator[Found]:
    """Look one owner up."""
    who = _parsed(owner)
    if who is None or known is None:
        return
    file, line = owner.file or rule.file, owner.line or rule.line
    if known.unknown(who):
        code = "unknown_team" if who.kind is WhoKind.TEAM else "ghost_owner"
        message = f"{owner.name} owns {rule.what}, but the directory has nobody of that name."
        yield Found(code, Severity.ERROR, file, line, None, message, known.mend(who))
    elif not known.unread((who,)) and not known.able((who,)):
        message = f"{owner.name} owns {rule.what}, but cannot approve: nobody there may write."
        yield Found(
            "no_write_owner", Severity.ERROR, file, line, None, message, "Give write, or name another."
        )


def _alone(rule: _Rule, policy: Policy, known: Known | None) -> Iterator[Found]:
    """Find owners that stand alone: whoever they are, nobody can approve their own changes."""
    people: People = tuple(who for owner in rule.owners if (who := _parsed(owner)) is not None)
    if known is None:
        if len(people) != 1 or len(rule.owners) != 1 or people[0].kind is WhoKind.TEAM:
            return
        only = rule.owners[0].name
    else:
        able = known.able(people)
        if len(able) != 1 or known.unread(people):
            return
        only = next(iter(able))
    fallback = policy.rules.owners.fallback
    others = (
        bool(fallback)
        if known is None
        else bool(known.able(fallback) - {only}) or (bool(fallback) and known.unread(fallback))
    )
    message = f"{only} alone owns {rule.what}: nobody who owns it can approve a change of theirs"
    tail = "; the policy's fallback people are asked then." if others else ", and there is no fallback."
    severity = Severity.WARNING if others else Severity.ERROR
    mend = "Name a second owner or a team." if others else "Name a second owner, or owners: {fallback: […]}."
    yield Found("sole_owner", severity, rule.file, rule.line, None, message + tail, mend)
