"""The model card, in the usual form (Mitchell et al. 2019, arXiv 1810.03993), its numbers filled in."""

from __future__ import annotations

from typing import Any

from riskbot.assess.features import FEATURES
from riskbot.learn.markdown import table


def write(model: dict[str, Any], measured: dict[str, Any], spans: dict[str, str]) -> str:
    """Fill in the card."""
    test = measured["test"]
    return _CARD.format(
        **spans,
        terms=_terms(model),
        selection=_selection(measured["selection_on_train"]),
        ranking=_ranking(test),
        capture=_capture(test),
        projects=_projects(test),
        verdict=_verdict(test, test["baselines"]["lines added alone"]),
        verdict_served=_verdict(measured["test_as_served"], measured["test_as_served"]["lines added alone"]),
        calibration=_calibration(measured),
        weak=_weak(test),
        base=test["base_rate"],
    )


def _terms(model: dict[str, Any]) -> str:
    rows = [
        (
            f"`{term['name']}`",
            FEATURES[term["name"]].title,
            {"log1p": f"log(1 + x / {term['unit']:g})", "identity": "x"}[term["transform"]],
            f"{term['weight']:+.3f}",
        )
        for term in model["terms"]
    ]
    return table(("feature", "what", "enters as", "weight (logits per unit)"), rows)


def _selection(found: dict[str, Any]) -> str:
    rows = [
        (name, f"{numbers['auc']:.4f}", f"{numbers['ap']:.4f}", f"{numbers['capture_10']:.3f}")
        for name, numbers in found.items()
    ]
    return table(("candidate", "mean AUC", "mean AP", "mean capture at 10 %"), rows)


def _ranking(test: dict[str, Any]) -> str:
    rows = []
    for name, numbers in {"**riskbot metrics**": test["model"], **test["baselines"]}.items():
        size, effort = numbers.get("auc_at_equal_size"), numbers.get("recall_at_20%_effort")
        ends = tuple("-" if value is None else f"{value:.3f}" for value in (size, effort))
        rows.append((name, f"{numbers['auc']:.4f}", f"{numbers['ap']:.3f}", *ends))
    return table(("ranking", "AUC", "AP", "AUC at equal size", "recall at 20 % effort"), rows)


def _capture(test: dict[str, Any]) -> str:
    ours, lines = test["model"], test["baselines"]["lines added alone"]
    rows = [
        (
            share,
            f"{ours['capture'][share]:.3f}",
            f"{ours['lift'][share]:.2f}",
            f"{lines['capture'][share]:.3f}",
        )
        for share in ours["capture"]
    ]
    return table(("riskiest", "captured", "lift", "captured by lines added alone"), rows)


def _projects(test: dict[str, Any]) -> str:
    rows = [
        (name, f"{n['rows']:,}", f"{n['base_rate']:.1%}", f"{n['auc']:.3f}", f"{n['auc_la']:.3f}")
        for name, n in test["by_project"].items()
    ]
    return table(("project", "rows", "buggy", "AUC", "AUC of lines added"), rows)


def _calibration(measured: dict[str, Any]) -> str:
    rows = []
    for name, key in (("as published", "test"), ("as served", "test_as_served")):
        model, base = measured[key]["model"], measured[key]["base_rate"]
        numbers = (model["brier"], model["ece"], model["mean_probability"], base)
        rows.append((name, *(f"{number:.4f}" for number in numbers)))
    head = (
        "calibration on the test rows",
        "Brier",
        "ECE (ten equal bins)",
        "mean probability",
        "observed rate",
    )
    return table(head, rows)


def _verdict(test: dict[str, Any], alone: dict[str, Any]) -> str:
    auc, lines = test["model"]["auc"], alone["auc"]
    (low, high), (d_low, d_high) = (test["intervals_95"][name] for name in ("auc", "auc_minus_la"))
    sign = "above" if auc > lines else "below"
    sure = (
        "the interval excludes 0" if d_low * d_high > 0 else "the interval includes 0: not a sure difference"
    )
    return (
        f"AUC **{auc:.4f}** (95 % interval {low:.3f} to {high:.3f}), {sign} lines added alone "
        f"({lines:.4f}) by {abs(auc - lines):.4f}; paired difference {d_low:+.4f} to {d_high:+.4f}: {sure}."
    )


