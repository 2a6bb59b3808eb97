"""Running the cases of native rules: each a real change in a repository made for the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from riskbot.domain.errors import RiskbotError

if TYPE_CHECKING:
    from riskbot.detect.detector import Detector
    from riskbot.detect.rules.cases import Case
    from riskbot.detect.rules.twins import Miss, Result


def run(paths: Sequence[Path], alive: Callable[[str], None]) -> list[Result]:
    """Try the native rules among the rule files ``paths`` on their cases; ``alive`` is told each rule."""
    from riskbot import toolbox
    from riskbot.detect.rules import load_files
    from riskbot.detect.rules.cases import cases_file, read_cases
    from riskbot.detect.rules.twins import Miss, Result
    from riskbot.settings import Settings

    pack = load_files(paths)
    chosen = {path.stem: path for path in paths if path.stem in pack.detectors}
    if not chosen:
        return []
    detectors = {detector.name: detector for detector in toolbox.detectors(Settings())}
    results = []
    for rule, path in chosen.items():
        alive(rule)
        cases = read_cases(cases_file(path), rule)
        detector = detectors.get(pack.detectors[rule])
        if detector is None:
            words = f"there is no detector {pack.detectors[rule]!r}; known: {', '.join(sorted(detectors))}"
            misses = [Miss(str(path), None, words)]
        else:
            misses = list(_judged(cases, detector))
        results.append(Result(rule, pack.rules[rule].pack, len(cases), tuple(misses)))
    return results


def _judged(cases: Sequence[Case], detector: Detector) -> Iterable[Miss]:
    from riskbot.detect.rules.cases import judge
    from riskbot.detect.rules.twins import Miss
    from riskbot.gather import local
    from riskbot.outside.gitmade import made

    with made([(case.before, case.after) for case in cases]) as (git, pairs):
        for case, (base, head) in zip(cases, pairs, strict=True):
            try:
                change = local.from_commits(git, base, head, case.name, local.Limits()).change
                yield from judge(case, change, detector)
            except RiskbotError:
                raise
            except Exception as problem:  # noqa: BLE001 - whatever a detector does is its case's result
                words = f"{case.name!r}: the detector failed ({type(problem).__name__}: {problem})"
                yield Miss(str(case.file), case.line, words)
