"""Are the facts whole? A part must never be judged as the whole, nor a change whose makers are unknown.

Every note here stands in the way whoever approves. Some mean that nothing can be said at all (the change is
undecided), the others that the answer is no until the facts change (it is held): :data:`UNKNOWABLE` has the
codes of the first kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sized

from riskbot.domain.change import FileStatus
from riskbot.domain.verdict import Note
from riskbot.facts.document import Commit, Facts, File, Pull
from riskbot.judge.predicate import counted

UNKNOWABLE = frozenset(
    {
        "truncated",
        "files_unknown",
        "head_unknown",
        "commits_unknown",
        "pushers_unknown",
        "queue_not_recomputed",
        "codeowners_too_large",
        "owners_too_large",
        "not_a_file",
        "unreadable",
        "missing",
        "texts_unknown",
    }
)


def incomplete(facts: Facts) -> Iterator[Note]:
    """Say what is missing from the lists, by the forge's own counts and by what they must contain."""
    change, pull = facts.change, facts.pull
    if change.files is None:
        yield Note("files_unknown", "Which files the change touches is not known.")
    elif odd := [file for file in change.files if not _located(file)]:
        shown = ", ".join(
            sorted({path for file in odd for path in (file.old_path, file.new_path) if path})[:3]
        )
        reason = (
            f"{counted(len(odd), 'file')} without a path that git could have{': ' + shown if shown else ''}."
        )
        yield Note("files_unknown", reason)
    # One file told twice is one file: another may have slipped between two pages of a list.
    different = None if change.files is None else {(file.old_path, file.new_path) for file in change.files}
    yield from _shorter("files", different, change.declared_files)
    in_head = None if change.commits is None else tuple(one for one in change.commits if one.in_head)
    yield from _shorter("commits", in_head, change.declared_commits)
    uncounted = in_head and change.declared_commits is None
    if uncounted and change.base is not None and _hangs(change.commits or (), change.base):
        yield Note("truncated", f"None of the commits listed stands on the merge base {change.base[:12]}.")
    if pull is None:
        return
    yield from _shorter("reviews", pull.reviews, pull.declared_reviews)
    if change.head is None:
        yield Note("head_unknown", "The pull request's head is not known, so no review can be of it.")
    elif in_head is not None and all(commit.id != change.head for commit in in_head):
        yield Note("truncated", f"The head {change.head[:12]} is not among the commits listed.")
    yield from _queued(pull)


def _hangs(commits: tuple[Commit, ...], base: str) -> bool:
    """Say whether the commits at the bottom are missing.

    The way down to a merge base leads over commits of the change alone, so that one of them stands on it;
    unless a history begins in the change.
    """
    return all(commit.parents and base not in commit.parents for commit in commits)


def _located(file: File) -> bool:
    """Say whether the file has the paths that its status asks for, each as git writes paths."""
    needed = {
        FileStatus.ADDED: (file.new_path,),
        FileStatus.COPIED: (file.new_path,),
        FileStatus.DELETED: (file.old_path,),
        FileStatus.RENAMED: (file.old_path, file.new_path),
    }.get(file.status, (file.new_path or file.old_path,))
    given = (path for path in (file.old_path, file.new_path) if path is not None)
    return None not in needed and not any(
        segment in {"", ".", ".."} for path in given for segment in path.split("/")
    )


def _shorter(what: str, listed: Sized | None, declared: int | None) -> Iterator[Note]:
    if listed is not None and declared is not None and len(listed) < declared:
        reason = f"The forge counts {declared:,} {what}, the facts list {len(listed):,}: the rest is unseen."
        yield Note("truncated", reason)


def _queued(pull: Pull) -> Iterator[Note]:
    """Compare the merge queue's commit with what its members come to."""
    queue = pull.queue
    if queue is None:
        return
    if pull.number not in queue.members:
        yield Note("queue_differs", f"The queue's commit {queue.head[:12]} does not hold this pull request.")
    if queue.tree is None or queue.recomputed_tree is None:
        reason = f"Nobody recomputed what the queue's commit {queue.head[:12]} should hold."
        yield Note("queue_not_recomputed", reason)
    elif queue.tree != queue.recomputed_tree:
        reason = f"The queue's commit {queue.head[:12]} holds something else than the approved changes."
        yield Note("queue_differs", reason, (f"tree {queue.tree}", f"recomputed {queue.recomputed_tree}"))
