"""Boosted trees as plain numbers: their sum, each feature's exact part of it, and what a small move changes.

Written as lists, so that serving needs no LightGBM. A row's way through a tree is credited step by step to
the feature that each step splits on: the child's expected value less its parent's (Saabas 2014,
https://blog.datadive.net/interpreting-random-forests/). The expected values at the roots and all
contributions together are the trees' sum.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

LEAF = -1
#: Far above what a model needs; what is larger is no model.
_MOST_TREES = 5_000
_MOST_NODES = 4_096

Values = Mapping[str, float | None]
"""Numbers by feature; None, NaN and what is not there at all are unknown."""


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree as parallel columns, a row a node; node 0 is the root and children stand after parents.

    At a node with a ``feature`` (an index; -1: a leaf) a row goes ``left`` where its value is at most the
    ``threshold``, ``right`` where it is larger; ``missing_left`` says where an unknown value goes. ``value``
    is what the training rows at a node came to on average; of a leaf, what it gives.
    """

    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    missing_left: tuple[bool, ...]
    value: tuple[float, ...]

    def leaf(self, row: Sequence[float]) -> float:
        """Give what the tree gives a row (NaN: unknown)."""
        feature, node = self.feature, 0
        while (at := feature[node]) != LEAF:
            node = self._next(node, row[at])
        return self.value[node]

    def credit(self, row: Sequence[float], parts: list[list[float]]) -> None:
        """Add each step's credit to the parts of the feature that it splits on."""
        feature, value, node = self.feature, self.value, 0
        while (at := feature[node]) != LEAF:
            below = self._next(node, row[at])
            parts[at].append(value[below] - value[node])
            node = below

    def _next(self, node: int, value: float) -> int:
        # NaN is the only number that is not itself; this is the innermost step of all scoring.
        goes_left = value <= self.threshold[node] if value == value else self.missing_left[node]  # noqa: PLR0124
        return self.left[node] if goes_left else self.right[node]


@dataclass(frozen=True)
class Trees:
    """Trees over named features. All values are logits."""

    features: tuple[str, ...]
    trees: tuple[Tree, ...]

    @classmethod
    def parse(cls, told: Mapping[str, Any]) -> Self:
        """Read ``{"features": [names], "trees": [{column: list}]}``.

        Raises ValueError, saying what is wrong, unless every index is in range, every node but the root has
        one parent that stands before it, and every number is finite.
        """
        features = told["features"]
        if not _texts(features) or len(set(features)) != len(features):
            raise ValueError("the features are not distinct names")
        trees = told["trees"]
        if not isinstance(trees, list) or not 0 < len(trees) <= _MOST_TREES:
            raise ValueError(f"there are not 1 to {_MOST_TREES} trees")
        return cls(
            tuple(features), tuple(_tree(tree, number, len(features)) for number, tree in enumerate(trees))
        )

    @cached_property
    def base(self) -> float:
        """The sum of the expected values at the roots: where every row starts."""
        return math.fsum(tree.value[0] for tree in self.trees)

    @cached_property
    def used(self) -> frozenset[str]:
        """The features that some split asks for."""
        return frozenset(self.features[at] for tree in self.trees for at in tree.feature if at != LEAF)

    def row(self, values: Values) -> list[float]:
        """Put values in the order of the features; NaN for an unknown one."""
        found = (values.get(name) for name in self.features)
        return [math.nan if value is None else float(value) for value in found]

    def logit(self, values: Values) -> float:
        """Sum what all trees give."""
        row = self.row(values)
        return math.fsum(tree.leaf(row) for tree in self.trees)

    def contributions(self, values: Values) -> dict[str, float]:
        """Give each used feature's part; ``base`` and all parts add up to :meth:`logit`.

        Each part is rounded once, so the sums agree to the last few bits, however many trees there are.
        """
        row = self.row(values)
        parts: list[list[float]] = [[] for _ in self.features]
        for tree in self.trees:
            tree.credit(row, parts)
        return {
            name: math.fsum(part)
            for name, part in zip(self.features, parts, strict=True)
            if name in self.used
        }

    @cached_property
    def _splits(self) -> tuple[tuple[tuple[float, ...], tuple[int, ...]], ...]:
        """For each feature its thresholds, ascending, and the tree that each belongs to."""
        found: list[list[tuple[float, int]]] = [[] for _ in self.features]
        for number, tree in enumerate(self.trees):
            for at, threshold in zip(tree.feature, tree.threshold, strict=True):
                if at != LEAF:
                    found[at].append((threshold, number))
        ordered = [sorted(set(pairs)) for pairs in found]
        return tuple((tuple(t for t, _ in pairs), tuple(n for _, n in pairs)) for pairs in ordered)

    def moving(self, values: Values) -> Moving:
        """Prepare to ask how the sum moves from where ``values`` put it."""
        return Moving(self, self.row(values))

    def crossed(self, at: int, before: float, after: float) -> Iterable[int]:
        """List the trees that a move of feature ``at`` could send another way."""
        thresholds, numbers = self._splits[at]
        if math.isnan(before) or math.isnan(after):
            return numbers
        # At most a threshold goes left: the trees between are those with low <= threshold < high.
        low, high = sorted((before, after))
        return numbers[bisect_left(thresholds, low) : bisect_left(thresholds, high)]


