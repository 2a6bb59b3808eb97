"""What each key of ``machine`` refuses: what is forbidden, not disclosed, not signed off, too much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from riskbot.domain.authorship import Tier
from riskbot.domain.verdict import Status
from riskbot.facts.document import Commit
from riskbot.judge.agents import LinesCeiling, ShareCeiling, ToolList, lines_of, percent, share_of
from riskbot.judge.bench import Bench
from riskbot.judge.people import signoff
from riskbot.judge.people.machine import AGENT, MODEL, Involvement
from riskbot.judge.predicate import counted
from riskbot.judge.predicates.asking import listed

#: What is seen of each category, in words.
SEEN: Final = {
    "attested": "The forge or a signature vouches that a machine took part",
    "declared": "The change says that a machine took part",
    "assisted": "Suggestions of a machine were taken over",
    "automation": "A bot that is no language model took part",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a clause is not satisfied: PENDING where it is certain, ERROR where somebody would have to look."""

    status: Status
    reason: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """What a clause looks at: what machines did in its paths, by evidence of its tier, before its bench."""

    involved: Involvement
    floor: Tier | None
    bench: Bench

    def of(self, category: str) -> bool | None:
        """Say whether machines took part so."""
        return self.involved.of(category, self.floor)

    def refuse(self, categories: Sequence[str], mend: str, *more: str) -> Iterator[Refusal]:
        """Refuse the first category that is certain, and the first that nobody looked at."""
        certain = [one for one in categories if self.of(one) is True]
        if certain:
            because = self.involved.because(*certain)
            yield Refusal(Status.PENDING, f"{SEEN[certain[0]]}, {mend}.", (*more, *because))
        if unlooked := [one for one in categories if self.of(one) is None]:
            said = f"Nobody looked whether a machine took part ({', '.join(unlooked)}), {mend}."
            yield Refusal(Status.ERROR, said, more)


def forbidden(looked: Looked, categories: Sequence[str]) -> Iterator[Refusal]:
    """Refuse any part."""
    yield from looked.refuse(categories, "which is forbidden here")


def undisclosed(looked: Looked, categories: Sequence[str]) -> Iterator[Refusal]:
    """Refuse commits of agents that do not say so themselves.

    Where nobody says which commits are an agent's, the change's own word for the whole is enough.
    """
    said = looked.involved.disclosed
    if said if said is not None else looked.involved.declared:
        return
    tools = {one.commit: one.tool for one in looked.involved.traces if one.commit and one.tool}
    lacking = (
        f"{commit[:12]} does not say so: add a trailer, such as Assisted-by: {tools.get(commit, 'TOOL')}"
        for commit in looked.involved.undisclosed
    )
    yield from looked.refuse(
        categories, "which the change must disclose: say so in a commit trailer", *lacking
    )


def unsigned(looked: Looked, categories: Sequence[str]) -> Iterator[Refusal]:
    """Refuse commits of machines that no person signed off; where they may be any, all of them."""
    commits = looked.bench.facts.change.commits
    for category in categories:
        if looked.of(category) is False:
            continue
        if commits is None:
            reason = "It is not known which commits the change has, so nor whether a person signed them off."
            yield Refusal(Status.ERROR, reason)
            return
        lacking = _lacking(looked, category, commits)
        if lacking:
            shown = (f"{one[:12]} has no Signed-off-by of a person" for one in lacking)
            yield from looked.refuse([category], "which a person must sign off", *shown)


def _lacking(looked: Looked, category: str, commits: Sequence[Commit]) -> list[str]:
    written = looked.involved.written_in([category], looked.floor)
    known = {one.id: one for one in commits}
    if written is None:
        written = tuple(one.id for one in commits if len(one.parents) < 2)
    agents = {one.commit: one.agent_signoffs for one in looked.bench.machines.commits or ()}

    def signed(id_: str) -> bool:
        if id_ not in known:
            return False
        people = signoff.people(known[id_], agents.get(id_, ()), looked.bench.directory)
        return bool(people) or not known[id_].in_head

    return [one for one in written if not signed(one)]


def agent_signoffs(looked: Looked) -> Iterator[Refusal]:
    """Refuse a sign-off by an agent: to sign off is to answer for it, and an agent answers for nothing."""
    commits = looked.bench.machines.commits
    if commits is None:
        yield Refusal(Status.ERROR, "Nobody looked whether an agent signed off, which only a person may.")
        return
    found = [
        f"Signed-off-by: {who[:200]}, in {one.commit[:12]}" for one in commits for who in one.agent_signoffs
    ]
    if found:
        reason = "An agent signed off, which only a person may: take the trailer out, or sign off yourself."
        yield Refusal(Status.PENDING, reason, tuple(found))


def tools(looked: Looked, limit: ToolList) -> Iterator[Refusal]:
    """Refuse tools that are not allowed, or forbidden; also one of which nobody says which it is."""
    used = looked.involved.tools(looked.floor)
    names = {name.casefold() for name in limit.allow or limit.forbid or ()}
    wrong = used.named & names if limit.allow is None else used.named - names
    rule = f"{listed(names)} {'is' if len(names) == 1 else 'are'}"
    rule = f"{rule} forbidden here" if limit.allow is None else f"only {rule} allowed here"
    because = looked.involved.because(*MODEL)
    if wrong:
        yield Refusal(Status.PENDING, f"{listed(wrong)} took part, and {rule}.", because)
    elif used.unnamed and limit.allow is not None:
        reason = f"A machine took part and nobody says which, and {rule}: name it in a commit trailer."
        yield Refusal(Status.PENDING, reason, because)
    elif used.unnamed:
        yield Refusal(Status.ERROR, f"A machine took part and nobody says which, and {rule}.", because)
    elif used.unlooked:
        yield Refusal(Status.ERROR, f"Nobody looked which machines took part, and {rule}.")


def too_much(looked: Looked, share: ShareCeiling | None, lines: LinesCeiling | None) -> Iterator[Refusal]:
    """Refuse more than so much written by agents. What is not known is within no limit."""
    recorded = looked.involved.on_record(looked.floor)
    if recorded is False:
        return
    sure = recorded is True and not looked.involved.unlooked.intersection(AGENT)
    told = looked.involved.share
    if share is not None:
        part = share_of(told, share.counting)
        limit = f"at most {percent(share.at_most)} may be"
        if recorded and part is not None and part > share.at_most:
            yield _more(f"{percent(part)} of the added lines", share.counting, limit, looked)
        elif part is None or not sure:
            yield Refusal(Status.ERROR, f"How much of it agents wrote is not known, and {limit}.")
    if lines is not None:
        number = lines_of(told, lines.counting)
        if number is not None:
            number = int(min(number, _added(looked.bench)))  # commits also add what later ones take away
        limit = f"at most {lines.at_most:,} may be"
        if recorded and number is not None and number > lines.at_most:
            yield _more(counted(number, "added line"), lines.counting, limit, looked)
        elif (number is None or not sure) and _added(looked.bench) > lines.at_most:
            yield Refusal(Status.ERROR, f"How many lines agents wrote is not known, and {limit}.")


def _more(much: str, counting: str, limit: str, looked: Looked) -> Refusal:
    theirs = "are on record as an agent's" if counting == "recorded" else "may be an agent's"
    return Refusal(
        Status.PENDING, f"{much} {theirs}, and {limit}.", looked.involved.because("attested", "declared")
    )


def _added(bench: Bench) -> float:
    """How many lines the whole change adds; beyond every limit where its files are not known."""
    if bench.facts.change.files is None:
        return float("inf")
    return sum(file.added for file in bench.files)
