"""Verdict -> text for a person at a terminal: the verdict and score, then why, where, and what was missed.

The gist is bounded however large the change is (the constants below say how much of each is shown, and a
line says what was left out); ``explain`` shows everything. It reads as well without colour, and in ASCII.
"""

from __future__ import annotations

from itertools import groupby

from riskbot import __version__
from riskbot.domain.assessment import Assessment, Band, Factor
from riskbot.domain.change import Change, Omission
from riskbot.domain.finding import Finding, Location, Severity, Side
from riskbot.domain.verdict import Clause, Outcome, Reviewed
from riskbot.report import agents, flowing, frames, reading, risks, ruling
from riskbot.report.page import Page
from riskbot.report.reading import count
from riskbot.report.statuses import STATUS

#: How many of each the gist shows; the rest is counted.
FACTORS = 5
HUNKS = 3
HUNKS_CALM = 1  # of a change that is let through and green
FINDINGS = 5
FINDINGS_BRIEFLY = 15
CLAUSES = 8
EVIDENCE = 3
OMISSIONS = 6
#: With explain: the most findings that still come with their code.
FRAMES_EXPLAINED = 50
#: The cells of a factor's bar, to either side.
BAR = 8

#: What the line of the score takes without its bar; narrower pages do without the bar.
_RISK_WIDTH = 60

_BADGE = {
    Outcome.ALLOWED: "bold white on green",
    Outcome.HELD: "bold white on red",
    Outcome.UNDECIDED: "bold black on yellow",
}
_AWAITS = "bold white on blue"
_BAND = {Band.GREEN: "green", Band.WEEKEND: "cyan", Band.YELLOW: "yellow", Band.RED: "red"}
_SEVERITY = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "dim",
}


def render(
    verdict: Reviewed, *, color: bool = False, width: int = 100, explain: bool = False, unicode: bool = True
) -> str:
    """Write the verdict for a terminal ``width`` columns wide; ``unicode`` False keeps to ASCII."""
    page = Page(color=color, width=width, unicode=unicode)
    assessment = verdict.assessment
    _headline(page, verdict)
    _held_back(page, verdict)
    _awaited(page, verdict, explain=explain)
    _why(page, assessment)
    if explain:
        from riskbot.report import explain as full

        full.arithmetic(page, assessment)
        full.clauses(page, verdict)
    calm = verdict.outcome is Outcome.ALLOWED and assessment.band is Band.GREEN
    _hunks(page, assessment, HUNKS_CALM if calm and not explain else HUNKS)
    _findings(page, assessment, explain=explain)
    risks.text(page, assessment, explain=explain)
    agents.text(page, assessment, explain=explain)
    _not_analysed(page, assessment, explain=explain)
    if explain:
        full.history(page, assessment)
    _more(page, explain=explain)
    return page.written()


def _headline(page: Page, verdict: Reviewed) -> None:
    assessment, change = verdict.assessment, verdict.assessment.change
    name = reading.badge(verdict)
    style = _AWAITS if reading.waits(verdict) else _BADGE[verdict.outcome]
    badge = f" {name} " if page.color else name
    page.prose(reading.headline(verdict), indent=len(badge) + 2, first=[(badge, style), "  "], style="bold")
    page.gap()
    style = _BAND[assessment.band]
    said = reading.riskier_than(assessment.percentile)
    cells = max(0, min(20, page.width - _RISK_WIDTH))
    filled = round(cells * min(100.0, max(0.0, assessment.percentile)) / 100)
    page.line(
        ("Risk    ", "dim"),
        (page.glyphs.rail * filled, style),
        (page.glyphs.rest * (cells - filled), "dim"),
        "  " if cells else "",
        (assessment.band.name, f"bold {style}"),
        f"  {said}" if cells else "",
    )
    if not cells:
        page.prose(said, indent=8)
    if words := reading.band_in_words(assessment):
        page.prose(page.quote(words), indent=8)
    page.prose(_size(page, change), indent=8, first=[("Change", "dim")])
    page.prose(_range(page, change), indent=8, style="dim")
    if len(change.commits) == 1:
        page.prose(page.quote(change.commits[0].subject), indent=8, style="italic")
    agents.line(page, assessment.authorship)


def _size(page: Page, change: Change) -> str:
    added, removed = sum(file.added for file in change.files), sum(file.removed for file in change.files)
    parts = [count(len(change.commits), "commit")] if change.commits else []
    parts += [count(len(change.files), "file"), f"+{added:,} {page.glyphs.minus}{removed:,} lines"]
    return f"{page.quote(reading.public_name(change))}: {', '.join(parts)}"


def _range(page: Page, change: Change) -> str:
    origin = page.quote(reading.public_origin(change))
    if change.base is None and change.head is None:
        return origin
    base, head = reading.short(change.base, "nothing"), reading.short(change.head, "not committed")
    return f"{base} {page.glyphs.arrow} {head} {page.glyphs.dot} {origin}"


