"""Who owns what, in words and as JSON: the answers of ``riskbot owners``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len

from riskbot.domain.errors import place
from riskbot.report import escape
from riskbot.report.page import Page


@dataclass(frozen=True, slots=True)
class Oddity:
    """One lint: what is odd, and where."""

    code: str
    message: str
    file: str
    line: int | None = None
    column: int | None = None

    @property
    def place(self) -> str:
        """``file:line:column``, as far as known."""
        return place(self.file, self.line, self.column)


@dataclass(frozen=True, slots=True)
class Answer:
    """Who owns one path, by which line; ``owners`` is empty where nobody does.

    ``file`` is the owners file that decided, where there can be several of them.
    """

    path: str
    owners: Sequence[str]
    line: int | None = None
    pattern: str | None = None
    file: str | None = None
    oddities: Sequence[Oddity] = field(default=())

    @property
    def codes(self) -> list[str]:
        """The codes of what is odd, each once."""
        return list(dict.fromkeys(oddity.code for oddity in self.oddities))


def as_json(answers: Sequence[Answer]) -> str:
    """Write a list of ``{"path", "owners", "line", "pattern", "lints"}``, in the order asked.

    ``file`` is among them where there can be several owners files.
    """
    return _json([_row(answer) for answer in answers])


def _row(answer: Answer) -> dict[str, object]:
    file = {} if answer.file is None else {"file": escape.path(answer.file)}
    return {
        "path": escape.path(answer.path),
        "owners": [escape.prose(owner) for owner in answer.owners],
        **file,
        "line": answer.line,
        "pattern": None if answer.pattern is None else escape.prose(answer.pattern),
        "lints": answer.codes,
    }


def oddities_as_json(oddities: Sequence[Oddity]) -> str:
    """Write a list of ``{"code", "message", "file", "line", "column"}``."""
    return _json(
        [
            {
                "code": oddity.code,
                "message": escape.prose(oddity.message),
                "file": escape.path(oddity.file),
                "line": oddity.line,
                "column": oddity.column,
            }
            for oddity in oddities
        ]
    )


def _json(rows: list[dict[str, object]]) -> str:
    """One row a line, so that it reads well and compares well."""
    lines = (escape.json_text(json.dumps(row, ensure_ascii=False)) for row in rows)
    return "[\n  " + ",\n  ".join(lines) + "\n]\n" if rows else "[]\n"


def as_text(answers: Sequence[Answer], *, color: bool, width: int, unicode: bool = True) -> str:
    """Write a table: path, owners, and the line and pattern that decided. What is odd follows it, once."""
    page = Page(color=color, width=width, unicode=unicode)
    rows = [(page.quote(answer.path), _owners(page, answer), _decided(page, answer)) for answer in answers]
    room = page.width - 4
    path = min(max(4, *(cell_len(row[0]) for row in rows), 0), max(16, room * 2 // 5))
    owners = min(max(6, *(cell_len(row[1]) for row in rows), 0), max(12, (room - path) // 2))
    page.line(
        (page.column("path", path), "bold"),
        "  ",
        (page.column("owners", owners), "bold"),
        "  ",
        ("decided by", "bold"),
    )
    for answer, row in zip(answers, rows, strict=True):
        page.line(
            page.column(row[0], path),
            "  ",
            (page.column(row[1], owners), "green" if answer.owners else "yellow"),
            "  ",
            (row[2], "dim"),
        )
    odd = list(dict.fromkeys(oddity for answer in answers for oddity in answer.oddities))
    if odd:
        page.title("odd", "what the lines that decide, or seem meant for these paths, say")
        _list(page, odd)
    return page.written()


def oddities_as_text(oddities: Sequence[Oddity], *, color: bool, width: int, unicode: bool = True) -> str:
    """Write what is odd, one paragraph each."""
    page = Page(color=color, width=width, unicode=unicode)
    _list(page, oddities)
    if not oddities:
        page.line("Nothing is odd.")
    return page.written()


def _owners(page: Page, answer: Answer) -> str:
    return page.quote(" ".join(answer.owners)) if answer.owners else "nobody"


def _decided(page: Page, answer: Answer) -> str:
    file = [] if answer.file is None else [page.quote(answer.file)]
    line = [] if answer.line is None else [f"line {answer.line}"]
    pattern = [] if answer.pattern is None else [page.quote(answer.pattern)]
    return ": ".join([" ".join(file + line), *pattern]) if file or line else "no line"


def _list(page: Page, oddities: Sequence[Oddity]) -> None:
    for oddity in oddities:
        words = page.quote(f"{oddity.place}: {oddity.message}")
        page.prose(f"{words} ({oddity.code})", indent=2, first=("  ",))
