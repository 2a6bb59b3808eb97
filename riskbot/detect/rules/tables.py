"""Rules that live in a detector's own table instead of a pack: collected, to be listed and told apart."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from riskbot.domain.finding import Rule

_MODULES = {
    "riskbot.detect.adjust": "rules",
    "riskbot.detect.authorship.detector": "authorship",
    "riskbot.detect.charter": "charter",
    "riskbot.detect.flows.edits.changes": "flows",
    "riskbot.detect.flows.edits.marks": "flows",
    "riskbot.detect.flows.rules": "flows",
    "riskbot.detect.structure.rules": "structure",
    "riskbot.detect.text": "text",
}


def tables() -> dict[str, tuple[Rule, str]]:
    """Give every such rule by its id, with the name of its detector."""
    return {
        rule.id: (rule, detector)
        for module, detector in _MODULES.items()
        for rule in _rules(import_module(module))
    }


def _rules(module: object) -> Iterator[Rule]:
    for value in vars(module).values():
        held = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
        yield from (one for one in held if isinstance(one, Rule))
