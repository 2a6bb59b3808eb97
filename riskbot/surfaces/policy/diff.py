"""``riskbot policy diff``: which verdicts change from one policy to another."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskbot.domain.errors import UsageError
from riskbot.surfaces import output
from riskbot.surfaces.policy import reading, twins

if TYPE_CHECKING:
    from datetime import datetime

    from riskbot.facts.document import Facts
    from riskbot.judge.cases.contrast import Contrast
    from riskbot.judge.language.policy import Policy


@dataclass(frozen=True, slots=True)
class _Subject:
    """Facts to judge by both policies: what they are called, where they are written, and when."""

    name: str
    place: str
    facts: Facts
    now: datetime


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("old", metavar="OLD", help="a policy's path, or a shipped one's name")
    parser.add_argument("new", metavar="NEW", help="the policy to compare it with")
    parser.add_argument(
        "--cases", metavar="PATH", nargs="+", default=[], help="files of cases, or folders of them"
    )
    parser.add_argument("--facts", metavar="F", nargs="+", default=[], help="facts documents")
    parser.add_argument(
        "--now", metavar="T", help="judge the facts as of this time, RFC 3339 with its offset (default: now)"
    )
    reading.add_includes(parser)
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to write it (default: text)"
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE, whole or not at all")


def run(arguments: argparse.Namespace) -> int:
    """Judge everything by both policies; 0 where no verdict changes, 1 where one does."""
    from riskbot.judge.cases.contrast import contrast

    old = twins.load_policy(arguments.old, arguments.include)
    new = twins.load_policy(arguments.new, arguments.include)
    subjects = [*_cases(arguments.cases), *_facts(arguments.facts, arguments.now)]
    if not subjects:
        raise UsageError("There is nothing to judge.", mend="Give --cases PATH or --facts F.")
    found = [(one, contrast(_verdict(one, old), _verdict(one, new))) for one in subjects]
    changed = [(one, difference) for one, difference in found if not difference.same]
    if arguments.format == "json":
        text = json.dumps(_document(arguments, found), indent=2) + "\n"
    else:
        from riskbot.report.escape import terminal

        text = "".join(f"{terminal(line)}\n" for line in _lines(arguments, changed, len(found)))
    output.write(text, arguments.output)
    return 1 if changed else 0


def _cases(paths: list[str]) -> Iterator[_Subject]:
    """Read the cases of files, of policies' twins, or of all files below a folder."""
    for path in paths:
        files = sorted(map(str, Path(path).rglob(f"*{twins.CASES}"))) if Path(path).is_dir() else [path]
        if not files:
            raise UsageError(f"There are no cases in {path}.", mend=f"Cases stand in NAME{twins.CASES}.")
        for file in files:
            for case in twins.load_cases(file):
                place = f"{case.mark.file}:{case.mark.line}:{case.mark.column}"
                yield _Subject(case.name, place, case.facts, case.now)


def _facts(paths: list[str], now: str | None) -> Iterator[_Subject]:
    """Read facts documents."""
    at = reading.now(now)
    for path in paths:
        told = reading.facts(path)
        number = f" #{told.pull.number}" if told.pull else ""
        yield _Subject(f"{told.repository}{number}", path, told, at)


def _verdict(one: _Subject, policy: Policy) -> Any:
    from riskbot.judge import judge
    from riskbot.judge.cases.runner import rosters_of

    return judge(one.facts, policy, rosters_of(one.facts, policy), one.now)


def _lines(
    arguments: argparse.Namespace, changed: list[tuple[_Subject, Contrast]], total: int
) -> Iterator[str]:
    """Write what changed, one block a subject."""
    for one, difference in changed:
        before, after = difference.before.value, difference.after.value
        mark = "  (allowed now!)" if difference.looser else ""
        yield f"{before if before == after else f'{before} -> {after}'}  {one.name}{mark}"
        yield f"    {one.place}"
        for clause in difference.clauses:
            yield f"    {clause.name}: {clause.before or 'not asked'} -> {clause.after or 'not asked'}"
        if difference.counts_no_more:
            yield f"    counts no more: {', '.join(difference.counts_no_more)}"
        if difference.counts_now:
            yield f"    counts now: {', '.join(difference.counts_now)}"
        if difference.blocks_before != difference.blocks_after:
            yield f"    blocks: {_words(difference.blocks_before)} -> {_words(difference.blocks_after)}"
        if difference.unlocking is not None:
            old, new = difference.unlocking
            yield f"    unlocked by: {_sets(old)} -> {_sets(new)}"
        yield ""
    looser = sum(difference.looser for _, difference in changed)
    tail = f"; {looser} allowed now that were not" if looser else ""
    yield f"{arguments.old} -> {arguments.new}: {len(changed)} of {total} verdicts change{tail}."


def _words(words: tuple[str, ...]) -> str:
    return ", ".join(words) or "none"


def _sets(sets: tuple[tuple[str, ...], ...]) -> str:
    shown = [" + ".join(one) for one in sets[:5]]
    more = f" or {len(sets) - 5} more" if len(sets) > 5 else ""
    return (" or ".join(shown) or "nobody") + more


def _document(arguments: argparse.Namespace, found: list[tuple[_Subject, Contrast]]) -> dict[str, Any]:
    """Make the document; every subject is listed, also those whose verdict stays."""
    return {
        "schema": "riskbot.policy-diff/1",
        "old": arguments.old,
        "new": arguments.new,
        "total": len(found),
        "changed": sum(not difference.same for _, difference in found),
        "looser": sum(difference.looser for _, difference in found),
        "verdicts": [_entry(one, difference) for one, difference in found],
    }


def _entry(one: _Subject, difference: Contrast) -> dict[str, Any]:
    old, new = difference.unlocking or (None, None)
    return {
        "name": one.name,
        "place": one.place,
        "changed": not difference.same,
        "before": difference.before.value,
        "after": difference.after.value,
        "clauses": [
            {"name": clause.name, "before": clause.before, "after": clause.after}
            for clause in difference.clauses
        ],
        "counts_no_more": list(difference.counts_no_more),
        "counts_now": list(difference.counts_now),
        "blocks_before": list(difference.blocks_before),
        "blocks_after": list(difference.blocks_after),
        "unlocking_before": None if old is None else [list(people) for people in old],
        "unlocking_after": None if new is None else [list(people) for people in new],
    }
