"""Hold `riskbot authorship` against a second reading of its catalogue, on whole histories.

    python benchmarks/authorship.py REPOSITORIES [--keep FILE] [--markdown FILE] [--json FILE]
    python benchmarks/authorship.py REPOSITORIES --speed NAME [--runs N]
    python benchmarks/authorship.py REPOSITORIES --notes NAME

REPOSITORIES has a line ``owner/name<TAB>git directory`` for each repository. Every commit that any ref leads
to is asked (git notes are no commits); one that an earlier repository has, too, counts only there.

Agreement: what ``riskbot authorship --all --format jsonl`` says of each commit against
``tests/detect/authorship/independent.py``, which shares no code with it and reads commits with ``git log``.
Tools that tiers A and B show, suggestions that were taken over, tier C and automation are compared apart.
Floor: commits with a committer date before 2022 that are flagged, all of them listed.
Weak signs: how often a commit with a sign of tier C bears a sign of tier A or B of the same tool, too.
Speed: whole processes, least of several runs. Notes: attributed lines of every commit with a git-ai note.

Nothing is written but what is asked for. ``--keep`` remembers each repository, so that a run goes on.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import measure

from tests.detect.authorship.independent import NOTHING_BEFORE, Answer, Made, attributed, identify

FLAGGED = ("attested", "mixed", "declared", "assisted", "inferred")
BESIDE = ("notes", "trace", "signature", "style", "account", "branch", "label", "config")
"""Channels that lie outside of what a commit itself says, which the second reading does not look at."""
EVERY = ("--exclude=refs/notes/*", "--all")


@dataclass(slots=True)
class Result:
    """What one repository gave. ``differences`` are rows (part, commit, riskbot's, the second reading's)."""

    name: str
    commits: int = 0
    fresh: int = 0
    old: int = 0
    old_automation: int = 0
    categories: Counter[str] = field(default_factory=Counter)
    named: int = 0
    """Commits of which the second reading names a tool with tier B."""
    tools: Counter[str] = field(default_factory=Counter)
    differences: list[list[str]] = field(default_factory=list)
    early: list[list[str]] = field(default_factory=list)
    """Flagged commits from before 2022: (commit, category, tool, what was seen)."""
    shown: list[list[str]] = field(default_factory=list)
    """Signs dated before their tool, which are shown and do not count: (commit, tool, what was seen)."""
    weak: dict[str, list[int]] = field(default_factory=dict)
    """Signature of tier C -> (commits with it, those with tier A or B of the same tool, too)."""
    bots: Counter[str] = field(default_factory=Counter)
    """Bots that riskbot's catalogue has and the facts sheet's does not, by what was seen."""
    seconds: float = 0.0


def main() -> None:
    arguments = _arguments()
    places = dict(read(arguments.repositories))
    if arguments.speed:
        speed(places, arguments.speed, arguments.runs)
    elif arguments.notes:
        for name in arguments.notes:
            notes(name, places[name])
    else:
        results = list(agree_all(places, arguments.keep))
        show(results, sys.stdout.write)
        if arguments.markdown:
            with arguments.markdown.open("w") as file:
                show(results, file.write)
        if arguments.json:
            arguments.json.write_text(json.dumps([plain(one) for one in results], indent=1) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("repositories", type=Path, help="lines of owner/name<TAB>git directory")
    parser.add_argument("--speed", action="append", metavar="NAME", help="time this repository")
    parser.add_argument("--notes", action="append", metavar="NAME", help="count this one's attributed lines")
    parser.add_argument("--runs", type=int, default=5, help="how often (default: 5)")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="JSON Lines of finished repositories")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables there, too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON, too")
    return parser.parse_args()


def read(path: Path) -> Iterator[tuple[str, Path]]:
    for line in path.read_text().splitlines():
        name, _, place = line.partition("\t")
        if place:
            yield name, Path(place)


def git(place: Path, *words: str) -> bytes:
    return subprocess.run(
        ["git", f"--git-dir={place}", *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
    ).stdout


def agree_all(places: dict[str, Path], keep: Path | None) -> Iterator[Result]:
    """Compare repository after repository; those that ``keep`` has are taken from it."""
    known = {}
    if keep and keep.exists():
        for line in keep.read_text().splitlines():
            row = json.loads(line)
            known[row["name"]] = Result(**row)
    seen: set[int] = set()
    for number, (name, place) in enumerate(places.items(), 1):
        try:
            ids = git(place, "rev-list", *EVERY).decode().split()
            fresh = {one for one in ids if int(one[:16], 16) not in seen}
            seen.update(int(one[:16], 16) for one in ids)
            result = known.get(name) or agree(name, place, len(ids), fresh)
        except (subprocess.CalledProcessError, ValueError) as problem:
            print(f"{number}/{len(places)} {name}: left out, {problem}", file=sys.stderr)
            continue
        if keep and name not in known:
            with keep.open("a") as file:
                file.write(json.dumps(plain(result)) + "\n")
            print(
                f"{number}/{len(places)} {name}: {result.fresh} commits, "
                f"{len(result.differences)} differences, "
                f"{len(result.early)} early, {result.seconds:.0f} s",
                file=sys.stderr,
            )
        yield result


def plain(result: Result) -> dict[str, object]:
    """Return it as JSON has it; ``asdict`` knows no Counter."""
    return {one.name: getattr(result, one.name) for one in fields(result)}


def agree(name: str, place: Path, commits: int, fresh: set[str]) -> Result:
    """Ask both about every commit of one repository that is new to the list."""
    result = Result(name, commits, len(fresh))
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+") as told:
        command = [
            measure.RISKBOT,
            "authorship",
            "--repo",
            str(place),
            "--all",
            "--format",
            "jsonl",
            "--quiet",
        ]
        with subprocess.Popen(command, stdout=told, stderr=subprocess.DEVNULL) as process:
            answers = {}
            for commit, made in commits_of(place):
                if commit in fresh:
                    answers[commit] = (made.committed_at, identify(made))
        if process.returncode:
            raise ValueError(f"riskbot ended with {process.returncode}")
        told.seek(0)
        for line in told:
            row = json.loads(line)
            if row["commit"] in answers:
                tally(result, row, *answers.pop(row["commit"]))
    result.differences += [["missing", commit, "", answers[commit][1].category] for commit in answers]
    result.seconds = time.monotonic() - begun
    return result


def commits_of(place: Path) -> Iterator[tuple[str, Made]]:
    """Give the commits through ``git log``, names before any mailmap."""
    fields = "%H%x00%an%x00%ae%x00%cn%x00%ce%x00%ct%x00%B"
    command = ["git", f"--git-dir={place}", "log", "-z", "--no-notes", *EVERY, f"--format={fields}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout
        words: list[str] = []
        for word in split(process.stdout.read1, b"\0"):
            words.append(word.decode("utf-8", "replace"))
            if len(words) == 7:
                made = Made((words[1], words[2]), (words[3], words[4]), int(words[5] or 0), words[6])
                yield words[0].strip(), made
                words = []


def split(take: object, mark: bytes) -> Iterator[bytes]:
    """Cut a stream at each ``mark``."""
    rest = b""
    while block := take(1 << 20):
        *whole, rest = (rest + block).split(mark)
        yield from whole
    yield rest


def tally(result: Result, row: dict, at: int, theirs: Answer) -> None:
    """Count what riskbot says of a commit and hold it against the second reading."""
    signs = [sign for sign in row["evidence"] if sign["channel"] not in BESIDE]
    strong = tools(signs, "agent", "AB")
    differ = {
        "strong": (strong, {tool for tool, tier in theirs.agents if tier == "B"}),
        "assisted": (tools(signs, "assisted", "ABC"), set(theirs.assisted)),
        "weak": (
            tools(signs, "agent", "C") - strong,
            {tool for tool, tier in theirs.agents if tier == "C"} - strong,
        ),
    }
    for part, (mine, other) in differ.items():
        if mine != other:
            seen = "; ".join(sign["seen"] for sign in signs)[:300]
            result.differences.append([part, row["commit"], words(mine), words(other), seen])
    bot = row["category"] == "automation"
    if theirs.category == "automation" and not bot:
        result.differences.append(["automation", row["commit"], row["category"], "automation", ""])
    elif bot and theirs.category != "automation":
        result.bots.update({sign["seen"] for sign in signs if sign["counts"]})
    named = differ["strong"][1]
    if at >= NOTHING_BEFORE and named:
        result.named += 1
        result.tools.update(named)
        noted = (
            row["category"] in {"attested", "mixed"} and row["tool"]
        )  # by line: another tool's word is more
        if not noted and (row["category"] == "none" or (row["tool"] or "") not in named):
            result.differences.append(
                [
                    "category",
                    row["commit"],
                    f"{row['category']} {row['tool']}",
                    f"declared {words(named)}",
                    "",
                ]
            )
    result.categories[row["category"]] += 1
    result.old += at < NOTHING_BEFORE
    if at < NOTHING_BEFORE and row["category"] == "automation":
        result.old_automation += 1
    for sign in signs:
        if sign["anachronistic"]:
            result.shown.append([row["commit"], sign["tool"], sign["seen"], str(at)])
    if at < NOTHING_BEFORE and row["category"] in FLAGGED:
        seen = "; ".join(sign["seen"] for sign in signs if sign["counts"])
        result.early.append([row["commit"], row["category"], row["tool"] or "", seen])
    for signature, tool in {(sign["signature"], sign["tool"]) for sign in signs if sign["tier"] == "C"}:
        both = result.weak.setdefault(signature, [0, 0])
        both[0] += 1
        both[1] += (tool or "") in strong


def tools(signs: Iterable[dict], kind: str, tiers: str) -> set[str]:
    return {sign["tool"] or "" for sign in signs if sign["kind"] == kind and sign["tier"] in tiers}


def words(some: Iterable[str]) -> str:
    return ", ".join(sorted(one or "(unnamed)" for one in some)) or "-"


def show(results: list[Result], write: object) -> None:
    """Write the tables as markdown."""
    total: Counter[str] = Counter()
    named: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    for one in results:
        total.update(one.categories)
        named.update(one.tools)
        parts.update(row[0] for row in one.differences)
    commits, old = sum(one.fresh for one in results), sum(one.old for one in results)
    early = [(one.name, *row) for one in results for row in one.early]
    write(f"repositories: {len(results)}\ncommits: {commits:,}\n")
    write(f"commits of which a tool of tier A or B is named: {sum(one.named for one in results):,}\n")
    write(f"commits before 2022: {old:,}; flagged: {len(early)}; ")
    write(f"automation: {sum(one.old_automation for one in results):,}\n\n")
    table(write, ("category", "commits"), total.most_common())
    table(write, ("tool", "commits, tiers A and B"), named.most_common())
    table(write, ("differences in", "commits"), parts.most_common())
    table(write, ("flagged before 2022", "commit", "category", "tool", "seen"), early)
    weak: dict[str, list[int]] = {}
    for one in results:
        for signature, (count, both) in one.weak.items():
            sums = weak.setdefault(signature, [0, 0])
            sums[0] += count
            sums[1] += both
    rows = [(name, count, f"{both / count:.2f}") for name, (count, both) in sorted(weak.items())]
    table(write, ("signature of tier C", "commits", "share with A or B of the same tool"), rows)
    bots: Counter[str] = Counter()
    for one in results:
        bots.update(one.bots)
    table(write, ("bots that only riskbot's catalogue has", "commits"), bots.most_common())
    rows = [(one.name, *row) for one in results for row in one.differences]
    table(write, ("repository", "part", "commit", "riskbot", "second reading", "seen"), rows)
    rows = [(one.name, *row) for one in results for row in one.shown]
    table(write, ("shown, not counted", "commit", "tool", "seen", "committed at"), rows)


def table(write: object, head: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    head = list(head)
    write(f"| {' | '.join(head)} |\n|{'---|' * len(head)}\n")
    for row in rows:
        cells = (f"{one:,}" if isinstance(one, int) else str(one).replace("|", "/") for one in row)
        write(f"| {' | '.join(cells)} |\n")
    write("\n")


def speed(places: dict[str, Path], names: Iterable[str], runs: int) -> None:
    """Time whole histories and a range of 50 commits, each as a process of its own."""
    rows, figures = [], {}
    for name in names:
        place = places[name]
        ids = git(place, "rev-list", *EVERY).decode().split()
        base = [measure.RISKBOT, "authorship", "--repo", str(place), "--format", "jsonl", "--quiet"]
        whole = min(measure.run([*base, "--all"]) for _ in range(runs))
        chosen, count = range_of(place, 50)
        some = min(measure.run([*base, chosen]) for _ in range(runs * 3))
        rate = len(ids) / whole
        figures[name] = {"commits": len(ids), "whole": whole, "rate": rate, "range": count, "some": some}
        rows.append(
            (f"{name}: {len(ids):,} commits", f"{rate:,.0f}/s", ">= 5,000/s", measure.met(rate >= 5000))
        )
        rows.append(
            (f"{name}: range of {count}", f"{some * 1000:.0f} ms", "< 300 ms", measure.met(some < 0.3))
        )
    measure.show("Authorship", rows, figures, None)


def range_of(place: Path, size: int) -> tuple[str, int]:
    """Return the range of HEAD's history that is nearest to ``size`` commits without being longer."""
    tips = git(place, "rev-list", "--first-parent", f"--max-count={size + 1}", "HEAD").decode().split()
    for tip in reversed(tips[1:]):
        count = int(git(place, "rev-list", "--count", f"{tip}..HEAD"))
        if count <= size:
            return f"{tip}..{tips[0]}", count
    raise ValueError(f"{place} has no such range")


