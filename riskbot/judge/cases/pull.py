"""What people did in a case: short entries -> the pull request of the full facts."""

from __future__ import annotations

from datetime import datetime, timedelta

from riskbot.facts import document as doc
from riskbot.judge.cases.cast import AUTHOR, Cast, Path, moment
from riskbot.judge.cases.history import History, tree_id
from riskbot.judge.cases.short import Facts, LabelFacts, ReviewFacts

REPOSITORY = 100
NUMBER = 7


def pull_of(facts: Facts, cast: Cast, past: History) -> doc.Pull:
    """Make what the forge says of the pull request."""
    opener = facts.opened_by or AUTHOR
    return doc.Pull(
        repository=REPOSITORY,
        number=NUMBER,
        base_ref=facts.base_ref,
        opened_by=cast.maybe(opener, ("facts", "opened_by")),
        opened_at=past.opened,
        draft=facts.draft,
        pushes=past.pushes,
        reviews=_reviews(facts, cast, past),
        labels=_labels(facts, cast, past, opener),
        comments=_comments(facts, cast, past),
        checks=tuple(
            doc.Check(
                name=one.name,
                commit=past.which(one.of, ("facts", "checks", at, "of")),
                conclusion=one.conclusion,
                app=one.app,
            )
            for at, one in enumerate(facts.checks)
        ),
        assigned_by=tuple(
            cast.id(login, ("facts", "assigned_by", at)) for at, login in enumerate(facts.assigned_by)
        ),
        agent_runs=_agent_runs(facts, cast, past),
        queue=_queue(facts),
        merge=_merge(facts, cast, past),
        break_glass=_emergencies(facts, cast, past),
        ban_lifts=_lifts(facts, cast, past),
        declared_reviews=facts.declared.reviews,
    )


def _when(text: str | None, past: History, path: Path) -> datetime:
    """When an event happened; without a time of its own after the last push, in the order written."""
    if text is not None:
        return moment(text, (*path, "at"), past.opened)
    return past.settled + timedelta(minutes=int(path[-1]) + 1)


def _reviews(facts: Facts, cast: Cast, past: History) -> tuple[doc.Review, ...]:
    made = []
    for at, one in enumerate(facts.reviews):
        path: Path = ("facts", "reviews", at)
        short = ReviewFacts(one) if isinstance(one, str) else one
        when = _when(short.at, past, path)
        state = doc.ReviewState(short.state.upper().replace("-", "_"))
        dismissed = None
        if short.dismissed_by is not None:
            by = cast.maybe(short.dismissed_by, (*path, "dismissed_by"))
            was = None if state is doc.ReviewState.DISMISSED else state
            dismissed = doc.Dismissal(by=by, was=was, at=when + timedelta(seconds=30))
            state = doc.ReviewState.DISMISSED
        made.append(
            doc.Review(
                id=at + 1,
                by=cast.id(short.by, path),
                state=state,
                commit=past.which(short.of, (*path, "of")),
                at=when,
                dismissed=dismissed,
                repository=short.repository,
                pull=short.pull,
                base_ref=short.base_ref,
            )
        )
    return tuple(made)


def _labels(facts: Facts, cast: Cast, past: History, opener: str) -> tuple[doc.Label, ...]:
    made = []
    for at, one in enumerate(facts.labels):
        path: Path = ("facts", "labels", at)
        short = LabelFacts(one) if isinstance(one, str) else one
        when = _when(None, past, path)
        made.append(
            doc.Label(
                name=short.name,
                by=cast.maybe(short.by or opener, (*path, "by")),
                at=when,
                removed_by=cast.maybe(short.removed_by, (*path, "removed_by")),
                removed_at=None if short.removed_by is None else when + timedelta(seconds=30),
            )
        )
    return tuple(made)


def _comments(facts: Facts, cast: Cast, past: History) -> tuple[doc.Comment, ...]:
    made = []
    for at, one in enumerate(facts.comments):
        path: Path = ("facts", "comments", at)
        when = _when(one.at, past, path)
        made.append(
            doc.Comment(
                id=at + 1,
                by=cast.id(one.by, (*path, "by")),
                at=when,
                body=one.body.replace("HEAD", past.head),
                edited=one.edited,
            )
        )
    return tuple(made)


def _agent_runs(facts: Facts, cast: Cast, past: History) -> tuple[doc.AgentRun, ...]:
    made = []
    for at, one in enumerate(facts.agent_runs):
        path: Path = ("facts", "agent_runs", at)
        made.append(
            doc.AgentRun(
                agent=cast.maybe(one.agent, (*path, "agent")),
                initiator=cast.maybe(one.initiator, (*path, "initiator")),
                attested=one.attested,
                commits=tuple(past.which(number, (*path, "commits")) for number in one.commits),
                source="the case",
            )
        )
    return tuple(made)


def _queue(facts: Facts) -> doc.Queue | None:
    if facts.queue is None:
        return None
    tree = tree_id("tree of the queue")
    recomputed = {"clean": tree, "edited": tree_id("merge of the queue")}.get(facts.queue.merge)
    return doc.Queue(
        head="9e" * 20, tree=tree, recomputed_tree=recomputed, members=facts.queue.members or (NUMBER,)
    )


def _merge(facts: Facts, cast: Cast, past: History) -> doc.Merge:
    one, path = facts.merge, ("facts", "merge")
    if one is None:
        return doc.Merge()
    later = past.settled + timedelta(hours=1)
    at = later if one.at is None else moment(one.at, (*path, "at"), past.opened)
    return doc.Merge(
        merged=one.by is not None,
        by=cast.maybe(one.by, (*path, "by")),
        at=None if one.by is None else at,
        auto_merge_by=cast.maybe(one.auto_merge_by, (*path, "auto_merge_by")),
        deployed_by=cast.maybe(one.deployed_by, (*path, "deployed_by")),
    )


def _emergencies(facts: Facts, cast: Cast, past: History) -> tuple[doc.BreakGlass, ...]:
    made = []
    for at, one in enumerate(facts.break_glass):
        path: Path = ("facts", "break_glass", at)
        when = _when(one.at, past, path)
        head = past.which(one.of, (*path, "of"))
        made.append(doc.BreakGlass(by=cast.id(one.by, (*path, "by")), reason=one.reason, head=head, at=when))
    return tuple(made)


def _lifts(facts: Facts, cast: Cast, past: History) -> tuple[doc.BanLift, ...]:
    made = []
    for at, one in enumerate(facts.ban_lifts):
        path: Path = ("facts", "ban_lifts", at)
        made.append(
            doc.BanLift(
                person=cast.id(one.person, (*path, "person")),
                by=cast.id(one.by, (*path, "by")),
                reason=one.reason,
                head=past.which(one.of, (*path, "of")),
                at=_when(one.at, past, path),
            )
        )
    return tuple(made)
