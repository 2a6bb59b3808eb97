"""Any pull request at all, for Hypothesis: who wrote, pushed, reviewed, dismissed and lifted what."""

from __future__ import annotations

from datetime import datetime

from hypothesis import strategies as st
from msgspec.structs import replace

from judge.make_facts import ALICE, B0, B1, BOB, CAROL, ERIN, H1, H2, NOW, account, at, bot, case, email, oid
from riskbot.facts.document import (
    AgentRun,
    BanLift,
    BaseChange,
    Comment,
    Commit,
    Dismissal,
    Facts,
    Head,
    Push,
    Replay,
    Review,
    ReviewState,
    Signature,
    Suggestion,
    Trailer,
    Verification,
)
from riskbot.judge.language.declarations import AuthorRules, ReviewRules, Tolerance
from riskbot.judge.people.directory import Directory
from riskbot.judge.people.interest import Interested, interested
from riskbot.judge.people.opinions import Ballot, ballot
from riskbot.judge.people.who import Who

AL_BOT, WEB_FLOW = 30, 31
PEOPLE = [ALICE, BOB, CAROL, ERIN, 7]
ANYBODY = [*PEOPLE, AL_BOT, 99]
IDS = [H1, H2, oid("side"), oid("old")]
TREES = [oid("tree 1"), oid("tree 2")]
WORLD = case(
    bot(AL_BOT, "al-bot", controller=CAROL),
    account(WEB_FLOW, "web-flow", permission=None),
)

anybody = st.sampled_from(ANYBODY)
moments = st.sampled_from([at(minute) for minute in (0, 10, 10, 20, 30)] + [NOW.replace(year=2030)])
emails = st.sampled_from(
    [email(one) for one in PEOPLE if one != 7]
    + [
        "x@nowhere.example",
        "2+bob@users.noreply.github.com",
        "bob@users.noreply.github.com",
        "noreply@github.com",
    ]
)
names = st.sampled_from(["Co-authored-by", "CO-AUTHORED-BY", "Signed-off-by", "Assisted-by"])
trailers = st.builds(lambda key, who: Trailer(key=key, value=f"Somebody <{who}>"), names, emails)
signatures = st.builds(
    lambda address, who: Signature(name="Somebody", email=address, account=who),
    emails,
    st.sampled_from([None, *ANYBODY, WEB_FLOW]),
)
parents = st.lists(st.sampled_from([B0, B1, *IDS]), min_size=1, max_size=2, unique=True).map(tuple)


def commits(id_: str | None = None) -> st.SearchStrategy[Commit]:
    return st.builds(
        Commit,
        id=st.just(id_) if id_ else st.sampled_from(IDS),
        parents=parents,
        author=signatures,
        committer=signatures,
        tree=st.sampled_from([*TREES, None]),
        message=st.one_of(st.just("Mend it"), emails.map(lambda who: f"Mend\n\nCo-authored-by: X <{who}>")),
        trailers=st.lists(trailers, max_size=1).map(tuple),
        suggestions=st.lists(st.builds(Suggestion, by=anybody, lines=st.integers(1, 4)), max_size=1).map(
            tuple
        ),
        verification=st.sampled_from([None, *Verification]),
        signer=st.sampled_from([None, *PEOPLE]),
        recomputed_tree=st.sampled_from([*TREES, None]),
        in_head=st.booleans(),
    )


dismissals = st.builds(
    Dismissal,
    by=st.sampled_from([None, *ANYBODY]),
    was=st.sampled_from([None, *ReviewState]),
    at=st.one_of(st.none(), moments),
)


def reviews(state: ReviewState | None = None) -> st.SearchStrategy[Review]:
    return st.builds(
        Review,
        id=st.just(1),
        by=anybody,
        state=st.just(state) if state else st.sampled_from(ReviewState),
        commit=st.sampled_from([H1, H2, H2]),
        at=moments,
        dismissed=st.none() if state else st.one_of(st.none(), st.none(), dismissals),
        pull=st.sampled_from([None, None, 8]),
        base_ref=st.sampled_from([None, "main", "sandbox"]) if not state else st.none(),
    )


