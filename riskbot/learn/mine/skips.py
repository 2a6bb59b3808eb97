"""Which changes no model should learn from, and why. They stay in the table, with the reason."""

from __future__ import annotations

import re

from riskbot.assess import kinds
from riskbot.assess.kinds import Kind
from riskbot.gather.replay import Replayed

BULK_FILES = 100
BULK_LINES = 10_000
_BOT = re.compile(
    r"\[bot\]|\bbot\b|dependabot|renovate|pyup|greenkeeper|pre-commit-ci|github-actions|weblate|transifex|snyk"
    r"|allcontributors|codecov|mergify|bors\b|homu\b|meeseeks|imgbot|semantic-release|jenkins|proposal bot"
    r"|zuul",
    re.IGNORECASE,
)
REVERT = re.compile(
    r'^\s*Revert(?:ed)?\b[ :]*["\u201c]|\bThis reverts commit [0-9a-f]{7,40}', re.IGNORECASE | re.MULTILINE
)
REVERTED = re.compile(r"\breverts? commit ([0-9a-f]{7,40})", re.IGNORECASE)
_PICKED = re.compile(
    r"\(cherry[ -]picked from commit [0-9a-f]{7,40}\)|^\s*\[?backport", re.IGNORECASE | re.MULTILINE
)
_READ = 4_000


def reason(one: Replayed) -> str:
    """Say why a change is no example; empty where it is one. Duplicates are told apart later, by patch id."""
    entry, files = one.measured.entry, one.change.files
    message = entry.message[:_READ]
    if is_bot(entry.author, entry.email):
        return "bot"
    if REVERT.search(message):
        return "revert"
    if _PICKED.search(message):
        return "cherry-pick"
    if one.oversized or len(files) > BULK_FILES or sum(f.added + f.removed for f in files) > BULK_LINES:
        return "bulk"
    if not any(file.hunks for file in files):
        return "empty"
    if all(kinds.kind(file.path) is Kind.GENERATED for file in files):
        return "generated"
    return ""


def is_bot(name: str, address: str) -> bool:
    """Say whether a name or an address is a bot's."""
    return bool(_BOT.search(name[:200]) or _BOT.search(address[:200]))


def reverted(message: str) -> str:
    """Give the id, perhaps shortened, of the commit that a message says it reverts; empty for none."""
    found = REVERTED.search(message[:_READ])
    return found[1] if found else ""
