"""The detector of authorship: what signs a change bears, and where an agent's part is not disclosed."""

from __future__ import annotations

from dataclasses import dataclass

from riskbot.detect.authorship.catalogue import Catalogue, load
from riskbot.detect.authorship.change import AGENTS, authorship
from riskbot.detect.authorship.commits import Style
from riskbot.detect.authorship.disclosure import OFF, trailer
from riskbot.domain.authorship import Authorship, CommitAuthorship, Kind
from riskbot.domain.change import Change
from riskbot.domain.finding import (
    Category,
    Confidence,
    Detection,
    Evidence,
    Finding,
    Location,
    Rule,
    Severity,
    fingerprint,
)

_STEP = "authorship"
_MOST = 20  # commits that one finding lists

DISCLOSURE_MISSING = Rule(
    "disclosure-missing",
    "An agent took part, and no trailer says so",
    "The change bears an agent's signs, and its commit messages have no trailer that names the tool. Trailers"
    " stay with the history when links, branches and notes are gone. Add the line that the finding gives to"
    " the end of the message (git commit --amend), or record a correction if the signs are wrong.",
    Severity.INFO,
    Confidence.HIGH,
    Category.GOVERNANCE,
)


@dataclass(frozen=True)
class AuthorshipDetector:
    """Reads the commits and what lies beside them, by the catalogue that the base has.

    ``weak``: signs of tier C count too. ``disclosure``: the form of the trailer that a finding asks for, or
    "none", which silences it. ``style`` guesses where given.
    """

    weak: bool = False
    disclosure: str = "assisted-by"
    style: Style | None = None
    name: str = _STEP

    def run(self, change: Change) -> Detection:
        """Say what is known of who wrote the change."""
        catalogue = load(change.charter)
        told = authorship(change, catalogue, weak=self.weak, style=self.style)
        findings = tuple(_findings(change, told, catalogue, self.disclosure))
        return Detection(findings, rules=(DISCLOSURE_MISSING,) if findings else (), authorship=told)


def _findings(change: Change, told: Authorship, catalogue: Catalogue, form: str) -> list[Finding]:
    """Make one finding for each line to add, with the commits that lack it."""
    silence = "the setting disclosure_trailer = none" if form == OFF else None
    found = []
    lacking: dict[tuple[str, str, bool], list[CommitAuthorship]] = {}
    for one in told.commits:
        if one.category in AGENTS and not one.disclosed:
            line = trailer(form, one.tool, one.model, catalogue)
            lacking.setdefault((line, one.tool, _contested(one)), []).append(one)
    for (line, tool, contested), commits in lacking.items():
        name = _name(tool, catalogue)
        several = f"{len(commits)} commits bear" if len(commits) > 1 else f"{commits[0].commit[:12]} bears"
        what = f"{several} signs of {name}, and no trailer says so. Add: {line}"
        why = tuple(evidence for one in commits[:_MOST] for evidence in _evidence(one))
        quiet = silence or ("a correction on record that says a person wrote it" if contested else None)
        found.append(_finding(change, what, line, why, quiet))
    if not any(one.category in AGENTS for one in told.commits) and told.disclosed is False:
        best = next(sign for sign in told.signs if sign.counts and sign.kind is Kind.AGENT)
        line = trailer(form, best.tool, best.model, catalogue)
        what = (
            f"The pull request bears signs of {_name(best.tool, catalogue)} that no commit's trailer names."
        )
        why = (Evidence(f"{best.channel}: {best.seen}"),)
        found.append(_finding(change, f"{what} Add to a commit's message: {line}", line, why, silence))
    return found


def _name(tool: str, catalogue: Catalogue) -> str:
    return catalogue.tools[tool].name if tool in catalogue.tools else tool or "an agent"


def _contested(one: CommitAuthorship) -> bool:
    """Say whether the last correction on record says that no agent took part."""
    last = max(one.corrections, key=lambda correction: correction.at, default=None)
    return last is not None and last.says in {"human", "none"}


def _evidence(one: CommitAuthorship) -> list[Evidence]:
    """Name the sign that counts most in a commit."""
    best = [sign for sign in one.signs if sign.counts and sign.kind is Kind.AGENT]
    return [Evidence(f"{one.commit[:12]}, {sign.channel}: {sign.seen}") for sign in best[:1]]


def _finding(change: Change, what: str, line: str, why: tuple[Evidence, ...], silence: str | None) -> Finding:
    """Build a finding about messages: they have no file, so it stands at the first one of the change."""
    path = min((file.path for file in change.files), default=".")
    return Finding(
        rule=DISCLOSURE_MISSING.id,
        detector=_STEP,
        severity=DISCLOSURE_MISSING.severity,
        confidence=DISCLOSURE_MISSING.confidence,
        category=DISCLOSURE_MISSING.category,
        location=Location(path),
        message=what,
        # Neither the commits' ids, which a rebase changes, nor a path that it is not about.
        fingerprint=fingerprint(DISCLOSURE_MISSING.id, "", line),
        suppressed_by=silence,
        evidence=why,
    )
