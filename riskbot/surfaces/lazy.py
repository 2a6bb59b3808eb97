"""Commands in a table: each command's module is imported only when its command is given.

A command's module offers ``add_arguments(parser)`` and ``run(arguments) -> int``; so ``riskbot --help``
starts in a blink, however much the commands import.
"""

from __future__ import annotations

import argparse
import os
from importlib import import_module

TYPE_CHECKING = False  # see riskbot/__init__.py
if TYPE_CHECKING:
    from typing import Any

#: Command -> its module, and what it does in a few words.
Table = dict[str, tuple[str, str]]


class Help(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal; asking for that here spares importing shutil and its compressors."""

    def __init__(self, prog: str) -> None:
        try:
            columns = os.get_terminal_size().columns
        except OSError:
            columns = 100
        super().__init__(prog, width=max(40, min(columns, 110) - 2))


class _Command(argparse.ArgumentParser):
    """A command's parser that imports the command's module only when its arguments are parsed."""

    module = ""
    fallback: tuple[str, frozenset[str]] | None = None

    def parse_known_args(self, args: Any = None, namespace: Any = None, **options: Any) -> Any:
        """Import the command's module first; the signature is argparse's own."""
        if self.module:
            command = import_module(self.module)
            self.module = ""
            command.add_arguments(self)
        if self.fallback and args is not None:
            args = _completed(list(args), *self.fallback)
        return super().parse_known_args(args, namespace, **options)


def _completed(args: list[str], fallback: str, commands: frozenset[str]) -> list[str]:
    """Put the command in that is meant where none is named; asking for help or ``--debug`` names none."""
    at = 0
    while at < len(args) and args[at] == "--debug":
        at += 1
    named = at < len(args) and args[at] in {*commands, "-h", "--help"}
    return args if named else [*args[:at], fallback, *args[at:]]


def add_commands(
    parser: argparse.ArgumentParser, table: Table, dest: str, *, fallback: str | None = None
) -> None:
    """Let ``parser`` know the commands of ``table``, importing none; ``dest`` holds the chosen one's name.

    ``fallback`` is the command that is meant where the first argument names none.
    """
    if fallback is not None and isinstance(parser, _Command):
        parser.fallback = fallback, frozenset(table)
    commands = parser.add_subparsers(
        metavar=dest.upper(), required=True, parser_class=_Command, title=f"{dest}s", dest=dest
    )
    for name, (module, about) in table.items():
        command = commands.add_parser(
            name, help=about, description=about[0].upper() + about[1:] + ".", formatter_class=Help
        )
        command.module = module
        command.add_argument(
            "--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
        )


def run(arguments: argparse.Namespace, table: Table, dest: str) -> int:
    """Run the command that was chosen and return its exit code."""
    module, _ = table[getattr(arguments, dest)]
    code: int = import_module(module).run(arguments)
    return code
