"""The card of the model of style: every figure comes from the measures, none is typed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from riskbot.learn.authorship import errors
from riskbot.learn.authorship.figures import worst
from riskbot.learn.authorship.groups import AGENT, EARLY, LATE, MODERN, PROXY
from riskbot.learn.authorship.plots import PLOTS
from riskbot.learn.authorship.shown import PARTS, area, percent
from riskbot.learn.markdown import table

_CONTRASTS = {
    "early": "agents against people before 2021",
    "late": "agents against people of 2021 to 2022-11-29",
    "people": "agents against both",
    "within_late": "the same, within one repository",
    "same_year": "same repository, same year; others are unlabelled (noisy)",
    "same_author": "same author, same month, by trailer; others are unlabelled (noisy)",
    "unnoted": "same author, same month, by line-level notes; others bear no note (noisy)",
    "gold": "same author, same month, by line-level notes on both sides",
}


def warning(metrics: Mapping[str, Any]) -> str:
    """Say in one sentence how often it is wrong, for wherever a guess is shown."""
    parts = [metrics[part]["alarms"] for part in ("training", "measuring")]
    late = [one["eras"][LATE] for one in parts]
    count = sum(one["rows"] for one in late)
    share = sum(one["flagged"] for one in late) / count if count else None
    every = parts[0]["late_repositories"] | parts[1]["late_repositories"]
    name, told = worst(every) or ("none", {"rate": None})
    state = "" if metrics["enabled"] else "it did not pass its own gate; "
    return (
        f"{state}in repositories it had not learnt from it took {percent(share)} of people's commits of 2021"
        f" and 2022 for an agent's, in the worst one ({name}) {percent(told['rate'])}."
    )


def card(metrics: Mapping[str, Any]) -> str:
    """Write the card."""
    sections = (
        _head(metrics),
        _gate(metrics),
        _data(metrics),
        _choice(metrics),
        _contrasts(metrics),
        errors.alarms(metrics),
        errors.groups(metrics),
        errors.found(metrics),
        errors.years(metrics),
        errors.robustness(metrics),
        _LIMITS,
    )
    return "\n\n".join(section.strip() for section in sections) + "\n"


def _head(metrics: Mapping[str, Any]) -> str:
    state = "switched **on**" if metrics["enabled"] else "switched **off**"
    return f"""
# Model card: authorship by style

A weighted sum of {len(metrics["features"])} numbers about the style of added lines of Python. It guesses
whether an agent wrote a commit. It is shipped {state}, by a gate that is computed from the figures below.
This card is written by `riskbot learn authorship`.

- **For:** nothing, while it is off; with `authorship_style = true` an experimental hint beside real evidence.
- **Not for:** judging a person, blocking a change (it cannot), saying that a person wrote something. A low
  probability is no sign of anything.
- **Reads** added lines of Python. Not names, addresses, messages, dates or paths (but for what tools write).
- **Keeps silent** under 20 added lines of Python, in other languages, and between the probabilities
  {metrics["threshold"]["low"]:.3f} and {metrics["threshold"]["high"]:.3f}.
"""


def _gate(metrics: Mapping[str, Any]) -> str:
    rows = [
        (one["name"], one["asked"], one["found"], "yes" if one["passed"] else "**no**")
        for one in metrics["gate"]
    ]
    return f"""
## The gate

Decided before anything was fitted (how many commits bear notes was known); on only if every line says yes.

{table(("condition", "asked", "found", "holds"), rows)}
"""


def _data(metrics: Mapping[str, Any]) -> str:
    kinds = (AGENT, EARLY, LATE, PROXY, MODERN, "noted")
    rows = [
        (name, "trains" if one["trains"] else "measures", *(f"{one.get(kind, 0):,}" for kind in kinds))
        for name, one in sorted(metrics["counts"].items(), key=lambda pair: (not pair[1]["trains"], pair[0]))
    ]
    return f"""
## Data

Commits of public repositories that add 10 to 600 lines of Python, on any branch or pull request, one parent,
each patch once, capped for each repository and drawn by commit id; none of bots, reverts, generated, vendored
or migration files. Only features are kept, no code. An *agent's* commit bears an exact sign of the catalogue
(tier A or B). *People's* are those committed before 2022-11-30 without any sign: *early* before 2021, *late*
from then on. Unlabelled commits later than that are no truth: *proxy* to the middle of 2024, *modern* after,
in the months in which the repository's agents were at work. *Noted* commits have line-level notes (git-ai).

{table(("repository", "use", *kinds), rows)}

Agents' commits that bear no sign are among the modern ones, and an agent's sign says nothing of how much of
the commit a person wrote over. Both make the noisy contrasts look harder than they are.
"""


def _choice(metrics: Mapping[str, Any]) -> str:
    names = (
        "early",
        "late",
        "within_late",
        "same_year",
        "found",
        "late_flagged",
        "proxy_flagged",
        "late_flagged_by_early",
    )
    rows = []
    for name, one in metrics["candidates"].items():
        shown = f"**{name}**" if name == metrics["chosen"] else name
        rates = [percent(one[key]) for key in names[4:]]
        rows.append((shown, "yes" if one["served"] else "no", *(area(one[key]) for key in names[:4]), *rates))
    heads = (
        "features, view, negatives, learner",
        "can be served",
        "early",
        "late",
        "late, within repository",
        "same year",
        "agents flagged",
        "late flagged",
        "proxy flagged",
        "late flagged at early's threshold",
    )
    return f"""
## What was tried

On the training repositories, each held out (no model saw the repository that it scores). The threshold is
that at which 5 % of people's commits are flagged; the last column sets it on commits before 2021 alone, which
shows how far a model reads the year. Chosen was, before the measuring repositories were looked at, what can
be served and has the greatest AUC within repository and year.

{table(heads, rows)}

*all*: every code feature; *plain*: without those that tell the year; *message*: numbers about message and
outline (what names a tool is cut out), *both*: with plain. *raw*: as measured; *repository*: distance from
the repository's 100 mined commits before; *author*: from the author's own, where there are three; *erased*:
directions that tell the year projected out. *people*, *late*: the negatives; *months*: unlabelled commits of
the same months.
"""


def _contrasts(metrics: Mapping[str, Any]) -> str:
    rows = []
    for key, words in _CONTRASTS.items():
        for part, where in PARTS.items():
            one = metrics[part]["contrasts"][key]
            interval = one.get("interval")
            shown = f"{interval[0]:.3f} to {interval[1]:.3f}" if interval else "-"
            counts = (f"{one['agents']:,}", f"{one['others']:,}", str(one.get("authors", "-")))
            rows.append((words, where, area(one["auc"]), shown, *counts))
    return f"""
## From the easiest to the decisive contrast

AUC of the chosen model; .5 is a coin. Intervals are 95 %, over draws of authors (of commits, where there are
fewer than ten authors, which makes them too narrow). Only commits of strata that hold both kinds are counted.

{table(("contrast", "where", "AUC", "interval", "agents", "others", "authors"), rows)}

![ROC]({PLOTS[0]})
"""


_LIMITS = """
## Limits

Python alone, from open-source projects with review and formatters. Agents of 2024 to 2026: later ones write
otherwise. The probability is for as many commits by agents as by people, which no repository has. A person
who writes like an agent is taken for one; an agent that is told to write otherwise is not found. Line-level
notes come from few authors, and lines that no tool tracked look as if nobody's agent wrote them.
"""
