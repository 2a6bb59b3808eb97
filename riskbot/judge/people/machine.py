"""What part machines had in a change: the assessment's word and the forge's, by category, never merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from riskbot.domain.authorship import Kind, Tier
from riskbot.facts.document import AgentRun, Authorship, CommitAuthorship, Share, Sign
from riskbot.facts.paths import decode
from riskbot.judge.people.directory import Directory
from riskbot.written.glob import Glob, folded

if TYPE_CHECKING:
    from riskbot.judge.bench import Bench

_UNNAMED: Final = frozenset({"", "llm"})  # the catalogue's word for a model that is not named
#: What is on record of an agent; a guess is no record.
AGENT: Final = ("attested", "declared")
#: How a language model's part can be known, but for the guess.
MODEL: Final = (*AGENT, "assisted")
CATEGORIES: Final = (*MODEL, "automation", "inferred")

# What a correction may say, and what it adds. "human", "none" and "unknown" add nothing, and nothing is
# ever taken away: nobody vouches for who wrote it.
_CORRECTED: Final = {
    "attested": "declared",
    "mixed": "declared",
    "declared": "declared",
    "assisted": "assisted",
    "automation": "automation",
}
_OF_KIND: Final = {Kind.ASSISTED: "assisted", Kind.AUTOMATION: "automation"}


@dataclass(frozen=True, slots=True)
class Trace:
    """One reason to know of a machine's part. ``commit`` None: of the whole change; ``tool`` "": unnamed.

    ``tier`` None: nobody says how good the evidence is, so that it passes for the best. ``added``: the
    assessment did not see it, as it is of a run or of a correction.
    """

    category: str
    words: str = ""
    tool: str = ""
    tier: Tier | None = None
    commit: str | None = None
    added: bool = False

    def reaches(self, floor: Tier | None) -> bool:
        """Say whether the evidence is at least so good."""
        return floor is None or self.tier is None or self.tier.value <= floor.value


@dataclass(frozen=True, slots=True)
class Tools:
    """Which language models' tools took part.

    ``unnamed``: one took part and nobody says which it is. ``unlooked``: others may have, as nobody looked.
    """

    named: frozenset[str]
    unnamed: bool
    unlooked: bool


@dataclass(frozen=True, slots=True)
class Involvement:
    """Whether a machine took part, by how that is known; None: nobody looked.

    ``attested``: the forge, a signature or attributed lines vouch. ``declared``: the change says so itself.
    ``assisted``: a person took over a suggestion. ``automation``: a bot that is no language model.
    ``inferred``: a guess from style. ``commits`` None: nobody says which commits bear what. ``unlooked``:
    categories that the assessment could not look at, whatever runs and corrections add to them.
    """

    attested: bool | None
    declared: bool | None
    assisted: bool | None
    automation: bool | None
    inferred: bool | None
    traces: tuple[Trace, ...] = ()
    commits: tuple[CommitAuthorship, ...] | None = None
    share: Share | None = None
    probability: float | None = None
    unlooked: frozenset[str] = frozenset()
    _disclosed: bool | None = None
    _known_tools: tuple[tuple[str, Tier | None], ...] = ()

    def of(self, category: str, floor: Tier | None = None) -> bool | None:
        """The category by its name, by evidence of at least that tier."""
        found: bool | None = getattr(self, category)
        traces = [trace for trace in self.traces if trace.category == category]
        if found is True and traces and not any(trace.reaches(floor) for trace in traces):
            return None if category in self.unlooked else False
        return found

    def because(self, *categories: str) -> tuple[str, ...]:
        """The evidence for these categories."""
        told = [one for one in self.traces if one.category in categories and one.words]
        return tuple(dict.fromkeys(f"{one.category}: {one.words}" for one in told))

    @property
    def agent(self) -> bool:
        """Say whether it is on record that a language model wrote some of it: a guess is no record."""
        return self.attested is True or self.declared is True

    def on_record(self, floor: Tier | None = None) -> bool | None:
        """The same by evidence of at least that tier; None where nobody looked."""
        found = [self.of(category, floor) for category in AGENT]
        return True if True in found else None if None in found else False

    def written_in(self, categories: Iterable[str], floor: Tier | None = None) -> tuple[str, ...] | None:
        """The commits that machines of these categories wrote; None where that may be any."""
        wanted = tuple(categories)
        if self.unlooked.intersection(wanted):
            return None
        asked = [category for category in wanted if self.of(category, floor)]
        traces = [one for one in self.traces if one.category in asked and one.reaches(floor)]
        explained = {one.category for one in traces}
        if any(one.commit is None for one in traces) or set(asked) - explained:
            return None
        return tuple(dict.fromkeys(one.commit for one in traces if one.commit is not None))

    @property
    def undisclosed(self) -> tuple[str, ...]:
        """The commits of agents whose own message does not say so."""
        said = {one.commit for one in self.commits or () if one.disclosed}
        ids = (one.commit for one in self.traces if one.category in AGENT and one.commit is not None)
        return tuple(one for one in dict.fromkeys(ids) if one not in said)

    @property
    def disclosed(self) -> bool | None:
        """Say whether every commit of an agent says so itself; None: not known."""
        if self.commits is None:
            more = any(one.added for one in self.traces if one.category in AGENT)
            return False if more and self._disclosed is not None else self._disclosed
        if any(one.commit is not None for one in self.traces if one.category in AGENT):
            return not self.undisclosed
        return any(one.disclosed for one in self.commits)

    def tools(self, floor: Tier | None = None) -> Tools:
        """The tools of agents and assistants, by evidence of at least that tier."""
        traces = [one for one in self.traces if one.category in MODEL and one.reaches(floor)]
        named = {one.tool.casefold() for one in traces} - _UNNAMED
        named |= {tool for tool, tier in self._known_tools if Trace("", tier=tier).reaches(floor)} - _UNNAMED
        # The signs of one commit name its tool together; what else is known must name its own.
        told = {one.commit for one in traces if one.commit and not one.added and one.tool not in _UNNAMED}
        unnamed = any(one.tool in _UNNAMED and (one.added or one.commit not in told) for one in traces)
        return Tools(frozenset(named), unnamed, bool(self.unlooked.intersection(MODEL)))

    def under(self, globs: tuple[Glob, ...], bench: Bench) -> Involvement:
        """The same for the files that match, as far as it is known which files the evidence speaks of."""
        elsewhere = {
            one.commit
            for one in self.commits or ()
            if one.files is not None and not bench.matches(map(_folded, one.files), globs)
        }
        if not elsewhere:
            return self
        left = tuple(one for one in self.traces if one.commit not in elsewhere)

        def still(category: str) -> bool | None:
            found: bool | None = getattr(self, category)
            before = any(one.category == category for one in self.traces)
            return any(one.category == category for one in left) if found and before else found

        return replace(
            self,
            attested=still("attested"),
            declared=still("declared"),
            assisted=still("assisted"),
            automation=still("automation"),
            inferred=still("inferred"),
            traces=left,
            commits=tuple(one for one in self.commits or () if one.commit not in elsewhere),
            _known_tools=(),
        )


def involvement(bench: Bench) -> Involvement:
    """Say what is known of machines in the change.

    An agent's run that the forge vouches for is attested whatever the assessment saw; one that nobody
    vouches for is declared, and so is what a correction adds. None takes away what the assessment found.
    """
    told = bench.assessment.authorship if bench.assessment is not None else None
    runs = bench.facts.pull.agent_runs if bench.facts.pull is not None else ()
    added = [*_runs(runs, bench.directory), *_corrections(told)]
    seen = [*_signs(told), *_commits(told)]
    certain = {trace.category for trace in added}
    for commit in (told.commits if told is not None else None) or ():
        certain |= {category for category in CATEGORIES if getattr(commit, category) is True}

    # What is not committed yet can bear no sign of its own: it is asked again once it is.
    facts = bench.facts
    nothing_yet = told is not None and facts.pull is None and facts.change.commits == ()

    looked = {
        category: False if (found := getattr(told, category, None)) is None and nothing_yet else found
        for category in CATEGORIES
    }

    def of(category: str) -> bool | None:
        return True if category in certain else looked[category]

    return Involvement(
        attested=of("attested"),
        declared=of("declared"),
        assisted=of("assisted"),
        automation=of("automation"),
        inferred=of("inferred"),
        traces=tuple(dict.fromkeys((*added, *seen, *_unexplained(told, seen)))),
        commits=told.commits if told is not None else None,
        share=told.share if told is not None else None,
        probability=told.probability if told is not None else None,
        unlooked=frozenset(category for category, found in looked.items() if found is None),
        _disclosed=told.disclosed if told is not None else None,
        _known_tools=_known_tools(told),
    )


def _runs(runs: Iterable[AgentRun], directory: Directory) -> Iterator[Trace]:
    for run in runs:
        name = "" if run.agent is None else directory.name(run.agent)
        source = f" ({run.source[:100]})" if run.source else ""
        category, tier = ("attested", Tier.A) if run.attested else ("declared", Tier.B)
        for commit in run.commits or (None,):
            said = f"a run of {name or 'an agent'}{source}"
            yield Trace(category, said, name, tier, commit, added=True)


def _corrections(told: Authorship | None) -> Iterator[Trace]:
    for one in told.corrections if told is not None else ():
        if category := _CORRECTED.get(one.says.casefold()):
            said = f"a correction on record says {one.says[:40]}, of {one.commit[:12]}"
            yield Trace(category, said, one.tool, Tier.B, one.commit, added=True)


def _signs(told: Authorship | None) -> Iterator[Trace]:
    for sign in told.evidence if told is not None else ():
        if (sign.counts or sign.channel == "style") and sign.kind is not Kind.CONTEXT:
            named = ", ".join(filter(None, (sign.tool[:40], f"tier {sign.tier.value}" if sign.tier else "")))
            where = f", in {sign.commit[:12]}" if sign.commit is not None else ""
            words = f"{sign.what[:200]}{f' ({named})' if named else ''}{where}"
            yield Trace(_category(sign), words, sign.tool, sign.tier, sign.commit)


def _unexplained(told: Authorship | None, seen: Iterable[Trace]) -> Iterator[Trace]:
    """Yield what the assessment found and gives no reason for: it may be of any commit and any tool."""
    explained = {one.category for one in seen}
    for category in CATEGORIES:
        if getattr(told, category, None) is True and category not in explained:
            yield Trace(category)


def _category(sign: Sign) -> str:
    if sign.channel == "style":
        return "inferred"
    vouched = sign.tier is Tier.A if sign.tier is not None else not sign.spoofable
    return _OF_KIND.get(sign.kind) or ("attested" if vouched else "declared")


def _commits(told: Authorship | None) -> Iterator[Trace]:
    """Yield what commits bear and no sign among the evidence speaks of: it may have been cut."""
    if told is None:
        return
    seen = {(sign.commit, _category(sign)) for sign in told.evidence if sign.counts}
    for commit in told.commits or ():
        for category in CATEGORIES:
            if getattr(commit, category) is True and (commit.commit, category) not in seen:
                words = f"in {commit.commit[:12]}"
                kind = next((kind for kind, named in _OF_KIND.items() if named == category), Kind.AGENT)
                tools = [one for one in commit.tools if one.kind is kind and category != "inferred"]
                for tool in tools:
                    yield Trace(category, words, tool.tool, tool.tier, commit.commit)
                if not tools:
                    yield Trace(category, words, commit=commit.commit)


def _known_tools(told: Authorship | None) -> tuple[tuple[str, Tier | None], ...]:
    tools = (told.tools if told is not None else None) or ()
    return tuple((one.tool.casefold(), one.tier) for one in tools if one.kind is not Kind.AUTOMATION)


def _folded(path: str) -> str:
    return folded(decode(path))
