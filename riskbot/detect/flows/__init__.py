"""Flows of data against the policy zones of ``.riskbot/zones.yaml``: who may carry what where."""
