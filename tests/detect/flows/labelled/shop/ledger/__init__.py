from .core import read_card, write
from .core import read_name as name_of

__all__ = ["name_of", "read_card", "write"]
