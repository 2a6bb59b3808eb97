"""Who signed a commit off: the ``Signed-off-by`` trailers of people, apart from those of agents and bots.

A sign-off is a person's word that they may pass the work on (https://developercertificate.org/). Anyone can
type one, so that it can only meet what asks for such a word, and lifts nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from riskbot.facts.document import Commit
from riskbot.judge.people.directory import Directory

_KEY = "signed-off-by"
_ADDRESS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
_BOT = "[bot]"


def people(commit: Commit, agents: Iterable[str], directory: Directory) -> tuple[str, ...]:
    """List the addresses of the people who signed the commit off; ``agents`` are the values of agents.

    Without an address in angle brackets nobody is named.
    """
    theirs = {address for value in agents for address in _addresses(value)}
    found: dict[str, None] = {}
    for trailer in commit.trailers:
        if trailer.key.strip().casefold() == _KEY:
            for address in _addresses(trailer.value):
                if address not in theirs and not _bot(address, directory):
                    found[address] = None
    return tuple(found)


def _addresses(value: str) -> list[str]:
    return [found.casefold() for found in _ADDRESS.findall(value)]


def _bot(address: str, directory: Directory) -> bool:
    return _BOT in address or any(directory.is_bot(account) for account in directory.named(address))
