import asyncio
import threading
import threading as th
from threading import Lock

LOCK = Lock()


class Cache:
    def __init__(self):
        self._lock = th.RLock()
        self.gate = asyncio.Lock()

    async def get(self, client, key):
        # ruleid: thread-lock-over-await
        with self._lock:
            value = await client.get(key)
        return value

    async def get_rightly(self, client, key):
        # ok: thread-lock-over-await
        async with self.gate:
            return await client.get(key)

    async def get_first(self, client, key):
        value = await client.get(key)
        # ok: thread-lock-over-await
        with self._lock:
            self.rows = {key: value}
        return value


async def write(file, text):
    # ruleid: thread-lock-over-await
    with LOCK:
        if text:
            await file.write(text)


async def write_all(files, file_lock):
    # ruleid: thread-lock-over-await
    with file_lock:
        for file in files:
            await file.flush()


def count(lock):
    # ok: thread-lock-over-await
    with lock:
        return 1


async def read(client):
    # ok: thread-lock-over-await
    with client.session():
        return await client.read(), threading
