"""Short facts -> what is known of machine authorship."""

from __future__ import annotations

from riskbot.domain.authorship import Kind, Tier
from riskbot.facts import document as doc
from riskbot.facts.paths import encode
from riskbot.judge.cases.history import History
from riskbot.judge.cases.short import CommitFacts, Facts, MachineFacts

_KIND = {"assisted": Kind.ASSISTED, "automation": Kind.AUTOMATION}


def authorship(facts: Facts, past: History) -> doc.Authorship:
    """Make what the case says of the whole change and of its commits.

    Which commits bear what is not known where only the whole is said to.
    """
    said = facts.authorship
    machines = [_machine(one) for one in facts.commits or ()]
    machines += [None] * (len(past.commits) - len(machines))
    whole = said.attested or said.declared or said.assisted or said.automation
    bearing = [one for one in machines if one is not None]
    commits = None
    if bearing or not whole:
        commits = tuple(_commit(commit.id, one) for commit, one in zip(past.commits, machines, strict=True))
    known = {one.known for one in bearing}
    agents = [one for one in bearing if one.known in {"attested", "declared"}]
    disclosed = all(one.disclosed for one in agents) if agents else None
    tools = {tool: doc.Tool(tool=tool, tier=Tier.B) for tool in said.tools}
    tools |= {tool.tool: tool for commit in commits or () for tool in commit.tools}
    return doc.Authorship(
        attested=said.attested or "attested" in known,
        declared=said.declared or "declared" in known,
        assisted=said.assisted or "assisted" in known,
        automation=said.automation or "automation" in known,
        inferred=said.inferred,
        disclosed=disclosed if said.disclosed is None else said.disclosed,
        probability=said.probability,
        tools=None if whole and not tools else tuple(tools.values()),
        share=None
        if said.share is None
        else doc.Share(low=said.share.low, high=said.share.high, lines=said.share.lines),
        commits=commits,
        corrections=tuple(
            doc.Correction(
                commit=past.which(one.of, ("facts", "authorship", "corrections", at, "of")),
                says=one.says,
                tool=one.tool,
            )
            for at, one in enumerate(said.corrections)
        ),
    )


def _machine(commit: str | CommitFacts) -> MachineFacts | None:
    if isinstance(commit, str) or commit.machine is None:
        return None
    return MachineFacts(commit.machine) if isinstance(commit.machine, str) else commit.machine


def _commit(id_: str, said: MachineFacts | None) -> doc.CommitAuthorship:
    known = None if said is None else said.known
    tools: tuple[doc.Tool, ...] = ()
    if said is not None and said.tool:
        tier = said.tier or (Tier.A if known == "attested" else Tier.B)
        tools = (doc.Tool(tool=said.tool, kind=_KIND.get(said.known, Kind.AGENT), tier=tier),)
    return doc.CommitAuthorship(
        commit=id_,
        category=known or "none",
        attested=known == "attested",
        declared=known == "declared",
        assisted=known == "assisted",
        automation=known == "automation",
        inferred=False,
        tools=tools,
        disclosed=said is not None and said.disclosed,
        files=None if said is None or said.files is None else tuple(map(encode, said.files)),
        agent_signoffs=("Agent <agent@example.org>",) if said is not None and said.signed_off else (),
    )
