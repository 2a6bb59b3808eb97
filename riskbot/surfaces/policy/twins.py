"""Which policies and cases are meant by the paths that are given: a policy, its twin, or a folder of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from riskbot.domain.errors import ConfigError, UsageError
from riskbot.surfaces.policy import reading

if TYPE_CHECKING:
    from riskbot.judge.cases import Case
    from riskbot.judge.language.policy import Policy

CASES = ".cases.yml"
HOME = ".riskbot"


@dataclass(frozen=True, slots=True)
class Twin:
    """A policy and its file of cases; None: it has none."""

    policy: str
    cases: str | None


def find(paths: list[str]) -> list[Twin]:
    """List the twins that are meant, each once, in the order given and by name within a folder.

    Raises UsageError for a path that is not there, and where there is nothing to test.
    """
    if not paths and not Path(HOME).is_dir():
        raise UsageError(
            f"There is no folder {HOME} here.", mend="Name a policy, a file of cases, or a folder of them."
        )
    found = list(dict.fromkeys(twin for path in paths or [HOME] for twin in _under(path)))
    if not any(twin.cases for twin in found):
        where = ", ".join(paths or [HOME])
        mend = f"Cases of p.yml stand in p{CASES} beside it."
        raise UsageError(f"There are no cases in {where}.", mend=mend)
    return found


def load_policy(name: str, includes: list[str]) -> Policy:
    """Load a policy with what it includes, of those texts that are given for all of them."""
    wanted = [one for one in includes if one.partition("=")[0] in _included(name, includes)]
    return reading.policy(name, wanted)


def load_cases(path: str) -> tuple[Case, ...]:
    """Load a file of cases. Raises UsageError or ConfigError."""
    from riskbot.judge.cases import load

    return load(reading.bytes_of(path, "file of cases"), path)


def _under(path: str) -> Iterator[Twin]:
    if Path(path).is_dir():
        yield from _in_folder(Path(path))
    elif path.endswith(CASES):
        yield Twin(_policy_of(path), path)
    elif Path(path).is_file():
        twin = Path(path).with_suffix(CASES)
        yield Twin(path, str(twin) if twin.is_file() else None)
    elif "/" not in path and not path.endswith((".yml", ".yaml")):
        yield from _shipped(path)
    else:
        raise UsageError(f"There is no {path}.", mend="Name a policy, a file of cases, or a folder of them.")


def _shipped(name: str) -> Iterator[Twin]:
    """A shipped policy's twin lies beside it."""
    from riskbot.outside import bundled

    twin = bundled.folder("policies") / f"{name}{CASES}"
    yield Twin(name, str(twin) if twin.is_file() else None)


def _in_folder(folder: Path) -> Iterator[Twin]:
    """Every twin below the folder, and every policy there that has none."""
    twins = {str(path): path for path in sorted(folder.rglob(f"*{CASES}")) if path.is_file()}
    policies = {_policy_of(name): name for name in twins}
    for path in sorted(folder.rglob("*.yml")):
        if str(path) not in twins and str(path) not in policies and _is_policy(path):
            policies[str(path)] = ""
    for policy in sorted(policies):
        yield Twin(policy, policies[policy] or None)


def _policy_of(cases: str) -> str:
    return f"{cases.removesuffix(CASES)}.yml"


def _is_policy(path: Path) -> bool:
    """Say whether a YAML file looks like a policy, also one that is wrong: other files may lie there too."""
    from riskbot.written import marked

    try:
        root = marked.parse(path.read_bytes(), str(path))
    except (ConfigError, OSError):
        return False
    return isinstance(root.value, dict) and "requires" in root.value


def _included(name: str, includes: Iterable[str]) -> set[str]:
    """Which of the names given the policy includes, directly or not."""
    from riskbot.judge.language.policy import includes as listed

    given = dict(one.partition("=")[::2] for one in includes)
    seen: set[str] = set()
    waiting = [reading.text_of(name)[:2]]
    while waiting:
        for one in listed(*waiting.pop()):
            if one.policy in given and one.policy not in seen:
                seen.add(one.policy)
                path = given[one.policy]
                waiting.append((reading.bytes_of(path, "included policy"), path))
    return seen
