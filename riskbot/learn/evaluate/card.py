"""The model card: words are given, figures are measured.

In the usual form (Mitchell et al., Model Cards for Model Reporting, FAT* 2019, arXiv 1810.03993).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from riskbot.learn.evaluate import cells, targets
from riskbot.learn.evaluate.cells import number, percent, spread
from riskbot.learn.evaluate.story import Story, told
from riskbot.learn.markdown import table

GATES = ("5%", "10%", "50%")
PLOTS = {
    "reliability.png": "Observed rate over predicted probability",
    "ratios.png": "Harmful changes held, against logistic regression",
    "capture.png": "Harmful changes held by gate",
    "repositories.png": "AUC of each validation repository",
    "ablation.png": "What each family of features is worth",
    "reference.png": "Probability of each percentile",
}
TITLES = {
    targets.OPENSTACK: "OpenStack, later commits of the same projects",
    targets.CROSS: "Repositories never trained on",
    targets.PLAIN: "Repositories never trained on, plain label",
    targets.CODE: "Repositories never trained on, changes of source code only",
    targets.STRICT: "Repositories never trained on, strictest label",
    targets.LATER: "Later commits of the training repositories",
    targets.REVERTS: "Reverts in the repositories never trained on",
}


def write(metrics: Mapping[str, Any], story: Story, plots: Iterable[str] = ()) -> str:
    """Write the card.

    ``metrics``: what ``document.evaluate`` gives; ``plots``: names of files beside the card, each shown in
    its section. Raises ConfigError where the story names a figure that was not measured.
    """
    drawn = set(plots)

    def words(text: str) -> str:
        return told(text, metrics)

    def plot(name: str) -> str:
        return f"![{PLOTS[name]}]({name})" if name in drawn else ""

    parts = [f"# Model card: {story.title}", words(story.summary)]
    for title, content in _sections(metrics, story, words, plot):
        kept = [part for part in content if part]
        if kept:
            level = "###" if title in TITLES.values() else "##"
            parts += [f"{level} {title}", *kept]
    return "\n\n".join(parts) + "\n"


def _sections(
    metrics: Mapping[str, Any], story: Story, words: Callable[[str], str], plot: Callable[[str], str]
) -> Iterator[tuple[str, list[str]]]:
    yield "Model details", [words(story.details)]
    yield "Intended use", [words(story.use)]
    yield "Data", [words(story.data), _repositories(story)]
    yield "Labels and their noise", [words(story.labels), _oracle(story)]
    yield "Training", [words(story.training)]
    asked = _targets(metrics["targets"])
    yield "Measured", [words(story.measured), asked, words(story.missed), plot("ratios.png")]
    yield from _sets(metrics, plot)
    figures = [_calibration(metrics), plot("reliability.png"), plot("reference.png")]
    yield "Calibration", [words(story.calibration), *figures]
    yield "Quantization", [words(story.quantization), _quantization(metrics.get("quantization"))]
    families = _ablation(metrics.get("ablation"))
    yield "What each family of features adds", [words(story.ablations), families, plot("ablation.png")]
    yield "What the text model reads", [words(story.swaps), _swaps(metrics.get("swaps"))]
    yield "Where it is wrong", [words(story.mistakes), _mistakes(story)]
    yield "Fairness", [words(story.fairness), _fairness(metrics.get("fairness") or {})]
    yield "Limits", [words(story.limits)]
    yield "Rebuilding", [words(story.rebuild)]


def save(folder: Path, metrics: Mapping[str, Any], story: Story) -> Path:
    """Write ``card.md`` into ``folder``, with the plots that lie there."""
    path = folder / "card.md"
    path.write_text(
        write(metrics, story, [name for name in PLOTS if (folder / name).is_file()]), encoding="utf-8"
    )
    return path


def _repositories(story: Story) -> str:
    rows = [
        (
            one.name,
            one.role,
            f"`{one.tip[:12]}`",
            f"{one.changes:,}",
            f"{one.first} to {one.last}",
            one.licence,
        )
        for one in story.repository
    ]
    return table(("repository", "used for", "tip", "changes", "from, to", "licence"), rows) if rows else ""


def _oracle(story: Story) -> str:
    rows = [
        (one.variant, *(number(value, 2) for value in (one.precision, one.recall, one.f1)), one.note)
        for one in story.oracle
    ]
    return table(("labeller", "precision", "recall", "F1", ""), rows) if rows else ""


def _targets(found: list[dict[str, Any]]) -> str:
    said = {True: "yes", False: "**no**", None: ""}
    rows = [
        (
            str(row["figure"]),
            row["text"],
            row["wanted"],
            "not measured" if row["value"] is None else number(row["value"]),
            spread(row["interval_95"]),
            said[row["met"]],
        )
        for row in found
    ]
    return table(("", "figure", "asked for", "measured", "95 % interval", "reached"), rows)


def _sets(metrics: Mapping[str, Any], plot: Callable[[str], str]) -> Iterator[tuple[str, list[str]]]:
    plots = {targets.CROSS: ("capture.png", "repositories.png")}
    for name, figures in metrics["sets"].items():
        if name != targets.CALIBRATION:  # the rows of another set once more; it has a section of its own
            shown = [plot(one) for one in plots.get(name, ())]
            yield TITLES.get(name, name), [*cells.measured_set(figures), *shown]


def _calibration(metrics: Mapping[str, Any]) -> str:
    rows = []
    for name, figures in metrics["sets"].items():
        ours = figures["rankings"][figures["model"]]
        rows.append((name, number(ours["ece"]), number(ours["brier"]), *_rates(ours, figures)))
    found = metrics["sets"].get(targets.CALIBRATION)
    if found:
        for name, row in found.get("per_repository", {}).items():
            if "ece" in row:
                rows.append((name, number(row["ece"]), "", *_rates(row, row)))
    head = (
        "set or repository",
        "calibration error (ten equal bins)",
        "Brier",
        "mean probability",
        "observed rate",
    )
    parts = [cells.described(found)] if found else []
    return "\n\n".join([*parts, table(head, rows)])


def _rates(row: Mapping[str, Any], counted: Mapping[str, Any]) -> tuple[str, str]:
    return percent(row["mean_probability"]), percent(counted["base_rate"])


def _quantization(found: Mapping[str, Any] | None) -> str:
    if not found or "roads" not in found:
        return ""
    head = (
        *("road", "MB", "import and load, s", "p50 / p95, ms", "of fp32's time", "MiB"),
        *("AUC drop", "AP drop", "largest change", "ECE"),
    )
    shipped = found["shipped"].get("road")
    rows = [cells.road(row, shipped=row["road"] == shipped) for row in found["roads"] if "error" not in row]
    failed = [(row["title"], row["error"]) for row in found["roads"] if "error" in row]
    parts = [table(head, rows)]
    if failed:
        parts.append(table(("cannot run", "because"), failed))
    return "\n\n".join(parts)


def _ablation(found: Mapping[str, Any] | None) -> str:
    if not found:
        return ""
    rows = [
        (
            name,
            str(row["features"]),
            *(number(row[f"lost_{one}"], signed=True) for one in ("auc", "ap")),
            spread(row["lost_auc_95"], signed=True),
            *(number(row[f"alone_{one}"]) for one in ("auc", "ap")),
        )
        for name, row in found["families"].items()
    ]
    head = (
        "family",
        "features",
        "AUC lost without",
        "AP lost",
        "95 % interval (AUC)",
        "AUC alone",
        "AP alone",
    )
    return f"{found['about'].capitalize()}.\n\n" + table(head, rows)


def _swaps(found: Mapping[str, Any] | None) -> str:
    if not found:
        return ""
    rows = [
        (
            name,
            number(row["auc"]),
            number(row.get("rank_correlation")),
            *(percent(row["crossed"][gate]) if "crossed" in row else "" for gate in GATES),
        )
        for name, row in found.items()
    ]
    head = (
        "input",
        "AUC of the text score",
        "rank correlation",
        *(f"crossed the {gate} gate" for gate in GATES),
    )
    return table(head, rows)


def _mistakes(story: Story) -> str:
    rows = [
        (one.kind, f"{one.repository} `{one.commit[:12]}`", f"{one.percentile:.0f}", one.what)
        for one in story.mistake
    ]
    return table(("", "change", "percentile", "what it was"), rows) if rows else ""


def _fairness(found: Mapping[str, Any]) -> str:
    rows = [
        cells.group(ranking, group, row)
        for ranking, groups in found.get(targets.CROSS, {}).items()
        for group, row in groups.items()
    ]
    head = ("score", "author", "changes", "observed rate", "mean probability", "AUC",
            "harmless: mean percentile", "harmless: in the riskiest tenth")  # fmt: skip
    return table(head, rows) if rows else ""
