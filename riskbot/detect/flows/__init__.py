"""Flows of data against the policy zones of ``.riskbot/zones.yaml``: who may carry what where."""

PATH = ".riskbot/zones.yaml"
"""Where a repository keeps its zones; read at the base."""
