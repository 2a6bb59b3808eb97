"""What is not known about where a change comes from: commits, pushers, authors, and who asked a machine."""

from __future__ import annotations

from collections.abc import Iterable

from riskbot.domain.verdict import Note
from riskbot.facts.document import Commit, Facts, Pull, Signature
from riskbot.judge.language.declarations import AuthorRules, Flow
from riskbot.judge.people.directory import Directory
from riskbot.judge.people.parts import counting_pushes, made_by_forge, reproduced_updates
from riskbot.judge.predicate import bounded, counted


def unknown(
    facts: Facts, authors: AuthorRules, flows: tuple[Flow, ...], directory: Directory
) -> tuple[tuple[Note, ...], int]:
    """Say what keeps anybody from approving it, and how many more approvals it costs where rules say so."""
    if not directory.known:
        return (), 0
    blocks: list[Note] = []
    more = 0
    if facts.pull is not None and facts.pull.reviews is not None:
        blocks += _unread(facts, facts.pull)
    if note := _unattributed(facts, directory):
        if authors.unattributed == "block":
            blocks.append(note)
        else:
            more += 1
    if note := _initiator(facts, flows, directory):
        if authors.unknown_initiator == "block":
            blocks.append(note)
        else:
            more += 1
    return tuple(blocks), more


def _unread(facts: Facts, pull: Pull) -> Iterable[Note]:
    """Say what the forge was not asked, or did not tell: then an approval may be an author's."""
    change = facts.change
    if change.commits is None:
        yield Note("commits_unknown", "It is not known which commits the change has, so nor who wrote it.")
    if pull.pushes is None:
        yield Note("pushers_unknown", "It is not known who pushed the change.")
        return
    if any(push.by is None for push in counting_pushes(pull.pushes, change)):
        yield Note("pushers_unknown", "Somebody pushed to the branch, and it is not known who.")
        return
    # An earlier head that nobody is known to have pushed may be an approver's work just as well.
    pushed = {push.after for push in pull.pushes} | (
        {one.id for one in reproduced_updates(change)} - {change.head}
    )
    heads = [change.head, *(head.commit for head in change.heads)]
    unknown = next((head for head in heads if head is not None and head not in pushed), None)
    if unknown is not None:
        yield Note("pushers_unknown", f"It is not known who pushed the head {unknown[:12]}.")


def _unattributed(facts: Facts, directory: Directory) -> Note | None:
    """Find the commits that no account is known for; their writer may be anybody, an approver too."""
    attested = {
        commit
        for run in (facts.pull.agent_runs if facts.pull else ())
        if run.attested and run.initiator is not None
        for commit in run.commits
    }
    clear = attested | {commit.id for commit in reproduced_updates(facts.change)}
    found = [
        f"{commit.id[:12]} by {signature.email[:254] or signature.name[:100]}"
        for commit in facts.change.commits or ()
        if commit.id not in clear
        for signature in dict.fromkeys(_claims(commit, directory))
        if directory.vouched(signature) is None
    ]
    if not found:
        return None
    reason = (
        f"{counted(len(found), 'commit')} cannot be attributed to anybody, so that the writer could be"
        " the one who approves. Add the address to an account of the forge."
    )
    return Note("unattributed", reason, bounded(found))


def _claims(commit: Commit, directory: Directory) -> tuple[Signature, ...]:
    """Give the signatures that must be somebody's: the forge's own as committer is nobody's."""
    return (commit.author,) if made_by_forge(commit, directory) else (commit.author, commit.committer)


def _initiator(facts: Facts, flows: tuple[Flow, ...], directory: Directory) -> Note | None:
    """Find machines that opened, wrote or pushed it, where nobody is known to have asked them.

    An account that the facts do not have may be one.
    """
    pull = facts.pull
    if pull is None:
        return None
    if pull.opened_by is None:
        return Note("initiator_unknown", "It is not known who opened the pull request.")
    acting = {pull.opened_by}
    acting |= {push.by for push in counting_pushes(pull.pushes or (), facts.change) if push.by is not None}
    reproduced = {commit.id for commit in reproduced_updates(facts.change)}
    acting |= {
        account
        for commit in facts.change.commits or ()
        if commit.id not in reproduced and (account := directory.vouched(commit.author)) is not None
    }
    registered = {account for flow in flows for account in directory.ever(flow.bots)}
    asked = {run.agent for run in pull.agent_runs if run.attested and _answers(run.initiator, directory)}
    open_ = sorted(
        account
        for account in acting - registered - asked
        if _machine(account, directory) and not _answers(account, directory)
    )
    # An assignment, or a run that names no agent, answers for one machine only: which one would be a guess.
    named_nobody = None in asked or any(_answers(one, directory) for one in pull.assigned_by)
    if not open_ or (named_nobody and len(open_) == 1):
        return None
    names = tuple(directory.name(account) for account in open_)
    if strange := [account for account in open_ if directory.account(account) is None]:
        reason = (
            f"The facts do not have the account {directory.name(strange[0])}, which had a part in it and may"
            " be a machine's."
        )
        return Note("initiator_unknown", reason, bounded(names))
    reason = (
        f"Nobody is known to have asked {', '.join(names[:3])} for this change, and that person could be the"
        " one who approves."
    )
    return Note("initiator_unknown", reason, bounded(names))


def _machine(account: int, directory: Directory) -> bool:
    """Say whether the account is a machine's, or may be: of one that the facts do not have nobody knows."""
    return not directory.is_person(account)


def _answers(account: int | None, directory: Directory) -> bool:
    """Say whether the account is a person's, or a machine's that a person controls."""
    seen: set[int] = set()
    while account is not None and account not in seen:
        if not _machine(account, directory):
            return True
        seen.add(account)
        found = directory.account(account)
        account = found.controller if found else None
    return False
