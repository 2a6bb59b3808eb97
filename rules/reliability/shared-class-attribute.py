from dataclasses import dataclass, field
from typing import ClassVar
import typing as t


class Basket:
    # ruleid: shared-class-attribute
    items = []

    def add(self, item):
        self.items.append(item)


class Cache:
    # ruleid: shared-class-attribute
    rows: dict = {}

    async def load(self, client):
        self.rows.update(await client.rows())


class Marks:
    # ruleid: shared-class-attribute
    seen = set()

    def mark(self, name):
        if name:
            self.seen.add(name)


class OwnBasket:
    # ok: shared-class-attribute
    items = []

    def __init__(self):
        self.items = []

    def add(self, item):
        self.items.append(item)


class Registry:
    # ok: shared-class-attribute
    known: ClassVar[dict] = {}

    def register(self, name):
        self.known.update({name: t})


@dataclass
class Filled:
    # ok: shared-class-attribute
    items: list = field(default_factory=list)

    def add(self, item):
        self.items.append(item)
