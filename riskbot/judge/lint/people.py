"""Names against a directory: people and teams that do not exist, and clauses that too few could satisfy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from riskbot.domain.suggest import did_you_mean
from riskbot.facts import document as doc
from riskbot.judge.language.declarations import ReviewRules
from riskbot.judge.language.policy import Policy
from riskbot.judge.lint.found import Found, Severity, at
from riskbot.judge.people.directory import Directory
from riskbot.judge.people.who import People, Who, WhoKind
from riskbot.judge.predicates.approvals import Approvals
from riskbot.judge.tree import leaves
from riskbot.written.marked import Node

# The keys of the language under which lists of people stand.
_KEYS = frozenset(
    {
        "from",
        "set_by",
        "people",
        "bots",
        "sponsors",
        "escalation",
        "fallback",
        "owner",
        "reviewers",
        "lift_coauthor_ban",
    }
)


class Known:
    """A directory as it stands, and who of it could approve by a policy's rules."""

    def __init__(self, directory: doc.Directory, policy: Policy, now: datetime) -> None:
        facts = doc.Facts(
            schema=doc.SCHEMA,
            repository="lint",
            change=doc.Change(),
            accounts=directory.accounts,
            teams=directory.teams,
        )
        self.now = now
        self.logins = [account.login for account in directory.accounts]
        self.teams = [f"@{team.name}" for team in directory.teams]
        self._reviews: ReviewRules = policy.rules.reviews
        self._directory = Directory(facts, policy.rules.groups or {})
        self._able: dict[tuple[People, doc.Permission], frozenset[str]] = {}

    def unknown(self, who: Who) -> str:
        """Say what kind of nobody a name is; empty for somebody."""
        if who.kind in {WhoKind.GROUP, WhoKind.ANYONE}:
            return ""
        standing = self._directory.resolve((who,), self.now)
        if not standing.ghosts and not standing.someone:
            return ""
        return "unknown_team" if who.kind is WhoKind.TEAM else "unknown_login"

    def unread(self, people: People) -> bool:
        """Say whether a team among them could not be read: then who they are is not known."""
        return bool(self._directory.resolve(people, self.now).unread)

    def able(self, people: People, permission: doc.Permission = doc.Permission.NONE) -> frozenset[str]:
        """Name those of them whose approval could count (worked out once for the same people)."""
        key = (people, permission)
        if key not in self._able:
            self._able[key] = self._could(people, permission)
        return self._able[key]

    def _could(self, people: People, permission: doc.Permission) -> frozenset[str]:
        floor = max(permission, self._reviews.permission)
        found = set()
        for id_ in self._directory.resolve(people, self.now).accounts:
            account = self._directory.account(id_)
            bot = self._directory.is_bot(id_) and not self._directory.belongs(
                self._reviews.bots, id_, self.now
            )
            if account and account.active and not bot and self._directory.permission(id_) >= floor:
                found.add(account.login)
        return frozenset(found)

    def mend(self, who: Who) -> str:
        """Say what may have been meant."""
        known = self.teams if who.kind is WhoKind.TEAM else self.logins
        return did_you_mean(who.text, known) if known else "Add it to the directory."


def names(root: Node, known: Known) -> Iterator[Found]:
    """Find the names in a policy's text that the directory does not have."""
    for node in _people(root):
        who = Who.parse(str(node.value))
        if code := known.unknown(who):
            what = "team" if code == "unknown_team" else "account"
            message = f"The directory has no {what} {who.text!r}."
            # An app acts everywhere without being anywhere a member, so directories leave bots out.
            grave = Severity.WARNING if who.name.endswith("[bot]") else Severity.ERROR
            yield at(node.mark, code, grave, message, known.mend(who))


def enough(policy: Policy, known: Known) -> Iterator[Found]:
    """Find approvals clauses that too few people could satisfy."""
    for leaf in leaves(policy.requires):
        asked = leaf.predicate
        if not isinstance(asked, Approvals):
            continue
        people = asked.people or (Who("anyone", WhoKind.ANYONE, "anyone"),)
        if known.unread(people):
            continue
        able = known.able(people, asked.permission or doc.Permission.NONE)
        those = f"{len(able)} could" + (f" ({', '.join(sorted(able)[:5])})" if able else "")
        if len(able) < asked.count:
            message = f"{leaf.name!r} asks {asked.count} to approve, but only {those}."
            yield at(leaf.mark, "not_enough_people", Severity.ERROR, message, "Name more people.")
        elif len(able) == asked.count:
            message = f"{leaf.name!r} asks {asked.count} to approve and just {those}: their own changes stay."
            mend = "Name one more, so that somebody is left when one of them is the author."
            yield at(leaf.mark, "author_deadlock", Severity.WARNING, message, mend)


def _people(node: Node, inside: bool = False) -> Iterator[Node]:
    """Walk the names in lists of people."""
    if isinstance(node.value, tuple):
        for below in node.value:
            if isinstance(below.value, str):
                if inside:
                    yield below
            else:
                yield from _people(below)
    elif isinstance(node.value, dict):
        for key, below in node.value.items():
            if key == "groups" and isinstance(below.value, dict):
                for members in below.value.values():
                    yield from _people(members, inside=True)
            else:
                yield from _people(below, inside=key in _KEYS)
