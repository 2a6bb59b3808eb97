"""What part machines had in a change: the assessment's word and the forge's, by category, never merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from riskbot.judge.bench import Bench


@dataclass(frozen=True, slots=True)
class Involvement:
    """Whether a machine took part, by how that is known; None: nobody looked.

    ``attested``: the forge or a verified signature vouches. ``declared``: the change says so itself.
    ``inferred``: a guess from style. ``automation``: a bot that is no language model. ``evidence``: per
    category, in words.
    """

    attested: bool | None
    declared: bool | None
    inferred: bool | None
    automation: bool | None
    evidence: tuple[tuple[str, str], ...] = ()

    def of(self, category: str) -> bool | None:
        """The category by its name."""
        found: bool | None = getattr(self, category)
        return found

    def because(self, *categories: str) -> tuple[str, ...]:
        """The evidence for these categories."""
        return tuple(f"{category}: {words}" for category, words in self.evidence if category in categories)

    @property
    def agent(self) -> bool:
        """Say whether it is on record that a language model wrote some of it: a guess is no record."""
        return self.attested is True or self.declared is True


def involvement(bench: Bench) -> Involvement:
    """Say what is known of machines in the change.

    An agent's run that the forge vouches for is attested whatever the assessment saw; one that nobody
    vouches for is declared. Neither takes away what the assessment found.
    """
    told = bench.assessment.authorship if bench.assessment is not None else None
    runs = bench.facts.pull.agent_runs if bench.facts.pull is not None else ()
    evidence = []
    for run in runs:
        agent = "an agent" if run.agent is None else bench.directory.name(run.agent)
        source = f" ({run.source[:100]})" if run.source else ""
        evidence.append(("attested" if run.attested else "declared", f"a run of {agent}{source}"))
    for sign in told.evidence if told is not None else ():
        category = "declared" if sign.spoofable else "attested"
        if sign.channel == "style":
            category = "inferred"
        where = f", in {sign.commit[:12]}" if sign.commit is not None else ""
        evidence.append((category, f"{sign.what[:200]}{where}"))
    return Involvement(
        attested=True if any(run.attested for run in runs) else told.attested if told else None,
        declared=True if any(not run.attested for run in runs) else told.declared if told else None,
        inferred=told.inferred if told else None,
        automation=told.automation if told else None,
        evidence=tuple(dict.fromkeys(evidence)),
    )
