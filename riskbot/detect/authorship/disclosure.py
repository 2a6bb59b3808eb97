"""The trailer that would disclose an agent's part: the exact line, in the form that the settings name."""

from __future__ import annotations

import re

from riskbot.detect.authorship.catalogue import Catalogue
from riskbot.domain.authorship import Kind, Tier

FORMS = ("assisted-by", "co-authored-by", "generated-by")
OFF = "none"
_KEYS = {"assisted-by": "Assisted-by", "generated-by": "Generated-by"}
_UNSAFE = re.compile(r"[^\w .:()+/-]")  # a model's name is foreign text, and this line is made to be copied


def trailer(form: str, tool: str, model: str, catalogue: Catalogue) -> str:
    """Write the line to add, without its end.

    ``Assisted-by: Claude Code:claude-opus-4.5`` (the kernel's form), ``Generated-by: …`` likewise, or
    ``Co-authored-by: Claude Code <address>``; that one needs an address, so a tool whose own is not known
    gets the first form. A model's name is written as it was found.
    """
    name = catalogue.tools[tool].name if tool in catalogue.tools and tool != "llm" else "LLM"
    address = _address(tool, catalogue) if form == "co-authored-by" else ""
    plain = " ".join(_UNSAFE.sub(" ", model).split())
    if address:
        return f"Co-authored-by: {plain or name} <{address}>"
    return f"{_KEYS.get(form, _KEYS['assisted-by'])}: {name}{f':{plain}' if plain else ''}"


def _address(tool: str, catalogue: Catalogue) -> str:
    """Find the address under which a tool signs its work: the first of the catalogue that counts."""
    for signature in catalogue.signatures.values():
        if (signature.tool, signature.kind, signature.tier) == (tool, Kind.AGENT, Tier.B):
            for email in signature.entry.emails:
                return email
            for account in signature.entry.accounts:
                return f"{account}@users.noreply.github.com"
    return ""