def notes(name: str, place: Path) -> None:
    """Count what riskbot says of the lines of each commit with a git-ai note, and count it a second time."""
    listed = [
        line.split() for line in git(place, "notes", "--ref=refs/notes/ai", "list").decode().splitlines()
    ]
    present = existing(place, [commit for _, commit in listed])
    ours = asked(place, present)
    patches = added(place, present)
    counts: Counter[str] = Counter()
    differences = []
    for blob, commit in listed:
        if commit not in present:
            counts["commit gone"] += 1
            continue
        note = git(place, "cat-file", "blob", blob).decode("utf-8", "replace")
        row = ours[commit]
        counts[f"riskbot says {row['category']}"] += 1
        if commit not in patches:
            counts["some object of the commit gone"] += 1
            continue
        agents, people = laid(attributed(note), patches[commit])
        counts["agents' lines" if agents else "known people's only" if people else "neither"] += 1
        if agents and not any(sign["counts"] and sign["channel"] not in BESIDE for sign in row["evidence"]):
            counts["agents' lines, and no sign of its own"] += 1
        mine = sum(file["agent"] for file in row["files"]), sum(file["human"] for file in row["files"])
        if mine != (agents, people):
            differences.append((commit, mine, (agents, people)))
    print(f"{name}: {len(listed):,} notes, {len(present):,} of commits that are there")
    for what, count in counts.most_common():
        print(f"  {what}: {count:,}")
    print(f"  commits with a difference in lines: {len(differences)}")
    for commit, mine, theirs in differences[:50]:
        print(f"    {commit} riskbot (agent, known person) {mine}, second reading {theirs}")