bodies = st.sampled_from([f"/approve {H2}", f"/approve {H1}", f"/approve {H2[:12]}", "/approve cancel", "no"])
heads = st.builds(Head, commit=st.sampled_from([H1, H2]), tree=st.sampled_from(TREES), merge_base=st.just(B0))


def several(strategy: st.SearchStrategy, most: int) -> st.SearchStrategy[tuple]:
    return st.lists(strategy, max_size=most).map(tuple)


@st.composite
def pulls(draw: st.DrawFn) -> Facts:
    """Facts about one pull request whose head is H2."""
    change = replace(
        WORLD.change,
        head=H2,
        commits=tuple({one.id: one for one in draw(st.lists(commits(), min_size=1, max_size=3))}.values()),
        heads=draw(several(heads, 3)),
        replays=draw(
            several(
                st.builds(
                    Replay,
                    kind=st.just("rebase"),
                    commit=st.just(H1),
                    onto=st.just(B0),
                    tree=st.sampled_from(TREES),
                ),
                1,
            )
        ),
    )
    pull = replace(
        WORLD.pull,
        opened_by=draw(st.sampled_from([ALICE, AL_BOT])),
        pushes=draw(
            several(
                st.builds(
                    Push,
                    by=st.sampled_from([None, *ANYBODY]),
                    after=st.sampled_from([H1, H2]),
                    before=st.sampled_from([None, H1]),
                ),
                3,
            )
        ),
        reviews=tuple(replace(one, id=nth) for nth, one in enumerate(draw(several(reviews(), 4)), start=1)),
        comments=draw(several(st.builds(Comment, id=st.just(1), by=anybody, at=moments, body=bodies), 2)),
        agent_runs=draw(
            several(
                st.builds(
                    AgentRun,
                    agent=st.sampled_from([None, AL_BOT]),
                    initiator=anybody,
                    attested=st.booleans(),
                    commits=several(st.sampled_from(IDS), 1),
                ),
                1,
            )
        ),
        assigned_by=draw(several(anybody, 1)),
        base_changes=draw(
            several(st.builds(BaseChange, before=st.just("x"), after=st.just("main"), at=moments), 1)
        ),
        ban_lifts=draw(
            several(
                st.builds(
                    BanLift,
                    person=anybody,
                    by=anybody,
                    reason=st.sampled_from(["", "knows"]),
                    head=st.just(H2),
                    at=moments,
                ),
                2,
            )
        ),
    )
    return replace(WORLD, change=change, pull=pull)


review_rules = st.builds(
    ReviewRules,
    bots=st.sampled_from([(), (Who.parse("al-bot"),)]),
    carry_over=st.sampled_from([(), ("same-content", "clean-rebase", "clean-update")]),
    commands=st.booleans(),
    suggestions=st.sampled_from([None, Tolerance(lines=3)]),
)
author_rules = st.builds(
    AuthorRules,
    unattributed=st.sampled_from(["block", "one-more"]),
    unknown_initiator=st.sampled_from(["block", "two-humans"]),
    lift_coauthor_ban=st.just((Who.parse("anyone"),)),
)


def outcome(
    facts: Facts, rules: ReviewRules, authors: AuthorRules, now: datetime = NOW
) -> tuple[Interested, Ballot]:
    """What the engine makes of it, with no policy tree around."""
    directory = Directory(facts, {})
    found = interested(facts, authors, rules, (), directory, now=now)
    return found, ballot(facts, rules, directory, found, now)


def never_easier(before: tuple[Interested, Ballot], after: tuple[Interested, Ballot]) -> None:
    """Nothing that stood in the way is gone, and nobody approves who did not."""
    assert set(after[1].approvals) <= set(before[1].approvals)
    assert set(after[1].objections) >= set(before[1].objections)
    assert set(after[0].accounts) >= set(before[0].accounts)
    assert {note.code for note in after[0].blocks} >= {note.code for note in before[0].blocks}
    assert after[0].more >= before[0].more
