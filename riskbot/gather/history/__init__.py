"""Who changed what, when: the history of a change (to serve), of every commit (to learn), of every file.

::

    start(git, change)() -> History          one change; git reads in the background until the call
    walk(git, tip)       -> Measured, ...    each commit of a range by the same definitions, in one walk
    summarise(git, tip)  -> RangeSummary     each file over a range

The parts: :mod:`log` reads git's log, :mod:`past` holds the definitions, :mod:`lines` counts lines.
"""

from __future__ import annotations

from riskbot.gather.history.serve import start
from riskbot.gather.history.summary import FileSummary, RangeSummary, summarise
from riskbot.gather.history.walk import Measured, walk

__all__ = ["FileSummary", "Measured", "RangeSummary", "start", "summarise", "walk"]
