"""What the clauses about reviewers share: who counted, who could still, whose approval does not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from riskbot.domain.verdict import Status
from riskbot.facts.document import Permission
from riskbot.judge.bench import ANYONE, Bench
from riskbot.judge.needs.need import Ask, Need, met
from riskbot.judge.people.who import People, Person, WhoKind
from riskbot.judge.predicate import Answer, bounded, counted

NOT_KNOWN = "No reviews are known yet."
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose approval a clause asks for, and under which limits."""

    role: str
    count: int = 1
    people: People = ANYONE
    permission: Permission = Permission.NONE
    outside_author_teams: bool = False

    def ask(self, bench: Bench) -> Ask:
        """Put it to the bench."""
        return bench.ask(
            self.role,
            self.count,
            self.people,
            permission=self.permission,
            outside_author_teams=self.outside_author_teams,
        )

    def unread(self, bench: Bench) -> tuple[str, ...]:
        """The teams that would have to be read to know who may approve here."""
        hidden = bench.unread_teams if self.outside_author_teams else ()
        return tuple(dict.fromkeys((*bench.standing(self.people).unread, *hidden)))


def listed(names: Iterable[str]) -> str:
    """Write names in a row, the first five, sorted."""
    ordered = sorted(set(names))
    rest = len(ordered) - _SHOWN
    return ", ".join(ordered[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def people(persons: Iterable[Person]) -> str:
    """Write people in a row, the first five, sorted."""
    return listed(person.name for person in persons)


def progress(ask: Ask) -> str:
    """Say how far an ask is, as in ``1 of 2 approvals: bob.``; who could still, a clause lists by itself."""
    said = f"{len(ask.counted)} of {counted(ask.count, 'approval')}"
    if ask.counted:
        said += f": {people(ask.counted)}"
    if met(ask) or len(ask.counted | ask.candidates) >= ask.count:
        return f"{said}."
    if not ask.candidates:
        return f"{said}; nobody else is able to approve."
    return f"{said}; only {people(ask.candidates)} could, which is not enough."


def ruled(
    bench: Bench, need: Need, reason: str, evidence: Iterable[str], unread: Iterable[str] = ()
) -> Answer:
    """Make the answer of a clause about people from what it needs.

    SATISFIED exactly where the need is met; ERROR where it is not and a team that would count could not be
    read; else PENDING.
    """
    shown = bounded(evidence)
    if met(need):
        return Answer(Status.SATISFIED, reason, shown, need)
    hidden = listed(unread)
    if hidden:
        said = f"{hidden} could not be read (unread_team), so who may approve is not known. {reason}"
        return Answer(Status.ERROR, said, shown, need)
    if not bench.ballot.known:
        reason = f"{NOT_KNOWN} {reason}"
    return Answer(Status.PENDING, reason, shown, need)


def not_counted(bench: Bench, wish: Wish) -> Iterator[str]:
    """Say whose opinion does not count here and why, with its code."""
    standing = bench.standing(wish.people)
    for name in standing.ghosts:
        code = "unknown_team" if "/" in name else "unknown_account"
        yield f"{name} does not exist ({code})"
    yield from not_counted_at_all(bench)
    approvals = bench.ballot.approvals
    asked = wish.ask(bench)
    for account in sorted(approvals, key=lambda one: (bench.directory.name(one), one)):
        if bench.person(account) not in asked.counted:
            code, reason = _why_not(bench, wish, account)
            yield f"{bench.directory.name(account)} does not count here ({code}): {reason}"


def not_counted_at_all(bench: Bench) -> Iterator[str]:
    """Say whose opinion counts for no clause, and why, with its code."""
    for opinion in bench.ballot.opinions:
        if not opinion.counts and opinion.code:
            said = f": {opinion.reason}" if opinion.reason else ""
            yield f"{opinion.who} does not count ({opinion.code}){said}"


def _why_not(bench: Bench, wish: Wish, account: int) -> tuple[str, str]:
    """Why an approval that counts in general does not count for this wish."""
    directory, at = bench.directory, bench.ballot.approvals[account]
    then = directory.belongs(wish.people, account, at)
    now = account in bench.standing(wish.people).accounts
    if not now and (then or _was_member(bench, wish.people, account)):
        return "former_member", "no longer among those asked"
    if not now:
        return "not_asked", "not among those asked"
    if not then:
        return "late_member", "joined only after approving"
    if not bench.able(account, wish.permission):
        return (
            "no_permission",
            f"lacks {max(wish.permission, bench.rules.reviews.permission).value} permission",
        )
    if wish.outside_author_teams and not bench.outsider(account):
        return "author_team", "shares a team with somebody interested"
    return "fresh_member", "was a member for too short a time when approving"


def _was_member(bench: Bench, asked: People, account: int) -> bool:
    """Say whether the account was ever in one of the teams asked."""
    teams = {who.name for who in bench.directory.expand(asked) if who.kind is WhoKind.TEAM}
    return any(
        one.account == account
        for team in bench.facts.teams or ()
        if team.name.casefold() in teams
        for one in team.members or ()
    )