def _held_back(page: Page, verdict: Reviewed) -> None:
    if verdict.outcome is Outcome.ALLOWED:
        return
    blocking = verdict.mendable
    if not blocking:
        return
    page.title(reading.BLOCKING[verdict.outcome])
    for clause in blocking[:CLAUSES]:
        _clause(page, clause)
    _rest(page, len(blocking) - CLAUSES, "clause")
    policy = page.quote(reading.public_policy(verdict.policy))
    page.prose(
        f"Mend this and check again. Policy: {policy}.",
        indent=2,
        first=["  "],
        style="dim",
    )


def _awaited(page: Page, verdict: Reviewed, *, explain: bool) -> None:
    """Show who has to approve, who cannot, and whom to ask."""
    waiting = [clause for clause in verdict.unmet if clause.could]
    if waiting:
        page.title("Who has to approve")
        for clause in waiting[:CLAUSES]:
            ruling.clause(page, clause, 4, explain=explain)
        _rest(page, len(waiting) - CLAUSES, "clause")
    ruling.counted(page, verdict, explain=explain)
    if waiting or explain:
        ruling.interested(page, verdict, explain=explain)
        ruling.unlocking(page, verdict, explain=explain)
        ruling.suggested(page, verdict, explain=explain)
    ruling.notes(page, verdict.flags, "What to know", "yellow", explain=explain)
    ruling.owed(page, verdict)


def _clause(page: Page, clause: Clause) -> None:
    glyph, style = STATUS[clause.status]
    said = f"{page.quote(clause.name)}: {page.quote(clause.reason)}"
    page.prose(said, indent=4, first=["  ", (getattr(page.glyphs, glyph), style), " "])
    for each in clause.evidence[:EVIDENCE]:
        page.prose(page.quote(each), indent=6, first=["    ", (page.glyphs.dot, "dim"), " "])
    _rest(page, len(clause.evidence) - EVIDENCE, "more", "more", indent=6)


def _why(page: Page, assessment: Assessment) -> None:
    factors = [factor for factor in reading.strongest(assessment.factors) if factor.contribution]
    page.title("Why this score")
    if not factors:
        page.line("  Nothing moves it from where every change starts.")
        return
    top = factors[:FACTORS]
    largest = abs(factors[0].contribution)
    values = max(len(reading.measured(factor)) for factor in top)
    # Two bars, a rule between them, the signed number, and two columns before each of the five.
    room = page.width - values - 2 * BAR - 3 - 5 - 8
    titles = min(max(len(page.quote(factor.title)) for factor in top), max(12, room))
    page.line(
        (" " * (4 + titles + values + 2) + "calmer".rjust(BAR), "dim"),
        (f" {page.glyphs.bar} ", "dim"),
        ("riskier", "dim"),
    )
    for factor in top:
        _factor(page, factor, titles, values, largest)
    if left := reading.smaller(factors, len(top)):
        page.line((f"  and {left}", "dim"))
    if families := risks.families(factors):
        page.prose(
            page.quote(f"All of them by family: {', '.join(families)}."), indent=2, first=["  "], style="dim"
        )
    if assessment.model.note:
        page.prose(
            f"Model {page.quote(assessment.model.name)}: {page.quote(assessment.model.note)}.",
            indent=2,
            first=["  "],
            style="dim",
        )


def _factor(page: Page, factor: Factor, titles: int, values: int, largest: float) -> None:
    calmer = factor.contribution < 0
    bar = _bar(page, abs(factor.contribution) / largest, calmer=calmer)
    page.line(
        "  ",
        page.column(page.quote(factor.title), titles),
        f"  {reading.measured(factor):>{values}}  ",
        (bar.rjust(BAR) if calmer else " " * BAR, "green"),
        (f" {page.glyphs.bar} ", "dim"),
        (bar.ljust(BAR) if not calmer else " " * BAR, "red"),
        f"  {reading.signed(factor.contribution)}",
    )


def _bar(page: Page, share: float, *, calmer: bool, cells: int = BAR) -> str:
    halves = max(1, round(share * cells * 2))
    half = page.glyphs.right_half if calmer else page.glyphs.left_half
    whole, odd = divmod(halves, 2)
    if not half:
        return page.glyphs.full * max(1, whole)
    return (
        (half if odd else "") + page.glyphs.full * whole
        if calmer
        else page.glyphs.full * whole + (half if odd else "")
    )


def _hunks(page: Page, assessment: Assessment, limit: int) -> None:
    shown, rest = reading.risky(assessment.hunks, limit)
    if not shown:
        return
    page.title("Riskiest places", "how much each adds to the score")
    for hunk, code in reading.code_of(shown, assessment.change):
        page.line("  ", (page.quote(reading.hunk_place(hunk)), "bold"), f"  {reading.signed(hunk.score)}")
        if code is None:
            continue
        lines, left = frames.of_hunk(code)
        frames.write(page, lines)
        _rest(page, left, "more line", indent=4, lead="")
        page.gap()
    _rest(page, rest, "more place")


