"""The settings themselves: every name, its default, its environment variable, and what it may be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from riskbot.domain.band import Band
from riskbot.report import FORMATS
from riskbot.settings.converters import Converter, choice, flag, number, whole

PREFIX = "RISKBOT_"


def _band(value: object) -> Band:
    if isinstance(value, Band):
        return value
    return Band(choice(*(band.value for band in Band))(value))


def _policy(value: object) -> str:
    shipped = isinstance(value, str) and re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", value)
    own = isinstance(value, str) and re.fullmatch(r"\.riskbot/[\w./-]{1,200}\.ya?ml", value, re.ASCII)
    if isinstance(value, str) and (shipped or (own and ".." not in value)):
        return value
    raise ValueError("the name of a shipped policy, or a path like .riskbot/policy.yml")


def _rules(value: object) -> tuple[str, ...]:
    """Take folders and files in the repository; a variable's text parts them by commas."""
    parts = value.split(",") if isinstance(value, str) else value
    if isinstance(parts, list | tuple) and len(parts) <= 20:
        paths = [part.strip().strip("/") if isinstance(part, str) else "" for part in parts]
        if all(re.fullmatch(r"[^\x00-\x1f]{1,400}", one) and ".." not in one.split("/") for one in paths):
            return tuple(paths)
    raise ValueError("a list of folders or files in the repository, such as ['.riskbot/rules']")


def _model(value: object) -> str:
    if isinstance(value, str) and (
        value in {"risk", "metrics"} or re.fullmatch(r"/[^\x00-\x1f]{1,4000}", value)
    ):
        return value
    raise ValueError("risk, metrics, or the full path of a folder that holds a model")


def _setting(default: Any, convert: Converter) -> Any:
    return field(default=default, metadata={"convert": convert})


_PERCENT = number(0, 100)


@dataclass(frozen=True, slots=True)
class Bands:
    """From which percentile on a change is called so; they must ascend."""

    weekend: float = _setting(90.0, _PERCENT)
    yellow: float = _setting(95.0, _PERCENT)
    red: float = _setting(99.0, _PERCENT)


@dataclass(frozen=True, slots=True)
class Gates:
    """The riskiest so many per cent that a gating mode holds (arXiv 2410.06351); they must ascend."""

    weekend: float = _setting(5.0, _PERCENT)
    yellow: float = _setting(10.0, _PERCENT)
    red: float = _setting(50.0, _PERCENT)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting. What each means is in docs/settings.md; seconds and bytes are units of the names."""

    policy: str = _setting("default", _policy)
    format: str = _setting("text", choice(*FORMATS))
    detector_seconds: float = _setting(150.0, number(0.1, 3600))
    semgrep_seconds: float = _setting(120.0, number(0.1, 3600))
    max_file_bytes: int = _setting(4_194_304, whole(1, 1_000_000_000))
    max_total_bytes: int = _setting(134_217_728, whole(1, 10_000_000_000))
    model: str = _setting("risk", _model)
    author_features: bool = _setting(True, flag)
    percentile_reference: str = _setting("model", choice("model", "repository"))
    authorship_weak: bool = _setting(False, flag)
    authorship_style: bool = _setting(False, flag)
    disclosure_trailer: str = _setting(
        "assisted-by", choice("assisted-by", "co-authored-by", "generated-by", "none")
    )
    rules: tuple[str, ...] = _setting((".riskbot/rules",), _rules)
    zones_semgrep: bool = _setting(False, flag)
    unanalysed_band: Band = _setting(Band.YELLOW, _band)  # noqa: RUF009 - a field()
    bands: Bands = field(default_factory=Bands)
    gates: Gates = field(default_factory=Gates)


@dataclass(frozen=True, slots=True)
class Key:
    """One setting by its dotted name, with its default, its converter and its environment variable."""

    name: str
    default: object
    convert: Converter

    @property
    def variable(self) -> str:
        """The environment variable: ``bands.red`` is ``RISKBOT_BANDS_RED``."""
        return PREFIX + self.name.upper().replace(".", "_")


def all_keys(of: object = None, prefix: str = "") -> Iterator[Key]:
    """List every setting, in the order they are declared."""
    holder = Settings() if of is None else of
    for item in fields(holder):  # type: ignore[arg-type]
        value = getattr(holder, item.name)
        if is_dataclass(value):
            yield from all_keys(value, f"{prefix}{item.name}.")
        else:
            yield Key(prefix + item.name, value, item.metadata["convert"])
