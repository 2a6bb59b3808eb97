"""What part each person has in a change: every ground on which somebody is interested, collected.

Grades: the forge vouches for openers, pushers, suggestions, assignments and its agents' runs (*attested*); a
verified signature ties a commit to its signer (*signed*); addresses and trailers are the change's own word
(*declared*).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from riskbot.domain.verdict import Grade, Ground, Note
from riskbot.facts.document import Change, Commit, Facts, Pull, Push, Signature, Verification
from riskbot.judge.people.directory import Directory, noreply_login
from riskbot.judge.predicate import bounded

CO_AUTHOR = "co-author"

# Co-developed-by is the kernel's word for the same. Signed-off-by, Reviewed-by, Assisted-by and the like say
# who passed it on, looked or helped, not who wrote it: they ban nobody.
_CO_AUTHOR_KEYS = frozenset({"co-authored-by", "co-developed-by"})
# Both are linear: a line starts in one place only, and an address holds no further bracket.
_CO_AUTHOR_LINE = re.compile(
    r"^[ \t>*-]*co-(?:authored|developed)-by[ \t]*:(.*)$", re.IGNORECASE | re.MULTILINE
)
_BRACKETED = re.compile(r"<([^<>\n]*)>")

_NOT_REFUTED = frozenset({Verification.VERIFIED, None})
_SHOWN = 3
_Grounds = dict[tuple[str, Grade], dict[str, None]]


class Parts:
    """Collects grounds. ``firm``: who has one that no tolerance touches; ``suggested``: lines, by account."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._accounts: dict[int, _Grounds] = {}
        self._strangers: dict[str, _Grounds] = {}
        self.firm: set[int] = set()
        self.suggested: dict[int, int] = {}

    def read(self, facts: Facts) -> None:
        """Collect from the pull request and from every commit, of earlier heads too."""
        reproduced = {commit.id for commit in reproduced_updates(facts.change)}
        if facts.pull is not None:
            self._pull(facts.pull, facts.change)
        for commit in facts.change.commits or ():
            self._commit(commit, reproduced=commit.id in reproduced)

    def accounts(self, without: frozenset[int] = frozenset()) -> dict[int, tuple[Ground, ...]]:
        """Everybody with a known account, with controllers of bots and bots of people, by id."""
        found = {
            account: _written(grounds)
            for account, grounds in self._accounts.items()
            if account not in without
        }
        waiting = sorted(found)
        for account in waiting:  # it grows while it is walked: control may be passed on
            for other, role in self._directory.tied(account):
                ground = Ground(role, Grade.ATTESTED, f"of {self._directory.name(account)}")
                if other not in found:
                    found[other] = (ground,)
                    waiting.append(other)
        return dict(sorted(found.items()))

    def strangers(self) -> dict[str, tuple[Ground, ...]]:
        """Those whom no account is known for, by address (and login, where the address tells it)."""
        return {name: _written(grounds) for name, grounds in sorted(self._strangers.items())}

    def flags(self, without: frozenset[int] = frozenset()) -> tuple[Note, ...]:
        """Tell of bans that nothing but a co-author line supports, and of co-authors nobody knows."""
        if not self._directory.known:
            return ()
        notes = []
        for account, grounds in sorted(self._accounts.items()):
            if account not in without and all(role == CO_AUTHOR for role, _ in grounds):
                who = self._directory.name(account)
                reason = f"{who} cannot approve, but only a co-author line says that they had a part."
                notes.append(Note("coauthor_unconfirmed", reason))
        unknown = [
            name[:254]
            for name, grounds in sorted(self._strangers.items())
            if any(role == CO_AUTHOR for role, _ in grounds)
        ]
        if unknown:
            reason = f"{unknown[0]} is named as co-author, and no account is known under that name."
            notes.append(Note("coauthor_unknown", reason, bounded(unknown)))
        return tuple(notes)

    def _pull(self, pull: Pull, change: Change) -> None:
        if pull.opened_by is not None:
            self._add(pull.opened_by, "opener", Grade.ATTESTED, "opened the pull request")
        for push in counting_pushes(pull.pushes or (), change):
            if push.by is not None:
                self._add(push.by, "pusher", Grade.ATTESTED, f"pushed {push.after[:12]}")
        for account in pull.assigned_by:
            self._add(account, "initiator", Grade.ATTESTED, "asked an agent to act")
        for run in pull.agent_runs:
            grade = Grade.ATTESTED if run.attested else Grade.DECLARED
            source = run.source[:200] or "an agent's run"
            if run.agent is not None:
                self._add(run.agent, "agent", grade, source)
            if run.initiator is not None:
                self._add(run.initiator, "initiator", grade, source)

    def _commit(self, commit: Commit, *, reproduced: bool) -> None:
        at = commit.id[:12]
        # A suggestion that the forge itself committed names its writer as author or co-author as well.
        applied = self._directory.is_forge(commit.committer) and commit.verification in _NOT_REFUTED
        suggesting = {one.by for one in commit.suggestions} if applied else set[int]()
        for suggestion in commit.suggestions:
            lines = self.suggested.get(suggestion.by, 0)
            self.suggested[suggestion.by] = lines + suggestion.lines
            self._add(suggestion.by, "suggestion", Grade.ATTESTED, at, firm=False)
        for email in co_authors(commit):
            accounts = self._directory.named(email) or (self._directory.by_login(email),)
            for account in accounts:
                self._address((CO_AUTHOR, Grade.DECLARED), email, account, at, suggesting)
        if reproduced:
            return
        self._signature("author", commit.author, commit, suggesting)
        if not made_by_forge(commit, self._directory):
            self._signature("committer", commit.committer, commit, suggesting)
        if commit.signer is not None and commit.verification is Verification.VERIFIED:
            self._add(commit.signer, "signer", Grade.SIGNED, at)

    def _signature(self, role: str, signature: Signature, commit: Commit, spared: set[int]) -> None:
        account = self._directory.signed_by(signature)
        proven = commit.verification is Verification.VERIFIED and account == commit.signer
        grade = Grade.SIGNED if proven and account is not None else Grade.DECLARED
        name = signature.email or signature.name
        self._address((role, grade), name, account, commit.id[:12], spared)
        # The address may be another's than the account's, or that of two: then all of them are meant.
        for other in self._directory.named(signature.email):
            if other != account:
                self._address((role, Grade.DECLARED), name, other, commit.id[:12], spared)

    def _address(
        self, ground: tuple[str, Grade], address: str, account: int | None, at: str, spared: set[int]
    ) -> None:
        role, grade = ground
        if account is not None:
            self._add(account, role, grade, at, firm=account not in spared)
            return
        for name in (address.strip().casefold(), noreply_login(address)):
            if name:
                self._strangers.setdefault(name, {}).setdefault((role, grade), {})[at] = None

    def _add(self, account: int, role: str, grade: Grade, evidence: str, *, firm: bool = True) -> None:
        self._accounts.setdefault(account, {}).setdefault((role, grade), {})[evidence] = None
        if firm:
            self.firm.add(account)


