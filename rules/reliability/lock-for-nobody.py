import asyncio
import threading
import threading as th
from asyncio import Lock

LOCK = threading.Lock()
GATE = asyncio.Semaphore(5)


def add(counts, name):
    # ruleid: lock-for-nobody
    with threading.Lock():
        counts[name] += 1


def add_again(counts, name):
    # ruleid: lock-for-nobody
    lock = th.Lock()
    with lock:
        counts[name] += 1


async def write(file, text):
    # ruleid: lock-for-nobody
    async with Lock():
        await file.write(text)


def add_rightly(counts, name):
    # ok: lock-for-nobody
    with LOCK:
        counts[name] += 1


async def write_rightly(file, text):
    # ok: lock-for-nobody
    async with GATE:
        await file.write(text)


def shared(run, counts):
    # ok: lock-for-nobody
    lock = th.Lock()

    def work():
        with lock:
            counts["tea"] += 1

    run(work)
