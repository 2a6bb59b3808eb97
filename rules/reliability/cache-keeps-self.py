import functools
import functools as ft
from functools import lru_cache


class Shop:
    @functools.lru_cache(maxsize=None)
    # ruleid: cache-keeps-self
    def price(self, name):
        return len(name)

    @lru_cache
    # ruleid: cache-keeps-self
    def tax(self, name):
        return len(name)

    @ft.cache
    # ruleid: cache-keeps-self
    async def rate(self, name):
        return len(name)

    @functools.cached_property
    # ok: cache-keeps-self
    def names(self):
        return []

    @staticmethod
    @lru_cache
    # ok: cache-keeps-self
    def word(name):
        return name


@lru_cache(maxsize=100)
# ok: cache-keeps-self
def price(name):
    return len(name)
