"""Files of other languages held against the zones: semgrep runs the rules that the zones compile to.

Semgrep tells where data leaves and not the way that it took, so a flow has two steps: the nearest place of
the source above the sink, and the sink.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from riskbot.detect.flows.others.compiled import Compiled, compile_zones
from riskbot.detect.flows.others.dialects import DIALECTS
from riskbot.detect.flows.trees.tree import STEP, Tree
from riskbot.domain.change import Omission, OmissionKind
from riskbot.domain.errors import EvaluationError
from riskbot.domain.zones import Flow, Step, Zones
from riskbot.outside.semgrep import Match, scan
from riskbot.outside.semgrepplan import CANARY_RULE

_LANGUAGES = {ending: one.language for one in DIALECTS for ending in one.endings}
PYTHON = (".py",)
ENDINGS = tuple(ending for ending in _LANGUAGES if ending not in PYTHON)
"""What names of files end in that only semgrep looks at; PYTHON where a team wants it beside the engine."""

SECONDS = 120.0


def check(
    tree: Tree, zones: Zones, paths: Sequence[str], *, seconds: float = SECONDS, new_group: bool = True
) -> tuple[tuple[Flow, ...], tuple[Omission, ...]]:
    """Find the flows in ``paths`` (all of a kind in ENDINGS or PYTHON), and say what could not be looked at.

    ``seconds`` bounds semgrep's run; one that fails leaves every file unlooked at.
    """
    read = [(path, content) for path in paths if (content := tree.read(path)) is not None]
    endings = [_ending(path) for path, _ in read]
    compiled = compile_zones(zones, sorted({_LANGUAGES[ending] for ending in endings}))
    if not compiled.flows or not read:
        return (), ()
    rules = json.dumps({"rules": [*compiled.rules, CANARY_RULE]}).encode()
    contents = [content for _, content in read]
    try:
        found = scan(contents, rules, seconds=seconds, endings=endings, new_group=new_group)
    except EvaluationError as problem:
        kind = OmissionKind.NOT_SCANNED
        return (), tuple(Omission(kind, STEP, problem.message, path) for path, _ in read)
    omissions = [
        Omission(kind, STEP, reason, read[number][0]) for number, (kind, reason) in found.troubles.items()
    ]
    flows = {_key(flow): flow for flow in _flows(found.matches, read, compiled)}
    return tuple(flows.values()), tuple(omissions)


def beside(flows: Iterable[Flow], found: Iterable[Flow]) -> Iterator[Flow]:
    """Give what semgrep found beyond the engine's ``flows``: the same source, sink and line is told once."""
    known = {_key(flow) for flow in flows}
    return (flow for flow in found if _key(flow) not in known)


def _ending(path: str) -> str:
    return "." + path.rpartition(".")[2]


def _key(flow: Flow) -> tuple[str, str, str, str, int]:
    return flow.zone, flow.sink, flow.source, flow.file, flow.line


def _flows(matches: Iterable[Match], read: Sequence[tuple[str, bytes]], compiled: Compiled) -> Iterator[Flow]:
    """Make a flow of each match of a taint rule; matches of sources say where it may begin."""
    found = list(matches)
    origins: dict[tuple[str, int], list[int]] = {}
    for match in found:
        if match.rule in compiled.origins:
            origins.setdefault((match.rule, match.file), []).append(match.start)
    for match in found:
        if match.rule not in compiled.flows:
            continue
        zone, source, sink = compiled.flows[match.rule]
        path, content = read[match.file]
        stem = match.rule.removesuffix(f".{sink.name}")
        starts = sorted(origins.get((stem, match.file), ()))
        begin = max((start for start in starts if start <= match.end), default=match.start)
        line = _line(content, match.start)
        of = f"data of the zone {zone.id} ({zone.data_category})"
        steps = (
            Step(path, _line(content, begin), f"`{source}`: {of}; the nearest such place before the sink"),
            Step(path, line, f"reaches the sink {sink.name} of {zone.id}, as semgrep found"),
        )
        yield Flow(
            zone=zone.id,
            category=zone.data_category,
            sink=sink.name,
            mode=zone.mode,
            file=path,
            line=line,
            source=source,
            function="",
            path=steps,
            engine="semgrep",
        )


def _line(content: bytes, offset: int) -> int:
    return content.count(b"\n", 0, offset) + 1
