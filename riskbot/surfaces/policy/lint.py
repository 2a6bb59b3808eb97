"""``riskbot policy lint``: what is wrong with policies and owners files, before any change meets them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskbot.domain.errors import UsageError
from riskbot.surfaces import output
from riskbot.surfaces.policy import reading, twins

if TYPE_CHECKING:
    from riskbot.judge.language.policy import Policy
    from riskbot.judge.lint import Found, Surroundings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "policies", metavar="POLICY", nargs="+", help="a policy's path, or a shipped one's name"
    )
    parser.add_argument("--owners", metavar="FILE", help="an owners file, looked at with the policies")
    parser.add_argument("--repo", metavar="R", help="a repository whose owners files are looked at")
    parser.add_argument("--rev", metavar="REV", help="the revision to read them at (default: HEAD)")
    parser.add_argument(
        "--directory", metavar="FILE", help="accounts and teams as JSON, to look names up in (docs/facts.md)"
    )
    reading.add_includes(parser)
    parser.add_argument("--strict", action="store_true", help="fail on warnings as well as on errors")
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to write it (default: text)"
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE, whole or not at all")


def run(arguments: argparse.Namespace) -> int:
    """Look at every policy; 1 where there is an error (``--strict``: or a warning)."""
    from riskbot.judge.lint import Severity

    if arguments.owners and arguments.repo:
        raise UsageError("--owners and --repo name two places of owners files.", mend="Give one of them.")
    if arguments.rev and not arguments.repo:
        raise UsageError("--rev is about a repository.", mend="Give --repo as well.")
    found: list[Found] = []
    for name in arguments.policies:
        found += (one for one in _linted(name, arguments) if one not in found)
    if arguments.format == "json":
        text = json.dumps(_document(arguments, found), indent=2) + "\n"
    else:
        from riskbot.report.escape import terminal

        text = "".join(f"{terminal(line)}\n" for line in _lines(found))
    output.write(text, arguments.output)
    bad = {Severity.ERROR, Severity.WARNING} if arguments.strict else {Severity.ERROR}
    return 1 if any(one.severity in bad for one in found) else 0


def _linted(name: str, arguments: argparse.Namespace) -> tuple[Found, ...]:
    from riskbot.judge.lint import lint

    policy = twins.load_policy(name, arguments.include)
    data, file, _ = reading.text_of(name)
    return lint(policy, data, file, reading.now(None), _around(policy, arguments))


def _around(policy: Policy, arguments: argparse.Namespace) -> Surroundings:
    """Read the directory and the owners files."""
    from riskbot.facts.reading import read_directory
    from riskbot.judge.lint import Surroundings

    directory = None
    if arguments.directory:
        directory = read_directory(reading.bytes_of(arguments.directory, "directory"), arguments.directory)
    if arguments.owners:
        return _with_file(policy, arguments.owners, directory)
    if arguments.repo:
        return _with_repository(policy, arguments.repo, arguments.rev or "HEAD", directory)
    return Surroundings(directory=directory)


def _with_file(policy: Policy, name: str, directory: Any) -> Surroundings:
    """Read one owners file, in the format that the policy reads."""
    from riskbot.facts.document import Text
    from riskbot.facts.paths import encode
    from riskbot.judge.lint import Surroundings
    from riskbot.judge.owners import Rosters
    from riskbot.judge.owners.codeowners import CodeOwners
    from riskbot.judge.owners.reading import read

    data = reading.bytes_of(name, "owners file")
    if policy.rules.owners.format == "codeowners":
        return Surroundings(Rosters(CodeOwners.parse(data, name)), directory)
    try:
        text: str | None = data.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    here = Path(name).name
    listed = (Text(path=encode(here), text=text, size=len(data)),)
    return Surroundings(read(listed, policy.rules.owners.format), directory, ("any-file",))


def _with_repository(policy: Policy, root: str, revision: str, directory: Any) -> Surroundings:
    """Read all owners files and rosters at a revision."""
    from riskbot.gather.governing import owners_texts
    from riskbot.gather.names import decode
    from riskbot.judge.lint import Surroundings
    from riskbot.judge.owners.reading import read
    from riskbot.outside.git import Git

    style = policy.rules.owners.format
    git = Git.open(Path(root))
    commit = git.resolve(revision)
    texts = owners_texts(git, commit, style, policy.rosters)
    listed = git.run("ls-tree", "-r", "-z", "--full-tree", "--name-only", commit)
    paths = tuple(decode(path) for path in listed.split(b"\0") if path)
    return Surroundings(read(texts, style, rosters=policy.rosters), directory, paths)


def _lines(found: list[Found]) -> Iterator[str]:
    """Write each entry as file:line:column, so that editors can follow it."""
    for one in found:
        place = ":".join(str(part) for part in (one.file, one.line, one.column) if part not in {None, ""})
        yield f"{place}: {one.severity.value}: {one.message} [{one.code}]"
        if one.mend:
            yield f"    {one.mend}"
    counts = {kind: sum(one.severity.value == kind for one in found) for kind in ("error", "warning", "note")}
    said = [f"{number} {kind}{'' if number == 1 else 's'}" for kind, number in counts.items() if number]
    yield f"{', '.join(said) if said else 'Nothing found'}."


def _document(arguments: argparse.Namespace, found: list[Found]) -> dict[str, Any]:
    """Make the document: {"schema", "policies", "lints": [{"code", "severity", "file", …}]}."""
    return {
        "schema": "riskbot.policy-lint/1",
        "policies": arguments.policies,
        "lints": [
            {
                "code": one.code,
                "severity": one.severity.value,
                "file": one.file,
                "line": one.line,
                "column": one.column,
                "message": one.message,
                "mend": one.mend,
            }
            for one in found
        ],
    }
