"""Builders of facts: one ordinary pull request, and steps that change one thing about it.

The ordinary case: repository ``acme/shop`` (id 100), pull request 7, ``topic`` into ``main``, opened by alice.
The head H1 is the base B0 and one commit on ``src/a.py``, written, committed and pushed by alice. alice, bob and
carol are developers, dave is security, erin governs; mallory may write but is in no team, rita only reads.

A test takes the case and says what differs: ``case(approve(BOB), push(H2))``. Steps apply from left to right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from riskbot import facts as documents
from riskbot.domain.assessment import Band
from riskbot.domain.change import FileStatus
from riskbot.domain.verdict import Clause, Note, Opinion, Outcome, Status, Verdict
from riskbot.facts.document import (
    Account,
    AccountType,
    AgentRun,
    Assessment,
    Change,
    Comment,
    Commit,
    Dismissal,
    Facts,
    File,
    Head,
    Label,
    Membership,
    Permission,
    Pull,
    Push,
    Review,
    ReviewState,
    Signature,
    Team,
    Text,
    Trailer,
)
from riskbot.judge import judge
from riskbot.judge.language.policy import Policy, load
from riskbot.judge.owners import Rosters
from riskbot.judge.owners.reading import read as read_owners

Step = Callable[[Facts], Facts]

ALICE, BOB, CAROL, DAVE, ERIN, MALLORY, RITA = range(1, 8)
NAMES = {1: "alice", 2: "bob", 3: "carol", 4: "dave", 5: "erin", 6: "mallory", 7: "rita"}
AGENT, DEPENDABOT, ACTIONS = 20, 21, 22
WEB_FLOW = 19864447  # the forge's own hand: suggestions taken, files edited in the browser

LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
OPENED = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


def oid(name: str) -> str:
    """The id of a commit or tree that tests call ``name``."""
    return hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()


B0, B1, H1, H2, H3 = (oid(name) for name in ("B0", "B1", "H1", "H2", "H3"))

POLICY = """\
version: 1
name: acme
owners: {fallback: ["@acme/gov"]}
requires:
  all:
    - clause: a developer approves
      approvals: {count: 1, from: ["@acme/devs"]}
    - clause: owners approve
      owners: {}
"""

CODEOWNERS = """\
* @acme/devs
/secure/ @acme/sec
/.riskbot/ @acme/gov
/.github/ @acme/gov
CODEOWNERS @acme/gov
"""


def at(minutes: float) -> datetime:
    """So many minutes after the pull request was opened."""
    return OPENED + timedelta(minutes=minutes)


def case(*steps: Step) -> Facts:
    """The ordinary case, with the steps applied."""
    facts = Facts(
        schema=documents.SCHEMA,
        repository="acme/shop",
        change=Change(
            base=B0,
            head=H1,
            files=(modified("src/a.py"),),
            commits=(commit(H1, parents=(B0,)),),
            declared_files=1,
            declared_commits=1,
            heads=(Head(commit=H1, tree=oid(f"tree {H1}"), merge_base=B0, at=OPENED),),
        ),
        pull=Pull(
            repository=100,
            number=7,
            base_ref="main",
            opened_by=ALICE,
            opened_at=OPENED,
            title="Mend the shop",
            pushes=(Push(by=ALICE, after=H1, at=OPENED),),
            reviews=(),
            labels=(),
            comments=(),
            checks=(),
        ),
        accounts=tuple(_account(id_) for id_ in NAMES),
        teams=(
            team("acme/devs", ALICE, BOB, CAROL),
            team("acme/sec", DAVE),
            team("acme/gov", ERIN),
        ),
        assessment=Assessment(band=Band.GREEN, percentile=50.0, zones=(), dependencies=()),
        texts=(_text(".github/CODEOWNERS", CODEOWNERS), _text(".riskbot/policy.yml", POLICY)),
    )
    return applied(facts, *steps)


def applied(facts: Facts, *steps: Step) -> Facts:
    """The facts with the steps applied, from left to right."""
    for step in steps:
        facts = step(facts)
    return facts


# Who there is ---------------------------------------------------------------------------------------------


def email(id_: int) -> str:
    """The address that the forge vouches for."""
    return f"{NAMES[id_]}@acme.example"


def _account(id_: int) -> Account:
    permission = Permission.READ if id_ == RITA else Permission.WRITE
    return Account(id=id_, login=NAMES[id_], permission=permission, emails=(email(id_),))


def account(id_: int, login: str, **fields: Any) -> Step:
    """Add an account, or put another in the place of the one of that id."""
    fields.setdefault("permission", Permission.WRITE)
    new = Account(id=id_, login=login, **fields)

    def step(facts: Facts) -> Facts:
        return replace(facts, accounts=(*(one for one in facts.accounts or () if one.id != id_), new))

    return step


def bot(id_: int, login: str, **fields: Any) -> Step:
    """Add a bot."""
    return account(id_, login, type=AccountType.BOT, **fields)


def team(name: str, *members: int, since: datetime | None = LONG_AGO, **fields: Any) -> Team:
    """A team whose members have been in it ``since``."""
    stays = tuple(Membership(account=member, since=since, changed_by=ERIN) for member in members)
    return Team(name=name, members=stays, as_of=NOW, **fields)


def joins(id_: int, name: str, since: datetime = LONG_AGO, **fields: Any) -> Step:
    """Let somebody be a member ``since``."""
    stay = Membership(account=id_, since=since, **fields)

    def step(facts: Facts) -> Facts:
        teams = {one.name: one for one in facts.teams or ()}
        old = teams.get(name, Team(name=name, members=()))
        teams[name] = replace(old, members=(*(old.members or ()), stay))
        return replace(facts, teams=tuple(teams.values()))

    return step


def leaves(id_: int, name: str, until: datetime) -> Step:
    """Let somebody's membership end."""

    def step(facts: Facts) -> Facts:
        def ended(stay: Membership) -> Membership:
            return replace(stay, until=until) if stay.account == id_ else stay

        return replace(
            facts,
            teams=tuple(
                replace(one, members=tuple(map(ended, one.members or ()))) if one.name == name else one
                for one in facts.teams or ()
            ),
        )

    return step


