"""Short facts -> the full facts document that they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from riskbot.domain.assessment import Band
from riskbot.domain.change import FileStatus
from riskbot.facts import document as doc
from riskbot.facts.paths import encode
from riskbot.judge.cases.cast import AUTHOR, NOW, OPEN_FOR, Cast, Path, WrongFactsError, moment, patched, span
from riskbot.judge.cases.history import BASE, MAIN, History, history, tree_id
from riskbot.judge.cases.short import Facts, FileFacts, FindingFacts, LabelFacts, ReviewFacts

REPOSITORY = 100
NUMBER = 7

# A percentile inside each band of the default settings, for facts that name only the band.
_TYPICAL = {Band.GREEN: 50.0, Band.WEEKEND: 92.0, Band.YELLOW: 97.0, Band.RED: 99.5}
_NOBODY = Cast({}, {})
_OF_PULL = ("opened_by", "pushes", "reviews", "labels", "comments", "checks")
_OF_CHANGE = ("files", "commits")
_OF_ASSESSMENT = ("authorship", "zones", "dependencies")


def full(
    facts: Facts, cast: Cast = _NOBODY, texts: Mapping[str, str] | None = None, now: datetime = NOW
) -> doc.Facts:
    """Make the facts that the short form stands for; WrongFactsError where they do not fit each other."""
    opened = now - OPEN_FOR
    if facts.opened_at is not None:
        opened = moment(facts.opened_at, ("facts", "opened_at"))
    if not cast.known:
        _refuse_people(facts)
    past = history(facts, cast, opened)
    made = doc.Facts(
        schema=doc.SCHEMA,
        repository="acme/shop" if cast.known else "case",
        change=_change(facts, cast, past),
        pull=_pull(facts, cast, past) if cast.known else None,
        accounts=cast.accounts(),
        teams=cast.teams(),
        assessment=_assessment(facts, now),
        texts=tuple(
            doc.Text(path=encode(path), text=text, size=len(text.encode()))
            for path, text in (texts or {}).items()
        ),
        load=cast.load(),
    )
    return _patched(_forgotten(made, facts), facts.patch)


def _change(facts: Facts, cast: Cast, past: History) -> doc.Change:
    return doc.Change(
        base=BASE,
        head=past.head,
        files=tuple(_file(one, cast, ("facts", "files", at)) for at, one in enumerate(facts.files)),
        commits=past.commits,
        declared_files=facts.declared.files,
        declared_commits=facts.declared.commits,
        heads=past.heads,
        replays=tuple(
            doc.Replay(
                kind=one.kind,
                commit=past.which(one.commit, ("facts", "replays", at, "commit")),
                onto=BASE if one.kind == "rebase" else MAIN,
                tree=None if one.tree is None else tree_id(one.tree),
            )
            for at, one in enumerate(facts.replays)
        ),
    )


def _file(one: str | FileFacts, cast: Cast, path: Path) -> doc.File:
    short = FileFacts(one) if isinstance(one, str) else one
    status = short.status or (FileStatus.MODIFIED if short.from_ is None else FileStatus.RENAMED)
    old = short.from_ or short.path
    return doc.File(
        status=status,
        old_path=None if status is FileStatus.ADDED else encode(old),
        new_path=None if status is FileStatus.DELETED else encode(short.path),
        old_mode=None if status is FileStatus.ADDED else short.old_mode or "100644",
        new_mode=None if status is FileStatus.DELETED else short.mode,
        added=short.added,
        removed=short.removed,
        recent_authors=tuple(
            doc.RecentAuthor(account=cast.id(login, (*path, "recent", login)), lines=lines)
            for login, lines in short.recent.items()
        ),
    )


def _pull(facts: Facts, cast: Cast, past: History) -> doc.Pull:
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


def _refuse_people(facts: Facts) -> None:
    """Refuse what only a pull request has, where nobody is named who could have done it."""
    said = (
        "reviews",
        "labels",
        "comments",
        "checks",
        "assigned_by",
        "agent_runs",
        "break_glass",
        "ban_lifts",
    )
    for key in (*said, "opened_by", "pushes", "merge", "queue"):
        if getattr(facts, key):
            message = f"{key!r} is about people, but neither the file nor the case names any."
            raise WrongFactsError(("facts", key), message, "Write people: {alice: write, …} at the top.")


def _after(past: History, at: int) -> datetime:
    """When an event without a time happened: after the last push, in the order written."""
    return past.settled + timedelta(minutes=at + 1)


def _reviews(facts: Facts, cast: Cast, past: History) -> tuple[doc.Review, ...]:
    made = []
    for at, one in enumerate(facts.reviews):
        path: Path = ("facts", "reviews", at)
        short = ReviewFacts(one) if isinstance(one, str) else one
        when = _after(past, at) if short.at is None else moment(short.at, (*path, "at"), past.opened)
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
        when = _after(past, at)
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
        when = _after(past, at) if one.at is None else moment(one.at, (*path, "at"), past.opened)
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
        when = _after(past, at) if one.at is None else moment(one.at, (*path, "at"), past.opened)
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
                at=_after(past, at) if one.at is None else moment(one.at, (*path, "at"), past.opened),
            )
        )
    return tuple(made)


def _assessment(facts: Facts, now: datetime) -> doc.Assessment:
    said = facts.authorship
    return doc.Assessment(
        band=facts.band,
        percentile=_TYPICAL[facts.band] if facts.percentile is None else facts.percentile,
        findings=tuple(_finding(one, line) for line, one in enumerate(facts.findings, start=1)),
        omissions=tuple(doc.Omission(kind=kind, step="case") for kind in facts.omissions),
        failures=tuple(doc.Failure(step=step, reason="as the case says") for step in facts.failures),
        authorship=doc.Authorship(
            attested=said.attested,
            declared=said.declared,
            inferred=said.inferred,
            automation=said.automation,
            probability=said.probability,
        ),
        zones=tuple(doc.Zone(name=name, stewards=stewards) for name, stewards in facts.zones.items()),
        dependencies=tuple(
            doc.Dependency(
                name=one.name,
                ecosystem=one.ecosystem,
                before=one.before,
                after=one.after,
                published_at=None
                if one.age is None
                else now - span(one.age, ("facts", "dependencies", at, "age")),
            )
            for at, one in enumerate(facts.dependencies)
        ),
    )


def _finding(facts: FindingFacts, line: int) -> doc.Finding:
    return doc.Finding(
        rule="case",
        severity=facts.severity,
        confidence=facts.confidence,
        category=facts.category,
        path="app.py",
        line=line,
        introduced=facts.introduced,
        on_changed_lines=facts.on_changed_lines,
        suppressed_by="the case" if facts.suppressed else None,
    )


def _forgotten(made: doc.Facts, facts: Facts) -> doc.Facts:
    """Make unknown what the case lists as unknown."""
    replace = msgspec.structs.replace
    nothing: dict[str, Any] = dict.fromkeys(facts.unknown)
    change = {key: None for key in _OF_CHANGE if key in nothing}
    assessment = {key: None for key in _OF_ASSESSMENT if key in nothing}
    pull = {key: None for key in _OF_PULL if key in nothing}
    whole = {key: None for key in ("accounts", "teams", "pull", "assessment") if key in nothing}
    made = replace(made, change=replace(made.change, **change))
    if made.assessment is not None:
        made = replace(made, assessment=replace(made.assessment, **assessment))
    if made.pull is not None:
        made = replace(made, pull=replace(made.pull, **pull))
    return replace(made, **whole)


def _patched(made: doc.Facts, patch: Mapping[str, Any]) -> doc.Facts:
    """Lay the case's ``patch`` over the full document, which is checked again."""
    if not patch:
        return made
    try:
        return msgspec.convert(patched(msgspec.to_builtins(made), patch), doc.Facts)
    except msgspec.ValidationError as problem:
        raise WrongFactsError(
            ("facts", "patch"), f"The patched facts are wrong: {problem}.", "See `riskbot schema facts`."
        ) from None
