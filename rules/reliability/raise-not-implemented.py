from abc import ABC
import abc as base


class Store(ABC):
    def get(self, key):
        # ruleid: raise-not-implemented
        raise NotImplemented

    def put(self, key):
        # ruleid: raise-not-implemented
        raise NotImplemented("put")

    async def drop(self, key):
        # ruleid: raise-not-implemented
        raise NotImplemented

    def __lt__(self, other):
        # ok: raise-not-implemented
        return NotImplemented

    def size(self):
        # ok: raise-not-implemented
        raise NotImplementedError

    async def clear(self):
        # ok: raise-not-implemented
        raise NotImplementedError("clear")

    @base.abstractmethod
    def name(self):
        pass
