"""Sets of owners -> what is needed of people: whose approval, who steps in where none of them is able.

Owners who do not exist, may not approve or have a part in the change themselves never make a path free: then
the policy's fallback people are asked in their place, and the evidence says so with a code. Where the
fallback is empty or unable as well, nobody's approval can help, and that is said too. What the change says of
itself (co-authors, authors) bars owners, but never lets the fallback in: it must not unlock anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from riskbot.facts import paths
from riskbot.judge.bench import Bench
from riskbot.judge.needs.need import MET, Ask, Need, Never, met
from riskbot.judge.people.who import People, Who, WhoKind
from riskbot.judge.predicates.asking import Wish, people

# Owners files know no groups of the policy and no "anyone": there these are names like any other.
_OWNING = frozenset({WhoKind.LOGIN, WhoKind.TEAM, WhoKind.EMAIL})


@dataclass(slots=True)
class Charge:
    """One set of owners and the paths (or the zone) it answers for.

    ``names`` as written; ``people`` those of them that can be read as names. ``source`` is the line that says
    so. ``code`` is given where nobody owns it and the fallback is asked from the start.
    """

    names: tuple[str, ...]
    people: People
    source: str = ""
    code: str = ""
    paths: dict[str, None] = field(default_factory=dict)

    @property
    def what(self) -> str:
        """The first path, and how many more."""
        first = paths.encode(next(iter(self.paths), ""))
        rest = len(self.paths) - 1
        return f"{first} and {rest} more" if rest > 0 else first

    @property
    def whose(self) -> str:
        """The owners' names in a row."""
        rest = len(self.names) - 5
        return ", ".join(self.names[:5]) + (f" and {rest} more" if rest > 0 else "") or "nobody"


@dataclass(frozen=True, slots=True)
class Due:
    """What one charge needs: ``note`` is a line of evidence; ``unread`` are teams that nobody could read."""

    charge: Charge
    need: Need
    note: str
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """How owners are asked: the role's name, how many of each set, and which authors may stand for one."""

    role: str
    count: int = 1
    outside_author_teams: bool = False
    authors: frozenset[int] = frozenset()


def named(names: Iterable[str]) -> People:
    """Read owners' names; those that cannot be one are left out, and so are never able."""
    found: dict[Who, None] = {}
    for name in names:
        try:
            who = Who.parse(name)
        except ValueError:
            continue
        if who.kind in _OWNING:
            found[who] = None
        elif who.kind in {WhoKind.ANYONE, WhoKind.GROUP} and ":" not in name:
            found[Who(name, WhoKind.LOGIN, name.casefold())] = None
    return tuple(found)


def owning_authors(bench: Bench) -> frozenset[int]:
    """Those whose own ownership may count for the change: all must own it, or none counts.

    They are the human who opened it (or, where a bot did, who is attested to have asked for it), whoever had
    an agent work on it, and every human who pushed to it. What the change says of itself plays no part, and a
    push by nobody known spoils it.
    """
    pull = bench.facts.pull
    if pull is None or pull.pushes is None or bench.interested.blocks:
        return frozenset()
    opener, pushers = pull.opened_by, {push.by for push in pull.pushes}
    if opener is None or None in pushers:
        return frozenset()
    directory = bench.directory
    asking = {run.initiator for run in pull.agent_runs if run.attested} | set(pull.assigned_by)
    answering = asking - {None} if directory.is_bot(opener) else {opener, *asking} - {None}
    humans = {one for one in pushers if one is not None and not directory.is_bot(one)}
    everybody = frozenset(one for one in (*answering, *humans) if one is not None)
    least = bench.rules.reviews.permission
    able = (
        (known := directory.account(one)) is not None
        and known.active
        and not directory.is_bot(one)
        and directory.permission(one) >= least
        for one in everybody
    )
    return everybody if answering and all(able) else frozenset()


def due(bench: Bench, charge: Charge, terms: Terms) -> Due:
    """Work out what one charge needs of people."""
    count = terms.count
    if terms.authors and _own(bench, charge.people, terms.authors):
        count -= 1
        if not count:
            names = ", ".join(sorted(bench.directory.name(one) for one in terms.authors))
            return Due(charge, MET, f"{charge.what}: its author {names} owns it ({charge.whose})")
    wish = Wish(
        f"{terms.role} of {charge.what}",
        count,
        charge.people,
        outside_author_teams=terms.outside_author_teams,
    )
    ask = wish.ask(bench)
    unread = wish.unread(bench)
    if unread or len(ask.counted | ask.candidates) >= count:
        return Due(charge, ask, _note(charge, ask), unread)
    barred = len(_but_for_declarations(bench, wish)) >= count
    return _declared(charge) if barred else _instead(bench, charge, wish)


