"""riskbot scores the risk of a change and keeps the rules of its review.

One road, four nouns, five verbs::

    gather -> Change      detect -> Finding      assess -> Assessment      judge -> Verdict      report -> words
"""

__version__ = "0.1.0"
