"""Floor 1½: the facts that a verdict is judged from, as one plain, versioned document.

Filled by whoever knows the world (a pull request, a local change), read by :mod:`riskbot.judge` and by nobody
else. :mod:`~riskbot.facts.document` has the types, :mod:`~riskbot.facts.reading` the strict decoder.
"""

from __future__ import annotations

from riskbot.facts.document import SCHEMA, Facts
from riskbot.facts.reading import read, read_directory, schema, write

__all__ = ["SCHEMA", "Facts", "read", "read_directory", "schema", "write"]
