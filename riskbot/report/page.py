"""A page of terminal text: lines that fit the width, in glyphs that the terminal can show.

Foreign text enters through :meth:`Page.quote` only. Markup is never parsed: styles are given, not written.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from riskbot.report.escape import terminal

#: Longer pieces of foreign text than this are cut before anything else looks at them.
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The few signs that are not letters."""

    met: str = "\u2713"
    unmet: str = "\u2717"
    failed: str = "!"
    skipped: str = "\u00b7"
    arrow: str = "\u2192"
    pointer: str = "\u276f"
    bar: str = "\u2502"
    dot: str = "\u00b7"
    more: str = "\u2026"
    minus: str = "\u2212"
    full: str = "\u2588"
    left_half: str = "\u258c"
    right_half: str = "\u2590"
    rail: str = "\u2501"
    rest: str = "\u2501"


ASCII = Glyphs(
    met="v",
    unmet="x",
    failed="!",
    skipped="-",
    arrow="->",
    pointer=">",
    bar="|",
    dot="-",
    more="...",
    minus="-",
    full="#",
    left_half="",
    right_half="",
    rail="#",
    rest=".",
)
UNICODE = Glyphs()
#: Without colour the rest of a bar must differ by its shape.
PLAIN = Glyphs(rest="\u254c")


class Page:
    """Collects lines and writes them once, with or without colour."""

    def __init__(self, *, color: bool, width: int, unicode: bool = True) -> None:
        """Start an empty page ``width`` columns wide (at least 40)."""
        self.width = max(40, width)
        self.color = color
        self.unicode = unicode
        self.glyphs = (UNICODE if color else PLAIN) if unicode else ASCII
        self._lines: list[Text] = []
        self._console = Console(
            file=io.StringIO(),
            width=self.width,
            height=25,
            force_terminal=color,
            color_system="standard" if color else None,
            no_color=not color,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
            _environ={},
        )

    def quote(self, foreign: str) -> str:
        """Make foreign text one safe line: the only way in for what others wrote."""
        cut = foreign if len(foreign) <= LONGEST else foreign[:LONGEST] + self.glyphs.more
        return terminal(cut)

    def line(self, *parts: str | tuple[str, str], cut: bool = True) -> None:
        """Add one line of ``text`` or ``(text, style)`` parts; what is too long ends with an ellipsis."""
        text = Text.assemble(*parts, end="", no_wrap=True)
        if cut:
            self._fit(text, self.width)
        text.rstrip()
        self._lines.append(text)

    def gap(self) -> None:
        """Add an empty line, never two."""
        if self._lines and self._lines[-1].plain:
            self._lines.append(Text())

    def title(self, words: str, aside: str = "") -> None:
        """Start a section; an aside that does not fit beside the title stands beneath it."""
        self.gap()
        beside = f"  {aside}" if aside else ""
        if Text(words + beside).cell_len <= self.width:
            self.line((words, "bold"), (beside, "dim"))
            return
        self.prose(words, style="bold")
        if aside:
            self.prose(aside, indent=2, first=["  "], style="dim")

    def prose(
        self, words: str, *, indent: int = 0, first: Sequence[str | tuple[str, str]] = (), style: str = ""
    ) -> None:
        """Add a paragraph: ``first`` stands before its first line, the other lines are indented as far."""
        lead = Text.assemble(*first)
        room = max(16, self.width - indent)
        lead.append(" " * max(0, indent - lead.cell_len))
        for number, wrapped in enumerate(Text(words, style=style).wrap(self._console, room)):
            wrapped.rstrip()
            self._lines.append((lead if number == 0 else Text(" " * indent)) + wrapped)
        if not words:
            self._lines.append(lead)

    def column(self, words: str, width: int) -> str:
        """Cut or pad words to exactly ``width`` columns; wide characters count as two."""
        text = Text(words)
        self._fit(text, width)
        return text.plain + " " * max(0, width - text.cell_len)

    def _fit(self, text: Text, width: int) -> None:
        if text.cell_len > width:
            text.truncate(max(0, width - len(self.glyphs.more)))
            text.append(self.glyphs.more)

    def written(self) -> str:
        """Write the page, ending with one newline."""
        while self._lines and not self._lines[-1].plain.strip():
            self._lines.pop()
        file = self._console.file
        self._console.print(Text("\n").join(self._lines), soft_wrap=True)
        text = str(getattr(file, "getvalue")())  # noqa: B009 (rich declares the file wider than it is)
        return text if self.unicode else _ascii(text)


def _ascii(text: str) -> str:
    return text.replace("\u2212", "-").encode("ascii", "backslashreplace").decode()
