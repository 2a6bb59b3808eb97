"""Where rules find something in real code: whole trees, or real commits as riskbot sees them.

    python benchmarks/rules_hits.py RULE... --trees FOLDER [--only NAME...] [--sample N] [--context N]
    python benchmarks/rules_hits.py RULE... --commits GITDIR... [--count N] [--sample N]

RULE is an id of a rule or a pack, a rule file or a folder of them. FOLDER holds one folder for each project.
Hits come as JSON Lines: project, path, line, rule (and commit); how many of each rule, to standard error.

Of trees every file is scanned whose language a rule is for, tests too, in batches of 400; what semgrep could
not analyse is counted. Of commits the newest ones that are no merges are taken, the change is gathered and
looked at by riskbot's own detectors, and only what is new counts. ``--sample N`` prints at most N hits of
each rule, drawn at random with a fixed seed, with the lines around them, to be judged by reading.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from riskbot import toolbox
from riskbot.detect.rules import Pack, languages, load_files
from riskbot.detect.semgrep import SemgrepDetector
from riskbot.detect.semgrep.targets import TOO_LARGE, Speaking
from riskbot.domain.errors import RiskbotError
from riskbot.gather import local
from riskbot.outside import bundled
from riskbot.outside.git import Git
from riskbot.outside.semgrep import scan
from riskbot.settings import Settings
from riskbot.surfaces.rules import chosen

BATCH = 400
SKIPPED = {".git", "node_modules", "vendor", "vendored", "_vendor", "third_party", "site-packages"}
Hit = dict[str, Any]


def in_tree(project: Path, pack: Pack) -> Iterator[Hit]:
    """Scan one project's files."""
    speaking = Speaking(pack)
    batch: list[tuple[str, bytes, str]] = []
    for path in sorted(project.rglob("*")):
        name = path.relative_to(project).as_posix()
        if path.is_symlink() or not path.is_file() or SKIPPED & set(name.split("/")):
            continue
        if path.stat().st_size > TOO_LARGE:
            continue
        content = path.read_bytes() if languages.of_file(name, None) or not path.suffix else b""
        ending = speaking.ending(name, content)
        if ending is None:
            continue
        batch.append((name, content or path.read_bytes(), ending))
        if len(batch) == BATCH:
            yield from scanned(project.name, batch, pack)
            batch = []
    if batch:
        yield from scanned(project.name, batch, pack)


