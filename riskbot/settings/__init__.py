"""riskbot's settings: flags > environment > file > default; frozen; an unknown key is an error.

The file is ``.riskbot/settings.toml`` or the table ``[tool.riskbot]`` of ``pyproject.toml`` (having both
is an error), as the charter holds it: read at the merge base, so that a change cannot set the terms of
its own judgement. Flags and environment belong to whoever runs riskbot. Nothing here is imported before
it is needed: ``riskbot --help`` must start in a blink.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from riskbot.domain.change import Charter
from riskbot.domain.errors import ConfigError
from riskbot.domain.suggest import did_you_mean
from riskbot.settings import toml
from riskbot.settings.values import PREFIX, Bands, Gates, Key, Settings, all_keys

__all__ = ["Bands", "Gates", "Key", "Settings", "all_keys", "load"]

FILE = ".riskbot/settings.toml"
PYPROJECT = "pyproject.toml"


@dataclass(frozen=True, slots=True)
class _Given:
    """One value that somebody gave, and where to point when it is wrong."""

    value: object
    file: str
    text: str = ""
    path: tuple[str, ...] = ()

    def error(self, message: str, mend: str = "") -> ConfigError:
        line, column = toml.place(self.text, self.path) if self.path else (None, None)
        return ConfigError(message, file=self.file, line=line, column=column, mend=mend)

    def shown(self) -> str:
        """The value, for a message; a whole number may be too long for Python to print."""
        try:
            return f"{self.value!r:.80}"
        except ValueError:
            return "a very long number"


def load(
    charter: Charter | None = None,
    environment: Mapping[str, str] | None = None,
    flags: Mapping[str, object] | None = None,
) -> Settings:
    """Read the settings. ``flags`` maps dotted names to values; every source may be missing.

    Raises ConfigError, naming file and line, variable or flag, for an unknown key or a bad value.
    """
    known = {key.name: key for key in all_keys()}
    given: dict[str, _Given] = {}
    given |= _from_charter(charter, known) if charter is not None else {}
    given |= _from_environment(environment or {}, known)
    given |= _from_flags(flags or {}, known)
    values: dict[str, Any] = {}
    for name, key in known.items():
        values[name] = _converted(name, key, given[name]) if name in given else key.default
    _ascend("bands", values, given)
    _ascend("gates", values, given)
    return _build(values)


def _converted(name: str, key: Key, one: _Given) -> Any:
    try:
        return key.convert(one.value)
    except ValueError as problem:
        raise one.error(
            f"{name} is {one.shown()}; it must be {problem}.", "Change it, or remove it."
        ) from None


def _ascend(table: str, values: dict[str, Any], given: dict[str, _Given]) -> None:
    """Refuse thresholds out of order: a red band below the yellow one would never be yellow."""
    names = [name for name in values if name.startswith(f"{table}.")]
    for lower, upper in itertools.pairwise(names):
        if values[lower] >= values[upper]:
            at = given.get(upper) or given[lower]
            message = f"{lower} ({values[lower]:g}) must be below {upper} ({values[upper]:g})."
            raise at.error(message, f"Let {', '.join(names)} ascend.")


def _build(values: dict[str, Any]) -> Settings:
    tables: dict[str, dict[str, Any]] = {"": {}, "bands": {}, "gates": {}}
    for name, value in values.items():
        table, _, key = name.rpartition(".")
        tables[table][key] = value
    return Settings(**tables[""], bands=Bands(**tables["bands"]), gates=Gates(**tables["gates"]))


def _from_flags(flags: Mapping[str, object], known: dict[str, Key]) -> dict[str, _Given]:
    for name in flags:
        if name not in known:
            raise ConfigError("There is no such setting.", file=f"--{name}", mend=did_you_mean(name, known))
    return {name: _Given(value, f"--{name.replace('_', '-')}") for name, value in flags.items()}


def _from_environment(environment: Mapping[str, str], known: dict[str, Key]) -> dict[str, _Given]:
    """Take every ``RISKBOT_`` variable; numbers are written in decimal."""
    variables = {key.variable: name for name, key in known.items()}
    given = {}
    for variable, text in environment.items():
        if not variable.startswith(PREFIX):
            continue
        if variable not in variables:
            mend = did_you_mean(variable, variables)
            raise ConfigError("There is no such setting.", file=variable, mend=mend)
        given[variables[variable]] = _Given(_value(text), variable)
    return given


def _value(text: str) -> object:
    """Read a variable's text: a decimal number as one, anything else as it is."""
    if re.fullmatch(r"[-+]?[0-9]{1,18}", text, re.ASCII):
        return int(text)
    if re.fullmatch(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}", text, re.ASCII):
        return float(text)
    return text


def _from_charter(charter: Charter, known: dict[str, Key]) -> dict[str, _Given]:
    """Read the one file that configures riskbot at the base."""
    own, project = charter.text(FILE), charter.text(PYPROJECT)
    table: tuple[str, ...] = ()
    found = None
    if project is not None:
        found = _tool_riskbot(project)
        table = ("tool", "riskbot")
    if own is None:
        return {} if found is None or project is None else _flat(found, project, PYPROJECT, table, known)
    if found is not None:
        message = f"Settings stand here and in {PYPROJECT} under [tool.riskbot]."
        raise ConfigError(message, file=FILE, mend="Keep one of the two.")
    return _flat(toml.parse(own, FILE), own, FILE, (), known)


def _tool_riskbot(data: bytes) -> dict[str, Any] | None:
    """Pick ``[tool.riskbot]`` out of pyproject.toml; None where it has none."""
    if re.search(rb"riskbot|\\", data) is None:
        return None  # nothing there can spell the name: not ours to check
    tool = toml.parse(data, PYPROJECT).get("tool", {})
    found = tool.get("riskbot") if isinstance(tool, dict) else None
    if found is not None and not isinstance(found, dict):
        raise ConfigError("tool.riskbot must be a table.", file=PYPROJECT, mend="Write [tool.riskbot].")
    return found


def _flat(
    tree: dict[str, Any], data: bytes, file: str, table: tuple[str, ...], known: dict[str, Key]
) -> dict[str, _Given]:
    """Flatten the tables to dotted names; unknown ones are errors with their place."""
    text = data.decode()
    tables = {name.rpartition(".")[0] for name in known} - {""}
    given: dict[str, _Given] = {}
    for path, value in _walk(tree, tables):
        name = ".".join(path)
        one = _Given(value, file, text, (*table, *path))
        if len(path) == 1 and name in tables:
            raise one.error(f"{name} must be a table.", f"Write [{'.'.join((*table, name))}].")
        if name not in known or any("." in part for part in path):  # a quoted "bands.red" is no table
            raise one.error(f"There is no setting {name[:80]!r}.", did_you_mean(name, known))
        given[name] = one
    return given


def _walk(tree: dict[str, Any], tables: set[str]) -> Iterator[tuple[tuple[str, ...], object]]:
    for name, value in tree.items():
        if name in tables and isinstance(value, dict):
            for inner, below in value.items():
                yield (name, inner), below
        else:
            yield (name,), value
