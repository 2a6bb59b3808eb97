"""Verdict -> markdown for a pull request's comment or a job's summary: compact, the rest folded away.

Everything that others wrote is escaped (:mod:`riskbot.report.escape`), and the whole stays under GitHub's
limit for a comment however large the change is: what had to go is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from riskbot import __version__
from riskbot.domain.assessment import Assessment, Band, Level, Sign
from riskbot.domain.authorship import Authorship
from riskbot.domain.change import Change, Hunk
from riskbot.domain.finding import Finding
from riskbot.domain.verdict import Clause, Outcome, Reviewed
from riskbot.report import agents, authorship, flowing, reading, risks
from riskbot.report.authored import words
from riskbot.report.escape import code, fence, html, markdown, message
from riskbot.report.reading import count

#: GitHub takes 65,536 characters a comment; counted in UTF-16 code units, the strictest reading.
LIMIT = 65_000
#: How many of each are shown at most.
CLAUSES = 10
EVIDENCE = 5
FACTORS = 8
HUNKS = 3
HUNK_LINES = 30
FINDINGS = 50
OMISSIONS = 30
PEOPLE = 12
SIGNS = 12
#: The most characters of one foreign text, before escaping.
LONGEST = 400

_NOTE_ROOM = 300
_TABLE = "| severity | where | what |\n|---|---|---|"
_OUTCOME = {
    Outcome.ALLOWED: "\u2705 allowed",
    Outcome.HELD: "\u26d4 held",
    Outcome.UNDECIDED: "\u2754 undecided",
}
_AWAITS = "\u23f3 awaits review"
_BAND = {
    Band.GREEN: "\U0001f7e2",
    Band.WEEKEND: "\U0001f535",
    Band.YELLOW: "\U0001f7e1",
    Band.RED: "\U0001f534",
}


class _Sheet:
    """Collects blocks while they fit and counts what did not."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._room = LIMIT - _NOTE_ROOM
        self._left_out = 0

    def block(self, text: str) -> bool:
        """Add a block whole, or count it as left out."""
        size = _size(text) + 2
        if size > self._room:
            self._left_out += 1
            return False
        self._room -= size
        self._parts.append(text)
        return True

    def section(self, head: str, rows: Iterable[str], foot: str = "") -> None:
        """Add as many rows as fit between ``head`` and ``foot``; one line each, or whole blocks."""
        listed = list(rows)
        room = self._room - _size(head) - _size(foot) - 4
        kept: list[str] = []
        for row in listed:
            size = _size(row) + 1
            if size > room:
                break
            room -= size
            kept.append(row)
        self._left_out += len(listed) - len(kept)
        if kept:
            self.block("\n".join([head, *kept, *([foot] if foot else [])]))

    def written(self) -> str:
        """Write all blocks, and a note if any were left out."""
        note = f"_Cut to fit: {count(self._left_out, 'part')} left out. The JSON report has everything._"
        return "\n\n".join([*self._parts, *([note] if self._left_out else [])]) + "\n"