def _weak(test: dict[str, Any]) -> str:
    names = [name for name, numbers in test["by_project"].items() if numbers["auc"] < numbers["auc_la"]]
    if not names:
        return "No project is ranked worse than by lines added alone."
    return f"**Worse than lines added alone** within {', '.join(names)}."


_CARD = """\
# Model card: metrics

A logistic regression on change metrics, shipped as plain numbers. It ranks a code change by how much its
outline (size, spread, age of the files, whether it mends something) resembles changes that were later
blamed for a defect. It reads no code. This card is written by `python -m riskbot.learn.metrics`.

## Use

- **For:** putting changes in order, so that people look longer at the riskiest few. The percentile and
  the band are what to read.
- **Not for:** the chance of an incident (the labels are not incidents), judging people, or approving
  anything alone.

## Data

[openstack-issta21](../../benchmarks/data/README.md): nova, neutron, cinder, swift and glance, 2016 to
2018, with the change metrics of Kamei et al. as published with Zeng et al. (ISSTA 2021).

- fitted: {fitted}
- calibrated (Platt), and reference of the percentiles, as riskbot measures them: {calibrated}
- tested, scored after everything was fixed: {tested}
- tested as riskbot measures them: {tested_served}

**Labels are noisy.** They come from SZZ: whoever last touched the lines that a later fix deletes is
blamed. Against hand-checked pairs, variants of SZZ name the right commit in 39 to 73 % of the cases
(pairs of Rosa et al., ICSE 2021). Large commits are blamed more often simply because they own more
lines, and the newest defects had no time to be found: the buggy rate falls over time.

**Published columns against served ones.** The published metrics leave new files out; riskbot counts
them. Recomputed on glance and swift over existing files only, `la`, `nd`, `ns` and `entropy` agree with
the published columns on 99.9 % of commits or more. `nf` counts base names there and paths here. `age` is
taken from the youngest line there and from the last change here. `fix` is a number of a known Launchpad
bug there and a reference to a bug or an issue here (equal on 97 %). As served, with new files, over all
five repositories' main branches (18,259 of the commits), the rank correlations are .94 for `la` and
`nf`, .96 for `nd` and `entropy`, .79 for `ns`. That is why calibration and reference use the
metrics as served. Commits on other branches are not among them.

## The numbers

{terms}

An unknown value counts as the training average (contribution 0), and the factor says so. So does `age`
where no line stood before. Weights are how this data behaves, not causes: why `ns` and `entropy` lower
the score beside `nf` was not looked into.

**Left out on purpose.** `exp`, `rexp`, `sexp`: the published values hold what was only known later (the
authors' table was filled with the whole history first), and no honest serving code could repeat them.
`ndev`, `nuc`: pooled over five repositories and all branches, another scale than one repository gives,
and worth next to nothing on the train rows. `ld`, `lt`: worth nothing beside the rest. So deleting
lines alone hardly moves the score.

## How it was chosen

On the train rows only: fitted on the first 40, 55, 70 and 85 % by date, ranked on the next 15 %. Means:

{selection}

`fourteen`, with `exp`, `rexp` and `sexp`, profits from values that hold the future and could not be
shipped.

## Measured on the test rows

As published, the rows that others report on:

{verdict}

As served, the commits of these rows that lie on the main branches:

{verdict_served}

{ranking}

Base rate {base:.1%}. "AUC at equal size" is the mean AUC within deciles of lines added. "Recall at 20 %
effort" ranks by score per changed line. `fourteen` and `without any metric of people` are fitted on the
same rows as the model.

{capture}

{projects}

{weak}

{calibration}

The rate of buggy commits fell between the calibration and the test rows.

![reliability](reliability.png) ![capture](capture.png) ![reference](reference.png)

## Fairness

The shipped model knows nothing about the author: no experience, no count of developers. Such features
penalise newcomers. What leaving them out costs is the difference between `fourteen` and `without any
metric of people` above (of which an unknown part is the leak).

## Limits

Five large OpenStack services of 2016 to 2018, one review culture. On another project the order carries
over better than the probability; in the study above, learned models lose .01 to .04 of AUC from within a
project to across projects. Percentiles compare with OpenStack unless the repository's own recent changes
are given as the reference: of the last 2,000 changes of flask and of requests, only 1.9 % and 0.9 % lie
above its 90th percentile. The data holds no commit of only new files and none with 100 files or more:
scores of such changes are extrapolated. A change can be made to look calm by splitting it.
"""
