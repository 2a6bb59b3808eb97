"""The policy language's own scalar types, for :mod:`riskbot.written.typed` to build."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from riskbot.judge.language.calendar import Moment, Zone
from riskbot.judge.language.declarations import Duration
from riskbot.judge.people.who import Who
from riskbot.written import typed
from riskbot.written.glob import Glob
from riskbot.written.marked import Node
from riskbot.written.typed import only

__all__ = ["convert", "only"]

T = TypeVar("T")

# Each says in its ValueError what would be right.
_BUILD: dict[type, Callable[[str], object]] = {
    Glob: Glob,
    Who: Who.parse,
    Duration: Duration,
    Zone: Zone,
    Moment: Moment,
}


def convert(node: Node, kind: type[T]) -> T:
    """Check ``node`` against ``kind`` and build it; see :func:`riskbot.written.typed.convert`."""
    return typed.convert(node, kind, _BUILD)