def _size(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _prose(text: str) -> str:
    return markdown(_cut(text))


def _code(text: str) -> str:
    return code(_cut(text))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\u2026"


def render(verdict: Reviewed) -> str:
    """Write the verdict as GitHub-flavoured markdown, at most 65,000 characters."""
    sheet, assessment = _Sheet(), verdict.assessment
    band = assessment.band
    said = [
        f"{_BAND[band]} **{band.value}**: {reading.riskier_than(assessment.percentile)}.",
        _prose(reading.band_in_words(assessment)),
        reading.headline(verdict),
    ]
    outcome = _AWAITS if reading.waits(verdict) else _OUTCOME[verdict.outcome]
    sheet.block(f"## riskbot: {outcome}\n\n{' '.join(filter(None, said))}")
    _held_back(sheet, verdict)
    _people(sheet, verdict)
    _change(sheet, assessment.change)
    _agents(sheet, assessment.authorship)
    _factors(sheet, assessment)
    _findings(sheet, assessment)
    _kinds(sheet, assessment)
    _hunks(sheet, assessment)
    _not_analysed(sheet, assessment)
    policy, model = _prose(verdict.policy.name), _prose(assessment.model.name)
    note = reading.model_note(_prose(assessment.model.note))
    quiet = assessment.authorship
    unseen = f". Agents: {agents.gist(quiet)}." if quiet is not None and not agents.found(quiet) else ""
    sheet.block(f"<sub>riskbot {__version__}, policy {policy}, model {model}{note}{unseen}</sub>")
    return sheet.written()


def _held_back(sheet: _Sheet, verdict: Reviewed) -> None:
    if verdict.outcome is Outcome.ALLOWED:
        return
    waiting = [clause for clause in verdict.unmet if clause.could]
    if verdict.mendable:
        sheet.section(f"**{reading.BLOCKING[verdict.outcome]}**\n", _clauses(verdict.mendable))
    sheet.section("**Who has to approve**\n", _clauses(waiting))


def _clauses(clauses: Sequence[Clause]) -> list[str]:
    """List clauses with their evidence and who could satisfy them."""
    rows: list[str] = []
    for clause in clauses[:CLAUSES]:
        rows.append(f"- **{_prose(clause.name) or 'policy'}**: {_prose(clause.reason)}")
        rows += [f"  - {_prose(each) or '-'}" for each in clause.evidence[:EVIDENCE]]
        rows += _rest(len(clause.evidence) - EVIDENCE, "more", "more", "  - ")
        if clause.could:
            rows.append(f"  - could satisfy it: {_names(clause.could)}")
    rows += _rest(len(clauses) - CLAUSES, "clause", lead="- ")
    return rows


def _people(sheet: _Sheet, verdict: Reviewed) -> None:
    """Say who could unlock it, whom to ask, who cannot, and what else to know."""
    if verdict.outcome is not Outcome.ALLOWED:
        sets = [f"- {' and '.join(_prose(who) for who in one)}" for one in verdict.unlocking[:EVIDENCE]]
        sets += _rest(len(verdict.unlocking) - EVIDENCE, "such set", lead="- ")
        sheet.section("**Who could unlock it**\n", sets)
        asked = [f"- {_prose(one.who)}: {_prose('; '.join(one.reasons))}" for one in verdict.suggested]
        sheet.section("<details><summary>Whom to ask</summary>\n", asked, "\n</details>")
        rows = [
            f"- {_prose(one.who)}: {_prose('; '.join(dict.fromkeys(ground.role for ground in one.grounds)))}"
            for one in verdict.interested[:PEOPLE]
        ]
        rows += _rest(len(verdict.interested) - PEOPLE, "person", "people", lead="- ")
        head = "<details><summary>Who has a part in it, and so cannot approve it</summary>\n"
        sheet.section(head, rows, "\n</details>")
    if verdict.accountable:
        sheet.block(f"**Accountable**: {_names(verdict.accountable)}")
    owed = [f"- {_prose(one.what)}, by {_prose(one.due)}" for one in verdict.obligations if not one.met]
    sheet.section("**What is owed afterwards**\n", owed)
    flags = [f"- {_code(note.code)}: {_prose(note.reason)}" for note in verdict.flags[:CLAUSES]]
    flags += _rest(len(verdict.flags) - CLAUSES, "note", lead="- ")
    sheet.section("**What to know**\n", flags)


def _names(names: tuple[str, ...]) -> str:
    shown = ", ".join(_prose(name) for name in names[:PEOPLE])
    return f"{shown}{' '.join(['', *_rest(len(names) - PEOPLE, 'other')])}"


def _change(sheet: _Sheet, change: Change) -> None:
    added, removed = sum(file.added for file in change.files), sum(file.removed for file in change.files)
    commits = f"{count(len(change.commits), 'commit')}, " if change.commits else ""
    size = f"{commits}{count(len(change.files), 'file')}, +{added:,} \u2212{removed:,} lines"
    base, head = reading.short(change.base, "nothing"), reading.short(change.head, "not committed")
    # The backslash is a line break within the paragraph.
    sheet.block(
        f"**Change**: {_prose(reading.public_name(change))}: {size}\\\n"
        f"**Range**: {_code(base)} \u2192 {_code(head)}, {_prose(reading.public_origin(change))}"
    )


def _agents(sheet: _Sheet, told: Authorship | None) -> None:
    """Say what is known of agents, with the evidence folded away; nothing where there is nothing to show."""
    if told is None or not agents.found(told):
        return
    rows = []
    listed = agents.evidence(told)
    counting = [one for one in listed if one.sign.counts]
    for one in counting[:SIGNS]:
        limits = words.limits(one.sign)
        said = f" ({_prose(limits)})" if limits else ""
        rows.append(f"| {one.sign.tier.value} | {_prose(agents.where(one))} | {_code(one.sign.seen)}{said} |")
    left = _rest(len(listed) - len(rows), "other sign")
    told_ = agents.corrections(told)
    contested = [f"- {_code(one.commit[:12])} {_prose(words.contested(one))}" for one in told_[:PEOPLE]]
    contested += _rest(len(told_) - PEOPLE, "more correction", lead="- and ")
    # A summary is HTML, in which foreign text could still mention somebody: it has the category alone.
    summary = f"<details><summary>Machine authorship: {told.category.value}</summary>"
    head = f"{summary}\n\n{_prose(agents.gist(told))}.\n"
    table = "\n| tier | where | what |\n|---|---|---|" if rows else ""
    foot = "\n".join(["", *left, *contested, "", _prose(authorship.MEANS[told.category]), "</details>"])
    sheet.section(f"{head}{table}", rows or ["No sign counts."], foot)


def _factors(sheet: _Sheet, assessment: Assessment) -> None:
    factors = [factor for factor in reading.strongest(assessment.factors) if factor.contribution]
    rows = [
        f"| {_prose(factor.title)} | {reading.measured(factor)} | {reading.signed(factor.contribution)} |"
        for factor in factors[:FACTORS]
    ]
    head = "<details><summary>Why this score</summary>\n\n| reason | value | effect |\n|---|---:|---:|"
    left = reading.smaller(factors, FACTORS)
    if families := risks.families(factors):
        left = f"{left}\n\nAll of them by family: {_prose(', '.join(families))}."
    sheet.section(
        head,
        rows,
        f"\n{left}\n\nPositive is riskier.\n</details>" if left else "\nPositive is riskier.\n</details>",
    )


def _findings(sheet: _Sheet, assessment: Assessment) -> None:
    heaps = reading.sort_findings(assessment.findings)
    rows = [_finding(each) for each in heaps.told[:FINDINGS]]
    aside = [
        *_rest(len(heaps.told) - FINDINGS, "more finding"),
        *_rest(len(heaps.existing), "finding there before this change", "findings there before this change"),
        *_rest(len(heaps.suppressed), "silenced finding"),
    ]
    foot = f"\n{', '.join(aside)}\n</details>" if aside else "\n</details>"
    opened = " open" if rows else ""
    head = f"<details{opened}><summary>Findings: {len(heaps.told):,} new</summary>\n"
    if rows:
        sheet.section(f"{head}\n{_TABLE}", rows, foot)
    elif aside:
        sheet.block(head + foot)
    notes = [_finding(each) for each in heaps.notes[:FINDINGS]]
    rest = "".join(_rest(len(heaps.notes) - FINDINGS, "more note"))
    sheet.section(
        f"<details><summary>{count(len(heaps.notes), 'note')} on what was added, removed or moved</summary>\n"
        f"\n{_TABLE}",
        notes,
        f"\n{rest}\n</details>" if rest else "\n</details>",
    )


def _finding(finding: Finding) -> str:
    where = finding.location
    marks = "".join(f", {_prose(mark)}" for mark in reading.marks(finding))
    place = _code(reading.place(where.path, where.line, where.end_line))
    rule = f"{_code(finding.rule)}, {finding.confidence.value} confidence{marks}"
    way = " \u2192 ".join(_code(each) for each in flowing.places(finding.flow))
    told = f"{message(_cut(finding.message))}{f'<br>{way}' if way else ''}"
    return f"| {finding.severity.value} | {place} | {told}<br>{rule} |"


def _kinds(sheet: _Sheet, assessment: Assessment) -> None:
    if not assessment.dimensions:
        return
    found, others = risks.kinds(assessment)
    rows = [
        f"| {risks.kind(one)} | {one.level.value} | {_sign(one.signs[0])}{risks.more(one, 1)} |"
        for one in found
    ]
    said = " ".join(
        filter(None, [risks.unseen(found, others) if others else "", _prose(risks.note(assessment))])
    )
    if not rows:
        sheet.block(f"**Kinds of risk**: {said}")
        return
    opened = " open" if found[0].level > Level.LOW else ""
    names = ", ".join(f"{risks.kind(one)} {one.level.value}" for one in found)
    sheet.section(
        f"<details{opened}><summary>Kinds of risk: {names}</summary>\n\n"
        "| kind | signs | the strongest |\n|---|---|---|",
        rows,
        f"\n{said}\n</details>",
    )


def _sign(sign: Sign) -> str:
    where = sign.evidence.where
    place = "" if where is None else f" {_code(reading.place(where.path, where.line, where.end_line))}"
    return f"{_prose(sign.evidence.what)}{place}"


def _hunks(sheet: _Sheet, assessment: Assessment) -> None:
    shown, _ = reading.risky(assessment.hunks, HUNKS)
    blocks = []
    for risk, hunk in reading.code_of(shown, assessment.change):
        title = f"{_code(reading.hunk_place(risk))} {reading.signed(risk.score)}\n"
        blocks.append(title if hunk is None else f"{title}\n{_diff(hunk)}\n")
    sheet.section("<details><summary>Riskiest places</summary>\n", blocks, "</details>")


def _diff(hunk: Hunk) -> str:
    shown = []
    for line in hunk.lines[:HUNK_LINES]:
        raw = line.raw[: LONGEST * 4].rstrip(b"\r\n")
        shown.append(line.kind.value + _cut(raw.decode("utf-8", "replace")))
    left = "".join(_rest(len(hunk.lines) - HUNK_LINES, "more line", lead="\n\nand "))
    return fence("\n".join(shown), "diff") + left


def _not_analysed(sheet: _Sheet, assessment: Assessment) -> None:
    omissions = reading.omissions(assessment)
    rows = [f"- **{_prose(each.step)} failed**: {_prose(each.reason)}" for each in assessment.failures]
    rows += [
        "- " + (f"{_code(each.path)}: " if each.path else "") + f"{_prose(each.reason)} ({_prose(each.step)})"
        for each in omissions[:OMISSIONS]
    ]
    rows += _rest(len(omissions) - OMISSIONS, "more thing", lead="- and ")
    total = len(omissions) + len(assessment.failures)
    opened = " open" if assessment.failures else ""
    sheet.section(
        f"<details{opened}><summary>Not analysed: {html(count(total, 'thing'))}</summary>\n",
        rows,
        "\n</details>",
    )


def _rest(number: int, one: str, many: str = "", lead: str = "") -> list[str]:
    return [f"{lead}{count(number, one, many)}"] if number > 0 else []
