"""The list of checks. A family of checks is one module with a ``check``; it works once it stands here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import libcst as cst

from riskbot.detect.structure import (
    access,
    complexity,
    constants,
    definitions,
    effects,
    exceptions,
    fields,
    guards,
    imports,
    migrations,
    signatures,
    testing,
)
from riskbot.detect.structure.compare import FilePair, Relation
from riskbot.detect.structure.outline import Kind
from riskbot.detect.structure.world import Hit, World, is_test

FILE_CHECKS: tuple[Callable[[FilePair, World], Iterator[Hit]], ...] = (
    guards.check,
    access.check,
    exceptions.check,
    constants.check,
    effects.check,
    migrations.check,
    signatures.check,
    fields.check,
    definitions.check,
    testing.check,
    complexity.check,
)
CHANGE_CHECKS: tuple[Callable[[World], Iterator[Hit]], ...] = (testing.check_change, imports.check_change)


def shape(home: FilePair) -> dict[str, int]:
    """The counts of a FileShape: definitions by what happened to them, and deltas of what was read."""
    counts: Counter[str] = Counter()
    for pair in home.pairs:
        both = bool(pair.before and pair.after)
        if pair.piece.kind is not Kind.STATEMENT:
            if pair.relation in {Relation.ADDED, Relation.REMOVED}:
                counts[pair.relation.value] += 1
            elif both and pair.same:
                counts["cosmetic"] += 1
            else:
                counts["changed"] += 1
            counts["moved"] += pair.relation is Relation.MOVED
        if pair.same_text or (is_test(home.path) and not both):
            continue  # whole new or removed tests are counted, not read
        old, new = pair.old, pair.new
        before, after = (0 if unit is None else complexity.cyclomatic(unit) for unit in (old, new))
        touched = after if new else before
        counts["complexity"] += after - before
        counts["touched"] += touched
        counts["hardest"] = max(counts["hardest"], touched)
        counts["asserts"] += (len(new.of(cst.Assert)) if new else 0) - (len(old.of(cst.Assert)) if old else 0)
    return dict(counts)
