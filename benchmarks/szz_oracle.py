"""Measure the labeller's SZZ variants against what developers themselves said brought a defect.

    python benchmarks/szz_oracle.py ORACLE.json --clones FOLDER [--published FOLDER] [--json FILE]

ORACLE is ``json-input-raw/bugfix_commits_all.json`` of the replication package of Rosa et al. ("Evaluating
SZZ Implementations Through a Developer-informed Oracle", ICSE 2021; grosa1/icse2021-szz-replication-package):
fixes whose message names the commits that brought the defect. FOLDER has a clone of each repository as
``owner+name`` or ``owner/name``; a pair whose repository or fix is not there is counted and left out.
``--published`` is the unpacked ``json-output-raw``: what the paper's own tools answered, on the same pairs.

As in the paper the answers for all fixes are pooled: precision is the share of the (fix, blamed commit) pairs
that developers named, recall the share of theirs that were found. ``filtered`` drops blamed commits that are
not older than the issue; where the oracle has no issue its *best scenario* stands in, one minute after the
last inducing commit, which no labeller could know. ``product`` keeps to fixes that touch product code, as the
labeller traces no other. Intervals: 95 %, 2,000 bootstrap draws of whole repositories. ``--keep`` remembers
each fix, so that an interrupted run goes on; use a new file after any change to the labeller.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from riskbot.domain.errors import RiskbotError
from riskbot.learn.label.code import is_production, pathspecs
from riskbot.learn.label.fixes import repair
from riskbot.learn.label.history import history
from riskbot.learn.label.patches import spaced
from riskbot.learn.label.szz import Commit, Limits, Variant, trace
from riskbot.outside.git import Git

DRAWS = 2_000
PUBLISHED = {"b": "B-SZZ", "ag": "AG-SZZ", "ma": "MA-SZZ", "l": "L-SZZ", "r": "R-SZZ", "pd": "SZZ@PYD"}
"""The paper's tools that know Python, by the names of their files."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A fix with the commits that its author named; ``issued_at`` in seconds since the epoch."""

    repository: str
    fix: str
    inducing: frozenset[str]
    issued_at: int
    reported: bool
    """Whether ``issued_at`` is that of a real issue."""
    product: bool = True


@dataclass(slots=True)
class Answer:
    """Whom each variant blames for one fix: (commit, committer time)."""

    repository: str
    fix: str
    said: str
    """What the message tells of a repair, by riskbot's reading."""
    commits: int
    seconds: float
    blamed: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    product: bool = True
    """Whether the fix touches product code."""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """What is pooled: right answers, answers, and what developers named."""

    right: int
    answers: int
    named: int

    def figures(self) -> tuple[float, float, float]:
        """Return precision, recall and F1; 0 where nothing was answered."""
        precision = self.right / self.answers if self.answers else 0.0
        recall = self.right / self.named if self.named else 0.0
        both = precision + recall
        return precision, recall, 2 * precision * recall / both if both else 0.0


