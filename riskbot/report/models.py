"""What a model is, in words and as JSON: the answer of ``riskbot model info``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from riskbot.report.escape import json_text
from riskbot.report.page import Page
from riskbot.report.reading import count

_WORD = 11
_FIGURES = 40
"""So many figures are shown; the JSON has all."""


@dataclass(frozen=True, slots=True)
class Told:
    """A model as its folder tells: ``files`` has the size in bytes of each file that scoring reads."""

    name: str
    version: str
    sha256: str
    folder: str
    reference: str
    schema: int
    features: tuple[str, ...]
    files: Mapping[str, int]
    metrics: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Figure:
    """One measured figure, with what was asked of it, where anything was."""

    text: str
    value: str
    interval: str = ""
    wanted: str = ""
    met: bool | None = None


def as_json(told: Told) -> str:
    """Write everything, the measures as they are."""
    import json

    return json_text(json.dumps(asdict(told), indent=2, ensure_ascii=False)) + "\n"


def as_text(told: Told, *, color: bool, width: int, unicode: bool) -> str:
    """Write it for a person: who it is, what it reads, and how well it was measured to do."""
    page = Page(color=color, width=width, unicode=unicode)
    megabytes = sum(told.files.values()) / 1e6
    page.line((page.quote(told.name), "bold"), f"  version {page.quote(told.version)}")
    page.gap()
    for word, said in (
        ("hash", told.sha256),
        ("folder", told.folder),
        ("size", f"{megabytes:.1f} MB in {count(len(told.files), 'file')}"),
        ("compared", f"percentiles are those of {told.reference}"),
        (
            "features",
            f"{count(len(told.features), 'number')}, version {told.schema}: {', '.join(told.features)}",
        ),
    ):
        page.prose(page.quote(said), indent=_WORD + 2, first=["  ", (f"{word:<{_WORD}}", "dim")])
    _figures(page, list(_measured(told.metrics)))
    return page.written()


def _figures(page: Page, figures: list[_Figure]) -> None:
    if not figures:
        return
    page.title("Measured", "95 % intervals in brackets; the card says on what")
    room = max(20, page.width - 50)
    for one in figures[:_FIGURES]:
        style = {True: "green", False: "yellow", None: ""}[one.met]
        asked = {True: f"met ({one.wanted})", False: f"not met ({one.wanted})", None: one.wanted}[one.met]
        page.line(
            "  ",
            page.column(page.quote(one.text), room),
            (f"{one.value:>9}", style),
            f" {one.interval:<18} ",
            (page.quote(asked), style),
        )
    if len(figures) > _FIGURES:
        page.line((f"  and {count(len(figures) - _FIGURES, 'more figure')}; --json writes all", "dim"))


def _measured(metrics: Mapping[str, Any]) -> Iterator[_Figure]:
    """Take the figures that were asked for, or, of a model without such, those of its test."""
    targets = metrics.get("targets")
    if isinstance(targets, list):
        yield from (_target(one) for one in targets if isinstance(one, Mapping))
        return
    test = metrics.get("test")
    if not isinstance(test, Mapping):
        return
    intervals = test.get("intervals_95", {})
    for name, value in _flat(test.get("model", {})):
        yield _Figure(name, _number(value), _span(intervals.get(name)))


def _target(told: Mapping[str, Any]) -> _Figure:
    met = told.get("met")
    return _Figure(
        str(told.get("text", "")),
        _number(told.get("value")),
        _span(told.get("interval_95")),
        str(told.get("wanted", "")),
        met if isinstance(met, bool) else None,
    )


def _flat(told: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(told, Mapping):
        for key, value in told.items():
            yield from _flat(value, f"{name} {key}".strip())
    elif isinstance(told, int | float):
        yield name, told


def _number(told: Any) -> str:
    if isinstance(told, bool) or not isinstance(told, int | float):
        return "unknown"
    return f"{told:,}" if isinstance(told, int) else f"{told:.4f}"


def _span(told: Any) -> str:
    if not isinstance(told, list) or len(told) != 2:
        return ""
    return f"[{_number(told[0])}, {_number(told[1])}]"
