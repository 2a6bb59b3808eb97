"""The structure detector: what a change does to Python code, read from the syntax before against after."""

from riskbot.detect.structure.detector import StructureDetector

__all__ = ["StructureDetector"]