def scanned(project: str, batch: list[tuple[str, bytes, str]], pack: Pack) -> Iterator[Hit]:
    try:
        done = scan(
            [text for _, text, _ in batch], pack.merged, seconds=900, endings=[end for _, _, end in batch]
        )
    except RiskbotError as problem:
        if len(batch) > 1:
            yield from scanned(project, batch[: len(batch) // 2], pack)
            yield from scanned(project, batch[len(batch) // 2 :], pack)
        else:
            print(f"{project}/{batch[0][0]}: {problem}", file=sys.stderr)
        return
    for index, (kind, reason) in done.troubles.items():
        if kind.value != "partly-parsed":
            print(f"{project}/{batch[index][0]}: {reason}", file=sys.stderr)
    seen = set()
    for match in sorted(done.matches, key=lambda match: (match.file, match.start)):
        path, content, _ = batch[match.file]
        if match.rule in pack.paths and not pack.paths[match.rule].cover(path):
            continue
        line = content.count(b"\n", 0, match.start) + 1
        if (path, line, match.rule) not in seen:
            seen.add((path, line, match.rule))
            yield {"project": project, "path": path, "line": line, "rule": match.rule}


def in_commits(repository: Path, pack: Pack, count: int) -> Iterator[Hit]:
    """Look at the newest commits that are no merges, as riskbot does."""
    git = Git.open(repository)
    detectors: list[Any] = []
    if pack.languages:
        detectors.append(SemgrepDetector(bundled.folder("rules"), pack=pack))
    wanted = set(pack.detectors.values())
    detectors += [one for one in toolbox.detectors(Settings()) if one.name in wanted]
    log = ["git", "-C", str(repository), "log", "--no-merges", f"-{count}", "--format=%H %P"]
    for line in subprocess.run(log, check=True, capture_output=True, text=True).stdout.splitlines():
        head, *parents = line.split()
        if not parents:
            continue
        change = local.from_commits(git, parents[0], head, head, local.Limits()).change
        for detector in detectors:
            try:
                detection = detector.run(change)
            except RiskbotError as problem:
                print(f"{head}: {problem}", file=sys.stderr)
                continue
            for failure in detection.failures:
                print(f"{head}: {failure.reason}", file=sys.stderr)
            for one in detection.findings:
                if one.introduced and one.rule in pack.rules:
                    where = one.location
                    yield {
                        "project": name_of(repository),
                        "commit": head,
                        "path": where.path,
                        "line": where.line,
                        "rule": one.rule,
                    }


def name_of(repository: Path) -> str:
    """Name a repository by the last of its folders that says something."""
    return next(part for part in reversed(repository.parts) if part not in {".git", "repo"})


def lines_of(hit: Hit, arguments: argparse.Namespace) -> list[str]:
    if arguments.trees:
        data = (arguments.trees / hit["project"] / hit["path"]).read_bytes()
    else:
        folder = next(one for one in arguments.commits if name_of(one) == hit["project"])
        show = ["git", "-C", str(folder), "show", f"{hit['commit']}:{hit['path']}"]
        data = subprocess.run(show, check=False, capture_output=True).stdout
    return data.decode("utf-8", "replace").split("\n")


def show_sample(hits: list[Hit], arguments: argparse.Namespace) -> None:
    by_rule: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_rule[hit["rule"]].append(hit)
    for rule, found in sorted(by_rule.items()):
        drawn = random.Random(rule).sample(found, min(arguments.sample, len(found)))
        print(f"==== {rule}: {len(drawn)} of {len(found)}")
        for number, hit in enumerate(drawn, 1):
            commit = f" {hit['commit'][:10]}" if "commit" in hit else ""
            print(f"-- {number}. {hit['project']}{commit} {hit['path']}:{hit['line']}")
            if hit["line"] is None:
                continue
            lines = lines_of(hit, arguments)
            first = max(1, hit["line"] - arguments.context)
            for line in range(first, min(len(lines), hit["line"] + arguments.context) + 1):
                mark = ">" if line == hit["line"] else " "
                print(f"{mark}{line:6} {lines[line - 1][:160]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rules", metavar="RULE", nargs="+")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--trees", type=Path, metavar="FOLDER")
    where.add_argument("--commits", type=Path, metavar="GITDIR", nargs="+")
    parser.add_argument("--only", nargs="*", default=[], help="only these projects")
    parser.add_argument("--count", type=int, default=30, help="commits of each repository (default: 30)")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--context", type=int, default=4)
    arguments = parser.parse_args()
    pack = load_files(chosen.files(arguments.rules))
    counts: Counter[str] = Counter()
    kept: list[Hit] = []
    if arguments.trees:
        folders = [one for one in sorted(arguments.trees.iterdir()) if one.is_dir()]
        folders = [one for one in folders if not arguments.only or one.name in arguments.only]
        sources = (hit for one in folders for hit in in_tree(one, pack))
    else:
        sources = (hit for one in arguments.commits for hit in in_commits(one, pack, arguments.count))
    for hit in sources:
        counts[hit["rule"]] += 1
        if arguments.sample:
            kept.append(hit)
        else:
            print(json.dumps(hit), flush=True)
    if arguments.sample:
        show_sample(kept, arguments)
    for rule in pack.rules:
        print(f"{counts[rule]:7} {rule}", file=sys.stderr)


if __name__ == "__main__":
    main()
