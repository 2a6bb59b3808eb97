"""The vocabulary of zones: Fideslang's data categories and uses, and names of an organisation's own.

Keys are dotted, each below its parent: ``user.financial.credit_card`` is a ``user.financial``. They come from
the Fideslang taxonomy (https://github.com/ethyca/fideslang, CC BY 4.0; ``data/LICENSE.md``), which has no
word for what is left after masking: such names lie in a namespace of one's own, ``x.<organisation>.<name>``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Self

from riskbot.domain.suggest import did_you_mean

OWN = r"\Ax(\.[a-z0-9][a-z0-9_-]*)+\Z"
"""What a name of one's own looks like."""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The keys of one version of Fideslang."""

    categories: tuple[str, ...]
    uses: tuple[str, ...]
    subjects: tuple[str, ...]


@cache
def fideslang() -> Taxonomy:
    """Read the vendored keys."""
    data = resources.files("riskbot.detect.flows.language") / "data"
    text = (data / "fideslang.json").read_text(encoding="utf-8")
    held = json.loads(text)
    return Taxonomy(tuple(held["categories"]), tuple(held["uses"]), tuple(held["subjects"]))


def covers(above: str, category: str) -> bool:
    """Say whether a category is ``above`` or lies below it."""
    return category == above or category.startswith(f"{above}.")


def accepted(category: str, accepts: Iterable[str]) -> bool:
    """Say whether a sink that accepts these categories accepts this one."""
    return any(covers(above, category) for above in accepts)


class Category(str):
    """A data category: a key of Fideslang, or one's own below ``x.``; ValueError for any other."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check the name."""
        return super().__new__(cls, _known(text, "data category", fideslang().categories))


class Purpose(str):
    """A use of data: a key of Fideslang, or one's own below ``x.``; ValueError for any other."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check the name."""
        return super().__new__(cls, _known(text, "use of data", fideslang().uses))


def _known(text: str, what: str, keys: tuple[str, ...]) -> str:
    if text in keys or (re.fullmatch(OWN, text) and len(text) <= 200):
        return text
    if text == "x" or text.startswith("x."):
        raise ValueError(
            f"{text[:80]!r} is no name of your own; write x.<organisation>.<name>, in lower case."
        )
    near = did_you_mean(text, keys) if text else ""
    hint = near if near.startswith("Did") else "See docs/zones.md for all of them."
    raise ValueError(f"{text[:80]!r} is no {what} of Fideslang. {hint} One of your own starts with 'x.'.")
