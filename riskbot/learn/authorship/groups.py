"""Which commits are examples of what: agents by their signs, people by the date, the rest by neither.

========  ==========================================================================================
agent     bears an agent's exact sign (tier A or B) that is not older than the tool
early     committed before 2021: no such agent was there
late      committed from 2021 to the day before ChatGPT's release (2022-11-30)
proxy     no sign, to the middle of 2024: probably a person, perhaps with an assistant's help
modern    no sign, later, in the months in which the repository's agents were at work: nobody knows
noted     has line-level notes (git-ai): known line by line, as far as the notes go
========  ==========================================================================================

Only early and late count as truth for people, agent and noted as truth for agents.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from riskbot.learn.authorship.commits import Read
from riskbot.learn.authorship.config import Mine

AGENT, EARLY, LATE, PROXY, MODERN, NOTED = GROUPS = ("agent", "early", "late", "proxy", "modern", "noted")
PEOPLE = (EARLY, LATE)


def _at(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


LATE_FROM, PROXY_FROM, MODERN_FROM = _at(2021, 1, 1), _at(2022, 11, 30), _at(2024, 7, 1)


def group(one: Read) -> str:
    """Name the group of a commit; empty for none (a bot, a tool that is no agent, a review's suggestion)."""
    if one.noted:
        return NOTED
    if one.tool:
        return AGENT
    if one.signed or one.bot or one.again:
        return ""
    if one.commit.committed_at < LATE_FROM:
        return EARLY
    if one.commit.committed_at < PROXY_FROM:
        return LATE
    return PROXY if one.commit.committed_at < MODERN_FROM else MODERN


def month(when: int) -> str:
    """Name the month of a time."""
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m")


def drawn(read: Iterable[Read], limits: Mine) -> dict[str, list[Read]]:
    """Order each group's commits as they are to be tried: by their ids, which is as good as by lot.

    Modern ones follow the months of the agents' commits, as many from each as agents made there.
    """
    found: defaultdict[str, list[Read]] = defaultdict(list)
    for one in read:
        if name := group(one):
            found[name].append(one)
    for listed in found.values():
        listed.sort(key=lambda one: one.commit.id)
    active = Counter(month(one.commit.committed_at) for one in (*found[AGENT], *found[NOTED]))
    if active:
        found[MODERN] = _spread(found[MODERN], active, limits.modern * limits.tries)
    return {name: found[name][: getattr(limits, name) * limits.tries] for name in GROUPS}


def _spread(listed: Sequence[Read], active: Mapping[str, int], most: int) -> list[Read]:
    """Take from each month its share of ``most``, then order by id again."""
    left = {name: max(1, round(most * count / sum(active.values()))) for name, count in active.items()}
    taken = []
    for one in listed:
        name = month(one.commit.committed_at)
        if left.get(name, 0) > 0:
            left[name] -= 1
            taken.append(one)
    return taken
