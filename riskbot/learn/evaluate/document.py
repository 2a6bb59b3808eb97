"""The document: all measured figures as one dictionary, and what it was made from on disk.

``OUT/evaluation/`` of a learning run::

    sets/<name>.parquet    every measured set: labels and the score of every ranking
    ablation.parquet       the trees without each family of features, and on each alone
    extra.json             families, swaps, quantization and what else was measured elsewhere
    metrics.json           the figures, made from the three above by :func:`rebuild`
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from riskbot.domain.errors import EvaluationError
from riskbot.learn.evaluate import ablation, bootstrap, fairness, report, scored, targets
from riskbot.learn.evaluate.scored import Scored

SETS = "sets"
ABLATION = "ablation.parquet"
EXTRA = "extra.json"
METRICS = "metrics.json"
SWITCHED = "riskbot, experience switched off"
"""The ranking of the model with the features of the author's experience unknown."""
Told = Callable[[str], None]


def evaluate(
    sets: Sequence[Scored],
    *,
    ablated: Scored | None = None,
    extra: Mapping[str, Any] | None = None,
    times: int = bootstrap.TIMES,
    seed: int = 0,
    told: Told = lambda _: None,
) -> dict[str, Any]:
    """Measure everything: the contents of ``metrics.json``.

    ``extra`` holds plain values made elsewhere: ``families`` (name to features, needed with ``ablated``),
    ``swaps``, ``quantization`` (with ``shipped``: latency_ratio, size_ratio, auc_drop), and others, which
    are passed on. ``told`` hears what is being measured.
    """
    extra = dict(extra or {})
    families = extra.pop("families", {})
    found: dict[str, Any] = {"sets": {}}
    for one in sets:
        told(one.name)
        found["sets"][one.name] = report.figures(one, times=times, seed=seed)
    found["fairness"] = {
        one.name: {
            name: report.rounded(fairness.by_experience(one, name))
            for name in (one.ours, SWITCHED)
            if name in one.scores
        }
        for one in sets
        if "exp" in one.rows.names
    }
    if ablated is not None:
        told("ablation")
        figures = report.figures(ablated, times=times, seed=seed)
        found["ablation"] = {
            "about": figures["about"],
            "all": {key: figures["rankings"][ablation.ALL][key] for key in ("auc", "ap")},
            "families": ablation.summary(figures, families),
        }
    found |= report.rounded(extra)
    return found | {"targets": targets.check(found)}


def write(
    folder: Path,
    sets: Sequence[Scored],
    *,
    ablated: Scored | None = None,
    extra: Mapping[str, Any] | None = None,
) -> None:
    """Write what the figures are made from under ``folder`` (``OUT/evaluation``)."""
    for one in sets:
        scored.write(folder / SETS, one)
    if ablated is not None:
        scored.write(folder, ablated)
    (folder / EXTRA).write_text(json.dumps(extra or {}, indent=1) + "\n", encoding="utf-8")


def rebuild(folder: Path, *, times: int = bootstrap.TIMES, told: Told = lambda _: None) -> dict[str, Any]:
    """Measure again from what lies in ``folder`` (``OUT/evaluation``); nothing is fitted.

    Raises EvaluationError where there is no set; what else is missing, :func:`missing` names.
    """
    order = {name: at for at, name in enumerate(targets.SETS)}
    paths = sorted(
        (folder / SETS).glob("*.parquet"), key=lambda path: (order.get(path.stem, len(order)), path.stem)
    )
    if not paths:
        raise EvaluationError(
            f"{folder / SETS}: holds no scored rows.", mend="Run riskbot learn evaluate first."
        )
    ablated = folder / ABLATION
    return evaluate(
        [scored.read(path) for path in paths],
        ablated=scored.read(ablated) if ablated.is_file() else None,
        extra=_extra(folder / EXTRA),
        times=times,
        told=told,
    )


def _extra(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise EvaluationError(f"{path}: is not JSON: {error}", mend="Run the evaluate step again.") from error
    if not isinstance(found, dict):
        raise EvaluationError(f"{path}: holds no table.", mend="Run the evaluate step again.")
    return found


def missing(folder: Path) -> list[str]:
    """Name the sets and parts that ``folder`` lacks, with what is then not measured."""
    wanted = {
        **{f"{SETS}/{name}.parquet": f"the figures of {name}" for name in targets.SETS},
        ABLATION: "what each family of features adds",
    }
    gone = [f"{name}: {what}" for name, what in wanted.items() if not (folder / name).is_file()]
    known = _extra(folder / EXTRA)
    parts = {"swaps": "the swaps of the text", "quantization": "figure 5"}
    return gone + [f"{EXTRA} [{name}]: {what}" for name, what in parts.items() if name not in known]


def save(path: Path, metrics: Mapping[str, Any]) -> None:
    """Write the figures as JSON, the same bytes for the same figures."""
    path.write_text(json.dumps(metrics, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
