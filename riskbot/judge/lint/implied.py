"""Whether one clause being satisfied means that another is: what makes a clause or an alternative idle.

Only what follows from the policy's text is claimed: False means "not shown", never "does not follow".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from riskbot.facts.document import Permission
from riskbot.judge.people.who import People, Who
from riskbot.judge.predicates.analysed import Analysed
from riskbot.judge.predicates.approvals import Approvals
from riskbot.judge.predicates.findings import Findings
from riskbot.judge.predicates.label import Label
from riskbot.judge.predicates.owners import Owners
from riskbot.judge.predicates.risk import Risk
from riskbot.judge.predicates.separation import Separation
from riskbot.judge.predicates.unopposed import Unopposed
from riskbot.judge.tree import Group, How, Included, Leaf, Node

Groups = Mapping[str, People]


def implies(a: Node, b: Node, groups: Groups) -> bool:
    """Say whether ``b`` (if it applies at all) is satisfied whenever ``a`` is asked and satisfied."""
    return _Comparison(groups).follows(a, b)


class _Comparison:
    """Compares nodes; each pair once, as two nested trees have far more ways down than pairs."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._known: dict[tuple[int, int], bool] = {}

    def follows(self, a: Node, b: Node) -> bool:
        key = (id(a), id(b))
        if key not in self._known:
            self._known[key] = self._follows(a, b)
        return self._known[key]

    def _follows(self, a: Node, b: Node) -> bool:
        if isinstance(a, Included) or isinstance(b, Included):
            return a == b
        if isinstance(b, Group) and b.how is How.ALL:
            return not b.distinct and all(self.follows(a, member) for member in b.members)
        if isinstance(a, Group) and a.how is How.ANY:
            return all(member.when is None and self.follows(member, b) for member in a.members)
        if isinstance(a, Group) and any(
            member.when is None and self.follows(member, b) for member in a.members
        ):
            return True
        if isinstance(b, Group):
            return any(member.when is None and self.follows(a, member) for member in b.members)
        return isinstance(a, Leaf) and isinstance(b, Leaf) and _leaf(a.predicate, b.predicate, self._groups)


def people_of(people: People | None, groups: Groups) -> frozenset[tuple[Any, str]] | None:
    """Whom a list of names means, with groups written out; None for anyone."""
    if people is None:
        return None
    flat: list[Who] = []
    for who in people:
        flat += groups.get(who.name, ()) if who.kind.value == "group" else (who,)
    if any(who.kind.value == "anyone" for who in flat):
        return None
    return frozenset((who.kind, who.name) for who in flat)


def _leaf(a: Any, b: Any, groups: Groups) -> bool:
    if type(a) is not type(b):
        return False
    rule = _RULES.get(type(a))
    return a == b or (rule is not None and rule(a, b, groups))


def _within(small: People | None, large: People | None, groups: Groups) -> bool:
    """Say whether everybody of ``small`` is named in ``large``."""
    inner, outer = people_of(small, groups), people_of(large, groups)
    return outer is None or (inner is not None and inner <= outer)


def _risk(a: Risk, b: Risk, _: Groups) -> bool:
    band = b.band is None or (a.band is not None and a.band.at_most <= b.band.at_most)
    percentile = b.percentile is None or (
        a.percentile is not None and a.percentile.below <= b.percentile.below
    )
    return band and percentile


def _findings(a: Findings, b: Findings, _: Groups) -> bool:
    return (
        a.at_most <= b.at_most
        and (a.severity is None or (b.severity is not None and a.severity.at_least <= b.severity.at_least))
        and (
            a.confidence is None
            or (b.confidence is not None and a.confidence.at_least <= b.confidence.at_least)
        )
        and (a.categories is None or (b.categories is not None and set(b.categories) <= set(a.categories)))
        and all(
            getattr(a, key) in {"any", getattr(b, key)}
            for key in ("introduced", "on_changed_lines", "suppressed")
        )
    )


def _analysed(a: Analysed, b: Analysed, _: Groups) -> bool:
    return set(a.tolerate) <= set(b.tolerate)


def _approvals(a: Approvals, b: Approvals, groups: Groups) -> bool:
    return (
        a.count >= b.count
        and _within(a.people, b.people, groups)
        and (a.permission or Permission.NONE) >= (b.permission or Permission.NONE)
        and (a.outside_author_teams or not b.outside_author_teams)
    )


def _owners(a: Owners, b: Owners, _: Groups) -> bool:
    return (
        a.count >= b.count
        and a.paths in (None, b.paths)
        and (a.unowned == "fallback" or b.unowned == "free")
        and (b.author_counts or not a.author_counts)
        and (a.outside_author_teams or not b.outside_author_teams)
    )


def _label(a: Label, b: Label, groups: Groups) -> bool:
    return a.name.casefold() == b.name.casefold() and _within(a.set_by, b.set_by, groups)


def _unopposed(a: Unopposed, b: Unopposed, groups: Groups) -> bool:
    return _within(b.people, a.people, groups)


def _separation(a: Separation, b: Separation, _: Groups) -> bool:
    return set(b.merger or ()) <= set(a.merger or ()) and set(b.deployer or ()) <= set(a.deployer or ())


_RULES: dict[type, Callable[[Any, Any, Groups], bool]] = {
    Risk: _risk,
    Findings: _findings,
    Analysed: _analysed,
    Approvals: _approvals,
    Owners: _owners,
    Label: _label,
    Unopposed: _unopposed,
    Separation: _separation,
}
