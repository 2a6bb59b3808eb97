"""The commits, pushes and heads of a case: short entries -> full ones, with ids by their order."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from riskbot.facts import document as doc
from riskbot.judge.cases.cast import AUTHOR, UNKNOWN, Cast, Path, WrongFactsError, moment
from riskbot.judge.cases.short import CommitFacts, Facts, PushFacts, Which

BASE = "b0" * 20
MAIN = "a0" * 20
OLD = "0d" * 20
_BETWEEN = timedelta(minutes=10)
_BEFORE = timedelta(hours=1)
_TRAILER = re.compile(r"([A-Za-z0-9-]+): (.+)")


def commit_id(number: int) -> str:
    """The id of the case's commit of that number, from 1."""
    return f"c{number:05x}" + "0" * 34


def tree_id(name: str) -> str:
    """The id of a tree by the name that the case gives it: the same name is the same tree."""
    return hashlib.sha256(name.encode()).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class History:
    """What was committed and pushed, and where the events after that begin."""

    commits: tuple[doc.Commit, ...]
    pushes: tuple[doc.Push, ...]
    heads: tuple[doc.Head, ...]
    opened: datetime
    settled: datetime

    @property
    def head(self) -> str:
        """The present head."""
        return self.heads[-1].commit

    def which(self, which: Which, path: Path) -> str:
        """The commit that is meant; *old* is the head before this one, or one that is gone."""
        if which == "head":
            return self.head
        if which == "old":
            return self.heads[-2].commit if len(self.heads) > 1 else OLD
        return self._numbered(int(which), path)

    def _numbered(self, number: int, path: Path) -> str:
        if not 1 <= number <= len(self.commits):
            message = f"There is no commit {number}; the case has {len(self.commits)}."
            raise WrongFactsError(path, message, "Count the case's commits from 1.")
        return commit_id(number)


def history(facts: Facts, cast: Cast, opened: datetime) -> History:
    """Make the commits, pushes and heads; one commit and one push where the case names none."""
    opener = facts.opened_by or AUTHOR
    if opener == UNKNOWN:
        opener = AUTHOR
    elif facts.opened_by is not None and cast.known:
        cast.id(opener, ("facts", "opened_by"))
    listed = facts.commits or (opener,)
    commits = tuple(
        _commit(
            CommitFacts(by=one) if isinstance(one, str) else one,
            number,
            cast,
            opened - _BEFORE,
        )
        for number, one in enumerate(listed, start=1)
    )
    if not any(commit.in_head for commit in commits):
        raise WrongFactsError(("facts", "commits"), "No commit is in the head.", "Leave in_head: true once.")
    tip = max(number for number, commit in enumerate(commits, start=1) if commit.in_head)
    pushes = _pushes(facts.pushes or (opener,), len(commits), tip, cast, opened)
    trees = {commit.id: commit.tree for commit in commits}
    heads = tuple(
        doc.Head(commit=push.after, tree=trees[push.after], merge_base=BASE, at=push.at) for push in pushes
    )
    settled = max([opened, *(push.at for push in pushes if push.at is not None)])
    return History(commits, pushes if cast.known else (), heads, opened, settled)


def _pushes(
    listed: tuple[str | PushFacts, ...], commits: int, tip: int, cast: Cast, opened: datetime
) -> tuple[doc.Push, ...]:
    """Make the pushes: the last brings the head, the one before it the commit before, and so on."""
    pushes: list[doc.Push] = []
    for at, one in enumerate(listed):
        path: Path = ("facts", "pushes", at)
        push = PushFacts(one) if isinstance(one, str) else one
        number = _after(push, tip - (len(listed) - 1 - at), tip, path)
        if not 1 <= number <= commits:
            message = f"Push {at + 1} brings no commit: the case has {commits} for {len(listed)} pushes."
            raise WrongFactsError(path, message, "List a commit for each push, or say which: after: 1.")
        pushes.append(
            doc.Push(
                by=cast.maybe(push.by, path) if cast.known else None,
                before=pushes[-1].after if pushes else None,
                after=commit_id(number),
                at=opened + at * _BETWEEN if push.at is None else moment(push.at, (*path, "at"), opened),
            )
        )
    if pushes[-1].after != commit_id(tip):
        raise WrongFactsError(
            ("facts", "pushes", len(listed) - 1), "The last push does not bring the head.", "Push the head."
        )
    return tuple(pushes)


