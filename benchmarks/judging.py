"""Judge a large pull request: 3,000 files, 250 commits, 100 reviews, sox, 2,000 lines of CODEOWNERS.

Target: under 150 ms, from the facts' bytes to the verdict's JSON; growing linearly in files and in lines.
Run: ``python benchmarks/judging.py``.
"""

import json
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from riskbot import facts
from riskbot.judge import judge
from riskbot.judge.language.policy import Policy, load
from riskbot.judge.owners.reading import read as read_owners
from riskbot.report.verdict import render

TARGET_MS = 150
ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 6, 1, tzinfo=UTC)
TEAMS = 40
PEOPLE = 400


def oid(kind: int, number: int) -> str:
    """Make a commit id out of two numbers."""
    return f"{kind:02x}{number:038x}"


def codeowners(lines: int) -> str:
    """Write rules as real files have them: folders two and three deep, some globs, a catch-all first."""
    rules = ["* @acme/team0"]
    for number in range(lines - 1):
        team = f"@acme/team{number % TEAMS}"
        folder = f"/area{number % 97}/part{number}"
        rules.append(
            (f"{folder}/ {team}", f"{folder}/**/api/ {team}", f"{folder}/*.py {team} @user{number % PEOPLE}")[
                number % 3
            ]
        )
    return "\n".join(rules) + "\n"


def document(files: int, commits: int, reviews: int, lines: int) -> bytes:
    """Write the facts of a pull request of that size."""
    accounts = [
        {"id": one + 1, "login": f"user{one}", "permission": "write", "emails": [f"user{one}@acme.example"]}
        for one in range(PEOPLE)
    ]
    teams = [
        {
            "name": f"acme/team{one}",
            "members": [{"account": member + 1} for member in range(one, PEOPLE, TEAMS)],
        }
        for one in range(TEAMS)
    ]
    chain = [
        {
            "id": oid(1, number),
            "tree": oid(2, number),
            "parents": [oid(1, number - 1) if number else oid(9, 0)],
            "author": {"name": "user1", "email": "user1@acme.example", "account": 2},
            "committer": {"name": "user1", "email": "user1@acme.example", "account": 2},
            "message": f"change {number}\n\nCo-authored-by: user2 <user2@acme.example>\n",
            "verification": "verified",
            "signer": 2,
        }
        for number in range(commits)
    ]
    head = chain[-1]["id"]
    text = codeowners(lines)
    body = {
        "schema": facts.SCHEMA,
        "repository": "acme/shop",
        "accounts": accounts,
        "teams": teams,
        "texts": [{"path": ".github/CODEOWNERS", "text": text, "size": len(text)}],
        "change": {
            "base": oid(9, 0),
            "head": head,
            "declared_files": files,
            "declared_commits": commits,
            "files": [
                {
                    "status": "modified",
                    "old_path": f"area{n % 97}/part{n}/api/module_{n}.py",
                    "new_path": f"area{n % 97}/part{n}/api/module_{n}.py",
                    "old_mode": "100644",
                    "new_mode": "100644",
                    "added": 3,
                    "removed": 1,
                }
                for n in range(files)
            ],
            "commits": chain,
        },
        "pull": {
            "repository": 100,
            "number": 7,
            "base_ref": "main",
            "opened_by": 2,
            "opened_at": "2026-05-01T00:00:00Z",
            "pushes": [{"by": 2, "after": head, "at": "2026-05-02T00:00:00Z"}],
            "labels": [],
            "comments": [],
            "checks": [],
            "reviews": [
                {
                    "id": n + 1,
                    "by": 3 + n * 3,
                    "state": "APPROVED",
                    "commit": head,
                    "at": "2026-05-03T00:00:00Z",
                }
                for n in range(reviews)
            ],
        },
        "assessment": {
            "band": "green",
            "percentile": 40.0,
            "authorship": {"attested": False, "declared": False, "inferred": False, "automation": False},
            "zones": [],
            "dependencies": [],
        },
    }
    return json.dumps(body).encode()


def once(data: bytes, policy: Policy) -> tuple[float, str]:
    """Judge once; milliseconds and the outcome."""
    start = time.perf_counter()
    read = facts.read(data, "facts.json")
    owners = read_owners(read.texts, policy.rules.owners.format, policy.rosters)
    verdict = judge(read, policy, owners, NOW)
    render(verdict)
    return (time.perf_counter() - start) * 1000, verdict.outcome.value


def measure(files: int, commits: int, reviews: int, lines: int, policy: Policy) -> float:
    """Print and return the median of seven runs."""
    data = document(files, commits, reviews, lines)
    runs = [once(data, policy) for _ in range(7)]
    median = statistics.median(run[0] for run in runs)
    shape = f"{files:>6,} files {commits:>4} commits {reviews:>4} reviews {lines:>6,} lines"
    print(f"{shape}  {median:8.1f} ms  {runs[0][1]}", flush=True)
    return median


def main() -> None:
    """Measure the target's size, then twice and four times the files and the lines."""
    path = ROOT / "policies" / "sox.yml"
    policy = load(path.read_bytes(), file=path.name, source="benchmark")
    target = measure(3000, 250, 100, 2000, policy)
    for files in (1500, 6000, 12000):
        measure(files, 250, 100, 2000, policy)
    for lines in (1000, 4000, 8000, 16000):
        measure(3000, 250, 100, lines, policy)
    met = target < TARGET_MS
    print(f"target {TARGET_MS} ms: {'met' if met else 'missed'} with {target:.0f} ms")
    sys.exit(not met)


if __name__ == "__main__":
    main()
