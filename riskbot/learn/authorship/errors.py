"""The card's sections on errors: false alarms, what is found, the year, robustness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from riskbot.learn.authorship.figures import worst
from riskbot.learn.authorship.groups import AGENT, LATE, PROXY
from riskbot.learn.authorship.plots import PLOTS
from riskbot.learn.authorship.shown import ERAS, PARTS, percent, rate
from riskbot.learn.markdown import table


def alarms(metrics: Mapping[str, Any]) -> str:
    """Write of false alarms by era, and where they are worst."""
    rows = []
    for era, words in ERAS.items():
        for part, where in PARTS.items():
            rows.append((words, where, *rate(metrics[part]["alarms"]["eras"][era])))
    named = []
    for key, words in (("late_repositories", ERAS[LATE]), ("proxy_repositories", ERAS[PROXY])):
        for part, where in PARTS.items():
            found = worst(metrics[part]["alarms"][key])
            if found is not None:
                named.append((words, where, found[0], *rate(found[1])))
    return f"""
## False alarms

The threshold is that at which {percent(metrics["threshold"]["nominal"])} of people's commits in the training
repositories are flagged. The interval is Wilson's, 95 %.

{table(("commits", "where", "flagged", "interval", "commits"), rows)}

The worst repositories, of those with 30 such commits or more:

{table(("commits", "where", "repository", "flagged", "interval", "commits"), named)}

![by year]({PLOTS[1]}) ![by repository]({PLOTS[2]})
"""


def groups(metrics: Mapping[str, Any]) -> str:
    """Write of false alarms by group of authors and by size."""
    heads = {
        "authors": "newcomers have fewer than 5 commits before in the repository",
        "clocks": "where the author's clock stood, by its offset from UTC",
        "sizes": "added lines of Python",
    }
    rows = [
        (words, where, name, *rate(told))
        for key, words in heads.items()
        for part, where in PARTS.items()
        for name, told in metrics[part]["alarms"][key].items()
    ]
    return f"""
## False alarms by group

People's commits of 2021 to 2022-11-29.

{table(("by", "where", "group", "flagged", "interval", "commits"), rows)}

Who writes English as a second language cannot be known from a commit, so it was not measured. The clock is a
crude stand-in for place, says nothing certain of language, and many clocks stand at UTC.
"""


def found(metrics: Mapping[str, Any]) -> str:
    """Write what of the agents' commits is flagged, and where nothing is said."""
    rows = []
    for part, where in PARTS.items():
        one = metrics[part]["found"]
        listed = [
            ("all", one["all"]),
            *one["tools"].items(),
            *((f"{size} lines", told) for size, told in one["sizes"].items()),
        ]
        rows += [(where, name, *rate(told)) for name, told in listed]
    silent = [
        (where, words, *rate(metrics[part]["found"]["silent"][group]))
        for part, where in PARTS.items()
        for group, words in ({AGENT: "agents"} | ERAS).items()
    ]
    return f"""
## What it finds

Agents' commits that are flagged, of tools with 30 or more:

{table(("where", "agents' commits", "flagged", "interval", "commits"), rows)}

Commits about which it keeps silent though they have 20 lines:

{table(("where", "commits", "silent", "interval", "commits"), silent)}
"""


def years(metrics: Mapping[str, Any]) -> str:
    """Write how far style tells the year."""
    one = metrics["years"]
    rows = [
        (f"`{each['name']}`", f"{each['correlation']:+.2f}", "yes" if each["era"] else "no")
        for each in one["features"]
    ]
    return f"""
## How far style tells the year

A line through the features explains {percent(one["all"])} of the variance of the year in which people wrote
({one["rows"]:,} commits), {percent(one["plain"])} without the features that are marked as of an era,
{percent(one["erased"])} after erasing.

{table(("feature", "correlation with the year", "marked"), rows)}
"""


def robustness(metrics: Mapping[str, Any]) -> str:
    """Write how scores move with names, comments and layout."""
    rows = []
    words = {"renamed": "parameters and local variables renamed", "stripped": "comments stripped"}
    words["formatted"] = f"reformatted ({metrics['formatter']})"
    for kind, groups in metrics["robustness"].items():
        for name, one in groups.items():
            if not one["rows"]:
                continue
            low, middle, high = one["quantiles"]
            rows.append(
                (
                    words[kind],
                    name,
                    f"{one['rows']:,}",
                    f"{one['mean']:+.3f}",
                    f"{one['mean_absolute']:.3f}",
                    f"{low:+.3f} / {middle:+.3f} / {high:+.3f}",
                    f"{percent(one['flagged_before'])} / {percent(one['flagged_after'])}",
                )
            )
    heads = (
        "change",
        "commits of",
        "commits",
        "mean",
        "mean size",
        "5 / 50 / 95 %",
        "flagged before / after",
    )
    return f"""
## Robustness

The whole new file was changed, and the lines that the commit had added were followed through it. How the
probability moved:

{table(heads, rows)}

![robustness]({PLOTS[3]})
"""