def _after(push: PushFacts, counted: int, tip: int, path: Path) -> int:
    """Which commit a push brings."""
    if push.after is None:
        return counted
    if push.after == "head":
        return tip
    if push.after == "old":
        raise WrongFactsError((*path, "after"), "A push brings a commit of the case.", "Write its number.")
    return int(push.after)


def _commit(facts: CommitFacts, number: int, cast: Cast, at: datetime) -> doc.Commit:
    path: Path = ("facts", "commits", number - 1)
    message, trailers = _message(facts, number, cast)
    author = _author(facts, cast, path, at)
    tree = tree_id(facts.tree or f"tree of commit {number}")
    recomputed = {"clean": tree, "edited": tree_id(f"merge of commit {number}")}
    return doc.Commit(
        id=commit_id(number),
        parents=_parents(facts, number, path),
        author=author,
        committer=author
        if facts.committer is None
        else cast.signature(facts.committer, (*path, "committer"), at),
        tree=tree,
        message=message,
        trailers=trailers,
        suggestions=tuple(
            doc.Suggestion(by=cast.id(login, (*path, "suggestions", login)), lines=lines)
            for login, lines in facts.suggestions.items()
        ),
        verification=doc.Verification.NONE if facts.signer is None else doc.Verification.VERIFIED,
        signer=cast.maybe(facts.signer, (*path, "signer")),
        recomputed_tree=recomputed.get(facts.merge or ""),
        in_head=facts.in_head,
    )


def _author(facts: CommitFacts, cast: Cast, path: Path, at: datetime) -> doc.Signature:
    """Make the author; an ``email`` alone is whoever the case knows by it, or a stranger."""
    if facts.email is None:
        return cast.signature(facts.by or AUTHOR, (*path, "by"), at)
    if facts.by is not None:
        cast.id(facts.by, (*path, "by"))
    name = facts.by or facts.email.partition("@")[0]
    return doc.Signature(name=name, email=facts.email, at=at, account=cast.by_email(facts.email))


def _parents(facts: CommitFacts, number: int, path: Path) -> tuple[str, ...]:
    """Say where a commit hangs: on the one before it; a merge on main's tip as well."""
    if facts.parents is None:
        before = commit_id(number - 1) if number > 1 else BASE
        return (before, MAIN) if facts.merge is not None else (before,)
    named = {"base": BASE, "main": MAIN}
    for at, parent in enumerate(facts.parents):
        if isinstance(parent, int) and not 1 <= parent < number:
            message = f"The parent {parent} is no commit before this one."
            raise WrongFactsError((*path, "parents", at), message, "Count the case's commits from 1.")
    return tuple(commit_id(parent) if isinstance(parent, int) else named[parent] for parent in facts.parents)


def _message(facts: CommitFacts, number: int, cast: Cast) -> tuple[str, tuple[doc.Trailer, ...]]:
    """Make the message with its trailers: co-authors and sign-offs, by login or as written."""
    people = [
        (key, one if "@" in one and "<" in one else f"{one} <{cast.emails(one)[0]}>")
        for key, named in (("Co-authored-by", facts.coauthors), ("Signed-off-by", facts.signoffs))
        for one in named
    ]
    trailers = [doc.Trailer(key=key, value=one) for key, one in people]
    subject = facts.message or f"commit {number}"
    block = subject.strip().rpartition("\n\n")[2] if "\n\n" in subject else ""
    lines = [_TRAILER.fullmatch(line) for line in block.splitlines()]
    if lines and all(lines):
        trailers = [doc.Trailer(key=line[1], value=line[2]) for line in lines if line] + trailers
    text = "".join(f"{one.key}: {one.value}\n" for one in trailers[len(trailers) - len(people) :])
    return (f"{subject}\n\n{text}" if text else f"{subject}\n"), tuple(trailers)
