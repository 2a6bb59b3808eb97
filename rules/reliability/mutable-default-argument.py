import collections
import collections as cl
from dataclasses import dataclass, field


# ruleid: mutable-default-argument
def add(item, basket=[]):
    basket.append(item)
    return basket


# ruleid: mutable-default-argument
async def tell(text, *, seen: dict[str, int] = {}):
    seen[text] = 1


class Shop:
    # ruleid: mutable-default-argument
    def __init__(self, rows=cl.defaultdict(list)):
        self.rows = rows


# ok: mutable-default-argument
def add_rightly(item, basket=None):
    basket = [] if basket is None else basket
    basket.append(item)
    return basket


# ok: mutable-default-argument
def total(rows=[]):
    return sum(rows)


# ok: mutable-default-argument
async def show(text, marks=()):
    return text, marks, collections


@dataclass
class Basket:
    # ok: mutable-default-argument
    items: list = field(default_factory=list)
