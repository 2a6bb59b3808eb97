"""Limits that a change removes or loosens: how much one caller may take, and how often.

Both sides of every Python file are read with the standard library's ``ast``; functions, classes and the
module itself are matched by name (renames and moves followed), and what caps them is compared, not their
text.
"""

from __future__ import annotations

from riskbot.detect.limits.detector import LimitsDetector

__all__ = ["LimitsDetector"]