class Moving:
    """How far the sum moves where a few features take other values: only trees that can notice are walked.

    Many small moves from one place (each hunk of a large change left out) so cost little each.
    """

    def __init__(self, trees: Trees, row: list[float]) -> None:
        self._trees, self._row = trees, row
        self._leaves = [tree.leaf(row) for tree in trees.trees]
        self._index = {name: at for at, name in enumerate(trees.features)}

    def fall(self, values: Values) -> float:
        """Say how far the logit falls when ``values`` stand in; features that are not named stay."""
        moved: set[int] = set()
        row = self._row.copy()
        for name, value in values.items():
            at = self._index.get(name)
            after = math.nan if value is None else float(value)
            # NaN stays NaN; a value that does not move crosses nothing.
            if at is None or after == row[at] or (math.isnan(after) and math.isnan(row[at])):
                continue
            moved.update(self._trees.crossed(at, row[at], after))
            row[at] = after
        return math.fsum(self._leaves[number] - self._trees.trees[number].leaf(row) for number in moved)


def _texts(told: Any) -> bool:
    return isinstance(told, list) and all(isinstance(one, str) and one for one in told)


def _tree(told: Any, number: int, features: int) -> Tree:
    where = f"tree {number}"
    if not isinstance(told, dict) or set(told) != set(Tree.__dataclass_fields__):
        raise ValueError(f"{where} has not the columns of a tree")
    size = len(told["feature"]) if isinstance(told["feature"], list) else 0
    if not 0 < size <= _MOST_NODES or not all(
        isinstance(column, list) and len(column) == size for column in told.values()
    ):
        raise ValueError(f"{where} has not 1 to {_MOST_NODES} nodes in every column")
    tree = Tree(
        _column(told["feature"], int, where),
        tuple(float(one) for one in _column(told["threshold"], (int, float), where)),
        _column(told["left"], int, where),
        _column(told["right"], int, where),
        _column(told["missing_left"], bool, where),
        tuple(float(one) for one in _column(told["value"], (int, float), where)),
    )
    if not all(map(math.isfinite, (*tree.threshold, *tree.value))):
        raise ValueError(f"{where} has a number that is not finite")
    _whole(tree, where, features)
    return tree


def _column(told: list[Any], kind: type | tuple[type, ...], where: str) -> tuple[Any, ...]:
    """Take one column; a bool is no number here, though Python thinks so."""
    if not all(isinstance(one, kind) and isinstance(one, bool) == (kind is bool) for one in told):
        raise ValueError(f"{where} has an entry of the wrong type")
    return tuple(told)


def _whole(tree: Tree, where: str, features: int) -> None:
    """Refuse what is no tree: walking down always ends at a leaf, and every node is met on one way."""
    children: list[int] = []
    for node, at in enumerate(tree.feature):
        below = (tree.left[node], tree.right[node])
        if at == LEAF:
            if below != (LEAF, LEAF):
                raise ValueError(f"{where} has a leaf with children at node {node}")
            continue
        if not 0 <= at < features:
            raise ValueError(f"{where} splits on a feature that is not there at node {node}")
        if not all(node < child < len(tree.feature) for child in below):
            raise ValueError(f"{where} has a child that does not stand after node {node}")
        children += below
    if sorted(children) != list(range(1, len(tree.feature))):
        raise ValueError(f"{where} has a node without a parent, or with two")
