"""What a change does to dependencies: its manifests and lock files, before against after."""

from __future__ import annotations

from collections.abc import Iterator

from riskbot.detect.dependencies import entries, sources
from riskbot.detect.dependencies.pairs import Pair, Scene, scene
from riskbot.detect.dependencies.told import Told, finding
from riskbot.detect.rules import native
from riskbot.domain.change import Change, Omission
from riskbot.domain.finding import Detection

_STEP = "dependencies"
_MOST = 40  # findings of one rule in one file; a lock file written anew has thousands of changes


def look(change: Change) -> Detection:
    """Compare every manifest and lock file of the change, before against after."""
    omissions: list[Omission] = []
    whole = scene(change, omissions)
    told = [one for pair in whole.pairs for one in _pair(pair, whole)]
    told += [one for file in change.files for one in (*sources.configured(file), *sources.started(file))]
    if not told:
        return Detection(omissions=tuple(omissions))
    rules = native(_STEP)
    kept = _bounded(told)
    fired = {one.rule for one in kept}
    return Detection(
        tuple(finding(one, rules[one.rule], _STEP) for one in kept),
        tuple(omissions),
        rules=tuple(rule for rule in rules.values() if rule.id in fired),
    )


def _pair(pair: Pair, whole: Scene) -> Iterator[Told]:
    yield from sources.indexes(pair)
    yield from sources.hooks(pair)
    if pair.kind.is_lock:
        yield from sources.locked(pair)
        yield from sources.sources(pair)
        yield from sources.gone(pair, whole.pairs)
    else:
        yield from entries.entries(pair, whole)
        yield from sources.out_of_step(pair, whole)


def _bounded(told: list[Told]) -> list[Told]:
    """Keep the first of each rule and file; the last one kept says how many more there are."""
    groups: dict[tuple[str, str], list[Told]] = {}
    for one in told:
        groups.setdefault((one.rule, one.path), []).append(one)
    kept = []
    for group in groups.values():
        kept += group[:_MOST]
        if len(group) > _MOST:
            last = group[_MOST - 1]
            words = f"{last.sentence} There are {len(group) - _MOST:,} more in this file."
            kept[-1] = Told(
                last.rule,
                last.path,
                last.line,
                words,
                last.matched,
                last.severity,
                last.confidence,
                last.side,
            )
    return kept
