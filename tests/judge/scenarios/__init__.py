"""Attacks on a pull request, each with its facts, and the verdict that a policy must give with its reason."""
