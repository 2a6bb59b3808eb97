"""Mine: clones -> one Parquet file a repository, a row for every change (:mod:`riskbot.learn.mine.table`).

A row is what was known when the change was made: its features, its chunks of diff, its message, its time,
and a pseudonym of its author. Rows that no model should learn from are kept, with the reason in ``skip``.
"""

from __future__ import annotations

from riskbot.learn.mine.repository import Limits, Mined, mine
from riskbot.learn.mine.table import FEATURE, SCHEMA, read

__all__ = ["FEATURE", "SCHEMA", "Limits", "Mined", "mine", "read"]
