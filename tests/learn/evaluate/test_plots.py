from dataclasses import replace

import numpy as np
import pytest

from riskbot.learn.evaluate import document, plots, targets
from riskbot.learn.evaluate.scored import OURS

ABLATION = {
    "about": "trees",
    "all": {"auc": 0.78, "ap": 0.3},
    "families": {
        "size": {"features": 9, "lost_auc": 0.02, "lost_auc_95": [0.01, 0.03], "alone_auc": 0.74},
        "words": {"features": 4, "lost_auc": -0.001, "lost_auc_95": None, "alone_auc": 0.6},
    },
}


@pytest.fixture(scope="module")
def metrics(scored):
    later = replace(scored, name=targets.LATER)
    return document.evaluate([scored, later], extra={"ablation": ABLATION}, times=20)


def test_every_plot_is_drawn_and_the_same_bytes_come_again(tmp_path, scored, metrics):
    reference = np.linspace(0.01, 0.6, 100)
    names = plots.draw(tmp_path, metrics, curves=scored, reference=reference)
    assert names == [
        "reliability.png", "capture.png", "repositories.png", "ratios.png", "ablation.png", "reference.png",
    ]  # fmt: skip
    first = {name: (tmp_path / name).read_bytes() for name in names}
    assert all(content.startswith(b"\x89PNG") for content in first.values())
    few = plots.draw(tmp_path / "again", metrics, curves=scored)
    assert few == names[:-1]
    assert all((tmp_path / "again" / name).read_bytes() == first[name] for name in few)


def test_curves_show_what_was_measured(scored, metrics):
    axes = plots.capture(scored).axes[0]
    lines = {line.get_label(): line for line in axes.lines}
    label = next(name for name in lines if name.startswith(OURS))
    held = metrics["sets"][scored.name]["rankings"][OURS]["capture"]
    assert label == f"{OURS}: " + " / ".join(f"{100 * held[gate]:.0f}" for gate in ("5%", "10%", "50%"))
    x, y = lines[label].get_data()
    assert np.interp(10, x, y) == pytest.approx(100 * held["10%"], abs=1e-3)


def test_repositories_without_figures_are_left_out(metrics):
    figures = metrics["sets"]["cross-project"]
    table = figures["per_repository"] | {"owner/tiny": {"rows": 9, "positives": 1, "base_rate": 0.1}}
    labels = plots.repositories({**figures, "per_repository": table}).axes[0].get_yticklabels()
    assert len(labels) == 4
    assert not any("tiny" in text.get_text() for text in labels)
