"""``riskbot hook``: git's pre-push hook, installed, removed and run."""

import argparse
import os
import sys
from pathlib import Path

from riskbot.domain.errors import UsageError
from riskbot.domain.verdict import Outcome
from riskbot.outside.git import Git
from riskbot.report.escape import terminal as visible
from riskbot.surfaces import check, hooks, output, prepush, terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's actions and their arguments."""
    actions = parser.add_subparsers(metavar="ACTION", required=True, title="actions", dest="action")
    install = actions.add_parser("install", help="make git push ask riskbot first")
    install.add_argument(
        "--force",
        action="store_true",
        help="keep a hook that is there already beside riskbot's, and run both",
    )
    uninstall = actions.add_parser(
        "uninstall", help="remove riskbot's hook, bring back the one kept beside it"
    )
    for one in (install, uninstall):
        one.add_argument("--repo", metavar="PATH", default=".", help="the repository (default: here)")
        one.add_argument(
            "--hook-type", choices=hooks.HOOK_TYPES, default="pre-push", help="which hook (default: pre-push)"
        )
    push = actions.add_parser(
        "pre-push", help="check every ref of a push, as git names them on standard input"
    )
    push.add_argument("remote", nargs="?", metavar="REMOTE", help="the remote's name, as git tells the hook")
    push.add_argument("url", nargs="?", metavar="URL", help="the remote's location, as git tells the hook")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked and return the exit code."""
    if arguments.action == "pre-push":
        return _pre_push(arguments.remote)
    git = Git.open(Path(arguments.repo))
    if arguments.action == "install":
        placed = hooks.install(git, hook_type=arguments.hook_type, force=arguments.force)
    else:
        placed = hooks.uninstall(git, hook_type=arguments.hook_type)
    _say(f"{visible(placed.sentence)}\n")
    return 0


def _pre_push(remote: str | None) -> int:
    """Check what git, or the pre-commit framework, says will be pushed."""
    git = Git.open(Path())
    if remote is None and os.environ.get("PRE_COMMIT") == "1":
        remote, updates = prepush.from_precommit(git, os.environ)
    elif sys.stdin.isatty():
        raise UsageError(
            "`riskbot hook pre-push` reads from git which refs are pushed; here it would wait for ever.",
            mend="Run `riskbot check` to see what a push would send, or `riskbot hook install`.",
        )
    else:
        remote, updates = remote or "origin", prepush.parse(sys.stdin.buffer.read())
    code = prepush.review(prepush.ranges(git, remote, updates), remote, lambda one: _check(git, one), _say)
    if code:
        why = "the policy holds it" if code == Outcome.HELD.exit_code else "not everything could be judged"
        _say(f"The push is refused: {why}. To push all the same: git push --no-verify\n")
    return code


def _check(git: Git, one: prepush.Range) -> int:
    """Take one range down the road, write its report and return its exit code."""
    from riskbot.gather.local import from_commits

    with terminal.progress() as progress:
        verdict, _ = check.evaluate(
            lambda limits: from_commits(git, one.base, one.head, one.origin, limits),
            {"format": "text"},
            progress,
            git,
        )
    check.show(verdict, "text")
    return verdict.exit_code


def _say(text: str) -> None:
    output.write(text, None)
