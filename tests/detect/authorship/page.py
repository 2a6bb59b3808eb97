"""Draws docs/authorship-signatures.md from the shipped catalogue; GOLDEN=write puts it there."""

from __future__ import annotations

import os
from pathlib import Path

from detect.authorship.made import SHIPPED

from riskbot.detect.authorship.catalogue import Signature
from riskbot.domain.authorship import Kind

_TITLES = {
    Kind.AGENT: "Agents",
    Kind.ASSISTED: "Suggestions that were taken over",
    Kind.AUTOMATION: "Bots that are no language model",
    Kind.CONTEXT: "Settings of agents in the tree",
}
_KEYS = (
    "emails",
    "accounts",
    "logins",
    "names",
    "name_ends",
    "keys",
    "values",
    "lines",
    "prefixes",
    "labels",
    "paths",
)
_HEAD = """\
# The shipped signatures

Drawn from `riskbot/detect/authorship/signatures.toml`; [authorship.md](authorship.md) says what the columns mean. *Since*
is the date gate. *Sure* is the confidence: measured where *counted* says on how many, else set. A sign in **bold** is
enough by itself.
"""


def drawn() -> str:
    parts = [_HEAD]
    for kind, title in _TITLES.items():
        rows = [one for one in SHIPPED.signatures.values() if one.kind is kind]
        parts.append(
            f"## {title}\n\n| id | tool | tier | what | since | sure | counted | source |\n|---|---|---|---|---|---|---|---|"
        )
        parts[-1] = "\n".join([parts[-1], *map(_row, rows)]) + "\n"
    return "\n".join(parts)


def _row(one: Signature) -> str:
    entry = one.entry
    what = "; ".join(
        f"{key.replace('_', ' ')}: " + ", ".join(f"`{value}`" for value in getattr(entry, key))
        for key in _KEYS
        if getattr(entry, key)
    )
    note = f" {entry.note}" if entry.note else ""
    counts = one.alone or one.tier.value in "AB"
    name = f"**`{one.id}`**" if counts else f"`{one.id}`"
    cells = (
        name,
        one.tool or "what is named",
        one.tier.value,
        what,
        str(entry.since or "-"),
        f"{one.confidence:g}",
        "-" if entry.counted is None else f"{entry.counted:,}",
        f"{entry.source}.{note}",
    )
    return "| " + " | ".join(cell.replace("|", "&#124;") for cell in cells) + " |"


def write(page: Path) -> None:
    if os.environ.get("GOLDEN") == "write":
        page.write_text(drawn(), encoding="utf-8")
