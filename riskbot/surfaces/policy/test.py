"""``riskbot policy test``: run the cases of policies, and say what they never show."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riskbot.surfaces import output
from riskbot.surfaces.policy import reading, twins

if TYPE_CHECKING:
    from riskbot.judge.cases import Result
    from riskbot.judge.cases.coverage import Row

_STATES = ("satisfied", "pending", "skipped", "error")
_KINDS = {
    "clause": "clause",
    "condition": "the condition of",
    "alternative": "the alternative",
    "flow": "the flow",
}


@dataclass(frozen=True, slots=True)
class Tested:
    """One policy with its cases, judged. ``cases`` None: it has none."""

    policy: str
    cases: str | None
    results: tuple[Result, ...]
    rows: tuple[Row, ...]

    @property
    def failed(self) -> tuple[Result, ...]:
        """The cases that came out differently."""
        return tuple(result for result in self.results if result.wrong)

    @property
    def gaps(self) -> tuple[Row, ...]:
        """What no case shows."""
        return tuple(row for row in self.rows if row.missing)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        help="a policy, a file of cases, a folder of both, or a shipped policy's name (default: .riskbot)",
    )
    reading.add_includes(parser)
    parser.add_argument(
        "--require-coverage", action="store_true", help="fail also where something is never exercised"
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to write it (default: text)"
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE, whole or not at all")


def run(arguments: argparse.Namespace) -> int:
    """Run the cases; 1 where one comes out differently, or coverage is required and lacking."""
    tested = [_test(twin, arguments.include) for twin in twins.find(arguments.paths)]
    bad = any(one.failed for one in tested)
    lacking = any(one.gaps or one.cases is None for one in tested)
    if arguments.format == "json":
        text = json.dumps(_document(tested), indent=2) + "\n"
    else:
        from riskbot.report.escape import terminal

        text = "".join(f"{terminal(line)}\n" for one in tested for line in _lines(one))
        text += f"{terminal(_summary(tested))}\n"
    output.write(text, arguments.output)
    return 1 if bad or (lacking and arguments.require_coverage) else 0


def _test(twin: twins.Twin, includes: list[str]) -> Tested:
    from riskbot.judge.cases import try_
    from riskbot.judge.cases.coverage import coverage

    policy = twins.load_policy(twin.policy, includes)
    if twin.cases is None:
        return Tested(twin.policy, None, (), coverage(policy, ()))
    results = tuple(try_(case, policy) for case in twins.load_cases(twin.cases))
    rows = coverage(policy, ((result.case, result.verdict) for result in results))
    return Tested(twin.policy, twin.cases, results, rows)


def _place(result: Result) -> str:
    mark = result.case.mark
    return f"{mark.file}:{mark.line}:{mark.column}"


def _lines(one: Tested) -> Iterator[str]:
    """Write one policy: its cases, then what they show of it."""
    if one.cases is None:
        yield f"{one.policy}: no cases"
        yield ""
        return
    yield f"{one.policy}: {_count(len(one.results), 'case')}, {len(one.failed)} failed"
    for result in one.results:
        yield f"  {'FAIL' if result.wrong else 'ok  '}  {result.case.name}"
        if result.wrong:
            yield f"        {_place(result)}"
        for difference in result.wrong:
            yield f"        {difference[:1].upper()}{difference[1:]}."
    yield ""
    clauses = [row for row in one.rows if row.kind == "clause"]
    wide = max([len(row.name) for row in clauses] + [6])
    yield "  ".join([f"  {'clause':<{wide}}", *(f"{state:>9}" for state in _STATES)])
    for row in clauses:
        yield "  ".join([f"  {row.name:<{wide}}", *(f"{row.seen[state]:>9}" for state in _STATES)])
    yield ""
    for row in one.gaps:
        place = f" ({row.mark.file}:{row.mark.line}:{row.mark.column})" if row.mark else ""
        yield f"  never exercised: {_KINDS[row.kind]} {row.name!r} {' or '.join(row.missing)}{place}"
    if one.gaps:
        yield ""


def _summary(tested: list[Tested]) -> str:
    cases = sum(len(one.results) for one in tested)
    failed = sum(len(one.failed) for one in tested)
    gaps = sum(len(one.gaps) for one in tested if one.cases is not None)
    without = sum(one.cases is None for one in tested)
    tail = f", {without} without cases" if without else ""
    policies = f"{len(tested)} polic{'y' if len(tested) == 1 else 'ies'}{tail}"
    return (
        f"{cases - failed} of {_count(cases, 'case')} came out as expected; {policies};"
        f" {_count(gaps, 'thing')} never exercised."
    )


def _count(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"


def _document(tested: list[Tested]) -> dict[str, Any]:
    """Make the document: {"policies": [{"policy", "cases_file", "cases": […], "coverage": […]}]}."""
    return {
        "schema": "riskbot.policy-test/1",
        "passed": not any(one.failed for one in tested),
        "covered": not any(one.gaps or one.cases is None for one in tested),
        "policies": [
            {
                "policy": one.policy,
                "cases_file": one.cases,
                "cases": [_case(result) for result in one.results],
                "coverage": [_row(row) for row in one.rows],
            }
            for one in tested
        ],
    }


def _case(result: Result) -> dict[str, Any]:
    return {
        "case": result.case.name,
        "line": result.case.mark.line,
        "column": result.case.mark.column,
        "passed": not result.wrong,
        "expected": result.case.expect.value,
        "outcome": result.verdict.outcome.value,
        "differences": list(result.wrong),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "name": row.name,
        "line": row.mark.line if row.mark else None,
        "column": row.mark.column if row.mark else None,
        "seen": dict(sorted(row.seen.items())),
        "never": list(row.missing),
    }
