"""Which rule looks at which file of one run of semgrep: written into the files' generated names.

Semgrep takes one list of rules and one of files, and spends time on every pair of them. But a rule may say
which paths it is for, and the names are ours: each gets a mark for every group of rules, ``b`` where they are
to look and ``a`` where they are not, and each rule asks for its ``b``. That leaves pairs out at no cost.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

CANARY_RULE: dict[str, Any] = {
    "id": "riskbot-canary",
    "languages": ["python"],
    "severity": "INFO",
    "message": "The canary sings.",
    "pattern": "riskbot_canary_sings($X)",
}
"""Must be among the rules of every run: it proves that rules were loaded and files were read."""

_GROUPS = 200  # marks in a name; with six digits and an ending it stays below the 255 bytes of most systems


@dataclass(frozen=True, slots=True)
class Plan:
    """One run: semgrep's JSON of rules, and what each file's name has between its number and its ending."""

    rules: bytes
    marks: tuple[str, ...]


def plan(entries: Sequence[dict[str, Any]], wanted: Sequence[AbstractSet[str]]) -> Plan:
    """Plan a run of the rules ``entries`` over files that want those in ``wanted``.

    A rule that no file wants is left out. Rules that the same files want are a group; groups beyond the
    number that names can hold look at every file, which only takes longer.
    """
    everywhere = (1 << len(wanted)) - 1
    masks: dict[str, int] = {}
    for index, names in enumerate(wanted):
        for name in names:
            masks[name] = masks.get(name, 0) | 1 << index
    groups = {mask: number for number, mask in enumerate(sorted({*masks.values()} - {everywhere})[:_GROUPS])}
    told = []
    for entry in entries:
        if entry["id"] == CANARY_RULE["id"]:
            told.append(entry)
        elif mask := masks.get(entry["id"], 0):
            group = groups.get(mask)
            told.append(entry if group is None else entry | {"paths": {"include": [_asking(group)]}})
    marks = ["".join("b" if mask >> index & 1 else "a" for mask in groups) for index in range(len(wanted))]
    return Plan(
        json.dumps({"rules": told}, ensure_ascii=False).encode(),
        tuple(f"_{mark}" if mark else "" for mark in marks),
    )


def _asking(group: int) -> str:
    """Write the path that a rule of a group asks for: six digits, a line, and its mark."""
    return f"{'?' * (7 + group)}b*"
