"""Short facts -> the full facts document that they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from riskbot.domain.assessment import Band
from riskbot.domain.change import FileStatus
from riskbot.facts import document as doc
from riskbot.facts.paths import encode
from riskbot.judge.cases.authored import authorship
from riskbot.judge.cases.cast import NOW, OPEN_FOR, Cast, Path, WrongFactsError, moment, patched, span
from riskbot.judge.cases.history import BASE, MAIN, History, history, tree_id
from riskbot.judge.cases.pull import pull_of
from riskbot.judge.cases.short import Facts, FileFacts, FindingFacts

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
        pull=pull_of(facts, cast, past) if cast.known else None,
        accounts=cast.accounts(),
        teams=cast.teams(),
        assessment=_assessment(facts, past, now),
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


def _assessment(facts: Facts, past: History, now: datetime) -> doc.Assessment:
    return doc.Assessment(
        band=facts.band,
        percentile=_TYPICAL[facts.band] if facts.percentile is None else facts.percentile,
        findings=tuple(_finding(one, line) for line, one in enumerate(facts.findings, start=1)),
        omissions=tuple(doc.Omission(kind=kind, step="case") for kind in facts.omissions),
        failures=tuple(doc.Failure(step=step, reason="as the case says") for step in facts.failures),
        authorship=authorship(facts, past),
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
        rule=facts.rule,
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
