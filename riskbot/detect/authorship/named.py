"""The names that notes and traces give to tools and models, as the catalogue has them. Pure."""

from __future__ import annotations

import re
from typing import Final

_ID: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?")
_MODEL: Final = 100

_ALIASES: Final = {
    "claude-code": "claude",
    "claude_code": "claude",
    "github-copilot": "copilot",
    "github-copilot-cli": "copilot",
    "copilot-cli": "copilot",
    "cursor-agent": "cursor",
    "openai-codex": "codex",
    "codex-cli": "codex",
    "gemini-cli": "gemini",
    "google-jules": "jules",
    "droid": "factory",
    "factory-droid": "factory",
    "ampcode": "amp",
    "roo-code": "roo",
    "amazon-q-cli": "amazon-q",
    "open-code": "opencode",
}
"""What git-ai and others call a tool, where the catalogue calls it otherwise."""


def tool_id(name: str) -> str:
    """Give the catalogue's id of a tool as a note or a trace names it; a strange name is none at all."""
    low = name.strip().lower()
    low = _ALIASES.get(low.replace(" ", "-"), low)
    return low if _ID.fullmatch(low) else ""


def model_name(name: str) -> str:
    """Give a model's name as stated, at most 100 printable characters; "unknown" and the like are none."""
    name = name.strip()
    if name.lower() in {"unknown", "default", "auto", "none"} or not name.isprintable():
        return ""
    return name[:_MODEL]
