"""``owners``: an approval of the owners of every path that the change touches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

import msgspec

from riskbot.domain.verdict import Status
from riskbot.facts import paths
from riskbot.judge.bench import ANYONE, Bench
from riskbot.judge.language.declarations import Globs
from riskbot.judge.needs.need import Both, Never, met
from riskbot.judge.owners import Lint, Owner, Ownership, Roster
from riskbot.judge.predicate import Answer, bounded, counted
from riskbot.judge.predicates.asking import not_counted_at_all, ruled
from riskbot.judge.predicates.owning import Charge, Due, Terms, due, named, owning_authors, reasons
from riskbot.written.glob import Glob, folded

FORM = {"codeowners": "codeowners", "gerrit": "owners", "prow": "owners"}

# What makes a set of owners: the names, in any order; None where anybody may.
_Key = tuple[str, ...] | None


class Owners(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask ``count`` owners of every touched path, on both sides of a rename.

    ``paths``: only of paths that match. ``unowned``: what nobody owns is *free*, or the fallback people are
    asked for it. ``author_counts``: whoever answers for the change owns it implicitly where it is theirs.
    ``outside_author_teams``: only owners who share no team with anybody interested.
    """

    count: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    paths: Globs | None = None
    unowned: Literal["free", "fallback"] = "free"
    author_counts: bool = False
    outside_author_teams: bool = False

    def ask(self, bench: Bench, /) -> Answer:
        """SATISFIED with an approval for every set of owners; ERROR where the owners are not known."""
        roster = bench.rosters.owners
        if (wrong := unreliable(bench, roster, FORM[bench.rules.owners.format])) is not None:
            return wrong
        ownerships = tuple(touched(bench, roster, self.paths))
        if (wrong := shut(ownerships)) is not None:
            return wrong
        charges = charged(ownerships)
        free = {one.path for one in ownerships if not (one.owners or one.required or one.everyone)}
        if self.unowned == "fallback" and free:
            charges.append(Charge((), (), code="unowned", paths=dict.fromkeys(sorted(free))))
        terms = Terms(
            "owner",
            self.count,
            self.outside_author_teams,
            owning_authors(bench) if self.author_counts else frozenset(),
        )
        dues = [due(bench, charge, terms) for charge in charges]
        return answered(bench, dues, "owners", noted(ownerships), len(free) if self.unowned == "free" else 0)


def touched(bench: Bench, roster: Roster, globs: tuple[Glob, ...] | None) -> Iterator[Ownership]:
    """Walk every ownership that the change must satisfy, in the order of its files."""
    for path, odd_mode in bench.touched:
        if globs is None or _among(globs, folded(path), odd_mode=odd_mode):
            yield from roster.guarding(path, odd_mode=odd_mode)


def _among(globs: tuple[Glob, ...], path: str, *, odd_mode: bool) -> bool:
    """Say whether a folded path matches, or may stand in the place of a folder that holds what matches."""
    return any(one.matches_folded(path) or (odd_mode and one.names_beneath(path)) for one in globs)


def charged(ownerships: Iterable[Ownership]) -> list[Charge]:
    """Gather the paths by who owns them: thousands of files have few sets of owners."""
    found: dict[_Key, Charge] = {}
    merged: dict[frozenset[object], Charge] = {}
    for one in ownerships:
        if one.everyone:
            _charge(found, merged, None, one)
        elif one.owners:
            _charge(found, merged, tuple([owner.name for owner in one.owners]), one)
        for group in one.required:
            _charge(found, merged, _names(group), one)
    return list(merged.values())


def _charge(
    found: dict[_Key, Charge], merged: dict[frozenset[object], Charge], key: _Key, one: Ownership
) -> None:
    charge = found.get(key)
    if charge is None:
        names = tuple(dict.fromkeys(key)) if key is not None else ("anyone",)
        people = named(names) if key is not None else ANYONE
        # Names that cannot be read set owners apart as well: nobody must vanish among others.
        whole = frozenset(
            {(who.kind, who.name) for who in people} | (set(names) - {who.text for who in people})
        )
        charge = merged.setdefault(whole, Charge(names, people, _source(one)))
        found[key] = charge
    charge.paths[one.path] = None


def answered(bench: Bench, dues: list[Due], what: str, notes: tuple[str, ...], free: int = 0) -> Answer:
    """Make the answer from what every set of owners needs."""
    need = Both(tuple(dict.fromkeys(one.need for one in dues)))
    open_ = [one for one in dues if not met(one.need)]
    tail = f" {counted(free, 'path')} {'is' if free == 1 else 'are'} owned by nobody." if free else ""
    if not dues:
        reason = f"Nothing that the change touches has {what}."
    elif not open_:
        sets = "The one set" if len(dues) == 1 else f"Each of {len(dues)} sets"
        reason = f"{sets} of {what} is met."
    else:
        have = "has" if len(dues) == 1 else "have"
        reason = f"{len(dues) - len(open_)} of {counted(len(dues), 'set')} of {what} {have} approved."
        if stuck := sum(isinstance(one.need, Never) for one in open_):
            who = "it" if len(dues) == 1 else "one of them" if stuck == 1 else f"{stuck} of them"
            reason += f" For {who} nobody's approval would do."
    unread = dict.fromkeys(team for one in open_ for team in one.unread)
    evidence = [*reasons(dues), *notes, *(not_counted_at_all(bench) if open_ else ())]
    return ruled(bench, need, reason + tail, evidence, unread)


def unreliable(bench: Bench, roster: Roster, kind: str) -> Answer | None:
    """Answer with an error where files or owners are not known as a whole; ``kind`` is the roster's form."""
    if bench.facts.change.files is None:
        return Answer(Status.ERROR, "Which files the change touches is not known.")
    if (lint := roster.broken) is None:
        return None
    code = broken_code(lint, kind)
    reason = f"The owners file {lint.file} cannot be relied on ({code}): {lint.message}"
    return Answer(Status.ERROR, reason, (_shown(lint),))


def broken_code(lint: Lint, kind: str) -> str:
    """What keeps a roster from being relied on, by its code; the size limit is the form's own."""
    return f"{kind}_too_large" if lint.code == "too_large" else lint.code


def shut(ownerships: Iterable[Ownership]) -> Answer | None:
    """Answer with an error for what no owner is known of because something that governs it was not read."""
    closed = [one for one in ownerships if one.closed and not one.owners and not one.everyone]
    if not closed:
        return None
    codes = sorted({lint.code for one in closed for lint in one.lints})
    why = f" ({', '.join(codes)})" if codes else ""
    shown = paths.encode(closed[0].path)
    reason = f"Who owns {shown} is not known: not all owners files could be read{why}."
    return Answer(Status.ERROR, reason, bounded(noted(closed)))


def noted(ownerships: Iterable[Ownership]) -> tuple[str, ...]:
    """The lints on what was decided, each once."""
    return tuple(dict.fromkeys(_shown(lint) for one in ownerships for lint in one.lints))


def _names(owners: Iterable[Owner]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(owner.name for owner in owners))


def _source(one: Ownership) -> str:
    if one.file is None:
        return ""
    return f"{one.file}:{one.line}" if one.line is not None else one.file


def _shown(lint: Lint) -> str:
    place = f"{lint.file}:{lint.line}" if lint.line is not None else lint.file
    return f"{place}: {lint.message} ({lint.code})"
