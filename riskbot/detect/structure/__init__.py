"""The structure detector: what a change does to Python code, read from the syntax before against after."""

from riskbot.detect.structure.detector import FileShape, StructureDetector

__all__ = ["FileShape", "StructureDetector"]
