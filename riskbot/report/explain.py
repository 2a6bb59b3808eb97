"""What ``--explain`` adds to the text: how the score adds up, the whole policy, and the files' pasts."""

from __future__ import annotations

from riskbot.domain.assessment import Assessment
from riskbot.domain.verdict import Reviewed
from riskbot.report import reading
from riskbot.report.page import Page
from riskbot.report.reading import count
from riskbot.report.statuses import STATUS


def arithmetic(page: Page, assessment: Assessment) -> None:
    """Show every factor between the intercept and the logit, and what the logit comes to."""
    page.title("How the score adds up")
    width = max(20, min(48, page.width - 28))
    _row(page, "where every change starts", "", assessment.intercept, width)
    for factor in assessment.factors:
        _row(page, page.quote(factor.title), reading.measured(factor), factor.contribution, width)
        if factor.note:
            page.prose(page.quote(factor.note), indent=6, style="dim")
    _row(page, "together (log odds)", "", reading.logit(assessment), width, style="bold")
    page.prose(
        f"That is a probability of {assessment.probability:.1%},"
        f" {reading.riskier_than(assessment.percentile)} "
        f"({page.quote(assessment.model.reference)}): {assessment.band.value}."
        f" Model {page.quote(assessment.model.name)}, {assessment.model.sha256[:12]}"
        f"{reading.model_note(page.quote(assessment.model.note))}.",
        indent=2,
        first=["  "],
    )
    for gate in assessment.gates:
        says = "holds this change" if gate.holds else "lets this change through"
        page.prose(
            f"Gate {page.quote(gate.name)} (the riskiest {gate.top_percent:g} %) {says}.",
            indent=2,
            first=["  "],
        )


def _row(page: Page, words: str, value: str, contribution: float, width: int, *, style: str = "") -> None:
    number = f"{contribution:+.4f}".replace("-", page.glyphs.minus)
    page.line("  ", (page.column(words, width), style), f"{value:>12}  ", (f"{number:>10}", style))


def clauses(page: Page, verdict: Reviewed) -> None:
    """Show the policy's whole tree with all its evidence."""
    page.title("The policy", page.quote(reading.public_policy(verdict.policy)))
    for depth, clause in reading.walk(verdict.root):
        glyph, style = STATUS[clause.status]
        indent = min(4 + 2 * depth, page.width // 2)
        lead: list[str | tuple[str, str]] = [" " * (indent - 2), (getattr(page.glyphs, glyph), style), " "]
        page.prose(f"{page.quote(clause.name)}: {page.quote(clause.reason)}", indent=indent, first=lead)
        for each in clause.evidence:
            page.prose(
                page.quote(each), indent=indent + 2, first=[" " * indent, (page.glyphs.dot, "dim"), " "]
            )


def history(page: Page, assessment: Assessment) -> None:
    """Show each file's past, the busiest first."""
    past = assessment.change.history
    if past is None or not past.files:
        return
    page.title("The files' past", f"{count(past.commits_walked, 'commit')} read")
    width = max(16, min(44, page.width - 36))
    page.line(
        ("  " + page.column("", width) + f"{'changes':>9}{'fixes':>7}{'authors':>9}{'90 days':>9}", "dim")
    )
    for file in sorted(past.files, key=lambda each: (-each.commits, each.path)):
        page.line(
            "  ",
            page.column(page.quote(file.path), width),
            f"{file.commits:>9,}{file.fixes:>7,}{len(file.authors):>9,}{file.recent_commits:>9,}",
        )
