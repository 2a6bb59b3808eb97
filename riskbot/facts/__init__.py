"""Floor 1½: the facts that a verdict is judged from, as one plain, versioned document.

Filled by whoever knows the world (a pull request, a local change), read by :mod:`riskbot.judge` and by nobody
else. :mod:`~riskbot.facts.document` has the types, :mod:`~riskbot.facts.reading` the strict decoder.

Importing this package costs nothing: :mod:`~riskbot.facts.paths` is also for those who read no facts.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from riskbot.facts.document import SCHEMA, Facts
    from riskbot.facts.reading import read, read_directory, schema, write

__all__ = ["SCHEMA", "Facts", "read", "read_directory", "schema", "write"]


def __getattr__(name: str) -> Any:
    """Import what is asked for, at its first use (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "document" if name in {"SCHEMA", "Facts"} else "reading"
    return getattr(import_module(f"{__name__}.{module}"), name)
