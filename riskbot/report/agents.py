"""For text, markdown and SARIF: what is known of agents in the change, in a line and in its evidence.

Words for a category never go beyond its evidence: a guess from style is called one, and no sign says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from riskbot.domain.assessment import Assessment
from riskbot.domain.authorship import Authorship, Category, CommitAuthorship, Correction, Kind, Sign
from riskbot.report import authorship as entries
from riskbot.report.authored import words
from riskbot.report.page import Page
from riskbot.report.reading import count, short

#: How many of each the gist shows; the rest is counted.
TOOLS = 3
SIGNS = 3
CORRECTIONS = 3

_AGENTS = frozenset({Category.ATTESTED, Category.MIXED, Category.DECLARED})
#: The rule whose message has the trailer that is lacking.
_DISCLOSURE = "disclosure-missing"
_NONE = "no sign was found, which is not evidence of a human author"
_GUESS = "a guess from style, experimental and no evidence"
_UNKNOWN = "could not be looked at, so nobody knows"


@dataclass(frozen=True, slots=True)
class Seen:
    """One sign with all the commits that bear it; ``commits`` is empty for the change as a whole."""

    sign: Sign
    commits: tuple[str, ...]


def found(told: Authorship) -> bool:
    """Say whether there is anything to show beyond one quiet line."""
    return told.category not in {Category.NONE, Category.UNKNOWN} or bool(corrections(told))


def gist(told: Authorship) -> str:
    """Say in a line what is known: the category, which tools in how many commits, and how much of it.

    Names of tools and models are foreign: the caller makes them harmless.
    """
    if told.category is Category.NONE:
        return _NONE
    if told.category is Category.UNKNOWN:
        return _UNKNOWN
    if told.category is Category.INFERRED:
        return _GUESS if told.probability is None else f"{_GUESS} (probability {told.probability:.2f})"
    parts = [_tools(told)]
    if told.category in _AGENTS and told.share is not None and told.share.lines:
        parts.append(_part(told.share.low, told.share.high))
    if told.disclosed is False:
        silent = sum(one.category in _AGENTS and not one.disclosed for one in told.commits)
        does = "does" if silent == 1 else "do"
        parts.append(
            f"{count(silent, 'commit')} {does} not disclose it" if silent else "no commit discloses it"
        )
    return f"{told.category.value}: {', '.join(filter(None, parts))}"


def _tools(told: Authorship) -> str:
    """Say which tools in how many of the commits, the most frequent first."""
    wanted = _AGENTS if told.category in _AGENTS else {told.category}
    theirs = [one for one in told.commits if one.category in wanted]
    if not theirs:
        named = {sign.tool: None for sign in told.signs if sign.counts and sign.kind is not Kind.CONTEXT}
        channels = {sign.channel: None for sign in told.signs if sign.counts}
        by = f", by the {_listed(channels)}" if channels else ""
        return f"{_listed(named) or 'a tool that is not named'}{by}"
    by_tool: dict[str, list[CommitAuthorship]] = {}
    for one in theirs:
        by_tool.setdefault(one.tool or "a tool that is not named", []).append(one)
    ordered = sorted(by_tool.items(), key=lambda item: (-len(item[1]), item[0]))
    said = [f"{tool}{_models(commits)}" for tool, commits in ordered[:TOOLS]]
    if len(ordered) > TOOLS:
        said.append(count(len(ordered) - TOOLS, "more tool"))
    of = f"in {len(theirs):,} of {count(len(told.commits), 'commit')}" if len(told.commits) > 1 else ""
    return " ".join(filter(None, [_listed(said), of]))


def _models(commits: Iterable[CommitAuthorship]) -> str:
    models = list(dict.fromkeys(one.model for one in commits if one.model))
    if not models:
        return ""
    more = f" and {len(models) - 1} more" if len(models) > 1 else ""
    return f" ({models[0]}{more})"


def _part(low: float, high: float) -> str:
    least, most = round(100 * low), round(100 * high)
    return f"{least} % of the added lines" if least == most else f"{least} to {most} % of the added lines"


def _listed(names: Iterable[str]) -> str:
    listed = [name for name in names if name]
    return " and ".join(filter(None, (", ".join(listed[:-1]), listed[-1]))) if listed else ""


def evidence(told: Authorship) -> tuple[Seen, ...]:
    """List the signs, each once with its commits: those that count first, the better tiers first."""
    together: dict[tuple[object, ...], tuple[Sign, list[str]]] = {}
    for sign in entries.signs(told):
        key = (sign.channel, sign.seen, sign.tool, sign.tier, sign.kind, sign.counts, sign.anachronistic)
        commits = together.setdefault(key, (sign, []))[1]
        if sign.commit is not None:
            commits.append(sign.commit)
    listed = [Seen(sign, tuple(dict.fromkeys(commits))) for sign, commits in together.values()]
    return tuple(sorted(listed, key=lambda one: (not one.sign.counts, one.sign.tier.value)))


def corrections(told: Authorship) -> tuple[Correction, ...]:
    """List what people put on record, commit by commit."""
    return tuple(one for commit in told.commits for one in commit.corrections)


def where(one: Seen) -> str:
    """Say where a sign was seen: its channel, and the commits or the file that bear it."""
    if len(one.commits) > 1:
        return f"{one.sign.channel} of {count(len(one.commits), 'commit')}"
    if one.commits:
        return f"{one.sign.channel} of {one.commits[0][:12]}"
    return one.sign.channel if not one.sign.path else f"{one.sign.channel} {one.sign.path}"


def line(page: Page, told: Authorship | None) -> None:
    """Show the gist under the headline; quietly where there is nothing to show."""
    if told is not None:
        style = "" if found(told) else "dim"
        page.prose(page.quote(gist(told)), indent=8, first=[("Agents", "dim")], style=style)


def text(page: Page, assessment: Assessment, *, explain: bool) -> None:
    """Show the evidence: what counts, or (``explain``) every sign, commit and note."""
    told = assessment.authorship
    if told is None or not (found(told) or explain):
        return
    page.title("Machine authorship", f"{told.category.value}, by what was seen; no part of the score")
    page.prose(entries.MEANS[told.category], indent=2, first=["  "])
    seen = evidence(told)
    counting = [one for one in seen if one.sign.counts]
    shown = seen if explain else counting[:SIGNS]
    for one in shown:
        _sign(page, one)
    if not explain:
        _rest(page, len(counting) - len(shown), "more sign")
    for finding in assessment.findings:
        if finding.rule == _DISCLOSURE and finding.suppressed_by is None:
            lead: list[str | tuple[str, str]] = ["  ", (page.glyphs.arrow, "yellow"), " "]
            page.prose(page.quote(finding.message), indent=4, first=lead)
    told_ = corrections(told)
    for correction in told_ if explain else told_[:CORRECTIONS]:
        said = f"{correction.commit[:12]} {words.contested(correction)}"
        page.prose(page.quote(said), indent=4, first=["  ", (page.glyphs.failed, "yellow"), " "])
    if not explain:
        _rest(page, len(told_) - CORRECTIONS, "more correction")
        return
    _commits(page, told)
    tiers = "A: vouched for by others than the writer. B: exact. C: misfires. D: context."
    for note in (*told.notes, tiers, words.FOOTNOTE):
        page.prose(page.quote(note), indent=2, first=["  "], style="dim")


def _sign(page: Page, one: Seen) -> None:
    sign = one.sign
    limits = "; ".join(filter(None, [words.limits(sign), sign.note if not sign.counts else ""]))
    said = f"{where(one)}: {sign.seen}" + (f" ({limits})" if limits else "")
    style = "" if sign.counts else "dim"
    page.prose(
        page.quote(said),
        indent=5,
        first=["  ", (sign.tier.value, "bold" if sign.counts else "dim")],
        style=style,
    )


def _commits(page: Page, told: Authorship) -> None:
    for one in told.commits:
        named = f" {one.tool}" + (f" ({one.model})" if one.model else "") if one.tool else ""
        share = f", {words.shared(one.share)}" if one.share is not None and one.category in _AGENTS else ""
        note = f" ({one.note})" if one.note else ""
        category = "without a sign" if one.category is Category.NONE else one.category.value
        said = f"{short(one.commit, '')} {category}{named}{share}{note}"
        page.prose(page.quote(said), indent=4, first=["  ", (page.glyphs.dot, "dim"), " "])


def _rest(page: Page, number: int, one: str) -> None:
    if number > 0:
        page.line((f"  and {count(number, one)}; --explain shows all", "dim"))
