"""A learning run: which units each step has, what they depend on, and which part of riskbot makes them."""
