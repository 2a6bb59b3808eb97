"""Which tool and which model a text names: a trailer's value, or the display name beside an address.

Models are not enumerated, since any model may run in any tool: what stands where a model stands is taken as
it is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from riskbot.detect.authorship.catalogue import Catalogue, folded
from riskbot.detect.authorship.entries import Tool
from riskbot.detect.authorship.message import identities
from riskbot.domain.authorship import Kind

MODEL_LIMIT = 80
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\([^()\s]{0,300}\)")
_TOOLS = re.compile(r"\s*\[[^\[\]]{0,300}\]\s*$")
_ASIDE = re.compile(r"\s*\(([^()]{1,100})\)\s*$")
_PARTS = re.compile(r"\s*(?:[,;&+/()]|\b(?:and|with|using|via|by|on|in|model)\b)\s*", re.IGNORECASE)
# Of the tool and not of a model, as far as it shows: v2, v2.1, 2.1.0.
_RELEASE = re.compile(r" (?:v[0-9][0-9.]{0,20}|[0-9]{1,6}\.[0-9]{1,6}\.[0-9.]{1,20})$")
_VERSION = re.compile(r" v?[0-9][0-9.]{0,20}$")
_DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class Named:
    """A tool that a value names; ``unsure`` where a person may be called so."""

    tool: str
    model: str = ""
    unsure: bool = False


def named_in(value: str, catalogue: Catalogue) -> Named | None:
    """Say which tool a disclosing trailer's value names; None for a person, or anything else.

    Known forms: ``AGENT:MODEL [TOOLS]`` (the kernel's coding-assistants page), ``Agent (model)``, a link, an
    agent's identity, a model's name. A name beside an address that is no agent's is a person's.
    """
    text = _TOOLS.sub("", _LINK.sub(r"\1", value.strip()))
    if "<" in text or "@" in text:
        return _by_identity(text, catalogue)
    agent, colon, model = text.partition(":")
    if colon and (tool := catalogue.aliases.get(folded(agent))):
        return Named(tool, _first(model))
    if colon and _DIGIT.search(model) and (family := _family(model, catalogue)):
        return Named(family, _first(model))  # an agent nobody knows, with a model that is known
    return _by_parts(text, catalogue)


def _by_identity(text: str, catalogue: Catalogue) -> Named | None:
    for name, address in identities(text):
        for signature in catalogue.addresses.get(address.lower(), ()):
            if signature.kind is Kind.AGENT and signature.tool:
                return Named(signature.tool, model_in(name, catalogue.tools[signature.tool]))
        agent, colon, model = name.partition(":")
        tool = catalogue.aliases.get(folded(agent))
        if tool and (colon or not _personal(agent, catalogue.tools[tool])):
            return Named(tool, _first(model))
    return None


def _by_parts(text: str, catalogue: Catalogue) -> Named | None:
    """Look at what stands between commas, slashes, brackets and small words."""
    found: Named | None = None
    model = ""
    parts = [part for part in _PARTS.split(text[:300]) if part]
    for part in parts:
        tool = catalogue.aliases.get(folded(_RELEASE.sub("", part)))
        if tool is not None:
            sure = len(parts) > 1 or not _personal(part, catalogue.tools[tool])
            found = found or Named(tool, unsure=not sure)
        elif family := _family(part, catalogue):
            model = model or part[:MODEL_LIMIT]
            found = found or Named(family)
        elif found is None and (tool := catalogue.aliases.get(folded(_VERSION.sub("", part)))):
            found = Named(tool)
        elif found is not None and not model and _DIGIT.search(part):
            model = part[:MODEL_LIMIT]
    if found is None:
        return None
    return Named(found.tool, model, found.unsure and not model)


def _personal(name: str, tool: Tool) -> bool:
    """Say whether a person may be called just so: a word of letters, of a tool named like people."""
    return tool.person and name.isalpha()


def _family(text: str, catalogue: Catalogue) -> str | None:
    """Name the tool whose models are called so: the word first, with a number or another of them behind."""
    words = text.casefold().replace("-", " ").replace("_", " ").split()
    if not words:
        return None
    for start, tool in catalogue.models:
        if words[0] == start or (
            words[0].startswith(start) and words[0][len(start) : len(start) + 1].isdigit()
        ):
            known = {word for word, other in catalogue.models if other == tool}
            if _DIGIT.search(text) or (len(words) > 1 and all(word in known for word in words)):
                return tool
    return None


def _first(text: str) -> str:
    """Cut a model's name off what follows it."""
    return " ".join(_ASIDE.sub("", text).split())[:MODEL_LIMIT]


def model_in(name: str, tool: Tool) -> str:
    """Read the model off a display name: ``Claude Opus 4.5``, ``Claude (glm-4.7)``; "" where it has none.

    A name without a number and without a model's word is no model: it may be a person's.
    """
    aside = _ASIDE.search(name)
    plain = name[: aside.start()] if aside else name
    own = {folded(alias) for alias in (tool.name, *tool.aliases)}
    if folded(plain) in own:
        return aside[1].strip()[:MODEL_LIMIT] if aside and _DIGIT.search(aside[1]) else ""
    words = {word.casefold() for word in re.split(r"[\s_-]+", plain)}
    if _DIGIT.search(plain) or words & {word.casefold() for word in tool.models} - own:
        return " ".join(plain.split())[:MODEL_LIMIT]
    return ""