def main() -> None:
    arguments = _arguments()
    pairs = read_oracle(arguments.oracle, arguments.language)
    limits = Limits(files=arguments.files, lines=arguments.lines, bulk=arguments.bulk)
    late = time.monotonic() + arguments.budget if arguments.budget else None
    ask = partial(answer, clones=arguments.clones, limits=limits, late=late)
    answers = answer_all(pairs, ask, partial(_weight, arguments.clones), arguments.jobs, arguments.keep)
    sound = {(one.repository, one.fix): one for one in answers if not one.problem}
    used = [
        replace(pair, product=sound[pair.repository, pair.fix].product)
        for pair in pairs
        if (pair.repository, pair.fix) in sound
    ]
    print(
        f"{len(pairs)} pairs, {len(used)} measured ({len({pair.repository for pair in used})} repositories, "
        f"{sum(len(pair.inducing) for pair in used)} inducing commits, "
        f"{sum(pair.reported for pair in used)} with an issue)"
    )
    said = [sound[pair.repository, pair.fix].said for pair in used]
    print(f"fixes by their message: {sum(one != 'none' for one in said)} of {len(used)}\n")
    rows = [row for variant in Variant for row in rows_of(variant.value, used, _ours(sound, variant.value))]
    if arguments.published:
        rows += _published(arguments.published, used)
    show(rows)
    if arguments.json:
        document = {
            "limits": asdict(limits),
            "pairs": len(pairs),
            "measured": len(used),
            "not_measured": sorted(
                f"{pair.repository} {pair.fix}" for pair in pairs if (pair.repository, pair.fix) not in sound
            ),
            "fixes_by_message": sum(one != "none" for one in said),
            "rows": rows,
        }
        arguments.json.write_text(json.dumps(document, indent=1) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("oracle", type=Path)
    parser.add_argument("--clones", type=Path, required=True, help="folder with the clones")
    parser.add_argument("--published", type=Path, help="folder with the answers of the paper's tools")
    parser.add_argument("--language", default="py", help="a file ending that the fix touches")
    parser.add_argument(
        "--files", type=int, default=Limits().files, help="largest fix that is traced, in files"
    )
    parser.add_argument("--lines", type=int, default=Limits().lines, help="the same, in lines taken away")
    parser.add_argument(
        "--bulk", type=int, default=Limits().bulk, help="more files make a commit a bulk edit"
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--budget", type=int, help="seconds after which no further fix is begun")
    parser.add_argument("--keep", type=Path, help="JSON Lines of the fixes that are done")
    parser.add_argument("--json", type=Path, help="write the tables as JSON")
    return parser.parse_args()


def read_oracle(path: Path, language: str) -> list[Pair]:
    """Read the fixes that touch files of ``language``; a pair that is listed twice counts once."""
    pairs = {}
    for row in json.loads(path.read_text()):
        if language in row["language"]:
            issue = row.get("earliest_issue_date")
            issued_at = datetime.fromisoformat(issue or row["best_scenario_issue_date"]).replace(tzinfo=UTC)
            pair = Pair(
                row["repo_name"],
                row["fix_commit_hash"],
                frozenset(row["bug_commit_hash"]),
                int(issued_at.timestamp()),
                reported=bool(issue),
            )
            pairs[pair.repository, pair.fix] = pair
    return list(pairs.values())


def answer_all(
    pairs: Sequence[Pair],
    ask: Callable[[Pair], Answer],
    weight: Callable[[str], int],
    jobs: int = 1,
    keep: Path | None = None,
) -> list[Answer]:
    """Ask about every fix that ``keep`` does not have yet, light repositories first."""
    lines = keep.read_text().splitlines() if keep and keep.exists() else []
    done = [Answer(**json.loads(line)) for line in lines]
    known = {(one.repository, one.fix) for one in done}
    wanted = [pair for pair in pairs if (pair.repository, pair.fix) not in known]
    wanted.sort(key=lambda pair: weight(pair.repository))
    with ProcessPoolExecutor(jobs) as pool:
        for task in as_completed([pool.submit(ask, pair) for pair in wanted]):
            one = task.result()
            done.append(one)
            print(
                f"{len(done)}/{len(pairs)} {one.repository} {one.seconds:.0f} s {one.problem}",
                file=sys.stderr,
            )
            if keep and not one.problem:
                with keep.open("a") as file:
                    file.write(json.dumps(asdict(one)) + "\n")
    return done


def _weight(clones: Path, repository: str) -> int:
    place = locate(clones, repository)
    return sum(one.stat().st_size for one in place.rglob("*.pack")) if place else 0


def locate(clones: Path, repository: str) -> Path | None:
    """Return where the clone of ``owner/name`` is, None where there is none."""
    for place in (clones / repository.replace("/", "+"), clones / repository):
        if place.is_dir():
            return place.resolve()
    return None


def answer(pair: Pair, clones: Path, limits: Limits, late: float | None = None) -> Answer:
    """Let the labeller trace one fix through its own history; ``late`` is when not to begin any more."""
    result = Answer(pair.repository, pair.fix, "none", 0, 0.0)
    place = locate(clones, pair.repository)
    if place is None or (late and time.monotonic() > late):
        result.problem = "no clone" if place is None else "no time left"
        return result
    begun = time.monotonic()
    try:
        git = Git.open(place)
        logged = list(history(git, pair.fix))
        facts = {commit.id: Commit(commit.committed_at, commit.parents > 1) for commit in logged}
        result.said = repair(next(one.message for one in logged if one.id == pair.fix)).value
        result.commits = len(logged)
        result.product = any(
            is_production(file.source)
            for patch in spaced(git, [pair.fix], pathspecs())
            for file in patch.files
        )
        result.blamed = {variant.value: [] for variant in Variant}
        for one in trace(git, pair.fix, {pair.fix}, facts, limits=limits):
            result.blamed[one.variant.value].append((one.commit, facts[one.commit].committed_at))
    except RiskbotError as problem:
        result.problem = f"{problem}"[:200]
    result.seconds = time.monotonic() - begun
    return result


def _ours(sound: dict[tuple[str, str], Answer], variant: str) -> Callable[[Pair, bool], set[str]]:
    def said(pair: Pair, filtered: bool) -> set[str]:
        blamed = sound[pair.repository, pair.fix].blamed[variant]
        return {commit for commit, at in blamed if not filtered or at < pair.issued_at}

    return said


def _published(folder: Path, used: Sequence[Pair]) -> list[dict[str, object]]:
    """Measure the answers of the paper's tools on the same pairs."""
    rows = []
    for name, title in PUBLISHED.items():
        answers = [
            {
                (row["repo_name"], row["fix_commit_hash"]): set(row.get("inducing_commit_hash") or ())
                for row in json.loads((folder / f"bic_{name}_bugfix_commits_all{end}.json").read_text())
            }
            for end in ("", ".issue-filter")
        ]
        rows += rows_of(f"paper {title}", used, partial(_theirs, answers))
    return rows


def _theirs(answers: list[dict[tuple[str, str], set[str]]], pair: Pair, filtered: bool) -> set[str]:
    return answers[filtered].get((pair.repository, pair.fix), set())


def rows_of(
    name: str, pairs: Sequence[Pair], said: Callable[[Pair, bool], set[str]]
) -> list[dict[str, object]]:
    """Measure one labeller without and with the issue filter, on all pairs and on parts of them."""
    rows = []
    for title, filtered, part in (
        ("all", False, pairs),
        ("filtered", True, pairs),
        ("product", False, [pair for pair in pairs if pair.product]),
        ("product, filtered", True, [pair for pair in pairs if pair.product]),
        ("real issues, filtered", True, [pair for pair in pairs if pair.reported]),
    ):
        counts: dict[str, list[Count]] = {}
        for pair in part:
            answers = said(pair, filtered)
            count = Count(len(answers & pair.inducing), len(answers), len(pair.inducing))
            counts.setdefault(pair.repository, []).append(count)
        total = pooled(one for some in counts.values() for one in some)
        precision, recall, f1 = total.figures()
        rows.append(
            {
                "labeller": name,
                "pairs": title,
                "fixes": len(part),
                **asdict(total),
                "precision": precision,
                "recall": recall,
                "f1": f1,
                "intervals": intervals(list(counts.values())),
            }
        )
    return rows


def pooled(counts: Iterable[Count]) -> Count:
    """Add counts up."""
    rows = list(counts)
    return Count(
        sum(one.right for one in rows), sum(one.answers for one in rows), sum(one.named for one in rows)
    )


def intervals(blocks: Sequence[Sequence[Count]], draws: int = DRAWS) -> list[tuple[float, float]]:
    """Return 95 % intervals of precision, recall and F1, by drawing whole repositories."""
    if not blocks:
        return []
    sums = [pooled(block) for block in blocks]
    chance = random.Random(0)
    drawn = [pooled(chance.choices(sums, k=len(sums))).figures() for _ in range(draws)]
    low, high = int(draws * 0.025), int(draws * 0.975)
    return [(values[low], values[high]) for values in (sorted(column) for column in zip(*drawn, strict=True))]


def show(rows: Sequence[dict[str, object]]) -> None:
    print(f"{'labeller':16} {'pairs':22} fixes answers right  {'precision':16}  {'recall':16}  F1")
    for row in rows:
        figures = zip((row["precision"], row["recall"], row["f1"]), row["intervals"], strict=False)
        print(
            f"{row['labeller']:16} {row['pairs']:22} {row['fixes']:5} {row['answers']:7} {row['right']:5}  "
            + "  ".join(f"{value:.2f} [{low:.2f} {high:.2f}]" for value, (low, high) in figures)
        )


if __name__ == "__main__":
    main()
