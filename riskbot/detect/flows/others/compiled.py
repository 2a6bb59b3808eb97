"""Zones as taint rules of semgrep: for languages that the engine does not read, or beside it.

Semgrep follows data within a function, so these rules find less than the engine finds in Python. A rule
stands for one source pattern and one sink, since semgrep does not say which source it came from. The options
and propagators are those that found most of a labelled set without more false ones:
``taint_assume_safe_functions`` is left out, because it loses formatting and lookups
(https://semgrep.dev/docs/writing-rules/data-flow/taint-mode).
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from riskbot.detect.flows.language.taxonomy import accepted
from riskbot.detect.flows.names import CLASSES, MADE, also
from riskbot.detect.flows.others.dialects import DIALECTS, Dialect
from riskbot.domain.zones import Sink, Zone, Zones

Rule = dict[str, Any]
Pattern = dict[str, Any]

_OPTIONS = {"symbolic_propagation": True, "taint_assume_safe_comparisons": True}
_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ .:/-]*")
_STRING = r"[A-Za-z]{0,2}[\"'`]+"  # how a literal begins: quotes, perhaps after a letter such as f


@dataclass(slots=True)
class Compiled:
    """The rules, and by their ids: zone, source pattern and sink; ``origins`` find the sources themselves.

    ``unsaid`` names what of the zones these rules cannot say, each with its languages.
    """

    rules: list[Rule] = field(default_factory=list)
    flows: dict[str, tuple[Zone, str, Sink]] = field(default_factory=dict)
    origins: dict[str, tuple[Zone, str]] = field(default_factory=dict)
    unsaid: dict[str, list[str]] = field(default_factory=dict)


def languages() -> tuple[str, ...]:
    """List all languages that zones can be compiled for."""
    return tuple(dialect.language for dialect in DIALECTS)


def compile_zones(zones: Zones, wanted: Sequence[str], today: date | None = None) -> Compiled:
    """Write the rules for some languages; ``today`` decides which exceptions still count."""
    result = Compiled()
    day = (today or datetime.now(UTC).date()).isoformat()
    for dialect in DIALECTS:
        if dialect.language in wanted:
            for zone in zones.zones:
                _Writer(dialect, zone, day, result).write()
    return result


def merged(compiled: Compiled) -> list[Rule]:
    """Put the rules of one zone, sink and language together, as somebody would write them by hand."""
    together: dict[str, Rule] = {}
    for rule in compiled.rules:
        if rule["mode"] != "taint":
            continue
        zone, _, sink = compiled.flows[rule["id"]]
        name = f"zone.{zone.id}.{sink.name}.{rule['languages'][0]}"
        known = together.get(name)
        if known is None:
            together[name] = {**rule, "id": name, "pattern-sources": list(rule["pattern-sources"])}
        else:
            known["pattern-sources"] += rule["pattern-sources"]
    return list(together.values())


class _Writer:
    """Writes the rules of one zone for one language."""

    def __init__(self, dialect: Dialect, zone: Zone, today: str, result: Compiled) -> None:
        self._dialect, self._zone, self._today, self._result = dialect, zone, today, result

    def write(self) -> None:
        sources = list(self._sources())
        sinks = [(sink, patterns) for sink in self._zone.sinks if (patterns := list(self._sink(sink)))]
        if not sinks:
            return
        for number, (source, patterns) in enumerate(sources):
            stem = f"{self._dialect.language}.{self._zone.id}.{number}"
            self._result.origins[stem] = (self._zone, source)
            self._result.rules.append(self._rule(stem, "search", {"pattern-either": patterns}))
            for sink, places in sinks:
                name = f"{stem}.{sink.name}"
                self._result.flows[name] = (self._zone, source, sink)
                self._result.rules.append(self._taint(name, patterns, places, sink))

    def _rule(self, name: str, mode: str, body: Rule) -> Rule:
        return {
            "id": name,
            "languages": [self._dialect.language],
            "severity": "ERROR" if self._zone.mode.value == "enforce" else "WARNING",
            "message": f"Data of the zone {self._zone.id} ({self._zone.data_category}).",
            "mode": mode,
            **body,
        }

    def _taint(self, name: str, sources: list[Pattern], sinks: list[Pattern], sink: Sink) -> Rule:
        body: Rule = {
            "options": dict(_OPTIONS),
            "metadata": {"zone": self._zone.id, "sink": sink.name, "category": self._zone.data_category},
            "pattern-sources": list(sources),
            "pattern-sinks": list(sinks),
            "pattern-propagators": [
                {"pattern": pattern, "from": "$FROM", "to": "$TO"} for pattern in self._dialect.propagators
            ],
        }
        cleaning = [
            each for one in self._zone.reclassifiers if not self._over(one.until) for each in _named(one.call)
        ]
        if cleaning:
            body["pattern-sanitizers"] = cleaning
        rule = self._rule(name, "taint", body)
        rule["message"] = f"Data of the zone {self._zone.id} reaches the sink {sink.name}."
        return rule

    def _over(self, until: str | None) -> bool:
        return until is not None and until < self._today

    def _sources(self) -> Iterator[tuple[str, list[Pattern]]]:
        """Give each source pattern of the zone with semgrep's patterns for it."""
        sources = self._zone.sources
        for name in (*sources.calls, *sources.functions):
            yield name, [*_named(name), *self._parts(name)]
        for name in (*sources.attributes, *sources.columns):
            yield from self._said(name, self._attribute(name))
        for key in sources.keys:
            yield from self._said(key, self._key(key))
        for name in sources.parameters:
            yield from self._said(name, self._parameter(name))
        for name in sources.types:
            yield from self._said(name, self._type(name))
        for name in sources.decorators:
            yield from self._said(name, [])

    def _parts(self, name: str) -> list[Pattern]:
        """Write what is cut out of a variable that holds what the call gives."""
        if not self._dialect.parts:
            return []
        held = [f"$WHOLE = {one}(...)\n..." for one in _names(name)]
        return [
            {
                "patterns": [
                    {"pattern-either": [{"pattern": one} for one in self._dialect.parts]},
                    {"pattern-either": [{"pattern-inside": one} for one in held]},
                ]
            }
        ]

    def _said(self, name: str, patterns: list[Pattern]) -> Iterator[tuple[str, list[Pattern]]]:
        if patterns:
            yield name, patterns
        else:
            self._unsaid(f"the source {name} of {self._zone.id}")

    def _unsaid(self, what: str) -> None:
        told = self._result.unsaid.setdefault(what, [])
        if self._dialect.language not in told:
            told.append(self._dialect.language)

    def _type(self, name: str) -> list[Pattern]:
        last = _last(name)
        if last.startswith("$"):
            return []
        held: list[Pattern] = [{"pattern": _filled(one, name=last)} for one in self._dialect.typed]
        for one in self._dialect.annotated:
            inside = {"pattern-inside": _filled(one, name=last)}
            held.append({"patterns": [inside, {"focus-metavariable": "$P"}]})
        return held

    def _attribute(self, name: str) -> list[Pattern]:
        owner, _, last = name.rpartition(".")
        if not owner or owner.startswith("$"):
            return [] if last.startswith("$") else [{"pattern": f"$ANY.{last}"}]
        return [{"pattern": _filled(one, owner=_last(owner), name=last)} for one in self._dialect.member]

    def _key(self, key: str) -> list[Pattern]:
        """Keys are put between quotes, where semgrep gives a few texts a meaning of their own."""
        if not _KEY.fullmatch(key):
            return []
        patterns: list[Pattern] = [{"pattern": _filled(one, key=key)} for one in self._dialect.keys]
        if self._dialect.unpacked is not None and key.isidentifier():
            patterns.append({"pattern": f"$ANY.{key}"})
            unpacked = {"pattern-inside": _filled(self._dialect.unpacked, key=key)}
            patterns.append({"patterns": [unpacked, {"focus-metavariable": "$VALUE"}]})
        return patterns

    def _parameter(self, name: str) -> list[Pattern]:
        owner, _, last = name.rpartition(".")
        plain = not owner or owner.startswith("$")
        shapes = self._dialect.parameters if plain else self._dialect.parameters_of
        written = [_filled(shape, owner=_last(owner)) for shape in shapes]
        if last.startswith("$"):
            return []
        regex = {"metavariable": "$P", "regex": f"^{re.escape(last)}$"}
        return [
            {
                "patterns": [
                    {"pattern-either": [{"pattern-inside": shape} for shape in written]},
                    {"focus-metavariable": "$P"},
                    {"metavariable-regex": regex},
                ]
            }
        ]

    def _sink(self, sink: Sink) -> Iterator[Pattern]:
        """Give semgrep's patterns of a sink; none of one that accepts the zone's data."""
        over = self._over(sink.until)
        if not over and accepted(self._zone.data_category, sink.accepts):
            return
        prefixes = () if over else sink.allow_literal_prefix
        for name in sink.calls:
            yield from self._calls(name, sink.arguments, prefixes)
        if sink.raises:
            for shape in self._dialect.raised:
                yield {"patterns": [{"pattern": shape}, {"focus-metavariable": "$RAISED"}]}
        for name in sink.return_of_decorated:
            yield from self._returned(name, sink)
        for name in sink.columns:
            self._unsaid(f"the column {name} of the sink {sink.name}")

    def _calls(self, name: str, arguments: Sequence[str], prefixes: Sequence[str]) -> Iterator[Pattern]:
        """Write a call, or those of its arguments that are looked at."""
        written_so = [*_names(name), *(_made(name) if self._dialect.language == "python" else ())]
        if not arguments and not prefixes:
            yield from ({"pattern": f"{one}(...)"} for one in written_so)
            return
        for written in written_so:
            whole = _but_allowed(written, prefixes)
            for shape in self._arguments(name, arguments) if arguments else ():
                call = {"pattern": _filled(shape, name=written)}
                yield {"patterns": [call, *whole, {"focus-metavariable": "$ARGUMENT"}]}
            if not arguments:
                yield {"patterns": whole}

    def _arguments(self, name: str, arguments: Sequence[str]) -> Iterator[str]:
        """Give the shape of a call with each argument that is looked at as ``$ARGUMENT``."""
        for one in arguments:
            if one.isdecimal():
                before = "".join(f"$SKIPPED{at}, " for at in range(int(one)))
                yield "{name}(" + before + "$ARGUMENT, ...)"
            elif self._dialect.keyword is not None:
                yield _filled(self._dialect.keyword, key=one)
            else:
                self._unsaid(f"the argument {one} of {name}")

    def _returned(self, name: str, sink: Sink) -> Iterator[Pattern]:
        shape, last = self._dialect.returned, _last(name)
        if shape is None or (last.startswith("$")):
            self._unsaid(f"what {name} decorates, of the sink {sink.name}")
            return
        inside = _filled(shape, name=name if self._dialect.language == "python" else last)
        returned = "return $RETURNED" + (";" if self._dialect.language == "java" else "")
        yield {
            "patterns": [
                {"pattern-inside": inside},
                {"pattern": returned},
                {"focus-metavariable": "$RETURNED"},
            ]
        }


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _names(name: str) -> list[str]:
    """Write a name as it stands, and as the end of a longer one; a builtin's name is only itself."""
    return [name] if name.startswith("$") or hasattr(builtins, name) else [name, f"$ANY.{name}"]