# What is proposed -----------------------------------------------------------------------------------------


def modified(path: str, **fields: Any) -> File:
    """A file that is changed in place."""
    fields = {"old_mode": "100644", "new_mode": "100644", "added": 3, "removed": 1, **fields}
    return File(status=FileStatus.MODIFIED, old_path=path, new_path=path, **fields)


def added(path: str, mode: str = "100644", **fields: Any) -> File:
    """A new file."""
    return File(status=FileStatus.ADDED, new_path=path, new_mode=mode, **{"added": 3, **fields})


def deleted(path: str, mode: str = "100644", **fields: Any) -> File:
    """A file taken away."""
    return File(status=FileStatus.DELETED, old_path=path, old_mode=mode, **{"removed": 3, **fields})


def renamed(old: str, new: str, status: FileStatus = FileStatus.RENAMED) -> File:
    """A file under another name (or copied)."""
    return File(status=status, old_path=old, new_path=new, old_mode="100644", new_mode="100644")


def with_files(*files: File | str, declared: int | None = None) -> Step:
    """Let the change be of these files; a plain path is a modified one."""
    listed = tuple(modified(file) if isinstance(file, str) else file for file in files)

    def step(facts: Facts) -> Facts:
        count = len(listed) if declared is None else declared
        return replace(facts, change=replace(facts.change, files=listed, declared_files=count))

    return step


def signature(who: int | None, address: str = "") -> Signature:
    """An author or committer; None: an address that belongs to nobody."""
    if who is None:
        return Signature(name="Somebody", email=address or "somebody@nowhere.example", at=OPENED)
    name = NAMES.get(who, f"bot{who}")
    return Signature(name=name, email=address or f"{name}@acme.example", at=OPENED, account=who)


def commit(
    id_: str,
    author: int | None = ALICE,
    committer: int | str | None = "author",
    parents: tuple[str, ...] = (B0,),
    **fields: Any,
) -> Commit:
    """A commit; its committer is its author unless another is named."""
    by = signature(author if isinstance(committer, str) else committer)
    if committer == WEB_FLOW:
        by = Signature(name="GitHub", email="noreply@github.com", at=OPENED, account=WEB_FLOW)
    fields.setdefault("tree", oid(f"tree {id_}"))
    return Commit(id=id_, parents=parents, author=signature(author), committer=by, **fields)


def coauthored(*values: str) -> dict[str, Any]:
    """The fields of a commit whose message ends with these co-authors."""
    lines = "\n".join(f"Co-authored-by: {value}" for value in values)
    return {
        "message": f"Mend it\n\n{lines}\n",
        "trailers": tuple(Trailer(key="Co-authored-by", value=value) for value in values),
    }


def with_commits(*commits: Commit) -> Step:
    """Let the head consist of these commits, instead of the one."""

    def step(facts: Facts) -> Facts:
        change = replace(facts.change, commits=commits, declared_commits=len(commits))
        return replace(facts, change=change)

    return step


