"""Flows against zones in words: what ``riskbot zones`` writes."""