def _made(name: str) -> Iterator[str]:
    """Write a method of what a library makes: ``logging.info`` is ``logging.getLogger(...).info`` too."""
    makers = {**MADE, **{one: one for one in CLASSES}}
    for maker, made in makers.items():
        for other in also(made):
            if name.startswith(f"{other}."):
                yield f"{maker}(...){name[len(other) :]}"


def _named(name: str) -> list[Pattern]:
    return [{"pattern": f"{one}(...)"} for one in _names(name)]


def _but_allowed(name: str, prefixes: Sequence[str]) -> list[Pattern]:
    """Write a call but for those whose first argument is a literal that begins with one of the prefixes."""
    if not prefixes:
        return [{"pattern": f"{name}(...)"}]
    regex = f"^(?!{_STRING}(?:{'|'.join(map(re.escape, prefixes))}))"
    first = {"pattern": f"{name}($FIRST, ...)"}
    other = [first, {"metavariable-regex": {"metavariable": "$FIRST", "regex": regex}}]
    without = [{"pattern": f"{name}(...)"}, {"pattern-not": first["pattern"]}]
    return [{"pattern-either": [{"patterns": other}, {"patterns": without}]}]


def _filled(shape: str, **parts: str) -> str:
    """Put names into a template; braces of the languages themselves stay."""
    for key, value in parts.items():
        shape = shape.replace(f"{{{key}}}", value)
    return shape