def fed(place: Path, lines: Iterable[str], *words: str) -> str:
    return subprocess.run(
        ["git", f"--git-dir={place}", "-c", "core.quotePath=false", *words],
        input="".join(f"{line}\n" for line in lines).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    ).stdout.decode("utf-8", "replace")


def existing(place: Path, commits: list[str]) -> set[str]:
    told = (line.split() for line in fed(place, commits, "cat-file", "--batch-check").splitlines())
    return {one for one, kind, *_ in told if kind == "commit"}


def asked(place: Path, commits: Iterable[str]) -> dict[str, dict]:
    """Return what riskbot says of each, with its lines."""
    command = [measure.RISKBOT, "authorship", "--repo", str(place), "--format", "jsonl", "--quiet", "--lines"]
    told = subprocess.run(
        [*command, "--commits", "-"],
        input="".join(f"{one}\n" for one in commits),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    return {row["commit"]: row for row in map(json.loads, told.splitlines())}


def added(place: Path, commits: Iterable[str]) -> dict[str, dict[str, set[int]]]:
    """Return each commit's added lines by path, in git's own words: none for a merge.

    Git ends at an object that is gone, so then halves are asked; a commit that lacks one is left out.
    """
    asked_for = sorted(commits)
    options = ("--stdin", "--root", "--always", "-r", "-p", "-U0", "--no-renames", "--no-ext-diff")
    try:
        told = fed(place, asked_for, "diff-tree", *options)
    except subprocess.CalledProcessError:
        middle = len(asked_for) // 2
        if not middle:
            return {}
        return added(place, asked_for[:middle]) | added(place, asked_for[middle:])
    wanted = set(asked_for)
    found: dict[str, dict[str, set[int]]] = {}
    commit = path = ""
    for line in told.split("\n"):
        if line in wanted:
            commit, path = line, ""
            found[commit] = {}
        elif line.startswith("diff --git "):
            path = ""
        elif line.startswith("+++ b/") and not path:
            path = line[6:].rstrip("\t").rstrip('"')
        elif line.startswith("@@ ") and path:
            first, _, many = line.split()[2][1:].partition(",")
            start = int(first)
            found[commit].setdefault(path, set()).update(range(start, start + int(many or 1)))
    return found


def laid(files: dict[str, tuple[set[int], set[int]]], added_lines: dict[str, set[int]]) -> tuple[int, int]:
    """Count the added lines that a note gives to agents, and those that it gives to known people."""
    agents = people = 0
    for path, (agent, person) in files.items():
        new = added_lines.get(path, set())
        people += len(new & person)
        agents += len((new & agent) - person)
    return agents, people


if __name__ == "__main__":
    main()
