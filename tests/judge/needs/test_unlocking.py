"""What a verdict says of the way out is true: judged again with those approvals it is allowed, with fewer not."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judge.make_facts import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    ERIN,
    H1,
    MALLORY,
    NAMES,
    RITA,
    applied,
    approve,
    at,
    case,
    commit,
    joins,
    judged,
    label,
    leaves,
    object_,
    with_commits,
    with_files,
)
from riskbot.domain.verdict import Outcome

ACCOUNTS = {name: id_ for id_, name in NAMES.items()}
POLICIES = [
    """\
version: 1
name: owners
owners: {fallback: ["@acme/gov"]}
requires:
  all:
    - clause: a developer approves
      approvals: {count: 1, from: ["@acme/devs"]}
    - clause: owners approve
      owners: {}
""",
    """\
version: 1
name: distinct
owners: {fallback: ["@acme/gov"]}
requires:
  distinct: true
  all:
    - clause: two approve
      approvals: {count: 2}
    - clause: owners approve
      owners: {unowned: fallback}
""",
    """\
version: 1
name: choice
reviews: {member_for: 1d}
requires:
  all:
    - any:
        - clause: security
          approvals: {count: 1, from: ["@acme/sec"]}
        - clause: two developers
          approvals: {count: 2, from: ["@acme/devs", mallory]}
        - clause: a label
          label: {name: go, set_by: ["@acme/gov"]}
    - clause: nobody of security objects
      unopposed: {from: ["@acme/sec"]}
""",
]
PEOPLE = [BOB, CAROL, DAVE, ERIN, MALLORY, RITA]
STEPS = st.one_of(
    st.builds(approve, st.sampled_from([ALICE, *PEOPLE])),
    st.builds(object_, st.sampled_from(PEOPLE)),
    st.builds(joins, st.sampled_from(PEOPLE), st.sampled_from(["acme/devs", "acme/sec"]), st.just(at(5))),
    st.builds(leaves, st.sampled_from([BOB, CAROL]), st.just("acme/devs"), st.just(at(70))),
    st.builds(label, st.just("go"), st.sampled_from([ALICE, ERIN])),
)
PATHS = st.lists(
    st.sampled_from(["src/a.py", "secure/key.py", ".github/x.yml", "Secure/y.py"]), min_size=1, unique=True
)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(POLICIES),
    PATHS,
    st.lists(st.sampled_from([ALICE, BOB, DAVE]), max_size=2),
    st.lists(STEPS, max_size=4),
)
def test_every_set_unlocks_the_change_and_no_smaller_one_does(policy, paths, authors, steps):
    commits = [commit(H1), *(commit(f"{n:040x}", author=who) for n, who in enumerate(authors, 1))]
    facts = case(with_files(*paths), with_commits(*commits), *steps)
    verdict = judged(facts, policy)
    assert bool(verdict.unlocking) <= (verdict.outcome is Outcome.HELD)
    barred = {one.who for one in verdict.interested}
    for people in verdict.unlocking:
        assert not barred & set(people)
        ids = [ACCOUNTS[name] for name in people]
        late = [approve(id_, when=at(200 + n)) for n, id_ in enumerate(ids)]
        assert judged(applied(facts, *late), policy).outcome is Outcome.ALLOWED, people
        for left_out in range(len(late)):
            fewer = late[:left_out] + late[left_out + 1 :]
            assert judged(applied(facts, *fewer), policy).outcome is not Outcome.ALLOWED, people
    for one in verdict.suggested:
        assert one.who not in barred


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(POLICIES),
    PATHS,
    st.lists(STEPS, max_size=3),
    st.sets(st.sampled_from(PEOPLE), max_size=3),
)
def test_nobody_is_overlooked(policy, paths, steps, helpers):
    """Whatever people unlock it by approving, the sets told are no larger than they are."""
    facts = case(with_files(*paths), *steps)
    verdict = judged(facts, policy)
    if verdict.outcome is not Outcome.HELD:
        return
    late = [approve(id_, when=at(200 + n)) for n, id_ in enumerate(sorted(helpers))]
    # Whoever said something already is heard anew: a standing objection is theirs to take back.
    spoke = {one.account for one in verdict.opinions}
    if judged(applied(facts, *late), policy).outcome is Outcome.ALLOWED and not spoke & helpers:
        assert verdict.unlocking
        assert len(verdict.unlocking[0]) <= len(helpers)