def co_authors(commit: Commit) -> Iterator[str]:
    """Yield the addresses of everybody whom the commit names as co-author, each once."""
    values = [one.value for one in commit.trailers if one.key.strip().casefold() in _CO_AUTHOR_KEYS]
    values += _CO_AUTHOR_LINE.findall(commit.message)
    seen = set()
    for value in values:
        bracketed = _BRACKETED.findall(value)
        words = bracketed or value.split()
        for text in words:
            address = text.strip()
            # A word alone is a login, however little that is worth: it can only add to the ban.
            if (bracketed or "@" in address or len(words) == 1) and address and address not in seen:
                seen.add(address)
                yield address


def made_by_forge(commit: Commit, directory: Directory) -> bool:
    """Say whether the forge itself committed it (a suggestion, an edit in the browser) and signed that."""
    return (
        commit.verification is Verification.VERIFIED
        and directory.is_forge(commit.committer)
        and (commit.signer is None or commit.signer == commit.committer.account)
    )


def reproduced_updates(change: Change) -> tuple[Commit, ...]:
    """Find the merges of the base into the branch that are exactly what merging gives.

    Whoever clicked *Update branch* wrote nothing there. A parent that is neither one of the change's commits
    nor one of its heads lies on the base; a merge of two of the change's own is no update.
    """
    own = {commit.id for commit in change.commits or ()} | {head.commit for head in change.heads}
    return tuple(
        commit
        for commit in change.commits or ()
        if len(commit.parents) > 1
        and commit.tree is not None
        and commit.tree == commit.recomputed_tree
        and sum(parent in own for parent in set(commit.parents)) <= 1
    )


def counting_pushes(pushes: tuple[Push, ...], change: Change) -> tuple[Push, ...]:
    """Leave out the pushes that brought nothing but a reproduced update of the head before."""
    updates: Mapping[str, tuple[str, ...]] = {one.id: one.parents for one in reproduced_updates(change)}
    pushed = {push.after for push in pushes}

    def brought_nothing(push: Push) -> bool:
        parents = updates.get(push.after, ())
        if push.before is not None:
            return push.before in parents and push.before in pushed
        return any(parent in pushed for parent in parents)

    return tuple(push for push in pushes if not brought_nothing(push))


def _written(grounds: _Grounds) -> tuple[Ground, ...]:
    """Write the grounds in the order of role and grade, with the first few pieces of evidence."""
    written = []
    for (role, grade), evidence in sorted(grounds.items(), key=lambda item: (item[0][0], item[0][1].value)):
        shown, rest = sorted(evidence)[:_SHOWN], len(evidence) - _SHOWN
        text = ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")
        written.append(Ground(role, grade, text))
    return tuple(written)
