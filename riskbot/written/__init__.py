"""What people write for riskbot: strict YAML with places, typed, and the one dialect of path patterns.

Policies (judged) and zones (detected) are both read by it, so that a mistake reads alike in either; their own
packages lie on one floor and never import one another.
"""
