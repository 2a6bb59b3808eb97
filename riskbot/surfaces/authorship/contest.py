"""``riskbot authorship contest``: what riskbot got wrong about a commit, put on record by a person.

The record stands beside the evidence and never takes its place: no verdict changes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

PUSH = "git push origin refs/notes/riskbot-authorship"
MERGE = (
    "git fetch origin refs/notes/riskbot-authorship:refs/notes/theirs",
    "git notes --ref=riskbot-authorship merge --strategy=union theirs",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    from riskbot.domain.authorship import SAYS

    parser.add_argument("commit", metavar="COMMIT", help="the commit, by id or any other name")
    parser.add_argument(
        "--says",
        choices=SAYS,
        required=True,
        metavar="WHAT",
        help=f"what it was: {', '.join(SAYS)}",
    )
    parser.add_argument("--reason", metavar="TEXT", required=True, help="why, in your own words")
    parser.add_argument("--tool", metavar="NAME", default="", help="which tool took part, if one did")
    parser.add_argument("--repo", metavar="PATH", default=".", help="the repository (default: here)")


def run(arguments: argparse.Namespace) -> int:
    """Write the record into the commit's note, and say how others get it."""
    from riskbot.gather import contest
    from riskbot.outside.git import Git
    from riskbot.report.authored import words
    from riskbot.report.escape import terminal

    git = Git.open(Path(arguments.repo))
    told = contest.record(git, arguments.commit, arguments.says, arguments.reason, arguments.tool)
    sys.stdout.write(
        f"{told.commit[:12]} {terminal(words.contested(told))}\n"
        "It is shown beside the evidence from now on; it changes no category and no verdict.\n"
        f"Only this clone has it. To share it:\n  {PUSH}\n"
        "If others were first, take theirs in before that:\n" + "".join(f"  {line}\n" for line in MERGE)
    )
    return 0
