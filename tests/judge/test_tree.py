"""The four-valued logic: the whole truth table, and the laws that make a policy predictable."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.make_bench import bench
from riskbot.domain.verdict import Outcome, Status
from riskbot.judge.bench import Bench
from riskbot.judge.condition import Condition, Glob
from riskbot.judge.predicate import Answer
from riskbot.judge.tree import Group, How, Leaf, combine, conclude, evaluate, may_skip

S, P, K, E = Status.SATISFIED, Status.PENDING, Status.SKIPPED, Status.ERROR

TABLE = [
    # a, b, all, any
    (S, S, S, S),
    (S, P, P, S),
    (S, K, S, S),
    (S, E, E, S),
    (P, P, P, P),
    (P, K, P, P),
    (P, E, E, P),
    (K, K, K, K),
    (K, E, E, E),
    (E, E, E, E),
]


class Fixed:
    """A predicate that always gives the same status."""

    def __init__(self, status: Status) -> None:
        self.status = status

    def ask(self, bench: Bench, /) -> Answer:
        return Answer(self.status, "As the test says.")


NEVER = Condition(paths=(Glob("nothing/**"),))
CALM = bench()


def leaf(status: Status, name: str = "leaf") -> Leaf:
    """A clause that comes to ``status``; a skipped one by its condition, as in a policy."""
    if status is K:
        return Leaf(name, Fixed(S), NEVER)
    return Leaf(name, Fixed(status))


def value(node: Group | Leaf) -> Status:
    return evaluate(node, CALM).clause.status


def group(how: How, *members: Group | Leaf) -> Group:
    return Group("group", how, members)


def test_the_table_is_complete():
    assert {frozenset((a, b)) for a, b, _, _ in TABLE} == {
        frozenset(pair) for pair in itertools.product(Status, repeat=2)
    }


@pytest.mark.parametrize(("a", "b", "both", "either"), TABLE)
def test_two_members_combine_as_the_table_says(a, b, both, either):
    for first, second in ((a, b), (b, a)):
        assert combine(How.ALL, (first, second)) is both
        assert combine(How.ANY, (first, second)) is either
        assert value(group(How.ALL, leaf(first), leaf(second))) is both
        assert value(group(How.ANY, leaf(first), leaf(second))) is either


@pytest.mark.parametrize("how", How)
def test_longer_groups_are_folds_of_the_table(how):
    """Every group of up to five members, all 1,364 of them per operator."""
    for size in range(1, 6):
        for statuses in itertools.product(Status, repeat=size):
            folded = statuses[0]
            for status in statuses[1:]:
                folded = combine(how, (folded, status))
            assert combine(how, statuses) is folded


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(S, Outcome.ALLOWED), (P, Outcome.HELD), (E, Outcome.UNDECIDED), (K, Outcome.UNDECIDED)],
)
def test_the_root_decides_the_outcome(status, outcome):
    got, root = conclude(evaluate(group(How.ALL, leaf(status)), CALM).clause)
    assert got is outcome
    assert root.status is (E if status is K else status)


def test_a_policy_of_which_nothing_applies_is_an_error_that_says_so():
    outcome, root = conclude(evaluate(group(How.ALL, leaf(K), leaf(K)), CALM).clause)
    assert (outcome, root.status) == (Outcome.UNDECIDED, E)
    assert "No clause of the policy applies" in root.reason


def test_every_clause_is_evaluated_so_that_the_verdict_explains_all():
    clause = evaluate(group(How.ANY, leaf(S, "a"), leaf(E, "b"), leaf(K, "c")), CALM).clause
    assert [(below.name, below.status) for below in clause.clauses] == [("a", S), ("b", E), ("c", K)]
    assert clause.reason == "1 of 2 clauses is satisfied, one is enough; 1 did not apply."


trees = st.recursive(
    st.sampled_from(list(Status)).map(leaf),
    lambda below: st.builds(
        lambda how, members: Group("group", how, tuple(members)),
        st.sampled_from(How),
        st.lists(below, min_size=1, max_size=4),
    ),
    max_leaves=12,
)
ranks = {E: 0, P: 1, S: 2}


@given(trees, st.randoms(use_true_random=False))
def test_the_order_of_members_does_not_matter(tree, random):
    def shuffled(node):
        if isinstance(node, Leaf):
            return node
        members = [shuffled(member) for member in node.members]
        random.shuffle(members)
        return Group(node.name, node.how, tuple(members))

    assert value(tree) is value(shuffled(tree))


@given(trees, st.sampled_from(How))
def test_nesting_does_not_matter(tree, how):
    """A group may be inlined into a group of its own kind."""
    inner = group(how, tree, leaf(P))
    assert value(group(how, inner, leaf(S))) is value(group(how, tree, leaf(P), leaf(S)))


@given(trees, st.sampled_from(How))
def test_adding_an_error_never_satisfies(tree, how):
    if value(tree) is not S:
        assert value(group(how, tree, leaf(E))) is not S


def paths_to_leaves(node, path=()):
    if isinstance(node, Leaf):
        yield path
    else:
        for at, member in enumerate(node.members):
            yield from paths_to_leaves(member, (*path, at))


def replaced(node, path, new):
    if not path:
        return new
    members = list(node.members)
    members[path[0]] = replaced(members[path[0]], path[1:], new)
    return Group(node.name, node.how, tuple(members))


def at(node, path):
    return node if not path else at(node.members[path[0]], path[1:])


@given(trees, st.data())
def test_making_one_clause_worse_never_makes_the_whole_better(tree, data):
    """Over asked clauses; one that is skipped has no rank: it was not asked."""
    path = data.draw(st.sampled_from(list(paths_to_leaves(tree))))
    old = value(at(tree, path))
    if old is K:
        return
    worse = data.draw(st.sampled_from([status for status in ranks if ranks[status] <= ranks[old]]))
    assert ranks[value(replaced(tree, path, leaf(worse)))] <= ranks[value(tree)]


@given(trees)
def test_satisfied_needs_a_satisfied_clause(tree):
    if value(tree) is S:
        assert S in [value(at(tree, path)) for path in paths_to_leaves(tree)]


@given(trees)
def test_a_node_that_may_not_skip_does_not_skip(tree):
    if not may_skip(tree):
        assert value(tree) is not K
