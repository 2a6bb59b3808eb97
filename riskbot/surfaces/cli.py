"""The command line: a table of commands, and the one boundary where errors become words and exit codes."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from contextlib import suppress

from riskbot import __version__
from riskbot.surfaces import lazy

COMMANDS = {
    "authorship": (
        "riskbot.surfaces.authorship",
        "say which commits agents or bots wrote, and what shows it",
    ),
    "check": ("riskbot.surfaces.check", "score a change, say why, judge it by the policy"),
    "hook": ("riskbot.surfaces.hook", "install, remove or run the git pre-push hook"),
    "learn": ("riskbot.surfaces.learn", "fit the risk model on histories of your own"),
    "model": ("riskbot.surfaces.model", "say what the models are, and check that their files are whole"),
    "owners": ("riskbot.surfaces.owners", "say who owns a path, and which line decided"),
    "policy": ("riskbot.surfaces.policy", "judge facts by a policy; test, lint and compare policies"),
    "rules": ("riskbot.surfaces.rules", "list the rules, explain one, run their twins"),
    "schema": ("riskbot.surfaces.schema", "print the JSON schema of something riskbot writes or reads"),
    "score": ("riskbot.surfaces.score", "score many commits at once, as JSON Lines"),
    "zones": ("riskbot.surfaces.zones", "find the flows of data that policy zones forbid, and say why"),
}

_EXIT_CODES = """\
exit codes: 0 allowed, 1 the policy says no, 2 usage or configuration error, 3 could not evaluate,
130 interrupted"""


def parser() -> argparse.ArgumentParser:
    """Build the parser of all commands; importing none of them."""
    top = argparse.ArgumentParser(
        prog="riskbot",
        description="Scores the risk of a change and keeps the rules of its review.",
        epilog=_EXIT_CODES,
        formatter_class=lazy.Help,
    )
    top.add_argument("--version", action="version", version=f"riskbot {__version__}")
    top.add_argument("--debug", action="store_true", help="show the traceback of an error")
    lazy.add_commands(top, COMMANDS, "command")
    return top


def _complain(message: str) -> None:
    """Write one error paragraph to standard error, which may be closed already."""
    from riskbot.surfaces.terminal import error

    with suppress(OSError):  # nobody may be left to read it; the exit code still tells
        error(message)


class _Ended(KeyboardInterrupt):
    """A signal that ends riskbot as Ctrl-C does: what it started is ended, what it made is removed."""


def _end(number: int, _frame: object) -> None:
    """Answer SIGTERM (a cancelled job, timeout(1)) or SIGHUP (a closed terminal)."""
    raise _Ended(number)


def _settle() -> None:
    """Tidy up on every signal that asks to end, and give closed standard streams somewhere to lead."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        with suppress(ValueError):  # only the main thread may; nohup's choice to ignore one stays
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _end)
    # Without this the next file that is opened would become standard output. In this order: each takes the
    # lowest free descriptor, its own.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, open(nowhere, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code; never a traceback unless ``--debug``."""
    debug = False
    _settle()
    try:
        arguments = parser().parse_args(argv)
        debug = arguments.debug
        code = lazy.run(arguments, COMMANDS, "command")
        sys.stdout.flush()
    except KeyboardInterrupt as stop:
        number = stop.args[0] if isinstance(stop, _Ended) else signal.SIGINT
        # A command that keeps what it finished says so in a note (PEP 678).
        _complain(next(iter(getattr(stop, "__notes__", ())), "Interrupted; nothing was written."))
        return int(128 + number)
    except BrokenPipeError:
        # The reader went away (`riskbot check | head`): say nothing, and keep the interpreter from trying
        # to flush again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 3
    except Exception as problem:
        from riskbot.domain.errors import RiskbotError

        if debug:
            raise
        if isinstance(problem, RiskbotError):
            _complain(str(problem))
            return problem.exit_code
        if isinstance(problem, OSError):
            _complain(f"Could not finish: {problem}. Free the disk or check the permissions, then try again.")
        else:
            _complain(
                f"riskbot itself failed ({type(problem).__name__}: {problem}). This is a bug: run again with"
                " --debug and report what it prints."
            )
        return 3
    return code
