"""Verdict -> text for a person at a terminal: what the policy says, who counts, who cannot, who could help.

Without ``explain`` it is the gist, bounded however large the verdict is; with it, everything. The sections
are functions of a page and a verdict, so that other reports can show them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from riskbot.domain.verdict import Clause, Note, Opinion, Outcome, Status, Verdict
from riskbot.report import reading
from riskbot.report.escape import public
from riskbot.report.page import Page
from riskbot.report.reading import count
from riskbot.report.statuses import STATUS

#: How many of each the gist shows; the rest is counted.
CLAUSES = 8
EVIDENCE = 3
PEOPLE = 8
SETS = 5

#: What a review's state says that somebody did.
_DID = {"APPROVED": "approved", "CHANGES_REQUESTED": "asked for changes to", "COMMENTED": "commented on"}
_BADGE = {
    Outcome.ALLOWED: "bold white on green",
    Outcome.HELD: "bold white on red",
    Outcome.UNDECIDED: "bold black on yellow",
}


def render(
    verdict: Verdict, *, color: bool = False, width: int = 100, explain: bool = False, unicode: bool = True
) -> str:
    """Write the verdict for a terminal ``width`` columns wide; ``unicode`` False keeps to ASCII."""
    page = Page(color=color, width=width, unicode=unicode)
    headline(page, verdict)
    notes(page, verdict.blocks, "What stands in the way, whoever approves", "red", explain=explain)
    if explain:
        tree(page, verdict)
    else:
        unmet(page, verdict)
    people(page, verdict, explain=explain)
    notes(page, verdict.flags, "What to know", "yellow", explain=explain)
    owed(page, verdict)
    return page.written()


def people(page: Page, verdict: Verdict, *, explain: bool) -> None:
    """Show everything about people: who counted, who cannot, who answers, who could unlock it."""
    counted(page, verdict, explain=explain)
    interested(page, verdict, explain=explain)
    unlocking(page, verdict, explain=explain)
    suggested(page, verdict, explain=explain)


def headline(page: Page, verdict: Verdict) -> None:
    """Say the verdict in a line, what it is of, and which policy spoke."""
    name = verdict.outcome.name
    said = reading.headline(verdict)
    badge = f" {name} " if page.color else name
    page.prose(said, indent=len(badge) + 2, first=[(badge, _BADGE[verdict.outcome]), "  "], style="bold")
    page.gap()
    page.prose(_subject(page, verdict), indent=8, first=[("Change", "dim")])
    page.prose(page.quote(reading.public_policy(verdict.policy)), indent=8, first=[("Policy", "dim")])
    if verdict.accountable:
        page.prose(f"Accountable: {_names(page, verdict.accountable, link='and')}", indent=8)


def _subject(page: Page, verdict: Verdict) -> str:
    subject = verdict.subject
    name = page.quote(public(subject.repository))
    if subject.pull is not None:
        name += f" #{subject.pull}"
    if subject.base_ref is not None:
        name += f" into {page.quote(subject.base_ref)}"
    base, head = reading.short(subject.base, "nothing"), reading.short(subject.head, "not committed")
    return f"{name}: {page.quote(base)} {page.glyphs.arrow} {page.quote(head)}"


def notes(page: Page, told: Sequence[Note], title: str, style: str, *, explain: bool) -> None:
    """Show blocks or flags with their evidence."""
    if not told:
        return
    page.title(title)
    for note in told:
        lead: list[str | tuple[str, str]] = ["  ", (page.glyphs.failed, style), " "]
        page.prose(f"{page.quote(note.code)}: {page.quote(note.reason)}", indent=4, first=lead)
        _evidence(page, note.evidence, 4, explain=explain)


def unmet(page: Page, verdict: Verdict) -> None:
    """Show the clauses that keep the change back."""
    if verdict.outcome is Outcome.ALLOWED:
        return
    page.title(reading.BLOCKING[verdict.outcome])
    blocking = verdict.unmet or (verdict.root,)
    for each in blocking[:CLAUSES]:
        clause(page, each, 4, explain=False)
    _rest(page, len(blocking) - CLAUSES, "clause")


def tree(page: Page, verdict: Verdict) -> None:
    """Show the policy's whole tree with all its evidence."""
    page.title("The policy, clause by clause")
    for depth, each in reading.walk(verdict.root):
        clause(page, each, min(4 + 2 * depth, page.width // 2), explain=True)


def waits(clause: Clause) -> bool:
    """Say whether a clause is only waiting: whatever is open in it somebody could still approve."""
    if clause.status is not Status.PENDING:
        return False
    if not clause.clauses:
        return bool(clause.could)
    open_ = [one for one in clause.clauses if one.status in {Status.PENDING, Status.ERROR}]
    return bool(open_) and all(map(waits, open_))


def clause(page: Page, clause: Clause, indent: int, *, explain: bool) -> None:
    """Show one clause: what it came to, why, on what evidence, and who could satisfy it."""
    glyph, style = STATUS[clause.status]
    if waits(clause):
        glyph, style = "more", "yellow"
    mark = getattr(page.glyphs, glyph)
    lead: list[str | tuple[str, str]] = [" " * (indent - 2), (mark, style), " "]
    said = f"{page.quote(clause.name)}: {page.quote(clause.reason)}"
    page.prose(said, indent=max(indent, indent - 1 + len(mark)), first=lead)
    _evidence(page, clause.evidence, indent, explain=explain)
    if clause.could:
        page.prose(
            f"could satisfy it: {_names(page, clause.could, None if explain else PEOPLE)}",
            indent=indent + 2,
            first=[" " * indent, (page.glyphs.dot, "dim"), " "],
        )


def counted(page: Page, verdict: Verdict, *, explain: bool) -> None:
    """Show whose opinion counts, and whose does not and why."""
    if not verdict.opinions:
        return
    good = sum(opinion.counts for opinion in verdict.opinions)
    page.title("Whose word counts", f"{good} of {count(len(verdict.opinions), 'opinion')}")
    shown = verdict.opinions if explain else verdict.opinions[:PEOPLE]
    for opinion in shown:
        _opinion(page, opinion, explain=explain)
    _rest(page, len(verdict.opinions) - len(shown), "opinion")


def _opinion(page: Page, opinion: Opinion, *, explain: bool) -> None:
    did = _DID.get(opinion.state, f"{opinion.state}:")
    said = f"{opinion.who} {did} {reading.short(opinion.commit, 'nothing')}"
    if explain:
        after = opinion.seconds_after_opening
        late = f", {count(after, 'second')} after opening" if after is not None else ""
        said += f" ({opinion.at}{late})"
    if not opinion.counts:
        said += f"; it does not count ({opinion.code})"
    if opinion.reason:
        said += f": {opinion.reason}"
    glyph, style = ("met", "green") if opinion.counts else ("skipped", "dim")
    page.prose(page.quote(said), indent=4, first=["  ", (getattr(page.glyphs, glyph), style), " "])


def interested(page: Page, verdict: Verdict, *, explain: bool) -> None:
    """Show who has a part in the change, and so cannot approve it."""
    if not verdict.interested:
        return
    page.title("Who has a part in it", "and so cannot approve it")
    shown = verdict.interested if explain else verdict.interested[:PEOPLE]
    for one in shown:
        grounds = [
            f"{ground.role} ({ground.grade.value})" + (f", {ground.evidence}" if explain else "")
            for ground in one.grounds
        ]
        said = "; ".join(dict.fromkeys(grounds))
        account = f" (account {one.account})" if explain and one.account is not None else ""
        lead: list[str | tuple[str, str]] = ["  ", (page.glyphs.unmet, "dim"), " "]
        page.prose(f"{page.quote(one.who)}{account}: {page.quote(said)}", indent=4, first=lead)
    _rest(page, len(verdict.interested) - len(shown), "person", "people")


def unlocking(page: Page, verdict: Verdict, *, explain: bool) -> None:
    """Show the smallest sets of people whose approval would allow the change."""
    if verdict.outcome is Outcome.ALLOWED or not (verdict.unlocking or verdict.unlocking_note):
        return
    size = len(verdict.unlocking[0]) if verdict.unlocking else 0
    aside = f"{count(size, 'further approval')}" if size else ""
    page.title("Who could unlock it", aside)
    shown = verdict.unlocking if explain else verdict.unlocking[:SETS]
    for each in shown:
        page.prose(_names(page, each, link="and"), indent=4, first=["  ", (page.glyphs.arrow, "green"), " "])
    _rest(page, len(verdict.unlocking) - len(shown), "such set")
    if verdict.unlocking_note:
        page.prose(page.quote(verdict.unlocking_note), indent=2, first=["  "], style="dim")


def suggested(page: Page, verdict: Verdict, *, explain: bool) -> None:
    """Show whom to ask, and why them."""
    if verdict.outcome is Outcome.ALLOWED or not verdict.suggested:
        return
    page.title("Whom to ask")
    for number, one in enumerate(verdict.suggested, 1):
        reasons = one.reasons if explain else one.reasons[:EVIDENCE]
        said = "; ".join(reasons)
        page.prose(f"{page.quote(one.who)}: {page.quote(said)}", indent=5, first=[f"  {number}."])
        if explain and one.clauses:
            page.prose(
                f"counts towards: {page.quote('; '.join(one.clauses))}",
                indent=7,
                first=["     ", (page.glyphs.dot, "dim"), " "],
            )


def owed(page: Page, verdict: Verdict) -> None:
    """Show what is owed afterwards."""
    if not verdict.obligations:
        return
    page.title("What is owed afterwards")
    for one in verdict.obligations:
        glyph, style = ("met", "green") if one.met else ("failed", "yellow")
        said = f"{page.quote(one.what)}, by {page.quote(one.due)}"
        if one.who:
            said += f", from {_names(page, one.who, link='or')}"
        page.prose(f"{said}.", indent=4, first=["  ", (getattr(page.glyphs, glyph), style), " "])


def _evidence(page: Page, told: Sequence[str], indent: int, *, explain: bool) -> None:
    for each in told if explain else told[:EVIDENCE]:
        page.prose(page.quote(each), indent=indent + 2, first=[" " * indent, (page.glyphs.dot, "dim"), " "])
    if not explain:
        _rest(page, len(told) - EVIDENCE, "more", "more", indent=indent + 2)


def _names(page: Page, told: Iterable[str], most: int | None = None, *, link: str = "or") -> str:
    """Write names as a list in a sentence, at most so many."""
    names = [page.quote(each) for each in told]
    if most is not None and len(names) > most:
        names = [*names[:most], f"{len(names) - most:,} more"]
    return f" {link} ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _rest(page: Page, number: int, one: str, many: str = "", *, indent: int = 2) -> None:
    if number > 0:
        said = f"and {number:,} more" if one == "more" else f"and {count(number, one, many)} more"
        page.line(" " * indent, (said, "dim"))
