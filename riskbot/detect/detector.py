"""The detector protocol, and running all of them: each in a cell of its own, a crash a Failure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from riskbot.detect.cell import Alive, Limits, cells
from riskbot.detect.marks import mark_changed
from riskbot.domain.change import Change
from riskbot.domain.finding import Detection, Finding, Rule

MEMORY_BYTES = 2 * 2**30  # semgrep alone maps about 1 GiB for a few files; a hostile file takes 0.6 GB of it


class Detector(Protocol):
    """Looks at a change for one kind of thing.

    ``name`` stands in every finding's ``detector`` and in Failures. ``run`` is called in a child process
    (forked or spawned: a detector must be picklable), must be deterministic and must not write anywhere
    but to the temporary folder; what it prints is kept for its Failure. An exception is a Failure too.
    """

    @property
    def name(self) -> str:
        """What stands in every finding's ``detector``."""

    def run(self, change: Change) -> Detection:
        """Look at the change: findings, omissions (what could not be looked at) and the rules that fired."""


class Join(Protocol):
    """Waits for the detectors; ``alive`` is called some ten times a second meanwhile."""

    def __call__(self, alive: Alive | None = None) -> Detection:
        """Merge what all detectors bring."""


@contextmanager
def detecting(
    change: Change, detectors: Sequence[Detector], *, seconds: float, memory_bytes: int = MEMORY_BYTES
) -> Iterator[Join]:
    """Start all detectors at the same time; what is given waits for them and merges what they bring.

    ``seconds`` is the wall time for all, ``memory_bytes`` what each may take beyond what is mapped when it
    starts. Findings come sorted by path, line and rule, with ``on_changed_line`` set from the diff;
    omissions, failures and rules keep the registry's order, each rule once. Never raises for what a
    detector does; leaving kills what still runs.
    """
    with cells(change, detectors, Limits(seconds, memory_bytes)) as join:

        def merged(alive: Alive | None = None) -> Detection:
            return _merge(join(alive), change)

        yield merged


def detect(
    change: Change, detectors: Sequence[Detector], *, seconds: float, memory_bytes: int = MEMORY_BYTES
) -> Detection:
    """Run all detectors and wait for them; see :func:`detecting`."""
    with detecting(change, detectors, seconds=seconds, memory_bytes=memory_bytes) as join:
        return join()


def _merge(parts: Sequence[Detection], change: Change) -> Detection:
    findings = mark_changed(tuple(finding for part in parts for finding in part.findings), change)
    rules: dict[str, Rule] = {}
    for part in parts:
        for rule in part.rules:
            rules.setdefault(rule.id, rule)
    return Detection(
        findings=tuple(sorted(findings, key=_order)),
        omissions=tuple(omission for part in parts for omission in part.omissions),
        failures=tuple(failure for part in parts for failure in part.failures),
        rules=tuple(rules.values()),
        shapes=tuple(shape for part in parts for shape in part.shapes),
        authorship=next((part.authorship for part in parts if part.authorship is not None), None),
    )


def _order(finding: Finding) -> tuple[str, int, str, str, str]:
    where = finding.location
    return (where.path, where.line or 0, finding.rule, finding.fingerprint, finding.message)
