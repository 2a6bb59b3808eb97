"""Every rule that riskbot would judge a repository's changes by, and what the repository says of it."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from riskbot.domain.errors import UsageError

if TYPE_CHECKING:
    from riskbot.detect.adjust import Adjustments, Suppression
    from riskbot.detect.rules import Pack
    from riskbot.domain.finding import Rule, Severity


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: which engine or detector looks for it, in which languages, and what the base changes."""

    rule: Rule
    pack: str
    engine: str
    languages: tuple[str, ...]
    severity: Severity
    suppressions: tuple[Suppression, ...]

    @property
    def overridden(self) -> bool:
        """Whether the base gives it another severity than its own."""
        return self.severity is not self.rule.severity


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which repository is meant."""
    parser.add_argument(
        "--repo",
        metavar="PATH",
        help="the repository whose own rules count, too (default: here, if it is one)",
    )
    parser.add_argument("--rev", metavar="REV", help="read its rules and adjustments at REV (default: HEAD)")


def rows(arguments: argparse.Namespace) -> list[Row]:
    """List all rules, packs first, then the detectors' own tables; each sorted by id."""
    from riskbot import toolbox
    from riskbot.detect.adjust import NOTHING
    from riskbot.detect.rules import load
    from riskbot.outside import bundled

    pack, adjustments = None, NOTHING
    git = _repository(arguments)
    if git is not None:
        from riskbot import settings
        from riskbot.gather.charter import read_charter
        from riskbot.gather.limits import Limits

        revision = git.resolve(arguments.rev) if arguments.rev else git.head()
        with git.blobs() as blobs:
            charter = read_charter(git, revision, blobs, Limits())
        pack = toolbox.own_rules(settings.load(charter), charter, git)
        adjustments = toolbox.adjustments_of(charter, pack)
    return _rows(pack or load(bundled.folder("rules")), adjustments)


def _repository(arguments: argparse.Namespace):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Open the repository that is named, or the one around the current folder where there is one."""
    from riskbot.outside.git import Git

    if arguments.repo:
        return Git.open(Path(arguments.repo))
    try:
        return Git.open(Path())
    except UsageError:
        if arguments.rev:
            raise
        return None


def _rows(pack: Pack, adjustments: Adjustments) -> list[Row]:
    from riskbot.detect.rules.tables import tables

    severities = dict(adjustments.severities)

    def row(rule: Rule, group: str, engine: str, languages: tuple[str, ...]) -> Row:
        said = tuple(one for one in adjustments.suppressions if one.rule == rule.id)
        return Row(rule, group, engine, languages, severities.get(rule.id, rule.severity), said)

    packed = [
        row(rule, rule.pack, pack.detectors.get(rule.id, "semgrep"), pack.languages.get(rule.id, ()))
        for rule in pack.rules.values()
    ]
    tabled = [row(rule, detector, detector, ()) for rule, detector in tables().values()]
    order = {
        name: number for number, name in enumerate(dict.fromkeys(one.pack for one in (*packed, *tabled)))
    }
    return sorted((*packed, *tabled), key=lambda one: (order[one.pack], one.rule.id))
