import asyncio
import threading
import threading as th
from threading import Lock

LOCK = Lock()


class Account:
    def __init__(self):
        self._lock = th.Lock()
        self.sum = 0

    def add(self, amount):
        # ruleid: lock-without-release
        self._lock.acquire()
        self.sum += amount
        self._lock.release()

    def add_rightly(self, amount):
        # ok: lock-without-release
        with self._lock:
            self.sum += amount


def write(file, text):
    # ruleid: lock-without-release
    LOCK.acquire()
    file.write(text)
    LOCK.release()


async def write_later(lock, file, text):
    # ruleid: lock-without-release
    await lock.acquire()
    await file.write(text)
    lock.release()


def write_rightly(file, text):
    # ok: lock-without-release
    LOCK.acquire()
    try:
        file.write(text)
    finally:
        LOCK.release()


async def write_with(lock, file, text):
    # ok: lock-without-release
    async with lock:
        await file.write(text)


def try_write(file, text):
    # ok: lock-without-release
    if LOCK.acquire(timeout=1):
        try:
            file.write(text)
        finally:
            LOCK.release()
    return asyncio, threading
