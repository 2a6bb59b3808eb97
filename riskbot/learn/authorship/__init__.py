"""Learns to guess from code style whether an agent wrote a commit, and measures how far that goes.

Labels come from the commits themselves: an agent's exact signs, or a date before there were such agents. The
steps (``riskbot learn authorship``): mine a table of features for each repository, fit candidates and choose
one, measure it on repositories it never saw, and publish it switched on only where it passes the gate.
"""
