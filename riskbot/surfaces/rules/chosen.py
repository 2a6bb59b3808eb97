"""Which rule files the ``riskbot rules`` commands mean: named by id, by path, or all that are shipped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from riskbot.domain.errors import UsageError
from riskbot.domain.suggest import did_you_mean


def files(names: Sequence[str]) -> list[Path]:
    """Find the rule files that ``names`` mean: ids of shipped rules or packs, rule files, folders of rules.

    None named: all shipped ones. Raises UsageError for what is none of these.
    """
    from riskbot.detect.rules import rule_files
    from riskbot.outside import bundled

    shipped = rule_files(bundled.folder("rules"))
    if not names:
        return shipped
    found: list[Path] = []
    for name in names:
        found += _meant(name, shipped)
    return list(dict.fromkeys(found))


def _meant(name: str, shipped: Iterable[Path]) -> list[Path]:
    from riskbot.detect.rules import rule_files

    path = Path(name)
    if path.is_dir():
        inside = rule_files(path)
        if not inside:
            raise UsageError(f"There is no rule under {name}.", mend="Rules are files that end in .yaml.")
        return inside
    if path.is_file():
        return [_rule_of(path)]
    shipped = list(shipped)
    by_name = [one for one in shipped if name in {one.stem, one.parent.name}]
    if not by_name:
        known = {word for one in shipped for word in (one.stem, one.parent.name)}
        raise UsageError(f"There is no rule, pack or path {name!r}.", mend=did_you_mean(name, known))
    return by_name


def _rule_of(path: Path) -> Path:
    """Take a twin for its rule."""
    stem = path.name.partition(".")[0]
    rule = path.with_name(f"{stem}.yaml")
    if not rule.is_file():
        raise UsageError(f"{path} is no rule and no twin of one.", mend="Name a file that ends in .yaml.")
    return rule
