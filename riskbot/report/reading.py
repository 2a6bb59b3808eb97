"""What every format says alike: which findings count, what was not analysed, the words for numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from riskbot.domain.assessment import Assessment, Band, Factor, HunkRisk
from riskbot.domain.change import Change, Hunk, Omission
from riskbot.domain.finding import Finding, Severity
from riskbot.domain.verdict import Clause, Outcome, PolicyId, Verdict
from riskbot.report.counts import count as count  # noqa: PLC0414 - all reports say it
from riskbot.report.escape import public

#: What a reader is told first, by outcome.
HEADLINE = {
    Outcome.ALLOWED: "The policy lets this change through.",
    Outcome.HELD: "The policy holds this change back.",
    Outcome.UNDECIDED: "The policy could not decide, so the change is not let through.",
}

#: What is said where only approvals are missing: of a pull request, and of what is not proposed yet.
AWAITS = {
    True: "The policy holds this change back until people approve it.",
    False: "Nothing here is refused; people will have to approve it.",
}

#: The title over the clauses that keep a change back.
BLOCKING = {Outcome.HELD: "What holds it back", Outcome.UNDECIDED: "What could not be decided"}


@dataclass(frozen=True, slots=True)
class Sorted:
    """The findings in three heaps, each with the worst first: nothing is in two, nothing is in none."""

    open: tuple[Finding, ...]
    existing: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]

    @property
    def told(self) -> tuple[Finding, ...]:
        """The open ones that say what could go wrong."""
        return tuple(each for each in self.open if each.severity is not Severity.INFO)

    @property
    def notes(self) -> tuple[Finding, ...]:
        """The open ones that only say what happened: they would push the rest off the screen."""
        return tuple(each for each in self.open if each.severity is Severity.INFO)


def headline(verdict: Verdict) -> str:
    """Say what the verdict comes to, in a sentence."""
    if not verdict.awaits:
        return HEADLINE[verdict.outcome]
    if verdict.mendable:
        return "The policy holds this change back: mend it, or more people have to approve it."
    return AWAITS[verdict.proposed]


def waits(verdict: Verdict) -> bool:
    """Say whether nothing but approvals is lacking."""
    return verdict.awaits and not verdict.mendable


def badge(verdict: Verdict) -> str:
    """Say what the verdict comes to, in a word or two."""
    return "AWAITS REVIEW" if waits(verdict) else verdict.outcome.name


def sort_findings(findings: Iterable[Finding]) -> Sorted:
    """Part findings into those the change brought, those the base already had, and those silenced."""
    ordered = sorted(findings, key=_worst_first)
    return Sorted(
        open=tuple(each for each in ordered if each.suppressed_by is None and each.introduced),
        existing=tuple(each for each in ordered if each.suppressed_by is None and not each.introduced),
        suppressed=tuple(each for each in ordered if each.suppressed_by is not None),
    )


def _worst_first(finding: Finding) -> tuple[object, ...]:
    severities, confidences = list(type(finding.severity)), list(type(finding.confidence))
    return (
        -severities.index(finding.severity),
        -confidences.index(finding.confidence),
        finding.location.path,
        finding.location.line or 0,
        finding.rule,
        finding.fingerprint,
    )


def omissions(assessment: Assessment) -> tuple[Omission, ...]:
    """List everything that was not analysed, by whichever step said so, each once."""
    history = assessment.change.history
    told = (
        *assessment.omissions,
        *assessment.change.omissions,
        *(history.omissions if history is not None else ()),
    )
    return tuple(dict.fromkeys(told))


def strongest(factors: Iterable[Factor]) -> list[Factor]:
    """Order factors by how far they move the score, either way."""
    return sorted(factors, key=lambda factor: (-abs(factor.contribution), factor.name))


def logit(assessment: Assessment) -> float:
    """Add the intercept and all contributions: the score before it is calibrated."""
    return math.fsum((assessment.intercept, *(factor.contribution for factor in assessment.factors)))


def walk(clause: Clause, depth: int = 0) -> Iterator[tuple[int, Clause]]:
    """Go through a clause and all below it, parents first, each with its depth."""
    pending = [(depth, clause)]
    while pending:
        level, each = pending.pop()
        yield level, each
        pending.extend((level + 1, below) for below in reversed(each.clauses))


def percent(percentile: float) -> str:
    """Write a percentile so that nothing short of everything reads as 100 and nothing but 0 as 0."""
    if percentile >= 100 or percentile <= 0:
        return "100" if percentile >= 100 else "0"
    if percentile >= 99 or percentile < 1:
        return f"{min(99.9, max(0.1, math.floor(percentile * 10) / 10)):.1f}".removesuffix(".0")
    return f"{math.floor(percentile)}"


def riskier_than(percentile: float) -> str:
    """Say a percentile in words."""
    return f"riskier than {percent(percentile)} % of earlier changes"


def band_in_words(assessment: Assessment) -> str:
    """Say why the band is not the percentile's own, else what the band means; nothing of a calm change."""
    if assessment.band_note:
        return assessment.band_note
    return "" if assessment.band is Band.GREEN else f"{assessment.band.meaning.capitalize()}."


