import re
from dataclasses import replace

import pytest

from riskbot.domain.errors import ConfigError
from riskbot.learn.evaluate import card, document, story, targets
from riskbot.learn.evaluate.scored import OURS
from riskbot.learn.markdown import table

WORDS = (
    "details", "use", "data", "labels", "training", "calibration", "quantization", "measured", "mistakes",
    "fairness", "limits", "rebuild",
)  # fmt: skip
STORY = (
    """
title = "risk"
summary = "AUC {sets/cross-project/rankings/riskbot/auc:.3f} on repositories never seen."
"""
    + "\n".join(f'{word} = "About {word}."' for word in WORDS)
    + """
[[repository]]
name = "owner/name0"
tip = "0123456789abcdef0123456789abcdef01234567"
role = "validation"
changes = 1200
first = "2015-01-01"
last = "2024-01-01"

[[oracle]]
variant = "R"
precision = 0.73
recall = 0.57
f1 = 0.64

[[mistake]]
kind = "false calm"
repository = "owner/name1"
commit = "89abcdef0123456789abcdef0123456789abcdef"
percentile = 12.4
what = "One character in a lock | two lines."
"""
)
ABLATION = {
    "about": "trees",
    "all": {"auc": 0.78, "ap": 0.3},
    "families": {
        "size": {
            "features": 9, "lost_auc": 0.02, "lost_auc_95": [0.01, 0.03], "lost_ap": 0.01, "lost_ap_95": None,
            "alone_auc": 0.74, "alone_ap": 0.2,
        }
    },
}  # fmt: skip
SWAPS = {
    "as it is": {"auc": 0.7},
    "message dropped": {
        "auc": 0.69,
        "rank_correlation": 0.9,
        "crossed": {"5%": 0.01, "10%": 0.02, "50%": 0.1},
    },
}


@pytest.fixture(scope="module")
def metrics(scored):
    sets = [scored, replace(scored, name=targets.CALIBRATION)]
    return document.evaluate(sets, extra={"ablation": ABLATION, "swaps": SWAPS}, times=20)


@pytest.fixture
def read(tmp_path):
    def write(text):
        (tmp_path / "story.toml").write_text(text)
        return story.read(tmp_path / "story.toml")

    return write


def test_the_card_has_every_section_and_its_figures_are_the_measured_ones(metrics, read):
    text = card.write(metrics, read(STORY), ["capture.png", "reliability.png"])
    for title in (
        "Model details", "Intended use", "Data", "Labels and their noise", "Training", "Measured", "Calibration",
        "What each family of features adds", "What the text model reads", "Where it is wrong", "Fairness", "Limits",
        "Rebuilding",
    ):  # fmt: skip
        assert f"\n## {title}\n" in text, title
    ours = metrics["sets"]["cross-project"]["rankings"][OURS]
    assert f"AUC {ours['auc']:.3f} on repositories never seen." in text
    low, high = ours["intervals_95"]["auc"]
    assert f"| **riskbot** | {ours['auc']:.3f} | {low:.3f} to {high:.3f} |" in text
    assert "| R | 0.73 | 0.57 | 0.64 |" in text
    assert "`0123456789ab`" in text
    assert r"One character in a lock \| two lines." in text
    assert "![Harmful changes held by gate](capture.png)" in text
    assert "ratios.png" not in text
    assert "new (fewer than 10 changes)" in text
    assert "riskbot, experience switched off" in text


def test_what_was_not_reached_or_not_measured_is_said(metrics, read):
    text = card.write(metrics, read(STORY))
    assert "| 2 | repositories never trained on | ≥ 8 | 4 |  | **no** |" in text
    assert "| 1 | OpenStack: AUC | ≥ 0.78 (aim 0.82) | not measured |  |  |" in text
    assert "## Quantization\n\nAbout quantization.\n\n##" in text  # words, no table


def test_every_table_is_whole(metrics, read):
    """Every row of a table has the columns of its head."""
    for block in card.write(metrics, read(STORY)).split("\n\n"):
        if block.startswith("|"):
            counts = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
            assert len(counts) == 1, block


def test_the_same_inputs_give_the_same_card_and_plots_beside_it_are_shown(tmp_path, metrics, read):
    words = read(STORY)
    (tmp_path / "capture.png").write_bytes(b"")
    path = card.save(tmp_path, metrics, words)
    assert path.read_text() == card.write(metrics, words, ["capture.png"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("title", "titel"), r"story\.toml: This is no story of a card: .*titel"),
        (('details = "About details."', ""), r"missing required field `details`"),
        (("percentile = 12.4", 'percentile = "high"'), r"\$\.mistake\[0\]\.percentile"),
        (("[[oracle]]", "[[oracle"), "This is no story"),
    ],
)
def test_a_story_that_cannot_be_used_names_file_and_key(read, change, message):
    with pytest.raises(ConfigError, match=message):
        read(STORY.replace(*change))


def test_a_story_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.toml: There is no such file"):
        story.read(tmp_path / "none.toml")


@pytest.mark.parametrize("path", ["sets/nowhere/auc", "sets/cross-project", "sets/cross-project/rankings"])
def test_words_that_name_no_figure_are_refused(metrics, read, path):
    text = read(STORY.replace("sets/cross-project/rankings/riskbot/auc", path))
    with pytest.raises(ConfigError, match=f"{path}, which is no measured figure"):
        card.write(metrics, text)


def test_figures_in_words_take_a_format():
    assert story.told(
        "{a/b} {a/b:.1f} {a/c/1:,} {a/b c, d:.0%}", {"a": {"b": 0.25, "c": [1, 2345], "b c, d": 0.5}}
    ) == ("0.25 0.2 2,345 50%")
    with pytest.raises(ConfigError, match="is no format"):
        story.told("{a:.3q}", {"a": 0.5})


def test_cells_cannot_break_a_table():
    assert table(("a",), [("x | y\nz",)]) == "| a |\n| --- |\n| x \\| y z |"