def push(
    head: str,
    *commits: Commit,
    by: int | None = ALICE,
    when: datetime | None = None,
    rewrite: bool = False,
    merge_base: str = B0,
    tree: str | None = None,
) -> Step:
    """Move the branch to ``head``, by default with one more commit of alice's.

    ``rewrite``: it was forced, so the earlier commits are no longer part of it.
    """

    def step(facts: Facts) -> Facts:
        change, pull = facts.change, facts.pull
        assert pull is not None
        assert change.head is not None
        parent = merge_base if rewrite else change.head
        new = commits or (commit(head, parents=(parent,)),)
        old = change.commits or ()
        if rewrite:
            old = tuple(replace(one, in_head=False) for one in old)
        moment = when or at(10 * len(change.heads))
        made = tree or new[-1].tree
        everything = (*old, *new)
        return replace(
            facts,
            change=replace(
                change,
                base=merge_base,
                head=head,
                commits=everything,
                declared_commits=sum(one.in_head for one in everything),
                heads=(*change.heads, Head(commit=head, tree=made, merge_base=merge_base, at=moment)),
            ),
            pull=replace(
                pull,
                pushes=(*(pull.pushes or ()), Push(by=by, before=change.head, after=head, at=moment)),
            ),
        )

    return step


def pushed_by(*actors: int | None) -> Step:
    """Let the pushes so far have been these people's."""

    def step(facts: Facts) -> Facts:
        assert facts.pull is not None
        pushes = facts.pull.pushes or ()
        new = tuple(replace(one, by=who) for one, who in zip(pushes, actors, strict=True))
        return replace(facts, pull=replace(facts.pull, pushes=new))

    return step


# What people say ------------------------------------------------------------------------------------------


def pulled(**fields: Any) -> Step:
    """Change fields of the pull request."""

    def step(facts: Facts) -> Facts:
        assert facts.pull is not None
        return replace(facts, pull=replace(facts.pull, **fields))

    return step


def changed(**fields: Any) -> Step:
    """Change fields of the change."""
    return lambda facts: replace(facts, change=replace(facts.change, **fields))


def assessed(**fields: Any) -> Step:
    """Change fields of the assessment."""

    def step(facts: Facts) -> Facts:
        assert facts.assessment is not None
        return replace(facts, assessment=replace(facts.assessment, **fields))

    return step


def opened_by(who: int | None) -> Step:
    """Let somebody else have opened it."""
    return pulled(opened_by=who)


def review(
    by: int, state: ReviewState, commit: str = H1, when: datetime | None = None, **fields: Any
) -> Step:
    """Add a review; each comes a minute after the one before unless said otherwise."""

    def step(facts: Facts) -> Facts:
        assert facts.pull is not None
        reviews = facts.pull.reviews or ()
        new = Review(
            **{
                "id": len(reviews) + 1,
                "by": by,
                "state": state,
                "commit": commit,
                "at": when or at(60 + len(reviews)),
                **fields,
            }
        )
        return replace(facts, pull=replace(facts.pull, reviews=(*reviews, new)))

    return step


def approve(by: int, commit: str = H1, when: datetime | None = None, **fields: Any) -> Step:
    """Let somebody approve ``commit``."""
    return review(by, ReviewState.APPROVED, commit, when, **fields)


def object_(by: int, commit: str = H1, when: datetime | None = None, **fields: Any) -> Step:
    """Let somebody ask for changes."""
    return review(by, ReviewState.CHANGES_REQUESTED, commit, when, **fields)


def dismissed(by: int, was: ReviewState, dismisser: int | None, **fields: Any) -> Step:
    """Let somebody's review have been taken back by ``dismisser``."""
    return review(by, ReviewState.DISMISSED, dismissed=Dismissal(by=dismisser, was=was, at=at(90)), **fields)


def comment(by: int, body: str, when: datetime | None = None, **fields: Any) -> Step:
    """Let somebody comment."""

    def step(facts: Facts) -> Facts:
        assert facts.pull is not None
        comments = facts.pull.comments or ()
        new = Comment(id=len(comments) + 1, by=by, at=when or at(60 + len(comments)), body=body, **fields)
        return replace(facts, pull=replace(facts.pull, comments=(*comments, new)))

    return step


def label(name: str, by: int | None, **fields: Any) -> Step:
    """Let somebody put a label on it."""

    def step(facts: Facts) -> Facts:
        assert facts.pull is not None
        new = Label(name=name, by=by, at=at(30), **fields)
        return replace(facts, pull=replace(facts.pull, labels=(*(facts.pull.labels or ()), new)))

    return step