def value(number: float | None) -> str:
    """Write a measured value: whole numbers without a point, others with three digits that matter."""
    if number is None:
        return "unknown"
    if not math.isfinite(number):
        return str(number)
    if number == int(number) and abs(number) < 1e15:
        return f"{int(number):,}"
    return f"{number:,.3g}" if abs(number) < 1000 else f"{number:,.0f}"


def measured(factor: Factor) -> str:
    """Write what a factor was measured from; those that ask a question are answered in a word."""
    if (factor.name == "fix" or factor.name.startswith("says_")) and factor.value in {0, 1}:
        return "yes" if factor.value else "no"
    return value(factor.value)


def signed(number: float) -> str:
    """Write a contribution with its sign, two places."""
    return f"{number:+.2f}".replace("-", "\u2212")


def place(path: str, line: int | None, end_line: int | None = None) -> str:
    """Write a location as editors and terminals link it: ``file:line`` or ``file:line-end``."""
    if line is None:
        return path
    return f"{path}:{line}" if end_line is None or end_line <= line else f"{path}:{line}-{end_line}"


def short(commit: str | None, missing: str) -> str:
    """Shorten a commit id for reading."""
    return commit[:12] if commit else missing


def riskiest(hunks: Iterable[HunkRisk]) -> list[HunkRisk]:
    """Order hunks by their part in the score, the riskiest first."""
    return sorted(hunks, key=lambda hunk: (-hunk.score, hunk.path, hunk.new_start, hunk.old_start))


def risky(hunks: Iterable[HunkRisk], most: int) -> tuple[list[HunkRisk], int]:
    """Pick at most so many hunks that add to the score, the riskiest first; and count the others that do.

    One that would read +0.00 is only counted, unless the change is so large that all would.
    """
    adding = [hunk for hunk in riskiest(hunks) if hunk.score > 0]
    shown = [hunk for hunk in adding[:most] if round(hunk.score, 2) > 0] or adding[:most]
    return shown, len(adding) - len(shown)


def code_of(hunks: Sequence[HunkRisk], change: Change) -> list[tuple[HunkRisk, Hunk | None]]:
    """Find the changed lines that each ranked hunk speaks of; None where the change does not hold them."""
    wanted = {(hunk.path, hunk.old_start, hunk.new_start) for hunk in hunks}
    paths = {hunk.path for hunk in hunks}
    known = {
        key: hunk
        for file in change.files
        if file.path in paths
        for hunk in file.hunks
        if (key := (file.path, hunk.old_start, hunk.new_start)) in wanted
    }
    return [(hunk, known.get((hunk.path, hunk.old_start, hunk.new_start))) for hunk in hunks]


def hunk_place(hunk: HunkRisk) -> str:
    """Write where a hunk is: its lines at the head."""
    end = hunk.new_start + max(0, hunk.new_count - 1)
    return place(hunk.path, max(1, hunk.new_start), end)


def marks(finding: Finding) -> list[str]:
    """Say in words what a finding's marks are, where they are not the usual ones."""
    said = []
    if not finding.introduced:
        said.append("there before this change")
    elif not finding.on_changed_line:
        said.append("not on a changed line")
    if finding.suppressed_by is not None:
        said.append(f"silenced by {finding.suppressed_by}")
    return said


def model_note(note: str) -> str:
    """Write what is unusual about the model, to follow its name; nothing where nothing is."""
    return f" ({note})" if note else ""


def smaller(factors: Sequence[Factor], shown: int) -> str:
    """Count the factors beyond those that are shown, and add them up; empty where there are none."""
    rest = factors[shown:]
    if not rest:
        return ""
    together = signed(math.fsum(factor.contribution for factor in rest))
    return f"{count(len(rest), 'smaller reason')}, together {together}"


def public_name(change: Change) -> str:
    """Name the repository without credentials."""
    return public(change.repository)


def public_policy(policy: PolicyId) -> str:
    """Name a policy and where it was read, without credentials."""
    return f"{policy.name} ({public(policy.source)})"


def public_origin(change: Change) -> str:
    """Say how the range was chosen, without credentials."""
    return public(change.origin)
