"""The command line: a table of commands, and the one boundary where errors become words and exit codes."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module

from riskbot import __version__

TYPE_CHECKING = False  # see riskbot/__init__.py
if TYPE_CHECKING:
    from typing import Any

# Each command's module offers `add_arguments(parser)` and `run(arguments) -> int`; it is imported only
# when its command is given, so that `riskbot --help` starts in a blink.
COMMANDS = {
    "check": ("riskbot.surfaces.check", "score a change, say why, judge it by the policy"),
    "hook": ("riskbot.surfaces.hook", "install, remove or run the git pre-push hook"),
    "schema": ("riskbot.surfaces.schema", "print the JSON schema of something riskbot writes or reads"),
}

_EXIT_CODES = """\
exit codes: 0 allowed, 1 the policy says no, 2 usage or configuration error, 3 could not evaluate,
130 interrupted"""


class _Lazy(argparse.ArgumentParser):
    """A command's parser that imports the command's module only when its arguments are parsed."""

    module = ""

    def parse_known_args(self, args: Any = None, namespace: Any = None, **options: Any) -> Any:
        """Import the command's module first; the signature is argparse's own."""
        if self.module:
            command = import_module(self.module)
            self.module = ""
            command.add_arguments(self)
            self.set_defaults(run=command.run)
        return super().parse_known_args(args, namespace, **options)


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal; asking for that here spares importing shutil and its compressors."""

    def __init__(self, prog: str) -> None:
        try:
            columns = os.get_terminal_size().columns
        except OSError:
            columns = 100
        super().__init__(prog, width=max(40, min(columns, 110) - 2))


def parser() -> argparse.ArgumentParser:
    """Build the parser of all commands; importing none of them."""
    top = argparse.ArgumentParser(
        prog="riskbot",
        description="Scores the risk of a change and keeps the rules of its review.",
        epilog=_EXIT_CODES,
        formatter_class=_Help,
    )
    top.add_argument("--version", action="version", version=f"riskbot {__version__}")
    top.add_argument("--debug", action="store_true", help="show the traceback of an error")
    commands = top.add_subparsers(
        metavar="COMMAND", required=True, parser_class=_Lazy, title="commands", dest="command"
    )
    for name, (module, about) in COMMANDS.items():
        command = commands.add_parser(
            name, help=about, description=about[0].upper() + about[1:] + ".", formatter_class=_Help
        )
        command.module = module
        command.add_argument(
            "--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
        )
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
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt as stop:
        number = stop.args[0] if isinstance(stop, _Ended) else signal.SIGINT
        _complain("Interrupted; nothing was written.")
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