def agent_run(agent: int | None, initiator: int | None, *, attested: bool = True, **fields: Any) -> Step:
    """Add the record of an agent's run."""

    def step(facts: Facts) -> Facts:
        assert facts.pull is not None
        new = AgentRun(agent=agent, initiator=initiator, attested=attested, **fields)
        return replace(facts, pull=replace(facts.pull, agent_runs=(*facts.pull.agent_runs, new)))

    return step


# What governs ---------------------------------------------------------------------------------------------


def _text(path: str, text: str | None, size: int | None = None, mode: str = "100644") -> Text:
    length = len((text or "").encode("utf-8", "surrogatepass")) if size is None else size
    return Text(path=path, text=text, size=length, mode=mode)


def text(path: str, body: str | None, size: int | None = None, mode: str = "100644") -> Step:
    """Let this governing file stand at the base."""

    def step(facts: Facts) -> Facts:
        kept = (one for one in facts.texts if one.path != path)
        return replace(facts, texts=(*kept, _text(path, body, size, mode)))

    return step


def codeowners(*lines: str) -> Step:
    """Let CODEOWNERS at the base be its ordinary lines, then these."""
    return text(".github/CODEOWNERS", CODEOWNERS + "".join(f"{line}\n" for line in lines))


def policy(source: str = POLICY) -> Policy:
    """Load a policy."""
    return load(source.encode(), file="policy.yml", source="a test")


def rosters(facts: Facts, of: Policy) -> Rosters:
    """Read the owners files that the policy asks for from the texts at the base."""
    return read_owners(facts.texts, of.rules.owners.format, of.rosters)


def judged(facts: Facts, source: str | Policy = POLICY, now: datetime = NOW) -> Verdict:
    """Judge the facts, written and read again, by the policy."""
    of = policy(source) if isinstance(source, str) else source
    facts = documents.read(documents.write(facts), "facts.json")
    return judge(facts, of, rosters(facts, of), now)


# What came out --------------------------------------------------------------------------------------------


def clauses(verdict: Verdict) -> dict[str, Clause]:
    """Every clause of the verdict by name, groups included."""
    found: dict[str, Clause] = {}
    waiting = [verdict.root]
    while waiting:
        clause = waiting.pop()
        found[clause.name] = clause
        waiting += clause.clauses
    return found


def opinions(verdict: Verdict) -> dict[str, Opinion]:
    """The verdict's opinions by login."""
    return {opinion.who: opinion for opinion in verdict.opinions}


def counting(verdict: Verdict) -> set[str]:
    """Whose opinion counts, as an approval."""
    return {one.who for one in verdict.opinions if one.counts and one.state == "APPROVED"}


def ignored(verdict: Verdict) -> dict[str, str]:
    """Whose opinion does not count, with the code that says why."""
    return {one.who: one.code for one in verdict.opinions if not one.counts}


def interested(verdict: Verdict) -> dict[str, set[str]]:
    """Who has a part in the change, with the roles."""
    return {one.who: {ground.role for ground in one.grounds} for one in verdict.interested}


def codes(notes: Iterable[Note]) -> set[str]:
    """The codes of blocks or flags."""
    return {note.code for note in notes}


def expect(
    verdict: Verdict,
    outcome: Outcome,
    *,
    counts: Iterable[str] | None = None,
    ignores: dict[str, str] | None = None,
    blocks: Iterable[str] = (),
    flags: Iterable[str] = (),
    open_: Iterable[str] | None = None,
    unlock: Iterable[Iterable[str]] | None = None,
) -> None:
    """Check what came out *and* why: a right answer for a wrong reason fails.

    ``counts``, ``blocks``, ``open_`` (the leaf clauses that are not satisfied or skipped) and ``unlock`` (the
    smallest sets) are exact; ``ignores`` and ``flags`` are those that must be among them.
    """
    assert verdict.outcome is outcome, verdict
    assert codes(verdict.blocks) == set(blocks), verdict.blocks
    if counts is not None:
        assert counting(verdict) == set(counts), verdict.opinions
    for who, code in (ignores or {}).items():
        assert ignored(verdict).get(who) == code, verdict.opinions
    assert set(flags) <= codes(verdict.flags), verdict.flags
    if open_ is not None:
        waiting = {
            name
            for name, clause in clauses(verdict).items()
            if not clause.clauses and clause.status in {Status.PENDING, Status.ERROR}
        }
        assert waiting == set(open_), verdict.root
    if unlock is not None:
        assert {frozenset(one) for one in verdict.unlocking} == {frozenset(one) for one in unlock}, verdict