def reasons(dues: Sequence[Due]) -> Iterator[str]:
    """List the evidence, what is not met first."""
    yield from (one.note for one in dues if not met(one.need))
    yield from (one.note for one in dues if met(one.need))


def _own(bench: Bench, owners: People, authors: frozenset[int]) -> bool:
    """Say whether all the authors are among the owners, and were so when the change was opened."""
    pull = bench.facts.pull
    opened = pull.opened_at if pull is not None else None
    return authors <= bench.standing(owners).accounts and all(
        bench.settled(owners, one, bench.now)
        and (opened is None or bench.directory.belongs(owners, one, opened))
        for one in authors
    )


def _note(charge: Charge, ask: Ask) -> str:
    said = f"{charge.what}: {charge.whose}"
    if charge.source:
        said += f" ({charge.source})"
    if ask.counted:
        said += f"; approved by {people(ask.counted)}"
    if not met(ask):
        said += f"; {people(ask.candidates)} could" if ask.candidates else "; nobody is able"
    return said


def _but_for_declarations(bench: Bench, wish: Wish) -> list[int]:
    """List who would be able if the change's own word about who made it were not heeded."""
    teams = frozenset().union(*(bench.teams_of.get(one, ()) for one in bench.makers))
    return [
        one
        for one in bench.standing(wish.people).accounts - bench.makers
        if bench.entitled(one, wish.permission)
        and bench.settled(wish.people, one, bench.now)
        and not (wish.outside_author_teams and teams & bench.teams_of.get(one, frozenset()))
    ]


def _declared(charge: Charge) -> Due:
    """Ask nobody else where only the change's own word bars the owners.

    A proposer who names every owner as co-author must not thereby choose who approves.
    """
    reason = (
        f"{charge.what}: only the change's own word makes {charge.whose} unable to approve (declared_owner),"
        " so nobody stands in for them"
    )
    return Due(charge, Never(reason), reason)


def _instead(bench: Bench, charge: Charge, wish: Wish) -> Due:
    """Ask the fallback people too, as too few owners are able; say why."""
    if charge.code:
        stands = f"{charge.what}: nobody owns it ({charge.code})"
    else:
        stands = f"{charge.what}: {charge.whose} cannot approve ({', '.join(_causes(bench, charge, wish))})"
    fallback = bench.rules.owners.fallback
    if not fallback:
        reason = f"{stands}, and the policy names no fallback"
        return Due(charge, Never(reason), reason)
    wider = replace(wish, people=tuple(dict.fromkeys((*charge.people, *fallback))))
    ask, unread = wider.ask(bench), wider.unread(bench)
    if not unread and len(ask.counted | ask.candidates) < wish.count:
        reason = f"{stands}, nor can enough of the fallback"
        return Due(charge, Never(reason), reason)
    instead = f"{people(ask.counted)} approved" if met(ask) else f"{people(ask.candidates)} could"
    return Due(charge, ask, f"{stands}; in their place {instead}", unread)


def _causes(bench: Bench, charge: Charge, wish: Wish) -> Iterator[str]:
    """Say why the owners are not able, each cause once, with its code."""
    standing = bench.standing(charge.people)
    read = {who.text for who in charge.people}
    ghosts = [*standing.ghosts, *(name for name in charge.names if name not in read)]
    if ghosts:
        yield f"ghost_owner: {', '.join(ghosts[:3])} does not exist"
    interested = sorted(one for one in standing.accounts if one in bench.interested.accounts)
    if interested or any(bench.is_stranger(name) for name in standing.someone):
        names = ", ".join(bench.directory.name(one) for one in interested[:3]) or charge.whose
        yield f"sole_owner: {names} has a part in the change"
    others = sorted(standing.accounts - bench.interested.accounts.keys())
    powerless = [one for one in others if not bench.able(one, wish.permission)]
    if powerless:
        yield f"no_write_owner: {', '.join(map(bench.directory.name, powerless[:3]))} may not approve"
    if wish.outside_author_teams and any(
        bench.able(one, wish.permission) and not bench.outsider(one) for one in others
    ):
        yield "author_team: its owners share a team with somebody interested"
    if not ghosts and not standing.accounts and not standing.someone:
        yield "empty_team: nobody is in it"
    able = [one for one in others if bench.able(one, wish.permission)]
    if fresh := [one for one in able if not bench.settled(charge.people, one, bench.now)]:
        names = ", ".join(map(bench.directory.name, fresh[:3]))
        yield f"fresh_member: {names} joined too lately, or nobody knows when"
    elif 0 < len(able) < wish.count:
        yield f"few_owners: {wish.count} are asked, fewer are able"
