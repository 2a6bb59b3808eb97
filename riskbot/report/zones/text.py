"""Flows -> text for a person: what comes of it, each flow step by step with its code, and a table."""

from __future__ import annotations

from itertools import groupby

from riskbot.domain.zones import Flow, Mode, Step
from riskbot.report import frames
from riskbot.report.counts import count
from riskbot.report.page import Page
from riskbot.report.reading import place
from riskbot.report.zones.checked import Checked

#: How many flows come with their steps, and how many steps of one; the first and the last are among them.
FLOWS = 40
STEPS = 16
OMISSIONS = 12

_MODE = {Mode.ENFORCE: "red", Mode.LOG: "yellow"}
_REMEDIES = (
    "Keep the data away from there.",
    "Let a registered reclassifier take the label off first.",
    "If the place may have it, let the zone's owner say so in the zones file: accepts, allow_literal_prefix.",
)


def render(checked: Checked, *, color: bool = False, width: int = 100, unicode: bool = True) -> str:
    """Write what was found, the flows that hold first."""
    page = Page(color=color, width=width, unicode=unicode)
    _head(page, checked)
    shown = sorted(checked.flows, key=lambda flow: flow.mode is not Mode.ENFORCE)
    for _, flows in groupby(shown[:FLOWS], key=lambda flow: (flow.mode.value, flow.zone)):
        _zone(page, checked, list(flows))
    if len(shown) > FLOWS:
        page.gap()
        page.line((f"  and {count(len(shown) - FLOWS, 'more flow')}; --format json writes all", "dim"))
    if checked.flows:
        _table(page, checked)
        _remedies(page)
    _not_analysed(page, checked)
    return page.written()


def _head(page: Page, checked: Checked) -> None:
    held, told = checked.held, len(checked.flows) - checked.held
    if held:
        name, style = "HELD", "bold white on red"
        words = (
            f"{count(held, 'flow')} of data that {'its zone forbids' if held == 1 else 'their zones forbid'}."
        )
    elif checked.omissions:
        name, style = "INCOMPLETE", "bold black on yellow"
        words = "Not everything could be looked at, so nobody knows that the zones hold."
    else:
        name, style = "CLEAN", "bold black on green"
        words = "No flow that a zone in mode enforce forbids was found."
    badge = f" {name} " if page.color else name
    page.prose(words, indent=len(badge) + 2, first=[(badge, style), "  "], style="bold")
    page.gap()
    if told:
        page.line(("Told    ", "dim"), f"{count(told, 'flow')} of zones in mode log")
    page.line(("Zones   ", "dim"), f"{page.quote(checked.file)}: {count(len(checked.zones.zones), 'zone')}")
    page.line(("Files   ", "dim"), f"{checked.looked_at:,} looked at")


def _zone(page: Page, checked: Checked, flows: list[Flow]) -> None:
    first = flows[0]
    page.title(page.quote(first.zone), f"{page.quote(first.category)}, mode {first.mode.value}")
    for flow in flows:
        _flow(page, checked, flow)


def _flow(page: Page, checked: Checked, flow: Flow) -> None:
    glyph = page.glyphs.unmet if flow.mode is Mode.ENFORCE else page.glyphs.failed
    inside = f" in {page.quote(flow.function)}" if flow.function else ""
    page.line(
        "  ",
        (glyph, f"bold {_MODE[flow.mode]}"),
        " ",
        (page.quote(flow.sink), _MODE[flow.mode]),
        "  ",
        (page.quote(place(flow.file, flow.line)), "bold"),
        (inside, "dim"),
    )
    steps = list(enumerate(flow.path, 1))
    if len(steps) > STEPS + 1:
        half = STEPS // 2
        _steps(page, checked, steps[:half])
        page.line((f"      {count(len(steps) - STEPS, 'step')} between", "dim"))
        steps = steps[-half:]
    _steps(page, checked, steps)
    page.gap()


def _steps(page: Page, checked: Checked, steps: list[tuple[int, Step]]) -> None:
    """Show steps, those of one line together, with the line itself below them."""
    for (file, line), group in groupby(steps, key=lambda one: (one[1].file, one[1].line)):
        for number, step in group:
            page.prose(
                f"{page.quote(place(file, line))} {page.quote(step.what)}",
                indent=8,
                first=["    ", (f"{number:>3} ", "dim")],
            )
        raw = checked.code.get((file, line))
        if raw is not None:
            frames.write(page, [frames.CodeLine(line, "", frames.shown(raw.lstrip()), "")], indent=8)


def _table(page: Page, checked: Checked) -> None:
    rows = checked.counted()
    head = ("zone", "sink", "mode", "flows")
    cells = [(page.quote(zone), page.quote(sink), mode, f"{number:,}") for zone, sink, mode, number in rows]
    widths = [min(32, max(len(row[at]) for row in [head, *cells])) for at in range(4)]
    page.title("Flows by zone and sink")
    page.line((_row(page, head, widths), "dim"))
    for cell in cells:
        page.line((_row(page, cell, widths), "red" if cell[2] == Mode.ENFORCE.value else ""))


def _row(page: Page, cells: tuple[str, ...], widths: list[int]) -> str:
    *words, number = cells
    parts = [page.column(word, width) for word, width in zip(words, widths, strict=False)]
    return "  " + "  ".join([*parts, number.rjust(widths[-1])])


def _remedies(page: Page) -> None:
    page.title("Three ways to mend a flow")
    for number, words in enumerate(_REMEDIES, 1):
        page.prose(words, indent=4, first=["  ", f"{number} "])


def _not_analysed(page: Page, checked: Checked) -> None:
    if not checked.omissions:
        return
    page.title("Not analysed", "so it is not known to be clean")
    for omission in checked.omissions[:OMISSIONS]:
        path = f"{page.quote(omission.path)}: " if omission.path else ""
        words = f"{path}{page.quote(omission.reason)}"
        page.prose(words, indent=4, first=["  ", (page.glyphs.dot, "dim"), " "])
    if len(checked.omissions) > OMISSIONS:
        page.line((f"    and {count(len(checked.omissions) - OMISSIONS, 'more thing')}", "dim"))
