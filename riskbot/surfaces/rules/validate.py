"""``riskbot rules validate``: whether rules are as docs/rules.md says, and semgrep can read them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskbot.domain.errors import ConfigError, EvaluationError, UsageError
from riskbot.surfaces import output

if TYPE_CHECKING:
    from riskbot.detect.rules import Pack

_SECONDS = 120.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        help="rule files or folders of them (default: the shipped rules, and .riskbot/rules where it exists)",
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to write it (default: text)"
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE, whole or not at all")


def run(arguments: argparse.Namespace) -> int:
    """Validate them; 1 where something is wrong."""
    strict, own = _sorted(arguments.paths)
    wrong: list[str] = []
    packs = [*_read_strictly(strict, wrong), *_read_own(own, wrong)]
    for pack in packs:
        wrong += _schema(pack)
    if not wrong:
        wrong += _semgrep(packs)
    count = sum(len(pack.rules) for pack in packs)
    if arguments.format == "json":
        document = {
            "schema": "riskbot.rules-validate/1",
            "valid": not wrong,
            "rules": count,
            "problems": wrong,
        }
        output.write(json.dumps(document, indent=2) + "\n", arguments.output)
    else:
        from riskbot.report.escape import terminal

        lines = [*wrong, f"{count} rules read, {len(wrong)} problem{'' if len(wrong) == 1 else 's'}."]
        output.write("".join(f"{terminal(line)}\n" for line in lines), arguments.output)
    return 1 if wrong else 0


def _sorted(names: Sequence[str]) -> tuple[list[Path], list[Path]]:
    """Part the files into shipped ones, read strictly, and a repository's own, in semgrep's plain format."""
    from riskbot.detect.rules import is_rule, rule_files
    from riskbot.outside import bundled

    shipped = bundled.folder("rules")
    if not names:
        folder = Path(".riskbot/rules")
        return rule_files(shipped), sorted(one for one in folder.rglob("*") if is_rule(one.name))
    found: list[Path] = []
    for name in names:
        path = Path(name)
        if not path.exists():
            raise UsageError(f"There is no {name}.", mend="Name rule files or folders of them.")
        found += sorted(one for one in path.rglob("*") if is_rule(one.name)) if path.is_dir() else [path]
    inside = [one for one in found if shipped in one.resolve().parents]
    return inside, [one for one in found if one not in inside]


def _read_strictly(files: Sequence[Path], wrong: list[str]) -> Iterator[Pack]:
    """Read each file by itself, so that every one is heard."""
    from riskbot.detect.rules import load_files

    good = []
    for file in files:
        try:
            load_files([file])
            good.append(file)
        except ConfigError as problem:
            wrong.append(str(problem))
    if good:
        yield load_files(good)


def _read_own(files: Sequence[Path], wrong: list[str]) -> Iterator[Pack]:
    from riskbot.detect.rules import OWN, load, merge
    from riskbot.detect.rules.own import read
    from riskbot.detect.rules.tables import tables
    from riskbot.outside import bundled

    if not files:
        return
    taken = set(load(bundled.folder("rules")).rules) | set(tables())
    entries: list[dict[str, Any]] = []
    for file in files:
        try:
            found = read([(str(file), file.read_bytes())], taken | {entry["id"] for entry in entries})
            entries += [entry | {"pack": OWN, "needs": True} for entry in found]
        except ConfigError as problem:
            wrong.append(str(problem))
    if entries:
        yield merge(entries)


def _schema(pack: Pack) -> Iterator[str]:
    """Hold the rules against the JSON schema in semgrep's own wheel, where that is installed."""
    import importlib.resources

    import yaml

    try:
        import jsonschema

        folder = Path(str(importlib.resources.files("semgrep")))
    except ImportError:
        return
    for schema in folder.rglob("rule_schema_v1.yaml"):
        validator = jsonschema.Draft7Validator(yaml.safe_load(schema.read_text()))
        for entry in json.loads(pack.merged)["rules"]:
            for error in validator.iter_errors({"rules": [entry]}):
                yield f"{entry['id']}: semgrep's schema does not allow it: {error.message[:300]}"


def _semgrep(packs: Sequence[Pack]) -> Iterator[str]:
    """Let semgrep read all rules over an empty file."""
    for pack in packs:
        yield from _unreadable(pack, list(pack.languages))


def _unreadable(pack: Pack, rules: Sequence[str]) -> Iterator[str]:
    """Name the rules that semgrep cannot read; one spoils a whole run, so halves are tried."""
    from riskbot.outside.semgrep import scan

    try:
        scan([b""], pack.only(set(rules)), seconds=_SECONDS)
    except EvaluationError as problem:
        half = len(rules) // 2
        if not half:
            yield "".join(f"{rule}: semgrep cannot read it. " for rule in rules) + problem.message
        else:
            yield from _unreadable(pack, rules[:half])
            yield from _unreadable(pack, rules[half:])