def _findings(page: Page, assessment: Assessment, *, explain: bool) -> None:
    heaps = reading.sort_findings(assessment.findings)
    told = heaps.open if explain else heaps.told
    page.title("Findings", f"{len(told):,} new" if told else "none that this change brings")
    framed = FRAMES_EXPLAINED if explain else FINDINGS
    listed = told if explain else told[: framed + FINDINGS_BRIEFLY]
    seen = set[Location]()
    for number, finding in enumerate(listed):
        # What two rules say of the same lines needs the code once.
        new = finding.location not in seen
        _finding(page, assessment.change, finding, framed=number < framed and new, explain=explain)
        seen.add(finding.location)
    _rest(page, len(told) - len(listed), "more finding")
    if explain:
        for finding in (*heaps.existing, *heaps.suppressed):
            _finding(page, assessment.change, finding, framed=False, explain=True)
        return
    aside = [
        f"{count(number, one, many)} {what}"
        for number, one, many, what in (
            (len(heaps.notes), "note", "", "on what was added, removed or moved"),
            (len(heaps.existing), "finding was", "findings were", "there before this change"),
            (len(heaps.suppressed), "finding is", "findings are", "silenced"),
        )
        if number
    ]
    if aside:
        page.gap()
        words = " and ".join([", ".join(aside[:-1]), aside[-1]] if len(aside) > 1 else aside)
        aside_total = len(heaps.notes) + len(heaps.existing) + len(heaps.suppressed)
        shows = "it" if aside_total == 1 else "them"
        page.prose(f"{words}; --explain shows {shows}.", indent=2, first=["  "], style="dim")


def _finding(page: Page, change: Change, finding: Finding, *, framed: bool, explain: bool = False) -> None:
    where = finding.location
    place = reading.place(page.quote(where.path), where.line, where.end_line)
    page.line(
        "  ",
        (page.column(finding.severity.value, 9), _SEVERITY[finding.severity]),
        (place, "bold"),
        ("  (before the change)" if where.side is Side.OLD else "", "dim"),
    )
    page.prose(page.quote(finding.message), indent=11)
    marks = [page.quote(finding.rule), f"{finding.confidence.value} confidence", *reading.marks(finding)]
    page.prose(", ".join(page.quote(mark) for mark in marks), indent=11, style="dim")
    if finding.flow and (framed or explain):
        flowing.write(page, finding.flow, indent=11)
    if framed:
        frames.write(page, frames.of_finding(change, where, page.glyphs.pointer), indent=11)
        page.gap()


def _not_analysed(page: Page, assessment: Assessment, *, explain: bool) -> None:
    omissions = reading.omissions(assessment)
    if not omissions and not assessment.failures:
        return
    page.title("Not analysed", "so it is not known to be safe")
    for failure in assessment.failures:
        words = f"{page.quote(failure.step)} failed: {page.quote(failure.reason)}"
        detail = f" ({page.quote(failure.detail)})" if explain and failure.detail else ""
        page.prose(words + detail, indent=4, first=["  ", (page.glyphs.failed, "bold red"), " "])
    groups = _grouped(omissions)
    shown = groups if explain else groups[:OMISSIONS]
    for group in shown:
        _omission(page, group, explain=explain)
    left = sum(len(group) for group in groups[len(shown) :])
    _rest(page, left, "more thing")


def _grouped(omissions: tuple[Omission, ...]) -> list[list[Omission]]:
    def key(omission: Omission) -> tuple[str, str, str]:
        return omission.kind.value, omission.step, omission.reason

    return [list(group) for _, group in groupby(sorted(omissions, key=key), key=key)]


def _omission(page: Page, group: list[Omission], *, explain: bool) -> None:
    paths = [page.quote(each.path) for each in group if each.path is not None]
    reason = page.quote(group[0].reason)
    named = paths if explain else paths[:1]
    rest = f" and {count(len(paths) - len(named), 'other file')}" if len(paths) > len(named) else ""
    words = f"{', '.join(named)}{rest}: {reason}" if paths else reason
    page.prose(
        f"{words} ({page.quote(group[0].step)})", indent=4, first=["  ", (page.glyphs.dot, "dim"), " "]
    )


def _rest(page: Page, number: int, one: str, many: str = "", *, indent: int = 2, lead: str = "and ") -> None:
    if number > 0:
        page.line((f"{' ' * indent}{lead}{count(number, one, many)}", "dim"))


def _more(page: Page, *, explain: bool) -> None:
    page.gap()
    hint = (
        "--format json writes it for programs."
        if explain
        else "--explain shows everything, --format json writes it for programs."
    )
    page.prose(f"riskbot {__version__}: {hint}", style="dim")
