"""What the ``riskbot policy`` commands read: policies with what they include, facts, the time."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec

from riskbot.domain.errors import UsageError

if TYPE_CHECKING:
    from riskbot.domain.verdict import Verdict
    from riskbot.facts.document import Facts
    from riskbot.judge.language.declarations import Include
    from riskbot.judge.language.policy import Policy

_Time = Annotated[datetime, msgspec.Meta(tz=True)]


def add_policy(parser: argparse.ArgumentParser) -> None:
    """Declare how a policy is named, and the texts of what it includes."""
    parser.add_argument(
        "--policy",
        metavar="P",
        default="default",
        help="a shipped policy's name, or a file's path (default: default)",
    )
    add_includes(parser)


def add_includes(parser: argparse.ArgumentParser) -> None:
    """Declare the texts of what policies include."""
    parser.add_argument(
        "--include",
        metavar="NAME=FILE",
        action="append",
        default=[],
        help="the text of a policy that the policy includes under NAME; may be given again",
    )


def add_facts(parser: argparse.ArgumentParser) -> None:
    """Declare the facts and the time they are judged at."""
    parser.add_argument(
        "--facts", metavar="F", required=True, help="the facts document; - reads standard input"
    )
    parser.add_argument(
        "--now", metavar="T", help="judge as of this time, RFC 3339 with its offset (default: now)"
    )


def judged(arguments: argparse.Namespace) -> Verdict:
    """Judge the facts that the arguments name by the policy that they name."""
    from riskbot.judge import judge
    from riskbot.judge.owners.reading import read as read_owners

    chosen = policy(arguments.policy, arguments.include)
    told = facts(arguments.facts)
    owners = read_owners(told.texts, chosen.rules.owners.format, chosen.rosters)
    return judge(told, chosen, owners, now(arguments.now))


def policy(name: str, includes: list[str]) -> Policy:
    """Load a policy: a path if a file is meant, else a shipped one by name.

    Raises UsageError for a name that is neither, and for an include that nothing asks for; ConfigError for
    a policy that is wrong.
    """
    from riskbot.judge.language.policy import load

    data, file, source = text_of(name)
    texts = _included(data, file, _given(includes))
    return load(data, file=file, source=source, included=texts)


def facts(name: str) -> Facts:
    """Read a facts document; ``-`` is standard input. Raises UsageError or ConfigError."""
    from riskbot.facts import read

    if name == "-":
        return read(sys.stdin.buffer.read(), "standard input")
    return read(bytes_of(name, "facts document"), name)


def now(text: str | None) -> datetime:
    """Read the time to judge at; the clock's where none is given."""
    if text is None:
        return datetime.now(UTC)
    try:
        return msgspec.convert(text, _Time)
    except msgspec.ValidationError:
        raise UsageError(
            f"{text[:80]!r} is no time with its offset.", mend="Write one like 2026-07-01T12:00:00+02:00."
        ) from None


def bytes_of(name: str, what: str) -> bytes:
    """Read a file; UsageError names what it should have been."""
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", None) or problem
        raise UsageError(
            f"The {what} {name} cannot be read: {why}.", mend="Name a readable file."
        ) from problem


def text_of(name: str) -> tuple[bytes, str, str]:
    """Find a policy's text: its bytes, its name in errors, and where it was read."""
    from riskbot.outside import bundled

    if "/" in name or name.endswith((".yml", ".yaml")):
        return bytes_of(name, "policy"), name, name
    shipped = {
        path.stem: path
        for path in sorted(bundled.folder("policies").glob("*.yml"))
        if not path.stem.endswith(".cases")
    }
    if name not in shipped:
        mend = f"Shipped are: {', '.join(shipped)}. One of your own is named by its path, such as ./own.yml."
        raise UsageError(f"There is no shipped policy {name[:80]!r}.", mend=mend)
    path = shipped[name]
    return path.read_bytes(), f"policies/{path.name}", f"shipped with riskbot: {path.name}"


def _given(includes: list[str]) -> dict[str, str]:
    """Read NAME=FILE pairs."""
    pairs = {}
    for one in includes:
        name, sign, file = one.partition("=")
        if not (name and sign and file):
            raise UsageError(
                f"--include {one[:80]!r} is not NAME=FILE.", mend="Write it like --include base=base.yml."
            )
        if name in pairs:
            raise UsageError(f"--include {name} is given twice.", mend="Give each name once.")
        pairs[name] = file
    return pairs


def _included(data: bytes, file: str, given: dict[str, str]) -> dict[Include, bytes]:
    """Collect the texts of everything included, directly or not; what was not given is the loader's error."""
    from riskbot.judge.language.policy import collect
    from riskbot.toolbox import shipped_policy

    def find(one: Include) -> bytes | None:
        return bytes_of(given[one.policy], "included policy") if one.policy in given else shipped_policy(one)

    texts = collect(data, file, find)
    if unused := sorted(given.keys() - {one.policy for one in texts}):
        raise UsageError(
            f"Nothing includes a policy under the name {unused[0][:80]!r}.",
            mend="Names are those under include: in the policy.",
        )
    return texts
