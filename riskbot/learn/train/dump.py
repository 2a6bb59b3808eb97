"""LightGBM's trees -> the plain trees that are shipped and served (:mod:`riskbot.assess.trees`).

The reading follows ``Booster.dump_model``
(https://lightgbm.readthedocs.io/en/stable/pythonapi/lightgbm.Booster.html#lightgbm.Booster.dump_model) and
LightGBM's own way of walking a numerical split (``Tree::NumericalDecision``): without missing values in
training (``missing_type`` None) an unknown value counts as 0, else it takes the default direction.
"""

from __future__ import annotations

from typing import Any

from riskbot.assess.trees import LEAF

_COLUMNS = ("feature", "threshold", "left", "right", "missing_left", "value")


def plain(dumped: dict[str, Any], *, scale: float = 1.0) -> dict[str, Any]:
    """Turn what ``dump_model()`` gives into ``{"features": [...], "trees": [...]}``.

    ``scale`` multiplies every value: a calibration that is linear in the logit (Platt) is folded in so. The
    value of an inner node is the mean of its leaves', weighted by their training rows. Raises ValueError for
    what plain trees cannot say: categorical splits, zero as missing, linear leaves, random forests, and more
    than one tree a round.
    """
    if dumped.get("num_tree_per_iteration", 1) != 1 or dumped.get("average_output"):
        raise ValueError("Only boosting with one tree a round can be dumped.")
    trees = [_Flat(scale).add_all(tree["tree_structure"]) for tree in dumped["tree_info"]]
    return {"features": list(dumped["feature_names"]), "trees": trees}


class _Flat:
    """One tree's columns, filled parents first."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self.columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}

    def add_all(self, root: dict[str, Any]) -> dict[str, list[Any]]:
        """Add the root and all below it."""
        self._add(root)
        return self.columns

    def _add(self, node: dict[str, Any]) -> tuple[int, float, float]:
        """Add a node and all below; give its index, its rows and its value times its rows."""
        here, columns = len(self.columns["feature"]), self.columns
        for name, empty in zip(_COLUMNS, (LEAF, 0.0, LEAF, LEAF, False, 0.0), strict=True):
            columns[name].append(empty)
        if "split_feature" not in node:
            if "leaf_const" in node or "leaf_coeff" in node:
                raise ValueError("Trees with linear leaves cannot be dumped.")
            value, rows = float(node["leaf_value"]) * self.scale, float(node.get("leaf_count", 1))
            columns["value"][here] = value
            return here, rows, value * rows
        columns["feature"][here] = int(node["split_feature"])
        columns["threshold"][here] = _threshold(node)
        columns["missing_left"][here] = _missing_left(node)
        (left, rows_left, sum_left), (right, rows_right, sum_right) = (
            self._add(node[f"{side}_child"]) for side in ("left", "right")
        )
        columns["left"][here], columns["right"][here] = left, right
        rows, total = rows_left + rows_right, sum_left + sum_right
        columns["value"][here] = total / rows
        return here, rows, total


def _threshold(node: dict[str, Any]) -> float:
    if node["decision_type"] != "<=":
        raise ValueError("A categorical split cannot be dumped: give the feature as a number.")
    return float(node["threshold"])


def _missing_left(node: dict[str, Any]) -> bool:
    match node["missing_type"]:
        case "NaN":
            return bool(node["default_left"])
        case "None":
            return float(node["threshold"]) >= 0.0
    raise ValueError("Zero as missing cannot be dumped: zero is a number here.")
