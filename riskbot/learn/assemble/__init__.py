"""Assemble: trees and quantized encoder -> one calibrated model in a folder that riskbot can serve.

The text is scored here by the very code that serves it, so the blend and its calibration are fitted on the
numbers that a check will see.
"""

from __future__ import annotations

from riskbot.learn.assemble.folder import Identity, sign, write
from riskbot.learn.assemble.texts import text_scores

__all__ = ["Identity", "sign", "text_scores", "write"]
