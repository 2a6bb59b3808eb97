"""The facts about the pull request, as the forge tells them: pushes, reviews, labels, agents, the merge."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from msgspec import Meta

from riskbot.facts.record import AccountId, CommitId, Count, Record, Time


class Push(Record, frozen=True):
    """One push to the branch, with the account the forge holds for the pusher (null: not known)."""

    by: AccountId | None
    after: CommitId
    before: CommitId | None = None
    at: Time | None = None


class ReviewState(Enum):
    """The state of a review, in GitHub's words."""

    APPROVED = "APPROVED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    COMMENTED = "COMMENTED"
    DISMISSED = "DISMISSED"
    PENDING = "PENDING"


class Dismissal(Record, frozen=True):
    """Who took a review back, and what it had said."""

    by: AccountId | None
    was: Annotated[ReviewState | None, Meta(description="What it said before; null: unknown.")] = None
    at: Time | None = None


class Review(Record, frozen=True):
    """One review. ``commit`` is what was looked at; ``pull`` and ``base_ref`` are this one's if null."""

    id: Annotated[int, Meta(ge=1)]
    by: AccountId
    state: ReviewState
    commit: CommitId
    at: Time
    dismissed: Dismissal | None = None
    repository: Annotated[int | None, Meta(description="Its repository's id, if not this one.")] = None
    pull: Annotated[int | None, Meta(description="Its pull request, if not this one.")] = None
    base_ref: Annotated[str | None, Meta(description="The base branch when it was given; null: unknown.")] = (
        None
    )


class Label(Record, frozen=True):
    """A label, with who set it and, once it was taken off, who did."""

    name: str
    by: AccountId | None = None
    at: Time | None = None
    removed_by: AccountId | None = None
    removed_at: Annotated[Time | None, Meta(description="Null: it is still on.")] = None


class Comment(Record, frozen=True):
    """One comment on the pull request. An edited one is read by nobody."""

    id: Annotated[int, Meta(ge=1)]
    by: AccountId
    at: Time
    body: str
    edited: bool = False


class Check(Record, frozen=True):
    """One check run, with the app that reported it (null: a commit status, which anyone may post)."""

    name: str
    commit: CommitId
    conclusion: Annotated[str | None, Meta(description="success, failure, …; null: not finished.")] = None
    app: Annotated[int | None, Meta(description="The numeric id of the app.")] = None


class AgentRun(Record, frozen=True):
    """One run of a coding agent: who asked for it, and whether the forge vouches for that."""

    agent: AccountId | None = None
    initiator: AccountId | None = None
    attested: bool = False
    commits: Annotated[tuple[CommitId, ...], Meta(description="What it wrote; empty: not known.")] = ()
    source: Annotated[str, Meta(description="Where this is known from, in words.")] = ""


class BaseChange(Record, frozen=True):
    """The pull request was pointed at another base branch."""

    before: str
    after: str
    at: Time


class Queue(Record, frozen=True):
    """The merge queue's own commit, of which this pull request is one part.

    ``recomputed_tree``: what merging the members' heads onto the base gives; null: nobody recomputed it.
    """

    head: CommitId
    tree: CommitId | None = None
    recomputed_tree: CommitId | None = None
    members: tuple[int, ...] = ()


class Merge(Record, frozen=True):
    """Who merged (or told the forge to merge once it may), and who deployed."""

    merged: bool = False
    by: AccountId | None = None
    at: Time | None = None
    auto_merge_by: Annotated[AccountId | None, Meta(description="Who asked for merging when ready.")] = None
    deployed_by: AccountId | None = None


class BreakGlass(Record, frozen=True):
    """Somebody declared an emergency for exactly this head."""

    by: AccountId
    reason: str
    head: CommitId
    at: Time


class BanLift(Record, frozen=True):
    """Somebody vouches that a person named as co-author had no part in it."""

    person: AccountId
    by: AccountId
    reason: str
    head: CommitId
    at: Time


class Tally(Record, frozen=True):
    """How often one person lately approved another's changes: for the record, not for the verdict."""

    author: AccountId
    approver: AccountId
    approvals: Count


class Pull(Record, frozen=True):
    """What the forge says of the pull request. Null lists are not known."""

    repository: Annotated[int, Meta(ge=1, description="The repository's numeric id.")]
    number: Annotated[int, Meta(ge=1)]
    base_ref: Annotated[str, Meta(min_length=1)]
    opened_by: AccountId | None
    opened_at: Time | None = None
    title: str = ""
    draft: bool = False
    pushes: tuple[Push, ...] | None = None
    reviews: tuple[Review, ...] | None = None
    labels: tuple[Label, ...] | None = None
    comments: tuple[Comment, ...] | None = None
    checks: tuple[Check, ...] | None = None
    assigned_by: Annotated[
        tuple[AccountId, ...], Meta(description="Who assigned the work to an agent or asked it to act.")
    ] = ()
    agent_runs: tuple[AgentRun, ...] = ()
    base_changes: tuple[BaseChange, ...] = ()
    queue: Queue | None = None
    merge: Merge = Merge()
    break_glass: tuple[BreakGlass, ...] = ()
    ban_lifts: tuple[BanLift, ...] = ()
    tallies: tuple[Tally, ...] = ()
    declared_reviews: Count | None = None
